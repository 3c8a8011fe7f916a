"""Falsified sentences: one change, of the kind named, and the shipped sets are what the seed gives."""

from __future__ import annotations

import json
import random
from importlib.resources import files

import pytest

from evals.falsify import falsify, rows

TEXT = "In Ruritania, pay rose by 12% to $46,500 before 2024 and is expected to last five weeks."


def test_each_kind_changes_one_thing() -> None:
    made = falsify(TEXT, random.Random(1))
    assert set(made) == {"number", "unit", "name", "negation", "direction"}
    assert "Ruritania" not in made["name"]
    assert "is not expected" in made["negation"]
    assert sum(a != b for a, b in zip(made["number"].split(), TEXT.split(), strict=True)) == 1
    assert all(false != TEXT for false in made.values())


def test_what_cannot_be_changed_is_left_out() -> None:
    assert falsify("Boats float well.", random.Random(1)) == {}


@pytest.mark.parametrize("name", ["tune", "test", "other-fields", "wide-tune", "wide-test"])
def test_the_shipped_sets_hold_what_the_seed_gives(name: str) -> None:
    text = (files("evals.claim_sets") / f"{name}.jsonl").read_text(encoding="utf-8")
    shipped = [json.loads(line) for line in text.splitlines()]
    written = [row for row in shipped if row["by"] == "hand"]
    assert shipped == [*written, *rows(written)]


def test_the_sets_share_no_evidence() -> None:
    held = [
        {
            sentence
            for line in (files("evals.claim_sets") / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            for sentence in json.loads(line)["evidence"]
        }
        for name in ("tune", "test", "other-fields", "wide-tune", "wide-test")
    ]
    assert sum(map(len, held)) == len(set().union(*held))
