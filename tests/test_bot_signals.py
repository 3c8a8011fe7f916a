"""Signals by hand: all covered, nothing covered, a word replaced, a clause joined."""

from __future__ import annotations

import pytest

from bot.signals import LoneSignals, QuoteSignals, lone_signals, open_words, overlap, quote_signals

QUOTE = "The harbour master bought an old lighthouse."


def test_a_sentence_covers_itself_and_other_words_for_it() -> None:
    for said in (QUOTE, "The harbour master purchased an old lighthouse."):
        assert not open_words(said, QUOTE)
        assert overlap(said, QUOTE) == 1.0
        assert quote_signals(said, QUOTE) == QuoteSignals(1.0, 1.0, 1.0)


def test_what_is_said_in_other_words_comes_nearer_than_something_else() -> None:
    same = quote_signals("The harbour master bought a disused lighthouse.", QUOTE)
    other = quote_signals("The harbour master bought an edible lighthouse.", QUOTE)
    assert 1 > same.least > other.least + 0.1
    assert same.clause > other.clause
    assert other.least_of_all <= other.least < 0.4


def test_a_joined_clause_is_the_one_that_is_least_near() -> None:
    joined = quote_signals(f"{QUOTE[:-1]}, and many ships sank near the reef.", QUOTE)
    assert joined.clause < 0.4
    assert quote_signals("The old lighthouse was acquired by the master of the harbour.", QUOTE).clause > 0.8


def test_other_words_altogether_cover_nothing() -> None:
    assert overlap("Penguins juggle trombones.", QUOTE) == 0.0
    assert quote_signals("Penguins juggle trombones.", QUOTE).clause < 0.3


@pytest.mark.parametrize("claim", ["It was old.", "They did."])
def test_a_claim_of_hardly_any_telling_word_is_read_by_the_model(claim: str) -> None:
    assert open_words(claim, QUOTE)


def test_words_alone_tell_what_is_said_otherwise_from_something_else() -> None:
    same = lone_signals("The harbour master bought an ancient lighthouse.", QUOTE)
    other = lone_signals("The harbour master bought an edible lighthouse.", QUOTE)
    assert same.least > other.least
    assert same.clause > other.clause
    assert same.mean == same.least  # it has one word of its own
    assert lone_signals(QUOTE, QUOTE) == LoneSignals(0.0, 0.0, 0.0)
