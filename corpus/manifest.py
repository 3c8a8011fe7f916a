"""What a generation consists of, and whether it is whole: manifest.json vouches for every file of an index.

A note beside it, `verified.json`, says in which state the files were last found whole, so that large ones are not read
at every opening.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus import dense
from corpus.errors import LibraryError, LibraryTorn

FORMAT = 4  # of a generation's folder; raise it when an index must be written anew
FILE = "manifest.json"
VERIFIED_BYTES = 128 << 20  # larger generations are read whole only where `verified.json` does not know their files
CHROMA_BASE = f"{dense.FOLDER}/{dense.BASE}"
SEEN = "verified.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """manifest.json: what an index was made of and with, and the size and SHA-256 of each of its files (`digests`).

    `settings` is the digest of `corpus.generations.index_settings`; `removed` as in `corpus.index_writer.Base`.
    """

    format: int
    hash: str
    model: str
    fingerprint: str
    settings: str
    in_server: bool
    removed: int
    documents: int
    passages: int
    files: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """The digest of a file, and in which state it was then (`_stamp`)."""

    stamp: list[int]
    sha256: str


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder.

    Raises LibraryTorn where it is missing or torn, LibraryError where another version of Waymark wrote it.
    """
    try:
        values = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise LibraryError(
                f"{folder} was written in format {values['format']}, this Waymark reads {FORMAT}; "
                "run `waymark ingest` on the library with any of its sources to write it anew."
            )
        return Manifest(**values)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise LibraryTorn(f"{folder / FILE} cannot be read: {error}.") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest beside the files that it vouches for. Raises OSError."""
    (folder / FILE).write_text(json.dumps(asdict(manifest), sort_keys=True), encoding="utf-8")


def verify(folder: Path, *, whole: bool = False, known: Mapping[str, Known] | None = None) -> Manifest:
    """Compare every file with the manifest before any library opens it. Raises LibraryTorn.

    All bytes are read where they are few; where they are many, those of the files that have another size, time or
    place on the disk than when they were last found whole. `whole` reads all of them in any case, but what is `known`
    of files that are still as they were when it was read (see `read_ahead`).
    """
    manifest = read_manifest(folder)
    few = sum(size for size, _ in manifest.files.values()) <= VERIFIED_BYTES
    seen = {} if whole or few else _seen(folder)
    known = known or {}
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        try:
            stat = path.stat()
            if stat.st_size < size or (stat.st_size > size and name != CHROMA_BASE):
                raise LibraryTorn(f"{path} has {stat.st_size} bytes, not {size}: the index is torn.")
            if seen.get(name) == _stamp(stat):
                continue
            if name == CHROMA_BASE:
                _check_base(path)
            elif _digest(path, stat, known.get(name)) != digest:
                raise LibraryTorn(f"{path} is not as it was written: the index is torn.")
        except OSError as error:
            raise LibraryTorn(f"{path} cannot be read ({error.strerror}): the index is torn.") from error
    return manifest


def read_ahead(folder: Path) -> dict[str, Known]:
    """What `verify` need not read again, of the files that are there already.

    Another process may have the index open: what goes meanwhile, as SQLite's journals do, is passed over.
    """
    known = {}
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        if name != CHROMA_BASE:
            with suppress(FileNotFoundError):
                known[name] = Known(_stamp(path.stat()), sha256_of(path))
    return known


def _digest(path: Path, stat: os.stat_result, known: Known | None) -> str:
    return known.sha256 if known is not None and known.stamp == _stamp(stat) else sha256_of(path)


def _seen(folder: Path) -> dict[str, list[int]]:
    try:
        seen: dict[str, list[int]] = json.loads((folder / SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return seen if isinstance(seen, dict) else {}


def _stamp(stat: os.stat_result) -> list[int]:
    """Changes when a file is written or replaced."""
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def remember(folder: Path, manifest: Manifest) -> None:
    """Note the files as they are now: they were found whole, and Chroma has written what it writes at each opening.

    A note for the next opening alone: where it cannot be written, that one takes longer.
    """
    with suppress(OSError):
        seen = {name: _stamp((folder / name).stat()) for name in manifest.files}
        if seen == _seen(folder):
            return
        descriptor, name = tempfile.mkstemp(prefix=f".{SEEN}-", dir=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(seen, file)
        Path(name).replace(folder / SEEN)


def _check_base(path: Path) -> None:
    """Open for writing too, so that what a killed reader left half-written is undone rather than taken for damage."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as base:
            (verdict,) = base.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise LibraryTorn(f"{path} cannot be read ({error}): the index is torn.") from error
    if verdict != "ok":
        raise LibraryTorn(f"{path} is damaged ({verdict}): the index is torn.")


def files_of(folder: Path) -> Iterator[Path]:
    """Every file in and below a folder, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def digests(folder: Path) -> dict[str, Sequence[Any]]:
    """Size and SHA-256 of each file; "" for Chroma's base, the larger half of them, which is compared otherwise."""
    names = {path.relative_to(folder).as_posix(): path for path in files_of(folder) if path.name != "in-use"}
    return {name: (path.stat().st_size, "" if name == CHROMA_BASE else sha256_of(path)) for name, path in names.items()}


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
