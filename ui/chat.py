"""The chat page: a Gradio Blocks over the desk's events. The one importer of Gradio.

The page keeps the conversation (a JSON value that is not drawn) and sends it along with each question; the server
keeps nothing of it. The chat's own value is only ever written, never read back: what a browser sends as messages could
name files and components.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

import gradio as gr
from fastapi import FastAPI

from bot.answer import Answer, Citation, Claim, ClaimEvent, DoneEvent, NoticeEvent, Question, Situation
from corpus.errors import FeedbackError, WaymarkError
from ui import exchanges, render
from ui.api import Desk
from ui.exchanges import Asked, Exchange
from ui.feedback import LONGEST_NOTE, REASONS, keep
from ui.text import whole
from ui.theme import theme

# An extractive answer is known at once. A breath between its claims lets each be drawn by itself and lets other
# people's requests in between; all together never more than _BREATHS seconds.
_BREATH, _BREATHS = 0.04, 0.6

EXAMPLES = (
    ("I'm changing career", "How do I change career into data?"),
    ("I'm a student", "How do I get a machine learning internship?"),
    ("I'm starting from zero", "What should I learn first?"),
    ("I was laid off", "What should I do first after a layoff?"),
    ("I'm a nurse", "Which data jobs suit a nurse?"),
    ("I'm over 40", "Am I too old to start in data?"),
    ("I look at the pay", "How much do data scientists earn?"),
    ("I worry about AI", "Will AI replace entry-level data jobs?"),
)


def mount_chat(app: FastAPI, desk: Desk) -> Any:
    """Puts the chat at `/` of `app`; returns Gradio's own app, whose `stop_event` ends its open connections."""
    gr.mount_gradio_app(
        app,
        build_chat(desk),
        path="/",
        theme=theme(),
        head=_HEAD_TAGS,
        show_error=False,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=1,
    )
    return app.routes[-1].app  # type: ignore[attr-defined]


def build_chat(desk: Desk) -> gr.Blocks:
    """The page and its wiring."""
    blocks: gr.Blocks
    with gr.Blocks(title="Waymark", analytics_enabled=False, fill_height=True) as blocks:
        page = _Page(desk)
        asked: list[Any] = [page.box.submit(page.converse, [page.box, *page.inputs], page.outputs, **_EVENT)]
        asked.append(page.chat.option_select(page.choose, page.inputs, page.outputs, **_EVENT))
        for button, (_, question) in zip(page.examples, EXAMPLES, strict=True):
            given = gr.State(question)
            asked.append(button.click(page.converse, [given, *page.inputs], page.outputs, **_EVENT))
        asked.append(page.retry.click(page.asked_again, [page.last, *page.inputs], page.outputs, **_EVENT))
        page.edit.click(page.edited, [page.last, page.talk], page.outputs, queue=False, show_progress="hidden")
        page.box.stop(page.stopped, None, [page.box, page.actions], cancels=asked, queue=False, show_progress="hidden")
        opened = [page.note, page.thumb, page.reason, page.why]
        page.up.click(lambda: page.thought("up"), None, opened, queue=False, show_progress="hidden")
        page.down.click(lambda: page.thought("down"), None, opened, queue=False, show_progress="hidden")
        thought = [page.talk, page.thumb, page.reason, page.why]
        page.send.click(page.sent, thought, [page.note, page.thumbs, page.why], queue=False, show_progress="hidden")
        page.forget.click(page.forgotten, None, [page.about_you, *page.about], queue=False, show_progress="hidden")
        page.again.click(page.cleared, None, page.outputs, cancels=asked, queue=False, show_progress="hidden")
    blocks.queue(max_size=desk.settings.queue or 1, default_concurrency_limit=desk.settings.workers, api_open=False)
    return blocks


_EVENT: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "once", "concurrency_id": "answers"}


class _Page:
    """The components, drawn in order, and what happens when a person acts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.talk = gr.JSON([], visible=False)
        self.last = gr.JSON(None, visible=False)
        with gr.Row(elem_id="wm-head"):
            _own_html(_HEAD, elem_id="wm-brand")
            if self._desk.settings.uploads:
                _own_html('<a class="wm-shelf" href="/guides">My guides</a>', elem_id="wm-shelf")
            self.again = gr.Button("New conversation", elem_id="wm-again", size="sm", visible=False)
        with gr.Column(elem_id="wm-welcome") as self.welcome:
            _own_html(_WELCOME)
            with gr.Row(elem_id="wm-examples"):
                self.examples = [
                    gr.Button(f"{who}\n{question}", elem_classes="wm-example") for who, question in EXAMPLES
                ]
        self.chat = _chatbot()
        with gr.Row(elem_id="wm-actions", visible=False) as self.actions:
            self.retry = gr.Button("Ask again", elem_id="wm-retry", size="sm")
            self.edit = gr.Button("Edit the question", elem_id="wm-edit", size="sm")
            # These three are heard by static/export.js: what they make never leaves the page.
            gr.Button("Copy with sources", elem_id="wm-copy", size="sm")
            gr.Button("Save as Markdown", elem_id="wm-save-text", size="sm")
            gr.Button("Save to print", elem_id="wm-save-page", size="sm")
        self._feedback()
        with gr.Column(elem_id="wm-foot"):
            self.box = gr.Textbox(
                elem_id="wm-box",
                placeholder="Ask about work in data or AI",
                show_label=False,
                label="Your question",
                lines=1,
                max_lines=6,
                max_length=4_000,
                submit_btn=True,
                autofocus=True,
            )
            with gr.Accordion(_card_title(Situation()), open=False, elem_id="wm-about-you") as self.about_you:
                _own_html(_CARD)
                with gr.Row():
                    self.background = gr.Textbox(label="What you do now", placeholder="nurse, student, accountant …")
                    self.region = gr.Textbox(label="Where you live", placeholder="country or region")
                with gr.Row():
                    self.hours = gr.Textbox(label="Hours a week to learn", placeholder="5", max_length=8)
                    self.goal = gr.Textbox(label="What you aim at", placeholder="data analyst, a first job …")
                self.forget = gr.Button("Clear what I told", elem_id="wm-forget", size="sm")
            _own_html(_SMALL)
        self.about = [self.background, self.region, self.hours, self.goal]
        self.inputs = [self.talk, *self.about]
        self.outputs = [self.chat, self.box, self.talk, self.last, self.welcome, self.again, self.actions]
        self.outputs += [self.thumbs, self.note]
        self.outputs += [self.about_you, *self.about]

    def _feedback(self) -> None:
        """Two thumbs, and the note that is sent with one; shown only where a setting says that they are kept."""
        with gr.Row(elem_id="wm-thumbs", visible=False) as self.thumbs:
            self.up = gr.Button("Helpful", elem_id="wm-up", size="sm")
            self.down = gr.Button("Not helpful", elem_id="wm-down", size="sm")
        with gr.Column(elem_id="wm-note", visible=False) as self.note:
            self.thumb = gr.Textbox("", visible=False)
            self.reason = gr.Radio(list(REASONS), label="What was wrong?", visible=False)
            self.why = gr.Textbox(label="Your note (optional)", lines=2, max_length=LONGEST_NOTE)
            _own_html(_KEPT)
            self.send = gr.Button("Send", elem_id="wm-send", size="sm")

    def thought(self, thumb: str) -> dict[Any, Any]:
        """A thumb was given: the note opens, and nothing is kept yet."""
        return {
            self.note: gr.update(visible=True),
            self.thumb: thumb,
            self.reason: gr.update(value=None, visible=thumb == "down"),
            self.why: "",
        }

    def sent(self, talk: Any, thumb: str, reason: str | None, why: str | None) -> dict[Any, Any]:
        """The person sent it: it is kept, and the thumbs have done their work."""
        file = self._desk.settings.feedback
        opinion = exchanges.opinion(exchanges.read(talk), thumb, reason, why)
        if file is not None and opinion is not None:
            try:
                keep(file, opinion, date.today())
            except FeedbackError as error:
                return {self.why: gr.update(info=str(error))}
        return {self.note: gr.update(visible=False), self.thumbs: gr.update(visible=False)}

    async def choose(self, event: gr.SelectData, *inputs: Any) -> AsyncIterator[dict[Any, Any]]:
        """A suggestion or an option was clicked: it is the next question."""
        async for update in self.converse(str(event.value), *inputs):
            yield update

    async def converse(
        self, text: str, talk: Any, background: str, region: str, hours: str, goal: str
    ) -> AsyncIterator[dict[Any, Any]]:
        """Shows the question at once, then each claim as it comes, then the whole answer."""
        text = whole(text or "").strip()
        if not text:
            yield {self.box: gr.update()}
            return
        before = exchanges.read(talk)
        shown = [*_messages(before), _message("user", render.question_html(text))]
        yield {
            self.chat: gr.update(value=[*shown, _message("assistant", _WAIT)], visible=True),
            self.box: gr.update(value="", submit_btn=False, stop_btn=True),
            self.talk: exchanges.dumped(before),
            self.last: Asked(question=text, before=len(before)).model_dump(),
            self.welcome: gr.update(visible=False),
            self.again: gr.update(visible=True),
            **self._hidden(),
            self.about_you: gr.update(open=False),
        }
        question = Question(text, exchanges.turns(before), exchanges.situation(background, region, hours, goal))
        try:
            async for update in self._answer(question, shown, before):
                yield update
        except WaymarkError as error:
            yield {self.chat: [*shown, _message("assistant", render.notice_html(str(error)))]}
        yield {self.box: gr.update(submit_btn=True, stop_btn=False), self.actions: gr.update(visible=True)}

    async def asked_again(self, last: Any, talk: Any, *about: str) -> AsyncIterator[dict[Any, Any]]:
        """The last question once more, in the place of its first answer."""
        asked, before = exchanges.last_asked(last, talk)
        async for update in self.converse(asked, exchanges.dumped(before), *about):
            yield update

    def edited(self, last: Any, talk: Any) -> dict[Any, Any]:
        """The last question goes back into the box, and what came of it away."""
        asked, before = exchanges.last_asked(last, talk)
        if not before:
            return {**self.cleared(), self.box: gr.update(value=asked)}
        return {
            self.chat: gr.update(value=_messages(before)),
            self.box: gr.update(value=asked),
            self.talk: exchanges.dumped(before),
            self.last: None,
            **self._hidden(),
        }

    def _hidden(self) -> dict[Any, Any]:
        """What belongs to an answer, gone until there is one."""
        return {part: gr.update(visible=False) for part in (self.actions, self.thumbs, self.note)}

    async def _answer(
        self, question: Question, shown: Sequence[dict[str, Any]], before: Sequence[Exchange]
    ) -> AsyncIterator[dict[Any, Any]]:
        markdown, notices, claims = "", list[str](), list[Claim]()
        citations: dict[int, Citation] = {}
        breaths = 0.0
        async for event in self._desk.events(question):
            match event:
                case DoneEvent():
                    yield self._done(event.answer, question, shown, before)
                    return
                case ClaimEvent():
                    markdown += event.markdown
                    claims.append(event.claim)
                    citations.update((citation.number, citation) for citation in event.citations)
                case NoticeEvent():
                    notices.append(event.text)
            html = render.partial_html(markdown, tuple(citations.values()), claims, notices)
            yield {self.chat: [*shown, _message("assistant", html)]}
            if breaths < _BREATHS:
                breaths += _BREATH
                await asyncio.sleep(_BREATH)

    def _done(
        self, answer: Answer, question: Question, shown: Sequence[dict[str, Any]], before: Sequence[Exchange]
    ) -> dict[Any, Any]:
        html = render.answer_html(answer, question.text, strike=self._desk.settings.unsupported == "strike")
        options = [*answer.options, *answer.suggestions]
        exchange = exchanges.made(question.text, answer, html, kept=self._desk.settings.feedback is not None)
        return {
            self.chat: [*shown, _message("assistant", html, options)],
            self.thumbs: gr.update(visible=bool(exchange.status)),
            self.talk: exchanges.dumped([*before, exchange]),
            **self._card(answer.situation),
        }

    def _card(self, known: Situation) -> dict[Any, Any]:
        """The card with what is known in it, its title too: what was understood is seen, and corrected, at once."""
        return {
            self.about_you: gr.update(label=_card_title(known)),
            self.background: known.background or "",
            self.region: known.region or "",
            self.hours: "" if known.hours_per_week is None else f"{known.hours_per_week:g}",
            self.goal: known.goal or "",
        }

    def forgotten(self) -> dict[Any, Any]:
        """The person took back what stands in the card."""
        return self._card(Situation())

    def stopped(self) -> dict[Any, Any]:
        """The person stopped the answer: what is there stays, the box is free again."""
        return {self.box: gr.update(submit_btn=True, stop_btn=False), self.actions: gr.update(visible=True)}

    def cleared(self) -> dict[Any, Any]:
        """A new conversation: nothing of the old one is kept; what the person told of themselves stays."""
        return {
            self.chat: gr.update(value=[], visible=False),
            self.box: gr.update(value="", submit_btn=True, stop_btn=False),
            self.talk: [],
            self.last: None,
            **self._hidden(),
            self.welcome: gr.update(visible=True),
            self.again: gr.update(visible=False),
        }


def _own_html(html: str, **given: Any) -> gr.Markdown:
    """A fixed piece of our own HTML. Not `gr.HTML`: that one evaluates its text as a template, which needs a page that
    may run made-up scripts; ours may not.
    """
    return gr.Markdown(" ".join(html.split()), sanitize_html=True, latex_delimiters=[], **given)


def _chatbot() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="wm-chat",
        show_label=False,
        label="Conversation",
        visible=False,
        height=None,
        layout="panel",
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        allow_file_downloads=False,
        group_consecutive_messages=False,
        container=False,
    )


def _card_title(known: Situation) -> str:
    """What the closed card says: what is known of the person, in their own words, or what the card is for."""
    hours = "" if known.hours_per_week is None else f"{known.hours_per_week:g} hours a week"
    told = [part for part in (known.background, known.region, hours, known.goal and f"aim: {known.goal}") if part]
    return f"About you: {' · '.join(told)}" if told else "About you (optional; it stays in this page)"


def _message(role: str, html: str, options: Sequence[str] = ()) -> dict[str, Any]:
    return {"role": role, "content": html, "options": [{"value": text, "label": text} for text in options]}


def _messages(before: Sequence[Exchange]) -> list[dict[str, Any]]:
    """What was said before; its buttons are gone, since they belong to the last answer."""
    messages = []
    for exchange in before:
        messages.append(_message("user", render.question_html(exchange.question)))
        messages.append(_message("assistant", exchange.html))
    return messages


_WAIT = '<div class="wm-answer wm-coming"><p class="wm-wait">Looking through the guides …</p></div>'
_HEAD_TAGS = (
    '<link rel="stylesheet" href="/panel/chat.css">'
    '<script type="module" src="/panel/panel.js"></script><script type="module" src="/panel/tip.js"></script>'
    '<script type="module" src="/panel/page.js"></script><script type="module" src="/panel/export.js"></script>'
)
_HEAD = '<div class="wm-brand"><img src="/panel/icon.svg" alt="" width="32" height="32"><h1>Waymark</h1></div>'
_WELCOME = """<div class="wm-intro"><h2>Find your way into machine learning, data and AI work</h2>
<p>Waymark answers from a library of career guides. Each sentence carries a number like <span class="wm-chip">1</span>:
click it to read the exact words it rests on, in place. Where the guides are silent, Waymark says so.</p></div>"""
_CARD = """<p class="wm-card">Sent along with each question and kept in this page alone. What you write of yourself in
the conversation is filled in here; correct it, or clear it.</p>"""
_KEPT = """<p class="wm-card">Kept on this server when you send it: your question, what was said before it, what the
answer quoted, your reason and note, and the day. Nothing else about you.</p>"""
_SMALL = '<p class="wm-small">Answers quote guides and may miss your case. Check what matters in the sources.</p>'
