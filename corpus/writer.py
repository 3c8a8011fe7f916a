"""Writing a library: sources are put into the store one by one, and `commit` makes a generation of it all.

One process writes at a time. Until `commit` has switched, readers go on with the generation before; a writer that is
killed leaves it in place, and the next one goes on with what the store holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from corpus import generations
from corpus.embedding import Embedder, open_embedder
from corpus.errors import LibraryBusy, LibraryError, LibraryTorn
from corpus.index import Content, Progress
from corpus.models import Document, Passage
from corpus.settings import Settings
from corpus.store import Store
from corpus.words import fold

LOCK_SECONDS = 1.0
TEXTS_A_SLICE = 512  # embedded and kept at once: what a killed ingest loses at most

_ID = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class CommitReport:
    """`embedded` texts were new to the library; `changed` tells whether readers now see another generation."""

    generation: str
    documents: int
    passages: int
    embedded: int
    changed: bool


@dataclass(frozen=True, slots=True)
class _Survey:
    """What the store holds, counted once: digests of all texts that are embedded, and of those still to be."""

    documents: int
    passages: int
    sentences: int
    used: frozenset[bytes]
    missing: frozenset[bytes]


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
        store = Store(folder)
        try:
            yield Writer(folder, settings, store, embedder)
        finally:
            store.close()
    finally:
        lock.release()


class Writer:
    """For one thread. An `origin` is where a source was read (absolute path, address); it never leaves this machine."""

    def __init__(self, folder: Path, settings: Settings, store: Store, embedder: Embedder | None) -> None:
        self.folder = folder
        self._settings = settings
        self._store = store
        self._embedder = embedder

    def known(self, origin: str) -> str | None:
        """The digest with which the document of this origin was put; None where it has none (or is quarantined)."""
        return self._store.digest(origin)

    def origins(self) -> Mapping[str, str]:
        """Origin -> document id, of every document."""
        return self._store.origins()

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

    def put(self, document: Document, passages: Sequence[Passage], origin: str, digest: str) -> None:
        """Add a document, or replace the one of its origin. Kept at once, shown to readers by `commit`.

        Raises ValueError for an id that an address could not hold, or passages that are not the document's own.
        """
        if not _ID.fullmatch(document.id):
            raise ValueError(f"The document id {document.id!r} holds more than letters, digits, _ and -.")
        for passage in passages:
            if passage.document_id != document.id:
                raise ValueError(f"Passage {passage.id} is of {passage.document_id}, not of {document.id}.")
            passage.sentence_search_texts()  # ValueError where sentences and lead-ins do not pair up
        self._store.put(document, passages, origin, digest)

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

    def _commit(self, progress: Progress) -> CommitReport:
        embedder = self._embedder = self._embedder or open_embedder(self._settings)
        hash_ = self._store.manifest_hash(generations.index_settings(embedder))
        generation = hash_[:12]
        try:
            current = generations.read_current(self.folder)
        except LibraryTorn:
            current = None
        survey = self._survey(embedder.fingerprint)
        embedded = 0
        if not generations.is_whole(self.folder, generation, self._settings.chroma_url):
            embedded = self._embed(embedder, survey.missing, progress)
            generations.build(self.folder, hash_, self._content(embedder, survey), embedder, self._settings, progress)
        changed = current is None or current.generation != generation
        if changed:
            generations.switch(self.folder, generation)
        generations.sweep(self.folder, self._settings.chroma_url)
        self._store.drop_unused_vectors(set(survey.used), embedder.fingerprint)
        return CommitReport(generation, survey.documents, survey.passages, embedded, changed)

    def _survey(self, model: str) -> _Survey:
        documents = count = sentences = 0
        used: set[bytes] = set()
        missing: set[bytes] = set()
        for _, passages in self._store.documents():
            texts = [_digest(text) for passage in passages for text in _texts(passage)]
            documents += 1
            count += len(passages)
            sentences += len(texts) - len(passages)
            missing.update(self._store.missing(texts, model))
            used.update(texts)
        return _Survey(documents, count, sentences, frozenset(used), frozenset(missing))

    def _embed(self, embedder: Embedder, missing: frozenset[bytes], progress: Progress) -> int:
        """Vectors for the texts that have none, kept slice by slice; how many."""
        done = 0
        waiting: dict[bytes, str] = {}

        def flush() -> None:
            nonlocal done
            texts = list(waiting.values())
            vectors = embedder.embed(texts, lambda n: progress("embedding", done + n, len(missing)))
            self._store.keep_vectors(list(waiting), vectors, embedder.fingerprint)
            done += len(texts)
            waiting.clear()

        left = set(missing)
        for _, passages in self._store.documents() if missing else ():
            for passage in passages:
                for text in _texts(passage):
                    digest = _digest(text)
                    if digest in left:
                        left.discard(digest)
                        waiting[digest] = text
            if len(waiting) >= TEXTS_A_SLICE:
                flush()
        if waiting:
            flush()
        return done

    def _content(self, embedder: Embedder, survey: _Survey) -> Content:
        return Content(
            documents=self._store.documents(),
            passages=survey.passages,
            sentences=survey.sentences,
            dimension=embedder.dimension,
            vectors=lambda texts: self._store.vectors([_digest(text) for text in texts], embedder.fingerprint),
        )


def _silent(stage: str, done: int, total: int) -> None:
    pass


def _texts(passage: Passage) -> tuple[str, ...]:
    """Everything that is embedded of a passage: the whole first, then its sentences."""
    return (passage.search_text, *passage.sentence_search_texts())


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


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
