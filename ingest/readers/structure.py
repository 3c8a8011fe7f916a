"""Structure found in lines that mark little or none of it: headings, lists, tables and facts among the paragraphs.

Each rule looks at one place and says what it finds there and how many lines that takes; the first that finds something
wins. What no rule claims is a paragraph: a line wrongly read as a heading could never be cited again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.readers.lines import Line
from ingest.readers.lists import list_at
from ingest.readers.parts import Part
from ingest.readers.tables import Cell, table_parts

_LONGEST_HEADING = 14
_LONGEST_ITEM = 12
_TITLE_START = re.compile(r"^[\"'“‘(¿]?[^\W_]")
_NOT_HEADING_END = re.compile(r"[.,;:!…][\"'”’)]*$")
_REFERS_BACK = re.compile(
    r"^(?:these|this|those|such|they|each|both|all (?:of )?(?:these|this|them)|any of|some of|most of|whichever|"
    r"together|the (?:above|list|former|latter)|while|although)\b",
    re.IGNORECASE,
)
# A question over an answer is asked outright; "Many people ask the same: is it hard?" is a sentence.
_QUESTION = re.compile(
    r"^(?:q[:.] ?|\d+[.)] ?)?(?:how|what|why|when|where|which|who|whose|do|does|did|is|are|was|were|can|could|should|"
    r"will|would|am|have|has|may|must|shall|so|but|and)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^(?P<label>[A-Z0-9][^:.!?]{1,60}?)\s?:\s+(?P<value>\S.*)$")
_DESCRIBED = re.compile(r"^(?P<label>[A-Z0-9][^:.!?–—]{1,50}?)(?:\s?:| [-–—])\s+\S")
_AMOUNT = re.compile(
    r"^[~<>±+-]?\s*[$£€]?\s?\d[\d,.]*\s?(?:%|percent\b|k\b|million\b|billion\b|per\b|a\b|an\b|/|hours?\b|years?\b|jobs?\b|$|[-–])"
)
_COLUMNS = re.compile(r"\t+| {2,}| ?\| ?")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a rule made of the `count` lines from its place on; a count of 0: nothing."""

    parts: tuple[Part, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Style:
    """How the headings that cannot be anything else look: mean words, share of capitalised words, how many they are."""

    words: float = 0.0
    titled: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    style: Style


NOTHING = Taken()
Rule = Callable[[Page, int], Taken]


def structure(lines: Sequence[Line]) -> list[Part]:
    """The parts that lines make up, in order; every line is in one of them."""
    page = Page(lines, _style(lines))
    parts: list[Part] = []
    place = 0
    while place < len(lines):
        taken = next((found for rule in _RULES if (found := rule(page, place)).count), NOTHING)
        if not taken.count:
            taken = Taken((Part("paragraph", lines[place].text),), 1)
        parts += taken.parts
        place += taken.count
    return parts


def heading_like(line: Line) -> bool:
    """Short, begins like a title, does not end like a sentence, and states no amount after a label."""
    if line.mark or not 1 <= line.words <= _LONGEST_HEADING or len(line.text) > 100 or "\t" in line.text:
        return False
    if not _TITLE_START.match(line.text) or line.text[0].islower() or _NOT_HEADING_END.search(line.text):
        return False
    if line.text.endswith("?") and not _QUESTION.match(line.text):
        return False
    labelled = _LABELLED.match(line.text)
    return not (labelled and _AMOUNT.match(labelled["value"])) and not _AMOUNT.match(line.text)


def is_prose(line: Line) -> bool:
    """A paragraph beyond doubt: long, or a sentence of a few words that ends like one."""
    return not line.mark and (
        line.words > _LONGEST_HEADING + 1 or (line.words > 4 and bool(re.search(r"[.!?…][\"'”’)]*$", line.text)))
    )


def _underlined(page: Page, place: int) -> Taken:
    lines = page.lines
    line = lines[place]
    if not line.rule or line.mark or line.words > _LONGEST_HEADING + 6:
        return NOTHING
    return Taken((Part("heading", line.text, level={"=": 1, "*": 6}.get(line.rule, 2)),), 1)


def _table(page: Page, place: int) -> Taken:
    """Two or more lines of the same number of columns, set apart by tabs; or three by runs of spaces or bars."""
    lines = page.lines
    rows = [_cells(lines[place])]
    while place + len(rows) < len(lines) and len(rows[0]) > 1:
        cells = _cells(lines[place + len(rows)])
        if len(cells) != len(rows[0]):
            break
        rows.append(cells)
    tabbed = "\t" in lines[place].text
    if len(rows[0]) < 2 or len(rows) < (2 if tabbed else 3):
        return NOTHING
    grid = [[Cell(text) for text in row] for row in rows]
    return Taken(tuple(table_parts(grid)), len(rows))


def _cells(line: Line) -> list[str]:
    if line.mark or (is_prose(line) and "\t" not in line.text):
        return [line.text]
    return [cell.strip() for cell in _COLUMNS.split(line.text.strip("|"))]


def _facts(page: Page, place: int) -> Taken:
    """Lines `Label: value` one under the other, or a label and its amount by turns; one amount at least."""
    lines = page.lines
    labelled: list[tuple[str, str]] = []
    for line in lines[place:]:
        pair = _LABELLED.match(line.text)
        if line.mark or not pair or len(pair["label"].split()) > 7 or len(pair["value"].split()) > _LONGEST_ITEM:
            break
        labelled.append((pair["label"], pair["value"]))
    if len(labelled) >= 2 and any(re.search(r"\d", value) for _, value in labelled):
        return Taken(tuple(Part("fact", f"{label}: {value}") for label, value in labelled), len(labelled))
    turns: list[tuple[str, str]] = []
    for label, value in zip(lines[place::2], lines[place + 1 :: 2], strict=False):
        if not heading_like(label) or label.words > 7 or value.mark or value.words > 8 or not _AMOUNT.match(value.text):
            break
        turns.append((label.text, value.text))
    if len(turns) >= 2:
        return Taken(tuple(Part("fact", f"{label}: {value}") for label, value in turns), 2 * len(turns))
    return NOTHING


def _marked_list(page: Page, place: int) -> Taken:
    lines = page.lines
    if not lines[place].mark:
        return NOTHING
    found = list_at(lines, place, stops=lambda at: _heads_prose(lines, at))
    return Taken(found.parts, found.count)


def _bare_list(page: Page, place: int) -> Taken:
    """A lead-in that ends in a colon, and under it two or more short lines that carry no bullet."""
    lines = page.lines
    lead = lines[place]
    if lead.mark or not lead.text.endswith(":") or lead.words < 2:
        return NOTHING
    described = _run(lines, place + 1, lambda line: bool(_DESCRIBED.match(line.text)) and line.words <= 60)
    if described >= 2:
        return _as_list(lines, place, described)
    sentences = _run(lines, place + 1, lambda line: line.words <= 10 and line.text[-1] in ".;")
    if sentences >= 3:
        return _as_list(lines, place, sentences)
    count = _run(lines, place + 1, _bare)
    count = _cut_at_gap(lines, place + 1, count)
    if count >= 3 and _last_heads(lines, place + 1, count, page.style):
        count -= 1
    return _as_list(lines, place, count) if count >= 2 else NOTHING


def _headings(page: Page, place: int) -> Taken:
    """A short line over a paragraph or list; of a longer run of short lines the first heads the others."""
    lines = page.lines
    if not heading_like(lines[place]):
        return NOTHING
    count = _run(lines, place, heading_like)
    after = place + count
    under = after < len(lines)
    if count == 1:
        return _headed(lines, place, 1) if under else NOTHING
    tight = _cut_at_gap(lines, place + 1, count - 1)
    if under and count - 1 > tight >= 2:
        # The lines stand together up to an empty line: a heading with its list; what follows is looked at anew.
        return _heading_and_items(lines, place, tight)
    if under and count <= 3:
        return _headed(lines, place, count)
    items = count - 1
    if under and items >= 3 and _last_heads(lines, place + 1, items, page.style):
        items -= 1
    if items >= 2:
        return _heading_and_items(lines, place, items)
    return _headed(lines, place, 1)


def _headed(lines: Sequence[Line], place: int, count: int) -> Taken:
    return Taken(tuple(Part("heading", line.text, level=2) for line in lines[place : place + count]), count)


def _heading_and_items(lines: Sequence[Line], place: int, items: int) -> Taken:
    parts = [Part("heading", lines[place].text, level=2)]
    parts += [Part("item", line.text.rstrip(",;")) for line in lines[place + 1 : place + 1 + items]]
    return Taken(tuple(parts), 1 + items)


def _as_list(lines: Sequence[Line], place: int, items: int) -> Taken:
    parts = [Part("paragraph", lines[place].text)]
    parts += [Part("item", line.text.rstrip(",;")) for line in lines[place + 1 : place + 1 + items]]
    return Taken(tuple(parts), 1 + items)


def _run(lines: Sequence[Line], place: int, fits: Callable[[Line], bool]) -> int:
    """How many lines from a place on fit, without bullets and underlines."""
    end = place
    while end < len(lines) and not lines[end].mark and not lines[end].rule and fits(lines[end]):
        end += 1
    return end - place


def _bare(line: Line) -> bool:
    return line.words <= _LONGEST_ITEM and len(line.text) <= 90 and not re.search(r"[.!?:…][\"'”’)]*$", line.text)


def _cut_at_gap(lines: Sequence[Line], place: int, count: int) -> int:
    """Of lines that stand tight, those up to the first empty line; all of them where each is set apart or none is."""
    if count < 2 or lines[place + 1].apart:
        return count
    return next((n for n in range(1, count) if lines[place + n].apart), count)


def _last_heads(lines: Sequence[Line], place: int, count: int, style: Style) -> bool:
    """Whether the last of a run of short lines is no item of it but the heading of the paragraph that follows."""
    end = place + count
    if end >= len(lines):
        return False
    last, after = lines[end - 1], lines[end]
    if not heading_like(last) or not (is_prose(after) or after.mark or after.text.endswith(":")):
        return False
    if _REFERS_BACK.match(after.text) or after.text[:1].islower():
        return False
    items = lines[place : end - 1]
    if last.apart and not any(line.apart for line in items[1:]):
        return True
    words = sum(line.words for line in items) / len(items)
    titled = sum(_titled(line) for line in items) / len(items)
    if style.count == 0:
        return last.words >= max(4, 2 * words) and not after.mark
    as_item = abs(math.log(last.words / words)) + abs(_titled(last) - titled)
    as_heading = abs(math.log(last.words / style.words)) + abs(_titled(last) - style.titled)
    return as_heading < as_item


def _heads_prose(lines: Sequence[Line], place: int) -> bool:
    """Whether the line at a place is a heading with something under it."""
    return (
        heading_like(lines[place])
        and place + 1 < len(lines)
        and (is_prose(lines[place + 1]) or bool(lines[place + 1].mark) or lines[place + 1].text.endswith(":"))
    )


def _titled(line: Line) -> float:
    """The share of longer words behind the first that begin with a capital."""
    longer = [word for word in line.text.split()[1:] if len(word) > 3]
    return sum(word[0].isupper() for word in longer) / len(longer) if longer else 0.5


def _style(lines: Sequence[Line]) -> Style:
    """The look of lines that stand between two paragraphs and are short: headings in any reading."""
    sure = [
        line
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if heading_like(line) and is_prose(before) and is_prose(after)
    ]
    if not sure:
        return Style()
    return Style(sum(line.words for line in sure) / len(sure), sum(map(_titled, sure)) / len(sure), len(sure))


_RULES: tuple[Rule, ...] = (_underlined, _marked_list, _table, _facts, _bare_list, _headings)
