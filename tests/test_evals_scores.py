"""The score board: what README and docs show is what the committed figures say, and the gates hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answer import Answer
from corpus.errors import UsageError
from corpus.questions import QuestionSet
from evals import control_world as world
from evals import gates, record, scores
from evals.board import MEASURES
from evals.control_world import asked, case
from evals.controls import Replies
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
