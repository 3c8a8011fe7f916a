"""A first question set for a document, for a person to edit: `python -m evals draft DOCUMENT`.

Questions come from what the document itself promises and states: its headings, the lists with the sentence that
introduces them, the rows of its tables and the figures in its sentences. Each names the exact words that answer it, and
as nuggets what a right answer must hold. Nothing is invented, so the questions are in the document's own words; a
person should put some of them as people ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import SourceError, UsageError
from corpus.models import Document, Sentence
from corpus.questions import Case, Relevant
from ingest.split import split

if TYPE_CHECKING:
    from corpus.library import Library

MOST = 30
# Quotes and nuggets of one list, and rows of one table, that are asked for.
_ITEMS, _ROWS = 5, 3
_LABEL_WORDS = 6
# A longer sentence makes no question that a person can read.
_SENTENCE_WORDS = 32
_LEAD = re.compile(r"^(?P<what>.+?),? (?:are|is|include|includes)(?: these| the following| as follows)?:?$")
_FIGURE = re.compile(
    r"(?P<money>[$£€₹]\s?\d[\d,.]*\d(?: (?:thousand|million|billion))?)"
    r"|(?P<share>\d[\d,.]*\s?(?:%|percent\b|per cent\b))"
    r"|(?<![\w.,$£€₹-])(?P<count>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?= [a-z]{3,})"
    r"(?! (?:and|from|the|was|were|had|has|than|with|for|out)\b)"
)
# Headings that promise a figure, and those that ask without a question mark ("How interviews run").
_COUNTS = re.compile(r"\bhow (?:much|many|fast|long|big)\b|\b(?:pay|earn|cost|salar|wage|grow)\w*", re.IGNORECASE)
_ASKING = re.compile(r"(?:how|what|which|where|when|who|why)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ASKS_FOR = {"money": "how much money", "share": "what percentage", "count": "how many"}


@dataclass(frozen=True, slots=True)
class _Drafted:
    """One question on its way: where its answer stands, and from what it was made."""

    at: int
    kind: str
    question: str
    quotes: tuple[str, ...]
    nuggets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    sentences: tuple[Sentence, ...]


def draft(document: Document, most: int = MOST) -> tuple[Case, ...]:
    """At most `most` cases, of each kind in turn, in the order of the document; each question once.

    Every quote stands in `document.text` as it is, every nugget in one of the quotes. () where there is nothing to ask.
    """
    made: dict[str, list[_Drafted]] = {kind: [] for kind in ("heading", "list", "row", "figure")}
    asked: set[str] = set()
    for section in _sections(document):
        for each in _of_section(document, section):
            if each.question.casefold() not in asked:
                asked.add(each.question.casefold())
                made[each.kind].append(each)
    in_turn = [each for row in zip_longest(*made.values()) for each in row if each is not None]
    chosen = sorted(in_turn[:most], key=lambda each: each.at)
    stem = re.sub(r"[^a-z0-9]+", "-", Path(document.source).stem.lower()).strip("-")[:60] or "document"
    return tuple(
        Case(
            id=f"{stem}-{number:03d}",
            question=each.question,
            expect="answered",
            relevant=tuple(Relevant(document.source, quote) for quote in each.quotes),
            nuggets=tuple((nugget,) for nugget in each.nuggets),
            tags=("draft", each.kind),
        )
        for number, each in enumerate(chosen, 1)
    )


def read(path: str) -> Document:
    """The document of one file or address, as ingest reads it. Raises UnknownPath, UsageError and SourceError."""
    from ingest.handover import Request
    from ingest.limited import LimitedReaders
    from ingest.sources import Refused, find_sources, read_bytes

    found = find_sources([path]).sources
    if len(found) != 1:
        raise UsageError(f"{path} holds {len(found)} documents; name one, or one of a library with --library.")
    source = found[0]
    if isinstance(source, Refused):
        raise SourceError(f"{path} cannot be read: {source.reason}")
    got = read_bytes(source)
    works = source.works.read_bytes() if source.works else b""
    with LimitedReaders(1) as readers:
        asked = Request(got.data, source.source, works, got.address, got.content_type, got.charset)
        return readers.read(asked).document


def find(library: Library, name: str) -> Document:
    """The document of a library with this id, source, end of a source, or title. Raises UsageError."""
    documents = library.documents()
    for fits in (
        [each for each in documents if name in (each.id, each.source)],
        [each for each in documents if each.source.endswith(f"/{name}") or each.title.casefold() == name.casefold()],
    ):
        if len(fits) == 1:
            return library.document(fits[0].id)
        if fits:
            raise UsageError(f"{name} may be any of {', '.join(each.source for each in fits[:5])}; name one of these.")
    some = ", ".join(each.source for each in documents[:5])
    raise UsageError(
        f"The library holds no document {name}; name its source or id, such as {some or 'none: it is empty'}."
    )


def _sections(document: Document) -> Iterator[_Section]:
    for path, passages in groupby(split(document), key=lambda each: each.section):
        sentences = tuple(each for passage in passages for each in passage.sentences if not each.promotional)
        yield _Section(path[-1] if path else "", sentences)


def _of_section(document: Document, section: _Section) -> Iterator[_Drafted]:
    text = document.text
    yield from _of_heading(document, section)
    lists = groupby(
        (each for each in section.sentences if each.list_id is not None and each.level == 0),
        key=lambda each: (each.list_id, each.lead),
    )
    for (_, lead), items in lists:
        yield from _of_list(text, lead, [each for each in items if each.kind == "item"])
    yield from _of_rows(document, [each for each in section.sentences if each.kind == "row"])
    for each in section.sentences:
        if each.kind == "sentence":
            yield from _of_sentence(text, each)


def _of_heading(document: Document, section: _Section) -> Iterator[_Drafted]:
    """A heading that asks is a question; another names what the document tells about."""
    first = next((each for each in section.sentences if each.kind == "sentence"), None)
    if not section.heading or first is None:
        return
    quote = document.text[first.start : first.end]
    asks = section.heading.endswith("?")
    about = "" if _ASKING.match(section.heading) else "what about "
    question = section.heading if asks else f"{document.title}: {about}{_lowered(section.heading)}?"
    figures = list(_figures(quote)) if _COUNTS.search(section.heading) else []
    yield _Drafted(first.start, "heading", question, (quote,), tuple(match[0].strip() for match in figures[:1]))


def _of_list(text: str, lead: tuple[int, int] | None, items: Sequence[Sentence]) -> Iterator[_Drafted]:
    """A list with the sentence that introduces it: "The first jobs are:" asks "What are the first jobs?"."""
    found = _LEAD.match(text[slice(*lead)].strip()) if lead else None
    if lead is None or found is None or len(items) < 2:
        return
    said = [text[each.start : each.end] for each in items[:_ITEMS]]
    quotes = (text[slice(*lead)], *said)
    yield _Drafted(lead[0], "list", f"What are {_lowered(found['what'])}?", quotes, tuple(map(_label, said)))


def _of_rows(document: Document, rows: Sequence[Sentence]) -> Iterator[_Drafted]:
    """Rows of one table, "Title - Row: column value; column value": what stands first in all of them is the column."""
    tables: dict[tuple[str, int], list[tuple[Sentence, str, list[list[str]]]]] = {}
    for row in rows:
        head, colon, said = document.text[row.start : row.end].partition(": ")
        prefix, dash, name = head.rpartition(" - ")
        if colon and dash and name:
            parts = [cell.split() for cell in said.split("; ")]
            tables.setdefault((prefix, len(parts)), []).append((row, name, parts))
    for (prefix, _), table in tables.items():
        if len(table) < 2:
            continue
        for place, (row, label, cells) in enumerate(table[:_ROWS]):
            column = place % len(cells)
            words = _begin_alike([each[2][column] for each in table])
            value = " ".join(cells[column][len(words) :]).rstrip(".")
            if words and any(sign.isalnum() for sign in value):
                question = f"{prefix}: what is the {_lowered(' '.join(words))} for {label}?"
                yield _Drafted(row.start, "row", question, (document.text[row.start : row.end],), (value,))


def _begin_alike(cells: Sequence[Sequence[str]]) -> list[str]:
    """The words that all cells of a column begin with."""
    words = []
    for column in zip(*cells, strict=False):
        if len(set(column)) > 1:
            break
        words.append(column[0])
    return words


def _of_sentence(text: str, sentence: Sentence) -> Iterator[_Drafted]:
    """A sentence with a figure asks for it: "It pays $5 an hour." becomes "It pays how much money an hour?"."""
    quote = text[sentence.start : sentence.end]
    match = next(iter(_figures(quote)), None)
    if match is None or len(quote.split()) > _SENTENCE_WORDS or "\n" in quote:
        return
    asks = _ASKS_FOR[str(match.lastgroup)]
    question = f"{quote[: match.start()]}{asks}{quote[match.end() :]}".rstrip(".!? ") + "?"
    yield _Drafted(sentence.start, "figure", question[0].upper() + question[1:], (quote,), (match[0].strip(),))


def _figures(quote: str) -> Iterator[re.Match[str]]:
    return (match for match in _FIGURE.finditer(quote) if not _YEAR.fullmatch(match[0].strip()))


def _label(item: str) -> str:
    """What an item is called: what stands before its colon, or its first words."""
    before, colon, _ = item.partition(":")
    words = (before if colon and len(before.split()) <= _LABEL_WORDS else item).split()
    return " ".join(words[:_LABEL_WORDS]).rstrip(".,;:")


def _lowered(text: str) -> str:
    """The first letter small, unless the first word is a name of capitals or the like."""
    first = text.split(maxsplit=1)[0]
    return text if not first[1:].islower() and len(first) > 1 else text[0].lower() + text[1:]
