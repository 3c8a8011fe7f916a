"""One generation of a library's index: written once, then opened and searched.

FOLDER/records.sqlite3         documents and passages (corpus.records); a passage's row is its number everywhere
       chroma/                 passage vectors (corpus.dense), unless they are in a Chroma server
       body/ title/            BM25 of the passages' text, and of their titles and headings (corpus.lexical)
       sentences.npy           the sentences' vectors; asked.npy those of how people ask; tokens.npy, as signs, those
                               of the passages' tokens (corpus.row_vectors, corpus.late_interaction)
       vocabulary.json         surface word -> number of passages
       calibration.json        what the search measured on this library (corpus.search)

An index may go on from an earlier one: what stayed is copied, array by array, without being read as text, and the
files come out the same, byte for byte, as if all had been written anew. Chroma's alone differ: its collection is
copied, what is gone taken out of it and what is new put in. The earlier index's files are only read.
"""

from __future__ import annotations

import json
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from corpus import dense
from corpus.dense import ROWS_A_CALL, Vectors
from corpus.embedding import PassageVectors
from corpus.errors import LibraryTorn
from corpus.lexical import Field, FieldWriter
from corpus.models import Document, Passage
from corpus.records import DocumentInfo, Held, Records, RecordWriter
from corpus.row_vectors import PACKED, RowVectors, RowVectorWriter
from corpus.vocabulary import Vocabulary
from corpus.words import terms, words

Progress = Callable[[str, int, int], None]  # stage, done, total

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
        return [self._nearest(vector.tobytes(), k) for vector in np.asarray(vectors, np.float32)]

    def lexical(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 of text and lead-ins; a stem given twice counts twice, unknown ones not at all."""
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

        All of them are gone through: they are written by hand, so that there are thousands at most.
        """
        return self._asked.best(vector)

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


Documents = Iterable[tuple[Document, Sequence[Passage]]]


@dataclass(frozen=True, slots=True)
class Content:
    """What an index is written of.

    `entries`: the id of each document, in order, with a digest of it and its passages; `passages`: how many there are
    in all. `read` gives the documents of some ids in the same order, with their passages; `vectors` what the model
    makes of each passage, with rows (1 + sentences + asked, dimension): its own, its sentences', those of the words in
    which people ask for it.
    """

    entries: Mapping[str, str]
    passages: int
    dimension: int
    read: Callable[[Sequence[str]], Documents]
    vectors: Callable[[Sequence[Passage]], Sequence[PassageVectors]]


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier index to go on from: its documents by their ids, in order; `removed` passages were taken out of its
    collection since that was written whole."""

    folder: Path
    held: Mapping[str, Held]
    removed: int

    def keeps(self, content: Content) -> list[Held]:
        """Its documents that are in the content as they are here."""
        return [held for id_, held in self.held.items() if content.entries.get(id_) == held.content]


def write(
    folder: Path,
    generation: str,
    content: Content,
    chroma_url: str | None,
    progress: Progress,
    base: Base | None = None,
) -> int:
    """Fill an empty folder, all but calibration.json; how many passages its collection has lost since it was whole.

    `base` only where the vectors are in the folder itself. Raises LibraryError, or OSError where the disk is full.
    """
    kept = {held.id: held for held in base.keeps(content)} if base else {}
    gone = _gone(base, kept) if base else []
    if base:
        dense.copy(base.folder, folder)
    with Vectors(folder, generation, chroma_url, new=base is None) as vectors:
        vectors.remove([passage.id for passage in gone])
        parts = _Parts(folder, content.dimension, base)
        try:
            for stays, run in groupby(content.entries, kept.__contains__):
                ids = list(run)
                if stays:
                    parts.keep([kept[id_] for id_ in ids])
                else:
                    for batch in _batches(content.read(ids)):
                        parts.add(batch, content, vectors)
                        progress("indexing", parts.records.rows, content.passages)
        except BaseException:
            parts.abandon()
            raise
    parts.close(folder, gone)  # only now: the collection no longer takes memory
    return base.removed + len(gone) if base else 0


def _gone(base: Base, kept: Mapping[str, Held]) -> list[Passage]:
    """The passages of the base that are not taken over."""
    records = Records(base.folder / "records.sqlite3")
    try:
        rows = [row for id_ in base.held if id_ not in kept for row in records.rows_of(id_)]
        return [records.passage(row) for row in rows]
    finally:
        records.close()


class _Parts:
    """The files of an index that is being written, Chroma's aside, filled together in the order of the documents."""

    def __init__(self, folder: Path, dimension: int, base: Base | None) -> None:
        place = base.folder if base else None
        self.records = RecordWriter(folder / "records.sqlite3", place / "records.sqlite3" if place else None)
        self._body = FieldWriter(place / BODY if place else None)
        self._title = FieldWriter(place / TITLE if place else None)
        self._sentences = RowVectorWriter(folder, SENTENCES, dimension, place)
        self._asked = RowVectorWriter(folder, ASKED, dimension, place)
        self._tokens = RowVectorWriter(folder, TOKENS, (dimension + 7) // 8, place, PACKED)
        self._vocabulary = Counter[str](_json(place / VOCABULARY) if place else {})

    def keep(self, documents: Sequence[Held]) -> None:
        """Documents of the base, as they are there, in runs of such as stand side by side."""
        for _, run in groupby(enumerate(documents), lambda each: each[1].place - each[0]):
            held = [document for _, document in run]
            first, count = held[0].first, held[-1].first + held[-1].count - held[0].first
            self.records.keep(held)
            for part in (self._body, self._title, self._sentences, self._asked, self._tokens):
                part.keep(first, count)

    def add(self, batch: list[tuple[Document, Sequence[Passage]]], content: Content, vectors: Vectors) -> None:
        """New documents."""
        made = content.vectors([passage for _, part in batch for passage in part])
        _add_vectors(vectors, batch, made)
        for each, passage in zip(made, (passage for _, part in batch for passage in part), strict=True):
            self._sentences.add(each.rows[1 : 1 + len(passage.sentences)])
            self._asked.add(each.rows[1 + len(passage.sentences) :])
            self._tokens.add(each.tokens)
        for document, passages in batch:
            self.records.add(document, passages, content.entries[document.id])
            for passage in passages:
                self._body.add(terms(body_text(passage)))
                self._title.add(terms(f"{passage.context} {' '.join(document.about)}"))
                self._vocabulary.update(_surface_words(passage))

    def abandon(self) -> None:
        """Let go of the files where the writing ends half-way."""
        self.records.close()
        for part in (self._sentences, self._asked, self._tokens):
            part.abandon()

    def close(self, folder: Path, gone: Iterable[Passage]) -> None:
        """Write what could not be written on the way. `gone`: passages of the base that were not kept."""
        self.records.close()
        for part in (self._sentences, self._asked, self._tokens):
            part.close()
        self._body.write(folder / BODY)
        self._title.write(folder / TITLE)
        for passage in gone:
            self._vocabulary.subtract(_surface_words(passage))
        counted = {word: count for word, count in sorted(self._vocabulary.items()) if count > 0}
        (folder / VOCABULARY).write_text(json.dumps(counted), encoding="utf-8")


def _surface_words(passage: Passage) -> set[str]:
    """What the vocabulary counts of a passage, each word once."""
    return {word for word in words(f"{passage.context} {body_text(passage)}") if len(word) <= 64}


def body_text(passage: Passage) -> str:
    """What the lexical search reads of a passage: its text, lead-ins outside it, and how people ask for it."""
    leads = dict.fromkeys(lead for lead in passage.leads if lead and lead not in passage.text)
    return " ".join([passage.text, *leads, *_anew(passage)])


def _anew(passage: Passage) -> Iterator[str]:
    """The words of how people ask for a passage, each once: five ways of asking do not make it five times as near."""
    seen: set[str] = set()
    for phrase in passage.asked:
        new = [word for word in words(phrase) if word not in seen]
        seen.update(new)
        yield " ".join(new)


def _batches(documents: Documents) -> Iterator[list[tuple[Document, Sequence[Passage]]]]:
    """Whole documents, together about as many passages as Chroma takes well in one call."""
    batch: list[tuple[Document, Sequence[Passage]]] = []
    held = 0
    for document, passages in documents:
        batch.append((document, passages))
        held += len(passages)
        if held >= ROWS_A_CALL:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _add_vectors(
    vectors: Vectors, batch: list[tuple[Document, Sequence[Passage]]], made: Sequence[PassageVectors]
) -> None:
    """No metadata tells the row: it changes with what stands before, and what has stayed is not written again."""
    pairs = [(document, passage) for document, passages in batch for passage in passages]
    if not pairs:
        return
    vectors.add(
        [passage.id for _, passage in pairs],
        np.stack([each.rows[0] for each in made]),
        [passage.text for _, passage in pairs],
        [
            {
                "document_id": document.id,
                "title": document.title,
                "source": document.source,
                "section": " > ".join(passage.section),
                "start": passage.start,
                "end": passage.end,
            }
            for document, passage in pairs
        ],
    )


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
