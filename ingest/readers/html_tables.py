"""HTML tables as grids of cells; tables that only lay out a page are told apart."""

from __future__ import annotations

import re

from ingest.readers.html_inline import line_of, only_text, text_of
from ingest.readers.html_tree import Tag
from ingest.readers.tables import EMPTY, Cell, joined_lines

# Spans beyond these are mistakes or attacks.
_WIDEST_SPAN, _TALLEST_SPAN, _MOST_SPANNED = 60, 400, 20_000


def is_layout(table: Tag) -> bool:
    """Whether a table arranges a page instead of holding data: other tables or whole passages in unmarked cells."""
    if table.get("role").lower() in ("presentation", "none"):
        return True
    below = table.all()
    names = {tag.name for tag in below}
    cells = [tag for tag in below if tag.name in ("td", "th")]
    if "table" in names or len(cells) <= 1:
        return True
    if names & {"th", "caption", "thead"}:
        return False
    if names & {"nav", "form", "h1"}:
        return True
    long = sum(len(line_of(cell).split()) > 80 for cell in cells)
    return long >= max(1, len(cells) // 4)


def grid_of(table: Tag) -> tuple[list[list[Cell]], int | None]:
    """(the grid, spanning cells repeated at each of their places; the number of header rows in a thead, else None)."""
    rows = [row for row in table.all("tr") if row.around("table") is table]
    # A tfoot may stand above the body in the source; it is read last.
    rows.sort(key=lambda row: row.around("tfoot", "table") is not table)
    grid: list[list[Cell]] = []
    hanging: dict[tuple[int, int], Cell] = {}
    in_heads: dict[int, bool] = {}  # by the id of what holds rows: asked once of each thead or tbody, not of each row
    for row in rows:
        if id(row.parent) not in in_heads:
            in_heads[id(row.parent)] = row.around("thead") is not None
    heads = sum(1 for row in rows if in_heads[id(row.parent)] and row.first("td", "th") is not None)
    spanned = 0
    for at, row in enumerate(rows):
        line: list[Cell] = []
        in_head = in_heads[id(row.parent)]
        for tag in row.elements("td", "th"):
            while hanging and (at, len(line)) in hanging:
                line.append(hanging.pop((at, len(line))))
            cell = _cell(tag, in_head=in_head)
            if "colspan" not in tag.attrs and "rowspan" not in tag.attrs:
                line.append(cell)
                continue
            wide, tall = _span(tag, "colspan", _WIDEST_SPAN), _span(tag, "rowspan", _TALLEST_SPAN)
            spanned += wide * tall - 1
            if spanned > _MOST_SPANNED:
                wide = tall = 1
            for column in range(len(line), len(line) + wide):
                for below in range(at + 1, min(at + tall, len(rows))):
                    hanging[below, column] = cell
            line += [cell] * wide
        while hanging and (at, len(line)) in hanging:
            line.append(hanging.pop((at, len(line))))
        grid.append(line)
    return grid, heads or None


def caption_of(table: Tag) -> str:
    """The table's caption, or that of the figure that it stands in."""
    caption = table.first("caption")
    if caption is None and (figure := table.around("figure")) is not None:
        caption = figure.first("figcaption")
    text = line_of(caption) if caption is not None else ""
    return re.sub(r"^(?:Table|Figure|Chart)\s+[\dA-Z][\d.]*\s*[.:–—-]\s*", "", text)


def cell_text(tag: Tag) -> str:
    """The words of a cell on one line: lines that begin anew are set apart by commas, broken ones run on."""
    text = text_of(tag)
    return joined_lines(text.split("\n"), header=tag.name == "th") if "\n" in text else text


def _cell(tag: Tag, *, in_head: bool) -> Cell:
    alone = only_text(tag)
    text = cell_text(tag) if alone is None else " ".join(alone.split())
    if not text:
        return EMPTY
    strong = alone is None and sum(len(line_of(b)) for b in tag.all("b", "strong")) >= len(text)
    header = in_head or tag.name == "th" or (bool(tag.attrs) and _marked_header(tag))
    return Cell(text, header, strong)


def _marked_header(tag: Tag) -> bool:
    scoped = tag.get("scope") in ("row", "col", "rowgroup", "colgroup")
    return scoped or tag.get("role") in ("rowheader", "columnheader")


def _span(tag: Tag, name: str, most: int) -> int:
    if name not in tag.attrs:
        return 1
    match = re.match(r"\s*(\d{1,6})", tag.get(name))
    return max(1, min(int(match[1]) if match else 1, most))
