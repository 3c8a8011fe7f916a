"""The chat's own logic: what the page shows step by step."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.answer import Situation, Turn
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from ui.api import Desk
from ui.chat import EXAMPLES, _Page, build_chat
from ui.work import Workers


def converse(settings: Settings, advisor: FakeAdvisor, text: str, *inputs: Any) -> tuple[_Page, list[dict[Any, Any]]]:
    """The page and every update that it gets for one question."""

    async def main() -> tuple[_Page, list[dict[Any, Any]]]:
        import gradio as gr

        workers = Workers(1, 1)
        desk = Desk(settings, workers, advisor)  # type: ignore[arg-type]
        with gr.Blocks(analytics_enabled=False):
            page = _Page(desk)
        given = inputs or ([], "", "", "", "")
        updates = [update async for update in page.converse(text, *given)]
        workers.close()
        return page, updates

    return asyncio.run(main())


def shown(page: _Page, update: dict[Any, Any]) -> list[dict[str, Any]]:
    """The messages of an update."""
    value = update[page.chat]
    return value["value"] if isinstance(value, dict) else value  # type: ignore[no-any-return]


def test_claims_appear_one_by_one_and_the_whole_answer_last(settings: Settings) -> None:
    page, updates = converse(settings, FakeAdvisor(), "How do I sail?")
    messages = [shown(page, update) for update in updates if page.chat in update]
    assert all([message["role"] for message in seen] == ["user", "assistant"] for seen in messages)
    marks = [seen[-1]["content"].count('class="wm-mark"') for seen in messages]
    assert marks[0] == 0
    assert marks[1:-1] == [0, 1, 2, 3, 4]  # a notice comes first
    assert "wm-guides" in messages[-1][-1]["content"]
    assert [option["value"] for option in messages[-1][-1]["options"]] == [
        "What does a dinghy cost?",
        "Which knots come first?",
    ]
    assert updates[0][page.box]["stop_btn"] is True
    assert updates[-1][page.box]["submit_btn"] is True


def test_the_conversation_is_kept_by_the_page_and_sent_along(settings: Settings) -> None:
    advisor = FakeAdvisor()
    page, updates = converse(settings, advisor, "How do I sail?")
    talk = [update[page.talk] for update in updates if page.talk in update][-1]
    page, updates = converse(settings, advisor, "And then?", talk, "nurse", "Ruritania", "5", "")
    asked = advisor.asked[-1]
    assert asked.text == "And then?"
    assert asked.situation == Situation("nurse", "Ruritania", 5.0)
    assert [turn.role for turn in asked.history] == ["user", "assistant"]
    assert asked.history[0] == Turn("user", "How do I sail?")
    assert asked.history[1].content.startswith("Learn to read the wind")
    last = shown(page, updates[-2])
    assert [message["role"] for message in last] == ["user", "assistant", "user", "assistant"]
    assert last[1]["options"] == []
    assert next(update for update in updates if page.region in update)[page.region] == "Ruritania"


def test_options_of_a_question_asked_back_are_buttons(settings: Settings) -> None:
    page, updates = converse(settings, FakeAdvisor(clarify=True), "sailing?")
    last = shown(page, updates[-2])[-1]
    assert [option["value"] for option in last["options"]] == ["Sailing a dinghy", "Sailing a yacht"]
    assert "wm-clarify" in last["content"]


def test_a_refusal_is_told_in_its_own_sentence(settings: Settings) -> None:
    page, updates = converse(settings, FakeAdvisor(), "x" * 4_001)
    assert "The question is empty or too long." in shown(page, updates[-2])[-1]["content"]
    assert updates[-1][page.box]["submit_btn"] is True


def test_an_empty_question_does_nothing(settings: Settings) -> None:
    advisor = FakeAdvisor()
    page, updates = converse(settings, advisor, " \n ")
    assert len(updates) == 1
    assert page.chat not in updates[0]
    assert advisor.asked == []


def test_a_question_is_shown_as_text(settings: Settings) -> None:
    page, updates = converse(settings, FakeAdvisor(), "<img src=x onerror=alert(1)> \ud800")
    content = shown(page, updates[0])[0]["content"]
    assert "&lt;img" in content
    assert "<img" not in content
    content.encode("utf-8")


def test_examples_are_wired_and_the_queue_is_bounded(settings: Settings) -> None:
    async def main() -> Any:
        return build_chat(Desk(settings, Workers(1, 1)))

    blocks = asyncio.run(main())
    assert blocks._queue.max_size == settings.queue
    assert blocks._queue.default_concurrency_limit == settings.workers
    assert len({question for _, question in EXAMPLES}) == len(EXAMPLES) == 8
    chat = next(block for block in blocks.blocks.values() if getattr(block, "elem_id", None) == "wm-chat")
    assert chat.sanitize_html is True
    assert chat.allow_tags is False
    # Nothing that a browser sends as messages is ever read.
    assert all(chat not in dependency.inputs for dependency in blocks.fns.values())
