"""Writing an index (`corpus.index`): the files of one generation, filled together in the order of the documents.

An index may go on from an earlier one: what stayed is copied, array by array, without being read as text, and the
files come out the same, byte for byte, as if all had been written anew. Chroma's alone differ: its collection is
copied, what is gone taken out of it and what is new put in. The earlier index's files are only read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from corpus import dense
from corpus.dense import ROWS_A_CALL, Vectors
from corpus.embedding import PassageVectors
from corpus.index import ASKED, BODY, SENTENCES, TITLE, TOKENS, VOCABULARY
from corpus.lexical import FieldWriter
from corpus.models import Document, Passage
from corpus.records import Held, Records, RecordWriter
from corpus.row_vectors import PACKED, RowVectorWriter
from corpus.words import terms, words

Progress = Callable[[str, int, int], None]  # stage, done, total
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
    """Fill an empty folder with all but calibration.json.

    Returns how many passages its collection has lost since it was written whole.

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
        self._vocabulary = Counter[str]()
        if place:
            self._vocabulary.update(json.loads((place / VOCABULARY).read_text(encoding="utf-8")))

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
