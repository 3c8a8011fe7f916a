"""The benchmark's part on answers: which questions are asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evals.bench_answers import pick


@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=30), st.integers(1, 12))
def test_picked_questions_are_different_in_order_and_as_many_as_there_are(given: list[str], most: int) -> None:
    picked = pick(given, most)
    different = list(dict.fromkeys(given))
    assert len(picked) == len(set(picked)) == min(most, len(different))
    assert [each for each in different if each in picked] == picked


def test_picked_questions_are_spread_over_all() -> None:
    assert pick([str(i) for i in range(10)], 5) == ["0", "2", "4", "6", "8"]
