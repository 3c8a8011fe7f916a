"""A later part of a question takes what the part before is about in the place of its pronoun, where that is plain."""

from __future__ import annotations

import pytest

from bot.pronouns import named, thing_of
from bot.questions import read


@pytest.mark.parametrize(
    ("first", "second", "completed"),
    [
        ("How much does a diploma in welding cost", "is it worth it?", "is a diploma in welding worth it?"),
        ("Are there apprenticeships in Ruritania", "what do they pay", "what do apprenticeships in Ruritania pay"),
        ("Do I need a licence", "how much does it cost?", "how much does a licence cost?"),
        ("Should I do a PhD", "does it pay off?", "does a PhD pay off?"),
        ("what is phrenology", "is it hard", "is phrenology hard"),
        ("Is the Harbour Certificate worth it", "how long does it take", "how long does the Harbour Certificate take"),
        # A pronoun that nothing explains, or that is not what is asked about, stays.
        ("How long does it take to become a smith", "what does it cost", "what does it cost"),
        ("Do I need a licence", "is it true that tests are hard", "is it true that tests are hard"),
        ("What is a returnship", "do they pay", "do they pay"),
        ("Do I need a licence", "can my uncle the smith help me with it", "can my uncle the smith help me with it"),
        # Jobs are carried as jobs.
        ("What does a harbour pilot do", "how much do they earn", "how much do they earn"),
    ],
)
def test_the_second_half_names_what_it_asks_about(first: str, second: str, completed: str) -> None:
    assert named([first, second]) == [first, completed]


def test_a_part_of_small_words_is_about_nothing() -> None:
    assert thing_of("Is there any") == ""
    assert thing_of("How do I start?") == ""


def test_a_question_is_read_with_its_second_half_named() -> None:
    facets = read("How much does a diploma in welding cost and does it pay off?").facets
    assert [(facet.text, facet.kind) for facet in facets] == [
        ("How much does a diploma in welding cost", "money"),
        ("does a diploma in welding pay off?", "yes_no"),
    ]
