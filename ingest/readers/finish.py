"""The last steps that readers of marked-up sources share: furniture out, the title found, interrupted lists resumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.furniture import scan
from ingest.readers.lines import Line
from ingest.readers.parts import Meta, Part, Reading
from ingest.readers.structure import heading_like
from ingest.readers.titles import made_title

# More paragraphs than this between two numbers, and they are no list with text under its items.
_LONGEST_UNDER = 3


def finished(parts: Sequence[Part], name: str, meta: Meta) -> Reading:
    """The reading: without furniture, under the title that `meta` gives or that the parts show."""
    findings = scan(
        [part.text for part in parts],
        headings=frozenset(place for place, part in enumerate(parts) if part.kind == "heading"),
        items=frozenset(place for place, part in enumerate(parts) if part.kind == "item"),
        kept=frozenset(p for p, part in enumerate(parts) if part.kind in ("row", "fact") or part.verbatim),
    )
    for place, part in enumerate(parts[:12]):
        # The site's name over the page, on a line of its own.
        if part.kind == "paragraph" and meta.publisher and _same(part.text, meta.publisher):
            findings.reasons.setdefault(place, "name of the site")
    dropped = tuple((findings.reasons[place], parts[place].text) for place in sorted(findings.reasons))
    left = [part for place, part in enumerate(parts) if place not in findings.reasons]
    title, rest = _title(left, meta.title, name)
    # Of a single line, or of headings alone, the words are title and text.
    if not any(part.text and part.kind != "heading" for part in rest) and not meta.summary:
        rest = [replace(part, kind="paragraph", level=0) for part in rest or left]
    left = rest
    meta = replace(
        meta,
        title=title,
        author=meta.author or findings.author,
        published=meta.published or findings.published,
    )
    return Reading(meta, tuple(resumed(without_empty_headings(left))), dropped=dropped)


def _title(parts: list[Part], known: str | None, name: str) -> tuple[str, list[Part]]:
    """(the title, the parts without the one that it was): the known one, the first h1, a heading above all text."""
    if known:
        same = next((place for place, part in enumerate(parts[:3]) if _same(part.text, known)), None)
        return known, [part for place, part in enumerate(parts) if place != same]
    headings = [place for place, part in enumerate(parts) if part.kind == "heading"]
    top = next((place for place in headings if parts[place].level == 1), None)
    if top is None and headings and headings[0] == 0:
        top = 0
    if top is None and parts and parts[0].kind == "paragraph" and heading_like(Line(parts[0].text)):
        top = 0
    if top is not None:
        return parts[top].text, [part for place, part in enumerate(parts) if place != top]
    paragraphs = [part.text for part in parts if part.kind in ("paragraph", "item")]
    return made_title(name, paragraphs, [parts[place].text for place in headings]), parts


def without_empty_headings(parts: Sequence[Part]) -> list[Part]:
    """A heading at the end with nothing under it, and the like, becomes a paragraph, so that its words can be cited."""
    kept: list[Part] = []
    for place, part in enumerate(parts):
        after = parts[place + 1] if place + 1 < len(parts) else None
        empty = part.kind == "heading" and (after is None or (after.kind == "heading" and after.level <= part.level))
        kept.append(Part("paragraph", part.text) if empty and len(part.text.split()) > 3 else part)
    return kept


def resumed(parts: Sequence[Part]) -> list[Part]:
    """Numbered lists with unindented text in between ("1. Plan", a paragraph, "2. Build"): that goes under its item."""
    out = list(parts)
    # What went under the number before, in order: the last number gets the like of it.
    moved: list[Part] = []
    place = 0
    while place < len(out):
        part = out[place]
        if part.kind != "item" or part.number is None or part.level > 0:
            place += 1
            continue
        end = _next_number(out, place) or _last_reach(out, place, moved)
        moved = [out[under] for under in range(place + 1, end) if out[under].level == 0]
        deeper = 0
        for under in range(place + 1, end):
            if out[under].level == 0:
                deeper = int(out[under].kind == "item")
                out[under] = replace(out[under], level=1)
            else:
                out[under] = replace(out[under], level=out[under].level + deeper)
        place = max(end, place + 1)
    return out


def _next_number(parts: Sequence[Part], place: int) -> int:
    """Where the next number stands, if paragraphs and bullets alone are between; else 0."""
    paragraphs = 0
    for at in range(place + 1, len(parts)):
        part = parts[at]
        if part.kind == "item" and part.number is not None and part.level == 0:
            return at if part.number == (parts[place].number or 0) + 1 else 0
        paragraphs += part.kind == "paragraph" and part.level == 0
        if part.kind not in ("paragraph", "item") or paragraphs > _LONGEST_UNDER:
            return 0
    return 0


def _last_reach(parts: Sequence[Part], place: int, moved: Sequence[Part]) -> int:
    """How far the text under the last number reaches: bullets behind a colon, the like of what the one before got."""
    end = place + 1
    while end < len(parts) and parts[end].level > 0:
        end += 1
    if moved and moved[0].kind == "paragraph" and end < len(parts) and parts[end].kind == "paragraph":
        end += 1
    if parts[end - 1].text.endswith(":") or (moved and _is_bullet(moved[0])):
        while end < len(parts) and _is_bullet(parts[end]) and parts[end].level == 0:
            end += 1
    return end


def _is_bullet(part: Part) -> bool:
    return part.kind == "item" and part.number is None


def _same(text: str, other: str) -> bool:
    return " ".join(text.casefold().split()) == " ".join(other.casefold().split())
