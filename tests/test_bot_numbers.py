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


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("40%", "40 percent", True),
        ("forty percent", "40%", True),
        ("133,336", "$133,336", True),
        ("$40", "40%", False),
        ("£40", "$40", False),
        ("25", "250", False),
        ("2.5", "25", False),
        ("1,500,000", "1.5 million", True),
    ],
)
def test_two_ways_of_writing_agree_or_do_not(a: str, b: str, agree: bool) -> None:
    assert numbers(a)[0].stands_in(numbers(b)) is agree


def test_one_may_be_told_without_a_number() -> None:
    assert numbers("one minute")[0].stands_in(implied("less than a minute"))
    assert not numbers("two minutes")[0].stands_in(implied("less than a minute"))
    assert implied("40 minutes of every hour") == ()


def test_words_that_count_nothing_are_not_required() -> None:
    assert [number.required for number in numbers("one of the best")] == [False]


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("half of them", "50 percent", True),
        ("three in four", "75%", True),
        ("doubled", "twice as many", True),
        ("90 minutes", "1.5 hours", True),
        ("24 months", "2 years", True),
        ("48 hours", "2 days", True),
        ("10 GB", "10 gigabytes", True),
        ("31%", "62 of 200", True),
        ("1,143 of 15,241", "1,141 of 15,241, or 7.5%", False),
        ("1 out of 3", "2 out of 3, or one less", False),
        ("one hundred and sixty-nine", "169", True),
        ("30 minutes", "every half hour", True),
        ("12 percentage points", "12%", False),
        ("15", "15%", False),
        ("the third month", "three months", False),
        ("9 of 10", "8 of 10", False),
        ("3 weeks", "3 months", False),
    ],
)
def test_amounts_agree_across_ways_of_saying_them(a: str, b: str, agree: bool) -> None:
    assert numbers(a)[0].stands_in(numbers(b)) is agree


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
