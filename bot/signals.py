"""How much of a claim its evidence covers, measured in terms: for one quote, and for a whole document; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.numbers import COUNTING
from bot.signed import Reading, judged, reading
from bot.wording import light, synonyms
from corpus.words import STOPWORDS, rarity, stem, words

_CLAUSE = re.compile(r"[,;:—–]|\s(?:and|but|while|which|who|where|because|so that|although)\s")


@dataclass(frozen=True, slots=True)
class QuoteSignals:
    """What is measured of a claim against one quote, each 0 to 1 unless said otherwise. A term is covered where it, or
    a word that may be said for it (`bot/wording.toml`), stands in the quote; light words need no cover."""

    covered: float  # rarity-weighted share of the claim's terms
    heaviest: float  # weight, 0.15 to 1.15, of the most telling term that is not covered, 0 for none
    replaced: float  # terms not covered that stand where the quote has another telling term, capped at 3


@dataclass(frozen=True, slots=True)
class DocumentSignals:
    """What is measured of a claim against many sentences, each 0 to 1 unless said otherwise."""

    recall: float  # rarity-weighted share of the claim's terms found in all the evidence
    best: float  # the same in the best single sentence
    best_four: float  # in the best four sentences together
    weakest_clause: float  # of the clause that is covered least, in the best four sentences
    bigrams: float  # share of neighbouring term pairs that stand near each other in one sentence
    names_missing: float  # share of the claim's names that the evidence lacks
    numbers_missing: float  # share of its numbers likewise
    length: float  # terms in the claim / 20, capped at 2


@dataclass(frozen=True, slots=True)
class Terms:
    """The content stems of a text in order, and as a set."""

    ordered: tuple[str, ...]
    found: frozenset[str]


@lru_cache(maxsize=8192)
def read(text: str) -> Terms:
    """The content stems of a text; remembered, since a quote is held against many claims."""
    found = tuple(stem(word) for word in words(text) if word not in STOPWORDS and len(word) <= 64)
    return Terms(found, frozenset(found))


def weight(term: str) -> float:
    """How much a stem tells, 0.15 to 1.15."""
    return 0.15 + rarity(term) ** 2


def quote_signals(claim: str, quote: str) -> QuoteSignals:
    """Measure a claim against the text of one quote."""
    asked, given = read(claim), read(quote)
    # Numbers and names are judged by rules of their own.
    telling = [t for t in dict.fromkeys(asked.ordered) if _tells(t)]
    weights = {term: weight(term) for term in telling}
    total = sum(weights.values())
    signed = reading(quote)
    covered = {term for term in telling if _covers(term, given.found, signed)}
    return QuoteSignals(
        covered=sum(weights[t] for t in covered) / total if total else 1.0,
        heaviest=max((weights[term] for term in telling if term not in covered), default=0.0),
        replaced=min(3.0, _replaced(asked.ordered, given.ordered, covered)),
    )


def _tells(term: str) -> bool:
    """Numbers and units are judged by rules of their own, light words not at all."""
    return not term[0].isdigit() and term not in light() and term not in COUNTING


def _covers(term: str, found: frozenset[str], quote: Reading) -> bool:
    """Whether the quote has the term, another word for it, or its opposite, whose sign is judged elsewhere."""
    return term in found or not synonyms(term).isdisjoint(found) or judged(term, quote)


def _replaced(asked: Sequence[str], given: Sequence[str], covered: set[str]) -> float:
    """How many terms of the claim stand beside a word where the quote has another telling term beside it."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(given):
        places.setdefault(term, []).append(place)
    said = set(asked)
    replaced = 0
    for before, term, after in zip(("", *asked), asked, (*asked[1:], ""), strict=False):
        if term in covered or not _tells(term):
            continue
        beside = {p + 1 for p in places.get(before, ())} | {p - 1 for p in places.get(after, ())}
        replaced += any(0 <= p < len(given) and given[p] not in said and _tells(given[p]) for p in beside)
    return float(replaced)


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
