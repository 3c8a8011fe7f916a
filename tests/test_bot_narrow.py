"""What may answer of what was found: what sets two things apart, and what speaks of the rules asked about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.advisor import Advisor, open_advisor
from corpus.settings import Settings
from ingest.pipeline import run


@pytest.fixture(scope="module")
def marsh(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Advisor]:
    folder = tmp_path_factory.mktemp("marsh")
    guides = {
        "wardens.md": "# Heron wardens\n\n## What does a heron warden do?\n\nA heron warden counts nests and keeps "
        "boats away from them.\n\n## What does a heron warden earn?\n\nA heron warden earned a median of $52,000 in "
        "2024.\n\n| Neighbouring work | Median pay in 2024 | Lowest tenth |\n|---|---|---|\n"
        "| Reed cutters | $38,000 | $21,000 |\n",
        "cutters.md": "# Reed cutters\n\n## What does a reed cutter do?\n\nA reed cutter mows the reed in winter and "
        "sells it for roofs.\n\n## What does a reed cutter earn?\n\nA reed cutter earned a "
        "median of $38,000 in 2024.\n",
        "choice.md": "# Which work in the marsh?\n\n## Heron warden or eel fisher?\n\nHeron warden suits people who "
        "like to watch, and eel fisher people who like to row, as every reed knows.\n\n"
        "| Question | Heron warden | Eel fisher |\n|---|---|---|\n| Pay in 2024 | $52,000 | $41,000 |\n"
        "| Hours | Dawn | Night |\n| Getting in | Hard | Easy |\n",
    }
    for name, text in guides.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert not run([str(folder)], folder / "library", settings).quarantined
    advisor = open_advisor(folder / "library", settings)
    yield advisor
    advisor.library.close()


def test_two_things_that_no_guide_compares_are_each_told(marsh: Advisor) -> None:
    answer = marsh.invoke("heron warden vs reed cutter, which pays more?")
    assert answer.status == "answered"
    assert "$52,000" in answer.answer
    assert "$38,000" in answer.answer
    assert "$41,000" not in answer.answer
    answer = marsh.invoke("What is the difference between a heron warden and a reed cutter?")
    assert "counts nests" in answer.answer
    assert "mows the reed" in answer.answer


@pytest.mark.parametrize("asked", ["heron warden vs reed cutter pay", "heron warden or reed cutter? who earns more"])
def test_a_row_on_one_of_two_in_a_guide_on_the_other_sets_none_apart(marsh: Advisor, asked: str) -> None:
    answer = marsh.invoke(asked).answer
    assert "heron warden earned a median of $52,000" in answer
    assert "reed cutter earned a median of $38,000" in answer


def test_two_things_that_a_guide_compares_are_told_as_it_does(marsh: Advisor) -> None:
    assert "$41,000" in marsh.invoke("Who earns more, a heron warden or an eel fisher?").answer
    assert "like to row" in marsh.invoke("heron warden or eel fisher?").answer


def test_what_weighs_two_things_by_what_was_asked_is_told(marsh: Advisor) -> None:
    answer = marsh.invoke("Which is easier to get into, heron warden or eel fisher?")
    assert answer.status == "answered"
    assert "Heron warden Hard; Eel fisher Easy" in answer.answer
    assert marsh.invoke("Is a heron warden safer than an eel fisher?").status == "partial"


def test_what_two_things_are_compared_by_stays_open_where_neither_tells_it(marsh: Advisor) -> None:
    answer = marsh.invoke("Is a heron warden happier than a reed cutter?")
    assert answer.status == "partial"
    assert answer.missing == ("Is a heron warden happier than a reed cutter",)
    assert "counts nests" in answer.answer
    assert "mows the reed" in answer.answer


def test_a_question_on_rules_is_not_answered_with_what_says_nothing_of_them(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "abroad.md").write_text(
        "# Work in Ruritania\n\n## What do canal pilots earn in Ruritania?\n\nCanal pilots who work in Ruritania earn "
        "900 crowns a week.\n\n## Whom does one ask about a visa?\n\nThe consulate answers which visa a job in "
        "Ruritania needs.\n",
        encoding="utf-8",
    )
    assert not run([str(tmp_path)], tmp_path / "library", settings).quarantined
    answer = open_advisor(tmp_path / "library", settings).invoke(
        "What visa do I need to work as a canal pilot in Ruritania?"
    )
    assert answer.hand_on is not None
    assert answer.hand_on.topic == "visa"
    assert "consulate" in answer.answer
    assert "crowns" not in answer.answer


def test_whether_there_are_jobs_is_not_told_by_what_is_studied(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "tides.md").write_text(
        "# By halves\n\n## Can I study tide reading part-time beside a full-time job?\n\nYes, tide "
        "reading can be studied part-time beside a full-time job in eight evenings.\n\n## Can I work part-time with "
        "tides?\n\nPart-time work in tide reading exists at two harbours in five.\n\n## What does a gull eat?\n\nA "
        "gull eats crabs.\n",
        encoding="utf-8",
    )
    assert not run([str(tmp_path)], tmp_path / "library", settings).quarantined
    advisor = open_advisor(tmp_path / "library", settings)
    assert advisor.invoke("are there part-time tide reading jobs?").answer.startswith("Part-time work in tide")
    assert "eight evenings" in advisor.invoke("are there part-time tide reading courses beside a job?").answer
