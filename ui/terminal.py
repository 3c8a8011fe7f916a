"""An answer in the terminal: its text, then each source with the exact words. Light: rich is imported on use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.answer import Answer, Citation
from ui.text import printable, understood

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.style import Style

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~&=])|&amp;")
_ADDRESS = re.compile(r"https?://[!-~]+")
_MARKS = re.compile(r"(?<!\\)(?:\[\d+\])+")


def show_answer(answer: Answer, question: str, console: Console) -> None:
    """Prints the answer the way a person reads it. Every text goes in as text: no colour code of a source is obeyed."""
    from rich.text import Text

    asked = understood(answer.standalone_question, question)
    if asked:
        console.print(Text(f"You asked about: {printable(asked)}\n", style="italic"))
    if answer.answer:
        show_line(answer.answer, console)
    for title, texts in (
        ("Not in these guides", answer.missing),
        ("Which one do you mean?", answer.options),
        ("Notes", answer.notices),
    ):
        _list(title, texts, console)
    if answer.hand_on is not None:
        whom = " ".join(part for part in (answer.hand_on.whom, answer.hand_on.url) if part)
        _list("Ask a person as well", [whom], console)
    if answer.citations:
        console.print(Text("\nSources", style="bold"))
        for citation in answer.citations:
            console.print(_source(citation))
    _list("You can also ask about", answer.suggestions, console)


def show_line(markdown: str, console: Console) -> None:
    """A part of an answer: one claim of a stream, or all of it."""
    for line in markdown.split("\n"):
        console.print(_answer_line(line))


def _answer_line(line: str) -> RenderableType:
    """One line of the answer's Markdown, its marks coloured and its escapes undone; items hang behind their bullet."""
    from rich.text import Text

    text = Text()
    found = re.match(r"( *)(- |\d+\. |#{1,6} )?", line)
    assert found is not None
    indent, bullet = len(found[1]), found[2] or ""
    rest, place = line[found.end() :], 0
    for marks in _MARKS.finditer(rest):
        text.append(_plain(rest[place : marks.start()]))
        text.append(marks[0], style="bold cyan")
        place = marks.end()
    text.append(_plain(rest[place:]))
    if bullet.startswith("#"):
        text.stylize("bold")
    elif bullet:
        return _hanging(" " * indent + (" •" if bullet == "- " else f" {bullet.strip()}"), text)
    return text


def _hanging(head: str, body: RenderableType) -> RenderableType:
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_row(head, body)
    return grid


def _plain(markdown: str) -> str:
    return printable(_ESCAPED.sub(lambda found: found[1] or "&", markdown))


def _source(citation: Citation) -> RenderableType:
    """Number, title, section, who and when; the quote; the primary works; the address."""
    from rich.text import Text

    text = Text()
    text.append(printable(citation.title), style="bold")
    about = [citation.section, citation.author, citation.region, citation.published]
    text.append("".join(f" · {printable(part)}" for part in about if part), style="dim")
    text.append(f"\n“{printable(citation.quote)}”", style="italic")
    for reference in citation.references:
        work = ", ".join(part for part in (reference.title, reference.publisher, reference.date, reference.url) if part)
        text.append(f"\nrests on: {printable(work)}", style="dim")
    text.append("\n")
    text.append(printable(citation.url or citation.source), style=_link(citation.url))
    text.append("\n")
    return _hanging(f" [{citation.number}]", text)


def _link(url: str | None) -> Style:
    """A terminal that knows links opens the page of a guide; only addresses of the web are made one."""
    from rich.style import Style

    return Style(dim=True, link=url if url and _ADDRESS.fullmatch(url) else None)


def _list(title: str, texts: Sequence[str], console: Console) -> None:
    from rich.text import Text

    if not texts:
        return
    console.print(Text(f"\n{title}", style="bold"))
    for text in texts:
        console.print(_hanging(" •", Text(printable(text))))


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """A plain table, its cells as text."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, title=title or None, box=SIMPLE, title_justify="left", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)


def show_facts(facts: Mapping[str, str], console: Console) -> None:
    """Name and value, a line each."""
    from rich.text import Text

    for name, value in facts.items():
        console.print(Text.assemble((f"{name:<12} ", "dim"), printable(value)))
