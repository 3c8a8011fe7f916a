"""A run that is broken off goes on where it stopped, and only where everything is still the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import UsageError
from evals import control_world as world
from evals.control_world import asked, case
from evals.ledger import NAME, open_ledger

KEY = {"questions": "q", "library": "l", "settings": "s", "code": "c"}
CASES = [case("a"), case("b"), case("c")]
SAID = world.answered(("baking", "The bakery on Mill Street employs 25 people."))


def _entered(folder: Path) -> Path:
    with open_ledger(folder, KEY, CASES) as ledger:
        ledger.enter(replace(asked(CASES[0], SAID), certainty=0.75))
        ledger.enter(asked(CASES[1], None, "away"))
    return folder / NAME


def test_answers_come_back_as_they_were_and_failures_are_asked_again(tmp_path: Path) -> None:
    _entered(tmp_path / "new" / "out")
    with open_ledger(tmp_path / "new" / "out", KEY, CASES) as ledger:
        assert dict(ledger.kept) == {"a": replace(asked(CASES[0], SAID), certainty=0.75)}


def test_what_is_kept_is_kept_over_many_breaks(tmp_path: Path) -> None:
    _entered(tmp_path)
    with open_ledger(tmp_path, KEY, CASES) as ledger:
        ledger.enter(asked(CASES[2], world.declined()))
    with open_ledger(tmp_path, KEY, CASES) as ledger:
        assert list(ledger.kept) == ["a", "c"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = _entered(tmp_path)
    with open_ledger(tmp_path, KEY, CASES) as ledger:
        ledger.enter(asked(CASES[2], SAID))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with open_ledger(tmp_path, KEY, CASES) as ledger:
        assert list(ledger.kept) == ["a"]


@pytest.mark.parametrize("name", list(KEY))
def test_a_run_of_anything_else_is_refused_unless_begun_anew(tmp_path: Path, name: str) -> None:
    _entered(tmp_path)
    other = {**KEY, name: "other"}
    with pytest.raises(UsageError, match=f"of other {name}. Begin anew with --fresh"):
        open_ledger(tmp_path, other, CASES)
    with open_ledger(tmp_path, other, CASES, fresh=True) as ledger:
        assert not ledger.kept


def test_a_file_that_is_no_ledger_is_begun_anew(tmp_path: Path) -> None:
    for text in ("", "not JSON\n", "[1]\n"):
        (tmp_path / NAME).write_text(text)
        with open_ledger(tmp_path, KEY, CASES) as ledger:
            assert not ledger.kept


def test_a_folder_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--out"):
        open_ledger(tmp_path / "file", KEY, CASES)
