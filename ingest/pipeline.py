"""The whole ingest, from paths and addresses to a new generation of the library.

Light at the top: a server whose library is up to date loads no reader and no model here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corpus.errors import SourceAway, SourceError, UsageError
from corpus.settings import Settings
from ingest.digests import code_digest, digest
from ingest.handover import Request
from ingest.limited import LimitedReaders
from ingest.sources import Bytes, Found, Refused, Source, find_sources, read_bytes

if TYPE_CHECKING:
    from corpus.library import Writer
    from corpus.models import Document, Passage
    from corpus.store import Fetched, Join

Progress = Callable[[str, int, int], None]
Outcome = Literal["new", "changed", "unchanged"]
# With fewer sources one reading process is done before another has started.
_SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class JoinedSource:
    """A source that says what another one says; that one answers for both. `likeness`: 0 to 1 (see duplicates.py)."""

    source: str
    document_id: str
    joined_to: str
    joined_to_source: str
    reason: str
    likeness: float


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, or with `dry_run` what it would do.

    `documents`: all that the library now answers from; `new`, `changed`, `unchanged`: sources read in this run;
    `removed`: documents that left. `joined`: all sources for which another one answers now. `kept`: (source, reason) of
    pages that could not be had just now, whose documents stay as they were; `quarantined`: (source, reason) of what
    could not be read and has no document. `embedded`: texts that had no vector yet.
    """

    library: Path
    generation: str
    documents: int
    new: int
    changed: int
    unchanged: int
    removed: int
    joined: tuple[JoinedSource, ...]
    kept: tuple[tuple[str, str], ...]
    quarantined: tuple[tuple[str, str], ...]
    passages: int
    embedded: int
    seconds: float
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Removal:
    """What a removal did. `answering_now`: documents that had been joined to a removed one and take its place."""

    library: Path
    generation: str
    documents: int
    passages: int
    removed: tuple[str, ...]
    answering_now: tuple[str, ...]


def run(
    paths: Sequence[str],
    library: Path,
    settings: Settings,
    progress: Progress | None = None,
    *,
    sync: bool = False,
    dry_run: bool = False,
) -> IngestReport:
    """Read what the paths and addresses name and make the library show it.

    A source that cannot be read is quarantined with its reason, and the rest goes on. What is gone from a folder that
    was given leaves the library; with `sync` everything leaves that the paths and addresses do not name. `dry_run`:
    nothing is written, the report tells what would be. `progress` is told a stage ("reading", then those of the
    library's writer), how much is done and of how much. Raises UnknownPath for a path that does not exist, UsageError
    for a `sync` with nothing, LibraryBusy while another ingest writes, LibraryError and EmbeddingError.
    """
    from corpus.library import open_writer  # opens models and indexes: only where something is ingested
    from corpus.writer import open_rehearsal

    started = time.monotonic()
    found = find_sources(paths)
    if sync and not found.sources:
        raise UsageError(
            "There is nothing to read in what was named, so --sync would empty the library; nothing was changed. "
            "Check the folder, or take documents out with `waymark library remove ID`."
        )
    with (open_rehearsal if dry_run else open_writer)(library, settings) as writer:
        held = set(writer.origins())
        read = _read(found, writer, progress or _silent)
        for origin in _gone(writer, found, sync=sync):
            writer.forget(origin)
        removed = len(held - set(writer.origins()))
        joined = _join(writer)
        report = writer.rehearse() if dry_run else writer.commit(progress)
    return IngestReport(
        library=library,
        generation=report.generation,
        documents=report.documents,
        new=read.outcomes.count("new"),
        changed=read.outcomes.count("changed"),
        unchanged=read.outcomes.count("unchanged"),
        removed=removed,
        joined=joined,
        kept=read.kept,
        quarantined=read.quarantined,
        passages=report.passages,
        embedded=report.embedded,
        seconds=time.monotonic() - started,
        dry_run=dry_run,
    )


def remove(document_ids: Sequence[str], library: Path, settings: Settings, progress: Progress | None = None) -> Removal:
    """Take documents out of the library and make readers see that; one comes back when its source is ingested again.

    Raises UnknownLibrary, UnknownDocument (naming ids that are near) before anything is changed, and what `run` raises
    for the library.
    """
    from corpus.contents import check_library, unknown_document
    from corpus.library import open_writer

    check_library(library)
    with open_writer(library, settings) as writer:
        held = set(writer.origins().values())
        unknown = [id_ for id_ in document_ids if id_ not in held]
        if unknown:
            # One may be gone from the store and still be shown, where a removal was interrupted: that one goes on.
            shown = _shown(library, settings)
            for id_ in unknown:
                if id_ not in shown:
                    raise unknown_document(id_, held)
        before = {join.document_id for join in writer.joins()}
        for id_ in document_ids:
            writer.remove(id_)
        joined = {join.document_id for join in _joins(writer)}
        report = writer.commit(progress)
    return Removal(
        library=library,
        generation=report.generation,
        documents=report.documents,
        passages=report.passages,
        removed=tuple(dict.fromkeys(document_ids)),
        answering_now=tuple(sorted(before - joined - set(document_ids))),
    )


def _shown(library: Path, settings: Settings) -> set[str]:
    """The ids of the documents that readers of the library see now."""
    from corpus.library import Library

    opened = Library.open(library, settings)
    try:
        return {info.id for info in opened.documents()}
    finally:
        opened.close()


@dataclass(frozen=True, slots=True)
class _Read:
    """What became of the sources; kept and quarantined ones as (source, reason)."""

    outcomes: tuple[Outcome, ...]
    kept: tuple[tuple[str, str], ...]
    quarantined: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _News:
    """A source that the library does not hold as it is; `digest`: of all that its document is made of."""

    read: Bytes
    works: bytes
    digest: str


def _read(found: Found, writer: Writer, progress: Progress) -> _Read:
    """Every source into the library, read by processes of their own, or its reason on one of the lists."""
    outcomes: list[Outcome] = []
    kept: list[tuple[str, str]] = []
    quarantined: list[tuple[str, str]] = []
    under_way: dict[str, _News] = {}

    def wanted(source: Source | Refused) -> Request | None:
        """What to read, None where the library holds it as it is. Raises SourceError."""
        news = _news(source, writer)
        if news is None:
            return None
        writer.expect_change()
        under_way[source.origin] = news
        read = news.read
        return Request(read.data, source.source, news.works, read.address, read.content_type, read.charset)

    with LimitedReaders(1 if len(found.sources) < _SIDE_BY_SIDE else None) as readers:
        for done, (source, read) in enumerate(readers.read_all(found.sources, wanted)):
            progress("reading", done, len(found.sources))
            news = under_way.pop(source.origin, None)
            if isinstance(read, SourceAway) and writer.known(source.origin) is not None:
                kept.append((source.source, str(read)))
            elif isinstance(read, SourceError):
                writer.quarantine(source.source, str(read), source.origin)
                quarantined.append((source.source, str(read)))
            elif read is None or news is None:
                outcomes.append("unchanged")
            else:
                named = read.named(writer.document_id(source.source, source.origin, read.document.title))
                outcomes.append(_put(source.origin, news, named.document, named.passages, writer))
    progress("reading", len(found.sources), len(found.sources))
    return _Read(tuple(outcomes), tuple(kept), tuple(quarantined))


def _news(source: Source | Refused, writer: Writer) -> _News | None:
    """What is to be read of a source; None where the library holds it as it is. Raises SourceError."""
    if isinstance(source, Refused):
        raise SourceError(source.reason)
    before = writer.known(source.origin)
    # Another reader would make another document of the same page, so then it is asked for whole.
    asked = writer.fetched(source.origin) if before is not None and before.startswith(_reader()) else None
    read = read_bytes(source, asked)
    if read.unchanged:
        return None
    works = source.works.read_bytes() if source.works else b""
    told = [(part or "").encode() for part in (read.address, read.content_type, read.charset)]
    news = _News(read, works, _reader() + digest([read.data, works, *told]))
    if before != news.digest:
        return news
    if fetched := _fetched(read):
        writer.note_fetched(source.origin, fetched)
    return None


def _put(origin: str, news: _News, document: Document, passages: Sequence[Passage], writer: Writer) -> Outcome:
    """What was read of a source, into the library."""
    from ingest.duplicates import outline

    before = writer.known(origin)
    writer.put(document, passages, origin, news.digest, outline(document, passages), _fetched(news.read))
    return "new" if before is None else "changed"


def _fetched(read: Bytes) -> Fetched | None:
    from corpus.store import Fetched

    return Fetched(read.address, read.etag, read.modified) if read.address else None


def _gone(writer: Writer, found: Found, *, sync: bool) -> list[str]:
    """Origins that leave: of files that were in a folder and are no longer; with `sync` all that were not found."""
    seen = {source.origin for source in found.sources}
    # What lies in a folder that cannot be looked into just now is not known to be gone.
    closed = tuple(f"{source.origin}{os.sep}" for source in found.sources if isinstance(source, Refused))
    walked = tuple(f"{folder}{os.sep}" for folder in found.folders)
    return [
        origin
        for origin in sorted({*writer.origins(), *writer.quarantined_origins()} - seen)
        if (sync or origin.startswith(walked)) and not origin.startswith(closed)
    ]


def _join(writer: Writer) -> tuple[JoinedSource, ...]:
    """Let one document answer for all that say the same; those that do not answer, with what they are known by."""
    return tuple(
        JoinedSource(
            source=writer.source(join.document_id),
            document_id=join.document_id,
            joined_to=join.kept_id,
            joined_to_source=writer.source(join.kept_id),
            reason=join.reason,
            likeness=join.likeness,
        )
        for join in _joins(writer)
    )


def _joins(writer: Writer) -> tuple[Join, ...]:
    from ingest.duplicates import find_joins

    joins = find_joins(writer.outlines())
    writer.join(joins)
    return joins


def _reader() -> str:
    """What the digest of a document begins with: by which code its source was read."""
    return f"{code_digest().decode()[:16]}-"


def _silent(stage: str, done: int, total: int) -> None:
    pass
