"""Fitting: the shipped weights are what the tuning half gives, and a known boundary is found."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from bot import verify
from bot.signals import quote_signals
from evals.fit import KEPT, REFUSED, cross_validated, fit, intercept_for, is_open, main
from evals.neighbours import neighbours


def test_a_boundary_is_found() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(400, 2))
    positive = (values[:, 0] > 0.5).astype(float)
    weights, intercept = fit(values, positive, 0.1)
    assert weights[0] > 10 * abs(weights[1])
    assert -intercept / weights[0] == pytest.approx(0.5, abs=0.2)
    assert cross_validated(values, positive, 0.1)[0] > 0.99


def test_the_shipped_weights_are_those_of_the_tuning_half(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out.splitlines()[0]
    numbers = [float(each) for each in re.findall(r"-?\d+\.\d+", printed)]
    weights, intercept = verify._QUOTE
    assert numbers == pytest.approx([*weights, intercept], abs=0.011)


def test_the_intercept_gives_way_to_the_neighbours() -> None:
    """Weights that ask for nothing but coverage would let first clauses pass, were it only for the paraphrases."""
    beside = neighbours("tune", most=60)
    weights, values = np.array([4.0, 0.0, 0.0]), np.linspace([0.0, 1.0, 1.0], [1.0, 0.0, 0.0], 100)
    labels = np.ones(100)
    kept = -float(np.quantile(values @ weights, 1 - KEPT))
    held = intercept_for(weights, values, labels, beside)
    assert held < kept == intercept_for(weights, values, labels, [])
    for kind, least in REFUSED.items():
        mine = [each for each in beside if each.kind == kind]
        passing = [
            each
            for each in mine
            if is_open(each.claim, each.evidence[0])
            and 4 * quote_signals(each.claim, each.evidence[0]).clause + held >= 0
        ]
        assert len(passing) <= (1 - least) * len(mine)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    from corpus.errors import UnknownPath

    with pytest.raises(UnknownPath):
        main([str(tmp_path / "none.jsonl")])
