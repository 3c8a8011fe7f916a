"""What counts as a figure, and how old it is."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.figures import age_months, figures, is_stale, is_telling, said_date, value

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a median of $112,590 a year", ["money $112,590"]),
        ("C$46.15 an hour or £1.5 million", ["money C$46.15", "money £1.5 million"]),
        ("grew 34% and fell 6 percent", ["share 34%", "share 6 percent"]),
        ("30-35% more", ["count 30", "share 35%"]),
        ("a change of -6%", ["share -6%"]),
        ("1,765 adverts, 895 of them here", ["amount 1,765 adverts", "count 895"]),
        ("within 60 days, for 4-6 weeks", ["amount 60 days", "count 4", "amount 6 weeks"]),
        ("in May 2024 and 2023-24", ["year 2024", "year 2023", "year 24"]),
        ("Two in three people, and half of the rest", ["share Two in three", "share half of"]),
        ("more than 10 million people", ["amount 10 million people"]),
    ],
)
def test_figures(text: str, found: list[str]) -> None:
    assert [f"{figure.kind} {figure.text}" for figure in figures(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Python 3 and Python 3.11", "Level 6 standards", "an H-1B visa, an F-1 visa", "O*NET 29.3",
        "data analyst (2511.3)",
        "exam AI-901", "GPT-4 and COVID-19", "step 2 of the list", "version 1.1.1", "two or three projects", "2U",
        "Form I-983", "day 1", "at any hour, 24/7",
    ],
)  # fmt: skip
def test_numbers_that_are_names_are_no_figures(text: str) -> None:
    assert figures(text) == ()


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("1,765 adverts", "1,765"), ("55 percent", "55%"), ("34 %", "34%"), ("60-day", "60 days"),
        ("60 days", "60 days"), ("$112,590", "$112,590"), ("10 million people", "10 million"),
    ],
)  # fmt: skip
def test_one_value_in_many_forms(text: str, held: str) -> None:
    assert [value(figure) for figure in figures(text)] == [held]


def test_years_and_small_counts_cannot_be_followed_by_their_value() -> None:
    told = [
        figure.text for figure in figures("22 of 1,765 in 2024, $59, 3% and 60 days, half of") if is_telling(figure)
    ]
    assert told == ["1,765", "$59", "3%", "60 days"]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("in May 2024", "2024-05"), ("from 2024 to 2034", "2024"), ("in 2023-24", "2024"), ("2024-34 edition", "2024"),
        ("2018, and 2021 again", "2021"), ("about 2,021 people for $2019", None), ("no year", None),
        ("between January 2021 and July 2025", "2025-07"),
    ],
)  # fmt: skip
def test_the_newest_year_that_has_come(text: str, when: str | None) -> None:
    assert said_date(text, TODAY) == when


@pytest.mark.parametrize(
    ("when", "months"),
    [("2026-11", 0), ("2025-08-28", 15), ("2024", 23), ("read 2026", 0), ("2019; read 2026-01", 10), ("undated", None)],
)
def test_age_in_months(when: str, months: int | None) -> None:
    assert age_months(when, TODAY) == months


def test_stale_is_older_than_the_limit_or_of_unknown_age() -> None:
    assert not is_stale("2023-11", TODAY, 36)
    assert is_stale("2023-10", TODAY, 36)
    assert is_stale("2023-11", TODAY, 35)
    assert is_stale("undated", TODAY)
