"""Risk against coverage, by hand and on the real retriever."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.retriever import ANSWERED, is_answered
from corpus.library import Library
from corpus.questions import Case, QuestionSet
from corpus.settings import Settings
from evals.metrics import Unscorable
from evals.risk import Point, Sure, area, curve, measures, of_questions, svg, write


def test_the_curve_by_hand() -> None:
    sure = [Sure(0.9, True, False), Sure(0.8, True, True), Sure(0.3, False, False), Sure(0.3, False, True)]
    points = curve(sure)
    assert points == (Point(0.25, 0.0), Point(0.5, 0.5), Point(1.0, 0.5))
    assert area(points) == pytest.approx(0.25 * 0 + 0.25 * 0.5 + 0.5 * 0.5)
    found = measures(sure)
    assert (found["n"], found["wrong"], found["coverage"], found["risk"]) == (4, 2, 0.5, 0.5)
    assert found["coverage@risk5"] == 0.25
    assert found["area_best"] < found["area"]


def test_nothing_answered_has_no_risk_and_no_questions_no_curve() -> None:
    assert measures([Sure(0.1, False, True)])["risk"] is None
    with pytest.raises(Unscorable):
        curve([])


def test_certainty_tells_answerable_from_unanswerable_by_hand() -> None:
    sure = [Sure(0.9, True, False, True), Sure(0.4, False, True, True), Sure(0.4, False, True, False)]
    sure += [Sure(0.7, True, True, False), Sure(0.1, False, True)]
    # Pairs (answerable, not): (.9, .4) and (.9, .7) in order, (.4, .4) a tie, (.4, .7) the wrong way round.
    assert measures(sure)["auroc_unanswerable"] == pytest.approx(2.5 / 4)
    assert measures(sure[:2])["auroc_unanswerable"] is None


def test_the_shipped_setting_is_the_retrievers() -> None:
    assert not is_answered(0.0)
    assert is_answered(1.0)
    assert ANSWERED < 0
    assert is_answered(0.5)


def test_what_must_be_declined_is_wrong_to_answer(library: Path, settings: Settings) -> None:
    cases = (
        Case(id="a", question="How much does a data engineer earn?", expect="abstained"),
        Case(id="b", question="What is the capital of Mongolia?", expect="abstained"),
    )
    opened = Library.open(library, settings)
    try:
        first, second = of_questions([QuestionSet("s", cases, "0")], opened)
    finally:
        opened.close()
    assert first.answered
    assert first.wrong
    assert not second.answered
    assert first.certainty > second.certainty


def test_the_drawing_holds_a_line_for_each_set_and_no_markup_of_its_name(tmp_path: Path) -> None:
    drawn = svg([("a<b", [Point(1.0, 0.2)]), ("c", [Point(1.0, 0.1)])])
    assert drawn.count("<polyline") == 2
    assert "a&lt;b" in drawn
    write(tmp_path / "x" / "risk.svg", [("c", [Point(1.0, 0.1)])])
    assert (tmp_path / "x" / "risk.svg").read_text(encoding="utf-8").startswith("<svg")
