"""Text at the edges: half characters, terminal codes, JSON."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import printable, to_json, whole

any_text = st.text(st.characters(codec=None), max_size=40)


@given(any_text)
def test_whole_text_can_be_written_and_is_otherwise_unchanged(text: str) -> None:
    made = whole(text)
    made.encode("utf-8")
    assert whole(made) == made
    if not any("\ud800" <= ch <= "\udfff" for ch in text):
        assert made == text


def test_two_halves_make_their_character_and_one_half_none() -> None:
    assert whole("a\ud83d\udef6b") == "a🛶b"
    assert whole("a\ud83db\udef6") == "a\ufffdb\ufffd"


@given(any_text)
def test_printable_text_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    assert not any((ch < " " and ch not in "\t\n") or "\x7f" <= ch <= "\x9f" for ch in printable(text))


def test_letters_of_every_script_stay() -> None:
    text = "naïve Größe 你好 עברית 🛶\ttab\nline"
    assert printable(text) == text
    assert "\x1b" not in printable("\x1b[31mred\x1b]8;;https://evil.example\x07")
    assert "\u202e" not in printable("\u202eevil")


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), st.lists, max_leaves=8))
def test_json_is_one_line_that_reads_back(value: object) -> None:
    written = to_json(value)
    assert "\n" not in written
    assert json.loads(written) == value


@given(any_text)
def test_json_is_utf8_whatever_stands_in_a_source(text: str) -> None:
    assert json.loads(to_json([text]).encode("utf-8")) == [whole(text)]


def test_not_a_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json({"score": math.nan})
