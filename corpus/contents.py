"""What stands in a library, as plain values: what `waymark library --json` and `python -m corpus --json` print."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.settings import Settings

_TOLD = ("title", "source", "url", "author", "published", "region", "passages")


def library_contents(folder: Path, settings: Settings) -> dict[str, Any]:
    """Counts, documents, quarantined sources with their reasons. Raises what `Library.open` raises."""
    from corpus.library import Library  # late: `--help` needs no model

    library = Library.open(folder, settings)
    try:
        index = library.current()
        return {
            "library": str(folder),
            "status": library.status,
            "generation": index.generation,
            "model": library.embedder.name,
            "documents": index.document_count,
            "passages": index.count,
            "contents": [
                {"document_id": info.id, **{name: getattr(info, name) for name in _TOLD}} for info in index.documents()
            ],
            "quarantined": [asdict(source) for source in library.quarantined()],
        }
    finally:
        library.close()
