"""Page furniture: what stands on a page and is not its text. Pure: lines in, findings out; nothing goes silently.

Lines are whole lines or blocks of a page. What a line tells of the page (its author, its date) is kept as a finding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest import furniture_patterns as known
from ingest.clean import has_more_words
from ingest.readers.dates import iso_date

_BARE_DATE = re.compile(r"^[\w,./ -]{0,12}\b\d{4}\b[\w\s:|•·,-]{0,30}$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_IN_NAMES = frozenset("and & de van von der la al bin".split())
_BY_LINE = (
    (known.CONTROL, "page control"),
    (known.READING_TIME, "reading time"),
    (known.FILED, "tags"),
    (known.NOTICE, "notice of the site"),
    (known.BREADCRUMB, "breadcrumb"),
)


@dataclass(frozen=True, slots=True)
class Findings:
    """`reasons`: why the line at this place is furniture; lines not named there are text."""

    reasons: dict[int, str] = field(default_factory=dict)
    author: str | None = None
    published: str | None = None


def scan(
    lines: Sequence[str],
    *,
    headings: frozenset[int] = frozenset(),
    items: frozenset[int] = frozenset(),
    kept: frozenset[int] = frozenset(),
) -> Findings:
    """Which lines of a page are furniture, and what they tell.

    `headings`, `items`: places marked as such in the source; `kept`: places never taken for furniture (table rows).
    An item is taken out only with the whole run of items that it stands in.
    """
    reasons: dict[int, str] = {}
    for run in _runs(len(lines), items):
        found = {place: furniture(lines[place]) for place in run if place not in kept}
        if len(run) == 1 or all(found.get(place) for place in run):
            reasons |= {place: reason for place, reason in found.items() if reason}
    author, published = _told(lines, headings, items | kept, reasons)
    _mark_head(lines, kept, reasons)
    _mark_related(lines, headings, kept, reasons)
    _mark_tail(lines, kept | headings | items, reasons)
    for place in [place for place in range(len(lines)) if place not in reasons and place not in kept][-3:]:
        if name := bio_author(lines[place]):
            author = author or name
            reasons[place] = "note about the author"
    return Findings(reasons, author, published)


def furniture(line: str) -> str:
    """Why a line by itself is page furniture, "" where it is not."""
    text = line.strip()
    if not text or len(text) > 200:
        return ""
    for pattern in known.PHOTO_CREDIT:
        if pattern.match(text):
            return "photo credit"
    if "©" in text and known.SIGNED_PHOTO.match(text):
        return "photo credit"
    low = text.lower()
    of_rights = low[0] in known.RIGHTS_BEGIN or known.RIGHTS_RESERVED in low
    if of_rights and known.RIGHTS.search(text) and not has_more_words(text, 30):
        return "copyright line"
    for pattern, reason in _BY_LINE:
        if pattern.match(text):
            return reason
    return ""


def bio_author(line: str) -> str:
    """The person whom a note about the author names, "" where the line is no such note."""
    match = known.BIO.match(line.strip())
    if match is None or len(line.split()) > 90 or known.QUOTED.search(line):
        return ""
    name = match["name"]
    return "" if any(token.lower() in known.NOT_NAMES for token in name.split()) else name


def _runs(count: int, items: frozenset[int]) -> list[list[int]]:
    """Places in order: neighbouring items together, everything else alone."""
    runs: list[list[int]] = []
    for place in range(count):
        if place in items and place - 1 in items:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _told(
    lines: Sequence[str], headings: frozenset[int], kept: frozenset[int], reasons: dict[int, str]
) -> tuple[str | None, str | None]:
    """Author and date from lines near the head and the foot that say nothing else; marks these lines."""
    author = published = None
    left = [place for place in range(len(lines)) if place not in reasons and place not in kept]
    for place in dict.fromkeys([*left[:8], *left[-8:]]):
        near_head = place in left[:8]
        byline = _byline(lines[place]) if near_head and place not in headings else None
        if byline:
            author, published = author or byline[0], published or byline[1]
            reasons[place] = "byline"
        elif date := _date_line(lines[place], near_head=near_head):
            published = published or date
            reasons[place] = "date line"
    return author, published


def _byline(line: str) -> tuple[str, str | None] | None:
    """(author, date or None) of a line like `By Ada Moore | 3 May 2024`; None where it is none."""
    match = known.WRITTEN_BY.match(line.strip())
    if match is None:
        return None
    name = match["name"].strip()
    tokens = name.split()
    if not 1 < len(tokens) <= 6 or not all(t[0].isupper() or t in _IN_NAMES for t in tokens):
        return None
    if any(token.lower() in known.NOT_NAMES for token in tokens) or iso_date(name):
        return None
    return name, iso_date(match["rest"] or "")


def _date_line(line: str, *, near_head: bool) -> str | None:
    text = line.strip()
    match = known.DATED.match(text)
    if match:
        return iso_date(match["date"]) if len(text.split()) <= 10 else None
    # A line that is a date and nothing else but a weekday or a reading time; a bare year is a heading.
    found = iso_date(text) if near_head and len(text.split()) <= 8 else None
    if found and len(found) == 10 and _BARE_DATE.search(text):
        rest = re.sub(r"[^A-Za-z]+", " ", text).lower().split()
        return found if len(rest) <= 5 and not set(rest) & {"in", "by", "the", "of", "for"} else None
    return None


def _mark_head(lines: Sequence[str], kept: frozenset[int], reasons: dict[int, str]) -> None:
    """A menu above the title, and the one word that says what kind of page it is."""
    head = [place for place in range(min(len(lines), 40)) if place not in reasons]
    run: list[int] = []
    for place in head:
        if has_more_words(lines[place], 3) or place in kept or _SENTENCE_END.search(lines[place].strip()):
            break
        run.append(place)
    if len(run) >= 3 and sum(bool(known.MENU.match(lines[place].strip())) for place in run) >= 2:
        reasons.update(dict.fromkeys(run, "menu"))
    elif len(head) > 2 and known.KICKER.match(lines[head[0]].strip()) and head[0] not in kept:
        reasons[head[0]] = "label of the page"


def _mark_related(
    lines: Sequence[str], headings: frozenset[int], kept: frozenset[int], reasons: dict[int, str]
) -> None:
    """A heading over links to elsewhere, and the bare lines below it; not where a paragraph follows."""
    place = 0
    while place < len(lines):
        if place in kept or not known.RELATED.match(lines[place].strip()) or len(lines[place].split()) > 12:
            place += 1
            continue
        end = place + 1
        if not any(at in kept or _is_prose(lines[at]) for at in range(end, len(lines))):
            # Nothing but bare lines up to the end: all of them are links, whatever looks like a heading among them.
            reasons.update(dict.fromkeys(range(place, len(lines)), "links to elsewhere"))
            return
        while end < len(lines) and end not in headings and end not in kept and not _is_prose(lines[end]):
            end += 1
        prose_follows = end < len(lines) and end == place + 1 and end not in headings
        if not prose_follows or lines[place].lower().startswith("dig deeper"):
            reasons.update(dict.fromkeys(range(place, end), "links to elsewhere"))
        place = end


def _mark_tail(lines: Sequence[str], kept: frozenset[int], reasons: dict[int, str]) -> None:
    """Bare link words at the end: lines of one to four words without a figure, behind or among other furniture."""
    tail: list[int] = []
    evidence = False
    for place in range(len(lines) - 1, -1, -1):
        if place in reasons:
            evidence = True
            continue
        text = lines[place].strip()
        if place in kept or has_more_words(text, 4) or re.search(r"[.!?:;,…\d]", text):
            if tail and evidence and not text.endswith(":"):
                reasons.update(dict.fromkeys(tail, "menu"))
            return
        tail.append(place)
        evidence = evidence or bool(known.MENU.match(text))


def _is_prose(line: str) -> bool:
    text = line.strip()
    return has_more_words(text, 14) or (has_more_words(text, 5) and bool(_SENTENCE_END.search(text)))
