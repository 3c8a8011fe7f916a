"""The lines of a plain text, put right: hard-wrapped ones joined, bullets recognised, depth of indentation kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_BULLET = re.compile(r"^(?P<mark>[-*+•·▪▫‣◦●○■□♦➤➢►▶→✓✔✅✦])[ \t]+(?P<text>\S.*)$")
_TIGHT_BULLET = re.compile(r"^(?P<mark>[•▪▫‣◦●○■□♦➤➢►▶✓✔✅✦-])(?P<text>[^\W\d].*)$")
_DASH_BULLET = re.compile(r"^(?P<mark>[–—o])[ \t]+(?P<text>\S.*)$")
_NUMBER = re.compile(r"^\(?(?P<number>\d{1,3})[.)][ \t]+(?P<text>\S.*)$")
_LETTER = re.compile(r"^\(?(?P<letter>[a-zA-Z])[.)][ \t]+(?P<text>\S.*)$")
BULLET_MARK = re.compile(r"^[-*+•·▪▫‣◦●○■□♦➤➢►▶→✓✔✅✦][ \t]+\S")
_CHECKBOX = re.compile(r"^\[[ xX]\][ \t]+")
_RULE = re.compile(r"^(?:[-=*_~#+]\s*){3,}$")
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]]*$")
# Columns at which people and mail programs break lines.
_NARROWEST, _WIDEST = 45, 125
# Words that no heading, item or sentence ends with.
_LEFT_OPEN = re.compile(
    r"\s(?:a|an|the|of|and|or|to|than|with|from|by|is|are|was|were|as|at|that|which|more|their|its)$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line. `mark`: "" for none, "-" for a bullet, "1" for a number; `text` is without the mark.

    `apart`: an empty line stood before it. `rule`: the underline that followed ("=", "-", ...), "" for none.
    """

    text: str
    indent: int = 0
    mark: str = ""
    number: int | None = None
    apart: bool = False
    rule: str = ""

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def ended(self) -> bool:
        """Whether it ends like a sentence or a lead-in."""
        return bool(_ENDS.search(self.text))


def logical_lines(text: str, width: int | None = None) -> list[Line]:
    """The lines of a text with hard wraps undone; a text of one line a paragraph stays as it is.

    `width`: the column at which it was broken, where that is known from a longer text; see `wrap_width`.
    """
    raw = _marked(_raw_lines(text))
    if width is None:
        width = _wrap_width(raw)
    joined: list[Line] = []
    for place, line in enumerate(raw):
        before = raw[place - 1] if place else None
        if (
            before
            and not line.apart
            and not line.mark
            and (_hangs(joined[-1], before, line) or _continues(before, line, width, raw, place))
        ):
            joined[-1] = replace(joined[-1], text=_join(joined[-1].text, line.text))
        else:
            joined.append(line)
    return joined


def marked_lines(lines: Sequence[str], near: Sequence[str] = ()) -> list[Line]:
    """Single lines with their bullets and numbers recognised; `near`: lines beside them, for marks that need a like."""
    return [
        _mark_one(Line(text.strip()), [*near, *lines[:place], *lines[place + 1 :]]) for place, text in enumerate(lines)
    ]


def wrap_width(text: str) -> int:
    """The column at which a text was broken by hand, 0 where every line is a paragraph of its own."""
    return _wrap_width(_marked(_raw_lines(text)))


def is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of `after` would not have fitted behind `line` at that width."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width - 3


def _raw_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    apart = True
    for raw in text.split("\n"):
        stripped = raw.strip()
        if not stripped:
            apart = True
            continue
        if _RULE.match(stripped) and len(stripped) >= 3:
            # An underline belongs to the line above it; any other rule only sets apart.
            if lines and not apart and stripped[0] in "=-~*#" and len(lines[-1].text) <= 100:
                lines[-1] = replace(lines[-1], rule=stripped[0])
            apart = True
            continue
        expanded = raw.expandtabs(4)
        lines.append(Line(stripped, len(expanded) - len(expanded.lstrip()), apart=apart))
        apart = False
    return lines


def _marked(lines: Sequence[Line]) -> list[Line]:
    """Bullets and numbers recognised; letters, dashes and glued bullets only where a neighbour has one too."""
    found: list[Line] = []
    for place, line in enumerate(lines):
        near = [other.text for other in (*lines[max(0, place - 3) : place], *lines[place + 1 : place + 4])]
        found.append(_mark_one(line, near))
    return found


def _mark_one(line: Line, near: Sequence[str]) -> Line:
    text = line.text
    if bullet := _BULLET.match(text):
        return replace(line, mark="-", text=_CHECKBOX.sub("", bullet["text"]))
    if number := _NUMBER.match(text):
        return replace(line, mark="1", number=int(number["number"]), text=number["text"])
    if letter := _LETTER.match(text):
        place = ord(letter["letter"].lower()) - ord("a") + 1
        others = {ord(o["letter"].lower()) - ord("a") + 1 for n in near if (o := _LETTER.match(n))}
        if {place - 1, place + 1} & others:
            return replace(line, mark="1", number=place, text=letter["text"])
    for pattern in (_TIGHT_BULLET, _DASH_BULLET):
        bullet = pattern.match(text)
        if bullet and any((other := pattern.match(n)) and other["mark"] == bullet["mark"] for n in near):
            return replace(line, mark="-", text=bullet["text"])
    return line


def _wrap_width(lines: Sequence[Line]) -> int:
    lengths = sorted(line.indent + len(line.text) for line in lines)
    if len(lengths) < 3:
        return 0
    width = lengths[min(len(lengths) - 1, int(len(lengths) * 0.97))]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    pairs = [(a, b) for a, b in pairwise(lines) if not b.apart and not b.mark]
    full = [(a, b) for a, b in pairs if _is_full(a, b, width)]
    broken = sum(not a.ended for a, b in full)
    return width if len(full) >= max(2, len(pairs) * 0.4) and broken >= len(full) * 0.4 else 0


def _hangs(item: Line, line: Line, after: Line) -> bool:
    """Whether a line goes on with an item, set in below its first word and in the middle of a sentence."""
    set_in = after.indent > item.indent and (line.mark != "" or after.indent == line.indent)
    return item.mark != "" and set_in and after.text[:1].islower() and not line.ended


def _is_full(line: Line, after: Line, width: int) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    length = line.indent + len(line.text) + (2 if line.mark else 0)
    return length + 1 + len(after.text.split(maxsplit=1)[0]) > width - 3


def _continues(line: Line, after: Line, width: int, lines: Sequence[Line], place: int) -> bool:
    """Whether `after` goes on with the sentence of `line`, which was broken only for want of room."""
    if line.rule or "\t" in line.text or "\t" in after.text:
        return False
    lower = after.text[:1].islower()
    if width and _is_full(line, after, width) and len(line.text) > width * 0.5:
        return True
    long = len(line.text) >= (width * 0.5 if width else 40)
    if lower and long and not line.ended and not _looks_like_tag(after.text):
        return True
    if line.text.endswith(",") and long:
        return True
    # A line that stops at "than" or "the" goes on, however short; so does a long one that ends no sentence, even where
    # a mark that was taken out of it made it shorter.
    if _LEFT_OPEN.search(line.text) or (width and not line.ended and len(line.text) >= width * 0.75):
        return True
    return not width and _wrapped_here(lines, place)


def _wrapped_here(lines: Sequence[Line], place: int) -> bool:
    """In a text of long lines: whether this block alone is hard-wrapped (four or more lines, all but the last full)."""
    first = place
    while first > 0 and not lines[first].apart and not lines[first].mark and place - first < 40:
        first -= 1
    last = place
    while last + 1 < len(lines) and not lines[last + 1].apart and not lines[last + 1].mark and last - place < 40:
        last += 1
    block = lines[first : last + 1]
    width = max(len(line.text) for line in block)
    if len(block) < 4 or not _NARROWEST <= width <= _WIDEST:
        return False
    full = all(_is_full(a, b, width) for a, b in pairwise(block))
    return full and any(b.text[:1].islower() for b in block[1:])


def _looks_like_tag(text: str) -> bool:
    """An address or a name in small letters on a line of its own, not the middle of a sentence."""
    return len(text.split()) == 1 and bool(re.search(r"[./@#]", text))


def _join(text: str, more: str) -> str:
    if re.search(r"[^\W\d]-$", text) and more[:1].islower():
        return text + more
    return f"{text} {more}"
