"""The job that a question asks about: found in many wordings, and held against texts as a name."""

from __future__ import annotations

import pytest

from bot.advisor import Advisor
from bot.subject import names, subject_of


@pytest.mark.parametrize(
    "text",
    [
        "What does a data engineer do?",
        "what do data engineers actually do all day",
        "How much does a data engineer earn in the US?",
        "how much can a senior data engineer make",
        "data engineer salary",
        "Data engineers' pay in Canada",
        "What is a data engineer?",
        "what's the outlook for data engineers in the UK?",
        "How much do data engineers in Canada make?",
        "Will AI replace junior data engineers?",
        "Tell me about data engineers in Canada",
    ],
)
def test_the_job_asked_about(text: str) -> None:
    assert subject_of(text) == ("data", "engin")


@pytest.mark.parametrize(
    ("text", "job"),
    [
        ("How much do canal wardens earn?", ("canal", "warden")),
        ("How many jobs for canal tuners are there?", ("canal", "tuner")),
        ("How many openings for saddle fitters are expected each year?", ("saddl", "fitter")),
        ("How fast will employment of anchor inspectors grow?", ("anchor", "inspector")),
        ("what do front desk staff make", ("front", "desk", "staff")),
        ("What does a nurse do?", ("nurs",)),
        ("And a statistician?", ("statistician",)),
        ("how to become a prompt engineer", ("prompt", "engin")),
        ("Can I work as a lift tester without a degree?", ("lift", "tester")),
        ("how many data scientists are there in the US", ("data", "scientist")),
        ("what does a bridge painter for harbours do", ("bridg", "painter")),
    ],
)
def test_whoever_earns_is_somebody(text: str, job: tuple[str, ...]) -> None:
    assert subject_of(text) == job


@pytest.mark.parametrize(
    "text",
    [
        "How much do you earn?",
        "what do people actually make",
        "Is there growth for people without a degree?",
        "What is machine learning?",
        "How much does a master's degree cost?",
        "Do I need a degree?",
        "how much math do i need",
        "What about my cover letter?",
        "Which jobs pay best?",
        "What is the outlook for the next ten years?",
        "how do I become better",
        "How do career changers become employable?",
        "How many hours a week do I need?",
        # What somebody does or did for a living is told, and not asked about.
        "I lost my job as a bell founder last week",
    ],
)
def test_no_job_is_asked_about(text: str) -> None:
    assert subject_of(text) == ()


def test_a_name_stands_side_by_side() -> None:
    assert names(("data", "engin"), ["Data engineers build pipelines."])
    assert names(("data", "scienc", "manag"), ["Managers, data science"])
    assert names(("comput", "research", "scientist"), ["Computer and information research scientists"])
    assert not names(("data", "engin"), ["Data scientists work with ML engineers."])
    assert not names(("data", "engin"), ["Data scientists and engineers"])


def test_a_figure_of_another_job_is_not_given(advisor: Advisor) -> None:
    answer = advisor.invoke("How much does a data architect earn?")
    assert answer.status == "abstained"
    assert answer.missing


def test_what_another_job_is_like_stands_only_nearby(advisor: Advisor) -> None:
    answer = advisor.invoke("What does a data architect do?")
    assert answer.status in ("abstained", "partial")
