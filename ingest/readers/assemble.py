"""A Reading becomes a Document: the reading text in the form that the contract fixes, and the blocks that make it up.

The text begins with the title and, where known, a line with author, publisher and date. A list item is a line that
begins "- " or "1. "; a table row is one line that can be read alone; footnote marks are taken out, and where they
stood is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from corpus.errors import SourceError
from corpus.models import Block, Document, Footnote, Reference
from corpus.words import words
from ingest.clean import has_more_words, heading_key, tidy
from ingest.readers.parts import Part, Reading

_MARK = re.compile(r"[ \t]*\[\^([^\]\s]{1,80})\]")
_BLANK_LINES = re.compile(r"\n\s*\n")
# A caption longer than this is given once, as a paragraph, and not on every row.
LONGEST_CAPTION = 26
# Ways of asking that are kept for one heading, and the characters of one.
MOST_ASKED, LONGEST_ASKED = 20, 200
_EMPTY_CAPTION = frozenset("quick facts fact table figure chart exhibit summary key data overview at a glance".split())


def assemble(reading: Reading, title: str, source: str, works: Mapping[str, Reference]) -> Document:
    """The Document (its id still empty). `works`: references for footnote keys that the file does not define itself.

    Raises SourceError where there is nothing to read.
    """
    meta = reading.meta
    parts = reading.parts
    if not any(part.text.strip() for part in parts if part.kind != "heading"):
        if not meta.summary:
            raise SourceError("The file holds no text to read.")
        parts = (*parts, Part("paragraph", meta.summary))
    writer = _Text({**works, **reading.notes})
    writer.add("title", tidy(title), "", level=0)
    if byline := ", ".join(dict.fromkeys(filter(None, (meta.author, meta.publisher, meta.published)))):
        writer.add("byline", byline, "\n", level=0)
    _add_parts(writer, parts, title)
    asked, lost = _asked(reading)
    return Document(
        id="",
        title=tidy(title),
        text="".join(writer.pieces),
        source=source,
        blocks=tuple(writer.blocks),
        url=meta.url,
        author=meta.author,
        publisher=meta.publisher,
        published=meta.published,
        region=meta.region,
        language=meta.language,
        summary=meta.summary,
        about=meta.about,
        questions=meta.questions,
        asked=tuple(asked.items()),
        footnotes=tuple(writer.footnotes),
        dropped=(*reading.dropped, *lost),
    )


def _asked(reading: Reading) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """(Ways of asking by heading, what is left out): under headings that the text does not have, and too much of it.

    Each way of asking has a vector in every passage of its section, so that a small file could else fill a disk.
    """
    there = {heading_key(part.text): part.text for part in reading.parts if part.kind == "heading"}
    kept: dict[str, tuple[str, ...]] = {}
    lost: list[tuple[str, str]] = []
    for heading, said in reading.meta.asked:
        if (text := there.get(heading_key(heading))) is None:
            lost.append(("asked under a heading that is not there", heading))
            continue
        short = [phrase for phrase in said if len(phrase) <= LONGEST_ASKED]
        ways = (*kept.get(text, ()), *short)
        kept[text] = ways[:MOST_ASKED]
        lost += [("a way of asking that is too long", phrase) for phrase in said if len(phrase) > LONGEST_ASKED]
        lost += [(f"more than {MOST_ASKED} ways of asking for one section", phrase) for phrase in ways[MOST_ASKED:]]
    return kept, tuple(lost)


def _add_parts(writer: _Text, parts: tuple[Part, ...], title: str) -> None:
    before: Part | None = None
    long_caption = heading = ""
    ambiguous = _ambiguous(parts)
    for part in parts:
        if part.kind == "heading":
            heading = part.text
        text = part.text
        if not any(map(str.isalnum, text)):
            continue
        if part.kind in ("row", "fact"):
            below = heading if part.kind == "fact" and _name_of(part) in ambiguous else ""
            caption = _telling(part.caption or below, title)
            if has_more_words(caption, LONGEST_CAPTION):
                if caption != long_caption:
                    writer.add("paragraph", caption, "\n\n", level=0)
                long_caption, caption = caption, ""
            text = f"{title} ({caption}) - {text}" if caption else f"{title} - {text}"
        elif part.kind == "item":
            text = f"- {text}" if part.number is None else f"{part.number}. {text}"
        writer.add(part.kind, text, _gap(before, part), level=part.level, verbatim=part.verbatim)
        before = part


def _ambiguous(parts: tuple[Part, ...]) -> set[str]:
    """Labels of facts that stand under more than one heading: each needs its heading to be read alone."""
    under: dict[str, set[str]] = {}
    heading = ""
    for part in parts:
        if part.kind == "heading":
            heading = part.text
        elif part.kind == "fact":
            under.setdefault(_name_of(part), set()).add(heading)
    return {name for name, headings in under.items() if len(headings) > 1}


def _name_of(part: Part) -> str:
    return part.text.split(": ", 1)[0]


class _Text:
    """The text under construction, the blocks and footnotes found so far."""

    def __init__(self, references: Mapping[str, Reference]) -> None:
        self.references = references
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.footnotes: list[Footnote] = []
        self.length = 0

    def add(self, kind: str, text: str, gap: str, *, level: int, verbatim: bool = False) -> None:
        """Append a block behind a gap."""
        clean, marks = _without_marks(text, verbatim=verbatim)
        start = self.length + (len(gap) if self.pieces else 0)
        if self.pieces:
            self.pieces.append(gap)
        self.pieces.append(clean)
        self.length = start + len(clean)
        self.blocks.append(Block(kind, start, self.length, level))  # type: ignore[arg-type]
        self.footnotes += [Footnote(start + at, self.references[key]) for at, key in marks if key in self.references]


def _without_marks(text: str, *, verbatim: bool) -> tuple[str, list[tuple[int, str]]]:
    """The text without footnote marks, and (offset right behind the words, key) of each."""
    if verbatim:
        return _BLANK_LINES.sub("\n", text.strip("\n")).rstrip(), []
    text = tidy(text)
    if "[^" not in text:
        return text, []
    pieces: list[str] = []
    marks: list[tuple[int, str]] = []
    done = length = 0
    for mark in _MARK.finditer(text):
        piece = text[done : mark.start()]
        pieces.append(piece)
        length += len(piece)
        marks.append((length, mark[1]))
        done = mark.end()
    return "".join(pieces) + text[done:], marks


def _gap(before: Part | None, part: Part) -> str:
    """Lines of one list or table, and a list's lead-in, stand together; the rest is set apart by an empty line."""
    if before is None:
        return "\n\n"
    together = (
        (part.kind == "item" and (before.kind == "item" or before.level > 0 or before.text.rstrip().endswith(":")))
        or (part.kind == "paragraph" and part.level > 0 and before.kind in ("item", "paragraph"))
        or (part.kind in ("row", "fact") and (before.kind in ("row", "fact") or before.text.rstrip().endswith(":")))
    )
    return "\n" if together and before.kind != "heading" else "\n\n"


@lru_cache(1_024)  # asked for every row of a table
def _telling(caption: str, title: str) -> str:
    """The caption where it holds a word that neither the title has nor every caption could have, else ""."""
    caption = tidy(caption).rstrip(" .:")
    said = set(words(title)) | _EMPTY_CAPTION
    return caption if any(word not in said for word in words(caption)) else ""
