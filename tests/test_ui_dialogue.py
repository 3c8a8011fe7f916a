"""A conversation in the terminal: follow-ups, what is known of the person, and its end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from rich.console import Console

from bot.advisor import Advisor, open_advisor
from bot.answer import Situation
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.mock_model import mock_model
from tests.test_ui_cli import waymark_fed
from ui.dialogue import talk


def lines(*said: str) -> Callable[[], str]:
    left: Iterator[str] = iter(said)

    def next_line() -> str:
        for line in left:
            return line
        raise EOFError

    return next_line


def spoken(advisor: Any, *said: str) -> str:
    out = io.StringIO()
    console = Console(file=out, width=120, highlight=False, emoji=False, markup=False)
    talk(cast(Advisor, advisor), console, lines(*said))
    return out.getvalue()


def test_a_follow_up_is_read_with_what_was_said(advisor: Advisor) -> None:
    shown = spoken(
        advisor, "How much does a data engineer earn?", "", "How fast is it growing?", "/quit", "never asked"
    )
    assert "84,500 crowns" in shown
    assert "12 percent" in shown
    assert "never asked" not in shown


def test_what_is_known_of_a_person_is_set_shown_and_forgotten() -> None:
    fake = FakeAdvisor()
    shown = spoken(
        fake, "/me", "/me region=Ruritania", "/me hours=7.5", "/me hours=900", "/me age=3", "How?", "/me forget", "How?"
    )
    assert "Nothing is known of you." in shown
    assert "region: Ruritania, hours: 7.5" in shown
    assert "a number from 0 to 168" in shown
    assert "Write one of /me background=..." in shown
    assert [asked.situation for asked in fake.asked] == [Situation(region="Ruritania", hours_per_week=7.5), Situation()]


def test_a_new_conversation_forgets_what_was_said() -> None:
    fake = FakeAdvisor()
    spoken(fake, "One?", "Two?", "/new", "Three?", "/strange")
    assert [len(asked.history) for asked in fake.asked] == [0, 2, 0]


def test_a_number_chooses_what_was_asked_back() -> None:
    fake = FakeAdvisor(clarify=True)
    shown = spoken(fake, "How?", "2", "7")
    assert "2: Sailing a yacht" in shown
    assert [asked.text for asked in fake.asked] == ["How?", "Sailing a yacht", "7"]


def test_a_question_that_is_none_is_told_and_the_conversation_goes_on(advisor: Advisor) -> None:
    shown = spoken(advisor, "?!", "x" * 4_001, "How much does a data engineer earn?")
    assert "4,000" in shown
    assert "84,500 crowns" in shown


def test_a_model_s_answer_is_shown_once(library: Path, settings: Settings) -> None:
    with mock_model() as (url, script):
        script.reply = "The best-paid tenth earned more than 120,000 crowns in 2024. [k1]"
        named = replace(settings, model="m", model_url=url, model_key=SecretStr("k"), model_deadline=2.0)
        opened = open_advisor(library, named)
        shown = spoken(opened, "How much does a data engineer earn?")
        opened.library.close()
    assert shown.split("Sources")[0].count("120,000 crowns in 2024") == 1


def test_the_command_reads_from_a_pipe(library: Path) -> None:
    ended = waymark_fed(
        "How much does a data engineer earn?\nHow do interviews run?\n", "chat", "--library", str(library)
    )
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert "84,500 crowns" in ended.stdout
    assert "three rounds" in ended.stdout
