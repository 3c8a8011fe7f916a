"""Suggestions are headings of the guides found that were not answered already."""

from __future__ import annotations

from bot.advisor import Advisor


def test_suggestions_come_from_the_guides_and_are_new(advisor: Advisor) -> None:
    headings = {
        heading
        for row in range(advisor.library.current().count)
        for heading in advisor.library.current().passage(row).section
    }
    for question in ("Do I need a degree?", "How much does a data engineer earn?", "How do I roast a duck?"):
        answer = advisor.invoke(question)
        assert len(answer.suggestions) <= 3
        assert set(answer.suggestions) <= headings
        assert not {c.section.split(" > ")[-1] for c in answer.citations} & set(answer.suggestions)


def test_each_suggestion_is_answered(advisor: Advisor) -> None:
    answer = advisor.invoke("How do I roast a duck?")
    assert answer.suggestions
    assert all(advisor.invoke(text).status in ("answered", "partial") for text in answer.suggestions)
