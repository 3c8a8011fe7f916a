"""What stands in whose place: exchanged words, sides of a comparison, a word in the place of another."""

from __future__ import annotations

import pytest

from bot.order import borrowed, exchanged, sides_changed, substituted
from bot.signed import reading


@pytest.mark.parametrize(
    ("claim", "quote", "wanted"),
    [
        ("Testers report to managers.", "Managers report to testers.", True),
        ("Managers report to testers.", "Managers report to testers.", False),
        ("Kettles, pans and spoons are sold.", "Spoons, pans and kettles are sold.", False),
        ("In the north, boats are built of oak and pine.", "Boats are built of oak and pine in the north.", False),
    ],
)
def test_one_exchange_of_words_is_told_from_a_moved_clause(claim: str, quote: str, wanted: bool) -> None:
    assert exchanged(reading(claim), reading(quote)) is wanted


def test_words_of_several_places_are_exchanged_as_one() -> None:
    quote = reading("The large old mill sold flour to the bakers of the town.")
    assert exchanged(reading("The bakers of the town sold flour to the large old mill."), quote)


def test_sides_of_a_comparison() -> None:
    quote = reading("Oak is harder than pine.")
    assert sides_changed(reading("Pine is harder than oak."), quote, ("than",)) is True
    assert sides_changed(reading("Oak is harder than pine."), quote, ("than",)) is False
    assert sides_changed(reading("Oak is hard."), quote, ("than",)) is None


def test_a_word_in_the_place_of_another_of_the_quote() -> None:
    quote = reading("Crates went from Aros to Lund, and in time Lund had more cranes than any other port.")
    assert borrowed(reading("In time Aros had more cranes than any other port."), quote)
    assert not borrowed(reading("In time Lund had more cranes than any other port."), quote)


def test_a_word_in_the_frame_of_another() -> None:
    quote = reading("Carpenters held 956 jobs in spring.")
    assert substituted(reading("Plumbers held 956 jobs in spring."), quote) == [("plumbers", "carpenters")]
    assert substituted(reading("In spring 956 jobs were held by plumbers."), quote) == []
