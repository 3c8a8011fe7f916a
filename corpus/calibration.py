"""When a library answers and when it declines: evidence weighed against what its own foreign questions show.

The threshold of declining belongs to the library: the same cosine means little in a large library on one subject and
much in a small mixed one. So each generation is asked a shipped bank of questions that no such library answers.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np

from corpus.search import Evidence, Query, Searchable, query_terms, search
from corpus.word_vectors import Embeds, read_question

# Weights of the evidence, cosines counted from this library's foreign median in units of its median-to-95 % distance.
_WEIGHTS = {
    "dense": 0.39,
    "sentence": 0.95,
    "dense_mean": 0.35,
    "coverage": 1.62,
    "coverage_three": 1.15,
    "unknown": -0.60,
    "agreement": 0.37,
    "margin": 1.96,
}
_INTERCEPT = -5.26
# The log-odds that one foreign question in twenty passes in a usual library, and how far another may lie from it.
USUAL, MOST_SHIFT = -2.7, 1.0
_RELATIVE = ("dense", "sentence", "dense_mean")


class Measured(Searchable, Protocol):
    """What is calibrated (see `corpus.index.Index`)."""

    @property
    def asked_share(self) -> float: ...


def foreign_questions() -> tuple[str, ...]:
    """The shipped bank: questions from everyday life that a library of guides on one subject does not answer."""
    text = (files("corpus") / "foreign_questions.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def foreign_queries(embedder: Embeds) -> tuple[Query, ...]:
    """The bank as it is searched for. Read once: an ingest has it read while it waits for its sources."""
    with _reading:
        return _foreign_queries(embedder)


_reading = threading.Lock()


@lru_cache(maxsize=1)
def _foreign_queries(embedder: Embeds) -> tuple[Query, ...]:
    return tuple(_query(embedder, text) for text in foreign_questions())


def _query(embedder: Embeds, text: str) -> Query:
    vector, words = read_question(embedder, text)
    return Query(text, vector, query_terms(text), words=words)


def calibrate(index: Measured, embedder: Embeds) -> dict[str, Any]:
    """What evidence this library shows for questions that it cannot answer: quantiles of each kind, for `score`."""
    found = [search(index, [query], 3).evidence for query in foreign_queries(embedder)]
    table = {
        name: [float(np.quantile([getattr(e, name) for e in found], q)) for q in (0.5, 0.95)]
        for name in Evidence.__slots__
    }
    scores = [score(evidence, {"evidence": table}) for evidence in found]
    foreign = [float(np.quantile(scores, q)) for q in (0.5, 0.9, 0.95, 0.99)]
    return {"version": 2, "evidence": table, "foreign": foreign, "asked": index.asked_share}


def features(evidence: Evidence, table: Mapping[str, list[float]]) -> tuple[float, ...]:
    """Evidence in the order of `Evidence`, the cosines relative to the library's own foreign questions."""
    values = []
    for name in Evidence.__slots__:
        value = float(getattr(evidence, name))
        if name in _RELATIVE and name in table:
            middle, high = table[name]
            value = (value - middle) / max(0.05, high - middle)
        values.append(value)
    return tuple(values)


def score(evidence: Evidence, calibration: Mapping[str, Any]) -> float:
    """The log-odds that the library answers: above 0 it does. `calibration` is what `calibrate` returned.

    A library that tells how people ask for its passages meets more of any question's words, also of those that it
    cannot answer. Where the foreign questions come further than usual, every question must come as much further: in
    full where half of the passages tell such words, less where fewer do, not at all where none does. Where they come
    less far than usual, less is asked of every question.
    """
    values = features(evidence, calibration.get("evidence", {}))
    odds: float = _INTERCEPT + sum(w * value for w, value in zip(_WEIGHTS.values(), values, strict=True))
    foreign = calibration.get("foreign")
    if not foreign:
        return odds
    further: float = min(MOST_SHIFT, max(-MOST_SHIFT, foreign[2] - USUAL))
    # From half of the passages on it is all of it.
    share = min(1.0, 2.0 * float(calibration.get("asked", 1.0))) if further > 0 else 1.0
    return odds - share * further
