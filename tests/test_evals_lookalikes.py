"""Look-alike pages: the same by the same seed, figures apart, and the right page's figure is really given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.advisor import open_advisor
from corpus.questions import read_set
from corpus.settings import Settings
from evals.lookalikes import LAYOUTS, occupations, page, questions, write
from ingest.pipeline import run


def test_figures_are_apart_and_the_seed_decides() -> None:
    made = occupations(120, 4)
    assert made == occupations(120, 4)
    assert made != occupations(120, 5)
    for field in ("pay", "jobs", "openings", "growth"):
        assert len({each.figures[field] for each in made}) == len(made)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_holds_the_figures(layout: str) -> None:
    each = occupations(10, 1)[0]
    html = page(each, layout, [])
    assert all(each.figures[field].removesuffix(" per year") in html for field in ("pay", "jobs", "growth", "openings"))


def test_what_must_never_be_stated_are_the_figures_of_other_pages() -> None:
    made = occupations(40, 3)
    for row in questions(made[:30], made[30:]):
        never, own = row["never"], row.get("nuggets", [[]])
        assert isinstance(never, list)
        assert len(never) >= 25
        assert not set(never) & set(own[0])  # type: ignore[index]


def test_a_figure_that_the_page_holds_itself_is_not_foreign_to_it() -> None:
    first, other, own, last = occupations(10, 3)[:4]
    twin = replace(other, figures={**other.figures, "openings": own.figures["jobs"]})
    never = {str(row["id"]): row["never"] for row in questions([first, twin, own, last], [])}
    assert own.figures["jobs"] not in never["title-2-openings"]  # type: ignore[operator]
    assert own.figures["jobs"] in never["title-3-openings"]  # type: ignore[operator]


def test_a_small_library_is_answered_from_the_right_pages(tmp_path: Path, settings: Settings) -> None:
    pages, asked = write(tmp_path, 8, 2)
    assert len(list(pages.iterdir())) == 8
    cases = read_set(asked).cases
    assert {tag for case in cases for tag in case.tags} >= {"title", "absent"}
    report = run([str(pages)], tmp_path / "library", settings)
    assert report.quarantined == ()
    advisor = open_advisor(tmp_path / "library", settings)
    try:
        titled = [case for case in cases if "title" in case.tags]
        right = sum(
            case.nuggets[0][0] in json.dumps(advisor.invoke(case.question).to_dict()["claims"]) for case in titled
        )
        assert right >= 0.9 * len(titled)
    finally:
        advisor.library.close()
