"""Stores of other versions: earlier ones are brought up, later ones refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from corpus.migrations import MIGRATIONS
from corpus.store import FILE, Quarantined, Store
from corpus.store_reading import read_joined


def test_a_store_of_the_first_version_is_brought_up(tmp_path: Path) -> None:
    first_name, first = MIGRATIONS[0]
    with sqlite3.connect(tmp_path / FILE) as base:
        base.executescript(f"CREATE TABLE migrations (name TEXT PRIMARY KEY); {first}")
        base.execute("INSERT INTO migrations VALUES (?)", (first_name,))
        base.execute("INSERT INTO quarantined VALUES ('/x', 'x', 'bad')")
    base.close()
    assert read_joined(tmp_path) == (), "readers do not bring it up"
    scratch = Store(tmp_path, scratch=True)
    assert scratch.quarantined() == (Quarantined("x", "bad"),)
    scratch.close()
    store = Store(tmp_path)
    assert (store.joins(), store.quarantined()) == ((), (Quarantined("x", "bad"),))
    store.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("INSERT INTO migrations VALUES ('999-from-the-future')")
    base.close()
    with pytest.raises(LibraryError, match="newer Waymark"):
        Store(tmp_path)
