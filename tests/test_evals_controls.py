"""The controls pass on the real measures, and each fails once the measure that it watches is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.verify import Judgement
from evals import board, checks, controls, grounding, metrics, nuggets, record, scoring
from evals.checks import Documents
from evals.metrics import Rate
from evals.run import Control, Run


def test_all_controls_pass() -> None:
    seen = controls.run_all()
    assert [control.name for control in seen if not control.passed] == []
    assert len({control.name for control in seen}) == len(seen) >= 17


def test_all_controls_hold_on_other_seeds() -> None:
    assert [each.name for each in controls.run_all(range(100, 103)) if not each.passed] == []


def test_one_seed_that_fails_fails_the_control() -> None:
    seen = controls.together([Control("x", True, "1.00"), Control("x", False, "0.50"), Control("x", True, "1.00")])
    assert seen == Control("x", False, "1.00; 0.50")


def test_controls_are_deterministic() -> None:
    assert controls.run_all() == controls.run_all()


def _no_problem(*_: Any) -> tuple[str, ...]:
    return ()


def _overlap_only(claim: str, evidence: list[str]) -> Judgement:
    return Judgement("supported", 1.0)


def _substring(body: Any, phrase: str) -> bool:
    return phrase in " ".join(body)


def _everything(texts: Any, most: int | None = None) -> tuple[str, ...]:
    return _joined(texts)


_joined = nuggets.joined


@pytest.mark.parametrize(
    ("owner", "name", "broken", "caught_by"),
    [
        (checks, "citation_problem", _no_problem, ("citations_exchanged", "citations_shifted")),
        (checks, "_numbering", _no_problem, ("marks_forged",)),
        (checks, "is_verbatim", lambda *_: True, ("rewording_is_not_verbatim",)),
        (checks, "is_verbatim", lambda *_: False, ("rewording_is_not_verbatim", "gold_answer")),
        (controls, "verify", _overlap_only, ("number_swap", "negation_inserted", "names_exchanged")),
        (grounding, "verify", _overlap_only, ("marks_shuffled",)),
        (grounding, "_carries", lambda *_: False, ("marks_shuffled", "gold_answer")),
        (grounding, "_figures", lambda _: frozenset({"1"}), ("number_swap",)),
        (grounding, "_names", lambda _: frozenset(), ("names_exchanged",)),
        (nuggets, "found", lambda body, wanted: (False,) * len(wanted), ("foreign_figure", "gold_answer")),
        (controls, "verify", lambda *_: Judgement("unsupported", 0.0), ("number_swap",)),
        (nuggets, "holds", _substring, ("near_numbers",)),
        (nuggets, "holds", lambda *_: True, ("gold_answer", "near_numbers")),
        (nuggets, "joined", _everything, ("padding",)),
        (board, "balanced", lambda a, b: a.value, ("constant_answers",)),
        (controls, "ndcg", lambda *_: 0.5, ("random_ranking",)),
        (controls, "hit", metrics.recall, ("random_ranking",)),
        (controls, "auroc", lambda scores, flags: 0.5, ("random_scores",)),
        (scoring, "_as_expected", lambda *_: True, ("constant_answers",)),
        (Rate, "value", property(lambda self: 1.0), ("states",)),
    ],
)
def test_a_broken_measure_is_caught(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, broken: Callable[..., Any], caught_by: tuple[str, ...]
) -> None:
    monkeypatch.setattr(owner, name, broken)
    failed = {control.name for control in controls.run_all() if not control.passed}
    assert set(caught_by) <= failed


def test_a_report_with_times_in_it_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = record.of

    def timed(run: Run, documents: Documents) -> record.Record:
        told = whole(run, documents)
        return replace(told, summary={**told.summary, "ms": told.timings["median_ms"]})

    monkeypatch.setattr(record, "of", timed)
    assert not controls.same_bytes(1).passed
