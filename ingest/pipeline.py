"""The whole ingest, from paths and addresses to a new generation of the library.

Light at the top: a server whose library is up to date loads no reader and no model here.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corpus.errors import SourceError
from corpus.settings import Settings
from ingest.handover import Request
from ingest.limited import LimitedReaders
from ingest.sources import Found, Refused, Source, find_sources, read_bytes

if TYPE_CHECKING:
    from corpus.library import Writer

Progress = Callable[[str, int, int], None]
Outcome = Literal["new", "changed", "unchanged"]
_STAMP = "guides.sha256"
# With fewer sources one reading process is done before another has started.
_SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `documents`: all that the library now holds; `new`, `changed`, `unchanged`, `removed` of
    them in this run. `quarantined`: (source, reason). `embedded`: texts that had no vector yet."""

    library: Path
    generation: str
    documents: int
    new: int
    changed: int
    unchanged: int
    removed: int
    quarantined: tuple[tuple[str, str], ...]
    passages: int
    embedded: int
    seconds: float


def run(paths: Sequence[str], library: Path, settings: Settings, progress: Progress | None = None) -> IngestReport:
    """Read what the paths and addresses name and make the library show it.

    A source that cannot be read is quarantined with its reason, and the rest goes on. What is gone from a folder that
    was given leaves the library. `progress` is told a stage ("reading", then those of the library's writer), how much
    is done and of how much. Raises UnknownPath for a path that does not exist, LibraryBusy while another ingest
    writes, LibraryError and EmbeddingError.
    """
    from corpus.library import open_writer  # opens models and indexes: only where something is ingested

    started = time.monotonic()
    tell = progress or _silent
    found = find_sources(paths)
    with open_writer(library, settings) as writer:
        outcomes, quarantined = _read(found, writer, tell)
        removed = _forget_gone(writer, found.folders, {source.origin for source in found.sources})
        report = writer.commit(progress)
    return IngestReport(
        library=library,
        generation=report.generation,
        documents=report.documents,
        new=outcomes.count("new"),
        changed=outcomes.count("changed"),
        unchanged=outcomes.count("unchanged"),
        removed=removed,
        quarantined=quarantined,
        passages=report.passages,
        embedded=report.embedded,
        seconds=time.monotonic() - started,
    )


def guides_folder() -> Path:
    """The folder of the guides that come with Waymark."""
    return Path(str(files("corpus.guides")))


def ingest_guides(library: Path, settings: Settings, progress: Progress | None = None) -> IngestReport:
    """Ingest the guides that come with Waymark, and note which state of them the library shows."""
    stamp = _guides_stamp(settings)
    report = run([str(guides_folder())], library, settings, progress)
    written = library / f"{_STAMP}.new"
    written.write_text(stamp, encoding="ascii")
    written.replace(library / _STAMP)
    return report


def ensure_default_library(library: Path, settings: Settings, progress: Progress | None = None) -> None:
    """Make sure that there is a library: of the shipped guides where there is none, refreshed where they changed.

    A library that was made of other sources is left as it is. Cheap where nothing is to be done.
    """
    noted = library / _STAMP
    if (library / "CURRENT").exists() and (
        not noted.exists() or noted.read_text(encoding="ascii", errors="replace") == _guides_stamp(settings)
    ):
        return
    ingest_guides(library, settings, progress)


def _read(found: Found, writer: Writer, tell: Progress) -> tuple[tuple[Outcome, ...], tuple[tuple[str, str], ...]]:
    """Every source into the library, read by processes of their own; (what became of each, the quarantined ones)."""
    outcomes: list[Outcome] = []
    quarantined: list[tuple[str, str]] = []
    digests: dict[str, str] = {}

    def wanted(source: Source | Refused) -> Request | None:
        """What to read, None where the library holds it as it is. Raises SourceError."""
        if isinstance(source, Refused):
            raise SourceError(source.reason)
        read = read_bytes(source)
        works = source.works.read_bytes() if source.works else b""
        digests[source.origin] = _digest([read.data, works, code_digest()])
        if writer.known(source.origin) == digests[source.origin]:
            return None
        return Request(read.data, source.source, works, read.address, read.content_type, read.charset)

    with LimitedReaders(1 if len(found.sources) < _SIDE_BY_SIDE else None) as readers:
        for done, (source, read) in enumerate(readers.read_all(found.sources, wanted)):
            tell("reading", done, len(found.sources))
            if isinstance(read, SourceError):
                writer.quarantine(source.source, str(read), source.origin)
                quarantined.append((source.source, str(read)))
            elif read is None:
                outcomes.append("unchanged")
            else:
                outcomes.append("new" if writer.known(source.origin) is None else "changed")
                named = read.named(writer.document_id(source.source, source.origin, read.document.title))
                writer.put(named.document, named.passages, source.origin, digests[source.origin])
    tell("reading", len(found.sources), len(found.sources))
    return tuple(outcomes), tuple(quarantined)


def _forget_gone(writer: Writer, folders: Sequence[Path], seen: set[str]) -> int:
    """Take out the documents of files that were in a folder and are no longer; how many."""
    gone = [
        origin
        for origin in writer.origins()
        if origin not in seen and any(origin.startswith(f"{folder}{os.sep}") for folder in folders)
    ]
    for origin in gone:
        writer.forget(origin)
    return len(gone)


def _guides_stamp(settings: Settings) -> str:
    """Changes when the shipped guides, their works, the code that reads them or the embedding model change."""
    folder = guides_folder()
    texts = [data for path in sorted(folder.glob("*.md")) for data in (path.name.encode(), path.read_bytes())]
    works = folder.parent / "sources.toml"
    return _digest([
        *texts,
        works.read_bytes() if works.is_file() else b"",
        code_digest(),
        settings.index_fingerprint().encode(),
    ])  # fmt: skip


@lru_cache(maxsize=1)
def code_digest() -> bytes:
    """Of the code in this room: a document that other code read is read again."""
    folder = Path(__file__).parent
    return _digest(path.read_bytes() for path in sorted(folder.rglob("*.py"))).encode()


def _digest(parts: Iterable[bytes]) -> str:
    """SHA-256 of parts in order, each with its length, so that no two lists of parts run together."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def _silent(stage: str, done: int, total: int) -> None:
    pass
