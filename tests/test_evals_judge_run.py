"""`evals judge` against a real HTTP server that speaks as a judge: good, unreadable, failing and disagreeing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.questions import QuestionSet
from evals import control_world as world
from evals import record, report
from evals.__main__ import main
from evals.control_world import Replies, asked, case
from evals.judge_replies import MOST_FAILURES, NAME
from evals.run import evaluate
from tests.mock_model import Script, mock_model

YES, NO = '{"reason": "It stands there.", "verdict": "yes"}', '{"reason": "It does not.", "verdict": "no"}'


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of two answers with a claim each, of which two are the same, and one that is declined."""
    said = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
    answers = {"a": said, "b": said, "c": world.declined()}
    cases = tuple(case(name) for name in answers)
    replies = Replies({each.id: asked(each, answers[each.id]) for each in cases})
    done = evaluate(replies, [QuestionSet("set.jsonl", cases, "ab" * 32)])
    report.write(record.of(done, world.World()), tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], Script]]:
    """The words that name the judge, and what it will say."""
    with mock_model() as (address, script):
        monkeypatch.setenv("WAYMARK_MODEL_DEADLINE", "5")
        yield ["--model", "judge-2026-01-01", "--model-url", address, "--workers", "1"], script


def _figures(run: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((run / "judge.json").read_text())
    return body


def test_a_run_is_judged_and_nothing_is_asked_twice(
    run: Path, judge: tuple[list[str], Script], capsys: pytest.CaptureFixture[str]
) -> None:
    words, script = judge
    script.reply = YES
    assert main(["judge", str(run), *words]) == 0
    assert "Claims carried by the words they cite: 1.000" in capsys.readouterr().out
    # Two questions and the one claim that both answers make, three times each.
    assert len(script.requests) == 9
    assert "employs 25 people" in str(script.requests)
    assert all(request["temperature"] == 0 for request in script.requests)
    told = _figures(run)
    assert (told["model"], told["repeats"], told["cases"]) == ("judge-2026-01-01", 3, 2)
    assert told["prompt"]["version"] == 1
    assert (told["carried"]["n"], told["answers"]["n"]) == (2, 2)
    first = [(run / name).read_bytes() for name in ("judge.json", "judge.jsonl")]
    script.reply = NO
    assert main(["judge", str(run), *words]) == 0
    assert len(script.requests) == 9
    assert [(run / name).read_bytes() for name in ("judge.json", "judge.jsonl")] == first
    # A fourth repeat is new, and only that is asked; --fresh asks all.
    assert main(["judge", str(run), *words, "--repeats", "4"]) == 0
    assert len(script.requests) == 12
    assert _figures(run)["carried"]["yes"]["repeats"] == [1, 1, 1, 0]
    assert main(["judge", str(run), *words, "--fresh", "--json"]) == 0
    assert len(script.requests) == 21
    assert _figures(run)["carried"]["yes"]["mean"] == 0


def test_no_verdict_changes_the_exit_code_nor_workers_anything(run: Path, judge: tuple[list[str], Script]) -> None:
    words, script = judge
    script.reply_to = lambda request: NO if "<claim>" in str(request["messages"]) else YES
    assert main(["judge", str(run), *words]) == 0
    alone = (run / "judge.json").read_bytes()
    assert main(["judge", str(run), *words, "--fresh", "--workers", "8"]) == 0
    assert (run / "judge.json").read_bytes() == alone
    told = _figures(run)
    assert (told["carried"]["most"]["value"], told["answers"]["most"]["value"]) == (0, 1)


def test_repeats_that_disagree_are_told_as_spread(run: Path, judge: tuple[list[str], Script]) -> None:
    words, script = judge
    script.replies = [YES, NO, YES] * 3
    assert main(["judge", str(run), *words]) == 0
    told = _figures(run)["carried"]
    assert told["yes"]["repeats"] == [1, 0, 1]
    assert told["yes"]["sd"] == pytest.approx(0.57735)
    assert (told["most"]["hits"], told["unanimous"]["hits"]) == (2, 0)


def test_unreadable_replies_are_counted_kept_and_exit_1(
    run: Path, judge: tuple[list[str], Script], capsys: pytest.CaptureFixture[str]
) -> None:
    words, script = judge
    script.reply_to = lambda request: "I would say yes." if "<claim>" in str(request["messages"]) else YES
    for _ in range(2):
        assert main(["judge", str(run), *words]) == 1
        assert "6 of 12 replies hold no verdict that can be read" in capsys.readouterr().err
    assert len(script.requests) == 9
    told = _figures(run)["carried"]
    assert told["said"] == {"yes": 0, "no": 0, "unreadable": 6, "failed": 0}
    assert (told["yes"]["mean"], told["most"]["n"], told["none"]) == (0, 2, 2)


def test_failed_calls_are_counted_and_made_again(
    run: Path, judge: tuple[list[str], Script], capsys: pytest.CaptureFixture[str]
) -> None:
    words, script = judge
    script.reply, script.faults = YES, ["400", ""]
    assert main(["judge", str(run), *words]) == 1
    assert "1 of 12 calls failed" in capsys.readouterr().err
    told = _figures(run)["answers"]
    assert told["said"] == {"yes": 5, "no": 0, "unreadable": 0, "failed": 1}
    assert told["yes"]["repeats"] == [0.5, 1, 1]
    assert main(["judge", str(run), *words]) == 0
    assert len(script.requests) == 10
    assert _figures(run)["answers"]["said"]["yes"] == 6


def test_a_judge_that_is_away_is_left_and_taken_up_again(
    run: Path, judge: tuple[list[str], Script], capsys: pytest.CaptureFixture[str]
) -> None:
    words, script = judge
    script.reply, script.faults = YES, ["", "", *["400"] * 50]
    assert main(["judge", str(run), *words]) == 1
    assert f"failed {MOST_FAILURES} times in a row" in capsys.readouterr().err
    assert not (run / "judge.json").exists()
    with (run / NAME).open("a") as file:
        file.write('{"key": "cut off')
    script.faults = []
    asked_ = len(script.requests)
    assert main(["judge", str(run), *words]) == 0
    assert len(script.requests) == asked_ + 7


def test_agreement_with_labels_is_told(
    run: Path, judge: tuple[list[str], Script], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, script = judge
    rows = [
        {"id": str(n), "claim": f"Claim {n}.", "evidence": ["Words."], "label": "supported" if n < 2 else "refuted"}
        for n in range(4)
    ]
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)))
    script.reply_to = lambda request: NO if "Claim 3" in str(request["messages"]) else YES
    assert main(["judge", str(run), *words, "--claims", str(tmp_path / "claims.jsonl")]) == 0
    # p_o = 3/4, p_e = (2x3 + 2x1)/16 = 1/2
    assert "kappa 0.500; 0.750 [0.30, 0.95] 3/4 alike" in capsys.readouterr().out
    told = _figures(run)
    assert told["labelled"]["agreement"]["kappa"] == 0.5
    assert told["carried"]["n"] == 2


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--model", "nosuch:thing", "--model-url", ""], "--model nosuch:thing cannot be used"),
        (["--model", ""], "--model is empty"),
        (["--model", "m", "--claims", "{}/none.jsonl"], "none.jsonl cannot be read"),
    ],
)
def test_wrong_words_exit_2(run: Path, words: list[str], what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(run), *(word.format(run) for word in words)]) == 2
    assert what in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["--model", "m", "--repeats", "2"], ["--model", "m", "--workers", "0"]])
def test_a_judge_without_a_name_or_with_too_few_repeats_is_refused(run: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["judge", str(run), *words])


def test_a_changed_run_is_not_judged(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "results.jsonl").write_text("{}\n")
    assert main(["judge", str(run), "--model", "m"]) == 2
    assert "is not what summary.json beside it was made of" in capsys.readouterr().err
