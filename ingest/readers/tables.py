"""A table becomes lines that can each be read alone: `Row: column value; column value`, or `Label: value`.

Tables come as a grid in which a cell that spans several places stands at each of them. What is a header is taken from
the mark-up where it says so, and else from the cells: names above figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.clean import has_more_words
from ingest.readers.parts import Part, PartKind

# A row longer than this many words is given one line a column, so that each line is of a size to be quoted.
_LONGEST_ROW = 110
_FIGURE = re.compile(
    r"^[~<>≈±+−–-]?\s*(?:US|C|A|AU|CA|NZ|HK|S)?[$£€¥₹]?\s*\d[\d.,\s]*(?:%|percent|k|K|m|M|bn|million|billion)?"
)
_NOTE = re.compile(r"^(?:(?:sources?|notes?|footnotes?|data (?:from|source))\b|\*|†|[¹²³]|\(\d\))", re.IGNORECASE)
_NO_VALUE = frozenset({"", "-", "–", "—", "..", "…"})
_LINK_WORDS = frozenset(
    (
        *("get data", "read more", "see more"),
        *"download view more detail details link xls xlsx pdf csv html info apply go → »".split(),
    )
)
# What a corner cell says that any table could have.
_PLAIN_CORNERS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell; cells are compared by identity, so that a spanning one is recognised at all its places.

    `header`: marked as a header (th, thead, scope); `strong`: all of it emphasised.
    """

    text: str
    header: bool = False
    strong: bool = False


Grid = Sequence[Sequence[Cell]]
EMPTY = Cell("")


def table_parts(grid: Grid, caption: str = "", heads: int | None = None) -> list[Part]:
    """The rows of a table as parts, in order; notes in full-width rows as paragraphs.

    `heads`: how many header rows there are, None where the mark-up does not say. Empty rows and columns are left out.
    """
    heads = sum(any(cell.text for cell in row) for row in grid[:heads]) if heads else heads
    rows = _pairs_apart(_without_empty_columns([list(row) for row in grid if any(cell.text for cell in row)]))
    if not rows:
        return []
    if len(rows[0]) == 1:
        return [Part("paragraph", row[0].text) for row in rows]
    caption, rows, heads = _captioned(rows, caption, heads)
    if not rows:
        return [Part("paragraph", caption)] if caption else []
    if heads is None:
        heads = _guess_heads(rows)
    heads = min(heads, len(rows) - 1) if len(rows) > 1 else 0
    head, body = rows[:heads], rows[heads:]
    if _second_names(head, body):
        # "81 | Mathematics": what is counted names the row, not its rank or weight.
        rows = [[row[1], row[0], *row[2:]] for row in rows]
        head, body = rows[:heads], rows[heads:]
    names = _row_name_columns(body)
    columns = [_column_name(head, column) for column in range(len(rows[0]))]
    if not caption and names == 1 and len(columns[0].split()) >= _PLAIN_CORNERS and heads:
        caption = columns[0]
    return _body_parts(body, columns, names, caption)


def joined_lines(lines: Sequence[str], *, header: bool = False) -> str:
    """The lines of a cell as one: those that begin anew are set apart by commas, broken ones run on."""
    text = lines[0] if lines else ""
    for line in lines[1:]:
        anew = not header and line and (line[0].isupper() or line[0].isdigit() or line[0] in "$£€+-~(")
        if line[:1] == "(" or not anew or text.endswith((",", ";", ":", ".", "-", "/")):
            text += " " + line
        else:
            text += ", " + line
    return text


def figures_alone(grid: Grid) -> bool:
    """Whether a table is names and figures of one kind, and nothing in it says what the figures are."""
    rows = _without_empty_columns([list(row) for row in grid if any(cell.text for cell in row)])
    if len(rows) < 2 or len(rows[0]) != 2 or _guess_heads(rows):
        return False
    values = [row[1].text for row in rows]
    return all(map(_is_figure, values)) and len(set(map(_kind, values))) == 1


def _pairs_apart(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of `label value label value` (every second cell a header) as one row a pair."""
    width = len(rows[0]) if rows else 0
    if width < 4 or width % 2:
        return rows
    if not all(cell.header == (place % 2 == 0) for row in rows for place, cell in enumerate(row) if cell.text):
        return rows
    return [row[place : place + 2] for row in rows for place in range(0, width, 2) if row[place].text]


def _body_parts(body: Sequence[Sequence[Cell]], columns: Sequence[str], names: int, caption: str) -> list[Part]:
    parts: list[Part] = []
    group = ""
    heads = [_Head.of(column) for column in columns]
    for row in body:
        filled = [cell for cell in row if cell.text]
        if all(cell.header for cell in filled) and len(set(filled)) > 2 and not _has_figure(row):
            # Headers again, further down: the same ones for those who scroll, or others for the rows below.
            heads = [_Head.of(cell.text) for cell in row]
            continue
        alone = _full_width(row)
        if alone is not None:
            if len(alone.split()) > 10 or _NOTE.match(alone):
                parts.append(Part("paragraph", alone))
            else:
                group = alone
            continue
        parts += _row_parts(row, heads, names, caption, group)
    return parts or [Part("paragraph", row[0].text) for row in body if row[0].text]


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands over a column: as it is, as it is said before a value, and the same in small letters."""

    text: str
    said: str
    low: str

    @classmethod
    def of(cls, text: str) -> _Head:
        said = text.rstrip(":")
        return cls(text, said, said.lower())


def _row_parts(row: Sequence[Cell], heads: Sequence[_Head], names: int, caption: str, group: str) -> list[Part]:
    """One row as one line, or as one line a column where it would be too long to quote."""
    first = next((place for place, cell in enumerate(row[: names + 1]) if cell.text), 0)
    name = ", ".join(dict.fromkeys([cell.text for cell in row[:names] if cell.text])) or row[first].text
    whole, name = name, name.rstrip(":").strip()
    if group and group != whole:
        name = f"{group}, {name}" if name else group
    said: list[str] = []
    seen: set[Cell] = set()
    behind = max(names, first + 1)
    for cell, head in zip(row[behind:], heads[behind:], strict=True):
        text = cell.text
        low = text.lower()
        if low.strip() in _NO_VALUE or low.rstrip(".…") in _LINK_WORDS or cell in seen:
            continue
        seen.add(cell)
        said.append(f"{head.said} {text}" if head.said and head.low != low else text)
    if not said:
        return [Part("paragraph", name)] if len(name.split()) > 3 else []
    line = "; ".join(said)
    if len(said) > 1 and len(line) > 2 * _LONGEST_ROW and has_more_words(line, _LONGEST_ROW):
        return [Part("row", f"{name}: {value}", caption=caption) for value in said]
    kind: PartKind = "row" if len(row) > 2 or any(head.text for head in heads) else "fact"
    return [Part(kind, f"{name}: {line}" if name else line, caption=caption)]


def _captioned(rows: list[list[Cell]], caption: str, heads: int | None) -> tuple[str, list[list[Cell]], int | None]:
    """Full-width rows above everything else name the table: they are its caption, not a header of its columns."""
    while (
        rows
        and (title := _full_width(rows[0])) is not None
        and (rows[0][0].header or rows[0][0].strong or len(rows) > 2)
    ):
        if len(title.split()) > 30:
            break
        if title.lower() not in caption.lower():
            caption = f"{caption}, {title}" if caption else title
        rows = rows[1:]
        heads = heads - 1 if heads else heads
    return caption, rows, heads


def _guess_heads(rows: Sequence[Sequence[Cell]]) -> int:
    """Header rows at the top: marked cells throughout; else emphasised ones; else names above columns of figures."""
    heads = 0
    for row in rows[:-1]:
        filled = [cell for cell in row if cell.text]
        if not all(cell.header for cell in filled) or (heads and _has_figure(row)):
            break
        heads += 1
    if heads:
        return heads
    first, rest = rows[0], rows[1:]
    filled = [cell for cell in first if cell.text]
    if (
        len(rows) > 1
        and all(cell.strong for cell in filled)
        and not all(c.strong for row in rest for c in row if c.text)
    ):
        return 1
    if len(rows) < 3 or any(_is_figure(cell.text) for cell in filled) or len(filled) < len(first) - 1:
        return 0
    # Names above a column in which every cell is a figure. With two columns that could as well be a list of facts
    # of which the first is no figure, unless all the figures are of one kind.
    for column in range(1, len(first)):
        below = [row[column].text for row in rest if row[column].text]
        if len(below) >= 2 and all(map(_is_figure, below)) and (len(first) > 2 or len(set(map(_kind, below))) == 1):
            return 1
    return 0


def _row_name_columns(body: Sequence[Sequence[Cell]]) -> int:
    """How many leading columns name the row: those marked as headers, or one that spans rows and the one after it."""
    width = len(body[0])
    marked = 0
    for column in range(width - 1):
        cells = [row[column] for row in body if row[column].text and _full_width(row) is None]
        if not cells or sum(cell.header for cell in cells) < 0.6 * len(cells):
            break
        marked += 1
    if marked:
        return marked
    spans = any(a[0] is b[0] and a[0].text for a, b in pairwise(body))
    if spans and width > 2 and not any(_is_figure(row[1].text) for row in body):
        return 2
    return 1


def _second_names(head: Sequence[Sequence[Cell]], body: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first column is a rank or weight under a header and the second the names that it belongs to."""
    rows = [row for row in body if _full_width(row) is None]
    if not head or not rows or len(rows[0]) < 2 or any(row[0].header or row[0] is row[1] for row in rows):
        return False
    if not all(_is_figure(row[0].text) and not re.search(r"[^\W\d]", row[0].text) for row in rows):
        return False
    names = [row[1].text for row in rows]
    return len(set(names)) == len(names) and all(re.search(r"[^\W\d]{2}", n) and not _is_figure(n) for n in names)


def _column_name(head: Sequence[Sequence[Cell]], column: int) -> str:
    """The header cells above a column from the top down, a spanning one once."""
    cells = [row[column] for row in head]
    return " ".join(dict.fromkeys(cell.text for cell in dict.fromkeys(cells) if cell.text))


def _full_width(row: Sequence[Cell]) -> str | None:
    """The text of a row that is one spanning cell, or whose first cell alone is filled in a table of three columns."""
    filled: Cell | None = None
    for cell in row:
        if cell.text and cell is not filled:
            if filled is not None:
                return None
            filled = cell
    if filled is None or len(row) < 2:
        return None
    spanning = all(cell is row[0] for cell in row)
    return filled.text if spanning or (filled is row[0] and len(row) > 2) else None


def _without_empty_columns(rows: list[list[Cell]]) -> list[list[Cell]]:
    if not rows:
        return rows
    width = max(len(row) for row in rows)
    rows = [row + [EMPTY] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column].text for row in rows)]
    if len(kept) == width:
        return rows
    return [[row[column] for column in kept] for row in rows]


def _has_figure(row: Sequence[Cell]) -> bool:
    return any(_is_figure(cell.text) for cell in row)


def _is_figure(text: str) -> bool:
    """Whether a cell is an amount and little else; `2024 median pay` and `2024` are names."""
    match = _FIGURE.match(text.strip())
    if match is None or re.fullmatch(r"(?:19|20)\d\d", text.strip()):
        return False
    return len(text.strip()[match.end() :].split()) <= 4


def _kind(text: str) -> str:
    """What sort of figure a cell holds: its sign of currency or percent."""
    return "".join(sorted(set(re.findall(r"[$£€¥₹%]", text))))
