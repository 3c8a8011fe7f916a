"""Measures over numbers and rankings; pure, each with its formula. Nothing to measure raises Unscorable, never NaN."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Z = 1.959963984540054  # the normal quantile of a two-sided 95 % interval


class Unscorable(ValueError):
    """A measure has nothing to be computed from; the message says what is lacking."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `n` trials."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"a rate of {self.hits} in {self.n} is impossible")

    @property
    def value(self) -> float:
        """hits / n, 0 to 1. Raises Unscorable without trials."""
        if self.n == 0:
            raise Unscorable("there is no case to count")
        return self.hits / self.n

    def interval(self) -> tuple[float, float]:
        """The Wilson score interval at 95 % (Wilson 1927), which stays inside 0 to 1 and does not shrink to a point:

            (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

        Raises Unscorable without trials.
        """
        p, n = self.value, self.n
        middle = p + Z * Z / (2 * n)
        spread = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        scale = 1 + Z * Z / n
        low = 0.0 if self.hits == 0 else (middle - spread) / scale
        high = 1.0 if self.hits == n else (middle + spread) / scale
        return low, high

    def to_dict(self) -> dict[str, Any]:
        """Value and interval are null where there was nothing to count: a state, shown beside its n of 0."""
        if self.n == 0:
            return {"value": None, "low": None, "high": None, "hits": 0, "n": 0}
        low, high = self.interval()
        return {
            "value": round(self.value, 6),
            "low": round(low, 6),
            "high": round(high, 6),
            "hits": self.hits,
            "n": self.n,
        }


def mean(values: Sequence[float]) -> float:
    """Σ values / n. Raises Unscorable for none."""
    if not values:
        raise Unscorable("there is no value to average")
    return math.fsum(values) / len(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that a `share` (above 0, up to 1) of them do not exceed."""
    if not values:
        raise Unscorable("there is no value to rank")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle. Raises Unscorable for none."""
    if not values:
        raise Unscorable("there is no value to rank")
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(values) % 2 else (ranked[half - 1] + ranked[half]) / 2


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int = 10) -> float:
    """Normalised discounted cumulative gain, linear gain as in trec_eval, 0 to 1:

        DCG@k = Σ_{i=1..k} gain(d_i) / log2(i + 1);   nDCG@k = DCG@k / DCG@k of the best order

    `ranked` is best first, each document once; `gains` above 0 for what is relevant. Raises Unscorable without any.
    """
    _once(ranked)
    best = sorted((gain for gain in gains.values() if gain > 0), reverse=True)
    if not best:
        raise Unscorable("no document is relevant")
    return _dcg([max(0.0, gains.get(document, 0.0)) for document in ranked[:k]]) / _dcg(best[:k])


def mrr(ranked: Sequence[str], gains: Mapping[str, float], k: int = 10) -> float:
    """Reciprocal rank: 1 / (place of the first relevant document, from 1), or 0 where none is among the first k."""
    relevant = _relevant(ranked, gains)
    return next((1 / place for place, document in enumerate(ranked[:k], 1) if document in relevant), 0.0)


def recall(ranked: Sequence[str], gains: Mapping[str, float], k: int = 10) -> float:
    """|relevant among the first k| / |relevant|."""
    relevant = _relevant(ranked, gains)
    return len(relevant & set(ranked[:k])) / len(relevant)


def hit(ranked: Sequence[str], gains: Mapping[str, float], k: int = 1) -> float:
    """1 where a relevant document is among the first k, else 0."""
    return float(bool(_relevant(ranked, gains) & set(ranked[:k])))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Area under the ROC curve: the chance that a positive case scores above a negative one, a tie counting half.

        (Σ over pairs of [s⁺ > s⁻] + ½ [s⁺ = s⁻]) / (n⁺ n⁻)        (Mann and Whitney 1947)

    Raises Unscorable unless both kinds are there; ValueError for a score that is no number.
    """
    if any(math.isnan(score) for score in scores):
        raise ValueError("a score is not a number")
    n_positive = sum(positive)
    n_negative = len(positive) - n_positive
    if not n_positive or not n_negative:
        raise Unscorable("both positive and negative cases are needed")
    # By mid-ranks: equal scores share the mean of their places.
    pairs = sorted(zip(scores, positive, strict=True), key=lambda pair: pair[0])
    total, at = 0.0, 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end][0] == pairs[at][0]:
            end += 1
        total += sum(is_positive for _, is_positive in pairs[at:end]) * (at + 1 + end) / 2
        at = end
    return (total - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)


def balanced_accuracy(predicted: Sequence[bool], positive: Sequence[bool]) -> float:
    """(share of positives predicted so + share of negatives predicted so) / 2; always saying the same gives 0.5.

    Raises Unscorable unless both kinds are there.
    """
    pairs = list(zip(predicted, positive, strict=True))
    return balanced(
        Rate(sum(p for p, is_positive in pairs if is_positive), sum(positive)),
        Rate(sum(not p for p, is_positive in pairs if not is_positive), len(pairs) - sum(positive)),
    )


def balanced(positives: Rate, negatives: Rate) -> float:
    """The mean of two rates of being right, on positives and on negatives. Raises Unscorable where one is empty."""
    if not positives.n or not negatives.n:
        raise Unscorable("both positive and negative cases are needed")
    return (positives.value + negatives.value) / 2


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa (Cohen 1960): how far two judges of the same things agree beyond chance, 1 at best, 0 at chance.

        (p_o - p_e) / (1 - p_e),    p_o = share on which they agree,    p_e = Σ over labels of p₁(label) p₂(label)

    Raises Unscorable for nothing judged, and where both always say the same one thing, so that chance agrees too.
    """
    pairs = list(zip(first, second, strict=True))
    if not pairs:
        raise Unscorable("nothing was judged by both")
    n = len(pairs)
    # In whole numbers, so that chance agreement of 1 is told exactly.
    agreed = sum(a == b for a, b in pairs) * n
    by_chance = sum(first.count(label) * second.count(label) for label in set(first))
    if by_chance == n * n:
        raise Unscorable("both always say the same, so that agreement beyond chance cannot be told")
    return (agreed - by_chance) / (n * n - by_chance)


def deviation(values: Sequence[float]) -> float:
    """The sample standard deviation, √(Σ (v - mean)² / (n - 1)). Raises Unscorable for fewer than two values."""
    if len(values) < 2:
        raise Unscorable("a spread needs two values")
    middle = mean(values)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))


def f1(precision: Rate, recalled: Rate) -> float:
    """2PR / (P + R) from counts of the same hits; 0 where nothing was hit. Unscorable where nothing was there."""
    if precision.n + recalled.n == 0:
        raise Unscorable("there is nothing to find and nothing was claimed")
    return 2 * precision.hits / (precision.n + recalled.n)


def _dcg(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def _relevant(ranked: Sequence[str], gains: Mapping[str, float]) -> set[str]:
    _once(ranked)
    relevant = {document for document, gain in gains.items() if gain > 0}
    if not relevant:
        raise Unscorable("no document is relevant")
    return relevant


def _once(ranked: Sequence[str]) -> None:
    if len(set(ranked)) != len(ranked):
        raise ValueError("a document stands twice in the ranking")
