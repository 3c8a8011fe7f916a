"""An answer on a terminal: words, marks and quotes, and nothing that steers the screen."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot.answer import Answer, Claim, Question
from bot.render import Line, answer_text
from tests.fakes import answer, citation
from ui.terminal import show_answer, show_table


def shown(made: Answer, question: str = "How do I sail?", width: int = 100) -> str:
    out = io.StringIO()
    show_answer(made, question, Console(file=out, width=width, highlight=False, emoji=False, markup=False))
    return out.getvalue()


def test_the_answer_and_its_sources_are_shown() -> None:
    text = shown(answer(Question("How do I sail?")))
    for part in (
        "You asked about: learning to sail",
        "Learn to read the wind before you learn to steer. [1] Most beginners need twelve weeks. [2]",
        " • Knots: the bowline and the cleat hitch [3]",
        "the price of a berth",
        "a sailing instructor near you https://instructors.example/find",
        "[2] Learning to sail 🛶 by yourself · What to learn first · Ada Example · General · 2025-02-18",
        "“Most beginners need twelve weeks.”",
        "rests on: The wind book, Sea Press, 2019, https://sea.example/wind",
        "Which knots come first?",
        "Some words were read as other spellings.",
    ):
        assert part in text


def test_escapes_of_the_markdown_are_undone() -> None:
    quote = "use a_b *and* [1] <tag> #1 ~2~ &amp; C++ | 3"
    claim = Claim(quote, (1,), "supported")
    made = Answer("answered", answer_text([Line(claim)]), (claim,), (citation(1, "Money"),))
    assert f"{quote} [1]" in shown(made)


@pytest.mark.parametrize("code", ["\x1b[31m", "\x1b]8;;https://evil.example\x07", "\x9b2J", "\r", "\x08", "\u202e"])
def test_no_text_steers_the_terminal(code: str) -> None:
    evil = f"before{code}after"
    claim = Claim(evil, (1,), "supported")
    cited = replace(citation(1, "Money"), title=evil, quote=evil, author=evil, section=evil, source=evil, url=None)
    made = Answer(
        "partial",
        evil + " [1]",
        (claim,),
        (cited,),
        missing=(evil,),
        notices=(evil,),
        suggestions=(evil,),
        options=(evil,),
    )
    text = shown(replace(made, standalone_question=evil))
    assert code not in text
    assert text.count("before") >= 8


def test_markup_of_the_printer_is_text_too() -> None:
    made = Answer(
        "answered", "[bold red]x[/] :smile: [1]", (), (replace(citation(1, "Money"), title="[link=x]y[/link]"),)
    )
    text = shown(made)
    assert "[bold red]x[/] :smile:" in text
    assert "[link=x]y[/link]" in text


def test_a_table_shows_its_cells() -> None:
    out = io.StringIO()
    show_table("Shelf", ("title", "passages"), [("A [b]guide[/b]", "12")], Console(file=out, width=80))
    assert "A [b]guide[/b]" in out.getvalue()
    assert "12" in out.getvalue()
