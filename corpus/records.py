"""Documents and passages as JSON and back, and the file in which a generation keeps its own copy of them.

A generation's copy is written once and then only read, so an older generation answers on unchanged while the store
already holds newer documents. Passages are numbered: their row is their place in this file.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.errors import LibraryTorn, UnknownDocument
from corpus.models import Block, Document, Footnote, Passage, Reference, Sentence, values_of

CACHED_PASSAGES = 4_096
CACHED_DOCUMENTS = 256


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document without its text; `passages` is their number."""

    id: str
    title: str
    source: str
    url: str | None
    author: str | None
    published: str | None
    region: str | None
    passages: int
    about: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A document's place in a record file, its rows, and the digest of its content (`Store.entries`)."""

    place: int
    id: str
    content: str
    first: int
    count: int


def document_to_json(document: Document) -> str:
    """Canonical: the same document always gives the same text."""
    return _dump(document)


def document_from_json(text: str) -> Document:
    """The document that `document_to_json` wrote."""
    values = json.loads(text)
    values["blocks"] = tuple(Block(**block) for block in values["blocks"])
    values["footnotes"] = tuple(Footnote(note["at"], Reference(**note["reference"])) for note in values["footnotes"])
    values["dropped"] = tuple((reason, what) for reason, what in values["dropped"])
    values["about"] = tuple(values["about"])
    values["questions"] = tuple(values["questions"])
    # A store of before `asked` was read knows none.
    values["asked"] = tuple((heading, tuple(said)) for heading, said in values.get("asked", ()))
    return Document(**values)


def passage_to_json(passage: Passage) -> str:
    """Canonical: the same passage always gives the same text."""
    return _dump(passage)


def passage_from_json(text: str) -> Passage:
    """The passage that `passage_to_json` wrote."""
    values = json.loads(text)
    values["section"] = tuple(values["section"])
    values["leads"] = tuple(values["leads"])
    values["asked"] = tuple(values.get("asked", ()))
    values["sentences"] = tuple(
        Sentence(**{**sentence, "lead": tuple(sentence["lead"]) if sentence["lead"] else None})
        for sentence in values["sentences"]
    )
    return Passage(**values)


def _dump(record: Document | Passage | DocumentInfo) -> str:
    # ASCII only: a lone surrogate in a source can be written to a file this way, and comes back as it was.
    return json.dumps(record, sort_keys=True, separators=(",", ":"), default=values_of)


class RecordWriter:
    """Fills a new record file, document by document; rows are given in the order of writing.

    `base` is an earlier record file, whose documents `keep` takes over; it is only read.
    """

    def __init__(self, path: Path, base: Path | None = None) -> None:
        self._base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rwc", uri=True)
        self._base.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE documents (
                place INTEGER PRIMARY KEY, id TEXT UNIQUE, first INTEGER, count INTEGER, content TEXT, info TEXT,
                record TEXT
            );
            CREATE TABLE passages (row INTEGER PRIMARY KEY, id TEXT, record TEXT);
            """
        )
        if base is not None:
            self._base.execute("ATTACH ? AS base", (f"{base.absolute().as_uri()}?mode=ro&immutable=1",))
        self.documents = 0
        self.rows = 0

    def keep(self, held: Sequence[Held]) -> None:
        """Take over documents that stand side by side in the base."""
        first, last = held[0], held[-1]
        self._base.execute(
            "INSERT INTO documents SELECT place + ?, id, first + ?, count, content, info, record FROM base.documents "
            "WHERE place BETWEEN ? AND ?",
            (self.documents - first.place, self.rows - first.first, first.place, last.place),
        )
        self._base.execute(
            "INSERT INTO passages SELECT row + ?, id, record FROM base.passages WHERE row >= ? AND row < ?",
            (self.rows - first.first, first.first, last.first + last.count),
        )
        self.documents += len(held)
        self.rows = self.rows - first.first + last.first + last.count

    def add(self, document: Document, passages: Sequence[Passage], content: str) -> None:
        """The next document. `content`: the store's digest of it and its passages."""
        info = DocumentInfo(
            document.id,
            document.title,
            document.source,
            document.url,
            document.author,
            document.published,
            document.region,
            len(passages),
            document.about,
            document.questions,
        )
        self._base.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self.documents,
                document.id,
                self.rows,
                len(passages),
                content,
                _dump(info),
                document_to_json(document),
            ),
        )
        self._base.executemany(
            "INSERT INTO passages VALUES (?, ?, ?)",
            [(self.rows + i, passage.id, passage_to_json(passage)) for i, passage in enumerate(passages)],
        )
        self.documents += 1
        self.rows += len(passages)

    def close(self) -> None:
        self._base.commit()
        self._base.close()


class Records:
    """A record file opened for reading; safe to use from many threads. Raises LibraryTorn where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            # Immutable: nothing writes it any more, so no locks and no side files.
            self._base = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise self._torn(error) from error
        self.count = int(self._all("SELECT count(*) FROM passages")[0][0])
        rows = self._all("SELECT id, first, count, info FROM documents ORDER BY place")
        self._rows = {str(id_): range(first, first + count) for id_, first, count, _ in rows}
        self.infos = tuple(_info(text) for *_, text in rows)
        self.passage = lru_cache(CACHED_PASSAGES)(self._passage)
        self.document = lru_cache(CACHED_DOCUMENTS)(self._document)

    def rows_of(self, document_id: str) -> range:
        """The rows of a document's passages, in reading order. Raises UnknownDocument."""
        try:
            return self._rows[document_id]
        except KeyError:
            raise _unknown(document_id) from None

    def passage_ids(self) -> list[str]:
        """The id of each row."""
        return [str(id_) for (id_,) in self._all("SELECT id FROM passages ORDER BY row")]

    def held(self) -> dict[str, Held]:
        """The documents in order, by their ids."""
        rows = self._all("SELECT place, id, content, first, count FROM documents ORDER BY place")
        return {row[1]: Held(*row) for row in rows}

    def close(self) -> None:
        with self._lock:
            self._base.close()

    def _passage(self, row: int) -> Passage:
        found = self._all("SELECT record FROM passages WHERE row = ?", row)
        if not found:
            raise IndexError(f"There is no passage in row {row}; the library has {self.count}.")
        return passage_from_json(found[0][0])

    def _document(self, document_id: str) -> Document:
        found = self._all("SELECT record FROM documents WHERE id = ?", document_id)
        if not found:
            raise _unknown(document_id)
        return document_from_json(found[0][0])

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._base.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            raise self._torn(error) from error

    def _torn(self, error: Exception) -> LibraryTorn:
        return LibraryTorn(f"{self._path} cannot be read ({error}); run `waymark ingest` on the library again.")


def _unknown(document_id: str) -> UnknownDocument:
    return UnknownDocument(f"There is no document {document_id!r} in this library; `waymark library` lists them.")


def _info(text: str) -> DocumentInfo:
    values: dict[str, Any] = json.loads(text)
    return DocumentInfo(**{**values, "about": tuple(values["about"]), "questions": tuple(values["questions"])})
