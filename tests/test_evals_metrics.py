"""Measures against values worked by hand, and the laws that they must keep."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics import (
    Rate,
    Unscorable,
    auroc,
    balanced_accuracy,
    deviation,
    f1,
    hit,
    kappa,
    mean,
    median,
    mrr,
    ndcg,
    percentile,
    recall,
)


def test_ndcg_by_hand() -> None:
    # Relevant at places 2 and 4 of three relevant ones: (1/log2 3 + 1/log2 5) / (1/log2 2 + 1/log2 3 + 1/log2 4).
    expected = (0.6309297536 + 0.4306765581) / (1 + 0.6309297536 + 0.5)
    assert ndcg(["x", "a", "y", "b"], {"a": 1, "b": 1, "c": 1}) == pytest.approx(expected)


def test_ndcg_with_graded_gains_by_hand() -> None:
    # Gains 1 then 2 where 2 then 1 is best: (1 + 2/log2 3) / (2 + 1/log2 3).
    expected = (1 + 2 * 0.6309297536) / (2 + 0.6309297536)
    assert ndcg(["one", "two"], {"one": 1, "two": 2}) == pytest.approx(expected)


def test_ndcg_looks_at_the_first_k_only_and_its_ideal_too() -> None:
    many = {str(i): 1.0 for i in range(20)}
    assert ndcg([str(i) for i in range(20)], many) == pytest.approx(1)
    assert ndcg([f"x{i}" for i in range(10)] + ["0"], {"0": 1}) == 0


def test_rank_measures_by_hand() -> None:
    ranked, gains = ["x", "y", "a", "b"], {"a": 1.0, "b": 1.0, "c": 1.0, "z": 0.0}
    assert mrr(ranked, gains) == pytest.approx(1 / 3)
    assert recall(ranked, gains) == pytest.approx(2 / 3)
    assert recall(ranked, gains, k=3) == pytest.approx(1 / 3)
    assert hit(ranked, gains) == 0
    assert hit(["a"], gains) == 1
    assert mrr(["x"] + [f"y{i}" for i in range(9)] + ["a"], gains) == 0


@pytest.mark.parametrize("measure", [ndcg, mrr, recall, hit])
def test_rank_measures_refuse_what_cannot_be_measured(measure: Callable[..., float]) -> None:
    with pytest.raises(Unscorable):
        measure(["a"], {})
    with pytest.raises(Unscorable):
        measure(["a"], {"a": 0.0})
    with pytest.raises(ValueError, match="twice"):
        measure(["a", "a"], {"a": 1.0})


def test_auroc_by_hand_with_ties() -> None:
    # Pairs (positive, negative): .9>.5, .9>.1, .5=.5 half, .5>.1 -> 3.5 of 4.
    assert auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert auroc([1, 1, 1], [True, False, True]) == 0.5
    assert auroc([0, 1], [True, False]) == 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=25))
def test_auroc_is_the_share_of_ordered_pairs(rows: list[tuple[int, bool]]) -> None:
    scores, flags = [float(score) for score, _ in rows], [flag for _, flag in rows]
    pairs = [(p, n) for p, up in rows if up for n, other in rows if not other]
    if not pairs:
        with pytest.raises(Unscorable):
            auroc(scores, flags)
        return
    counted = sum((p > n) + 0.5 * (p == n) for p, n in pairs) / len(pairs)
    assert auroc(scores, flags) == pytest.approx(counted)
    assert auroc([-score for score in scores], flags) == pytest.approx(1 - counted)


def test_auroc_refuses_nan() -> None:
    with pytest.raises(ValueError, match="not a number"):
        auroc([math.nan, 1], [True, False])


def test_balanced_accuracy_by_hand() -> None:
    # 2 of 3 positives and 1 of 1 negatives right.
    assert balanced_accuracy([True, True, False, False], [True, True, True, False]) == pytest.approx((2 / 3 + 1) / 2)
    assert balanced_accuracy([True] * 4, [True, True, True, False]) == 0.5
    with pytest.raises(Unscorable):
        balanced_accuracy([True], [True])


def test_f1_by_hand() -> None:
    # precision 2/4, recall 2/3: 2 * (1/2) * (2/3) / (1/2 + 2/3) = 4/7.
    assert f1(Rate(2, 4), Rate(2, 3)) == pytest.approx(4 / 7)
    assert f1(Rate(0, 0), Rate(0, 3)) == 0
    with pytest.raises(Unscorable):
        f1(Rate(0, 0), Rate(0, 0))


def test_wilson_interval_against_published_values() -> None:
    # Newcombe (1998), table I, method 3: 81/263 -> .2553 to .3662; 15/148 -> .0624 to .1605; 0/20 -> 0 to .1611.
    for hits, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        assert Rate(hits, n).interval() == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_interval_holds_its_rate_and_stays_in_range(hits: int, n: int) -> None:
    rate = Rate(min(hits, n), n)
    low, high = rate.interval()
    assert 0 <= low <= rate.value <= high <= 1
    assert low < high


def test_an_empty_rate_is_a_state_and_an_impossible_one_is_refused() -> None:
    assert Rate(0, 0).to_dict() == {"value": None, "low": None, "high": None, "hits": 0, "n": 0}
    with pytest.raises(Unscorable):
        Rate(0, 0).value  # noqa: B018 - the property is what is tested
    for hits, n in ((2, 1), (-1, 3)):
        with pytest.raises(ValueError, match="impossible"):
            Rate(hits, n)


def test_median_percentile_and_mean_by_hand() -> None:
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5
    assert percentile([float(i) for i in range(1, 101)], 0.95) == 95
    assert percentile([7.0], 0.95) == 7
    assert percentile([1.0, 2.0], 0.95) == 2
    assert mean([1, 2, 6]) == 3
    for measure in (mean, median):
        with pytest.raises(Unscorable):
            measure([])
    with pytest.raises(Unscorable):
        percentile([], 0.5)


def test_kappa_by_hand() -> None:
    # The example of 50 judged by two: 20 yes of both, 15 no of both. p_o = .7, p_e = .5 x .6 + .5 x .4 = .5.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa(["a", "b", "c"], ["a", "b", "c"]) == 1
    assert kappa(["a", "b"], ["b", "a"]) == -1
    assert kappa(["a", "a", "b", "b"], ["a", "b", "a", "b"]) == 0
    # A label that one of them alone uses agrees with nothing: p_o = 1/2, p_e = 1/4.
    assert kappa(["a", "b"], ["a", "none"]) == pytest.approx(1 / 3)
    for pair in (([], []), (["a", "a"], ["a", "a"])):
        with pytest.raises(Unscorable):
            kappa(*pair)


def test_the_sample_deviation_by_hand() -> None:
    assert deviation([2, 4, 9]) == pytest.approx(13**0.5)
    assert deviation([0.5, 0.5]) == 0
    with pytest.raises(Unscorable):
        deviation([1.0])
