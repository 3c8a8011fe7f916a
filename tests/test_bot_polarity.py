"""Reasons against a claim: none for the sentence itself or a part of it, whatever it negates."""

from __future__ import annotations

import pytest

from bot.negation import misreadings
from bot.polarity import contradictions

SENTENCES = [
    "Boats are not allowed to leave before noon, and nobody may sail without a lamp.",
    "Not only captains but also cooks must know the way.",
    "Fares rose by 3% in 2020 while the number of guests fell by 12%.",
    "Hardly any guest complains, although most wait longer than an hour.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_nothing_speaks_against_the_sentence_itself(sentence: str) -> None:
    assert contradictions(sentence, sentence) == ()


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Fares did not rise in 2020.", SENTENCES[2]),
        ("Fares fell by 3% in 2020.", SENTENCES[2]),
        ("The number of guests rose by 12%.", SENTENCES[2]),
        ("Boats are allowed to leave before noon.", SENTENCES[0]),
        ("Boats are not allowed to leave after noon.", SENTENCES[0]),
        ("Cooks may know the way.", SENTENCES[1]),
    ],
)
def test_what_turns_it_around_is_seen(claim: str, quote: str) -> None:
    assert contradictions(claim, quote) or misreadings(claim, quote)
