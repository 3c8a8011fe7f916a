"""Follow-ups that leave out what was said before are completed where one reading is sure, and left alone elsewhere."""

from __future__ import annotations

import pytest

from bot.advisor import Advisor
from bot.answer import Question, Turn
from bot.ellipsis import compared, for_job, of_another


@pytest.mark.parametrize(
    ("text", "before", "completed"),
    [
        ("And a data scientist?", "What does a data engineer do?", "What does a data scientist do?"),
        ("what about statisticians", "How much does a data engineer earn?", "How much does a statistician earn?"),
        ("and an engineer", "What does a data analyst do?", "What does an engineer do?"),
        ("And a nurse?", "What do data scientists make?", "What do nurses make?"),
    ],
)
def test_the_same_is_asked_of_another_job(text: str, before: str, completed: str) -> None:
    assert of_another(text, before) == completed


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("And how much do they earn?", "What does a data engineer do?"),
        ("And a data scientist?", "Do I need a degree?"),
        ("and the pay?", "What does a data engineer do?"),
    ],
)
def test_what_names_no_job_or_follows_none_is_left_alone(text: str, before: str) -> None:
    assert of_another(text, before) is None


JOBS = ("What does a data engineer do?", "And a data scientist?")


@pytest.mark.parametrize(
    ("text", "asked", "completed"),
    [
        ("which one pays more?", JOBS, "which pays more, data engineer or data scientist?"),
        ("and which of them is growing faster", JOBS, "and which is growing faster, data engineer or data scientist?"),
        ("What's the difference?", JOBS, "What is the difference between data engineer and data scientist?"),
        ("which is cheaper?", ("Bootcamp or evening school?",), "which is cheaper, Bootcamp or evening school?"),
        ("which is better?", ("Kafka or Spark?",), "which is better, Kafka or Spark?"),
        (
            "which is harder?",
            (JOBS[0], "which pays more, that or a data scientist?"),
            "which is harder, data engineer or data scientist?",
        ),
        (
            "is that more than a nurse?",
            ("What does a data engineer earn?",),
            "is a data engineer more than a nurse in pay?",
        ),
        (
            "is that harder than being a data analyst?",
            ("Tell me about data engineers",),
            "is a data engineer harder than being a data analyst?",
        ),
    ],
)
def test_the_two_that_were_spoken_of_are_compared(text: str, asked: tuple[str, ...], completed: str) -> None:
    assert compared(text, asked) == completed


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        (
            "Which one pays more, that or a machine learning engineer?",
            "Which one pays more, a data scientist or a machine learning engineer?",
        ),
        ("which pays more, a data engineer or that?", "which pays more, a data engineer or a data scientist?"),
        ("that or a nurse?", "a data scientist or a nurse?"),
        ("do statisticians earn more than that?", "do statisticians earn more than a data scientist?"),
        # The job beside the pronoun is not the one that the pronoun means.
        ("which is better paid, that or data scientists?", "which is better paid, a data engineer or data scientists?"),
    ],
)
def test_a_side_that_points_back_is_the_job_spoken_of_last(text: str, completed: str) -> None:
    assert compared(text, JOBS) == completed


@pytest.mark.parametrize(
    "text",
    ["Is it worth it, or is that too late?", "should I do that or this certificate", "is there more to it than that?"],
)
def test_a_pronoun_that_is_no_side_is_left_alone(text: str) -> None:
    assert compared(text, JOBS) is None


@pytest.mark.parametrize(
    "text",
    [
        "which certificate is best?",
        "what is the best way in?",
        "which is the best book on it?",
        "who earns more, a nurse or a teacher?",
        "Which one did you mean?",
        "which courses are cheaper?",
    ],
)
def test_what_names_something_itself_is_no_comparison_of_what_was(text: str) -> None:
    assert compared(text, JOBS) is None


@pytest.mark.parametrize(
    ("text", "asked", "completed"),
    [
        ("what should I learn first?", JOBS, "what should I learn first to become a data scientist?"),
        ("Thanks! And do I need a degree?", JOBS[:1], "do I need a degree to become a data engineer?"),
        ("which skills do i need", ("how much do nurses earn",), "which skills do i need to become a nurse?"),
        # What only pointed back to the job stands between.
        ("how do I start?", (JOBS[0], "is that hard?"), "how do I start to become a data engineer?"),
        # Another subject, a pronoun, a job of its own, or nothing before.
        ("what should I learn about knots?", JOBS, None),
        ("how do I start?", (JOBS[0], "How is rope made?"), None),
        ("do they need a degree?", JOBS, None),
        ("do I need a degree to become a nurse?", JOBS, None),
        ("what do you think?", JOBS, None),
        ("do I need a degree?", (), None),
    ],
)
def test_a_step_is_asked_of_the_way_to_the_job_spoken_of(
    text: str, asked: tuple[str, ...], completed: str | None
) -> None:
    assert for_job(text, asked) == completed


def test_two_are_needed() -> None:
    assert compared("which one pays more?", ()) is None
    assert compared("which one pays more?", ("What does a data engineer do?",)) is None
    assert compared("which one pays more?", ("What does a data engineer do?", "what do data engineers earn?")) is None


def test_a_conversation_is_answered_on_both(advisor: Advisor) -> None:
    history: tuple[Turn, ...] = ()
    answers = []
    for text in ("How much does a data engineer earn?", "And a statistician?", "which one pays more?"):
        answers.append(advisor.invoke(Question(text, history)))
        history = (*history, Turn("user", text), Turn("assistant", answers[-1].answer))
    assert "73,900" in answers[1].answer
    assert "84,500" not in answers[1].answer
    assert "84,500" in answers[2].answer
    assert "73,900" in answers[2].answer
