"""The words about a figure's age: what dates it, and when it is old enough to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answer import Claim
from corpus.models import Reference
from tests.fakes import citation
from ui.age import figure_age

_TODAY = date(2026, 11, 1)


def work(when: str | None) -> Reference:
    return Reference("A survey", date=when)


@pytest.mark.parametrize(
    ("text", "works", "published", "told"),
    [
        ("Sailors earned $40,000 in 2018.", ["2025-03"], "2026-01-01", "figure from 2018"),  # its own date counts first
        ("Sailors earned $40,000 in 2025.", ["2018"], "2018-01-01", ""),
        ("Sailors earn $40,000.", ["2019", "2024-06"], "2026-01-01", ""),  # the newest work counts
        ("Sailors earn $40,000.", ["2019", "2020-06"], "2026-01-01", "figure from 2020"),
        ("Sailors earn $40,000.", ["undated"], "2019-05-01", "figure from 2019"),
        ("Sailors earn $40,000.", [], None, "undated figure"),
        ("Sailors earn $40,000.", ["undated", None], None, "undated figure"),
        ("Sailors need patience.", ["2001"], "2001-01-01", ""),
        ("Sailors have been licensed since 1999.", ["1999"], "1999-01-01", ""),
    ],
)
def test_an_old_figure_is_told_by_its_year(
    text: str, works: list[str | None], published: str | None, told: str
) -> None:
    cited = replace(citation(1, "Money"), references=tuple(work(when) for when in works), published=published)
    assert figure_age(Claim(text, (1,), "supported"), [cited], _TODAY) == told
