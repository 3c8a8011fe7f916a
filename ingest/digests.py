"""How an ingest knows that nothing has changed: a digest over bytes, and one over the code that reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from corpus import prose


def digest(parts: Iterable[bytes]) -> str:
    """Hex SHA-256 of parts in order, each with its length, so that no two lists of parts run together."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> bytes:
    """Digest of the code that makes documents of files: a document that other code read is read again."""
    code = [*sorted(Path(__file__).parent.rglob("*.py")), Path(prose.__file__)]
    return digest(path.read_bytes() for path in code).encode()
