"""What an extractive answer can be made of: sentences, whole lists and table rows, each with how well it answers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.numbers import numbers
from bot.questions import Kind
from bot.retriever import Found
from corpus.index import Index
from corpus.models import Hit, Passage, Sentence
from corpus.search import coverage
from corpus.words import term_set

# Hits that are looked into.
DEPTH = 12
# A list with all that stands under its items is given whole up to this many words; beyond it, its items alone.
WITH_DETAILS = 110
# Beyond so many words, of each item its first sentence alone.
LONGEST = 160
_BULLET = re.compile(r"(?:^|\n)(?:-|\d+[.)]) $")
# Shares of a unit's score: its own vector, the terms it covers, its passage's rank, the heading it stands under.
W_NEAR, W_COVERED, W_PASSAGE, W_HEADING = 0.50, 0.26, 0.22, 0.05
# What the first sentence under a heading gains where the heading asks the question.
OPENS = 0.15

# A sentence that begins so points back to the one before it.
POINTS_BACK = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|them|he|she|his|her|such|however|but|and|so|also|then|therefore|"
    r"thus|both|either|neither|instead|additionally|moreover|furthermore|for example|for instance|in addition|"
    r"as a result|on the other hand|otherwise|similarly|the former|the latter|another|other|others|most of them|"
    r"some of them|here)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\b(?:is|are|means|refers to|describes)\s+(?:an?|the|what|any|how)?\b", re.IGNORECASE)
_TIME = frozenset({"year", "month", "week", "day", "hour", "minute"})
_MONEY = frozenset({"$", "£", "€", "₹", "c$", "a$"})
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
    (a list is quoted whole, from its lead-in on); `heading`, 0 to 1, how far its heading asks the question."""

    document_id: str
    passage: Passage
    parts: tuple[Sentence, ...]
    texts: tuple[str, ...]
    start: int
    end: int
    score: float
    heading: float
    terms: frozenset[str]
    words: int
    is_list: bool

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        """Document and section: what is read together."""
        return self.document_id, self.passage.section


@dataclass(frozen=True, slots=True)
class _Scored:
    sentence: Sentence
    text: str
    score: float


def units_of(index: Index, kind: Kind, found: Found) -> list[Unit]:
    """Every citable unit of the best hits, best first; advertising, questions and bare lead-ins are none."""
    hits = found.hits[:DEPTH]
    if not hits or hits[0].score <= 0:
        return []
    top = max((max(hit.sentence_scores, default=0.0) for hit in hits), default=0.0)
    units: list[Unit] = []
    lists: dict[tuple[str, int], list[float]] = {}
    listed: dict[tuple[str, int], tuple[Passage, float]] = {}
    for hit in hits:
        heading = _heading(hit.passage, found.weights)
        for scored in _scored(hit, hits[0].score, top, found.weights, kind, heading):
            sentence = scored.sentence
            if sentence.list_id is not None:
                key = (hit.passage.document_id, sentence.list_id)
                lists.setdefault(key, []).append(scored.score)
                listed.setdefault(key, (hit.passage, heading))
            elif _leads(hit.passage, sentence) is not None:
                key = (hit.passage.document_id, _leads(hit.passage, sentence) or 0)
                lists.setdefault(key, []).append(scored.score)
                listed.setdefault(key, (hit.passage, heading))
            elif _citable(sentence, scored.text):
                units.append(_sentence_unit(hit.passage, scored, heading))
    for key, scores in lists.items():
        passage, heading = listed[key]
        units.append(_list_unit(index, passage, key[1], scores, kind, heading))
    return sorted(units, key=lambda unit: (-unit.score, unit.document_id, unit.start))


def _heading(passage: Passage, weights: Mapping[str, float]) -> float:
    """How far the innermost heading asks the question: how much of it, and how little else."""
    if not passage.section or not weights:
        return 0.0
    asks = term_set(passage.section[-1])
    shared = sum(term in weights for term in asks)
    return coverage(weights, asks) * math.sqrt(shared / len(asks)) if asks else 0.0


def _scored(
    hit: Hit, best: float, top: float, weights: Mapping[str, float], kind: Kind, heading: float
) -> list[_Scored]:
    """The sentences of a hit with their scores; promotional ones left out."""
    passage = hit.passage
    around = term_set(passage.context)
    leads = passage.leads or ("",) * len(passage.sentences)
    scored = []
    for place, (sentence, cosine, lead) in enumerate(zip(passage.sentences, hit.sentence_scores, leads, strict=True)):
        if sentence.promotional:
            continue
        text = passage.quote(sentence)
        own = term_set(f"{lead} {text}") if lead else term_set(text)
        near = max(0.0, cosine - 0.1) / max(0.05, top - 0.1)
        covered = 0.65 * coverage(weights, own | around) + 0.35 * coverage(weights, own)
        score = W_NEAR * near + W_COVERED * covered + W_PASSAGE * hit.score / best + W_HEADING * heading
        if place == 0:
            # Writers answer a heading in the first sentence under it.
            score += OPENS * heading
        if kind == "definition":
            # What a thing is stands where the heading names nothing else.
            score += 0.25 * heading
        scored.append(_Scored(sentence, text, score + _bonus(kind, text, sentence)))
    return scored


def _citable(sentence: Sentence, text: str) -> bool:
    """A question, a bare lead-in or a fragment says nothing by itself."""
    return not (text.endswith(("?", ":")) or (sentence.kind == "sentence" and len(text.split()) < 4))


def _leads(passage: Passage, sentence: Sentence) -> int | None:
    """The list that a sentence introduces, by its id; None for a sentence that introduces none."""
    span = (sentence.start, sentence.end)
    return next((s.list_id for s in passage.sentences if s.lead == span and s.list_id is not None), None)


def _sentence_unit(passage: Passage, scored: _Scored, heading: float) -> Unit:
    sentence, text = scored.sentence, scored.text
    return Unit(
        passage.document_id, passage, (sentence,), (text,), sentence.start, sentence.end, scored.score, heading,
        term_set(text), len(text.split()), is_list=False,
    )  # fmt: skip


def _list_unit(
    index: Index, passage: Passage, list_id: int, scores: Sequence[float], kind: Kind, heading: float
) -> Unit:
    """A list whole: its lead-in, its items, and what stands under them where that is short enough."""
    document = index.document(passage.document_id)
    around = [index.passage(row) for row in index.rows_of(passage.document_id)]
    everything = [s for p in around if p.section == passage.section for s in p.sentences if not s.promotional]
    items = [s for s in everything if s.list_id == list_id]
    lead = items[0].lead
    first, last = items[0].start, items[-1]
    under = [s for s in everything if s.start >= first and (s.start <= last.start or s.lead == (last.start, last.end))]
    parts = under
    if _length(document.text, under) > WITH_DETAILS:
        parts = items
    if _length(document.text, items) > LONGEST:
        # Items of several sentences: the first of each names the step or the thing.
        parts = [s for s in items if _BULLET.search(document.text, max(0, s.start - 12), s.start)]
    introduced = [s for s in everything if (s.start, s.end) == lead]
    texts = [document.text[s.start : s.end] for s in (*introduced, *parts)]
    score = 0.6 * max(scores) + 0.4 * sum(sorted(scores)[-3:]) / len(sorted(scores)[-3:])
    score += 0.1 if kind in ("list", "how") else 0.0
    joined = " ".join(texts)
    return Unit(
        passage.document_id, passage, (*introduced, *parts), tuple(texts), lead[0] if lead else first,
        max(s.end for s in parts), score + OPENS * heading * 0.5, heading, term_set(joined),
        len(joined.split()), is_list=True,
    )  # fmt: skip


def _length(text: str, parts: Sequence[Sentence]) -> int:
    return sum(len(text[part.start : part.end].split()) for part in parts)


def _bonus(kind: Kind, text: str, sentence: Sentence) -> float:
    """What speaks for a sentence because of the kind of answer wanted."""
    if kind in ("money", "growth", "duration", "count"):
        units = {number.unit for number in numbers(text)}
        if kind == "money":
            return 0.16 if units & _MONEY else -0.04
        if kind == "growth":
            return (0.1 if "%" in units else 0.0) + (0.06 if _GROWS.search(text) else 0.0)
        if kind == "duration":
            return 0.14 if units & _TIME else 0.0
        return 0.08 if units else 0.0
    if kind == "definition":
        return 0.1 if _DEFINES.search(text) and not POINTS_BACK.match(text) else 0.0
    if kind == "yes_no":
        return 0.05 if _ADVISES.search(text) else 0.0
    if kind == "comparison" and sentence.kind == "row":
        return 0.05
    return 0.0
