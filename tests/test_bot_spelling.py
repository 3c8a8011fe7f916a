"""Misspellings are read as the library's words; real words and names are left alone."""

from __future__ import annotations

import pytest

from bot.spelling import respell
from corpus.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    {
        "machine": 40,
        "learning": 42,
        "entry": 9,
        "engineer": 20,
        "beginner": 3,
        "salary": 7,
        "get": 30,
        "statistics": 8,
    }
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("machien lerning", "machine learning"),
        ("enrty level", "entry level"),
        ("Salarry of an enginer", "salary of an engineer"),
        ("statstics", "statistics"),
        ("begineer", "beginner"),
    ],
)
def test_a_misspelling_is_read_as_the_nearest_word(typed: str, read: str) -> None:
    assert respell(typed, VOCABULARY)[0] == read


@pytest.mark.parametrize("text", ["vet", "pay in Berlin", "gut feeling", "Is it 2024?", "celery soup", "xqzv", "gert"])
def test_real_words_names_and_gibberish_stay(text: str) -> None:
    assert respell(text, VOCABULARY) == (text, {})


def test_of_four_letters_two_may_change_places_and_none_be_another() -> None:
    near = Vocabulary({"hope": 40, "work": 40})
    assert respell("hype", near) == ("hype", {})
    assert respell("wrok", near)[1] == {"wrok": "work"}


def test_a_name_in_capitals_is_no_misspelling() -> None:
    assert respell("which ENRTY board", VOCABULARY) == ("which ENRTY board", {})
    assert respell("ENRTY LEVEL", VOCABULARY)[1] == {"enrty": "entry"}


def test_what_was_changed_is_told() -> None:
    assert respell("lerning enrty", VOCABULARY)[1] == {"lerning": "learning", "enrty": "entry"}


def test_another_form_of_a_known_word_is_no_misspelling() -> None:
    assert respell("enginers", VOCABULARY)[1] == {"enginers": "engineer"}
    assert respell("enginers", VOCABULARY, lambda _: 3) == ("enginers", {})


@pytest.mark.parametrize("short", ["mech", "chem", "calc"])
def test_what_a_longer_word_begins_with_is_short_for_it_and_no_misspelling(short: str) -> None:
    near = Vocabulary({"much": 90, "chef": 9, "call": 40, "salary": 7})
    assert respell(f"{short} degree", near) == (f"{short} degree", {})
    assert respell("salar", near)[1] == {"salar": "salary"}
