"""What belongs to what: exchanged words, sides of a comparison, figures of another year or thing."""

from __future__ import annotations

import pytest

from bot.bindings import against_itself, borrowed, bounded, exchanged, misplaced, sides_changed, substituted
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


def test_sides_of_a_comparison() -> None:
    quote = reading("Oak is harder than pine.")
    assert sides_changed(reading("Pine is harder than oak."), quote, ("than",)) is True
    assert sides_changed(reading("Oak is harder than pine."), quote, ("than",)) is False
    assert sides_changed(reading("Oak is hard."), quote, ("than",)) is None


def test_a_figure_may_end_its_text() -> None:
    quote = reading("Fares are 12 in the north, although rents there are 30, in the south 40")
    assert not misplaced(reading("Fares in the north are 12"), quote)


def test_a_word_in_the_place_of_another_of_the_quote() -> None:
    quote = reading("Crates went from Aros to Lund, and in time Lund had more cranes than any other port.")
    assert borrowed(reading("In time Aros had more cranes than any other port."), quote)
    assert not borrowed(reading("In time Lund had more cranes than any other port."), quote)


@pytest.mark.parametrize(
    ("claim", "quote", "refused"),
    [
        ("Clerks earned at most $46,500.", "Clerks earned a median of $46,500 in 2024.", True),
        ("Clerks earned over $46,500.", "Clerks earned a median of $46,500 in 2024.", True),
        ("Clerks earned $46,500.", "Clerks earned a median of $46,500 in 2024.", False),
        ("Clerks earned more than $46,500.", "Clerks earned upwards of $46,500 in 2024.", False),
        ("Clerks earn at least $40.", "Clerks earn from $40 to $60.", False),
        ("The walk took over five hours.", "The walk took five hours.", False),
    ],
)
def test_a_bound_that_the_quote_does_not_give(claim: str, quote: str, refused: bool) -> None:
    assert bool(bounded(reading(claim), reading(quote))) is refused


def test_a_figure_of_something_else() -> None:
    quote = reading("Fares in the north are 12% lower than in the south, although rents there are 30% lower.")
    assert misplaced(reading("Fares in the north are 30% lower than in the south."), quote)
    assert not misplaced(reading("Fares in the north are 12% lower than in the south."), quote)


def test_a_word_in_the_frame_of_another() -> None:
    quote = reading("Carpenters held 956 jobs in spring.")
    assert substituted(reading("Plumbers held 956 jobs in spring."), quote) == [("plumbers", "carpenters")]
    assert substituted(reading("In spring 956 jobs were held by plumbers."), quote) == []


def test_figures_that_go_against_their_verb() -> None:
    assert against_itself(reading("Fares fell from $20 to $30."))
    assert against_itself(reading("Fares rose from 52,150 to 38,400."))
    assert not against_itself(reading("Fares rose from $20 to $30."))
    assert not against_itself(reading("Fares fell from 2012 to 2022."))


def test_another_figure_in_the_place_of_the_quotes() -> None:
    quote = reading("Unemployment stood at 11 percent in May, down from 12 percent in March.")
    assert misplaced(reading("Unemployment stood at 12 percent in May."), quote)
    assert not misplaced(reading("Unemployment stood at 11 percent in May."), quote)
    elided = reading("Rural teachers stay in the post for four years, those in cities for nine.")
    assert not misplaced(reading("City teachers stay in the post for nine years."), elided)
