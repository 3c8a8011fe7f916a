"""What people tell of themselves is understood; what they only ask about is not."""

from __future__ import annotations

import pytest

from bot.answer import Question, Situation, Turn
from bot.situation import impersonal, movers, people, understand


def told(text: str) -> dict[str, object]:
    situation = understand(Question(text))
    fields = ("background", "region", "hours_per_week", "goal")
    return {name: value for name in fields if (value := getattr(situation, name)) is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I'm a nurse in Toronto with 8 hours a week and want to become a data analyst",
            {"background": "nurse", "region": "Toronto, Canada", "hours_per_week": 8.0, "goal": "data analyst"},
        ),
        ("As a nurse, how do I learn Python?", {"background": "nurse"}),
        ("RN here, 12 yrs in ICU", {"background": "RN"}),
        ("im a teacher can i get into data", {"background": "teacher"}),
        ("I've worked in a call centre for ten years", {"background": "call centre"}),
        ("I used to live in Paris, now I'm in Lyon", {"region": "Lyon, France"}),
        ("I'm a cook at a bank in Zurich", {"background": "cook", "region": "Zurich, Switzerland"}),
        ("I have two hours a day and I'd like to get into ML", {"hours_per_week": 14.0, "goal": "ML"}),
        ("I can study 5 to 10 hrs a week", {"hours_per_week": 5.0}),
        ("8 hours a week", {"hours_per_week": 8.0}),
        ("I'm finishing a physics PhD and I'd like to go into AI", {"background": "physics PhD", "goal": "AI"}),
        ("I've got a psychology degree and I hope to work in AI", {"background": "psychology degree", "goal": "AI"}),
    ],
)  # fmt: skip
def test_plain_statements_are_understood(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "how much does a nurse earn in Canada?",
        "can I work as a nurse in Canada?",
        "What does a data analyst in Toronto earn?",
        "Is it possible for a nurse to become a data analyst?",
        "Should I become a data scientist or a machine learning engineer?",
        "my friend is a teacher in Spain",
        "How many hours a week does the degree take?",
        "the course takes 8 hours a week, can I do it?",
        "I work 40 hours a week",
        "I am a bit lost",
        "I'm a beginner",
        "I'm in a hurry",
        "I'm in love with statistics",
        "I want to be sure",
        "I want to die",
        "I don't want to become a manager",
        "I'm not in the US",
        "Tell us about jobs",
    ],
)
def test_what_is_only_asked_about_is_not_taken_for_the_person(text: str) -> None:
    assert told(text) == {}


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("I'm a 47-year-old Indian nurse", "nurse"),
        ("I'm an autistic software developer", "software developer"),
        ("I'm a young female accountant", "accountant"),
        ("I'm a Muslim woman from India", None),
        ("I'm pregnant and depressed", None),
    ],
)
def test_age_sex_origin_belief_and_health_are_left_alone(text: str, background: str | None) -> None:
    assert told(text) == ({"background": background} if background else {})


def test_the_request_wins_over_earlier_words_and_a_correction_over_both() -> None:
    history = (Turn("user", "I'm a cook in Ohio"), Turn("assistant", "I'm a teacher in Spain"))
    given = Situation(region="Canada")
    assert understand(Question("and the pay?", history, given)) == Situation("cook", "Canada")
    assert understand(Question("Actually I'm in Ireland now", history, given)).region == "Ireland"
    assert understand(Question("I'm in Ireland", history, given)).region == "Canada"
    assert understand(Question("not the US, sorry", history)).region is None


def test_later_words_win_over_earlier_ones() -> None:
    history = (Turn("user", "I'm a cook in Ohio"), Turn("user", "I moved to Leeds"))
    assert understand(Question("what now?", history)) == Situation("cook", "Leeds, United Kingdom")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "I am a 30-year-old man and was born in Nigeria. How much does a data scientist earn?",
            "How much does a data scientist earn?",
        ),
        ("I'm a woman, how do I negotiate pay?", "how do I negotiate pay?"),
        ("I am 52. Do I need a degree?", "Do I need a degree?"),
        ("I'm originally from Brazil. How do I find a mentor?", "How do I find a mentor?"),
        ("Am I too old at 45?", "Am I too old at 45?"),
        ("I'm 47. Am I kidding myself about AI?", "I'm 47. Am I kidding myself about AI?"),
        ("im 46 and was a driver. What now?", "I was a driver. What now?"),
        ("I am 30, can I start?", "can I start?"),
        (
            "I was born in India. How long is the wait for a green card?",
            "I was born in India. How long is the wait for a green card?",
        ),
        ("I'm 20 hours a week free, what can I learn?", "I'm 20 hours a week free, what can I learn?"),
        ("What does a man do at a bank?", "What does a man do at a bank?"),
        ("I'm a nurse. Which data jobs could I do?", "I'm a nurse. Which data jobs could I do?"),
    ],
)
def test_sex_age_and_origin_do_not_change_what_is_looked_for(text: str, asked: str) -> None:
    assert impersonal(text) == asked


def test_whom_a_text_names_by_their_work() -> None:
    assert people("Can a frontend developer move into AI?") == (frozenset({"frontend", "develop"}),)
    assert people("What should a nurse learn first?") == (frozenset({"nurs"}),)
    assert people("How do a data analyst and a statistician differ?") == (
        frozenset({"data", "analyst"}),
        frozenset({"statistician"}),
    )
    assert people("How long does it take to get into data work?") == ()


@pytest.mark.parametrize(
    ("heading", "heads"),
    [
        ("How can a teacher move into data work?", ["teacher"]),
        ("I'm a software developer. How do I get into machine learning?", ["develop"]),
        ("How do I go from a physics PhD to data science?", ["phd"]),
        ("How can a mechanical or civil engineer move into data science?", ["mechan", "engin"]),
        ("How do I become a data scientist?", []),
        ("What skills does a data analyst need?", []),
        ("How much does a nurse earn?", []),
    ],
)
def test_whom_a_heading_speaks_to_is_who_comes_from_their_work(heading: str, heads: list[str]) -> None:
    found = movers(heading)
    assert len(found) == len(heads)
    assert all(head in name for head, name in zip(heads, found, strict=True))
