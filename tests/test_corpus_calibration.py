"""What foreign questions find in a library, and what every question is weighed against."""

from __future__ import annotations

import pytest

from corpus.calibration import USUAL, calibrate, features, foreign_queries, foreign_questions, score
from corpus.search import Evidence, search
from tests.test_corpus_search import Axis, Shelf, query


def test_a_library_whose_foreign_questions_come_far_asks_more_of_all() -> None:
    evidence = Evidence(0.5, 0.6, 0.4, 1.0, 1.0, 0.0, 0.6, 0.5)
    table = {"evidence": {}, "foreign": [-4.0, -3.2, USUAL, -1.0]}
    assert score(evidence, table) == pytest.approx(score(evidence, {"evidence": {}}))
    assert score(evidence, {**table, "foreign": [-4.0, -3.2, USUAL + 0.5, -1.0]}) == pytest.approx(
        score(evidence, table) - 0.5
    )
    far = {**table, "foreign": [0.0, 3.0, 5.0, 6.0]}
    assert score(evidence, far) == pytest.approx(score(evidence, table) - 1)
    # Only what its ways of asking meet is held against it; where they come less far, all may.
    assert score(evidence, {**far, "asked": 0.25}) == pytest.approx(score(evidence, table) - 0.5)
    assert score(evidence, {**far, "asked": 0.0}) == pytest.approx(score(evidence, table))
    near = {**table, "foreign": [-4.0, -3.5, USUAL - 0.5, -1.0], "asked": 0.0}
    assert score(evidence, near) == pytest.approx(score(evidence, table) + 0.5)


def test_calibration_sets_foreign_questions_below_the_line() -> None:
    calibration = calibrate(Shelf(), Axis())
    middle, high = calibration["evidence"]["dense"]
    assert middle == pytest.approx(0.2)
    assert high == pytest.approx(0.2)
    strong = search(Shelf(), [query("nurses learn SQL", 0.9, 0.0, 0.0, 0.1)], 4).evidence
    foreign = search(Shelf(), [query("How tall is a giraffe?", 0.1, 0.2, 0.1, 0.1)], 4).evidence
    assert score(foreign, calibration) < 0 < score(strong, calibration)
    assert features(foreign, calibration["evidence"])[0] == pytest.approx(0.0)


def test_the_bank_is_read_once_for_a_model() -> None:
    model = Axis()
    first = foreign_queries(model)
    assert [query.text for query in first] == list(foreign_questions())
    assert foreign_queries(model) is first
    assert foreign_queries(Axis()) is not first


def test_the_bank_is_large_and_without_repetition() -> None:
    bank = foreign_questions()
    assert len(bank) >= 90
    assert len(set(bank)) == len(bank)
    assert all(question.endswith("?") for question in bank)
