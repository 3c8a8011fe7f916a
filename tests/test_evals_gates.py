"""Gates: read strictly, crossed only beyond noise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UsageError
from evals import gates
from evals.board import MEASURES
from evals.compare import Change
from evals.metrics import Rate
from evals.uncertainty import Interval, mcnemar


def _read(tmp_path: Path, text: str) -> tuple[gates.Gate, ...]:
    (tmp_path / "gates.toml").write_text(text)
    return gates.read(tmp_path / "gates.toml", MEASURES)


def _board(hits: int, n: int) -> dict[str, Any]:
    return {"rates": {"passed": Rate(hits, n).to_dict()}, "means": {}, "mean_intervals": {}}


def _change(difference: float, low: float, high: float, p: float | None = None) -> Change:
    return Change(0.9, 0.9 + difference, Interval(low, high), p, 100, 0, 0)


def test_the_projects_own_gates_hold_what_the_contract_promises() -> None:
    own = gates.read(None, MEASURES)
    floors = {each.measure for each in own if each.kind == "floor" and each.scope == "any" and each.limit == 1}
    assert floors == {"contract_kept", "citations_valid", "verbatim"}
    assert {each.kind for each in own} == {"floor", "ceiling", "drop", "rise"}


def test_a_floor_is_crossed_only_where_the_whole_interval_lies_below(tmp_path: Path) -> None:
    gate = _read(tmp_path, "[any.passed]\nfloor = 0.9\n")
    # Wilson: 17 of 20 reaches up to .948, 700 of 1000 to .728.
    for hits, n, crossed in ((17, 20, False), (700, 1000, True), (95, 100, False)):
        (held,) = gates.hold(gate, _board(hits, n), own=False)
        assert held.crossed is crossed, (hits, n)
    (held,) = gates.hold(gate, _board(700, 1000), own=False)
    assert str(held) == "passed: 0.700 [0.671, 0.728], floor 0.9"


def test_a_floor_of_one_allows_no_miss(tmp_path: Path) -> None:
    gate = _read(tmp_path, "[any.passed]\nfloor = 1\n")
    assert not gates.hold(gate, _board(300, 300), own=False)[0].crossed
    assert gates.hold(gate, _board(299, 300), own=False)[0].crossed


def test_a_ceiling_is_the_other_way_round(tmp_path: Path) -> None:
    gate = _read(tmp_path, "[any.passed]\nceiling = 0.1\n")
    assert gates.hold(gate, _board(300, 1000), own=False)[0].crossed
    assert not gates.hold(gate, _board(3, 20), own=False)[0].crossed


def test_means_are_held_by_their_interval_and_unknown_ones_are_not_held(tmp_path: Path) -> None:
    gate = _read(tmp_path, "[any.nugget_recall]\nfloor = 0.9\n")
    board: dict[str, Any] = {"rates": {}, "means": {"nugget_recall": 0.8}, "mean_intervals": {}}
    assert gates.hold(gate, board, own=False) == ()
    board["mean_intervals"] = {"nugget_recall": {"low": 0.75, "high": 0.85}}
    assert gates.hold(gate, board, own=False)[0].crossed
    assert gates.hold(_read(tmp_path, "[any.passed]\nfloor = 1\n"), _board(0, 0), own=False) == ()


def test_own_gates_hold_for_the_projects_own_sets_only(tmp_path: Path) -> None:
    gate = _read(tmp_path, "[own.passed]\nfloor = 0.9\n")
    assert gates.hold(gate, _board(1, 100), own=False) == ()
    assert gates.hold(gate, _board(1, 100), own=True)[0].crossed


@pytest.mark.parametrize(
    ("text", "change", "crossed"),
    [
        ("drop = 0", _change(-0.1, -0.2, -0.01, 0.01), True),
        ("drop = 0", _change(-0.1, -0.2, 0.0, 0.01), False),  # the interval reaches nothing
        ("drop = 0", _change(-0.1, -0.2, -0.01, mcnemar(3, 0)), False),  # three cases are no proof
        ("drop = 0.05", _change(-0.1, -0.2, -0.01, 0.01), False),  # so much is allowed
        ("drop = 0.05", _change(-0.1, -0.2, -0.06), True),  # a mean has no McNemar
        ("drop = 0", _change(0.1, 0.05, 0.2, 0.01), False),  # it rose
        ("rise = 0", _change(0.1, 0.05, 0.2, 0.01), True),
        ("rise = 0.05", _change(0.1, 0.05, 0.2, 0.01), False),
    ],
)
def test_drops_and_rises_need_interval_and_mcnemar(tmp_path: Path, text: str, change: Change, crossed: bool) -> None:
    gate = _read(tmp_path, f"[any.passed]\n{text}\n")
    (held,) = gates.hold_change(gate, {"passed": change}, own=False)
    assert held.crossed is crossed
    assert held.to_dict()["crossed"] is crossed


def test_a_measure_that_neither_run_has_is_not_held(tmp_path: Path) -> None:
    assert gates.hold_change(_read(tmp_path, "[any.passed]\ndrop = 0\n"), {}, own=False) == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[any.passt]\nfloor = 1\n", r"\[any.passt\] names no measure; they are"),
        ("[any.passed]\nflor = 1\n", "'flor' is no kind of gate"),
        ("[any.passed]\nfloor = true\n", "must be a number"),
        ("[any.passed]\nfloor = -1\n", "must be a number"),
        ("[any.passed]\nfloor = nan\n", "must be a number"),
        ("[ours.passed]\nfloor = 1\n", "'ours' is no table"),
        ("[any]\npassed = 1\n", "1 stands where a table"),
        ("floor = 1\n", "'floor' is no table"),
        ("[any", "cannot be read as TOML"),
    ],
)
def test_what_is_no_gate_is_named_with_its_file(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        _read(tmp_path, text)
    assert "gates.toml" in str(caught.value)
