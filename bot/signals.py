"""How much of a claim its evidence covers, measured in terms: for one quote, and for a whole document; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.meaning import nearest, nearest_alone
from bot.numbers import COUNTING
from bot.signed import judged, reading
from bot.wording import light, pairs, synonyms
from corpus.words import STOPWORDS, spoken, stem, weight

# A claim of fewer telling words is read by the model even where the quote has them all.
FEWEST = 2
# Stop words that stand for another word of their sentence, or belong to its verb: these come near nothing.
_PASSED_OVER = frozenset(
    "he she it they we you one i him her them us his its their our your this these those there".split()
    + "off out away along".split()
)

_CLAUSE = re.compile(r"[,;:—–]|\s(?:and|but|while|which|who|where|because|so that|although)\s")


class QuoteSignals(NamedTuple):
    """What is measured of a claim against one quote, each 0 to 1. A telling word is as near as 1 where it, or a word
    that may be said for it (`bot/wording.toml`), stands in the quote, and else as `bot.meaning` finds it; numbers are
    judged by rules of their own."""

    clause: float  # rarity-weighted nearness of the telling words of the clause that is least near
    least: float  # nearness of the telling word that is least near
    least_of_all: float  # nearness of the least near word, stop words included


class LoneSignals(NamedTuple):
    """The same, roughly, of words alone: each -1 to 1, a telling word that the quote has being as near as 1."""

    clause: float  # rarity-weighted nearness of the telling words of the clause that is least near
    least: float  # nearness of the telling word that is least near
    mean: float  # mean nearness of those that neither stand in the quote nor are said for one


class DocumentSignals(NamedTuple):
    """What is measured of a claim against many sentences, each 0 to 1 unless said otherwise."""

    recall: float  # rarity-weighted share of the claim's terms found in all the evidence
    best: float  # the same in the best single sentence
    best_four: float  # in the best four sentences together
    weakest_clause: float  # of the clause that is covered least, in the best four sentences
    bigrams: float  # share of neighbouring term pairs that stand near each other in one sentence
    names_missing: float  # share of the claim's names that the evidence lacks
    numbers_missing: float  # share of its numbers likewise
    length: float  # terms in the claim / 20, capped at 2


class Terms(NamedTuple):
    """The content stems of a text in order, and as a set."""

    ordered: tuple[str, ...]
    found: frozenset[str]


@lru_cache(maxsize=8192)
def read(text: str) -> Terms:
    """The content stems of a text; remembered, since a quote is held against many claims."""
    found = tuple([stem(word) for word in spoken(text) if word not in STOPWORDS and len(word) <= 64])
    return Terms(found, frozenset(found))


def quote_signals(claim: str, quote: str) -> QuoteSignals:
    """Measure a claim against the text of one quote. The model reads only what the quote's own words leave open."""
    cover = _cover(claim, quote)
    if not open_words(claim, quote):
        return QuoteSignals(1.0, 1.0, 1.0)
    near: dict[str, float] = {term: 1.0 if term not in cover.missing else 0.0 for term in cover.weights}
    least, read_in_place = 1.0, set()
    for word, each, _ in nearest(claim, quote):
        if not word or not word[0].isalpha() or (term := stem(word)) in COUNTING:
            continue
        if word not in _PASSED_OVER:
            least = min(least, each)
        if word in STOPWORDS or (term in cover.weights and term not in cover.missing):
            continue
        near[term] = min(each, near[term]) if term in read_in_place else max(each, 0.0)
        read_in_place.add(term)
    return QuoteSignals(_weakest(claim, near), least=min(near.values(), default=1.0), least_of_all=least)


def lone_signals(claim: str, quote: str) -> LoneSignals:
    """Measure a claim against the text of one quote by words alone, without a run of the model. Words that the quote
    covers say nothing here: of a claim that has no others all is 0."""
    cover = _cover(claim, quote)
    if not cover.missing:
        return LoneSignals(0.0, 0.0, 0.0)
    near = {term: 1.0 for term in cover.weights if term not in cover.missing}
    found = {stem(each.word): each.cosine for each in nearest_alone(claim, quote)}
    lacking = {term: found.get(term, 0.0) for term in cover.missing}
    near |= lacking
    return LoneSignals(_weakest(claim, near), min(lacking.values()), sum(lacking.values()) / len(lacking))


def _weakest(claim: str, near: Mapping[str, float]) -> float:
    """How near the telling words of the clause are that is least near."""
    clauses = [found for part in _CLAUSE.split(claim) if len(found := read(part).found & near.keys()) >= 2]
    return min((_mean(near, clause) for clause in clauses), default=_mean(near, near))


def _mean(near: Mapping[str, float], terms: Iterable[str]) -> float:
    """How near some of the terms are, weighed by their rarity; 1 where there are none."""
    weights = {term: weight(term) for term in terms}
    return sum(near[term] * each for term, each in weights.items()) / sum(weights.values()) if weights else 1.0


def open_words(claim: str, quote: str) -> bool:
    """Whether a claim has telling words that neither stand in the quote nor are said for one, or hardly any at all."""
    cover = _cover(claim, quote)
    return bool(cover.missing) or len(cover.weights) < FEWEST


def strange_words(claim: str, quote: str) -> bool:
    """Whether a claim has telling words that neither stand in the quote nor are said for one."""
    return bool(_cover(claim, quote).missing)


def overlap(claim: str, quote: str) -> float:
    """The rarity-weighted share, 0 to 1, of a claim's telling terms that stand in a quote, or whose synonyms do."""
    cover = _cover(claim, quote)
    return cover.share(cover.weights)


class _Cover(NamedTuple):
    weights: Mapping[str, float]  # of the claim's telling terms, in order
    missing: frozenset[str]  # those of them that the quote does not cover

    def share(self, terms: Iterable[str]) -> float:
        """The weighted share of some of the terms that is covered; 1 where there are none."""
        total = sum(self.weights[term] for term in terms)
        return 1 - sum(self.weights[term] for term in terms if term in self.missing) / total if total else 1.0


@lru_cache(maxsize=256)
def _cover(claim: str, quote: str) -> _Cover:
    """What of a claim a quote covers; remembered, since rules and weights both ask for it."""
    given = read(quote).found
    weights = {term: told for term in dict.fromkeys(read(claim).ordered) if (told := _telling(term))}
    return _Cover(weights, frozenset([term for term in weights if term not in given and not _covers(quote, term)]))


@lru_cache(maxsize=65_536)
def _telling(term: str) -> float:
    """The weight of a term; 0 of numbers and units, which are judged by rules of their own, and of light words."""
    return 0.0 if term[0].isdigit() or term in light() or term in COUNTING else weight(term)


def _covers(quote: str, term: str) -> bool:
    """Whether the quote has another word for a term, or its opposite, whose sign is judged elsewhere."""
    return not synonyms(term).isdisjoint(read(quote).found) or (term in pairs() and judged(term, reading(quote)))


def document_signals(
    claim: str, sentences: Sequence[Terms], chosen: Sequence[int], names_missing: float, numbers_missing: float
) -> DocumentSignals:
    """Measure a claim against sentences, of which `chosen` together cover most."""
    asked = read(claim)
    weights = {term: weight(term) for term in asked.found}
    total = sum(weights.values()) or 1.0

    def covered(found: frozenset[str] | set[str]) -> float:
        return sum(each for term, each in weights.items() if term in found) / total

    union: set[str] = set().union(*(sentences[i].found for i in chosen))
    clauses = [terms.found for part in _CLAUSE.split(claim) if len((terms := read(part)).found) >= 2]
    weakest = min(
        (sum(weights.get(t, 0) for t in c if t in union) / (sum(weights.get(t, 0) for t in c) or 1) for c in clauses),
        default=covered(union),
    )
    pairs = set(zip(asked.ordered, asked.ordered[1:], strict=False))
    near = sum(
        1 for pair in pairs if any(pair[0] in sentences[i].found and pair[1] in sentences[i].found for i in chosen)
    )
    return DocumentSignals(
        recall=covered(set().union(*(sentence.found for sentence in sentences))),
        best=max(covered(sentence.found) for sentence in sentences),
        best_four=covered(union),
        weakest_clause=weakest,
        bigrams=near / len(pairs) if pairs else 1.0,
        names_missing=names_missing,
        numbers_missing=numbers_missing,
        length=min(2.0, len(asked.ordered) / 20),
    )


def best_sentences(claim: str, sentences: Sequence[Terms], most: int) -> list[int]:
    """Up to `most` sentences that together cover most of the claim, chosen greedily; their places, best first."""
    weights = {term: weight(term) for term in read(claim).found}
    chosen: list[int] = []
    union: set[str] = set()
    for _ in range(min(most, len(sentences))):
        gains = [
            sum(w for t, w in weights.items() if t in s.found and t not in union) if i not in chosen else -1.0
            for i, s in enumerate(sentences)
        ]
        i = max(range(len(gains)), key=gains.__getitem__)
        if gains[i] <= 0 and chosen:
            break
        chosen.append(i)
        union |= sentences[i].found
    return chosen
