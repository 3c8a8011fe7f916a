"""One generation of a library's index: written once, then opened and searched.

FOLDER/records.sqlite3         documents and passages (corpus.records); a passage's row is its number everywhere
       chroma/                 passage vectors (corpus.dense), unless they are in a Chroma server
       body/ title/            BM25 of the passages' text, and of their titles and headings (corpus.lexical)
       sentences.npy           (sentences, d) float16; offsets.npy (count + 1): where each row's sentences begin
       vocabulary.json         surface word -> number of passages
       calibration.json        what the search measured on this library (corpus.search)
"""

from __future__ import annotations

import json
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from corpus.dense import ROWS_A_CALL, Vectors
from corpus.errors import LibraryTorn
from corpus.lexical import Field, FieldWriter
from corpus.models import Document, Passage
from corpus.records import DocumentInfo, Records, RecordWriter
from corpus.words import terms, words

Progress = Callable[[str, int, int], None]  # stage, done, total

BODY, TITLE = "body", "title"


class Index:
    """An opened generation: immutable, safe to read from many threads.

    `count` passages stand in rows 0 to count - 1. Raises LibraryTorn where a file is missing or cannot be read.
    """

    def __init__(
        self, folder: Path, generation: str, chroma_url: str | None = None, in_use: IO[bytes] | None = None
    ) -> None:
        """`in_use` is a file that stays open, with any lock on it, for as long as the index does."""
        self.folder = folder
        self.generation = generation
        self._records = Records(folder / "records.sqlite3")
        self.count = self._records.count
        try:
            calibration = folder / "calibration.json"  # the search measures it on the opened index
            self.calibration: Mapping[str, Any] = _json(calibration) if calibration.exists() else {}
            self._offsets = np.load(folder / "offsets.npy")
            self._sentences = np.load(folder / "sentences.npy", mmap_mode="r")
            self._body = Field(folder / BODY, self.count)
            self._title = Field(folder / TITLE, self.count)
        except (OSError, ValueError, EOFError, LookupError) as error:
            raise LibraryTorn(f"The index in {folder} cannot be read: {error}.") from error
        self._vectors = Vectors(folder, generation, chroma_url)
        self._rows = {id_: row for row, id_ in enumerate(self._records.passage_ids())}
        self._frequency = lru_cache(65_536)(partial(_frequency, self._body, self._title))
        self._words: Mapping[str, int] | None = None
        # A reader may still hold this index when a newer one is opened; whoever lets go last closes it.
        self.close = weakref.finalize(self, _close, self._vectors, self._records, in_use)

    @property
    def document_count(self) -> int:
        return len(self._records.infos)

    def passage(self, row: int) -> Passage:
        """Raises IndexError for a row that does not exist."""
        return self._records.passage(row)

    def document(self, document_id: str) -> Document:
        """Raises UnknownDocument."""
        return self._records.document(document_id)

    def documents(self) -> tuple[DocumentInfo, ...]:
        return self._records.infos

    def rows_of(self, document_id: str) -> range:
        """The rows of a document's passages, in reading order. Raises UnknownDocument."""
        return self._records.rows_of(document_id)

    def dense(self, vectors: NDArray[np.float32], k: int) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each of the (q, d) unit vectors, rows of the `k` nearest passages and their cosines, nearest first."""
        k = min(k, self.count)
        if k < 1 or len(vectors) == 0:
            return [(np.zeros(0, np.int64), np.zeros(0, np.float32)) for _ in vectors]
        result = []
        for ids, distances in self._vectors.nearest(np.asarray(vectors, np.float32), k):
            try:
                rows = np.array([self._rows[id_] for id_ in ids], np.int64)
            except KeyError as error:
                raise LibraryTorn(
                    f"The vectors of {self.folder} name a passage that it does not hold: {error}."
                ) from None
            cosines = 1.0 - np.asarray(distances, np.float32)
            order = np.lexsort((rows, -cosines))  # ties by row: the same question gives the same order
            result.append((rows[order], cosines[order]))
        return result

    def lexical(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 of text and lead-ins; a stem given twice counts twice, unknown ones not at all."""
        return self._body.scores(stems)

    def lexical_title(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 of title, headings and the document's other names."""
        return self._title.scores(stems)

    def sentence_vectors(self, row: int) -> NDArray[np.float32]:
        """(sentences of the passage, d), of unit length."""
        return np.asarray(self._sentences[self._offsets[row] : self._offsets[row + 1]], np.float32)

    def document_frequency(self, stem: str) -> int:
        """Number of passages that hold the stem, in their text or their headings."""
        return self._frequency(stem)

    def vocabulary(self) -> Mapping[str, int]:
        """Surface words (folded, stop words too) and the number of passages that hold each."""
        if self._words is None:
            try:
                self._words = _json(self.folder / "vocabulary.json")
            except (OSError, ValueError) as error:
                raise LibraryTorn(f"The vocabulary in {self.folder} cannot be read: {error}.") from error
        return self._words

    def check(self) -> None:
        """Use every part once. Raises LibraryTorn where they do not fit together."""
        if len(self._offsets) != self.count + 1 or self._offsets[-1] != len(self._sentences):
            raise LibraryTorn(f"The sentence vectors of {self.folder} do not fit its passages.")
        if self._vectors.count() != self.count:
            raise LibraryTorn(f"{self.folder} holds {self.count} passages, but {self._vectors.count()} vectors.")
        self.vocabulary()
        for row in {0, self.count - 1} if self.count else ():
            passage = self.passage(row)
            self.document(passage.document_id)
            self.lexical(terms(passage.text))
            self.lexical_title(terms(passage.context))
            if len(self.sentence_vectors(row)) != len(passage.sentences):
                raise LibraryTorn(f"The sentence vectors of {self.folder} do not fit passage {passage.id}.")
        if self.count and self._sentences.shape[0]:
            self.dense(np.asarray(self._sentences[:1], np.float32), 10)


@dataclass(frozen=True, slots=True)
class Content:
    """What an index is written of. `documents` may be iterated once; `vectors` gives a (n, dimension) row per text."""

    documents: Iterable[tuple[Document, Sequence[Passage]]]
    passages: int
    sentences: int
    dimension: int
    vectors: Callable[[Sequence[str]], NDArray[np.float32]]


def write(folder: Path, generation: str, content: Content, chroma_url: str | None, progress: Progress) -> None:
    """Fill an empty folder, all but calibration.json. Raises LibraryError, or OSError where the disk is full."""
    records = RecordWriter(folder / "records.sqlite3")
    body, title, vocabulary = FieldWriter(), FieldWriter(), Counter[str]()
    sentences = np.lib.format.open_memmap(
        folder / "sentences.npy", "w+", np.dtype("<f2"), (content.sentences, content.dimension)
    )
    offsets = [0]
    with Vectors(folder, generation, chroma_url, new=True) as vectors:
        for batch in _batches(content.documents):
            passages = [passage for _, part in batch for passage in part]
            _add_vectors(vectors, batch, content.vectors([p.search_text for p in passages]), records.rows)
            for passage in passages:
                texts = passage.sentence_search_texts()
                sentences[offsets[-1] : offsets[-1] + len(texts)] = content.vectors(texts) if texts else 0
                offsets.append(offsets[-1] + len(texts))
            for document, part in batch:
                records.add(document, part)
                for passage in part:
                    text = body_text(passage)
                    body.add(terms(text))
                    title.add(terms(f"{passage.context} {' '.join(document.about)}"))
                    vocabulary.update({word for word in words(f"{passage.context} {text}") if len(word) <= 64})
            progress("indexing", records.rows, content.passages)
    records.close()
    sentences.flush()
    np.save(folder / "offsets.npy", np.array(offsets, np.int64))
    body.write(folder / BODY)
    title.write(folder / TITLE)
    (folder / "vocabulary.json").write_text(json.dumps(dict(sorted(vocabulary.items()))), encoding="utf-8")


def body_text(passage: Passage) -> str:
    """What the lexical search reads of a passage: its text, and lead-ins that stand outside it."""
    leads = dict.fromkeys(lead for lead in passage.leads if lead and lead not in passage.text)
    return " ".join([passage.text, *leads])


def _batches(
    documents: Iterable[tuple[Document, Sequence[Passage]]],
) -> Iterator[list[tuple[Document, Sequence[Passage]]]]:
    """Whole documents, together about as many passages as Chroma takes well in one call."""
    batch: list[tuple[Document, Sequence[Passage]]] = []
    for document, passages in documents:
        batch.append((document, passages))
        if sum(len(part) for _, part in batch) >= ROWS_A_CALL:
            yield batch
            batch = []
    if batch:
        yield batch


def _add_vectors(
    vectors: Vectors, batch: list[tuple[Document, Sequence[Passage]]], rows: NDArray[np.float32], first: int
) -> None:
    pairs = [(document, passage) for document, passages in batch for passage in passages]
    vectors.add(
        [passage.id for _, passage in pairs],
        rows,
        [passage.text for _, passage in pairs],
        [
            {
                "document_id": document.id,
                "title": document.title,
                "source": document.source,
                "section": " > ".join(passage.section),
                "start": passage.start,
                "end": passage.end,
                "row": first + i,
            }
            for i, (document, passage) in enumerate(pairs)
        ],
    )


def _frequency(body: Field, title: Field, stem: str) -> int:
    return len(np.union1d(body.rows(stem), title.rows(stem)))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _close(vectors: Vectors, records: Records, in_use: IO[bytes] | None) -> None:
    vectors.close()
    records.close()
    if in_use is not None:
        in_use.close()
