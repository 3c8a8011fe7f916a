"""Numbers in words, digits, ranges, currencies and units."""

from __future__ import annotations

import pytest

from bot.numbers import implied, numbers, rates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("earned $133,336 per year", [(133336.0, "$")]),
        ("grow 40 % between 2023 and 2027", [(40.0, "%"), (2023.0, ""), (2027.0, "")]),
        ("in 2023-27", [(2023.0, ""), (2027.0, "")]),
        ("forty-two percent of people", [(42.0, "%")]),
        ("$1.2 million", [(1_200_000.0, "$")]),
        ("5 to 10 hours a week", [(5.0, "hour"), (10.0, "hour")]),
        ("4-6 projects", [(4.0, ""), (6.0, "")]),
        ("8 out of 10", [(8.0, ""), (10.0, "")]),
        ("three months", [(3.0, "month")]),
        ("C$72,000 or £45,000", [(72000.0, "c$"), (45000.0, "£")]),
        ("no figures here", []),
    ],
)
def test_numbers_are_read_with_their_units(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(number.value, number.unit) for number in numbers(text)] == expected


def test_one_may_be_told_without_a_number() -> None:
    assert numbers("one minute")[0].stands_in(implied("less than a minute"))
    assert not numbers("two minutes")[0].stands_in(implied("less than a minute"))
    assert implied("40 minutes of every hour") == ()


def test_words_that_count_nothing_are_not_required() -> None:
    assert [number.required for number in numbers("one of the best")] == [False]


def test_rates_are_read_from_words_and_adverbs() -> None:
    assert rates("$24 an hour, paid weekly") == {"hour", "week"}
    assert rates("a year later") == frozenset()


def test_what_follows_from_a_number_beside_it() -> None:
    quote = "The mine gave 3.4 million tonnes in 2022, down from 4.1 million the year before."
    both = numbers("In 2022 it gave less than in 2021.")
    assert all(each.stands_in(numbers(quote) + implied(quote, both)) for each in both)
    # Without the year that it is counted from it does not stand.
    alone = numbers("In 2021 it gave 3.4 million tonnes.")
    assert not alone[0].stands_in(numbers(quote) + implied(quote, alone))
    doubled = "The budget doubled to 600,000 francs."
    from_to = numbers("It rose from 300,000 to 600,000 francs.")
    assert all(each.stands_in(numbers(doubled) + implied(doubled, from_to)) for each in from_to)


def test_a_figure_alone_has_the_unit_of_the_one_before() -> None:
    quote = numbers("Rural teachers stay for four years, those in cities for nine.")
    assert numbers("nine years")[0].stands_in(quote)
    assert not numbers("nine months")[0].stands_in(quote)
    assert numbers("Three years, then 30 people came.")[1].unit == ""


def test_a_share_of_a_hundred_is_a_percentage() -> None:
    wanted = [each for each in numbers("four out of a hundred applicants") if each.required]
    assert all(each.stands_in(numbers("Only 4 percent of applicants")) for each in wanted)
    assert not all(each.stands_in(numbers("Only 5 percent of applicants")) for each in wanted)
