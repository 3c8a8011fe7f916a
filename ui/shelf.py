"""What stands in a library, as tables for `waymark library`, its `show` and its `remove`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.pipeline import Removal


def show_library(value: dict[str, Any], console: Console) -> None:
    """`value`: what `corpus.contents.library_contents` gives."""
    from ui.terminal import show_facts, show_table

    facts = {name: str(value[name]) for name in ("library", "status", "generation", "documents", "passages")}
    show_facts(facts, console)
    rows = [
        (book["title"], book["document_id"], book["source"], book["published"] or "", str(book["passages"]))
        for book in value["contents"]
    ]
    show_table("", ("title", "id", "source", "published", "passages"), rows, console)
    if value["joined"]:
        sources = {book["document_id"]: book["source"] for book in value["contents"]}
        joined = [
            (one["source"], sources.get(one["joined_to"], one["joined_to"]), one["reason"], f"{one['likeness']:.2f}")
            for one in value["joined"]
        ]
        show_table("Joined: others answer for these", ("source", "joined to", "reason", "likeness"), joined, console)
    if value["quarantined"]:
        bad = [(source["source"], source["reason"]) for source in value["quarantined"]]
        show_table("Quarantined: these sources could not be read", ("source", "reason"), bad, console)


def show_document(value: dict[str, Any], console: Console) -> None:
    """`value`: what `corpus.contents.document_contents` gives."""
    from ui.terminal import show_facts, show_table

    told = ("title", "source", "url", "author", "publisher", "published", "region", "language", "summary")
    facts = {"id": value["document_id"]} | {name: value[name] for name in told if value[name]}
    if value["about"]:
        facts["also called"] = ", ".join(value["about"])
    facts["passages"] = f"{value['passages']} ({value['characters']:,} characters)"
    if value["joined_to"]:
        facts["joined to"] = f"{value['joined_to']}, which answers for it"
    show_facts(facts, console)
    rows = [
        (section["section"] if place == 0 else "", str(passage["sentences"]), _beginning(passage["text"]))
        for section in value["sections"]
        for place, passage in enumerate(section["passages"])
    ]
    show_table("", ("section", "sentences", "passage"), rows, console)
    for title, names, parts in (
        ("Joined with it: it answers for these", ("document_id", "source", "reason", "likeness"), value["joined"]),
        ("Dropped: these lines were not taken for its text", ("reason", "text"), value["dropped"]),
        ("Works that it cites", ("title", "publisher", "date", "url"), value["references"]),
        ("Only here: lines that the one that answers for it does not have", ("line",), value["only_here"]),
    ):
        if parts:
            cells = [part if isinstance(part, dict) else {"line": part} for part in parts]
            rows_of = [tuple(str(cell[name] if cell[name] is not None else "") for name in names) for cell in cells]
            show_table(title, names, rows_of, console)


def removed(removal: Removal) -> dict[str, Any]:
    """A removal as plain values, for --json."""
    return {**asdict(removal), "library": str(removal.library)}


def show_removal(value: dict[str, Any], console: Console) -> None:
    """`value`: what `removed` gives."""
    from rich.text import Text

    from ui.terminal import show_facts

    show_facts({name: str(value[name]) for name in ("library", "generation", "documents", "passages")}, console)
    show_facts({"removed": ", ".join(value["removed"])}, console)
    if value["answering_now"]:
        show_facts({"now answering": ", ".join(value["answering_now"])}, console)
    console.print(Text("A document comes back when its source is ingested again."))


def _beginning(text: str, most: int = 100) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
