"""What stands in a library, as tables for `waymark library`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def show_library(value: dict[str, Any], console: Console) -> None:
    """`value`: what `corpus.contents.library_contents` gives."""
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
