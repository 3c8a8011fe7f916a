"""The noun that a question asks for one of weighs more than what the thing should be like."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.advisor import Advisor, open_advisor
from bot.heads import head_of
from ingest.pipeline import run


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("best book on knots for somebody who hates maths", "book"),
        ("Which first-aid certificate should I get?", "certif"),
        ("which licence is best for a pilot", "licenc"),
        ("what are the best tools for weaving", "tool"),
        ("good courses for deep diving", "cours"),
        ("what is the best way to learn", None),
        ("What should I learn first?", None),
        ("What is weaving?", None),
        ("Do I need a book?", None),
    ],
)
def test_the_noun_that_is_asked_for(text: str, head: str | None) -> None:
    assert head_of(text) == head


def test_who_asks_for_a_book_is_told_of_books(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "knots.md").write_text(
        "# Knots\n\n## Which books on knots are worth reading?\n\nTwo volumes by Tamsin Vell show them all.\n\n"
        "## How much maths does somebody need for knots?\n\nThe maths of knots is hard, and few people know it.\n",
        encoding="utf-8",
    )
    run([str(tmp_path)], tmp_path / "library", advisor.settings)
    knots = open_advisor(tmp_path / "library", advisor.settings)
    answer = knots.invoke("best knots book for somebody who hates maths")
    assert "Tamsin Vell" in answer.claims[0].text
