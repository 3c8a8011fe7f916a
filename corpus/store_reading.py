"""The store (`corpus.store`) as readers see it, while a writer may be at work: each call opens it for itself.

Where a folder has no store, there is nothing in it. Raises LibraryError or LibraryTorn, both naming the file.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from corpus.models import Document, Passage
from corpus.records import document_from_json, passage_from_json
from corpus.store import FILE, Joined, Quarantined, trouble_of


def read_quarantined(folder: Path) -> tuple[Quarantined, ...]:
    """The sources that could not be read, by their names."""
    rows = _read(folder, "SELECT source, reason FROM quarantined ORDER BY source, origin")
    return tuple(Quarantined(str(source), str(reason)) for source, reason in rows)


def read_joined(folder: Path) -> tuple[Joined, ...]:
    """The joined documents; none where the store is of an older version, which had no such table."""
    if not _read(folder, "SELECT name FROM sqlite_master WHERE name = 'joined'"):
        return ()
    rows = _read(
        folder,
        "SELECT document_id, kept_id, reason, likeness, json_extract(record, '$.title'), source "
        "FROM joined JOIN documents ON id = document_id ORDER BY source, document_id",
    )
    return tuple(Joined(*row) for row in rows)


def read_document(folder: Path, document_id: str) -> tuple[Document, tuple[Passage, ...]] | None:
    """A document of the store with its passages, joined ones too; None where there is none of this id."""
    found = _read(folder, "SELECT record FROM documents WHERE id = ?", document_id)
    if not found:
        return None
    parts = _read(folder, "SELECT record FROM passages WHERE document_id = ? ORDER BY place", document_id)
    return document_from_json(found[0][0]), tuple(passage_from_json(part) for (part,) in parts)


def read_ids(folder: Path) -> tuple[str, ...]:
    """The ids of all documents, joined ones too."""
    return tuple(str(id_) for (id_,) in _read(folder, "SELECT id FROM documents ORDER BY id"))


def _read(folder: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    path = folder / FILE
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            return base.execute(query, values).fetchall()
    except sqlite3.DatabaseError as error:
        raise trouble_of(path, error) from error
