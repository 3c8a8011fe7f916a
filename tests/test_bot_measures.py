"""What a question wants to be told of a job, and which lines of a page tell it."""

from __future__ import annotations

import pytest

from bot.measures import asked, label_of, told
from corpus.models import Passage


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("How much do elver, eel, and crab catchers make?", "pay"),
        ("eel catcher salary", "pay"),
        ("What degree do eel catchers need?", "education"),
        ("what qualifications do eel catchers need", "education"),
        ("How much work experience do eel catchers need?", "experience"),
        ("on the job training for eel catchers", "training"),
        ("Do eel catchers need a licence?", "licence"),
        ("are eel catchers in demand?", "growth"),
        ("How many eel catchers are there?", "number"),
        ("How many openings for eel catchers are there each year?", "openings"),
        ("What do the best-paid eel catchers earn?", None),
        ("How many eel catchers will there be in 2034?", None),
        ("Which industries pay eel catchers most?", None),
        ("What is a normal day of an eel catcher?", None),
    ],
)
def test_what_is_asked_of_a_job(text: str, measure: str | None) -> None:
    assert asked(text) == measure


def test_the_label_of_a_row() -> None:
    assert label_of("Eel Catchers", "Eel Catchers (Pay, 2024) - Total: $1") == ("Pay, 2024", "Total")
    assert label_of("Eel Catchers", "Eel Catchers - Median Pay: $1") == ("", "Median Pay")
    assert label_of("Eel Catchers", "Eel Catchers work at night.") == ("", "")


def test_a_row_for_the_job_tells_more_than_one_for_a_branch_or_for_all() -> None:
    passage = Passage("p", "d", "Eel Catchers", ("Pay",), 0, 1, "x", ())
    weights = [
        told("pay", passage, text, ("eel", "catcher"), {"eel", "catcher", "eastbay"})
        for text in (
            "Eel Catchers - Eastbay: Median $41,000",
            "Eel Catchers - 2024 Median Pay: $40,000 per year",
            "Eel Catchers (Median annual wages) - Eel Catchers: $40,000",
            "The median annual wage for eel catchers was $40,000.",
            "Eel Catchers (Median annual wages) - Total, all occupations: $49,500",
        )
    ]
    assert weights == sorted(weights, reverse=True)
    assert weights[-2] > 0 > weights[-1]
