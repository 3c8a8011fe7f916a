"""The runs of a PDF page as lines in reading order: columns one after the other, ruled tables as grids. Pure.

Columns are found as in the XY-cut of Nagy and Seth (1984), but line by line from the top: a gutter is a white strip
that no line of a stretch of the page crosses, and it parts columns only where what stands beside it reads as prose.
In a table the lines beside a gutter are short, and belong together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_pages import Rule, Run, Sheet, Word
from ingest.readers.tables import EMPTY, Cell

_FAR = 1e6
_TOUCH = 3.0
_LIST_MARK = re.compile(r"^(?:[-–—*+o•·▪▫‣◦●○■□♦➤➢►▶→✓✔✅✦\uf0b7\uf0a7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])$")
# Dots that lead the eye from a row's name to its figure.
_LEADERS = re.compile(r"(?:\s*\.){4,}\s*$|(?:\s*\.){5,}\s*")
_LEAST_GUTTER = 9.0
_LEAST_LINES = 3
_FEWEST_CHARS = 18


@dataclass(frozen=True, slots=True)
class TextLine:
    """Runs on one baseline, from left to right. `left_edge`, `right_edge`: of the column that it stands in."""

    runs: tuple[Run, ...]
    left_edge: float = 0.0
    right_edge: float = 0.0

    @property
    def left(self) -> float:
        return self.runs[0].left

    @property
    def right(self) -> float:
        return self.runs[-1].right

    @property
    def baseline(self) -> float:
        return self.runs[0].baseline

    @property
    def size(self) -> float:
        return max(self.runs, key=lambda run: len(run.text)).size

    @property
    def bold(self) -> bool:
        return all(run.bold for run in self.runs)

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class GridTable:
    """A ruled table with its cells; a spanning cell stands at each of its places."""

    grid: tuple[tuple[Cell, ...], ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def baseline(self) -> float:
        return self.bottom


Item = TextLine | GridTable


def without_leaders(text: str) -> str:
    """A text without the dots between a name and its figure or page."""
    return _LEADERS.sub(" ", text).strip() if ".." in text or ". ." in text else text


def ordered(sheet: Sheet, runs: Sequence[Run]) -> list[Item]:
    """The runs of a page (`runs`: those that are to be read) as lines and tables in reading order."""
    tables, left_over = _ruled_tables(sheet.rules, runs)
    items: list[Item] = [*tables, *_lines(left_over)]
    return _in_order(sorted(items, key=lambda item: (item.baseline, item.left)))


def _lines(runs: Sequence[Run]) -> list[TextLine]:
    """Runs on about the same baseline together, from the top down."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        near = [
            line for line in lines[-4:] if abs(line[0].baseline - run.baseline) <= 0.3 * min(run.size, line[0].size)
        ]
        fitting = next((line for line in reversed(near) if not _overlaps(line, run)), None)
        if fitting is None:
            lines.append([run])
        else:
            fitting.append(run)
    return [TextLine(_with_mark(sorted(line, key=lambda run: run.left))) for line in lines]


def _with_mark(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs in order, a bullet or number set apart in front joined to the words behind it."""
    if len(runs) < 2 or not _LIST_MARK.match(runs[0].text):
        return tuple(runs)
    mark, text = runs[:2]
    return (replace(text, words=(*mark.words, *text.words)), *runs[2:])


def _overlaps(line: Sequence[Run], run: Run) -> bool:
    return any(min(other.right, run.right) - max(other.left, run.left) > 0.3 * run.size for other in line)


def _in_order(items: Sequence[Item]) -> list[Item]:
    """Items from the top down, with columns that stand beside each other read one after the other."""
    out: list[Item] = []
    place = 0
    while place < len(items):
        count, gutter = _stretch(items, place)
        if gutter is None:
            out += items[place : place + count]
        else:
            left, right = _apart(items[place : place + count], gutter)
            out += [*_in_order(left), *_in_order(right)]
        place += count
    return _edged(out)


def _edged(items: Sequence[Item]) -> list[Item]:
    """Lines that do not know their column's edges yet take those of all lines here."""
    lines = [item for item in items if isinstance(item, TextLine) and not item.right_edge]
    if not lines:
        return list(items)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return [
        TextLine(item.runs, left, right) if isinstance(item, TextLine) and not item.right_edge else item
        for item in items
    ]


def _stretch(items: Sequence[Item], place: int) -> tuple[int, float | None]:
    """(how many items from a place on go together, the middle of the gutter that parts them or None)."""
    free = [(-_FAR, _FAR)]
    count = 0
    inner: list[tuple[float, float]] = []
    for item in items[place:]:
        free = [gap for gap in _common(free, _gaps(item)) if gap[1] - gap[0] >= _LEAST_GUTTER]
        within = [gap for gap in free if gap[0] > -_FAR and gap[1] < _FAR]
        if inner and not within:
            break
        inner = within
        count += 1
    for gap in sorted(inner, key=lambda gap: gap[0] - gap[1]):
        middle = (gap[0] + gap[1]) / 2
        if _are_columns(items[place : place + count], middle):
            return count, middle
    return 1, None


def _gaps(item: Item) -> list[tuple[float, float]]:
    """The strips that an item leaves free, those at its sides included."""
    edges = [(item.left, item.right)] if isinstance(item, GridTable) else [(run.left, run.right) for run in item.runs]
    free = [(-_FAR, edges[0][0])]
    for (_, right), (left, _) in pairwise(edges):
        free.append((right, left))
    return [*free, (edges[-1][1], _FAR)]


def _common(some: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(a, b) for a, b in found if b > a]


def _apart(items: Sequence[Item], gutter: float) -> tuple[list[Item], list[Item]]:
    """The items left and right of a gutter, each side with lines of its own."""
    sides: tuple[list[Item], list[Item]] = ([], [])
    runs: tuple[list[Run], list[Run]] = ([], [])
    for item in items:
        if isinstance(item, GridTable):
            sides[item.right > gutter].append(item)
            continue
        for run in item.runs:
            runs[run.left > gutter].append(run)
    left, right = (
        sorted([*tables, *_lines(found)], key=lambda item: (item.baseline, item.left))
        for tables, found in zip(sides, runs, strict=True)
    )
    return left, right


def _are_columns(items: Sequence[Item], gutter: float) -> bool:
    """Whether what stands left and right of a gutter are columns and not the cells of a table."""
    left, right = _apart(items, gutter)
    sides = [[item for item in side if isinstance(item, TextLine)] for side in (left, right)]
    if any(len(side) < _LEAST_LINES for side in sides):
        return False
    prose = [_is_prose(side) for side in sides]
    if all(prose):
        return True
    # A box beside a text: its lines stand at heights of their own.
    shared = sum(len(item.runs) > 1 for item in items if isinstance(item, TextLine) and item.left < gutter < item.right)
    return any(prose) and shared < 0.75 * min(map(len, sides))


def _is_prose(lines: Sequence[TextLine]) -> bool:
    """Whether lines fill their column as running text does."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    full = sum(line.right - line.left > 0.7 * (right - left) for line in lines)
    return full >= 0.5 * len(lines) and median(len(line.text) for line in lines) >= _FEWEST_CHARS


def _ruled_tables(rules: Sequence[Rule], runs: Sequence[Run]) -> tuple[list[GridTable], list[Run]]:
    """(the tables that drawn lines make up, the runs outside them)."""
    tables: list[GridTable] = []
    left_over = list(runs)
    for group in _connected(rules):
        xs = _places([rule.left for rule in group if rule.left == rule.right])
        ys = _places([rule.top for rule in group if rule.top == rule.bottom])
        if len(ys) < 2 and len(xs) >= 3:
            continue
        if len(xs) < 3 or len(ys) < 3 or len(xs) > 40 or len(ys) > 400:
            continue
        inside = [
            run
            for run in left_over
            if xs[0] - _TOUCH < _middle(run) < xs[-1] + _TOUCH and ys[0] < run.baseline - 1 < ys[-1] + _TOUCH
        ]
        if not inside:
            continue
        tables.append(GridTable(_grid(group, xs, ys, inside), xs[0], ys[0], xs[-1], ys[-1]))
        left_over = [run for run in left_over if run not in inside]
    return tables, left_over


def _middle(run: Run) -> float:
    return (run.left + run.right) / 2


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules in groups of those that touch each other."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: (rule.top, rule.left))[:3_000]:
        touching = [group for group in groups if any(_touch(rule, other) for other in group)]
        merged = [rule, *(other for group in touching for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append(merged)
    return groups


def _touch(a: Rule, b: Rule) -> bool:
    return (
        a.left <= b.right + _TOUCH
        and b.left <= a.right + _TOUCH
        and a.top <= b.bottom + _TOUCH
        and b.top <= a.bottom + _TOUCH
    )


def _places(values: Sequence[float]) -> list[float]:
    """Values in order, those that are nearly the same as one."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= _TOUCH:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(near) / len(near) for near in found]


def _grid(
    rules: Sequence[Rule], xs: Sequence[float], ys: Sequence[float], runs: Sequence[Run]
) -> tuple[tuple[Cell, ...], ...]:
    """The cells between the lines; places with no wall between them are one cell."""
    columns, rows = len(xs) - 1, len(ys) - 1
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}
    for row in range(rows):
        for column in range(columns - 1):
            if not _wall(rules, xs[column + 1], ys[row], ys[row + 1], upright=True):
                owner[row, column + 1] = owner[row, column]
    for row in range(rows - 1):
        for column in range(columns):
            if not _wall(rules, ys[row + 1], xs[column], xs[column + 1], upright=False):
                owner[row + 1, column] = owner[row, column]
    words: dict[tuple[int, int], list[tuple[Run, Word]]] = {}
    for run in runs:
        for word in run.words:
            row = _between(ys, run.baseline - 0.3 * run.size)
            column = _between(xs, (word.left + word.right) / 2)
            words.setdefault(owner[row, column], []).append((run, word))
    cells = {place: _cell(found) for place, found in words.items()}
    return tuple(tuple(cells.get(owner[row, column], EMPTY) for column in range(columns)) for row in range(rows))


def _wall(rules: Sequence[Rule], at: float, begin: float, end: float, *, upright: bool) -> bool:
    """Whether a line is drawn at a place along most of the way from `begin` to `end`."""
    middle = (begin + end) / 2
    if upright:
        return any(abs(r.left - at) <= _TOUCH and r.left == r.right and r.top <= middle <= r.bottom for r in rules)
    return any(abs(r.top - at) <= _TOUCH and r.top == r.bottom and r.left <= middle <= r.right for r in rules)


def _between(edges: Sequence[float], value: float) -> int:
    return max(0, min(len(edges) - 2, sum(edge <= value for edge in edges) - 1))


def _cell(found: Sequence[tuple[Run, Word]]) -> Cell:
    """Words of a cell line by line."""
    lines: list[list[tuple[Run, Word]]] = []
    for run, word in sorted(found, key=lambda pair: (pair[0].baseline, pair[1].left)):
        if lines and abs(lines[-1][0][0].baseline - run.baseline) <= 0.3 * run.size:
            lines[-1].append((run, word))
        else:
            lines.append([(run, word)])
    texts = [" ".join(word.text for _, word in sorted(line, key=lambda pair: pair[1].left)) for line in lines]
    return Cell(without_leaders(" ".join(texts)), strong=all(run.bold for run, _ in found))
