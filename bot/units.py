"""What an extractive answer can be made of: sentences, whole lists and table rows, each with how well it answers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from weakref import WeakKeyDictionary

from bot import kinds
from bot.aim import Aim
from bot.citable import citable
from bot.groups import group_of, introduced_by, whole_of
from bot.kinds import FIGURED, TIME
from bot.numbers import numbers
from bot.places import ELSEWHERE, Country, fit, home, places
from bot.questions import Facet, Kind, kind_of
from bot.retriever import Found
from bot.situation import field_terms, graduates, movers, people
from bot.subject import names
from corpus.index import Index
from corpus.models import Hit, Passage, Sentence, SentenceKind
from corpus.search import coverage
from corpus.words import term_set

# Hits that are looked into.
DEPTH = 12
_homes: WeakKeyDictionary[Index, Country | None] = WeakKeyDictionary()
# Kinds of answer that are a figure, and those of them that differ from country to country.
FIGURES_ASKED = frozenset({"money", "growth", "count", "duration"})
FIGURES = frozenset({"money", "growth", "count"})
# Shares of a unit's score: its own vector, the terms it covers, its passage's rank, the heading it stands under.
W_NEAR, W_COVERED, W_OWN, W_PASSAGE, W_HEADING = 0.50, 0.29, 0.31, 0.43, 0.17
# What the first sentence under a heading gains where the heading asks the question.
OPENS = 0.18
FIRST, ROW = 0.10, 0.09
# What a unit gains that names the job asked about, in its own words or in what it stands under.
NAMED = 0.1
# What a unit loses under a heading that is about somebody whom neither the question nor the person names: what a
# linguist can do is no answer to a bartender.
OF_OTHERS = 0.06
# And under one that speaks to somebody else: how a teacher moves into data is no answer to whoever gives no work.
TO_OTHERS = 0.25
# How much of a heading it is that a passage is asked for in the question's words.
AS_HEADING = 1.0
# What a figure loses that stands under a heading about another country.
ABROAD = 0.45
# What a heading tells that asks for the same kind of answer ("How much does ... earn?", "Pay"), or for another.
SAME_KIND, OTHER_KIND = 0.08, -0.04

# A sentence that begins so points back to the one before it.
POINTS_BACK = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|them|he|she|his|her|such|however|but|and|so|also|then|therefore|"
    r"thus|both|either|neither|instead|additionally|moreover|furthermore|for example|for instance|in addition|"
    r"as a result|on the other hand|otherwise|similarly|the former|the latter|another|other|others|most of them|"
    r"some of them|consequently|hence|likewise|meanwhile|still|yet|here)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\b(?:is|are|means|refers to|describes)\s+(?:an?|the|what|any|how)?\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(?:share|percent\w*|proportion|odds|chances?|likely|rate)\b|%", re.IGNORECASE)
# A count in digits, and no year.
_WHOLE = re.compile(r"(?!(?:19|20)\d\d$)\d[\d,]*")
_HELD = re.compile(r"\b(?:held|employed|employs|there (?:are|were)|work(?:ed)? as)\b", re.IGNORECASE)
# And from here on one in words ("3 million"): no year is as large.
LARGE = 10_000
MONEY = frozenset({"$", "£", "€", "₹", "c$", "a$"})
GROWS = re.compile(
    r"\b(?:gr[eo]w\w*|growth|outlook|increas\w+|declin\w+|projected|projection|demand|surge)\b", re.IGNORECASE
)
PAYS = re.compile(
    r"[$£€₹]|\b(?:charg\w+|pa(?:y|ys|id|ying)|salar\w+|wages?|earn\w*|income|compensation|fees?|costs?|prices?|tuition|rates?|"
    r"dollars|euros|pounds|rupees|crowns)\b",
    re.IGNORECASE,
)
EARNS = re.compile(r"\b(?:pa(?:y|ys|id|ying)|salar\w+|wages?|earn\w*|income|compensation|makes?)\b", re.IGNORECASE)
_ADVISES = re.compile(
    r"^(?:yes|no)\b|\b(?:not (?:always )?(?:need|require|necessary)|need not|don't need|do not need|no single|"
    r"require[sd]?|possible|can|without|optional|helps?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is taken or left as one. `parts` are its claims in order; `start`, `end` the span that is quoted for them
    (a list is quoted whole, from its lead-in on); `heading`, 0 to 1, how far its heading asks the question.
    `beside` are units of other guides that say the same; `told` is above 0 where it tells what was aimed at."""

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
    beside: tuple[Unit, ...] = ()
    told: float = 0.0

    @property
    def opens(self) -> bool:
        """Whether it is the sentence that its passage begins with."""
        return not self.is_list and self.start == self.passage.sentences[0].start

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        """Document and section: what is read together."""
        return self.document_id, self.passage.section


def units_of(index: Index, facet: Facet, found: Found, aim: Aim | None = None) -> list[Unit]:
    """Every citable unit of the best hits, best first; advertising, questions and bare lead-ins are none.

    With an `aim`, of the hits on its pages, each with how well it tells what was aimed at.
    """
    hits = aim.hits(index, found.hits) if aim else found.hits[:DEPTH]
    if not hits or found.hits[0].score <= 0:
        return []
    kind, subject = facet.kind, facet.subject
    top = max((max(hit.sentence_scores, default=0.0) for hit in hits), default=0.0)
    units: list[Unit] = []
    groups: dict[tuple[str, int], _Group] = {}
    for hit in hits:
        passage = hit.passage
        heading = max(_heading(passage, found.weights), AS_HEADING * hit.asked)
        about = bool(subject) and names(subject, names_of(index, passage))
        others = of_others(passage, found.weights) + (ABROAD if abroad(index, facet, passage) else 0.0)
        introduced = introduced_by(passage)
        for sentence, text, score in _scored(hit, found.hits[0].score, top, found.weights, facet, heading):
            if (passage.document_id, sentence.start) in found.shown:
                continue
            if others:
                score -= others
            if subject and (about or names(subject, (text,))):
                score += NAMED
            first = group_of(sentence, introduced)
            if first is not None:
                group = groups.setdefault((passage.document_id, first), _Group(passage, heading, []))
                group.scores.append(score)
            elif citable(sentence.kind, text):
                units.append(_sentence_unit(passage, sentence, text, score, heading))
    for (_, first), group in groups.items():
        units.append(_group_unit(index, group, first, kind))
    if aim:
        told = [(unit, aim.weigh(unit.passage, " ".join(unit.texts))) for unit in units]
        units = [replace(unit, score=unit.score + gain, told=gain) for unit, gain in told if gain > float("-inf")]
    return sorted(units, key=lambda unit: (-unit.score, unit.document_id, unit.start))


def names_of(index: Index, passage: Passage) -> tuple[str, ...]:
    """What a passage stands under: title, headings and the document's other names."""
    return (passage.title, *passage.section, *index.document(passage.document_id).about)


@dataclass(frozen=True, slots=True)
class _Group:
    """A list, or what stands under one label of an outline, with the scores of its parts."""

    passage: Passage
    heading: float
    scores: list[float]


def _heading(passage: Passage, weights: Mapping[str, float]) -> float:
    """How far the innermost heading asks the question: how much of it, and how little else."""
    if not passage.section or not weights:
        return 0.0
    asks = term_set(passage.section[-1])
    shared = sum(term in weights for term in asks)
    return coverage(weights, asks) * math.sqrt(shared / len(asks)) if asks else 0.0


def of_others(passage: Passage, weights: Mapping[str, float]) -> float:
    """What a passage loses whose heading names somebody, and none of those that the question, the conversation or the
    person names."""
    if not passage.section or any(name <= weights.keys() for asked in passage.asked for name in people(asked)):
        # Whoever is named in how people ask is spoken to as well.
        return 0.0
    from_elsewhere = movers(passage.section[-1])
    if from_elsewhere and not any(name <= weights.keys() for name in from_elsewhere):
        return TO_OTHERS
    if graduates(passage.section[-1]) and field_terms().isdisjoint(weights):
        return TO_OTHERS
    named = people(passage.section[-1])
    return OF_OTHERS if named and all(name.isdisjoint(weights) for name in named) else 0.0


def abroad(index: Index, facet: Facet, passage: Passage) -> bool:
    """Whether a passage tells of another country than the library is about, where figures are asked for and no country
    is named: who is at home there has it in the question by now (see `bot.advisor`)."""
    if facet.kind not in FIGURES or not passage.section or places(facet.text):
        return False
    if index not in _homes:
        _homes[index] = home(document.region for document in index.documents())
    mine = _homes[index]
    return mine is not None and fit(mine, None, *reversed(passage.section)) == ELSEWHERE


def promise(passage: Passage) -> Kind:
    """The kind of answer that the innermost heading promises; "broad" where nothing tells."""
    return _heading_kind(passage.section[-1]) if passage.section else "broad"


def _fits(passage: Passage, kind: Kind) -> float:
    """What the innermost heading says for or against the passage by the kind of answer that it promises."""
    promised = promise(passage)
    if kind in ("broad", "overview") or promised == "broad":
        return 0.0
    return SAME_KIND if promised == kind else OTHER_KIND


@lru_cache(maxsize=8192)
def _heading_kind(heading: str) -> Kind:
    return kind_of(heading)


def _scored(
    hit: Hit, best: float, top: float, weights: Mapping[str, float], facet: Facet, heading: float
) -> Iterator[tuple[Sentence, str, float]]:
    """The sentences of a hit with their words and scores; promotional ones left out."""
    passage, kind = hit.passage, facet.kind
    share = _asks_share(facet)
    around = term_set(" ".join((passage.context, *passage.asked)))
    leads = passage.leads or ("",) * len(passage.sentences)
    stands_under = weights.keys() & around
    fits = _fits(passage, kind)
    for place, (sentence, cosine, lead) in enumerate(zip(passage.sentences, hit.sentence_scores, leads, strict=True)):
        if sentence.promotional:
            continue
        text = passage.quote(sentence)
        own = term_set(f"{lead} {text}" if lead else text)
        near = max(0.0, cosine - 0.1) / max(0.05, top - 0.1)
        score = W_NEAR * near + W_COVERED * coverage(weights, own, stands_under) + W_OWN * coverage(weights, own)
        score += W_PASSAGE * hit.score / best + W_HEADING * heading + fits
        if place == 0 and passage.section:
            # Writers answer a heading in the first sentence under it.
            score += FIRST + OPENS * heading
        if sentence.kind == "row":
            score -= ROW
        if kind == "definition":
            # What a thing is stands where the heading names nothing else.
            score += 0.1 * heading
        yield sentence, text, score + _bonus(kind, text, sentence.kind, share)


def _sentence_unit(passage: Passage, sentence: Sentence, text: str, score: float, heading: float) -> Unit:
    return Unit(
        passage.document_id, passage, (sentence,), (text,), sentence.start, sentence.end, score, heading,
        term_set(text), len(text.split()), is_list=False,
    )  # fmt: skip


def _group_unit(index: Index, group: _Group, first: int, kind: Kind) -> Unit:
    """A group whole, with its score."""
    passage = group.passage
    whole = whole_of(index, passage, first)
    best = sorted(group.scores, reverse=True)[:3]
    score = 0.6 * best[0] + 0.4 * sum(best) / len(best) + OPENS * group.heading * 0.5
    score += 0.1 if whole.is_list and kind in ("list", "how") else 0.0
    return Unit(
        passage.document_id, passage, whole.parts, whole.texts, whole.parts[0].start, max(s.end for s in whole.parts),
        score, group.heading, whole.terms, whole.words, is_list=True,
    )  # fmt: skip


def counted(text: str, share: bool) -> float:
    """What speaks for a sentence where a count is asked for, or with `share` a percentage."""
    found = numbers(text)
    if any(number.unit == "%" or number.share for number in found):
        return 0.22 if share else 0.04
    if any(not number.unit and (_WHOLE.fullmatch(number.text) or number.value >= LARGE) for number in found):
        # How many there are is asked more often than how many are to come.
        return 0.04 if share else 0.3 if _HELD.search(text) else 0.22
    return -0.08


def tells(facet: Facet, text: str) -> bool:
    """Whether a text tells a figure of the kind that a facet asks for; where it asks for none, any does."""
    if facet.kind in FIGURED:
        return kinds.tells(facet.kind, text)
    return facet.kind not in FIGURES_ASKED or _bonus(facet.kind, text, "sentence", _asks_share(facet)) > 0


def _asks_share(facet: Facet) -> bool:
    return facet.kind == "count" and _SHARE.search(facet.text) is not None


@lru_cache(maxsize=32_768)
def _bonus(kind: Kind, text: str, stands_as: SentenceKind, share: bool) -> float:
    """What speaks for a sentence because of the kind of answer wanted; `share`: a percentage is asked for."""
    if kind in ("money", "growth", "duration", "count"):
        units = {number.unit for number in numbers(text)}
        if kind == "money":
            return 0.16 if units & MONEY else -0.04
        if kind == "growth":
            return (0.1 if "%" in units else 0.0) + (0.06 if GROWS.search(text) else 0.0)
        if kind == "duration":
            return 0.14 if units & TIME else 0.0
        return counted(text, share)
    if kind == "definition":
        return 0.1 if _DEFINES.search(text) and not POINTS_BACK.match(text) else 0.0
    if kind == "yes_no":
        return 0.05 if _ADVISES.search(text) else 0.0
    if kind == "comparison" and stands_as == "row":
        return 0.05
    return 0.0
