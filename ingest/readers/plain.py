"""Plain text: a title, headings and lists are recovered where nothing marks them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.furniture import Findings, scan
from ingest.readers.dates import iso_date
from ingest.readers.lines import Line, logical_lines
from ingest.readers.parts import Meta, Part, Reading
from ingest.readers.structure import heading_like, is_prose, structure
from ingest.readers.titles import made_title

_HEADER = re.compile(
    r"^(?P<key>title|author|by|date|published|source|url|publisher|subject|language|region)\s*:\s+(?P<value>\S.{0,200})$",
    re.IGNORECASE,
)
# What stands over the first paragraphs of many texts: headings, and no titles.
_GENERIC = re.compile(
    r"^(?:introduction|overview|summary|abstract|contents|table of contents|background|preface|foreword|about|"
    r"key takeaways?|key points?|highlights|executive summary|intro)\W*$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 20


def read_plain(text: str, name: str, meta: Meta | None = None) -> Reading:
    """The parts of a plain text. `name`: its file's name, for a title where all else fails.

    `meta`: what is known already, from front matter; it wins over what the lines say.
    """
    lines = logical_lines(text)
    told, lines = _header_lines(lines)
    findings = scan(
        [line.text for line in lines],
        items=frozenset(place for place, line in enumerate(lines) if line.mark),
        kept=frozenset(place for place, line in enumerate(lines) if "\t" in line.text),
    )
    dropped = tuple((findings.reasons[place], lines[place].text) for place in sorted(findings.reasons))
    lines = [line for place, line in enumerate(lines) if place not in findings.reasons]
    known = meta or Meta()
    title, lines = _title(lines, known.title or told.title)
    parts = tuple(structure(lines))
    return Reading(_merged(known, told, findings, title or _made(name, parts)), parts, dropped=dropped)


def _header_lines(lines: Sequence[Line]) -> tuple[Meta, list[Line]]:
    """`Title: ...`, `Author: ...`, `Date: ...` at the head, as in a letter; and the lines below."""
    values: dict[str, str] = {}
    count = 0
    for line in lines[:8]:
        pair = _HEADER.match(line.text)
        if line.mark or not pair:
            break
        values.setdefault(pair["key"].lower(), pair["value"].strip())
        count += 1
    if not {"title", "author", "date", "published", "by"} & set(values):
        return Meta(), list(lines)
    address = values.get("url") or values.get("source") or ""
    told = Meta(
        title=values.get("title") or values.get("subject"),
        author=values.get("author") or values.get("by"),
        publisher=values.get("publisher"),
        published=iso_date(values.get("published") or values.get("date") or ""),
        region=values.get("region"),
        language=values.get("language"),
        url=address if re.match(r"https?://\S+$", address) else None,
    )
    return told, list(lines[count:])


def _title(lines: Sequence[Line], known: str | None) -> tuple[str | None, list[Line]]:
    """(title, the lines below it): the known one, even where the text repeats it, or a first line that reads so."""
    if not lines:
        return known, []
    first = lines[0]
    if known:
        repeated = first.text.casefold().strip(" #*") == known.casefold().strip()
        return known, list(lines[1:] if repeated else lines)
    if first.rule and first.words <= _LONGEST_TITLE:
        return first.text, list(lines[1:])
    titled = replace(first, text=first.text.rstrip("!")) if first.text.endswith("!") else first
    short = heading_like(titled) or (first.words <= _LONGEST_TITLE and not first.mark and not first.ended)
    if not short or len(lines) < 2 or _GENERIC.match(first.text) or first.text[:1].islower():
        return None, list(lines)
    # Two headings one under the other, or a paragraph below: a title. A first line among others like it is none.
    if is_prose(lines[1]) or lines[1].apart or lines[1].text.endswith((":", "?")) or heading_like(lines[1]):
        return first.text, list(lines[1:])
    return None, list(lines)


def _made(name: str, parts: Sequence[Part]) -> str:
    paragraphs = [part.text for part in parts if part.kind in ("paragraph", "item")]
    return made_title(name, paragraphs, [part.text for part in parts if part.kind == "heading"])


def _merged(known: Meta, told: Meta, findings: Findings, title: str) -> Meta:
    """What front matter says, filled up by the lines at the head, filled up by bylines and dates on the page."""
    return replace(
        known,
        title=title,
        author=known.author or told.author or findings.author,
        publisher=known.publisher or told.publisher,
        published=known.published or told.published or findings.published,
        region=known.region or told.region,
        language=known.language or told.language,
        url=known.url or told.url,
    )
