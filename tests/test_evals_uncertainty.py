"""Intervals and tests between runs: worked by hand, seeded, and never narrower than their clusters allow."""

from __future__ import annotations

import pytest

from evals.metrics import Unscorable
from evals.uncertainty import Interval, Ratio, mcnemar, mean_interval, paired_interval, plain, value

X = plain("x")


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(3, 3) == 1
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(1, 9) == mcnemar(9, 1) == pytest.approx(2 * (1 + 10) / 1024)


def test_two_clusters_by_hand() -> None:
    # Drawn twice out of {0, 1}: means 0, .5 and 1 with chances 1/4, 1/2 and 1/4, so 95 % reach from 0 to 1.
    assert mean_interval(X, ["a", "b"], [{"x": 0.0}, {"x": 1.0}]) == Interval(0.0, 1.0)


def test_equal_clusters_leave_no_doubt_whatever_their_cases() -> None:
    values = [{"x": 0.0}, {"x": 1.0}] * 3
    assert mean_interval(X, ["a", "a", "b", "b", "c", "c"], values) == Interval(0.5, 0.5)


def test_cases_that_go_together_widen_the_interval() -> None:
    values = [{"x": float(i >= 40)} for i in range(80)]
    alone = mean_interval(X, [str(i) for i in range(80)], values)
    together = mean_interval(X, [str(i // 20) for i in range(80)], values)
    # The standard error of a coin thrown 80 times is .056; thrown four times, .25.
    assert alone.high - alone.low == pytest.approx(2 * 1.96 * 0.056, abs=0.02)
    assert together == Interval(0.0, 1.0)


def test_the_same_input_gives_the_same_interval() -> None:
    values = [{"x": i % 7 / 7} for i in range(50)]
    clusters = [str(i % 9) for i in range(50)]
    assert mean_interval(X, clusters, values) == mean_interval(X, clusters, values)


def test_a_paired_interval_sees_a_small_steady_gain_that_two_single_ones_hide() -> None:
    before = [{"x": i / 40} for i in range(40)]
    after = [{"x": each["x"] + 0.1} for each in before]
    clusters = [str(i) for i in range(40)]
    difference = paired_interval(X, clusters, before, after)
    assert [difference.low, difference.high] == pytest.approx([0.1, 0.1])
    assert mean_interval(X, clusters, before).high > mean_interval(X, clusters, after).low


def test_a_paired_interval_of_the_same_run_is_a_point_at_nothing() -> None:
    values = [{"x": float(i % 2)} for i in range(20)]
    assert paired_interval(X, [str(i) for i in range(20)], values, values) == Interval(0.0, 0.0)


def test_composed_measures_by_hand() -> None:
    # Found 2 of the 3 that were due, and named 4: F1 = 2·2 / (3 + 4).
    f1 = (Ratio("due", ("due", "named"), times=2.0),)
    cases = [{"due": 1.0, "named": 1.0}] * 2 + [{"due": 0.0}] + [{"named": 0.0}] * 2
    assert value(f1, cases) == pytest.approx(4 / 7)
    balanced = (*plain("a"), *plain("b"))
    assert value(balanced, [{"a": 1.0}, {"a": 0.0}, {"b": 1.0}]) == pytest.approx(0.75)


def test_without_two_clusters_or_a_case_there_is_no_interval() -> None:
    with pytest.raises(Unscorable, match="two guides"):
        mean_interval(X, ["a", "a"], [{"x": 0.0}, {"x": 1.0}])
    with pytest.raises(Unscorable, match="most draws"):
        mean_interval(X, ["a", "b"], [{"y": 0.0}, {"y": 1.0}])
    with pytest.raises(Unscorable, match="no such case"):
        value(X, [{"y": 1.0}])
