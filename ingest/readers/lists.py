"""Lists among plain lines: depth from indentation and from the kinds of marks, and what stands under an item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.lines import Line
from ingest.readers.parts import Part

# More unmarked lines than this between two numbers: the numbers head sections and are no list.
_LONGEST_UNDER = 3
# How many lines away the next number of a list is looked for.
_FARTHEST = 60


@dataclass(frozen=True, slots=True)
class FoundList:
    """The parts of a list and how many lines it takes."""

    parts: tuple[Part, ...]
    count: int


@dataclass(slots=True)
class _Open:
    """A list that may go on: its indentation, kind of mark, last number and depth."""

    indent: int
    mark: str
    number: int | None
    level: int


def list_at(lines: Sequence[Line], place: int, stops: Callable[[int], bool]) -> FoundList:
    """The list that begins at a place. `stops`: whether the line at a place heads something new.

    Under an item stand lines that are indented further; and unindented ones where the numbers go on behind them
    ("1. Learn Python", a paragraph, "2. Learn statistics", a paragraph).
    """
    if lines[place].mark == "1" and _numbered_sections(lines, place):
        line = lines[place]
        return FoundList((Part("heading", line.text, level=2),), 1)
    parts: list[Part] = []
    stack: list[_Open] = []
    under = 0
    at = place
    while at < len(lines):
        line = lines[at]
        if line.rule or (at > place and line.apart and _begins_anew(lines, at, stack)):
            break
        if line.mark:
            under = 0
            level = _level(stack, line)
            parts.append(Part("item", line.text, level=level, number=line.number))
        elif line.indent >= stack[-1].indent + 2 and not stops(at):
            parts.append(Part("paragraph", line.text, level=stack[-1].level + 1))
        elif not stops(at) and (number := _resumed(lines, at, stack)) is not None:
            under += 1
            del stack[number + 1 :]
            parts.append(Part("paragraph", line.text, level=stack[-1].level + 1))
        elif under == 0 and not stops(at) and _pattern_holds(parts, stack):
            under += 1
            parts.append(Part("paragraph", line.text, level=1))
        else:
            break
        at += 1
    return FoundList(tuple(parts), at - place)


def _begins_anew(lines: Sequence[Line], at: int, stack: Sequence[_Open]) -> bool:
    """Whether an item behind an empty line starts another list: numbers from 1 again, bullets and no more numbers."""
    line = lines[at]
    if not line.mark or line.indent > stack[0].indent:
        return False
    if line.mark == "1":
        return line.number == 1 and stack[0].mark == "1"
    return stack[-1].mark == "1" and _resumed(lines, at, stack) is None


def _level(stack: list[_Open], line: Line) -> int:
    """The depth of an item; the stack of open lists is brought up to it."""
    while len(stack) > 1 and line.indent < stack[-1].indent - 1:
        stack.pop()
    if not stack:
        stack.append(_Open(line.indent, line.mark, line.number, 0))
        return 0
    top = stack[-1]
    if line.indent >= top.indent + 2:
        stack.append(_Open(line.indent, line.mark, line.number, top.level + 1))
    elif line.mark != top.mark and line.mark == "-":
        # Bullets at the margin below a number: they belong to it.
        stack.append(_Open(line.indent, "-", None, top.level + 1))
    elif line.mark != top.mark:
        outer = next((n for n, o in enumerate(stack) if o.mark == "1" and o.number == (line.number or 0) - 1), None)
        if outer is None:
            stack[-1] = _Open(line.indent, "1", line.number, top.level)
        else:
            del stack[outer + 1 :]
    stack[-1].number = line.number
    stack[-1].indent = min(stack[-1].indent, line.indent) if len(stack) == 1 else line.indent
    return stack[-1].level


def _resumed(lines: Sequence[Line], at: int, stack: Sequence[_Open]) -> int | None:
    """Which open numbered list goes on behind the unmarked lines from `at` on, as its place in the stack."""
    ahead = at
    while ahead < len(lines) and not lines[ahead].mark and ahead - at < _LONGEST_UNDER:
        ahead += 1
    # Bullets may stand between: a lead-in under the number, its bullets, then the next number.
    while ahead < len(lines) and lines[ahead].mark == "-":
        ahead += 1
    if ahead >= len(lines) or lines[ahead].mark != "1":
        return None
    number = lines[ahead].number or 0
    return next((n for n, o in enumerate(stack) if o.mark == "1" and o.number == number - 1), None)


def _pattern_holds(parts: Sequence[Part], stack: Sequence[_Open]) -> bool:
    """Behind the last number: whether each number before it had a paragraph under it, as this one would have."""
    if len(stack) > 1 or stack[0].mark != "1" or (stack[0].number or 0) < 2 or parts[-1].kind != "item":
        return False
    numbers = [place for place, part in enumerate(parts[:-1]) if part.number is not None and part.level == 0]
    return bool(numbers) and all(parts[n + 1].kind == "paragraph" and parts[n + 1].level == 1 for n in numbers)


def _numbered_sections(lines: Sequence[Line], place: int) -> bool:
    """Whether numbers at the margin head sections: short lines with a good deal of text between one and the next."""
    line = lines[place]
    if line.words > 14 or line.ended or place + 1 >= len(lines) or lines[place + 1].mark == "1":
        return False
    ahead = _to_number(lines, range(place + 1, min(len(lines), place + _FARTHEST)), (line.number or 0) + 1)
    if ahead is not None:
        return ahead > _LONGEST_UNDER
    # The last number heads a section where the one before it did.
    behind = _to_number(lines, range(place - 1, max(-1, place - _FARTHEST), -1), (line.number or 0) - 1)
    return behind is not None and behind > _LONGEST_UNDER


def _to_number(lines: Sequence[Line], places: Iterable[int], number: int) -> int | None:
    """How many unmarked lines stand between here and the item of that number; None where it is not met."""
    between = 0
    for at in places:
        if lines[at].mark == "1" and lines[at].number == number:
            return between
        between += not lines[at].mark
    return None
