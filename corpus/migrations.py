"""The tables of the store (`corpus.store`), and how one of an earlier version is brought up to them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from corpus.errors import LibraryError

# Append only: a library of any earlier version is brought up by the ones that it has not had.
MIGRATIONS: tuple[tuple[str, str], ...] = (
    (
        "001-documents-passages-vectors",
        """
        CREATE TABLE documents (
            id TEXT PRIMARY KEY,
            origin TEXT NOT NULL UNIQUE,  -- where it was read: an absolute path or an address; stays on this machine
            digest TEXT NOT NULL,         -- of the source's bytes and the reader's version
            source TEXT NOT NULL,
            content TEXT NOT NULL,        -- SHA-256 over the records of the document and its passages
            record TEXT NOT NULL
        );
        CREATE TABLE passages (
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            record TEXT NOT NULL,
            PRIMARY KEY (document_id, place)
        ) WITHOUT ROWID;
        CREATE TABLE quarantined (origin TEXT PRIMARY KEY, source TEXT NOT NULL, reason TEXT NOT NULL);
        CREATE TABLE vectors (
            text BLOB NOT NULL,           -- SHA-256 of the text
            model TEXT NOT NULL,          -- fingerprint of the embedder
            vector BLOB NOT NULL,         -- float16, little endian
            PRIMARY KEY (text, model)
        ) WITHOUT ROWID;
        """,
    ),
    (
        "002-outlines-joined-fetched",
        """
        CREATE TABLE outlines (          -- by what a document is compared with others; empty where it never is
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            outline TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE joined (            -- documents that another one answers for; gone as soon as either is
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            kept_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            reason TEXT NOT NULL,
            likeness REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX joined_by_kept ON joined (kept_id);
        CREATE TABLE fetched (           -- what a server said of the page that a document was made of
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            address TEXT NOT NULL,       -- behind all redirects
            etag TEXT,
            modified TEXT
        ) WITHOUT ROWID;
        """,
    ),
    (
        "003-tokens",
        "ALTER TABLE vectors ADD COLUMN tokens BLOB NOT NULL DEFAULT x'';  -- signs of the tokens' vectors",
    ),
)


def migrate(base: sqlite3.Connection, path: Path) -> None:
    """Bring up the store in `path`, opened as `base`, to the tables of this version.

    Raises LibraryError where a newer version wrote it, and what sqlite3 raises.
    """
    base.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
    had = {name for (name,) in base.execute("SELECT name FROM migrations")}
    if unknown := had - {name for name, _ in MIGRATIONS}:
        raise LibraryError(
            f"{path} was written by a newer Waymark ({', '.join(sorted(unknown))}); "
            "use that version, or ingest the sources into a new library."
        )
    for name, script in MIGRATIONS:
        if name not in had:
            base.executescript(f"BEGIN; {script}")
            base.execute("INSERT INTO migrations VALUES (?)", (name,))
            base.execute("COMMIT")
