"""What readers open: the current generation of a library, followed as writers replace it; for ingest `open_writer`."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Literal, Self

from corpus import generations
from corpus.embedding import Embedder
from corpus.errors import LibraryError, LibraryTorn, ModelMismatch, UnknownLibrary
from corpus.index import Index
from corpus.model_cache import open_embedder
from corpus.models import Document
from corpus.records import DocumentInfo
from corpus.settings import Settings
from corpus.store import Quarantined
from corpus.store_reading import read_quarantined
from corpus.writer import CommitReport, Writer, open_writer

__all__ = ["CommitReport", "DocumentInfo", "Index", "Library", "Quarantined", "Writer", "open_writer"]

_Stamp = tuple[int, int, int]


class Library:
    """An opened library; safe to use from many threads.

    `status` is "degraded" while the newest generation cannot be opened and the one before answers.
    """

    def __init__(self, folder: Path, settings: Settings, embedder: Embedder, index: Index, stamp: _Stamp) -> None:
        """Use `Library.open`."""
        self.folder = folder
        self.embedder = embedder
        self.status: Literal["ok", "degraded"] = "ok"
        self._settings = settings
        self._index = index
        self._stamp = stamp
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, settings: Settings, embedder: Embedder | None = None) -> Self:
        """The library in `folder`, with the embedder that the settings name unless one is given.

        Raises UnknownLibrary where there is none, ModelMismatch where another model made it, LibraryTorn where no
        generation of it can be opened, EmbeddingError.
        """
        stamp = _stamp(folder)
        current = generations.read_current(folder) if stamp else None
        if stamp is None or current is None:
            raise UnknownLibrary(
                f"There is no library in {folder}; make one with `waymark ingest PATH --library {folder}`."
            )
        embedder = embedder or open_embedder(settings)
        try:
            index = _open(folder, current.generation, settings, embedder)
            return cls(folder, settings, embedder, index, stamp)
        except LibraryError as newest:
            if current.previous is None:
                raise LibraryTorn(f"{newest} No other generation is there; {_again(folder)}.") from newest
            try:
                index = _open(folder, current.previous, settings, embedder)
            except LibraryError as older:
                raise LibraryTorn(f"{newest} The generation before neither: {older} {_again(folder)}.") from older
        library = cls(folder, settings, embedder, index, stamp)
        library.status = "degraded"
        return library

    def current(self) -> Index:
        """The index to answer from now; hold on to it for the length of one answer.

        A newer generation is opened when CURRENT names one. Where that fails, the one that is open goes on answering.
        """
        stamp = _stamp(self.folder)
        if stamp is not None and stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._follow()
                    self._stamp = stamp
        return self._index

    def is_current(self) -> bool:
        """Whether `current` gives what is open already; False where it would first look at a newer generation."""
        return _stamp(self.folder) in (None, self._stamp)

    @property
    def generation(self) -> str:
        """The name of the generation that answers now."""
        return self.current().generation

    def document(self, document_id: str) -> Document:
        """Raises UnknownDocument."""
        return self.current().document(document_id)

    def documents(self) -> tuple[DocumentInfo, ...]:
        """What its documents tell of themselves, in the order of their passages."""
        return self.current().documents()

    def quarantined(self) -> tuple[Quarantined, ...]:
        """The sources that could not be read at the last ingest, and why."""
        return read_quarantined(self.folder)

    def close(self) -> None:
        """Close the index that is open now. Nothing may be asked of the library afterwards."""
        self._index.close()

    def _follow(self) -> None:
        try:
            current = generations.read_current(self.folder)
            if current is not None and current.generation != self._index.generation:
                self._index = _open(self.folder, current.generation, self._settings, self.embedder)
            self.status = "ok"
        except (LibraryError, ModelMismatch):
            self.status = "degraded"


def _open(folder: Path, generation: str, settings: Settings, embedder: Embedder) -> Index:
    index, manifest = generations.open_index(folder, generation, settings.chroma_url)
    if manifest.fingerprint != embedder.fingerprint:
        index.close()
        raise ModelMismatch(
            f"The library {folder} was made with the embedding model {manifest.model} ({manifest.fingerprint}), and "
            f"{embedder.name} ({embedder.fingerprint}) is set. Set WAYMARK_EMBEDDER and WAYMARK_PRECISION as they "
            f"were, or rebuild it: `waymark ingest PATH --library {folder}`, with any of its sources."
        )
    return index


def _stamp(folder: Path) -> _Stamp | None:
    """Changes whenever CURRENT is replaced; one system call."""
    try:
        stat = os.stat(f"{folder}/CURRENT")  # noqa: PTH116 - joining paths takes longer than the call
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _again(folder: Path) -> str:
    return f"run `waymark ingest PATH --library {folder}` with any of its sources to build the index again"
