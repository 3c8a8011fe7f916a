"""What a follow-up carries from the conversation, and how far it leans on it."""

from __future__ import annotations

from bot.answer import Turn
from bot.conversation import TURNS, carry, standalone
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


def test_own_words_are_not_carried_twice() -> None:
    assert "engineer" not in carry("What does an engineer do?", HISTORY, tells).words


def test_the_person_counts_more_than_the_bot() -> None:
    history = (Turn("user", "Tell me about actuaries"), Turn("assistant", "Statisticians publish papers."))
    words = carry("What about pay?", history, lambda _: 1.0).words
    assert words.index("actuaries") < words.index("statisticians")


def test_terms_that_tell_nothing_come_last_and_old_turns_are_forgotten() -> None:
    history = (Turn("user", "zebra"), *(Turn("user", f"topic{n}") for n in range(TURNS)))
    assert "zebra" not in carry("why?", history, tells).words
