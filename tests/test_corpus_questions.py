"""The question-set format: what is written is read again, and every wrong line is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import BadQuestionSet, UnknownPath, WaymarkError
from corpus.questions import Case, Message, Relevant, line_of, read_set, write_set

GOOD: dict[str, Any] = {"id": "a", "question": "Where do I start?", "expect": "answered"}


def _written(folder: Path, *lines: str | dict[str, Any]) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines), encoding="utf-8")
    return path


def test_every_field_of_the_contract_is_read(tmp_path: Path) -> None:
    full = {
        **GOOD,
        "history": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        "relevant": [{"document": "start.md", "quote": "Start small."}, {"document": "other.md"}],
        "nuggets": [["small", "little"], ["start"]],
        "tags": ["tune"],
    }
    (case,) = read_set(_written(tmp_path, full)).cases
    assert case == Case(
        id="a",
        question="Where do I start?",
        expect="answered",
        history=(Message("user", "Hi"), Message("assistant", "Hello")),
        relevant=(Relevant("start.md", "Start small."), Relevant("other.md")),
        nuggets=(("small", "little"), ("start",)),
        tags=("tune",),
    )


def test_optional_fields_may_be_absent_null_or_empty(tmp_path: Path) -> None:
    path = _written(
        tmp_path, GOOD, {**GOOD, "id": "b", "history": None, "tags": None}, {**GOOD, "id": "c", "nuggets": []}
    )
    a, b, c = read_set(path).cases
    assert (a.history, a.nuggets) == (b.history, b.nuggets) == (c.history, c.nuggets) == ((), ())


def test_blank_lines_a_byte_order_mark_and_line_separators_inside_text_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    text = json.dumps({**GOOD, "question": "one\u2028two"}, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n" + json.dumps({**GOOD, "id": "b"}).encode() + b"\n")
    assert [case.id for case in read_set(path).cases] == ["a", "b"]
    assert read_set(path).cases[0].question == "one\u2028two"


def test_the_digest_follows_the_bytes(tmp_path: Path) -> None:
    one = read_set(_written(tmp_path, GOOD)).digest
    assert one == read_set(_written(tmp_path, GOOD)).digest
    assert one != read_set(_written(tmp_path, {**GOOD, "question": "Where else?"})).digest


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{", "JSON"),
        ("[1]", "the line"),
        ('"text"', "the line"),
        ("[" * 100_000, "JSON"),
        ('{"id": "a", "id": "b", "question": "What?", "expect": "answered"}', "twice"),
        ({**GOOD, "answer": "x"}, "'answer' is not a field"),
        ({**GOOD, "expect": "clarify"}, "expect"),
        ({**GOOD, "id": ""}, "id"),
        ({**GOOD, "id": 3}, "id"),
        ({**GOOD, "question": " ?! "}, "question"),
        ({**GOOD, "nuggets": [[]]}, "nuggets"),
        ({**GOOD, "nuggets": [["..."]]}, "nuggets"),
        ({**GOOD, "nuggets": ["flat"]}, "nuggets"),
        ({**GOOD, "history": [{"role": "system", "content": "x"}]}, "history"),
        ({**GOOD, "relevant": [{"quote": "no document"}]}, "'relevant.0.document' is missing"),
        ({"id": "a", "question": "What?"}, "'expect' is missing"),
        ('{"id": "a", "question": "\\ud800?x", "expect": "answered"}', "half a character"),
    ],
)
def test_a_wrong_line_is_refused_with_file_and_line(tmp_path: Path, line: str | dict[str, Any], word: str) -> None:
    path = _written(tmp_path, {**GOOD, "id": "fine"}, "", line)
    with pytest.raises(BadQuestionSet) as caught:
        read_set(path)
    assert f"{path}, line 3" in str(caught.value)
    assert word in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b"\n\xff\xfe\n")
    with pytest.raises(BadQuestionSet, match="line 2: it is not UTF-8"):
        read_set(path)


def test_an_id_used_twice_is_refused_naming_both_lines(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionSet, match=r"line 2: the id 'a' was used on line 1 already"):
        read_set(_written(tmp_path, GOOD, GOOD))
    case = Case("a", "What?", "answered")
    with pytest.raises(BadQuestionSet, match="'a' is used twice"):
        write_set(tmp_path / "out.jsonl", [case, case])
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("content", ["", "\n\n  \n"])
def test_an_empty_set_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadQuestionSet, match="holds no question"):
        read_set(_written(tmp_path, content))


def test_a_missing_file_and_a_folder_are_usage_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(UnknownPath) as caught:
            read_set(path)
        assert isinstance(caught.value, WaymarkError)
        assert caught.value.exit_code == 2
        assert str(path) in str(caught.value)


_text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
    lambda text: any(character.isalnum() for character in text)
)
_cases = st.builds(
    Case,
    id=_text,
    question=_text,
    expect=st.sampled_from(("answered", "partial", "abstained", "handed_on")),
    history=st.lists(st.builds(Message, st.sampled_from(("user", "assistant")), _text), max_size=3).map(tuple),
    relevant=st.lists(st.builds(Relevant, _text, st.none() | _text), max_size=3).map(tuple),
    nuggets=st.lists(st.lists(_text, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    tags=st.lists(_text, max_size=3).map(tuple),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(_cases, min_size=1, max_size=5, unique_by=lambda case: case.id))
def test_what_is_written_is_read_again(tmp_path: Path, cases: list[Case]) -> None:
    path = tmp_path / "again.jsonl"
    write_set(path, cases)
    assert list(read_set(path).cases) == cases
    assert path.read_text(encoding="utf-8").rstrip("\n").split("\n") == [line_of(case) for case in cases]
