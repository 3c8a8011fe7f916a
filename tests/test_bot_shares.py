"""Where a share or a rate is asked for, what tells another figure does not answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.shares import on_share
from bot.units import Unit
from corpus.models import Passage, Sentence
from corpus.words import term_set


def unit(text: str, heading: str = "Figures") -> Unit:
    sentence = Sentence(0, len(text), "sentence")
    passage = Passage("p", "d", "Smiths", (heading,), 0, len(text), text, (sentence,))
    terms, length = term_set(text), len(text.split())
    return Unit("d", passage, (sentence,), (text,), 0, len(text), 1.0, 0.0, terms, length, is_list=False)


WOMEN = unit("Women were 22% of smiths in Ruritania.", "How many women are smiths?")
FORGES = unit("Large forges employ 11% of smiths.", "Who hires smiths?")
PRICE = unit("The smith's exam costs 90 crowns and has 50 questions.", "What does the exam cost?")
PASSED = unit("Of those who sat the smith's exam, 64% passed.", "How hard is the exam?")


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("What share of smiths are women?", [WOMEN]),
        ("what percentage of smiths were women", [WOMEN]),
        # What none of them names leaves all.
        ("What share of smiths are left-handed?", [WOMEN, FORGES, PRICE]),
        ("How many smiths are there?", [WOMEN, FORGES, PRICE]),
        # A rate is told by a share, and by its own words.
        ("What is the pass rate of the smith's exam?", []),
        ("what's the acceptance rate of the guild", [WOMEN, FORGES]),
    ],
)
def test_what_tells_no_such_share_is_left_out(question: str, left: list[Unit]) -> None:
    assert on_share(question, [WOMEN, FORGES, PRICE]) == left


def test_a_rate_is_told_with_what_stands_beside_it() -> None:
    beside = replace(unit("Most who fail sit it again.", "How hard is the exam?"), start=60, end=80)
    assert on_share("What is the failure rate of the exam?", [PRICE, PASSED, beside]) == [PASSED, beside]
