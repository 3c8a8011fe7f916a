"""One generation of a library's index, opened and searched. `corpus.index_writer` writes it.

FOLDER/records.sqlite3         documents and passages (corpus.records); a passage's row is its number everywhere
       chroma/                 passage vectors (corpus.dense), unless they are in a Chroma server
       body/ title/            BM25 of the passages' text, and of their titles and headings (corpus.lexical)
       sentences.npy           the sentences' vectors; asked.npy those of how people ask; tokens.npy, as signs, those
                               of the passages' tokens (corpus.row_vectors, corpus.late_interaction)
       vocabulary.json         surface word -> number of passages
       calibration.json        what foreign questions find in this library (corpus.calibration)
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from corpus.dense import Vectors
from corpus.errors import LibraryTorn
from corpus.lexical import Field
from corpus.models import Document, Passage
from corpus.records import DocumentInfo, Records
from corpus.row_vectors import RowVectors
from corpus.vocabulary import Vocabulary
from corpus.words import terms

BODY, TITLE, VOCABULARY = "body", "title", "vocabulary.json"
SENTENCES, ASKED, TOKENS = "sentences", "asked", "tokens"


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
            self._sentences = RowVectors(folder, SENTENCES)
            self._asked = RowVectors(folder, ASKED)
            self._tokens = RowVectors(folder, TOKENS)
            self._body = Field(folder / BODY, self.count)
            self._title = Field(folder / TITLE, self.count)
        except (OSError, ValueError, EOFError, LookupError) as error:
            raise LibraryTorn(f"The index in {folder} cannot be read: {error}.") from error
        self._vectors = Vectors(folder, generation, chroma_url)
        self._rows = {id_: row for row, id_ in enumerate(self._records.passage_ids())}
        self._frequency = lru_cache(65_536)(partial(_frequency, self._body, self._title))
        # The whole question is searched beside each thing that it asks: one answer may come with a vector twice.
        self._nearest = lru_cache(32)(partial(_nearest, self._vectors, self._rows, folder))
        self._words: Vocabulary | None = None
        # A reader may still hold this index when a newer one is opened; whoever lets go last closes it.
        self.close = weakref.finalize(self, _close, self._vectors, self._records, in_use)

    @property
    def document_count(self) -> int:
        """How many documents it holds."""
        return len(self._records.infos)

    def passage(self, row: int) -> Passage:
        """Raises IndexError for a row that does not exist."""
        return self._records.passage(row)

    def document(self, document_id: str) -> Document:
        """Raises UnknownDocument."""
        return self._records.document(document_id)

    def documents(self) -> tuple[DocumentInfo, ...]:
        """What its documents tell of themselves, in the order of their passages."""
        return self._records.infos

    def rows_of(self, document_id: str) -> range:
        """The rows of a document's passages, in reading order. Raises UnknownDocument."""
        return self._records.rows_of(document_id)

    def dense(self, vectors: NDArray[np.float32], k: int) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each of the (q, d) unit vectors, rows of the `k` nearest passages and their cosines, nearest first."""
        k = min(k, self.count)
        if k < 1 or len(vectors) == 0:
            return [(np.zeros(0, np.int64), np.zeros(0, np.float32)) for _ in vectors]
        return [self._nearest(vector.tobytes(), k) for vector in np.asarray(vectors, np.float32)]

    def lexical(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 of text, lead-ins and how people ask; a stem given twice counts twice, an unknown one not."""
        return self._body.scores(stems)

    def lexical_title(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 of title, headings and the document's other names."""
        return self._title.scores(stems)

    def sentence_vectors(self, row: int) -> NDArray[np.float32]:
        """(sentences of the passage, d), of unit length."""
        return self._sentences.of(row)

    def sentence_vectors_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The sentence vectors of some passages, one passage after the other, and where each one's end."""
        return self._sentences.of_all(rows)

    def asked(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(count,), for each passage the best cosine of the words in which people ask for it; 0 where it has none.

        All of them are gone through: people write them, so there are thousands at most.
        """
        return self._asked.best(vector)

    @property
    def asked_share(self) -> float:
        """The share of passages that tell in what words people ask for them, 0 to 1."""
        return float(np.mean(self._asked.offsets[:-1] < self._asked.offsets[1:])) if self.count else 0.0

    def tokens_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The packed tokens of some passages, one passage after the other, and where each one's end."""
        return self._tokens.packed_of_all(rows)

    def document_frequency(self, stem: str) -> int:
        """Number of passages that hold the stem, in their text or their headings."""
        return self._frequency(stem)

    def vocabulary(self) -> Vocabulary:
        """Surface words (folded, stop words too) and the number of passages that hold each."""
        if self._words is None:
            try:
                self._words = Vocabulary(_json(self.folder / VOCABULARY))
            except (OSError, ValueError) as error:
                raise LibraryTorn(f"The vocabulary in {self.folder} cannot be read: {error}.") from error
        return self._words

    def check(self) -> None:
        """Use every part once. Raises LibraryTorn where they do not fit together."""
        offsets, vectors = self._sentences.offsets, self._sentences.vectors
        if len(offsets) != self.count + 1 or offsets[-1] != len(vectors):
            raise LibraryTorn(f"The sentence vectors of {self.folder} do not fit its passages.")
        if len(self._tokens.offsets) != self.count + 1 or self._tokens.offsets[-1] != len(self._tokens.vectors):
            raise LibraryTorn(f"The tokens of {self.folder} do not fit its passages.")
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
        if self.count and len(vectors):
            self.dense(np.asarray(vectors[:1], np.float32), 10)


def _frequency(body: Field, title: Field, stem: str) -> int:
    return len(np.union1d(body.rows(stem), title.rows(stem)))


def _nearest(
    vectors: Vectors, rows_of: Mapping[str, int], folder: Path, vector: bytes, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Rows and cosines of the `k` passages nearest to a vector of float32, nearest first; not to be written to."""
    [(ids, distances)] = vectors.nearest(np.frombuffer(vector, np.float32)[None], k)
    try:
        rows = np.array([rows_of[id_] for id_ in ids], np.int64)
    except KeyError as error:
        raise LibraryTorn(f"The vectors of {folder} name a passage that it does not hold: {error}.") from None
    cosines = 1.0 - np.asarray(distances, np.float32)
    order = np.lexsort((rows, -cosines))  # ties by row: the same question gives the same order
    rows, cosines = rows[order], cosines[order]
    for part in (rows, cosines):
        part.setflags(write=False)  # given to whoever asks for it again
    return rows, cosines


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _close(vectors: Vectors, records: Records, in_use: IO[bytes] | None) -> None:
    vectors.close()
    records.close()
    if in_use is not None:
        in_use.close()
