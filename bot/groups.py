"""What of a passage belongs together: a list with its lead-in, or a label with what stands under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from corpus.index import Index
from corpus.models import Passage, Sentence
from corpus.words import term_set

# A list with all that stands under its items is given whole up to this many words; beyond it, its items alone.
WITH_DETAILS = 110
# Beyond so many words, of each item its first sentence alone.
LONGEST = 160
_BULLET = re.compile(r"(?:^|\n)(?:-|\d+[.)]) $")


@dataclass(frozen=True, slots=True)
class Whole:
    """What of a group is told; `is_list`: it is a list, and not what stands under a label."""

    parts: tuple[Sentence, ...]
    texts: tuple[str, ...]
    terms: frozenset[str]
    words: int
    is_list: bool


# The groups of a generation that were looked at, by document, section and where they begin.
_wholes: WeakKeyDictionary[Index, dict[tuple[str, tuple[str, ...], int], Whole]] = WeakKeyDictionary()


def introduced_by(passage: Passage) -> dict[tuple[int, int], int]:
    """The lists of a passage (where each begins) by the spans of their lead-ins, of several with one the first."""
    lists: dict[tuple[int, int], int] = {}
    for sentence in passage.sentences:
        if sentence.lead is not None and sentence.list_id is not None:
            lists.setdefault(sentence.lead, sentence.list_id)
    return lists


def group_of(sentence: Sentence, introduced: Mapping[tuple[int, int], int]) -> int | None:
    """Where the group begins that a sentence belongs to: its list's first item, its label; None for one by itself.

    A lead-in belongs to the list that it introduces.
    """
    if sentence.list_id is not None:
        return sentence.list_id
    if sentence.lead is not None and sentence.level > 0:
        return sentence.lead[0]
    return introduced.get((sentence.start, sentence.end))


def whole_of(index: Index, passage: Passage, first: int) -> Whole:
    """What is told of the group of a passage's section that begins at `first`; remembered for the generation."""
    known = _wholes.setdefault(index, {})
    place = (passage.document_id, passage.section, first)
    if place not in known:
        known[place] = _whole(index, passage, first)
    return known[place]


def _whole(index: Index, passage: Passage, first: int) -> Whole:
    """The lead-in, the items or the label of the group that begins at `first`, and what stands under them where that
    is short enough."""
    text = index.document(passage.document_id).text
    around = [index.passage(row) for row in index.rows_of(passage.document_id)]
    section = [s for p in around if p.section == passage.section for s in p.sentences if not s.promotional]
    items = [s for s in section if s.list_id == first]
    is_list = bool(items)
    # Where the label itself is advertising, what stands under it begins with its own first sentence.
    items = items or [s for s in section if s.start >= first][:1]
    parts = _with_details(section, items[0], first if is_list else None)
    if is_list and _length(text, parts) > WITH_DETAILS:
        parts = items
    if _length(text, items) > LONGEST:
        # Items of several sentences: the first of each names the step or the thing.
        parts = [s for s in items if _BULLET.search(text, max(0, s.start - 12), s.start)]
    lead = items[0].lead if is_list else None
    parts = [*(s for s in section if (s.start, s.end) == lead), *parts]
    texts = tuple(text[s.start : s.end] for s in parts)
    joined = " ".join(texts)
    return Whole(tuple(parts), texts, term_set(joined), len(joined.split()), is_list)


def _with_details(section: Sequence[Sentence], begin: Sentence, list_id: int | None) -> list[Sentence]:
    """The sentences from `begin` to where its list, or what stands under its label, ends."""
    details = [begin]
    for sentence in section:
        if sentence.start <= begin.start:
            continue
        if sentence.level <= begin.level and (list_id is None or sentence.list_id != list_id):
            break
        details.append(sentence)
    return details


def _length(text: str, parts: Sequence[Sentence]) -> int:
    return sum(len(text[part.start : part.end].split()) for part in parts)
