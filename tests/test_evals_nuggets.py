"""Wanted phrases: what is the same in other writing is found, what only looks alike is not."""

from __future__ import annotations

import pytest

from evals.nuggets import found, holds, joined, tokens


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("25", "It takes 25 weeks."),
        ("25", "(25)"),
        ("25 weeks", "twenty-five weeks"),
        ("25 weeks", "Twenty Five  weeks"),
        ("133,336", "$133336 a year"),
        ("$133,336", "133,336 dollars"),
        ("$133,336", "USD and 133336 USD"),
        ("$1.5 million", "$1,500,000"),
        ("120k", "120,000 people"),
        ("$120k", "$120,000"),
        ("40%", "40 per cent of them"),
        ("40 percent", "40 %"),
        ("40%", "40.0%"),
        ("4 to 6 weeks", "4–6 weeks"),
        ("four to six weeks", "4-6 weeks"),
        ("entry-level", "Entry level jobs"),
        ("bachelor's degree", "a bachelor’s degree"),
        ("résumé", "your resume"),
        ("H-1B", "an H1B visa"),
        ("C++", "learn C++, then more"),
        ("SQL and Python", "SQL\nand **Python**"),
        ("two thousand", "2,000"),
    ],
)
def test_the_same_in_other_writing_is_found(phrase: str, text: str) -> None:
    assert holds(tokens(text), phrase)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("25", "250 people"),
        ("25", "1,025 people"),
        ("25", "2.5 people"),
        ("25", "0.25"),
        ("25", "25k"),
        ("25", "25,000"),
        ("25", "B25"),
        ("25", "twenty people and five dogs"),
        ("25%", "25 people"),
        ("$25", "£25"),
        ("2.5", "25"),
        ("1.2.3", "123"),
        ("C", "C++"),
        ("art", "start a party"),
        ("data analyst", "data and analyst"),
        ("data analyst", "analyst data"),
        ("five million", "five"),
    ],
)
def test_what_only_looks_alike_is_not(phrase: str, text: str) -> None:
    assert not holds(tokens(text), phrase)


def test_no_phrase_runs_over_from_one_claim_into_the_next() -> None:
    assert not holds(joined(["It is for a data", "analyst to say."]), "data analyst")
    assert holds(joined(["It is for a data analyst", "to say."]), "data analyst")


def test_only_the_first_words_are_read() -> None:
    body = joined(["one two three", "four five six"], most=5)
    assert holds(body, "four five")
    assert not holds(body, "six")
    assert not holds(body, "five six")
    assert joined(["a b", "c"], most=0) == joined(["", ""])


def test_any_phrase_of_a_nugget_will_do_and_every_nugget_counts() -> None:
    body = tokens("Python and SQL, in 3 months")
    assert found(body, [["R", "Python"], ["twelve weeks"], ["three months"]]) == (True, False, True)
    assert found(body, []) == ()
