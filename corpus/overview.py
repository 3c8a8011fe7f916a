"""docs/guides.md: which guide treats which topic, with how many figures, from how many works, of what dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from corpus.check import figure_date, stated
from corpus.figure_table import FILE, mended, read_table, write_table
from corpus.guide import Guide
from corpus.shelf import Finding, Shelf, beside, open_shelf

_HEAD = """\
# The guides

Written by `python -m corpus check --mend` from the guides themselves; do not edit it by hand. A figure is a number that
somebody counted, measured or laid down; its date is the newest year that its sentence names, else that of its source.

| Topic | Guide | Kind | Region | Figures | Works cited | Newest figure | Oldest figure |
|---|---|---|---|---|---|---|---|
"""


def overview(shelf: Shelf) -> str:
    """The page, one row a guide in the order of titles, with a row of totals."""
    rows = sorted((_row(guide, shelf) for guide in shelf.guides), key=lambda row: row[0].casefold())
    figures = sum(int(row[4]) for row in rows)
    total = [
        "All",
        f"{len(rows)} guides",
        "",
        "",
        f"{figures:,}",
        f"{len(shelf.sources):,}",
        *_span(shelf.guides, shelf),
    ]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in [*rows, total])


def _row(guide: Guide, shelf: Shelf) -> list[str]:
    front = guide.front
    figures = sum(figure.kind != "year" for statement in guide.statements for figure in stated(statement))
    works = {key for statement in guide.statements for key in statement.marks}
    link = f"[{guide.name}](../corpus/guides/{guide.name})"
    return [front.title, link, front.kind, front.region, str(figures), str(len(works)), *_span([guide], shelf)]


def _span(guides: Sequence[Guide], shelf: Shelf) -> list[str]:
    """The newest and the oldest date of figures, as of each guide's review: the page does not change by itself."""
    dates = [
        match[0]
        for guide in guides
        for statement in guide.statements
        if any(figure.kind != "year" for figure in stated(statement)) and statement.marks
        for match in [re.search(r"\d{4}(?:-\d{2})?", figure_date(statement, shelf.sources, guide.front.reviewed))]
        if match
    ]
    return [max(dates, default="none"), min(dates, default="none")]


def page_of(folder: Path) -> Path | None:
    """Where the page of the guides in `folder` stands: docs/guides.md of the tree that they are in, if it has docs."""
    docs = folder.parent.parent / "docs"
    return docs / "guides.md" if docs.is_dir() else None


def check_overview(shelf: Shelf, folder: Path) -> list[Finding]:
    """One error where the page is not what it should be."""
    page = page_of(folder)
    if page is None or (page.is_file() and page.read_text(encoding="utf-8") == overview(shelf)):
        return []
    todo = "run `python -m corpus check --mend`"
    return [Finding("error", "overview", "docs/guides.md", 1, "", "it does not tell what the guides hold now", todo)]


def mend(folder: Path) -> Shelf:
    """Complete the table of figures, write the page anew, and give the shelf as it is then.

    Raises BadGuide where the table cannot be read; what does not fit its schema must be mended by hand first.
    """
    shelf = open_shelf(folder)
    if beside(folder, FILE).is_file():
        read_table(shelf.table_file)  # a table with a fault is not written over
    table = mended(shelf.table, shelf.guides)
    if table != shelf.table or not shelf.table_file.is_file():
        write_table(shelf.table_file, table)
    if page := page_of(folder):
        page.write_text(overview(shelf), encoding="utf-8")
    return open_shelf(folder)
