"""The command: exit codes, what is printed where, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.questions import Case, Relevant, write_set
from evals import controls
from evals.__main__ import main
from evals.run import Control
from evals.scoring import Outcome
from evals.systems import Local


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


def _run(questions: Path, library: Path, out: Path, *more: str) -> int:
    return main([str(questions), "--library", str(library), "--out", str(out), *more])


def test_two_runs_are_compared_and_reports_written_again(
    questions: Path, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    assert _run(questions, library, a) == _run(questions, library, b, "--workers", "2") == 0
    for name in ("summary.json", "results.jsonl", "report.md", "junit.xml"):
        assert (a / name).read_bytes() == (b / name).read_bytes(), name
    assert not (a / "asked.jsonl").exists()
    capsys.readouterr()
    assert main(["compare", str(a), str(b)]) == 0
    told = capsys.readouterr().out
    for word in ("2 cases", "passed", "Cases better: 0", "Cases worse: 0", "Gates: "):
        assert word in told
    assert main(["compare", str(a), str(b), "--json"]) == 0
    assert {"measures", "better", "worse", "gates"} <= json.loads(capsys.readouterr().out).keys()
    (a / "report.html").unlink()
    assert main(["report", str(a)]) == 0
    assert (a / "report.html").exists()


def test_a_second_run_in_a_folder_tells_what_changed_since_the_first(
    questions: Path, library: Path, tmp_path: Path
) -> None:
    for expected in (False, True):
        _run(questions, library, tmp_path / "out")
        assert (tmp_path / "out" / "changes.json").exists() is expected


def test_a_crossed_gate_exits_1_and_is_told(
    questions: Path, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, gates = tmp_path / "out", tmp_path / "gates.toml"
    gates.write_text("[any.passed]\nceiling = 0.0\n")
    assert _run(questions, library, out, "--gates", str(gates)) == 1
    assert "gate crossed: passed: 1.000 [" in capsys.readouterr().err
    assert main(["compare", str(out), str(out), "--gates", str(gates)]) == 1
    assert "gate crossed: passed: 1.000 [" in capsys.readouterr().err
    gates.write_text("[any.pass]\n")
    assert _run(questions, library, out, "--gates", str(gates)) == 2


def test_runs_of_other_questions_are_not_compared(
    questions: Path, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(questions, library, tmp_path / "a")
    questions.write_text(questions.read_text() + "\n")
    _run(questions, library, tmp_path / "b")
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "asked other questions" in told.err


def test_a_stopped_run_says_how_to_go_on_and_does(
    questions: Path,
    library: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = Local.ask

    def interrupted(self: Local, case: Case) -> Outcome:
        if case.id == "foreign":
            raise KeyboardInterrupt
        return ask(self, case)

    monkeypatch.setattr(Local, "ask", interrupted)
    assert _run(questions, library, tmp_path / "out") == 130
    assert "stopped after 1 of 2 questions" in capsys.readouterr().err
    monkeypatch.setattr(Local, "ask", ask)
    other = tmp_path / "other.jsonl"
    other.write_text(questions.read_text() + "\n")
    assert _run(other, library, tmp_path / "out") == 2
    assert "of other questions" in capsys.readouterr().err
    assert _run(questions, library, tmp_path / "out") == 0
    assert "going on with 1 answers" in capsys.readouterr().err
    assert _run(questions, library, tmp_path / "whole") == 0
    for name in ("summary.json", "results.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_gold_quote_that_does_not_stand_in_its_document_exits_2(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    relevant = (Relevant("pay.md", "a median of 48,500 crowns"),)
    write_set(tmp_path / "set.jsonl", [Case("pay", "What does a data engineer earn?", "answered", relevant=relevant)])
    assert _run(tmp_path / "set.jsonl", library, tmp_path / "out") == 2
    assert "set.jsonl, line 1: the quote 'a median of 48,500 crowns'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["none.jsonl"],
        ["."],
        ["claims", "none.jsonl"],
        ["retrieval", "none"],
        ["bench", "--folder", "none"],
        ["compare", "none", "none"],
        ["report", "none"],
        ["--gates", "none.toml"],
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


@pytest.mark.parametrize(
    "words",
    [
        ["--bogus"],
        ["claims"],
        ["--url", "http://x", "--library", "y"],
        ["a", "b"],
        ["--workers", "0"],
        ["compare", "a"],
    ],
)
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
    for word in ("compare", "report", "retrieval", "claims", "controls", "bench", "invalid evaluator"):
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
