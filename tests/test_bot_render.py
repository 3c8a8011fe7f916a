"""Claims as Markdown: nothing of a source is markup, and lists, rows and paragraphs stand apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.answer import Claim
from bot.render import Line, answer_text, escape


def line(text: str, *numbers: int, **more: object) -> Line:
    return Line(Claim(text, numbers, "supported"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "See [3] for more",
        "<script>alert(1)</script>",
        "**bold** and _emphasis_ and `code`",
        "# no heading",
        "- no item",
        "12. no item",
        "[x](javascript:alert(1))",
        "a &lt;b&gt; c",
        "![i](http://evil.example/x.png)",
    ],
)
def test_source_text_is_shown_as_it_stands(text: str) -> None:
    tokens = MarkdownIt().parse(escape(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    inline = tokens[1].children or []
    assert {token.type for token in inline} <= {"text", "text_special"}
    assert "".join(token.content for token in inline) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_no_text_makes_markup(text: str) -> None:
    tokens = MarkdownIt().parse(escape(text))
    kinds = {token.type for token in tokens} | {c.type for t in tokens for c in t.children or []}
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


def test_sentences_flow_lists_stand_and_paragraphs_break() -> None:
    text = answer_text(
        [
            line("First.", 1, fresh=True),
            line("Second.", 2),
            line("Entry points are:", 3, fresh=True),
            line("Analyst", 3, shape="item", fresh=True),
            line("Engineer", 3, shape="item"),
            line("Other guide.", 4, 5, fresh=True),
        ]
    )
    assert text == (
        "First. [1] Second. [2]\n\nEntry points are: [3]\n\n- Analyst [3]\n- Engineer [3]\n\nOther guide. [4][5]"
    )


def test_frame_stands_around() -> None:
    assert answer_text([line("One.", 1)], "Before.", "After.") == "Before.\n\nOne. [1]\n\nAfter."
