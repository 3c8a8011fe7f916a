"""What stands in a library, for `waymark library`: as a value for `--json` and as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console


def library_value(folder: Path, settings: Settings) -> dict[str, Any]:
    """The contents of the library in `folder`. Raises UnknownLibrary, ModelMismatch or LibraryTorn."""
    from corpus.library import Library

    library = Library.open(folder, settings)
    try:
        index = library.current()
        return {
            "library": str(folder),
            "status": library.status,
            "generation": index.generation,
            "documents": index.document_count,
            "passages": index.count,
            "contents": [
                {
                    "document_id": info.id,
                    "title": info.title,
                    "source": info.source,
                    "url": info.url,
                    "author": info.author,
                    "published": info.published,
                    "region": info.region,
                    "passages": info.passages,
                }
                for info in library.documents()
            ],
            "quarantined": [{"source": bad.source, "reason": bad.reason} for bad in library.quarantined()],
        }
    finally:
        library.close()


def show_library(value: dict[str, Any], console: Console) -> None:
    """The same for a person."""
    from ui.terminal import show_facts, show_table

    facts = {name: str(value[name]) for name in ("library", "status", "generation", "documents", "passages")}
    show_facts(facts, console)
    rows = [
        (book["title"], book["source"], book["published"] or "", str(book["passages"])) for book in value["contents"]
    ]
    show_table("", ("title", "source", "published", "passages"), rows, console)
    if value["quarantined"]:
        bad = [(source["source"], source["reason"]) for source in value["quarantined"]]
        show_table("Quarantined: these sources could not be read", ("source", "reason"), bad, console)
