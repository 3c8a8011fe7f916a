"""What people thought of answers: kept bounded, apart from the library, and exported as a set that evals reads."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from corpus.errors import FeedbackError
from corpus.questions import Message, Relevant, read_set
from ui import cli, feedback
from ui.feedback import LONGEST_NOTE, MOST_TURNS, Cited, Opinion, Said, cases, keep, kept

_DAY = date(2026, 11, 1)
_CITED = (Cited("sailing.md", "Most beginners need twelve weeks."),)
_SAID = (Said("user", "hello"), Said("assistant", "Hello."))
_UP = Opinion("up", "How long?", "answered", history=_SAID, cited=_CITED, generation="g1")


def test_what_is_kept_comes_back_whole_and_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "opinions.sqlite"
    keep(file, _UP, _DAY)
    keep(file, Opinion("down", "And pay? 🛶", "partial", "Something is wrong", "old figure"), _DAY)
    first, second = kept(file)
    assert first == Opinion("up", "How long?", "answered", "", "", _SAID, _CITED, "g1", "2026-11-01")
    assert (second.question, second.reason, second.note) == ("And pay? 🛶", "Something is wrong", "old figure")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nobody_makes_it_keep_without_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "opinions.sqlite"
    keep(file, Opinion("up", "x" * 9_000, "answered", note="n" * 9_000, history=_SAID * 50, cited=_CITED * 50), _DAY)
    (opinion,) = kept(file)
    assert (len(opinion.question), len(opinion.note)) == (feedback.LONGEST_TEXT, LONGEST_NOTE)
    assert (len(opinion.history), len(opinion.cited)) == (MOST_TURNS, feedback.MOST_CITED)
    monkeypatch.setattr(feedback, "MOST_ROWS", 1)
    with pytest.raises(FeedbackError, match="No more feedback is kept"):
        keep(file, _UP, _DAY)
    assert len(kept(file)) == 1


def test_a_reason_that_was_not_offered_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError):
        keep(tmp_path / "opinions.sqlite", Opinion("down", "q", "answered", "<script>"), _DAY)


@pytest.mark.parametrize(
    ("thumb", "status", "reason", "expected"),
    [
        ("up", "partial", "", "partial"),
        ("up", "handed_on", "", "handed_on"),
        ("down", "answered", "It should have declined", "abstained"),
        ("down", "abstained", "It should have answered", "answered"),
        ("down", "answered", "Not what I asked", "answered"),
    ],
)
def test_what_is_expected_follows_the_thumb(thumb: feedback.Thumb, status: str, reason: str, expected: str) -> None:
    (case,) = cases((Opinion(thumb, "q", status, reason, cited=_CITED),))
    assert case.expect == expected
    assert bool(case.relevant) == (thumb == "up")  # words that were no good are not to be found again


def test_the_command_writes_a_set_that_evals_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, target = tmp_path / "opinions.sqlite", tmp_path / "set.jsonl"
    keep(file, _UP, _DAY)
    keep(file, Opinion("down", "And pay?", "answered", "Something is wrong", "it's old"), _DAY)
    assert cli.main(["feedback", "export", str(target), "--database", str(file)]) == 0
    assert "2 questions" in capsys.readouterr().out
    first, second = read_set(target).cases
    assert (first.id, first.question, first.expect) == ("feedback-1", "How long?", "answered")
    assert first.history == (Message("user", "hello"), Message("assistant", "Hello."))
    assert first.relevant == (Relevant("sailing.md", "Most beginners need twelve weeks."),)
    assert second.tags == ("feedback", "down", "Something is wrong", "note: it's old")


def test_what_is_missing_or_no_database_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_text("this is a text and no database at all")
    for file, said in ((tmp_path / "none", "There is no feedback at"), (broken, "cannot be read")):
        assert cli.main(["feedback", "export", str(tmp_path / "out"), "--database", str(file)]) == 1
        assert said in capsys.readouterr().err
    with pytest.raises(FeedbackError):
        keep(broken, _UP, _DAY)
    good = tmp_path / "good.sqlite"
    keep(good, _UP, _DAY)
    assert cli.main(["feedback", "export", str(tmp_path), "--database", str(good)]) == 2
