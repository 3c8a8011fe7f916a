"""Signals by hand: all covered, nothing covered, a word replaced."""

from __future__ import annotations

import pytest

from bot.signals import adds, quote_signals

QUOTE = "The harbour master bought an old lighthouse."


def test_a_sentence_covers_itself_and_other_words_for_it() -> None:
    assert quote_signals(QUOTE, QUOTE).covered == pytest.approx(1.0)
    said = quote_signals("The harbour master purchased an old lighthouse.", QUOTE)
    assert said.covered == pytest.approx(1.0)
    assert said.heaviest == 0.0


def test_a_word_that_is_not_there_is_seen() -> None:
    said = quote_signals("The harbour master bought an old windmill.", QUOTE)
    assert said.heaviest > 0.3
    assert 0 < said.covered < 1


def test_other_words_altogether_cover_nothing() -> None:
    assert quote_signals("Penguins juggle trombones.", QUOTE).covered == 0.0


@pytest.mark.parametrize(
    ("claim", "more"),
    [
        ("The harbour master bought an old lighthouse, and many ships sank near the reef.", True),
        ("The harbour master bought an old lighthouse that flickers.", True),
        ("An old lighthouse, and nothing else, was what the master of the harbour acquired.", False),
        ("The harbour master purchased an old lighthouse.", False),
        ("Penguins juggle trombones.", False),
    ],
)
def test_a_clause_or_a_word_more_than_the_quote(claim: str, more: bool) -> None:
    assert adds(claim, QUOTE) is more
