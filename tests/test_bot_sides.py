"""What two things a question compares, and by what."""

from __future__ import annotations

import pytest

from bot.sides import By, Sides, sides_of, whole_sides


@pytest.mark.parametrize(
    ("asked", "first", "second", "by"),
    [
        (
            "What is the difference between a data analyst and a data scientist?",
            "data analyst",
            "data scientist",
            "nature",
        ),
        ("data engineer vs data scientist, which pays more in the US?", "data engineer", "data scientist", "money"),
        ("Who earns more, a data analyst or a data scientist?", "data analyst", "data scientist", "money"),
        ("Do statisticians earn more than data engineers?", "statisticians", "data engineers", "money"),
        ("Which pays better: data engineering or data science?", "data engineering", "data science", "money"),
        ("actuary vs data scientist pay", "actuary", "data scientist", "money"),
        ("Is data science growing faster than data engineering?", "data science", "data engineering", "growth"),
        ("Is data engineering harder than software engineering?", "data engineering", "software engineering", "other"),
        ("Is it better to be a data analyst or a data engineer?", "data analyst", "data engineer", "nature"),
        ("Which is better for a career: Kafka or Spark?", "Kafka", "Spark", "nature"),
        ("data analyst salary vs data scientist salary", "data analyst", "data scientist", "money"),
        ("compare the salary of an actuary and a data scientist", "actuary", "data scientist", "money"),
        ("nurse or data analyst - who gets paid more?", "nurse", "data analyst", "money"),
        ("who gets paid more - nurses or data analysts?", "nurses", "data analysts", "money"),
        ("is the pay better for nurses or data analysts", "nurses", "data analysts", "money"),
        ("Is data science or software engineering better paid?", "data science", "software engineering", "money"),
    ],
)
def test_sides_and_what_they_are_compared_by(asked: str, first: str, second: str, by: By) -> None:
    found = sides_of(asked)
    assert found is not None
    assert (found.first, found.second, found.by) == (first, second, by)


@pytest.mark.parametrize(
    "asked",
    [
        "Should I learn R or Python?",  # a letter tells too little
        "How do I move into data or AI?",
        "Degree, bootcamp or self-study?",
        "one page or two page CV?",
        "analyst vs scientist vs data engineer vs ml engineer",
        "What stepping stones are there between my field and that one, and do they pay?",
        "Is a certificate worth more than a doctorate in Korea?",
        "I enjoy explaining things more than building them",
    ],
)
def test_no_two_sides(asked: str) -> None:
    assert sides_of(asked) is None


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (
            ["software developer or data engineer", "which is better paid?"],
            ["which is better paid, software developer or data engineer?"],
        ),
        (["nurse vs data analyst??", "which one earns more"], ["which one earns more, nurse or data analyst?"]),
        (
            ["Should I become a nurse or a data analyst?", "Which pays more?"],
            ["Should I become a nurse or a data analyst?", "Which pays more, nurse or data analyst?"],
        ),
        (
            ["I like people and numbers", "which is better paid?"],
            ["I like people and numbers", "which is better paid?"],
        ),
        (
            ["Nurse or data analyst?", "Which courses are cheaper?"],
            ["Nurse or data analyst?", "Which courses are cheaper?"],
        ),
    ],
)
def test_what_asks_which_of_two_asks_it_of_those_named_right_before(parts: list[str], whole: list[str]) -> None:
    assert whole_sides(parts) == whole


def test_a_text_names_both_or_only_their_words() -> None:
    sides = Sides("data engineer", "data scientist", "nature")
    assert sides.named_in("Data engineer or data scientist: what sets them apart?")
    assert sides.named_in("How does the work of a data engineer and scientist differ?")
    assert not sides.named_in("Data scientist or machine learning engineer?")


@pytest.mark.parametrize(
    ("sides", "asked"),
    [
        (Sides("ML engineer", "data scientists", "money"), ("an ML engineer earn", "do data scientists earn")),
        (Sides("data science", "actuary", "money"), ("What does data science pay?", "does an actuary earn")),
        (Sides("analyst", "Kafka", "nature"), ("What does an analyst do?", "What is Kafka?")),
        (Sides("statisticians", "data science", "growth"), ("outlook for statisticians", "outlook for data science")),
    ],
)
def test_each_side_is_asked_for_what_they_are_compared_by(sides: Sides, asked: tuple[str, str]) -> None:
    for question, said in zip(sides.questions(), asked, strict=True):
        assert said in question


def test_what_weighs_two_things_by_another_word_of_its_kind() -> None:
    sides = sides_of("Which one is easier to get into, data analyst or data engineer?")
    assert sides is not None
    assert sides.word == "easier"
    assert sides.weighed_in("Getting in: Data analyst Easier; Data engineer Harder")
    assert not sides.weighed_in("A data analyst explains, and a data engineer builds.")
    assert not sides.weighed_in("A data analyst has it easier.")
    assert sides_of("Who earns more, a data analyst or a data scientist?") == Sides(
        "data analyst", "data scientist", "money"
    )
