"""The page of sample answers: how it is written, and that the one in docs quotes the guides as they are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from bot.advisor import Advisor
from bot.answer import Answer, Citation, HandOn, Question, Situation
from bot.render import escape
from corpus.models import Reference
from evals.__main__ import main
from evals.samples import SAMPLES, Sample, page, quotes
from ingest.readers.document import read_document

DOCS = Path(__file__).parent.parent / "docs" / "answers.md"
LIST = "Bring these:\n- a cap\n- 2 oars [new]"


def _written(answer: Answer, *samples: Sample) -> str:
    return page(lambda _: answer, samples or (Sample("Anybody", "What do I *bring*?"),))


def test_quotes_are_read_back_as_the_guides_have_them() -> None:
    cited = tuple(
        Citation(number, "d", "Boats", None, "boats.md", "Gear", quote, 0, len(quote))
        for number, quote in enumerate((LIST, "O*NET counts a_b & <c>.", "1. Row"), 1)
    )
    written = _written(Answer("answered", "Bring these. [1]", citations=cited))
    assert quotes(written) == [LIST, "O*NET counts a_b & <c>.", "1. Row"]
    assert "   > - a cap\n" in written
    assert "What do I \\*bring\\*?" in written


def test_works_missing_parts_and_people_are_named() -> None:
    reference = Reference("Boat survey", "Harbour office", "https://boats.example/1", "2025-03")
    answer = Answer(
        "partial",
        "Oars. [1]",
        citations=(Citation(1, "d", "Boats", None, "b.md", "Gear", "Oars.", 0, 5, references=(reference,)),),
        missing=("sails",),
        hand_on=HandOn("legal", "a lawyer", "https://law.example"),
        suggestions=("What is a keel?",),
    )
    written = _written(answer, Sample("A rower", "Oars or sails?", situation=Situation("rower", hours_per_week=6)))
    assert "   - Boat survey, Harbour office, 2025-03, <https://boats.example/1>" in written
    assert "Missing: sails" in written
    assert "Whom to ask: a lawyer, https://law.example" in written
    assert "The library has: What is a keel?" in written
    assert "Known of the person: rower, 6 hours a week" in written


def test_a_follow_up_is_asked_with_the_answer_before_it() -> None:
    asked: list[Question] = []

    def ask(question: Question) -> Answer:
        asked.append(question)
        return Answer("answered", f"Answer {len(asked)}.")

    page(ask, (Sample("Again", "and how long?", before="What is a keel?"),))
    assert [each.text for each in asked] == ["What is a keel?", "and how long?"]
    assert [turn.content for turn in asked[1].history] == ["What is a keel?", "Answer 1."]


def test_the_real_advisor_fills_the_page(advisor: Advisor) -> None:
    written = page(advisor.invoke, (Sample("Pay", "How much does a data engineer earn?"),))
    assert any("84,500 crowns" in quote for quote in quotes(written))


def test_the_command_writes_the_page_of_the_default_library(
    advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evals.opening.default_library", lambda _: tmp_path)
    monkeypatch.setattr("bot.advisor.open_advisor", lambda *_: advisor)
    file = tmp_path / "answers.md"
    assert main(["samples", str(file)]) == 0
    assert file.read_text(encoding="utf-8").count("\n## ") == len(SAMPLES)
    assert capsys.readouterr().out == f"{file}\n"
    assert main(["samples", str(tmp_path / "none" / "answers.md")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_library_that_is_not_there_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["samples", str(tmp_path / "answers.md"), "--library", str(tmp_path / "no-library")]) == 2
    assert "no library" in capsys.readouterr().err.lower()


def test_the_page_in_docs_asks_these_questions_and_quotes_the_guides_as_they_are() -> None:
    shown = DOCS.read_text(encoding="utf-8")
    assert [line[2:-2] for line in shown.splitlines() if line.startswith("**")] == [
        escape(each.question) for each in SAMPLES
    ]
    texts = "\n".join(
        read_document(entry.read_bytes(), entry.name).text
        for entry in files("corpus.guides").iterdir()
        if entry.name.endswith(".md")
    )
    found = quotes(shown)
    assert len(found) >= len(SAMPLES)
    stale = [quote for quote in found if quote not in texts]
    assert stale == [], "run `evals samples docs/answers.md`"
