"""The score board: what README and docs show is what the committed figures say, and the gates hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answer import Answer
from corpus.errors import UsageError
from corpus.questions import QuestionSet
from evals import control_world as world
from evals import gates, record, report, scores
from evals.__main__ import main
from evals.board import MEASURES
from evals.control_world import Replies, asked, case
from evals.record import Record
from evals.run import Control, evaluate

ROOT = Path(__file__).parent.parent


def _record(own: bool = True) -> Record:
    said = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
    answers: dict[str, Answer] = {"a": said, "b": said}
    cases = tuple(case(name) for name in answers)
    replies = Replies({each.id: asked(each, answers[each.id]) for each in cases})
    run = evaluate(replies, [QuestionSet("set.jsonl", cases, "ab" * 32)], [Control("one", True, "1")])
    return record.of(run, world.World(), own)


def test_readme_and_docs_show_the_committed_figures() -> None:
    committed = scores.read(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert scores.within(readme, scores.block(committed), "README.md") == readme
    assert (ROOT / "docs" / "scores.md").read_text(encoding="utf-8") == scores.page(committed)


def test_the_committed_figures_hold_the_gates_and_the_controls() -> None:
    committed = scores.read(ROOT)
    held = gates.hold(gates.read(None, MEASURES), committed["groups"]["all"], own=True)
    assert len(held) >= 8
    assert [str(each) for each in held if each.crossed] == []
    assert committed["controls"]["passed"] == committed["controls"]["n"] >= 14


def test_a_run_is_written_into_readme_and_docs(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(f"Before.\n{scores.BEGIN}\nold\n{scores.END}\nAfter.\n")
    for _ in range(2):
        written = scores.write(_record(), tmp_path)
    assert {path.name for path in written} == {"README.md", "scores.json", "scores.md"}
    text = (tmp_path / "README.md").read_text()
    assert text.startswith("Before.\n")
    assert text.endswith("\nAfter.\n")
    assert "old" not in text
    assert "| Answered, where an answer was due | 1.000 [0.34, 1.00] 2/2 |" in text
    assert "set.jsonl abababab" in text
    assert "Words an answer" not in text
    assert "Words an answer" in (tmp_path / "docs" / "scores.md").read_text()
    assert scores.read(tmp_path) == scores.scores_of(_record())


def test_other_sets_and_a_readme_without_a_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run `evals` alone"):
        scores.write(_record(own=False), tmp_path)
    with pytest.raises(UsageError, match=r"README\.md cannot be written"):
        scores.write(_record(), tmp_path)
    for text in ("", f"{scores.END}{scores.BEGIN}", scores.BEGIN):
        (tmp_path / "README.md").write_text(text)
        with pytest.raises(UsageError, match="has no place for the scores"):
            scores.write(_record(), tmp_path)


def _board(folder: Path) -> Path:
    (folder / "docs").mkdir()
    (folder / "README.md").write_text(f"{scores.BEGIN}\n{scores.END}\n")
    scores.write(_record(), folder)
    return folder


def test_a_true_board_is_held_true_and_an_older_one_is_said_to_be(tmp_path: Path) -> None:
    root = _board(tmp_path)
    assert scores.check(_record(), root) == scores.Checked((), ())
    (root / "docs/scores.json").write_text(record.dumped({**scores.read(root), "code": "cd" * 32}))
    wrong, older = scores.check(_record(), root).wrong, scores.check(_record(), root).older
    # The board says of which code it is, so README no longer shows what the file says.
    assert wrong == ("README.md does not show what docs/scores.json says",
                     "docs/scores.md does not show what docs/scores.json says")  # fmt: skip
    assert older == ("code",)
    body = scores.read(root)
    (root / "README.md").write_text(scores.within((root / "README.md").read_text(), scores.block(body), "README.md"))
    (root / "docs/scores.md").write_text(scores.page(body))
    assert scores.check(_record(), root) == scores.Checked((), ("code",))


def test_a_figure_that_has_left_the_interval_of_today_is_wrong(tmp_path: Path) -> None:
    root = _board(tmp_path)
    body = scores.read(root)
    passed = body["groups"]["all"]["rates"]["passed"]
    # Wilson's interval of 2 in 2 begins at .342.
    for value, count in ((0.35, 0), (0.33, 1)):
        passed["value"] = value
        (root / "docs/scores.json").write_text(record.dumped(body))
        (root / "README.md").write_text(f"{scores.block(body)}\n")
        (root / "docs/scores.md").write_text(scores.page(body))
        told = scores.check(_record(), root).wrong
        assert len(told) == count, told
    assert told == ("all: Passed in all is 0.330 on the board, [0.342, 1.000] today",)
    del body["groups"]["all"]["rates"]["passed"]
    body["groups"]["gone"] = body["groups"]["all"]
    (root / "docs/scores.json").write_text(record.dumped(body))
    assert "all: Passed in all is told by the run alone" in scores.check(_record(), root).wrong
    assert "the group gone is no more" in scores.check(_record(), root).wrong


def test_the_command_checks_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _board(tmp_path)
    report.write(_record(), root / "run")
    words = ["scores", str(root / "run"), "--root", str(root), "--check"]
    assert main(words) == 0
    assert "The score board is of this very code" in capsys.readouterr().out
    (root / "README.md").write_text(f"{scores.BEGIN}\nPassed: all.\n{scores.END}\n")
    assert main(words) == 1
    assert "README.md does not show what docs/scores.json says" in capsys.readouterr().err
    assert "Passed: all." in (root / "README.md").read_text()
    with pytest.raises(UsageError, match="run `evals` alone"):
        scores.check(_record(own=False), root)


def test_make_test_holds_the_gates() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(MAKE) --no-print-directory gates" in made
    assert "evals scores build/gates/run --check" in made
