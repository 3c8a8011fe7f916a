"""Grounding of small answers, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer import Answer, Claim
from evals import control_world as world
from evals.grounding import figures_of, grounding
from evals.metrics import Rate

BAKERY = ("baking", "The bakery on Mill Street employs 25 people.")
GUILD = ("clocks", "The guild has 250 members in the country.")
OIL = ("clocks", "Old clocks are cleaned with mild oil.")


def claimed(*claims: Claim) -> Answer:
    return world.rendered(replace(world.answered(BAKERY, GUILD, OIL), claims=claims))


def test_what_stands_in_its_quotes_is_carried_by_precise_marks() -> None:
    seen = grounding(world.answered(BAKERY, GUILD, OIL))
    assert (seen.carried, seen.precise, seen.lacking) == (Rate(3, 3), Rate(3, 3), Rate(0, 3))
    assert (seen.figures, seen.names) == (Rate(2, 2), Rate(2, 2))  # 25 and 250; Mill and Street


def test_a_mark_too_many_costs_precision_and_no_recall() -> None:
    # [1] carries the claim, [3] adds nothing, and [1] carries it without [3].
    seen = grounding(claimed(Claim(BAKERY[1], (1, 3), "supported")))
    assert (seen.carried, seen.precise) == (Rate(1, 1), Rate(1, 2))


def test_two_quotes_that_carry_a_claim_only_together_are_both_precise() -> None:
    both = "The bakery on Mill Street employs 25 people and the guild has 250 members in the country."
    seen = grounding(claimed(Claim(both, (1, 2), "supported")))
    assert (seen.carried, seen.precise) == (Rate(1, 1), Rate(2, 2))


def test_where_the_quotes_do_not_carry_a_claim_no_mark_is_precise() -> None:
    seen = grounding(claimed(Claim(BAKERY[1], (2,), "supported"), Claim(GUILD[1], (2,), "supported")))
    assert (seen.carried, seen.precise, seen.lacking) == (Rate(1, 2), Rate(1, 2), Rate(1, 2))
    # Of 25 and 250 only the second stands in what is cited, of Mill and Street neither.
    assert (seen.figures, seen.names) == (Rate(1, 2), Rate(0, 2))


def test_a_claim_without_citation_is_not_carried() -> None:
    assert grounding(claimed(Claim(BAKERY[1], (), "supported"))).carried == Rate(0, 1)
    assert grounding(claimed(Claim(BAKERY[1], (9,), "supported"))).carried == Rate(0, 1)


def test_what_was_taken_out_counts_as_lacking_alone() -> None:
    seen = grounding(claimed(Claim(BAKERY[1], (1,), "supported"), Claim("The moon is near.", (), "unsupported")))
    assert (seen.carried, seen.lacking) == (Rate(1, 1), Rate(1, 2))


def test_a_changed_figure_or_name_is_seen_without_the_products_check() -> None:
    text = "The bakery on Hill Street employs 52 people."
    seen = grounding(claimed(Claim(text, (1,), "supported")))
    assert (seen.figures, seen.names) == (Rate(0, 1), Rate(1, 2))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It has twenty-five people.", Rate(1, 1)),
        ("It has 2.5 people.", Rate(0, 1)),
        ("It has 25% of them.", Rate(1, 1)),
        ("No figure here.", Rate(0, 0)),
    ],
)
def test_figures_are_whole_numbers_in_one_form(text: str, kept: Rate) -> None:
    assert grounding(claimed(Claim(text, (1,), "supported"))).figures == kept


def test_declining_has_nothing_to_count() -> None:
    seen = grounding(world.declined())
    assert {seen.carried, seen.precise, seen.lacking, seen.figures, seen.names} == {Rate(0, 0)}


def test_the_figures_of_an_answer_are_those_of_what_it_shows() -> None:
    hidden = Claim("There are 7.", (), "unsupported")
    assert figures_of(claimed(Claim("It has 1,500 of twenty-five.", (1,), "supported"), hidden)) == {"1500", "25"}
