"""A question without a subject is asked back, once, with readings that the library answers; any other is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import phrases
from bot.advisor import Advisor, open_advisor
from bot.answer import Answer, Question, Situation, Turn
from bot.clarify import asked_back, readings, subjectless, told_alone, unclear
from bot.questions import read
from corpus.settings import Settings
from ingest.pipeline import run
from tests.contract import violations

TRADES = {
    "Weavers": ("two years", "shawls and ribbons on a hand loom"),
    "Glaziers": ("eighteen months", "windows for houses and greenhouses"),
    "Coopers": ("four years", "barrels of oak for wine and vinegar"),
}


@pytest.fixture(scope="module")
def trades(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Advisor]:
    folder = tmp_path_factory.mktemp("trades")
    for trade, (time, work) in TRADES.items():
        one = trade.removesuffix("s").lower()
        (folder / f"{trade}.md").write_text(
            f"# {trade}\n\n## How long does it take to become a {one}?\n\nA {one} learns the trade in {time} with a "
            f"master.\n\n## Work\n\n{trade} make {work}.\n\n## Is it worth becoming a {one}?\n\nThe trade of a {one} "
            "is worth learning where old houses are kept up.\n",
            encoding="utf-8",
        )
    run([str(folder)], Path(folder / "library"), settings)
    opened = open_advisor(folder / "library", settings)
    yield opened
    opened.library.close()


@pytest.mark.parametrize("question", ["how long does it take?", "Is it worth it?", "hi, how long does it take?"])
def test_a_question_without_a_subject_is_asked_back_with_readings_that_are_answered(
    trades: Advisor, question: str
) -> None:
    answer = trades.invoke(question)
    assert answer.status == "clarify"
    assert answer.answer == phrases.CLARIFY
    assert violations(answer.to_dict(), lambda _: {"text": ""}) == []
    for option in answer.options:
        assert trades.invoke(option).status == "answered"


@pytest.mark.parametrize(
    "question",
    [
        "How long does it take to become a cooper?",
        "how long for a weaver",
        "What do glaziers make?",
        "What is the capital of Mongolia?",
        "How long do I boil an egg?",
        "hello",
    ],
)
def test_a_question_that_names_its_subject_is_not_asked_back(trades: Advisor, question: str) -> None:
    assert trades.invoke(question).status != "clarify"


def test_what_the_conversation_tells_is_not_asked_again(trades: Advisor) -> None:
    history = (Turn("user", "What do coopers make?"), Turn("assistant", "Barrels of oak."))
    answer = trades.invoke(Question("how long does it take?", history))
    assert answer.status == "answered"
    assert "four years" in answer.answer
    told = trades.invoke(Question("how long does it take?", situation=Situation(goal="glazier")))
    assert "eighteen months" in told.answer


def test_it_is_never_asked_twice_in_a_row(trades: Advisor) -> None:
    history = (Turn("user", "how long does it take?"), Turn("assistant", phrases.CLARIFY))
    for reply in ("how long does it take?", "the weaver one", "no idea", "just tell me"):
        assert trades.invoke(Question(reply, history)).status != "clarify"
    assert "two years" in trades.invoke(Question("the weaver one", history)).answer


def test_an_unhelpful_reply_gets_the_best_reading(trades: Advisor) -> None:
    history = (Turn("user", "how long does it take to learn?"), Turn("assistant", phrases.CLARIFY))
    answer: Answer = trades.invoke(Question("just tell me", history))
    assert answer.status == "answered"
    assert "learns the trade" in answer.answer


def test_one_reading_alone_is_answered_not_asked(advisor: Advisor) -> None:
    assert advisor.invoke("How much does it pay?").status != "clarify"


def test_who_only_tells_their_work_is_offered_what_is_there_for_them(trades: Advisor) -> None:
    found = trades.retriever.find(Question("I'm a cooper"))
    told = Question("I'm a cooper", situation=Situation(background="cooper"))
    assert unclear(told, read(told.text).facets, "", replace(found, answered=False), trades.library.current())
    assert set(readings(told, found)) == {"How long does it take to become a cooper?", "Is it worth becoming a cooper?"}
    other = Question("I'm a tinker", situation=Situation(background="tinker"))
    assert not unclear(other, read(other.text).facets, "", replace(found, answered=False), trades.library.current())


@pytest.mark.parametrize(
    ("text", "work", "alone"),
    [
        ("I'm a nurse in Toronto", "nurse", True),
        ("hi, i work as a teacher.", "teacher", True),
        ("I'm a nurse, what should I learn?", "nurse", False),
        ("I'm a nurse and want to earn more", "nurse", False),
        ("I like nurses", None, False),
    ],
)
def test_a_message_that_only_tells(text: str, work: str | None, alone: bool) -> None:
    assert told_alone(Question(text, situation=Situation(background=work))) is alone


def test_the_parts() -> None:
    assert subjectless("How much does it cost?")
    assert not subjectless("How much does a loom cost?")
    assert asked_back((Turn("assistant", phrases.CLARIFY),))
    assert not asked_back((Turn("assistant", phrases.CLARIFY), Turn("user", "the first")))
