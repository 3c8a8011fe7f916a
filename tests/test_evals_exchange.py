"""Data sets of Ragas and DeepEval: a run written by their documented fields, their questions read strictly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import BadQuestionSet
from corpus.questions import Case, Message, QuestionSet, Relevant, read_set
from evals import control_world as world
from evals import exchange, record, report
from evals.__main__ import main
from evals.control_world import Replies, asked, case
from evals.record import Record
from evals.run import evaluate

STAFF = "The bakery on Mill Street employs 25 people."
# As Ragas 0.4 documents SingleTurnSample and DeepEval 4 its goldens and test cases; `id` is ours.
RAGAS = {
    "user_input": str, "retrieved_contexts": list, "retrieved_context_ids": list, "response": str, "reference": str,
    "reference_contexts": list, "reference_context_ids": list, "id": str,
}  # fmt: skip
DEEPEVAL = {
    "input": str, "actual_output": str, "expected_output": str, "context": list, "retrieval_context": list,
    "source_file": str, "name": str, "additional_metadata": dict,
}  # fmt: skip
NULLABLE = {"reference", "expected_output", "source_file"}


def _cases() -> tuple[Case, ...]:
    gold = replace(case("gold", "answered", ["25 people", "25 staff"]), relevant=(Relevant("baking.md", STAFF),))
    follow = replace(case("follow"), history=(Message("user", "Hello?"), Message("assistant", "Yes.")))
    short = case("short", "answered", ["25 people"], ["Mill Street"])
    return gold, follow, short, replace(case("silent", "abstained"), tags=("test",)), case("lost")


def _record() -> Record:
    said = world.answered(("baking", STAFF))
    cases = _cases()
    answers = (said, said, said, world.declined(), None)
    replies = Replies({each.id: asked(each, answer, "it broke") for each, answer in zip(cases, answers, strict=True)})
    return record.of(evaluate(replies, [QuestionSet("set.jsonl", cases, "ab" * 32)]), world.World())


def test_a_run_has_the_documented_fields_of_both() -> None:
    rows = _record().rows
    of_ragas = [json.loads(line) for line in exchange.ragas(rows).splitlines()]
    of_deepeval = json.loads(exchange.deepeval(rows))
    for written, fields in ((of_ragas, RAGAS), (of_deepeval, DEEPEVAL)):
        assert len(written) == 4
        for row in written:
            assert set(row) == set(fields)
            for name, kind in fields.items():
                assert isinstance(row[name], kind) or (row[name] is None and name in NULLABLE), name
    assert exchange.unanswered(rows) == ("lost",)


def test_what_each_field_holds() -> None:
    rows = _record().rows
    gold, follow, short, silent = (json.loads(line) for line in exchange.ragas(rows).splitlines())
    assert gold["user_input"] == "What about gold?"
    assert gold["retrieved_contexts"] == gold["reference_contexts"] == [STAFF]
    assert gold["retrieved_context_ids"] == gold["reference_context_ids"] == ["baking.md"]
    assert (gold["response"], gold["reference"]) == (f"{STAFF} [1]", STAFF)
    assert follow["user_input"] == "user: Hello?\nassistant: Yes.\nuser: What about follow?"
    assert (follow["reference"], short["reference"]) == (None, "25 people; Mill Street")
    assert (silent["reference"], silent["retrieved_contexts"]) == (None, [])
    mine = json.loads(exchange.deepeval(rows))
    assert (mine[0]["source_file"], mine[1]["source_file"], mine[0]["name"]) == ("baking.md", None, "gold")
    assert mine[3]["additional_metadata"] == {
        "id": "silent", "expect": "abstained", "tags": ["test"], "status": "abstained"
    }  # fmt: skip


def test_what_was_exported_comes_back(tmp_path: Path) -> None:
    report.write(_record(), tmp_path / "run")
    for of, name in (("ragas", "r.jsonl"), ("deepeval", "d.json")):
        assert main(["export", str(tmp_path / "run"), str(tmp_path / name), "--to", of]) == 1
        out = tmp_path / f"{of}-set.jsonl"
        assert main(["import", str(tmp_path / name), "--from", of, "--out", str(out)]) == 0
        back = {each.id: each for each in read_set(out).cases}
        assert set(back) == {"gold", "follow", "short", "silent"}
        assert back["gold"].relevant == (Relevant("baking.md", STAFF),)
        assert back["short"].nuggets == (("25 people; Mill Street",),)
    # DeepEval has a place for what Ragas has none for.
    assert (back["silent"].expect, back["silent"].tags) == ("abstained", ("test",))
    assert back["follow"].history == _cases()[1].history


def _written(path: Path, body: Any) -> Path:
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return path


def test_a_conversation_of_ragas_is_a_question_with_its_history(tmp_path: Path) -> None:
    turns = [
        {"type": "human", "content": "Hello", "metadata": None},
        {"type": "ai", "content": "Hi", "tool_calls": None},
        {"type": "tool", "content": "{}"},
        {"type": "human", "content": "What about pay?"},
        {"type": "ai", "content": "Much."},
    ]
    (only,) = exchange.read(
        _written(tmp_path / "a.jsonl", {"user_input": turns, "reference": "40 crowns"}), "ragas"
    ).cases
    assert (only.id, only.question) == ("a-1", "What about pay?")
    assert only.history == (Message("user", "Hello"), Message("assistant", "Hi"))
    assert only.nuggets == (("40 crowns",),)


def test_contexts_are_looked_for_in_a_library(
    tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = {
        "user_input": "What does a data engineer earn?",
        "reference": "A sentence of more than eight words, which nobody would find again as it stands.",
        "reference_contexts": ["earned a median\n of 84,500 crowns in 2024", "Words of another place."],
    }
    path = _written(tmp_path / "a.jsonl", body)
    assert main(["import", str(path), "--from", "ragas", "--library", str(library)]) == 0
    told = capsys.readouterr()
    (relevant,) = json.loads(told.out)["relevant"]
    assert relevant["document"].endswith(".md")
    assert "nuggets" not in json.loads(told.out)
    assert "1 contexts stand in no document of that library" in told.err
    assert main(["import", str(path), "--from", "ragas"]) == 0
    told = capsys.readouterr()
    assert "2 contexts name no document: give --library DIR" in told.err
    assert "1 questions name nothing that answers them, beginning with a-1" in told.err


@pytest.mark.parametrize(
    ("of", "name", "body", "what"),
    [
        ("ragas", "a.jsonl", '{"user_input": "Why?"}\n{"response": "x"}', "line 2: the field 'user_input' is missing"),
        ("ragas", "a.jsonl", '{"user_input": 7}', "line 1: user_input"),
        ("ragas", "a.jsonl", '{"user_input": "?!"}', "line 1: the question holds no letter"),
        ("ragas", "a.jsonl", '{"user_input": [{"type": "ai", "content": "x"}]}', "line 1: nobody asks anything"),
        ("ragas", "a.jsonl", '{"user_input": "A", "id": "x"}\n{"user_input": "B", "id": "x"}', "line 2: the id 'x'"),
        ("ragas", "a.jsonl", "{", "line 1: it cannot be read as JSON"),
        ("ragas", "a.jsonl", "", "holds no question of ragas"),
        ("deepeval", "a.json", "{", "cannot be read as JSON"),
        ("deepeval", "a.json", "{}", "is not a list of objects"),
        ("deepeval", "a.json", "[]", "holds no question of deepeval"),
        ("deepeval", "a.json", '[{"input": "A"}, {"scenario": "x"}]', "entry 2: the field 'input' is missing"),
        ("deepeval", "a.json", '[{"input": "A", "context": "one text"}]', "entry 1: context"),
        ("deepeval", "a.jsonl", '{"input": "A"}\n{"input": "B"}', "save the goldens of DeepEval as json"),
    ],
)
def test_what_is_not_of_the_format_is_named(tmp_path: Path, of: Any, name: str, body: str, what: str) -> None:
    with pytest.raises(BadQuestionSet, match=what.replace("(", r"\(")) as caught:
        exchange.read(_written(tmp_path / name, body), of)
    assert name in str(caught.value)


def test_a_file_that_is_there_and_one_that_is_not_exit_2(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.jsonl", {"user_input": "Why?"})
    assert main(["import", str(path), "--from", "ragas", "--out", str(path)]) == 2
    assert main(["import", str(tmp_path / "none"), "--from", "ragas"]) == 2
    assert main(["export", str(tmp_path), str(path), "--to", "ragas"]) == 2
