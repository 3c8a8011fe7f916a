"""A run as its files tell it: read again as it was, and refused where it is not whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import UnknownPath, UsageError
from corpus.questions import QuestionSet
from evals import control_world as world
from evals import record, report
from evals.control_world import Replies, asked, case
from evals.run import evaluate

SAID = world.answered(("baking", "The bakery on Mill Street employs 25 people."))


def _record() -> record.Record:
    cases = (case("a", "answered", ["25"], relevant=["baking.md"]), case("b", "abstained"))
    outcomes = {"a": asked(cases[0], SAID), "b": asked(cases[1], None, "away")}
    run = evaluate(Replies(outcomes), [QuestionSet("set.jsonl", cases, "ab" * 32)])
    return record.of(run, world.World())


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    report.write(_record(), tmp_path)
    assert record.read(tmp_path) == _record()


def test_a_row_tells_what_the_case_contributes_and_what_stands_around_each_quote() -> None:
    row, lost = _record().rows
    assert row["cluster"] == "guide: baking.md"
    assert row["measures"]["passed"] == row["measures"]["nugget_recall"] == 1.0
    assert "declined" not in row["measures"]
    assert lost["measures"]["declined"] == 0.0
    (citation,) = row["answer"]["citations"]
    whole = citation["before"] + citation["quote"] + citation["after"]
    assert whole in world.TEXTS["baking"]
    assert citation["before"].endswith("in the morning. ")


def test_a_quote_that_is_not_in_its_document_has_no_words_around_it() -> None:
    bent = {"document_id": "baking", "quote": "other", "start": 3, "end": 8}
    assert record._around(bent, world.World()) == ("", "")
    assert record._around({**bent, "document_id": "nowhere"}, world.World()) == ("", "")


def test_the_code_has_one_digest() -> None:
    assert record.code_digest() == record.code_digest() == _record().summary["code"]
    assert len(record.code_digest()) == 64


def test_a_folder_without_a_run_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownPath, match=r"no finished run in .*summary\.json"):
        record.read(tmp_path)


def test_changed_results_and_files_of_another_version_are_refused(tmp_path: Path) -> None:
    report.write(_record(), tmp_path)
    results, summary = tmp_path / "results.jsonl", tmp_path / "summary.json"
    was = results.read_text()
    results.write_text(was.replace('"passed": false', '"passed": true'))
    with pytest.raises(UsageError, match=r"results\.jsonl is not what summary\.json"):
        record.read(tmp_path)
    results.write_text(was)
    body = json.loads(summary.read_text())
    del body["code"]
    summary.write_text(json.dumps(body))
    with pytest.raises(UsageError, match=r"summary\.json lacks 'code'"):
        record.read(tmp_path)
    for text, what in (("{", "cannot be read as JSON"), ("[]", "is not a JSON object")):
        summary.write_text(text)
        with pytest.raises(UsageError, match=what):
            record.read(tmp_path)
