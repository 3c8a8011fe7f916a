"""The HTTP interface: /ask, /ask/stream, /search, /documents, /health, as a FastAPI app over one `Desk`."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

import anyio
from fastapi import FastAPI, Query
from fastapi.sse import format_sse_event
from starlette.responses import HTMLResponse, Response

from bot.answer import Answer, ClaimEvent, DoneEvent, Event, NoticeEvent, Question
from corpus.errors import Overloaded, UnknownDocument
from corpus.settings import Settings
from ui import problems
from ui.bodies import (
    AnswerBody,
    AskBody,
    DocumentBody,
    HealthBody,
    SearchBody,
    ShelfBody,
    Text,
    document_value,
    search_value,
    shelf_value,
)
from ui.completions import add_completions
from ui.docs import docs_page
from ui.metrics import MEDIA_TYPE, Metrics
from ui.requests import note_question, note_stages
from ui.spans import Stage, ignored, stages_of
from ui.streaming import event_stream
from ui.text import to_json
from ui.work import Workers

if TYPE_CHECKING:
    from bot.advisor import Advisor

_DOCUMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass
class Desk:
    """Where questions are taken: the advisor (None while it is being made ready) and the bounded room for work.

    The one mutable value of the server; `advisor` is set once. Everything here runs on the server's event loop. `aside`
    takes the stages of answers that belong to no request, those of the page.
    """

    settings: Settings
    workers: Workers
    advisor: Advisor | None = None
    metrics: Metrics = field(default_factory=Metrics)
    aside: Callable[[Sequence[Stage]], None] = ignored

    def __post_init__(self) -> None:
        self.workers.told = self.metrics.places
        self.metrics.places(self.workers.places, self.workers.taken)

    def ready(self) -> Advisor:
        if self.advisor is None:
            raise Overloaded("Waymark is still getting ready. Try again in a few seconds.")
        return self.advisor

    async def ask(self, question: Question) -> Answer:
        advisor = self.ready()
        note_question(question.text)
        answer, ended = await self.workers.run(lambda: (advisor.answer(question), time.time()))
        self._given(answer, ended)
        return answer

    def events(self, question: Question) -> AsyncIterator[Event]:
        advisor = self.ready()
        note_question(question.text)
        request = copy_context()  # a thread answers, which does not know for whom
        return self.workers.stream(lambda: self._counted(advisor.events(question), request))

    def _counted(self, events: Iterator[Event], request: Context) -> Iterator[Event]:
        for event in events:
            if isinstance(event, DoneEvent):
                request.run(self._given, event.answer, time.time())
            yield event

    def _given(self, answer: Answer, ended: float) -> None:
        """An answer that is whole since `ended` (seconds since 1970): counted, and its stages noted."""
        self.metrics.answer(answer)
        stages = stages_of(answer, ended, self.settings.model)
        if not note_stages(stages):
            self.aside(stages)

    async def search(self, question: str, k: int) -> dict[str, Any]:
        """What GET /search returns. The whole search is made and its best `k` shown: the evidence is that of /ask."""
        advisor = self.ready()
        note_question(question)

        def look() -> tuple[dict[str, Any], Stage]:
            since, began = time.time(), time.perf_counter()
            index = advisor.library.current()
            value = search_value(advisor.retriever.find(Question(question), index=index), index, k)
            return value, Stage("search", since, time.perf_counter() - began)

        value, stage = await self.workers.run(look)
        note_stages((stage,))
        return value


def create_api(desk: Desk) -> FastAPI:
    """The app. Body size and time, security headers and the chat are joined to it by `ui.site`."""
    app = FastAPI(
        title="Waymark",
        summary="Career questions answered from guides, with the exact words behind every sentence.",
        version=version("waymark"),
        docs_url=None,  # its page loads scripts from another host; ours below does not
        redoc_url=None,
        redirect_slashes=False,
        responses={"default": {"model": problems.Problem, "description": "A problem document (RFC 9457)."}},
    )
    problems.install(app)
    _answers(app, desk)
    _library(app, desk)
    add_completions(app, desk)
    if desk.settings.api_keys is not None:
        _describe_keys(app)
    return app


def _describe_keys(app: FastAPI) -> None:
    """Tells in the description that a key is needed, and how it is sent."""
    bearer = {"type": "http", "scheme": "bearer"}
    header = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    description = app.openapi()  # kept by FastAPI, and served from then on
    description["components"]["securitySchemes"] = {"bearer": bearer, "header": header}
    description["security"] = [{"bearer": []}, {"header": []}]
    description["paths"]["/health"]["get"]["security"] = []


def _answers(app: FastAPI, desk: Desk) -> None:
    @app.post("/ask", response_model=None, responses={200: {"model": AnswerBody}}, tags=["answers"])
    async def ask(body: AskBody) -> Response:
        """Answer one question from the guides."""
        return _json((await desk.ask(body.question_value())).to_dict())

    @app.get("/ask", response_model=None, responses={200: {"model": AnswerBody}}, tags=["answers"])
    async def ask_simply(question: Annotated[Text, Query(description="1 to 4,000 characters")]) -> Response:
        """Answer one question that has nothing before it."""
        return _json((await desk.ask(Question(question))).to_dict())

    @app.post("/ask/stream", response_model=None, responses={200: _STREAM}, tags=["answers"])
    async def ask_stream(body: AskBody) -> Response:
        """The same answer as server-sent events: `claim` and `notice` as they come, then `done` (the body of /ask)."""
        return await event_stream(desk.events(body.question_value()), _written, _failure)


def _library(app: FastAPI, desk: Desk) -> None:
    # Reading a document or the state of the library may open a new generation: off the loop, in a small room of its
    # own, so that /health answers while every answering thread is busy.
    room = anyio.CapacityLimiter(4)

    @app.get("/search", response_model=None, responses={200: {"model": SearchBody}}, tags=["library"])
    async def search(
        question: Annotated[Text, Query(description="1 to 4,000 characters")],
        k: Annotated[int, Query(ge=1, le=50, description="how many passages at most")] = 8,
    ) -> Response:
        """The passages that fit a question best, without an answer."""
        return _json(await desk.search(question, k))

    @app.get("/documents", response_model=None, responses={200: {"model": ShelfBody}}, tags=["library"])
    async def documents(
        offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="how many guides to pass over")] = 0,
        limit: Annotated[int, Query(ge=1, le=200, description="how many guides at most")] = 50,
    ) -> Response:
        """What stands in the library, a page at a time."""
        library = desk.ready().library
        value = await anyio.to_thread.run_sync(lambda: shelf_value(library.current(), offset, limit), limiter=room)
        return _json(value)

    @app.get(
        "/documents/{document_id}", response_model=None, responses={200: {"model": DocumentBody}}, tags=["library"]
    )
    async def document(document_id: str) -> Response:
        """One guide, as plain text: `text[start:end]` of a citation is its quote."""
        if not _DOCUMENT_ID.fullmatch(document_id):
            raise UnknownDocument("There is no such document: ids hold letters, digits, - and _ only.")
        library = desk.ready().library
        found = await anyio.to_thread.run_sync(library.document, document_id, limiter=room)
        return _json(document_value(found))

    @app.get("/health", response_model=None, responses={200: {"model": HealthBody}}, tags=["library"])
    async def health() -> Response:
        """503 until questions can be answered; then the state of the library."""
        library = desk.ready().library

        def look() -> dict[str, Any]:
            index = library.current()
            return {
                "status": library.status,
                "generation": index.generation,
                "documents": index.document_count,
                "passages": index.count,
                "model": desk.settings.model or "",
            }

        # Where nothing is to be opened it is told at once: a thread would have to wait for those that answer.
        return _json(look() if library.is_current() else await anyio.to_thread.run_sync(look, limiter=room))

    @app.get("/metrics", response_model=None, responses={200: _METRICS}, tags=["library"])
    async def metrics() -> Response:
        """Figures for Prometheus: requests, their times, answers by status, places taken."""
        text = await anyio.to_thread.run_sync(desk.metrics.text, limiter=room)
        return Response(text, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(docs_page(app.openapi()))


_METRICS: dict[str, Any] = {
    "description": "Prometheus' text format.",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}
_STREAM: dict[str, Any] = {
    "description": "Server-sent events `claim`, `notice`, `done`, `error`.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type="application/json", headers={"cache-control": "no-store"})


def _written(event: Event) -> Iterator[bytes]:
    yield _event(event)


def _failure(error: Exception) -> bytes:
    return format_sse_event(event="error", data_str=to_json(problems.body_of(error)))


def _event(event: Event) -> bytes:
    match event:
        case ClaimEvent():
            part = Answer("answered", "", (event.claim,), event.citations).to_dict()
            value = {**part["claims"][0], "citations": part["citations"], "markdown": event.markdown}
            return format_sse_event(event="claim", data_str=to_json(value))
        case NoticeEvent():
            return format_sse_event(event="notice", data_str=to_json({"text": event.text}))
        case DoneEvent():
            return format_sse_event(event="done", data_str=to_json(event.answer.to_dict()))
