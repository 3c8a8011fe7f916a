"""Generations of a library's index: built aside, probed by another process, switched to by one atomic rename.

    LIBRARY/CURRENT                 the generation in use and, on the second line, the one before it
            generations/NAME/       one index (corpus.index) with manifest.json; NAME: first 12 hex digits of its hash
            generations/.NAME-*     one that is being built, or was left by a process that was killed

A reader holds a shared lock on a generation's `in-use` file, so that a writer never deletes what is still read.

A generation goes on from the one before where it can (`find_base`): it begins as a copy, never as links, so that damage
to the files of one leaves the other whole. Which way it was made shows in neither its hash nor its answers.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from corpus import dense
from corpus.calibration import calibrate
from corpus.embedding import Embedder
from corpus.errors import LibraryError, LibraryTorn
from corpus.index import Index
from corpus.index_writer import Base, Content, Progress, write
from corpus.manifest import FORMAT, Manifest, digests, files_of, read_manifest, remember, verify, write_manifest
from corpus.probe import Probe
from corpus.records import Records
from corpus.settings import Settings, index_code

REMOVED_SHARE = 0.25  # of a copied collection's passages; where more have gone, it is written anew

Calibrate = Callable[[Index, Embedder], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Current:
    """What CURRENT says."""

    generation: str
    previous: str | None = None


def index_settings(fingerprint: str) -> dict[str, object]:
    """What, beside the content, decides how an index is written: part of its hash. `fingerprint`: of the embedder."""
    return {"format": FORMAT, "model": fingerprint, "code": index_code()}


def _settings_digest(embedder: Embedder) -> str:
    return hashlib.sha256(json.dumps(index_settings(embedder.fingerprint), sort_keys=True).encode()).hexdigest()


def place(library: Path, generation: str) -> Path:
    """The folder of a generation, whether it is there or not."""
    return library / "generations" / generation


def read_current(library: Path) -> Current | None:
    """What CURRENT says; None where nothing was ever built. Raises LibraryTorn where CURRENT says nothing usable."""
    try:
        names = (library / "CURRENT").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise LibraryTorn(f"{library / 'CURRENT'} cannot be read: {error}.") from error
    if not names or not all(name.isalnum() for name in names):
        raise LibraryTorn(f"{library / 'CURRENT'} names no generation; run `waymark ingest` on the library again.")
    return Current(*names[:2])


def switch(library: Path, generation: str) -> None:
    """Make a built generation the current one, atomically; the one it replaces becomes the previous."""
    try:
        before = read_current(library)
    except LibraryTorn:
        before = None
    previous = before.generation if before and before.generation != generation else None
    if before and before.generation == generation:
        previous = before.previous
    new = library / "CURRENT.new"
    with new.open("w", encoding="ascii") as file:
        file.write("\n".join([generation, *([previous] if previous else [])]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(library / "CURRENT")
    _sync_folder(library)


def open_index(library: Path, generation: str, chroma_url: str | None) -> tuple[Index, Manifest]:
    """Verify and open a generation, and use each part of it once. Raises LibraryTorn or LibraryError."""
    folder = place(library, generation)
    in_use = _hold(folder)
    try:
        manifest = verify(folder)
        if manifest.in_server != (chroma_url is not None):
            where = "in a Chroma server" if manifest.in_server else "in its own folder"
            raise LibraryError(
                f"The library {library} keeps its vectors {where}, and WAYMARK_CHROMA_URL says otherwise; "
                "set it as it was, or run `waymark ingest` on the library with any of its sources."
            )
        index = Index(folder, generation, chroma_url, in_use)
    except BaseException:
        in_use.close()
        raise
    try:
        index.check()
    except BaseException:
        index.close()
        raise
    remember(folder, manifest)
    return index, manifest


def is_whole(library: Path, generation: str, chroma_url: str | None) -> bool:
    """Whether a generation is there already and can be opened.

    It was opened and queried when it was built, so where all is in its folder, every file's bytes are compared and it
    is not opened again. Of vectors in a server nothing is known but by asking it.
    """
    try:
        if chroma_url is None:
            return not verify(place(library, generation)).in_server
        index, _ = open_index(library, generation, chroma_url)
    except LibraryError:
        return False
    index.close()
    return True


def find_base(
    library: Path, current: Current | None, content: Content, embedder: Embedder, settings: Settings
) -> Base | None:
    """The newest whole generation from which one of this content can go on; None where there is none.

    There is none for vectors in a server, whose collections cannot be copied, nor where so many passages have gone
    that the collection is better written anew: what is removed stays in its graph.
    """
    if settings.chroma_url is not None or current is None:
        return None
    for name in filter(None, (current.generation, current.previous)):
        folder = place(library, name)
        try:
            manifest = verify(folder)
            if manifest.in_server or manifest.settings != _settings_digest(embedder):
                continue
            records = Records(folder / "records.sqlite3")
            try:
                base = Base(folder, records.held(), manifest.removed)
            finally:
                records.close()
        except LibraryError:
            continue
        gone = manifest.passages - sum(held.count for held in base.keeps(content))
        return base if manifest.removed + gone <= REMOVED_SHARE * content.passages else None
    return None


def build(
    library: Path,
    hash_: str,
    content: Content,
    embedder: Embedder,
    settings: Settings,
    progress: Progress,
    calibrate: Calibrate = calibrate,
    base: Base | None = None,
) -> str:
    """Write, calibrate, probe and put in place a generation; its name. CURRENT is left as it is.

    With a base it goes on from there, and where that fails, all is written anew. Raises LibraryError (LibraryTorn
    where the probe failed) or OSError; then nothing has changed.
    """
    if base is not None:
        with suppress(LibraryTorn):
            return _build(library, hash_, content, embedder, settings, progress, calibrate, base)
    return _build(library, hash_, content, embedder, settings, progress, calibrate, None)


def _build(
    library: Path,
    hash_: str,
    content: Content,
    embedder: Embedder,
    settings: Settings,
    progress: Progress,
    calibrate: Calibrate,
    base: Base | None,
) -> str:
    generation = hash_[:12]
    target = place(library, generation)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=f".{generation}-", dir=target.parent, ignore_cleanup_errors=True) as work,
        Probe() as probe,
    ):
        folder = Path(work) / "index"
        folder.mkdir()
        (folder / "in-use").touch()
        removed = write(folder, generation, content, settings.chroma_url, progress, base)
        probe.begin(folder, generation, settings.chroma_url)
        progress("calibrating", 0, 1)
        index = Index(folder, generation, settings.chroma_url)
        try:
            calibration = dict(calibrate(index, embedder))
        finally:
            index.close()
        (folder / "calibration.json").write_text(json.dumps(calibration, sort_keys=True), encoding="utf-8")
        progress("probing", 0, 1)
        probe.wait()  # its Chroma may have files of its own open until then
        manifest = Manifest(
            format=FORMAT,
            hash=hash_,
            model=embedder.name,
            fingerprint=embedder.fingerprint,
            settings=_settings_digest(embedder),
            in_server=settings.chroma_url is not None,
            removed=removed,
            documents=len(content.entries),
            passages=content.passages,
            files=digests(folder),
        )
        write_manifest(folder, manifest)
        probe.compare()
        _sync(folder)
        probe.end()
        remember(folder, manifest)
        if target.exists():  # torn, or it would not be built again; a reader may still hold it
            target.rename(Path(work) / "torn")
        folder.rename(target)
        _sync_folder(target.parent)
    return generation


def sweep(library: Path, chroma_url: str | None) -> None:
    """Delete what neither CURRENT names nor anybody reads: older generations, and what killed builds left."""
    current = read_current(library)
    keep = {current.generation, current.previous} if current else set()
    for folder in (library / "generations").iterdir():
        if folder.name in keep or (not folder.name.startswith(".") and _is_in_use(folder)):
            continue
        with suppress(LibraryError):
            if chroma_url is not None and read_manifest(folder).in_server:
                dense.drop(folder.name, chroma_url)
        shutil.rmtree(folder, ignore_errors=True)


def _hold(folder: Path) -> IO[bytes]:
    try:
        file = (folder / "in-use").open("rb")
    except OSError as error:
        raise LibraryTorn(f"There is no index in {folder} ({error.strerror}).") from error
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _is_in_use(folder: Path) -> bool:
    try:
        with (folder / "in-use").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _sync(folder: Path) -> None:
    for path in files_of(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        _sync_folder(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
