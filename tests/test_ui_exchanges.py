"""What the page keeps of a conversation, and what is believed of what a browser sends."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answer import Answer, Question, Situation, Turn
from tests.fakes import answer
from ui import exchanges
from ui.feedback import Said


@pytest.mark.parametrize("sent", [None, "x", {"a": 1}, [1], [{"question": "a"}], [{"question": 1, "answer": 2}]])
def test_what_is_no_conversation_is_none(sent: Any) -> None:
    assert exchanges.read(sent) == []


def test_only_the_last_turns_are_sent() -> None:
    talk = [{"question": f"q{n}", "answer": f"a{n}", "html": ""} for n in range(30)]
    turns = exchanges.turns(exchanges.read(talk))
    assert len(turns) == 12
    assert turns[-1] == Turn("assistant", "a29")
    assert turns[0] == Turn("user", "q24")


def test_a_situation_that_cannot_be_is_left_out() -> None:
    assert exchanges.situation("", " ", "", "") == Situation()
    assert exchanges.situation("nurse", "", "2.5", "") == Situation("nurse", hours_per_week=2.5)
    for hours in ("-3", "many", "nan", "1e9", None):
        assert exchanges.situation("nurse", "", hours, "") == Situation("nurse")  # type: ignore[arg-type]


@pytest.mark.parametrize("last", [None, "x", {"question": 1, "before": 0}, {"question": "a", "before": -1}])
def test_where_no_question_was_asked_none_is_asked_again(last: Any) -> None:
    talk = [{"question": "q", "answer": "a", "html": ""}]
    assert exchanges.last_asked(last, talk) == ("", exchanges.read(talk))
    assert exchanges.last_asked({"question": "q", "before": 0}, talk) == ("q", [])


def test_an_opinion_is_of_the_last_answer_and_only_where_it_takes_one() -> None:
    made = exchanges.made("How do I sail?", answer(Question("How do I sail?")), "<p>", kept=True)
    before = exchanges.made("hello", answer(Question("hello")), "<p>", kept=False)
    assert (made.status, made.cited[1].document, before.status, before.cited) == ("partial", "sailing.md", "", [])
    opinion = exchanges.opinion([before, made], "up", "Something is wrong", "thanks")
    assert opinion is not None
    assert (opinion.reason, opinion.note, opinion.history[0]) == ("", "thanks", Said("user", "hello"))
    assert exchanges.opinion([made, before], "up", None, None) is None
    assert exchanges.opinion([made], "sideways", None, None) is None
    assert exchanges.opinion([], "up", None, None) is None
    assert exchanges.made("x", Answer("clarify", "Which?"), "", kept=True).status == ""
