"""Claim sets: read strictly, judged by the product's own check, measured under the names of the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import BadQuestionSet, UnknownPath
from evals.claims import LabelledClaim, judge, measures, own_set, read_claims
from evals.control_world import TWISTED

GOOD: dict[str, Any] = {"id": "a", "claim": "It rains.", "evidence": ["It rains today."], "label": "supported"}


def _written(folder: Path, *rows: dict[str, Any] | str) -> Path:
    path = folder / "claims.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_claim_set_is_read(tmp_path: Path) -> None:
    rows = (
        {**GOOD, "source": "a field of its own"},
        {**GOOD, "id": "b", "label": "partially_supported", "evidence": []},
    )
    assert read_claims(_written(tmp_path, *rows)) == (
        LabelledClaim("a", "It rains.", ("It rains today.",), True),
        LabelledClaim("b", "It rains.", (), False),
    )


@pytest.mark.parametrize(
    "line",
    [
        "{",
        {key: value for key, value in GOOD.items() if key != "label"},
        {**GOOD, "id": "b", "evidence": "one text"},
        {**GOOD, "id": "b", "claim": ""},
        GOOD,
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: dict[str, Any] | str) -> None:
    with pytest.raises(BadQuestionSet, match="line 2"):
        read_claims(_written(tmp_path, GOOD, line))


def test_no_file_and_no_claim(tmp_path: Path) -> None:
    with pytest.raises(UnknownPath):
        read_claims(tmp_path / "none.jsonl")
    with pytest.raises(BadQuestionSet, match="holds no claim"):
        read_claims(_written(tmp_path, ""))


def test_true_claims_and_swapped_numbers_are_told_apart() -> None:
    claims = [LabelledClaim(f"t{i}", each.stands, (each.stands,), True) for i, each in enumerate(TWISTED)]
    claims += [LabelledClaim(f"f{i}", each.number, (each.stands,), False) for i, each in enumerate(TWISTED)]
    done = []
    judged = judge(claims, lambda: done.append(1))
    assert len(done) == len(claims)
    assert measures(judged) == {"n": 18, "auroc": 1.0, "balanced_accuracy": 1.0}
    # With the labels turned round nothing is right any more: the labels are really used.
    turned = [LabelledClaim(each.id, each.claim, each.evidence, not each.supported) for each in claims]
    assert measures(judge(turned)) == {"n": 18, "auroc": 0.0, "balanced_accuracy": 0.0}


def test_one_kind_of_label_cannot_be_measured() -> None:
    judged = judge([LabelledClaim("a", "It rains.", ("It rains.",), True)])
    assert measures(judged) == {"n": 1, "auroc": None, "balanced_accuracy": None}


def test_kinds_are_counted_apart() -> None:
    claims = [
        LabelledClaim("a", "It rains.", ("It rains.",), True, "same"),
        LabelledClaim("b", "It rains for 3 days.", ("It rains for 4 days.",), False, "number"),
        LabelledClaim("c", "It rains.", ("It rains.",), False, "number"),
    ]
    found = measures(judge(claims))
    assert (found["passed"], found["caught"]) == (1.0, 0.5)
    assert found["kinds"] == {
        "paraphrase: same": {"n": 1, "rightly": 1.0},
        "swap: number": {"n": 2, "rightly": 0.5},
    }


SETS = (
    ("tune", 0.96, 0.98),
    ("test", 0.89, 0.945),
    ("other-fields", 0.83, 0.955),
    ("wide-tune", 0.86, 0.935),
    ("wide-test", 0.69, 0.88),
    ("work-tune", 0.80, 0.935),
    ("work-test", 0.60, 0.905),
)


def test_the_projects_sets_keep_what_was_measured() -> None:
    """A little under what was measured (docs/measured-check.md), so that a change for the worse is seen."""
    for name, passed, caught in SETS:
        found = measures(judge(own_set(name)))
        assert found["passed"] >= passed, (name, found)
        assert found["caught"] >= caught, (name, found)
