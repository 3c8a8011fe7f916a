"""A question written otherwise: changed in one way, the same by the same seed."""

from __future__ import annotations

import random

import pytest

from evals.variants import PERSONAS, asked_by, variants

QUESTION = "How do I become a data engineer without a degree?"


def made(question: str = QUESTION, seed: int = 1) -> dict[str, str]:
    return variants(question, random.Random(seed))


def test_each_kind_by_hand() -> None:
    seen = made()
    assert seen["plain"] == "how do i become a data engineer without a degree"
    assert seen["reworded"] == "How can I become a data engineer without a degree?"
    assert seen["polite"].count(QUESTION) == 1
    # Letters change places inside words; none is lost or added.
    assert seen["misspelt"] != QUESTION
    assert [sorted(word) for word in seen["misspelt"].split()] == [sorted(word) for word in QUESTION.split()]
    assert sum(a != b for a, b in zip(seen["misspelt"].split(), QUESTION.split(), strict=True)) in (1, 2)


def test_the_seed_decides() -> None:
    assert made(seed=4) == made(seed=4)
    assert len({made(seed=seed)["misspelt"] for seed in range(8)}) > 1


def test_what_cannot_be_changed_so_is_no_variant() -> None:
    assert set(made("sql or r")) == {"polite"}


def test_personas_differ_from_the_first_in_one_thing() -> None:
    asked = asked_by(QUESTION)
    assert [persona for persona, _ in asked] == list(PERSONAS)
    assert all(text.endswith(QUESTION) for _, text in asked)
    first = PERSONAS[0].words.split()
    for persona in PERSONAS[1:]:
        assert sum(a != b for a, b in zip(first, persona.words.split(), strict=True)) == 1


@pytest.mark.parametrize(
    "question", ["I'm 52, can I still learn this?", "As a woman in tech, where do I start?", "I am a 45-year-old cook"]
)
def test_who_has_told_who_they_are_is_left_as_they_are(question: str) -> None:
    assert asked_by(question) == ()
