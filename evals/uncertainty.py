"""How much of a figure is chance: bootstraps over whole clusters, and McNemar's test for two runs; pure and seeded.

Questions about one guide, or of one conversation, go right or wrong together, so that resampling single questions
would make intervals too narrow. The resampled unit is therefore the cluster (Davison and Hinkley 1997, 3.8).
scipy would bring the binomial test, but no bootstrap over clusters, and half a second at every start.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from evals.metrics import Unscorable

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 2000
SEED = 20_261
SHARE = 0.95  # of the draws that lie inside an interval


@dataclass(frozen=True, slots=True)
class Ratio:
    """`times` the sum of the measure `of`, over the number of cases that the measures `over` go over."""

    of: str
    over: tuple[str, ...]
    times: float = 1.0


# A measure as the mean of its ratios: a plain rate or mean is one, a balanced accuracy two.
Formula = tuple[Ratio, ...]
# What one case contributes: measure -> value; a measure that does not go over the case is absent.
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where 95 % of the draws lie; `low <= high`."""

    low: float
    high: float


def plain(name: str) -> Formula:
    """The formula of a rate or a mean: its values over the cases that have one."""
    return (Ratio(name, (name,)),)


def mean_interval(formula: Formula, clusters: Sequence[str], values: Sequence[Values]) -> Interval:
    """The percentile interval of a measure when whole clusters are drawn with replacement (Efron 1979).

    `clusters[i]` names the cluster of the case with `values[i]`. The same input gives the same interval. Raises
    Unscorable for fewer than two clusters, or where most draws have no case that the measure goes over.
    """
    return _interval(_drawn(formula, clusters, values, _weights(clusters)))


def paired_interval(
    formula: Formula, clusters: Sequence[str], before: Sequence[Values], after: Sequence[Values]
) -> Interval:
    """The interval of `after` less `before`, both resampled by the same draws of clusters, so that what is common to
    the two runs falls out (paired bootstrap: Efron and Tibshirani 1993, 8; Koehn 2004 for comparing systems).

    Raises Unscorable as `mean_interval` does.
    """
    weights = _weights(clusters)
    return _interval(_drawn(formula, clusters, after, weights) - _drawn(formula, clusters, before, weights))


def mcnemar(lost: int, won: int) -> float:
    """The exact two-sided McNemar test (McNemar 1947): were it all chance, how likely is a split so uneven or more?

        p = min(1, 2 · Σ_{i=0..min(lost, won)} C(n, i) / 2ⁿ)        with n = lost + won

    `lost` cases passed before only, `won` after only. 1 where none changed.
    """
    n = lost + won
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(min(lost, won) + 1)) / (1 << n))


def value(formula: Formula, values: Sequence[Values]) -> float:
    """The measure over all cases. Raises Unscorable where a ratio of it goes over none."""
    parts: list[float] = []
    for ratio in formula:
        n = sum(name in each for each in values for name in ratio.over)
        if not n:
            raise Unscorable("there is no such case")
        total = math.fsum(each.get(ratio.of, 0.0) for each in values)
        parts.append(ratio.times * total / n)
    return float(sum(parts) / len(parts))


def _weights(clusters: Sequence[str]) -> NDArray[Any]:
    n = len(set(clusters))
    if n < 2:
        raise Unscorable("an interval needs cases of two guides or conversations")
    return _draws(n)


@lru_cache(maxsize=8)
def _draws(n: int) -> NDArray[Any]:
    """DRAWS rows; in each, how often every one of `n` clusters was drawn. Clusters are in the order of their first
    case."""
    import numpy as np  # late: the commands that count nothing start without it

    drawn: NDArray[Any] = np.random.Generator(np.random.PCG64(SEED)).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    drawn.flags.writeable = False  # shared by all measures
    return drawn


def _drawn(formula: Formula, clusters: Sequence[str], values: Sequence[Values], weights: NDArray[Any]) -> NDArray[Any]:
    """The measure in every draw; NaN where a draw has no case for it."""
    import numpy as np

    place = {name: at for at, name in enumerate(dict.fromkeys(clusters))}
    total = np.zeros(len(weights))
    for ratio in formula:
        above, below = np.zeros(len(place)), np.zeros(len(place))
        for cluster, each in zip(clusters, values, strict=True):
            above[place[cluster]] += ratio.times * each.get(ratio.of, 0.0)
            below[place[cluster]] += sum(name in each for name in ratio.over)
        n = weights @ below
        total += np.divide(weights @ above, n, out=np.full(len(weights), np.nan), where=n > 0)
    return total / len(formula)


def _interval(drawn: NDArray[Any]) -> Interval:
    import numpy as np

    known = drawn[~np.isnan(drawn)]
    if len(known) <= len(drawn) / 2:
        raise Unscorable("most draws have no case that it goes over")
    low, high = np.quantile(known, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Interval(float(low), float(high))
