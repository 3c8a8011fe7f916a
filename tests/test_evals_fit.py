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
    alone, far, printed = capsys.readouterr().out.splitlines()[:3]
    for line, (weights, intercept) in ((alone, verify._ALONE), (printed, verify._QUOTE)):
        numbers = [float(each) for each in re.findall(r"-?\d+\.\d+", line)]
        assert numbers == pytest.approx([*weights, intercept], abs=0.011)
    assert [float(each) for each in re.findall(r"0\.\d+", far)] == pytest.approx([verify.FAR, verify.PLAIN], abs=0.006)


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
        left = [(each.claim, each.evidence[0]) for each in mine if is_open(each.claim, each.evidence[0])]
        passing = [
            (claim, quote)
            for claim, quote in left
            if ((score := verify.alone(claim, quote)) is not None and score >= verify.THRESHOLD)
            or (score is None and 4 * quote_signals(claim, quote).clause + held >= 0)
        ]
        assert len(passing) <= (1 - least) * len(mine)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    from corpus.errors import UnknownPath

    with pytest.raises(UnknownPath):
        main([str(tmp_path / "none.jsonl")])
