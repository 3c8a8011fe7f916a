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
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

from corpus import dense
from corpus.embedding import Embedder
from corpus.errors import LibraryError, LibraryTorn
from corpus.index import Base, Content, Index, Progress, write
from corpus.records import Records
from corpus.search import calibrate
from corpus.settings import Settings, index_code

FORMAT = 4  # of a generation's folder; raise it when an index must be written anew
PROBE_SECONDS = 120
VERIFIED_BYTES = 128 << 20  # larger generations are read whole only where `verified.json` does not know their files
CHROMA_BASE = f"{dense.FOLDER}/{dense.BASE}"
SEEN = "verified.json"
REMOVED_SHARE = 0.25  # of a copied collection's passages; where more have gone, it is written anew

_COMPARE = "compare"

Calibrate = Callable[[Index, Embedder], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Current:
    """What CURRENT says."""

    generation: str
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """manifest.json: what an index was made of and with, and the size and SHA-256 of each of its files (`_digests`).

    `settings` is the digest of `index_settings`; `removed` as in `corpus.index.Base`.
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


def index_settings(fingerprint: str) -> dict[str, object]:
    """What, beside the content, decides how an index is written: part of its hash. `fingerprint`: of the embedder."""
    return {"format": FORMAT, "model": fingerprint, "code": index_code()}


def _settings_digest(embedder: Embedder) -> str:
    return hashlib.sha256(json.dumps(index_settings(embedder.fingerprint), sort_keys=True).encode()).hexdigest()


def place(library: Path, generation: str) -> Path:
    return library / "generations" / generation


def read_current(library: Path) -> Current | None:
    """None where nothing was ever built. Raises LibraryTorn where CURRENT says nothing usable."""
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


def read_manifest(folder: Path) -> Manifest:
    """Raises LibraryTorn where it is missing or torn, LibraryError where another version of Waymark wrote it."""
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise LibraryError(
                f"{folder} was written in format {values['format']}, this Waymark reads {FORMAT}; "
                "run `waymark ingest` on the library with any of its sources to write it anew."
            )
        return Manifest(**values)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise LibraryTorn(f"{folder / 'manifest.json'} cannot be read: {error}.") from error


def verify(folder: Path, *, whole: bool = False) -> Manifest:
    """Compare every file with the manifest before any library opens it. Raises LibraryTorn.

    All bytes are read where they are few; where they are many, those of the files that have another size, time or
    place on the disk than when they were last found whole. `whole` reads all of them in any case.
    """
    manifest = read_manifest(folder)
    few = sum(size for size, _ in manifest.files.values()) <= VERIFIED_BYTES
    seen = {} if whole or few else _seen(folder)
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
            elif _sha256(path) != digest:
                raise LibraryTorn(f"{path} is not as it was written: the index is torn.")
        except OSError as error:
            raise LibraryTorn(f"{path} cannot be read ({error.strerror}): the index is torn.") from error
    return manifest


def _seen(folder: Path) -> dict[str, list[int]]:
    try:
        seen: dict[str, list[int]] = json.loads((folder / SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return seen if isinstance(seen, dict) else {}


def _stamp(stat: os.stat_result) -> list[int]:
    """Changes when a file is written or replaced."""
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def _remember(folder: Path, manifest: Manifest) -> None:
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
    _remember(folder, manifest)
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
    """The newest whole generation that one of this content can go on from; None where there is none.

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
            files=_digests(folder),
        )
        (folder / "manifest.json").write_text(json.dumps(asdict(manifest), sort_keys=True), encoding="utf-8")
        probe.compare()
        _sync(folder)
        probe.end()
        _remember(folder, manifest)
        if target.exists():  # torn, or it would not be built again; a reader may still hold it
            target.rename(Path(work) / "torn")
        folder.rename(target)
        _sync_folder(target.parent)
    return generation


class Probe:
    """A process of its own that opens and queries an index, then compares its files: a torn one may end a process.

    It starts at once, so that it has loaded what it needs by the time that the index is written, and works while this
    process goes on: `begin`, `wait`, `compare`, `end`, in that order. It leaves with this process, whatever happens to
    it: its standard input ends then.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-m", "corpus.generations"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._folder = Path()

    def begin(self, folder: Path, generation: str, chroma_url: str | None) -> None:
        """Open and query the index that is written in `folder`, with or without its manifest."""
        self._folder = folder
        self._say(json.dumps([str(folder), generation, chroma_url]))

    def wait(self) -> None:
        """Until the index has been queried and closed. Raises LibraryTorn where it does not answer."""
        answers = self._process.stdout
        assert answers is not None
        ready, _, _ = select.select([answers], [], [], PROBE_SECONDS)
        if not ready:
            raise self._late()
        if not answers.readline():
            self.end()

    def compare(self) -> None:
        """Compare every byte with the manifest, which is written by now."""
        self._say(_COMPARE)

    def end(self) -> None:
        """Let it come to its end. Raises LibraryTorn where it found anything amiss, or the index ended it."""
        try:
            _, told = self._process.communicate(timeout=PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            raise self._late() from None
        if self._process.returncode != 0:
            last = (told.strip() or f"exit code {self._process.returncode}").splitlines()[-1]
            raise LibraryTorn(f"The index in {self._folder} does not answer: {last}")

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # `end` tells why it is gone
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def _late(self) -> LibraryTorn:
        return LibraryTorn(f"The index in {self._folder} did not answer within {PROBE_SECONDS} s.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.communicate()


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


def _check_base(path: Path) -> None:
    """Open for writing too, so that what a killed reader left half-written is undone rather than taken for damage."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as base:
            (verdict,) = base.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise LibraryTorn(f"{path} cannot be read ({error}): the index is torn.") from error
    if verdict != "ok":
        raise LibraryTorn(f"{path} is damaged ({verdict}): the index is torn.")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digests(folder: Path) -> dict[str, Sequence[Any]]:
    """Size and SHA-256 of each file; "" for Chroma's base, the larger half of them, which is compared otherwise."""
    names = {path.relative_to(folder).as_posix(): path for path in _files(folder) if path.name != "in-use"}
    return {name: (path.stat().st_size, "" if name == CHROMA_BASE else _sha256(path)) for name, path in names.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in _files(folder):
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


def main() -> int:
    """The probe's process: exit code 0 where the index answers, else 1 and the reason on standard error."""
    dense.load()  # while the index is still being written
    order = sys.stdin.readline()
    if not order:  # the writer has gone
        return 1
    folder, generation, chroma_url = json.loads(order)
    try:
        index = Index(Path(folder), generation, chroma_url)
        index.check()
        index.close()
        print("answers", flush=True)
        if sys.stdin.readline().strip() == _COMPARE:
            verify(Path(folder), whole=True)
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
