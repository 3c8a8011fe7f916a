"""Reading questions: what is tidied, what is refused, how they are cut and what kind of answer they want."""

from __future__ import annotations

import pytest

from bot.questions import MAX_CHARACTERS, Kind, follow, is_greeting, kind_of, premise_of, read, tidy
from corpus.errors import QuestionError


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  what\t is\u200b  MLOps?\x00 ", "what is MLOps?"),
        ("caf\u0065\u0301 work?", "café work?"),
        ("pay\u202egnirts?", "paygnirts?"),
        ("lone \ud800 half?", "lone half?"),
    ],
)
def test_invisible_and_broken_characters_go(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


@pytest.mark.parametrize("raw", ["", "   \n", "?!…", "\u200b\x00", "😀"])
def test_an_empty_question_is_refused(raw: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        tidy(raw)


def test_the_length_limit_is_exact() -> None:
    assert len(tidy("a" * MAX_CHARACTERS)) == MAX_CHARACTERS
    with pytest.raises(QuestionError, match="4,001"):
        tidy("a" * (MAX_CHARACTERS + 1))


def test_a_pile_of_combining_marks_is_cut() -> None:
    assert len(tidy("a" + "\u0301" * 3000 + " job?")) < 12


def test_two_questions_in_one_are_two_facets() -> None:
    facets = read("How much does a tester earn in Ruritania, and how fast is the trade growing?").facets
    assert [(facet.text, facet.kind) for facet in facets] == [
        ("How much does a tester earn in Ruritania", "money"),
        ("how fast is the trade growing?", "growth"),
    ]


def test_what_only_tells_is_background() -> None:
    got = read("I'm a nurse with two kids. Which data jobs could I move into?")
    assert got.background == "I'm a nurse with two kids."
    assert [facet.text for facet in got.facets] == ["Which data jobs could I move into?"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("yo, i hated maths in school, can i still do this?", "can i still do this?"),
        ("I want to leave accounting but have no clue where to begin, any advice?", "any advice?"),
        ("my friend says it is a scam. what other ways are there?", "what other ways are there?"),
        ("I'm an accountant, what's the easiest data job to move into?", "what's the easiest data job to move into?"),
        ("I'm on a student visa, how long can I stay?", "how long can I stay?"),
    ],
)
def test_what_is_told_first_is_background(text: str, asked: str) -> None:
    got = read(text)
    assert [facet.text for facet in got.facets] == [asked]
    assert got.background


def test_a_second_question_behind_a_comma_is_asked_for_itself() -> None:
    facets = read("are security analysts in demand, what's the pay?").facets
    assert [(facet.text, facet.kind) for facet in facets] == [
        ("are security analysts in demand", "growth"),
        ("what's the pay?", "money"),
    ]


def test_what_somebody_wants_to_know_is_asked() -> None:
    facets = read("I want to know what a data engineer earns, and how do I become one?").facets
    assert [facet.kind for facet in facets] == ["money", "how"]


def test_a_part_that_points_back_keeps_the_job() -> None:
    first, second = read("What does a data engineer do and how much do they earn?").facets
    assert first.subject == second.subject == ("data", "engin")
    assert read("How much do they earn?").facets[0].subject == ()
    assert follow(read("and what do they earn?"), "What is a statistician?").facets[0].subject == ("statistician",)
    assert follow(read("and a tester?"), "What is a statistician?").facets[0].subject == ("tester",)
    assert follow(read("Is mathematics hard?"), "What is a statistician?").facets[0].subject == ()


@pytest.mark.parametrize("text", ["pros and cons of bootcamps?", "python and sql", "search and rescue jobs?"])
def test_an_and_between_nouns_does_not_cut(text: str) -> None:
    assert len(read(text).facets) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How much does a data scientist earn?", "money"),
        ("how fast is the field growing", "growth"),
        ("How long does it take to learn statistics?", "duration"),
        ("How many rounds do interviews have?", "count"),
        ("What is feature engineering?", "definition"),
        ("Which entry-level roles are there?", "list"),
        ("what should i put in my portfolio", "list"),
        ("How do I prepare for interviews?", "how"),
        ("Do I need a degree?", "yes_no"),
        ("data scientist or data engineer?", "comparison"),
        ("How do I negotiate my salary?", "how"),
        ("how should i answer when they ask what i earned, and how much should i say", "money"),
        ("What is the difference between an analyst and a scientist?", "comparison"),
        ("networking", "broad"),
        ("Is the job market good?", "growth"),
        ("what do data scientists make in america", "money"),
        ("When can I apply?", "duration"),
        ("how long should a cover letter be", "broad"),
        ("how long does a nurse take to learn SQL", "duration"),
        ("How can a beginner start when software does the junior work?", "how"),
        ("How do I move into data or AI?", "how"),
        ("Where do I start?", "how"),
        ("can an analyst become a scientist or engineer", "yes_no"),
        ("Should I learn R or Python?", "comparison"),
        ("data scientist or machine learning engineer?", "comparison"),
        ("What should I ask them?", "list"),
    ],
)
def test_the_kind_of_answer_wanted(text: str, kind: Kind) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "premise"),
    [
        ("Since data work needs a doctorate, which one should I choose?", "data work needs a doctorate"),
        ("Hello. Given that courses guarantee a job, is it worth it?", "courses guarantee a job"),
        ("Since I have ten hours a week free, how long does it take?", None),
        ("Now that we are laid off, what should we do?", None),
        ("Which jobs have existed since the war ended, and why?", None),
        ("Do I need a degree?", None),
    ],
)
def test_what_a_question_takes_for_granted(text: str, premise: str | None) -> None:
    assert premise_of(text) == premise


@pytest.mark.parametrize(
    ("text", "greets"),
    [
        ("Thanks a lot!", True),
        ("help", True),
        ("hi, can you help me please?", True),
        ("What can you do?", True),
        ("what can I ask here", True),
        ("are you a real person", True),
        ("help me negotiate", False),
        ("What can I do?", False),
        ("how can I help my son", False),
        ("are you a good school", False),
    ],
)
def test_what_only_greets_or_asks_what_this_is(text: str, greets: bool) -> None:
    assert is_greeting(text) is greets
