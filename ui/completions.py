"""The OpenAI protocol, so that any chat client can ask: GET /v1/models and POST /v1/chat/completions.

What the protocol has no name for comes beside it: `waymark` holds the body of /ask, and each `url_citation` carries
the quote and its place. Names and shapes are those of OpenAI's API reference for chat completions.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import FastAPI, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response

from bot.answer import Answer, Citation, ClaimEvent, DoneEvent, Event, Mode, NoticeEvent, Question, Situation, Turn
from corpus.errors import UnknownModel, UnusableMessages
from ui import problems
from ui.bodies import SituationBody, Text
from ui.streaming import event_stream
from ui.text import to_json

if TYPE_CHECKING:
    from ui.api import Desk

MODELS: dict[str, Mode] = {"waymark": "auto", "waymark-extractive": "extractive"}
_MARK = re.compile(r"(?<!\\)\[(\d+)\]")
_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})
# When the answers began to be given in this form: clients sort their models by it, and it tells nothing else.
_CREATED = 1_763_683_200


def _text_of(content: Any) -> Any:
    """A list of text parts as one text; other parts (pictures, sound) cannot be read."""
    if not isinstance(content, list):
        return content
    texts = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") not in _TEXT_PARTS or not isinstance(part.get("text"), str):
            raise ValueError("only parts of the type text can be read")
        texts.append(part["text"])
    return "\n".join(texts)


class MessageBody(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[Text | None, BeforeValidator(_text_of)] = None


class StreamOptionsBody(BaseModel):
    include_usage: bool | None = None


class CompletionBody(BaseModel):
    """A request of the OpenAI protocol. Parameters that are not named here are ignored: nothing is sampled."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "waymark", "messages": [{"role": "user", "content": "Do I need a degree?"}]}]
        }
    )

    model: Text = Field("waymark", description="one of GET /v1/models")
    messages: list[MessageBody] = Field(
        min_length=1,
        description="the conversation, the question last; system messages and tools are passed over",
    )
    stream: bool | None = None
    stream_options: StreamOptionsBody | None = None
    situation: SituationBody | None = Field(None, description="as in POST /ask; not part of the protocol")

    def question_value(self) -> Question:
        """Raises UnknownModel, and UnusableMessages where the last message is not a question."""
        if self.model not in MODELS:
            names = ", ".join(MODELS)
            raise UnknownModel(f"The model `{self.model[:100]}` does not exist here; there are: {names}.")
        *before, last = self.messages
        if last.role != "user" or last.content is None:
            raise UnusableMessages("The last message must have the role `user` and hold the question as text.")
        history = tuple(
            Turn("user" if turn.role == "user" else "assistant", turn.content)
            for turn in before
            if turn.role in ("user", "assistant") and turn.content
        )
        told = self.situation or SituationBody()
        situation = Situation(told.background, told.region, told.hours_per_week, told.goal)
        return Question(last.content, history, situation, MODELS[self.model])


def add_completions(app: FastAPI, desk: Desk) -> None:
    """Joins the two addresses to `app`."""

    @app.get("/v1/models", response_model=None, responses={200: _described("The models.")}, tags=["openai"])
    async def models() -> Response:
        """What may be named as `model`."""
        return _json({"object": "list", "data": [_model(name) for name in MODELS]})

    @app.get("/v1/models/{model}", response_model=None, responses={200: _described("The model.")}, tags=["openai"])
    async def model(model: str) -> Response:
        """One of them."""
        if model not in MODELS:
            raise UnknownModel(f"There is no such model; there are: {', '.join(MODELS)}.")
        return _json(_model(model))

    @app.post("/v1/chat/completions", response_model=None, responses={200: _ANSWER}, tags=["openai"])
    async def completions(body: CompletionBody, request: Request) -> Response:
        """An answer for any client of the OpenAI protocol, whole or (`stream`) as server-sent chunks."""
        question = body.question_value()
        asked = sum(len((message.content or "").split()) for message in body.messages)
        reply = _Reply(body.model, str(request.base_url).rstrip("/"), asked)
        if not body.stream:
            return _json(reply.whole(await desk.ask(question)))
        usage = bool(body.stream_options and body.stream_options.include_usage)
        live = desk.settings.model is not None and question.mode != "extractive"
        stream = _Stream(reply, live, usage)
        return await event_stream(desk.events(question), stream.chunks, stream.failure)


def content_of(answer: Answer) -> str:
    """The answer as a message: where it asks back, with what can be asked, since such a client shows nothing else."""
    return (
        "\n".join((answer.answer, "", *(f"- {option}" for option in answer.options)))
        if answer.options
        else answer.answer
    )


def _described(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": {"type": "object"}}}}


_ANSWER: dict[str, Any] = {
    "description": "A `chat.completion`, or with `stream` a line of `chat.completion.chunk` events and `[DONE]`.",
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "text/event-stream": {"schema": {"type": "string"}},
    },
}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "waymark"}


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type="application/json", headers={"cache-control": "no-store"})


@dataclass(frozen=True, slots=True)
class _Reply:
    """What all parts of one reply share. `asked` is the length of the request in words: there are no tokens here."""

    model: str
    base: str
    asked: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        content = content_of(answer)
        message = {
            "role": "assistant",
            "content": content,
            "refusal": None,
            "annotations": self.annotations(content, answer.citations),
        }
        return {
            **self.head("chat.completion"),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": self.usage(content),
            "waymark": answer.to_dict(),
        }

    def head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def usage(self, content: str) -> dict[str, int]:
        """Counted in words: the guides' own sentences have no tokens."""
        given = len(content.split())
        return {"prompt_tokens": self.asked, "completion_tokens": given, "total_tokens": self.asked + given}

    def annotations(self, content: str, citations: Sequence[Citation], begin: int = 0) -> list[dict[str, Any]]:
        """One for each mark from `begin` on: `content[start_index:end_index]` is the mark, in code points."""
        by_number = {str(citation.number): citation for citation in citations}
        return [
            {"type": "url_citation", "url_citation": self._cited(by_number[mark[1]], *mark.span())}
            for mark in _MARK.finditer(content, begin)
            if mark[1] in by_number
        ]

    def _cited(self, citation: Citation, start: int, end: int) -> dict[str, Any]:
        return {
            "start_index": start,
            "end_index": end,
            "title": citation.title,
            "url": citation.url or f"{self.base}/documents/{citation.document_id}",
            "number": citation.number,
            "document_id": citation.document_id,
            "section": citation.section,
            "quote": citation.quote,
            "start": citation.start,
            "end": citation.end,
        }


class _Stream:
    """One reply in chunks, whose contents together are the answer.

    `live`: a model writes, and each claim is sent once it is checked. Otherwise the answer is known at once, and its
    frame sentences, which only the whole answer tells, stand where they belong.
    """

    def __init__(self, reply: _Reply, live: bool, usage: bool) -> None:
        self._reply = reply
        self._live = live
        self._usage = usage
        self._sent = ""
        self._begun = False

    def chunks(self, event: Event) -> Iterator[bytes]:
        """What one event of the answer is on the wire."""
        if not self._begun:
            self._begun = True
            yield self._chunk({"role": "assistant", "content": ""})
        match event:
            case ClaimEvent() if self._live:
                yield self._content(event.markdown, event.citations)
            case DoneEvent():
                yield from self._done(event.answer)
            case ClaimEvent() | NoticeEvent():
                pass

    def failure(self, error: Exception) -> bytes:
        """The error that ends a stream, in the protocol's shape."""
        body = problems.body_of(error)
        return _data(problems.protocol_error(body["status"], body["detail"]))

    def _done(self, answer: Answer) -> Iterator[bytes]:
        content = content_of(answer)
        if content.startswith(self._sent):
            rest = content[len(self._sent) :]
        else:
            # The model broke off; what was sent was checked and stands, and the guides' own answer follows it.
            rest = "\n\n".join(("", *answer.notices[-1:], content))
        if rest:
            yield self._content(rest, answer.citations)
        yield self._chunk({}, finish="stop", waymark=answer.to_dict())
        if self._usage:
            head = self._reply.head("chat.completion.chunk")
            yield _data({**head, "choices": [], "usage": self._reply.usage(self._sent)})
        yield b"data: [DONE]\n\n"

    def _content(self, text: str, citations: Sequence[Citation]) -> bytes:
        begin = len(self._sent)
        self._sent += text
        annotations = self._reply.annotations(self._sent, citations, begin)
        return self._chunk({"content": text, **({"annotations": annotations} if annotations else {})})

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        head = self._reply.head("chat.completion.chunk")
        return _data({**head, "choices": [choice], **({"usage": None} if self._usage else {}), **more})


def _data(value: Any) -> bytes:
    return f"data: {to_json(value)}\n\n".encode()
