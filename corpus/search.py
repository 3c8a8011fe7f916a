"""Hybrid search in one generation: dense, lexical and sentence scores joined, and the evidence that they give.

Each kind of score is min-max normalised over the candidates before it is added, which measured better than reciprocal
ranks (see docs/measured-search.md). Several queries may be blended, each with a weight: a follow-up is searched as it
stands and with the terms that the conversation carries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.late_interaction import max_sim
from corpus.models import Hit, Passage
from corpus.word_vectors import WordVectors
from corpus.words import rarity, term_set, terms

Floats = NDArray[np.float32]

CANDIDATES = 100
# Shares of the four kinds of score; tuned on one half of two public sets, reported on the other (measured-search.md).
W_DENSE, W_SENTENCE, W_LEXICAL, W_TITLE = 0.35, 0.30, 0.35, 0.10
# What it adds that people ask for a passage in such words (`Passage.asked`), and the cosines between which it counts.
W_ASKED = 1.0
ASKED_FROM, ASKED_TO = 0.45, 0.90
# What it adds that the question's words come near words of the passage, and how many of the best are looked at for it.
W_WORDS = 0.8
LOOKED_AT = 40
# Nearness, 0 to 1, that neither gains nor loses: gains alone would bring all that is found closer to the best.
HALFWAY = 0.5
# The least difference, from the nearest to the farthest of them, that counts in full: of few passages none is far.
SPREAD = 0.25
# What a word tells that is no term, beside a term's `weigh`.
BARE_WORD = 0.02


class Searchable(Protocol):
    """What a search needs of an opened generation (see `corpus.index.Index`)."""

    @property
    def count(self) -> int: ...
    def passage(self, row: int) -> Passage: ...
    def dense(self, vectors: Floats, k: int) -> list[tuple[NDArray[np.int64], Floats]]: ...
    def lexical(self, stems: Sequence[str]) -> Floats: ...
    def lexical_title(self, stems: Sequence[str]) -> Floats: ...
    def asked(self, vector: Floats) -> Floats: ...
    def sentence_vectors_of(self, rows: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]: ...
    def tokens_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]: ...
    def document_frequency(self, stem: str) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """`vector` is the unit embedding of `text`, shape (d,); `stems` the content terms to match, `weight` its share.
    `words`, of the same run, are held against the tokens of the best passages; without them nothing is."""

    text: str
    vector: Floats
    stems: tuple[str, ...]
    weight: float = 1.0
    words: WordVectors | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the best passages fit a query; each 0 to 1 but the cosines (-1 to 1). `score` weighs it."""

    dense: float  # cosine of the best passage
    sentence: float  # cosine of the best sentence
    dense_mean: float  # mean cosine of the best five passages
    coverage: float  # rarity-weighted share of the query's terms in the best passage with its headings
    coverage_three: float  # in the best three together
    unknown: float  # rarity-weighted share of terms that stand nowhere in the library
    agreement: float  # share of the dense five among the lexical ten
    margin: float  # blended score of the best passage less that of the tenth


@dataclass(frozen=True, slots=True)
class Found:
    """`hits`: best first; `evidence`: of the first query alone, however many were blended."""

    hits: tuple[Hit, ...]
    evidence: Evidence


def search(index: Searchable, queries: Sequence[Query], k: int) -> Found:
    """The `k` best passages for the blended queries, best first, with the evidence for the first query.

    An empty library gives no hits and evidence of zeros. The same input gives the same output, ties by row.
    """
    if index.count == 0 or not queries:
        return Found((), Evidence(*(0.0,) * 6, 0.0, 0.0))
    dense = index.dense(np.stack([query.vector for query in queries]), min(CANDIDATES, index.count))
    lexical = [index.lexical(query.stems) for query in queries]
    titles = [index.lexical_title(query.stems) for query in queries]
    asked = [_asks(index.asked(query.vector)) for query in queries]
    rows = _candidates(dense, lexical, titles, asked)
    stacked, ends = index.sentence_vectors_of(rows)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    total = np.zeros(len(rows), np.float32)
    shared = sum(query.weight for query in queries)
    cosines = np.zeros(len(stacked), np.float32)
    first: tuple[Floats, Floats] | None = None
    for place, query in enumerate(queries):
        near = _cosines(index.count, rows, *dense[place])
        # Not `@`: its library shares even this small product among threads, which waits for them on a busy machine,
        # and rounds otherwise with another number of them.
        mine = np.vecdot(stacked, query.vector)
        cosines += query.weight / shared * mine
        best = _best(mine, starts, ends)
        total += query.weight * (
            W_DENSE * _minmax(near)
            + W_SENTENCE * _minmax(best)
            + W_LEXICAL * _share(lexical[place][rows])
            + W_TITLE * _share(titles[place][rows])
            + W_ASKED * asked[place][rows]
        )
        if first is None:
            first = near, best
    assert first is not None
    near, best = first
    by_words = total + _by_words(index, queries, rows, total, asked)
    order = np.lexsort((rows, -by_words))[:k]
    scores = np.maximum(by_words, 0)
    told = (part[order].tolist() for part in (rows, scores, near, lexical[0][rows], asked[0][rows], starts, ends))
    hits = tuple(
        Hit(index.passage(row), blended, cosine, matched, tuple(cosines[start:end].tolist()), near_asked)
        for row, blended, cosine, matched, near_asked, start, end in zip(*told, strict=True)
    )
    return Found(hits, _evidence(index, queries[0], hits, near, best, lexical[0][rows], total))


def _by_words(
    index: Searchable, queries: Sequence[Query], rows: NDArray[np.int64], total: Floats, asked: Sequence[Floats]
) -> Floats:
    """What each candidate gains or loses by how near the queries' words come to its tokens: the best of the rows by
    their `total` are looked at, the rest count as the farthest of them."""
    gains = np.zeros(len(rows), np.float32)
    best = np.sort(np.lexsort((rows, -total))[:LOOKED_AT])
    tokens, ends = index.tokens_of(rows[best])
    for query, is_asked in zip(queries, (scores[rows] for scores in asked), strict=True):
        if query.words is None or not len(tokens):
            continue
        told = [max(weigh(index, terms(word)).values(), default=BARE_WORD) for word in query.words.words]
        near = np.zeros(len(rows), np.float32)
        found = max_sim(query.words, told, tokens, ends)
        near[best] = 1.0 - (found.max() - found) / max(SPREAD, float(found.max() - found.min()))
        # Where a passage is known to be asked for in these words, that tells more than its own words.
        gains += query.weight * W_WORDS * (1.0 - is_asked.max()) * (near - HALFWAY)
    return gains


def _asks(cosines: Floats) -> Floats:
    """How far a question is one of those that a passage is asked by, 0 to 1, from the cosine to the nearest of them."""
    return np.asarray(np.clip((cosines - ASKED_FROM) / (ASKED_TO - ASKED_FROM), 0.0, 1.0), np.float32)


def _candidates(
    dense: Sequence[tuple[NDArray[np.int64], Floats]],
    lexical: Sequence[Floats],
    titles: Sequence[Floats],
    asked: Sequence[Floats],
) -> NDArray[np.int64]:
    """Rows that any of the searches ranks high, ascending."""
    chosen = [rows for rows, _ in dense] + [_highest(scores) for scores in asked if scores.any()]
    for body, title in zip(lexical, titles, strict=True):
        chosen += [_highest(body), _highest(body + title)]
    return np.unique(np.concatenate(chosen)).astype(np.int64)


def _highest(scores: Floats) -> NDArray[np.int64]:
    """Rows of the highest scores above 0, at most CANDIDATES."""
    k = min(CANDIDATES, len(scores))
    top = np.argpartition(-scores, k - 1)[:k]
    return top[scores[top] > 0]


def _cosines(count: int, rows: NDArray[np.int64], near: NDArray[np.int64], cosines: Floats) -> Floats:
    """Cosine of each candidate; those that the dense search did not reach get the least that it returned."""
    known = np.full(count, cosines.min() if len(cosines) else 0.0, np.float32)
    known[near] = cosines
    return known[rows]


def _best(scores: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
    """The best score from each start to its end; -1 where there is none."""
    best = np.full(len(starts), -1.0, np.float32)
    held = starts < ends
    if held.any():
        best[held] = np.maximum.reduceat(scores, starts[held])
    return best


def _minmax(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


def _share(scores: Floats) -> Floats:
    high = float(scores.max())
    return scores / high if high > 0 else np.zeros_like(scores)


def weigh(index: Searchable, stems: Sequence[str]) -> dict[str, float]:
    """How much each term tells: rarity in English times rarity in this library; unknown terms tell most."""
    count = max(1, index.count)
    weights = {}
    for term in dict.fromkeys(stems):
        frequency = index.document_frequency(term)
        here = 1.0 - np.log1p(frequency) / np.log1p(count + 1) if frequency else 1.0
        weights[term] = float((0.1 + rarity(term) ** 2) * (0.25 + 0.75 * here))
    return weights


def coverage(weights: Mapping[str, float], text_terms: Set[str], more: Set[str] = frozenset()) -> float:
    """Share of the weights whose term stands in `text_terms` or `more`, 0 to 1; 1 where there is nothing to cover."""
    total = sum(weights.values())
    if not total:
        return 1.0
    return sum([weight for term, weight in weights.items() if term in text_terms or term in more]) / total


def passage_terms(passage: Passage) -> frozenset[str]:
    """The content stems of a passage with its headings, its lead-ins and the words in which people ask for it."""
    return term_set(f"{passage.context} {' '.join((*dict.fromkeys(passage.leads), *passage.asked))} {passage.text}")


def _evidence(
    index: Searchable,
    query: Query,
    hits: Sequence[Hit],
    near: Floats,
    best: Floats,
    lexical: Floats,
    total: Floats,
) -> Evidence:
    weights = weigh(index, query.stems)
    three: set[str] = set()
    covered = []
    for hit in hits[:3]:
        found = passage_terms(hit.passage)
        covered.append(coverage(weights, found))
        three |= found
    known = {term for term in weights if index.document_frequency(term)}
    dense_five = set(np.argsort(-near, kind="stable")[:5].tolist())
    lexical_ten = set(np.argsort(-lexical, kind="stable")[:10].tolist()) if lexical.max(initial=0) > 0 else set()
    ranked = np.sort(total)[::-1]
    return Evidence(
        dense=float(near.max()),
        sentence=float(best.max()),
        dense_mean=float(np.sort(near)[::-1][:5].mean()),
        coverage=max(covered, default=0.0),
        coverage_three=coverage(weights, three) if weights else 0.0,
        unknown=1.0 - coverage(weights, known) if weights else 0.0,
        agreement=len(dense_five & lexical_ten) / max(1, len(dense_five)),
        margin=float(ranked[0] - ranked[min(9, len(ranked) - 1)]),
    )


def query_terms(text: str) -> tuple[str, ...]:
    """The content terms of a question, each once, in order."""
    return tuple(dict.fromkeys(terms(text)))
