"""What a follow-up carries from the conversation, and how far it leans on it."""

from __future__ import annotations

import pytest

from bot.answer import Turn
from bot.conversation import (
    TURNS,
    asks_more,
    carry,
    choice,
    flat,
    is_bare,
    last_asked,
    leans,
    points_back,
    shown,
    standalone,
)
from corpus.words import rarity

HISTORY = (
    Turn("user", "How much does a data engineer earn in Ruritania?"),
    Turn("assistant", "A data engineer in Ruritania earned a median of 84,500 crowns."),
)


def tells(stem: str) -> float:
    return rarity(stem)


def test_without_history_nothing_is_carried() -> None:
    carried = carry("What about analysts?", (), tells)
    assert (carried.words, carried.gate) == ((), 0.0)


def test_the_subject_is_carried_and_the_question_is_completed() -> None:
    carried = carry("And what do they do all day?", HISTORY, tells)
    assert {"engineer", "ruritania"} <= set(carried.words[:4])
    assert carried.gate > 0.8
    assert "engineer" in standalone("And what do they do all day?", carried)


def test_a_question_that_stands_alone_leans_less() -> None:
    alone = carry("Which certificates help a nurse who moves into hospital data work?", HISTORY, tells)
    leaning = carry("why?", HISTORY, tells)
    assert alone.gate < 0.5 < leaning.gate <= 1.0
    assert standalone("Which certificates help a nurse?", alone) == "Which certificates help a nurse?"


def test_the_marks_of_citations_are_no_words() -> None:
    said = (Turn("user", "What is a trellis?"), Turn("assistant", "A trellis holds vines up. [1][2]"))
    assert not {"1", "2"} & set(carry("why?", said, lambda term: 1.0).words)


def test_own_words_are_not_carried_twice() -> None:
    assert "engineer" not in carry("What does an engineer do?", HISTORY, tells).words


def test_the_person_counts_more_than_the_bot() -> None:
    history = (Turn("user", "Tell me about actuaries"), Turn("assistant", "Statisticians publish papers."))
    words = carry("What about pay?", history, lambda _: 1.0).words
    assert words.index("actuaries") < words.index("statisticians")


def test_terms_that_tell_nothing_come_last_and_old_turns_are_forgotten() -> None:
    history = (Turn("user", "zebra"), *(Turn("user", f"topic{n}") for n in range(TURNS)))
    assert "zebra" not in carry("why?", history, tells).words


def test_a_whole_question_leans_less_than_a_fragment_even_where_both_are_short() -> None:
    assert carry("Do I need a licence?", HISTORY, tells).gate < 0.5 < carry("licence?", HISTORY, tells).gate


def test_what_is_shown_as_asked_about_is_what_the_person_named() -> None:
    carried = carry("And what do they do all day?", HISTORY, tells)
    shown_as = standalone("And what do they do all day?", carried)
    assert "engineer" in shown_as
    assert "84" not in shown_as
    assert standalone("What is the capital of Mongolia?", carried) == "What is the capital of Mongolia?"


@pytest.mark.parametrize("text", ["what else?", "tell me more", "and others?", "anything else I should know", "go on"])
def test_asking_for_more_is_understood(text: str) -> None:
    assert asks_more(text)
    assert not points_back(text)
    assert leans(text)


@pytest.mark.parametrize("text", ["explain that again", "are you sure?", "what do you mean", "repeat the steps"])
def test_pointing_back_is_understood(text: str) -> None:
    assert points_back(text)
    assert not asks_more(text)


@pytest.mark.parametrize("text", ["Do I need more maths?", "How do I earn more?", "What does a data engineer do?"])
def test_a_new_question_asks_for_neither(text: str) -> None:
    assert not asks_more(text)
    assert not points_back(text)
    assert not is_bare(text)


def test_messages_that_name_nothing() -> None:
    assert is_bare("why?")
    assert is_bare("the second one")
    assert not is_bare("the salary")
    assert last_asked((*HISTORY, Turn("user", "why?"))) == 0
    assert last_asked((Turn("assistant", "Hello."), Turn("user", "ok"))) is None
    assert [choice(text) for text in ("the second one", "1", "the last", "why?", "my second job")] == [
        1,
        0,
        -1,
        None,
        None,
    ]


def test_sentences_are_found_again_in_what_was_shown() -> None:
    said = shown(
        (
            Turn("assistant", r"- Learn SQL\*, then \[R\] [1]" + "\n- It pays $5,000. [2][3]"),
            Turn("user", "Dig deeper."),
        )
    )
    assert flat("Learn SQL*, then [R]") in said
    assert flat("It pays $5,000.") in said
    assert flat("Dig deeper.") not in said
