"""The plots: drawn of what there is, left out where there is nothing, and telling their figures in words."""

from __future__ import annotations

import re
from typing import Any

from evals.plots import FEWEST, plots

NO_TIMES: dict[str, Any] = {"cases": {}}


def _row(
    passed: bool = True, tags: tuple[str, ...] = (), certainty: float | None = None, expect: str = "answered"
) -> dict[str, Any]:
    return {
        "passed": passed, "tags": list(tags), "certainty": certainty, "expect": expect, "relevant_document": None
    }  # fmt: skip


def test_without_tags_times_and_certainty_nothing_is_drawn() -> None:
    assert plots([_row()], NO_TIMES) == ""


def test_tags_are_shown_with_their_counts_from_five_cases_on() -> None:
    rows = [_row(i < 4, ("visa",)) for i in range(6)] + [_row(True, ("rare",))] * (FEWEST - 1)
    drawn = plots(rows, NO_TIMES)
    assert drawn.count("<figure>") == 1
    assert ">visa<" in drawn
    assert ">4/6<" in drawn
    assert "rare" not in drawn


def test_a_tag_is_text() -> None:
    assert "<b>" not in plots([_row(True, ("<b>x",))] * FEWEST, NO_TIMES).replace("<b>Passed, by tag</b>", "")


def test_every_time_stands_in_one_bar() -> None:
    times = {"cases": {str(i): float(i) for i in range(1, 101)}}
    drawn = plots([_row()], times)
    assert "Median 50.5 ms, 95th percentile 95.0 ms, n 100." in drawn
    assert sum(map(int, re.findall(r"<title>(\d+)</title></rect>", drawn))) == 100


def test_certainty_draws_calibration_and_risk_by_hand() -> None:
    sure = [_row(certainty=0.9)] * 3 + [_row(certainty=0.95, expect="abstained")]
    unsure = [_row(certainty=0.1, expect="abstained")] * 2
    drawn = plots([*sure, *unsure, _row(certainty=0.5, expect="partial")], NO_TIMES)
    assert re.findall(r"<title>(\d of \d)</title>", drawn) == ["0 of 2", "3 of 4"]
    # Surest first: .95 is wrong (risk 1 at 1/6), then three right ones (1/4 at 4/6), then two wrong ones (1/2 at the
    # end): 1/6 · 1 + 3/6 · 1/4 + 2/6 · 1/2.
    assert f"area {1 / 6 + 1 / 8 + 1 / 6:.3f}." in drawn


def test_an_answer_that_cites_no_relevant_document_counts_as_wrong() -> None:
    row = _row(certainty=0.9) | {"relevant_document": False}
    assert "0 of 1" in plots([row], NO_TIMES)
