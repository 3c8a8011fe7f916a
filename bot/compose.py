"""The extractive answer: whole sentences, lists and table rows of the guides, chosen for the question and put in order.

No word is written here. Units (a sentence, a list with its lead-in, a row) are scored by their own vector, the terms of
the question that they and their headings cover, the rank of their passage and the kind of answer that is wanted; they
are taken greedily against repetition, one source's share is capped, and they are read in the order of their guides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.index import Index

from bot.numbers import numbers
from bot.questions import Facet, Kind
from bot.retriever import Found
from corpus.models import Passage, Sentence
from corpus.search import coverage, weigh
from corpus.words import terms, words

# Words that an answer to one facet may have, by the kind of answer; a list is given whole up to LONGEST_LIST.
BUDGET: Mapping[Kind, int] = {
    "money": 60, "growth": 60, "count": 60, "duration": 70, "definition": 70, "yes_no": 95,
    "list": 120, "comparison": 120, "how": 120, "broad": 120,
}  # fmt: skip
LONGEST_LIST = 220
# Hits that are looked into; a unit must reach this share of the best one's score; a passage this share of the best.
DEPTH = 12
NEAR = 0.74
# Two units that share this much of their terms say the same.
SAME = 0.6
# At most this share of an answer's units from one guide, where another has something to say.
ONE_SOURCE = 0.67

_DANGLING = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|them|he|she|his|her|such|however|but|and|so|also|then|therefore|"
    r"thus|both|either|neither|instead|additionally|moreover|furthermore|for example|for instance|in addition|"
    r"as a result|on the other hand|otherwise|similarly|the former|the latter|another|other|others|most of them|"
    r"some of them|here)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\b(?:is|are|means|refers to|describes)\s+(?:an?|the|what|any|how)?\b", re.IGNORECASE)
_TIME = frozenset({"year", "month", "week", "day", "hour", "minute"})
_GROWS = re.compile(
    r"\b(?:gr[eo]w\w*|growth|outlook|increas\w+|declin\w+|projected|projection|demand|surge)\b", re.IGNORECASE
)
_ADVISES = re.compile(
    r"^(?:yes|no)\b|\b(?:not (?:always )?(?:need|require|necessary)|need not|don't need|do not need|no single|"
    r"require[sd]?|possible|can|without|optional|helps?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is taken or left as one. `parts` are its claims in order; `start`, `end` the span that is quoted for them
    (a list is quoted whole, from its lead-in on)."""

    document_id: str
    passage: Passage
    parts: tuple[Sentence, ...]
    texts: tuple[str, ...]
    start: int
    end: int
    score: float
    terms: frozenset[str]
    words: int
    is_list: bool

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        return self.document_id, self.passage.section


def compose(index: Index, facet: Facet, found: Found, budget: int | None = None) -> tuple[Unit, ...]:
    """The units that answer one facet, in reading order; empty only where no hit has a citable unit."""
    budget = budget or BUDGET[facet.kind]
    units = _units(index, facet, found)
    if not units:
        return ()
    chosen = _choose(units, budget, facet.kind)
    return _in_order(chosen)


def _units(index: Index, facet: Facet, found: Found) -> list[Unit]:
    """Every citable unit of the best hits with its score, best first."""
    weights = weigh(index, found.stems)
    hits = found.hits[:DEPTH]
    if not hits:
        return []
    top = max((max(hit.sentence_scores, default=0.0) for hit in hits), default=0.0)
    units: list[Unit] = []
    lists: set[tuple[str, int]] = set()
    for hit in hits:
        passage = hit.passage
        share = hit.score / hits[0].score if hits[0].score > 0 else 0.0
        around = set(terms(passage.context))
        leads = passage.leads or ("",) * len(passage.sentences)
        for place, sentence in enumerate(passage.sentences):
            if sentence.promotional:
                continue
            cosine = hit.sentence_scores[place] if place < len(hit.sentence_scores) else 0.0
            near = max(0.0, cosine - 0.1) / max(0.05, top - 0.1)
            own = set(terms(f"{leads[place]} {passage.quote(sentence)}"))
            # A heading that asks the question counts, though less than the sentence's own words.
            covered = 0.65 * coverage(weights, own | around) + 0.35 * coverage(weights, own)
            score = 0.45 * near + 0.3 * covered + 0.25 * share
            if sentence.list_id is not None:
                key = (passage.document_id, sentence.list_id)
                if key not in lists:
                    lists.add(key)
                    units.append(_list_unit(index, passage, sentence.list_id, score, facet.kind))
                continue
            text = passage.quote(sentence)
            if (
                _introduces(passage, sentence)
                or text.endswith("?")
                or (sentence.kind == "sentence" and len(words(text)) < 4)
            ):
                continue
            score += _bonus(facet.kind, text, sentence)
            units.append(_unit(passage, (sentence,), (text,), sentence.start, sentence.end, score, is_list=False))
    return sorted(units, key=lambda unit: (-unit.score, unit.document_id, unit.start))


def _unit(
    passage: Passage,
    parts: Sequence[Sentence],
    texts: Sequence[str],
    start: int,
    end: int,
    score: float,
    *,
    is_list: bool,
) -> Unit:
    joined = " ".join(texts)
    return Unit(
        passage.document_id, passage, tuple(parts), tuple(texts), start, end, score, frozenset(terms(joined)),
        len(joined.split()), is_list,
    )  # fmt: skip


def _introduces(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence is the lead-in of a list: it is given with its list or not at all."""
    span = (sentence.start, sentence.end)
    return any(other.lead == span and other.list_id is not None for other in passage.sentences) or passage.quote(
        sentence
    ).endswith(":")


def _list_unit(index: Index, passage: Passage, list_id: int, score: float, kind: Kind) -> Unit:
    """A list whole: its lead-in, its items, and what stands under them where that is short enough."""
    document = index.document(passage.document_id)
    neighbours = [index.passage(row) for row in index.rows_of(passage.document_id)]
    everything = [s for p in neighbours if p.section == passage.section for s in p.sentences if not s.promotional]
    items = [s for s in everything if s.list_id == list_id]
    lead = items[0].lead
    first, last = items[0].start, items[-1].end
    level = items[0].level
    under = [
        s for s in everything if first <= s.start and (s.start <= last or s.lead == (items[-1].start, items[-1].end))
    ]
    # Sub-lists and paragraphs under the items belong to the list; if all of it is too long, the items alone do.
    whole = [s for s in under if s.list_id != list_id or s in items]
    parts = whole if sum(len(document.text[s.start : s.end].split()) for s in whole) <= LONGEST_LIST // 2 else items
    start, end = (lead[0] if lead else first), max(s.end for s in parts)
    if lead and level == 0:
        leads = [s for s in everything if (s.start, s.end) == lead]
        parts = [*leads, *parts]
    score += 0.12 if kind in ("list", "how") else 0.02
    texts = [document.text[s.start : s.end] for s in parts]
    return _unit(passage, parts, texts, start, end, score, is_list=True)


def _bonus(kind: Kind, text: str, sentence: Sentence) -> float:
    """What speaks for a sentence because of the kind of answer wanted."""
    if kind in ("money", "growth", "duration", "count"):
        units = {number.unit for number in numbers(text)}
        if kind == "money":
            return 0.16 if units & {"$", "£", "€", "₹", "c$", "a$"} else -0.04
        if kind == "growth":
            return (0.1 if "%" in units else 0.0) + (0.06 if _GROWS.search(text) else 0.0)
        if kind == "duration":
            return 0.14 if units & _TIME else 0.0
        return 0.08 if units else 0.0
    if kind == "definition":
        return 0.1 if _DEFINES.search(text) and not _DANGLING.match(text) else 0.0
    if kind == "yes_no":
        return 0.05 if _ADVISES.search(text) else 0.0
    if kind == "comparison" and sentence.kind == "row":
        return 0.05
    return 0.0


def _choose(units: Sequence[Unit], budget: int, kind: Kind) -> list[Unit]:
    """Greedy: best first, then what is near it, adds something, fits, and keeps one source's share in bounds."""
    best = units[0]
    chosen = [best]
    spent = best.words
    sources = {unit.document_id for unit in units if unit.score >= NEAR * best.score}
    few = 2 if kind in ("money", "growth", "count", "definition", "duration") else 9
    for unit in units[1:]:
        if len(chosen) >= few or unit.score < NEAR * best.score:
            break
        if spent + unit.words > budget or any(_same(unit, other) for other in chosen):
            continue
        mine = sum(other.document_id == unit.document_id for other in chosen)
        if len(sources) > 1 and len(chosen) >= 3 and (mine + 1) / (len(chosen) + 1) > ONE_SOURCE:
            continue
        chosen.append(unit)
        spent += unit.words
    return _anchored(chosen, units)


def _same(a: Unit, b: Unit) -> bool:
    if a.document_id == b.document_id and a.start < b.end and b.start < a.end:
        return True
    smaller = min(len(a.terms), len(b.terms))
    return smaller > 0 and len(a.terms & b.terms) / smaller >= SAME and (a.is_list == b.is_list)


def _anchored(chosen: Iterable[Unit], units: Sequence[Unit]) -> list[Unit]:
    """Give each sentence that points back ("This helps ...") the sentence before it, or leave it out."""
    kept = list(chosen)
    by_end = {(unit.document_id, unit.passage.id, unit.parts[0].start): unit for unit in units if not unit.is_list}
    for unit in list(kept):
        if unit.is_list or not _DANGLING.match(unit.texts[0]):
            continue
        before = _before(unit)
        anchor = by_end.get((unit.document_id, unit.passage.id, before.start)) if before else None
        if anchor is not None and anchor in kept:
            continue
        if anchor is not None and not _DANGLING.match(anchor.texts[0]):
            kept.append(replace(anchor, score=unit.score))
        elif len(kept) > 1:
            kept.remove(unit)
    return kept


def _before(unit: Unit) -> Sentence | None:
    """The sentence right before a unit in its passage; None at the passage's beginning."""
    earlier = [s for s in unit.passage.sentences if s.end <= unit.start]
    return earlier[-1] if earlier else None


def _in_order(chosen: Sequence[Unit]) -> tuple[Unit, ...]:
    """Places by their best unit, within a place as in the guide."""
    best: dict[tuple[str, tuple[str, ...]], float] = {}
    for unit in chosen:
        best[unit.place] = max(best.get(unit.place, 0.0), unit.score)
    return tuple(
        sorted(chosen, key=lambda unit: (-best[unit.place], unit.document_id, unit.passage.section, unit.start))
    )
