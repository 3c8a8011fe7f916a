"""The command: exit codes, what is printed where, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.questions import Case, write_set
from evals import controls
from evals.__main__ import main
from evals.run import Control


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    write_set(
        tmp_path / "set.jsonl",
        [
            Case("pay", "How much does a data engineer earn?", "answered", nuggets=(("84,500 crowns",),)),
            Case("foreign", "How long do I boil an ostrich egg?", "abstained"),
        ],
    )
    return tmp_path / "set.jsonl"


def test_a_set_is_run_on_a_library(
    questions: Path, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main([str(questions), "--library", str(library), "--out", str(out)]) == 0
    told = capsys.readouterr()
    for word in ("Answered", "Declined", "All citations valid", "Latency"):
        assert word in told.out
    assert "Asking 2 questions" in told.err
    assert {path.name for path in out.iterdir()} >= {"summary.json", "results.jsonl", "report.md", "report.html"}


def test_json_goes_to_stdout_alone(
    questions: Path, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(questions), "--library", str(library), "--out", str(tmp_path / "out"), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["n"] == 2
    known = {control.name for control in controls.run_all()}
    assert set(summary["controls"]) == known | {"gold_removed", "same_library_same_bytes"}
    assert all(told["passed"] for told in summary["controls"].values())


def test_a_case_that_cannot_be_asked_exits_1_and_the_rest_is_done(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.jsonl"
    write_set(
        path, [Case("long", "why? " * 4000, "abstained"), Case("pay", "What does a data engineer earn?", "answered")]
    )
    assert main([str(path), "--library", str(library), "--out", str(tmp_path / "out")]) == 1
    assert "long: errored" in capsys.readouterr().err
    assert len((tmp_path / "out" / "results.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["none.jsonl"],
        ["."],
        ["claims", "none.jsonl"],
        ["retrieval", "none"],
        ["bench", "--folder", "none"],
    ],
)
def test_what_is_not_there_exits_2_with_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("evals: ")
    assert told.err.count("\n") == 1


def test_an_unknown_library_and_a_bad_set_exit_2(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(questions), "--library", str(tmp_path / "none")]) == 2
    assert "There is no library" in capsys.readouterr().err
    questions.write_text('{"id": "a"}\n')
    assert main([str(questions)]) == 2
    assert "line 1: the field 'question' is missing" in capsys.readouterr().err
    assert main([str(questions), "--url", "http://127.0.0.1:9"]) == 2


@pytest.mark.parametrize("words", [["--bogus"], ["claims"], ["--url", "http://x", "--library", "y"], ["a", "b"]])
def test_wrong_words_exit_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_controls_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["controls", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["failed"] == []
    assert told["n"] == len(told["controls"]) >= 19
    assert main(["controls"]) == 0
    assert capsys.readouterr().out.count("passed") >= 14


def test_a_failing_control_exits_3_with_a_banner_and_measures_nothing(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "run_all", lambda: (Control("sick", False, "0.3 of 1"),))
    assert main(["controls"]) == 3
    assert "INVALID EVALUATOR" in capsys.readouterr().err
    out = tmp_path / "out"
    assert main([str(questions), "--out", str(out)]) == 3
    told = capsys.readouterr()
    assert "INVALID EVALUATOR" in told.err
    assert "sick: 0.3 of 1" in told.err
    assert told.out == ""
    assert not out.exists()


def test_claims_under_the_names_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": "a", "claim": "Owls hunt 3 mice.", "evidence": ["Owls hunt 3 mice a night."], "label": "supported"},
        {"id": "b", "claim": "Owls hunt 9 mice.", "evidence": ["Owls hunt 3 mice a night."], "label": "not_supported"},
    ]
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert main(["claims", str(tmp_path / "claims.jsonl"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"n": 2, "auroc": 1.0, "balanced_accuracy": 1.0}
    assert main(["claims", str(tmp_path / "claims.jsonl")]) == 0
    assert "balanced_accuracy    1.0000" in capsys.readouterr().out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom evals.__main__ import main\n"
        "try: main(['--help'])\nexcept SystemExit as end: assert end.code == 0\n"
        "heavy = {'torch', 'chromadb', 'langchain_core', 'numpy', 'onnxruntime', 'rich', 'httpx'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for word in ("retrieval", "claims", "controls", "bench", "invalid evaluator"):
        assert word in done.stdout


def test_stability_is_told_and_written_as_json(
    questions: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stability", str(questions), "--library", str(library), "--cases", "1", "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["n"] == 1
    assert set(measured["personas"]) == {"sex", "age", "origin"}


@pytest.mark.parametrize("words", [["--cases", "0"], ["--url", "http://x", "--library", "y"]])
def test_stability_with_wrong_words_exits_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["stability", *words])
    assert caught.value.code == 2
