"""When two amounts are the same, and how units are written."""

from __future__ import annotations

import pytest

from bot.amounts import unit_of
from bot.numbers import numbers


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("40%", "40 percent", True),
        ("forty percent", "40%", True),
        ("133,336", "$133,336", True),
        ("$40", "40%", False),
        ("£40", "$40", False),
        ("25", "250", False),
        ("2.5", "25", False),
        ("1,500,000", "1.5 million", True),
        ("half of them", "50 percent", True),
        ("three in four", "75%", True),
        ("doubled", "twice as many", True),
        ("90 minutes", "1.5 hours", True),
        ("24 months", "2 years", True),
        ("48 hours", "2 days", True),
        ("10 GB", "10 gigabytes", True),
        ("31%", "62 of 200", True),
        ("1,143 of 15,241", "1,141 of 15,241, or 7.5%", False),
        ("1 out of 3", "2 out of 3, or one less", False),
        ("one hundred and sixty-nine", "169", True),
        ("30 minutes", "every half hour", True),
        ("12 percentage points", "12%", False),
        ("15", "15%", False),
        ("the third month", "three months", False),
        ("9 of 10", "8 of 10", False),
        ("3 weeks", "3 months", False),
    ],
)
def test_two_ways_of_writing_agree_or_do_not(a: str, b: str, agree: bool) -> None:
    assert numbers(a)[0].stands_in(numbers(b)) is agree


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("km", "kilometre"),
        ("Percentage Points", "pp"),
        ("working days", "day"),
        ("square metres", "metre"),
        ("centuries", "century"),
        ("US$", "$"),
        ("people", ""),
        (None, ""),
    ],
)
def test_a_unit_is_read_as_it_is_written(written: str | None, unit: str) -> None:
    assert unit_of(written) == unit
