"""The controls on a real library hold, and fail where nothing was removed or nothing is as it was."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from bot.advisor import Advisor
from corpus.settings import Settings
from evals import control_world as world
from evals import record, removal, scoring
from evals.checks import Documents
from evals.controls import SEEDS
from evals.run import Run


def failed(settings: Settings) -> set[str]:
    return {each.name for each in removal.run_all(settings, seeds=(1,)) if not each.passed}


def test_both_hold_on_three_seeds(settings: Settings) -> None:
    seen = removal.run_all(settings)
    assert [each.name for each in seen if not each.passed] == []
    assert len(SEEDS) == 3
    assert seen[0].measured.count("3 of 3 declined") >= 2  # the seeds draw several documents


def test_a_document_that_is_still_there_is_caught(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    # What is left out is another document than the one that answers.
    monkeypatch.setattr(world, "ASKED", {"glass": world.ASKED["baking"]})
    assert "gold_removed" in failed(settings)


def test_an_evaluator_that_takes_nothing_for_declining_is_caught(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(scoring, "_as_expected", lambda case, answer: case.expect == "answered")
    assert failed(settings) == {"gold_removed"}


def test_a_system_that_answers_differently_each_time_is_caught(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    whole, turns = Advisor.invoke, itertools.count()

    def changing(self: Advisor, *args: Any, **named: Any) -> Any:
        return replace(whole(self, *args, **named), notices=(f"turn {next(turns)}",))

    monkeypatch.setattr(Advisor, "invoke", changing)
    assert failed(settings) == {"same_library_same_bytes"}


def test_a_report_with_something_of_the_moment_in_it_is_caught(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    whole, turns = record.of, itertools.count()

    def dated(run: Run, documents: Documents) -> record.Record:
        told = whole(run, documents)
        return replace(told, summary={**told.summary, "at": next(turns)})

    monkeypatch.setattr(record, "of", dated)
    assert failed(settings) == {"same_library_same_bytes"}
