"""Gold quotes must stand in their documents; what is wrong is named by file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.errors import BadQuestionSet
from corpus.questions import Case, QuestionSet, Relevant, read_set, write_set
from evals import control_world as world
from evals.control_world import Replies
from evals.quotes import check_quotes


@dataclass(frozen=True, slots=True)
class Listing(Replies):
    def sources(self) -> Mapping[str, Sequence[str]] | None:  # type: ignore[override]
        return {f"{name}.md": [name] for name in world.TEXTS}


LISTING = Listing({})


def _set(tmp_path: Path, *quotes: tuple[str, str | None]) -> QuestionSet:
    cases = [Case(f"c{i}", "Why?", "answered", relevant=(Relevant(*each),)) for i, each in enumerate(quotes)]
    write_set(tmp_path / "mine.jsonl", cases)
    text = (tmp_path / "mine.jsonl").read_text()
    (tmp_path / "mine.jsonl").write_text("\n\n" + text)  # so that lines are not places
    return read_set(tmp_path / "mine.jsonl")


def test_quotes_that_stand_there_pass_whatever_their_white_space(tmp_path: Path) -> None:
    good = _set(tmp_path, ("baking.md", "employs  25\npeople"), ("clocks.md", None))
    assert check_quotes([good], LISTING) == ()


def test_a_quote_that_does_not_is_named_by_file_and_line(tmp_path: Path) -> None:
    bad = _set(tmp_path, ("baking.md", "employs 25 people"), ("baking.md", "employs 26 people"))
    with pytest.raises(BadQuestionSet, match=r"mine\.jsonl, line 4: the quote 'employs 26 people' does not stand in"):
        check_quotes([bad], LISTING)


def test_documents_that_the_library_lacks_are_told_and_allowed(tmp_path: Path) -> None:
    far = _set(tmp_path, *((f"far{i}.md", "never read") for i in range(5)))
    (told,) = check_quotes([far], LISTING)
    assert told == "mine.jsonl names documents that are not in the library: far0.md, far1.md, far2.md and 2 more."


def test_a_server_does_not_list_its_documents(tmp_path: Path) -> None:
    assert check_quotes([_set(tmp_path, ("baking.md", "never"))], Replies({})) == ()
