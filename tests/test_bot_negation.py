"""Negations: one side denies the other, in the same words or in others; the same denied is no denial."""

from __future__ import annotations

import pytest

from bot.negation import denied, misreadings
from bot.signed import reading

DENIED = [
    ("Steel is not lighter than it looks.", "Steel is lighter than it looks."),
    ("Boats must not be painted in May.", "Boats must be painted in May."),
    ("The mill will not have disappeared by June.", "Engineers expect the old mill to vanish by June."),
    ("Guests are able to rely on the lift to stop noise.", "The lift does not reliably prevent noise."),
]
SAME = [
    ("Guests may only come with a ticket.", "Without a ticket, guests cannot come."),
    ("No older tower stands here.", "It is the oldest tower that stands here."),
    ("Salt cannot be used to treat rust.", "Oil works against rust, salt does not."),
    ("It is unusual for goats to swim.", "Goats rarely swim."),
    ("Two in five goats swim.", "Goats hardly ever fly, but two in five swim."),
    ("If the roof was not burnt on purpose, the fund pays.", "The fund pays unless the roof was burnt on purpose."),
]


@pytest.mark.parametrize(("claim", "quote"), DENIED)
def test_a_denial_is_seen(claim: str, quote: str) -> None:
    assert denied(reading(claim), reading(quote)) or misreadings(claim, quote)


@pytest.mark.parametrize(("claim", "quote"), SAME)
def test_the_same_denied_in_other_words_is_none(claim: str, quote: str) -> None:
    assert not denied(reading(claim), reading(quote))
    assert misreadings(claim, quote) == ()


def test_a_claim_that_denies_where_the_quote_has_nothing_negative() -> None:
    assert denied(reading("Steady hands are not needed."), reading("Glass wants steady hands."))
    assert not denied(reading("Wages did not rise."), reading("Wages fell."))


def test_another_thing_in_the_same_place_is_told_from_another_word_for_it() -> None:
    quote = "The palace became a museum in 1958 and a library later."
    assert misreadings("The palace became a hotel in 1958.", quote) == (
        "it has hotel where the cited words have museum",
    )
    assert misreadings("The palace turned a museum in 1958.", quote) == ()
