"""The truth of a library: documents, passages, what each source looked like, and vectors, in one SQLite file (WAL).

Indexes are made of it and can be made again; it is written by one process at a time (see `corpus.writer`).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.embedding import PassageVectors
from corpus.errors import LibraryError, LibraryTorn
from corpus.migrations import migrate
from corpus.models import Document, Passage
from corpus.records import document_from_json, document_to_json, passage_from_json, passage_to_json

FILE = "store.sqlite3"

_SHOWN = "FROM documents WHERE id NOT IN (SELECT document_id FROM joined) ORDER BY source, id"
_COPIED = {"documents", "passages", "quarantined", "outlines", "joined", "fetched"}
KEEP_UNUSED_VECTORS = 10_000  # of earlier texts and models, before the unused ones are dropped


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A source that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Join:
    """A document that says what another one says: that one answers for both.

    `likeness`: the share of its words that stand in the other, 0 to 1. `reason`: in which way they are the same.
    """

    document_id: str
    kept_id: str
    reason: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Joined(Join):
    """A join with what a person knows the document by."""

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server said of a page, to be said back to it: its address behind all redirects, ETag, Last-Modified."""

    address: str
    etag: str | None
    modified: str | None


class Store:
    """One connection, for one thread. Raises LibraryError or LibraryTorn, both naming the file."""

    def __init__(self, folder: Path, *, scratch: bool = False) -> None:
        """`scratch`: a copy in memory, without the vectors' numbers, to see what writing would do; the file and its
        folder, which need not be there, stay as they are."""
        self.path = folder / FILE
        try:
            self._base = sqlite3.connect(":memory:" if scratch else self.path, isolation_level=None, uri=scratch)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            migrate(self._base, self.path)
            if scratch and self.path.exists():
                self._copy()
            self._base.execute("PRAGMA foreign_keys = ON")
        except sqlite3.DatabaseError as error:
            raise trouble_of(self.path, error) from error

    def _copy(self) -> None:
        # Not read-only: such a connection would leave the files of the write-ahead log behind.
        self._base.execute("ATTACH ? AS kept", (f"{self.path.absolute().as_uri()}?mode=rw",))
        self._base.execute("BEGIN")
        tables = {name for (name,) in self._base.execute("SELECT name FROM kept.sqlite_master WHERE type = 'table'")}
        for table in _COPIED & tables:
            self._base.execute(f"INSERT INTO main.{table} SELECT * FROM kept.{table}")  # noqa: S608 - names of ours
        if "vectors" in tables:
            self._base.execute("INSERT INTO main.vectors SELECT text, model, x'', x'' FROM kept.vectors")
        self._base.execute("COMMIT")
        self._base.execute("DETACH kept")

    def close(self) -> None:
        self._base.close()

    # Sources

    def digest(self, origin: str) -> str | None:
        """By what the document of this origin was put (see `put`); None for an origin that has no document."""
        found = self._one("SELECT digest FROM documents WHERE origin = ?", _plain(origin))
        return None if found is None else str(found[0])

    def id_of(self, origin: str) -> str | None:
        """The id of the document of this origin; None where it has none."""
        found = self._one("SELECT id FROM documents WHERE origin = ?", _plain(origin))
        return None if found is None else str(found[0])

    def origin_of(self, document_id: str) -> str | None:
        """Where a document was read; None where there is none of this id."""
        found = self._one("SELECT origin FROM documents WHERE id = ?", document_id)
        return None if found is None else str(found[0])

    def source_of(self, document_id: str) -> str | None:
        """The name that a document's source is shown by; None where there is none of this id."""
        found = self._one("SELECT source FROM documents WHERE id = ?", document_id)
        return None if found is None else str(found[0])

    def origins(self) -> dict[str, str]:
        """Origin -> document id, of all documents."""
        return {str(origin): str(id_) for origin, id_ in self._run("SELECT origin, id FROM documents ORDER BY origin")}

    def quarantined(self) -> tuple[Quarantined, ...]:
        """The sources that could not be read, by their names."""
        rows = self._run("SELECT source, reason FROM quarantined ORDER BY source, origin")
        return tuple(Quarantined(str(source), str(reason)) for source, reason in rows)

    def quarantined_origins(self) -> set[str]:
        """Where they were to be read."""
        return {str(origin) for (origin,) in self._run("SELECT origin FROM quarantined")}

    def fetched(self, origin: str) -> Fetched | None:
        """What the server said when the document of this address was fetched; None for files and unknown origins."""
        found = self._one(
            "SELECT address, etag, modified FROM fetched JOIN documents ON id = document_id WHERE origin = ?",
            _plain(origin),
        )
        return None if found is None else Fetched(*found)

    def outlines(self) -> dict[str, str]:
        """Document id -> outline, of the documents that have one."""
        return {str(id_): str(outline) for id_, outline in self._run("SELECT document_id, outline FROM outlines")}

    def joins(self) -> tuple[Join, ...]:
        """The documents that others answer for, by their ids."""
        rows = self._run("SELECT document_id, kept_id, reason, likeness FROM joined ORDER BY document_id")
        return tuple(Join(*row) for row in rows)

    # Writing: each call is one transaction

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        origin: str,
        digest: str,
        outline: str = "",
        fetched: Fetched | None = None,
    ) -> None:
        """Add a document, or replace the one of the same id or origin; what was joined with that stands alone again.

        `digest`: of all that it was made of, so that the same need not be read again; `outline`: by what it is compared
        with others, "" where it never is; `fetched`: what the page's server said.
        """
        record = document_to_json(document)
        parts = [passage_to_json(passage) for passage in passages]
        content = hashlib.sha256("\n".join([record, *parts]).encode()).hexdigest()
        with self._transaction():
            self._run("DELETE FROM quarantined WHERE origin = ?", _plain(origin))
            self._run("DELETE FROM documents WHERE origin = ? OR id = ?", _plain(origin), document.id)
            self._run(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                document.id, _plain(origin), digest, _plain(document.source), content, record,
            )  # fmt: skip
            self._many(
                "INSERT INTO passages VALUES (?, ?, ?, ?)",
                [
                    (document.id, place, passage.id, part)
                    for place, (passage, part) in enumerate(zip(passages, parts, strict=True))
                ],
            )
            if outline:
                self._run("INSERT INTO outlines VALUES (?, ?)", document.id, outline)
            if fetched is not None:
                self._note(document.id, fetched)

    def note_fetched(self, origin: str, fetched: Fetched) -> None:
        """Keep what the server says of the page now; nothing is written where that is what it said before."""
        held = self.id_of(origin)
        if held is not None and self.fetched(origin) != fetched:
            self._note(held, fetched)

    def _note(self, document_id: str, said: Fetched) -> None:
        self._run(
            "INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?)", document_id, said.address, said.etag, said.modified
        )

    def join(self, joins: Iterable[Join]) -> None:
        """Make these the joined documents, and no others; nothing is written where they are."""
        wanted = sorted(joins, key=lambda join: join.document_id)
        if list(self.joins()) == wanted:
            return
        with self._transaction():
            self._run("DELETE FROM joined")
            self._many(
                "INSERT INTO joined VALUES (?, ?, ?, ?)",
                [(join.document_id, join.kept_id, join.reason, join.likeness) for join in wanted],
            )

    def quarantine(self, source: str, reason: str, origin: str) -> None:
        """List a source as unreadable; a document that it had before is removed."""
        row = self._one("SELECT source, reason FROM quarantined WHERE origin = ?", _plain(origin))
        if row == (_plain(source), _plain(reason)) and self.id_of(origin) is None:
            return
        with self._transaction():
            self._run("DELETE FROM documents WHERE origin = ?", _plain(origin))
            self._run(
                "INSERT OR REPLACE INTO quarantined VALUES (?, ?, ?)",
                _plain(origin), _plain(source), _plain(reason),
            )  # fmt: skip

    def release(self, origin: str) -> None:
        """Take a source off the list of unreadable ones (it is gone)."""
        self._run("DELETE FROM quarantined WHERE origin = ?", _plain(origin))

    def remove(self, document_id: str) -> None:
        """Take a document out; nothing happens where there is none."""
        self._run("DELETE FROM documents WHERE id = ?", document_id)

    # Reading it whole, in one order whatever the order of ingestion

    def entries(self) -> dict[str, str]:
        """Document id -> digest of the document and its passages, of all but the joined, ordered by source and id."""
        rows = self._run(f"SELECT id, content {_SHOWN}")
        return {str(id_): str(content) for id_, content in rows}

    def documents(self, ids: Iterable[str] | None = None) -> Iterator[tuple[Document, tuple[Passage, ...]]]:
        """The documents of these ids (default: every one that answers, by source and id), passages in reading order."""
        for id_ in self.entries() if ids is None else ids:
            (record,) = self._one("SELECT record FROM documents WHERE id = ?", id_)
            parts = self._run("SELECT record FROM passages WHERE document_id = ? ORDER BY place", id_)
            yield document_from_json(record), tuple(passage_from_json(part) for (part,) in parts)

    def passage_count(self) -> int:
        """How many passages the documents have that answer."""
        query = "SELECT count(*) FROM passages WHERE document_id NOT IN (SELECT document_id FROM joined)"
        return int(self._one(query)[0])

    def manifest_hash(self, settings: Mapping[str, object]) -> str:
        """Hex SHA-256 over documents, passages and the settings given: what an index of this store is an index of.

        The same sources, settings and model give the same hash on any machine; vectors and places do not count.
        """
        digest = hashlib.sha256()
        for name in sorted(settings):
            digest.update(f"{name}={settings[name]}\n".encode())
        for id_, content in self.entries().items():
            digest.update(f"{id_} {content}\n".encode())
        return digest.hexdigest()

    # Vectors

    def missing(self, texts: Sequence[bytes], model: str) -> list[bytes]:
        """Those of the text digests that have no vector yet, each once, in order."""
        known = {text for (text,) in self._of_texts("SELECT text", texts, model)}
        return [text for text in dict.fromkeys(texts) if text not in known]

    def vectors(self, texts: Sequence[bytes], model: str, dimension: int) -> list[PassageVectors]:
        """What was kept under each text digest, in order; every one must be there."""
        found = {text: parts for text, *parts in self._of_texts("SELECT text, vector, tokens", texts, model)}
        return [
            PassageVectors(
                np.frombuffer(rows, "<f2").reshape(-1, dimension).astype(np.float32),
                np.frombuffer(tokens, np.uint8).reshape(-1, (dimension + 7) // 8),
            )
            for rows, tokens in map(found.__getitem__, texts)
        ]

    def keep_vectors(self, texts: Sequence[bytes], vectors: Iterable[PassageVectors], model: str) -> None:
        """What the model makes of each text, under its digest; rows as float16."""
        told = [
            (text, model, np.asarray(each.rows, "<f2").tobytes(), each.tokens.tobytes())
            for text, each in zip(texts, vectors, strict=True)
        ]
        with self._transaction():
            self._many("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", told)

    def drop_unused_vectors(self, used: set[bytes], model: str) -> int:
        """Forget vectors of texts and models no longer in use once they are many; how many went."""
        (count,) = self._run("SELECT count(*) FROM vectors").fetchone()
        if count - len(used) <= max(KEEP_UNUSED_VECTORS, len(used)):
            return 0
        stale = [
            (text, other)
            for text, other in self._run("SELECT text, model FROM vectors")
            if other != model or text not in used
        ]
        with self._transaction():
            self._many("DELETE FROM vectors WHERE text = ? AND model = ?", stale)
        return len(stale)

    def _of_texts(self, select: str, texts: Sequence[bytes], model: str) -> Iterator[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(texts))
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            yield from self._run(f"{select} FROM vectors WHERE model = ? AND text IN ({marks})", model, *part)

    # SQLite

    def _run(self, query: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._base.execute(query, values)
        except sqlite3.DatabaseError as error:
            raise trouble_of(self.path, error) from error

    def _one(self, query: str, *values: object) -> Any:
        return self._run(query, *values).fetchone()

    def _many(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            self._base.executemany(query, rows)
        except sqlite3.DatabaseError as error:
            raise trouble_of(self.path, error) from error

    def _transaction(self) -> _Transaction:
        return _Transaction(self._base, self.path)


class _Transaction:
    """All of it or nothing; sqlite3's own context manager does not begin one."""

    def __init__(self, base: sqlite3.Connection, path: Path) -> None:
        self._base, self._path = base, path

    def __enter__(self) -> None:
        self._base.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            if self._base.in_transaction:  # a full disk has already undone it
                self._base.execute("ROLLBACK")
            return
        try:
            self._base.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise trouble_of(self._path, error) from error


def _plain(text: str) -> str:
    """A file's name may hold bytes that are no text; SQLite takes text alone."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def trouble_of(path: Path, error: sqlite3.DatabaseError) -> LibraryError:
    """What SQLite complains of, as an error of the library's: LibraryTorn where the file itself is damaged."""
    text = str(error)
    if "malformed" in text or "not a database" in text:
        return LibraryTorn(
            f"{path} is damaged ({text}). The library's index still answers; to write again, move that file away "
            "and ingest the sources anew."
        )
    return LibraryError(f"{path} could not be used ({text}); the library is as it was. Check the disk and the rights.")
