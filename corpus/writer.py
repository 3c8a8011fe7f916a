"""Writing a library: sources are put into the store one by one, and `commit` makes a generation of it all.

One process writes at a time. Until `commit` has switched, readers go on with the generation before; a writer that is
killed leaves it in place, and the next one goes on with what the store holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from corpus import dense, generations
from corpus.calibration import foreign_queries
from corpus.embedding import Embedder
from corpus.errors import EmbeddingError, LibraryBusy, LibraryError, LibraryTorn
from corpus.generations import Current
from corpus.index_writer import Base, Content, Progress
from corpus.kept_vectors import KeptVectors
from corpus.model_cache import known_fingerprint, open_embedder
from corpus.models import Document, Passage
from corpus.settings import Settings
from corpus.store import Fetched, Join, Store
from corpus.words import fold

LOCK_SECONDS = 1.0

_ID = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class CommitReport:
    """`embedded` passages had no vectors yet; `changed` tells whether readers now see another generation."""

    generation: str
    documents: int
    passages: int
    embedded: int
    changed: bool


@contextmanager
def open_writer(folder: Path, settings: Settings, embedder: Embedder | None = None) -> Iterator[Writer]:
    """The one writer of the library in `folder`, which is made where it is not there yet.

    Raises LibraryBusy, naming the holder, where another process is writing; LibraryError where the folder cannot be
    written; LibraryTorn where the store is damaged.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=LOCK_SECONDS)
        lock.acquire()
    except Timeout:
        raise LibraryBusy(
            f"Another ingest is writing the library {folder} ({_holder(folder)}); wait until it is done."
        ) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        holder = {"pid": os.getpid(), "since": datetime.now().astimezone().isoformat(timespec="seconds")}
        try:
            (folder / "lock-holder.json").write_text(json.dumps(holder), encoding="utf-8")
        except OSError as error:
            raise _unwritable(folder, error) from error
        with _writing(folder, settings, Store(folder), embedder) as writer:
            yield writer
    finally:
        lock.release()


@contextmanager
def open_rehearsal(folder: Path, settings: Settings, embedder: Embedder | None = None) -> Iterator[Writer]:
    """A writer over a copy in memory, to see what an ingest would do: `rehearse` in place of `commit`, and neither
    the library in `folder` nor the folder itself changes."""
    with _writing(folder, settings, Store(folder, scratch=True), embedder) as writer:
        yield writer


@contextmanager
def _writing(folder: Path, settings: Settings, store: Store, embedder: Embedder | None) -> Iterator[Writer]:
    writer = Writer(folder, settings, store, embedder)
    try:
        yield writer
    finally:
        writer.settle()
        store.close()


class Writer:
    """For one thread. An `origin` is where a source was read (absolute path, address); it never leaves this machine."""

    def __init__(self, folder: Path, settings: Settings, store: Store, embedder: Embedder | None) -> None:
        self.folder = folder
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._loading: tuple[threading.Thread, ...] = ()  # the first of them opens the embedder

    def expect_change(self) -> None:
        """Something will be written: load what that takes meanwhile, in threads of its own."""
        if not self._loading:
            work = (self._open_early, dense.load, self._read_early)
            self._loading = tuple(threading.Thread(target=each, name="loading", daemon=True) for each in work)
            for thread in self._loading:
                thread.start()

    def settle(self) -> None:
        """Wait for what is being loaded: a process that ends in the midst of it is aborted by onnxruntime."""
        for thread in self._loading:
            thread.join()

    def _open_early(self) -> None:
        with suppress(EmbeddingError):  # opening it again tells, where it is needed
            # One that is still to be compiled is left to the main thread, which an interrupt reaches.
            if self._embedder is None and known_fingerprint(self._settings) is not None:
                self._embedder = open_embedder(self._settings)

    def _read_early(self) -> None:
        self._loading[0].join()
        if self._embedder is not None:
            foreign_queries(self._embedder)

    def _open_embedder(self) -> Embedder:
        """Raises EmbeddingError."""
        for early in self._loading[:1]:
            early.join()
        self._embedder = self._embedder or open_embedder(self._settings)
        return self._embedder

    def known(self, origin: str) -> str | None:
        """The digest with which the document of this origin was put; None where it has none (or is quarantined)."""
        return self._store.digest(origin)

    def origins(self) -> Mapping[str, str]:
        """Origin -> document id, of every document."""
        return self._store.origins()

    def source(self, document_id: str) -> str:
        """The name that the source of a document is shown by; "" where there is none of this id."""
        return self._store.source_of(document_id) or ""

    def quarantined_origins(self) -> set[str]:
        """Origins of the sources that could not be read."""
        return self._store.quarantined_origins()

    def fetched(self, origin: str) -> Fetched | None:
        """What the server said of the page that this origin's document was made of; None for files."""
        return self._store.fetched(origin)

    def outlines(self) -> Mapping[str, str]:
        """Document id -> the outline that it was put with."""
        return self._store.outlines()

    def joins(self) -> tuple[Join, ...]:
        """The documents that others answer for."""
        return self._store.joins()

    def document_id(self, source: str, origin: str, title: str) -> str:
        """An id for a document, `[A-Za-z0-9_-]+`: that which this origin has, else one made of the source's name.

        The same source gets the same id in any library, unless another origin holds it there.
        """
        held = self._store.id_of(origin)
        if held is not None:
            return held
        slug = _slug(_stem(source)) or _slug(title) or "document"
        for what in (source, f"{source}\n{origin}"):
            id_ = f"{slug}-{hashlib.sha256(what.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
            if self._store.origin_of(id_) is None:
                return id_
        raise LibraryError(f"No id is left for {source} in the library {self.folder}; rename the source.")

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        origin: str,
        digest: str,
        outline: str = "",
        fetched: Fetched | None = None,
    ) -> None:
        """Add a document, or replace the one of its origin. Kept at once, shown to readers by `commit`.

        `outline`: by what it is compared with others, "" where it never is; `fetched`: what the page's server said.
        Raises ValueError for an id that an address could not hold, or passages that are not the document's own.
        """
        if not _ID.fullmatch(document.id):
            raise ValueError(f"The document id {document.id!r} holds more than letters, digits, _ and -.")
        for passage in passages:
            if passage.document_id != document.id:
                raise ValueError(f"Passage {passage.id} is of {passage.document_id}, not of {document.id}.")
            passage.sentence_search_texts()  # ValueError where sentences and lead-ins do not pair up
        self._store.put(document, passages, origin, digest, outline, fetched)

    def note_fetched(self, origin: str, fetched: Fetched) -> None:
        """Keep what the server says of an unchanged page now."""
        self._store.note_fetched(origin, fetched)

    def join(self, joins: Sequence[Join]) -> None:
        """Let these documents be answered for by others, and no others; a document put again stands alone until then.

        The joined ones stay in the store, and take their place when the one that answered for them leaves.
        """
        self._store.join(joins)

    def quarantine(self, source: str, reason: str, origin: str) -> None:
        """List a source that cannot be read; a document that it had before is removed."""
        self._store.quarantine(source, reason, origin)

    def remove(self, document_id: str) -> None:
        """Take a document out; nothing happens where there is none."""
        self._store.remove(document_id)

    def forget(self, origin: str) -> None:
        """Take out whatever this origin has, its document or its place among the quarantined: the source is gone."""
        self._store.release(origin)
        held = self._store.id_of(origin)
        if held is not None:
            self._store.remove(held)

    def commit(self, progress: Progress | None = None) -> CommitReport:
        """Make readers see what the store holds. Nothing is built where the current generation already shows it.

        `progress` is told a stage ("embedding", "indexing", "calibrating", "probing"), how much is done and of how
        much. Raises LibraryError, LibraryTorn or EmbeddingError; then readers see what they saw before.
        """
        try:
            return self._commit(progress or _silent)
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def rehearse(self) -> CommitReport:
        """What `commit` would report; nothing is embedded, built or shown. Raises EmbeddingError, LibraryError."""
        embedder = self._open_embedder()
        generation = self._store.manifest_hash(generations.index_settings(embedder.fingerprint))[:12]
        current = self._shown()
        entries = self._store.entries()
        changed = current is None or current.generation != generation
        lacking = 0
        if changed:
            vectors = KeptVectors(self._store, embedder)
            content = self._content(embedder, entries, vectors)
            base = generations.find_base(self.folder, current, content, embedder, self._settings)
            lacking = vectors.lacking(_anew(content, base))
        return CommitReport(generation, len(entries), self._store.passage_count(), lacking, changed)

    def _commit(self, progress: Progress) -> CommitReport:
        if (unchanged := self._as_shown()) is not None:
            return unchanged
        embedder = self._open_embedder()
        hash_ = self._store.manifest_hash(generations.index_settings(embedder.fingerprint))
        generation = hash_[:12]
        current = self._shown()
        entries = self._store.entries()
        embedded = 0
        if not generations.is_whole(self.folder, generation, self._settings.chroma_url):
            vectors = KeptVectors(self._store, embedder)
            content = self._content(embedder, entries, vectors)
            base = generations.find_base(self.folder, current, content, embedder, self._settings)
            embedded = vectors.make(_anew(content, base), progress)
            self._build(hash_, content, embedder, base, progress)
        changed = current is None or current.generation != generation
        if changed:
            generations.switch(self.folder, generation)
        generations.sweep(self.folder, self._settings.chroma_url)
        return CommitReport(generation, len(entries), self._store.passage_count(), embedded, changed)

    def _shown(self) -> Current | None:
        """What readers are shown; None where that cannot be told."""
        try:
            return generations.read_current(self.folder)
        except LibraryTorn:
            return None

    def _as_shown(self) -> CommitReport | None:
        """The report where the current generation shows all that the store holds, which takes no model to tell."""
        fingerprint = self._embedder.fingerprint if self._embedder else known_fingerprint(self._settings)
        current = self._shown()
        if fingerprint is None or current is None:
            return None
        generation = self._store.manifest_hash(generations.index_settings(fingerprint))[:12]
        if generation != current.generation:
            return None
        if not generations.is_whole(self.folder, generation, self._settings.chroma_url):
            return None
        generations.sweep(self.folder, self._settings.chroma_url)
        return CommitReport(generation, len(self._store.entries()), self._store.passage_count(), 0, changed=False)

    def _build(self, hash_: str, content: Content, embedder: Embedder, base: Base | None, progress: Progress) -> None:
        try:
            generations.build(self.folder, hash_, content, embedder, self._settings, progress, base=base)
        except (LibraryTorn, sqlite3.Error) as error:
            # Not damage to what is in use: the new index could not be written, most often for want of room.
            raise LibraryError(
                f"The new index could not be written ({error}); what the library {self.folder} showed before is as it "
                "was. Check the room on the disk, then run the ingest again."
            ) from error

    def _content(self, embedder: Embedder, entries: Mapping[str, str], vectors: KeptVectors) -> Content:
        return Content(entries, self._store.passage_count(), embedder.dimension, self._store.documents, vectors.of)


def _silent(stage: str, done: int, total: int) -> None:
    pass


def _anew(content: Content, base: Base | None) -> list[str]:
    """The documents that an index cannot take over from the one that it goes on from."""
    kept = {held.id for held in base.keeps(content)} if base else set()
    return [id_ for id_ in content.entries if id_ not in kept]


def _stem(source: str) -> str:
    """The telling part of a source's name: a file's stem, the last part of an address, or its host."""
    if "://" in source:
        parts = urlsplit(source)
        return PurePosixPath(parts.path).stem or parts.hostname or ""
    return PurePosixPath(source).stem


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:48].strip("-")


def _holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / "lock-holder.json").read_text(encoding="utf-8"))
        return f"process {holder['pid']}, since {holder['since']}"
    except (OSError, ValueError, LookupError, TypeError):
        return "it has not yet told its process number"


def _unwritable(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"The library {folder} could not be written ({error.strerror or error}); what it showed before is as it was. "
        "Make room or set the rights, then run the ingest again."
    )
