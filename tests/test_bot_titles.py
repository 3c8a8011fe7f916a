"""The pages that a question names: titles cut into names of jobs, and names found whole."""

from __future__ import annotations

import pytest

from bot.titles import named, names_in, titles

KNOWN = titles(
    [
        ("vets", "Animal Menders and Soothers"),
        ("drivers", "Heavy and Side-Car Barge Drivers"),
        ("chandlers", "Wax Chandlers"),
        ("head", "Head Wax Chandlers"),
    ]
)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("How much do wax chandlers make?", ["chandlers"]),
        ("head wax chandler salary", ["head"]),
        ("what do animal soothers earn", ["vets"]),
        ("heavy barge drivers vs wax chandlers", ["drivers", "chandlers"]),
        ("how much do steam wax chandlers make", []),
        ("how much do soothers make", []),
    ],
)
def test_the_pages_a_question_names(text: str, pages: list[str]) -> None:
    assert [job.documents[0] for job in named(text, KNOWN)] == pages


def test_a_title_that_names_nobody_gives_no_name() -> None:
    assert names_in("How to write a letter") == ()
    assert names_in("Statistics") == ()


def test_jobs_of_one_page_share_their_modifiers() -> None:
    sellers = names_in("Advertising, Promotions, and Marketing Managers")
    assert {("advert", "promot", "manag"), ("promot", "manag"), ("market", "manag")} <= set(sellers)
    assert ("airlin", "pilot") in names_in("Airline and Commercial Pilots")
    assert ("meteorolog",) in names_in("Sky Scientists, Including Meteorologists")
