"""What a figure belongs to: figures of another year, another thing or another place, and bounds."""

from __future__ import annotations

import pytest

from bot.bindings import against_itself, bounded, misplaced
from bot.signed import reading


def test_a_figure_may_end_its_text() -> None:
    quote = reading("Fares are 12 in the north, although rents there are 30, in the south 40")
    assert not misplaced(reading("Fares in the north are 12"), quote)


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
