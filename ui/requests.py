"""One request from its first byte to its last: its id, and what its log line and the figures at /metrics tell of it.

A question is not among that, unless the setting `log` says `questions`. Keys and addresses never are. Traces are made
of the same `Request`.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.spans import Stage
from ui.text import printable

# What a client may call its request: longer or stranger names would be a way to write into the log.
_ID = re.compile(rb"[A-Za-z0-9._:-]{1,100}")
# The version of a trace's address that is understood; longer ones are no address.
_PARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_PREFIXES = ("/panel/", "/gradio_api/", "/static/", "/assets/", "/svelte/")
# The status that is noted where the client left before it was answered.
CLIENT_LEFT = 499


@dataclass(slots=True)
class _Current:
    id: str
    question: str = ""
    stages: list[Stage] = field(default_factory=list)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request that has ended. `route` is a pattern (`/documents/{document_id}`), never the address as it was sent.

    `began` in seconds since 1970; `parent` the `traceparent` that the client sent, "" for none; `stages` what answering
    went through.
    """

    id: str
    method: str
    route: str
    status: int
    seconds: float
    question: str = ""
    began: float = 0.0
    parent: str = ""
    stages: tuple[Stage, ...] = ()


_current: ContextVar[_Current | None] = ContextVar("request", default=None)


def request_id() -> str:
    """The id of the request that is being answered; "" outside of one."""
    current = _current.get()
    return current.id if current is not None else ""


def note_question(text: str) -> None:
    """Lets the log line of this request tell what was asked, where the settings want that."""
    current = _current.get()
    if current is not None:
        current.question = text


def note_stages(stages: Sequence[Stage]) -> bool:
    """Lets the trace of this request show them. False outside of a request, as on the page, where nothing is noted."""
    current = _current.get()
    if current is None or current.ended:
        return False
    current.stages.extend(stages)
    return True


class Recorder:
    """ASGI middleware, the outermost: gives each request an id, and tells `told` of it when it has ended."""

    def __init__(self, app: ASGIApp, told: Callable[[Request], None]) -> None:
        self.app = app
        self.told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        current = _Current(_id_of(scope))
        status = CLIENT_LEFT
        since, began = time.time(), time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", current.id.encode())]
            await send(message)

        token = _current.set(current)
        try:
            await self.app(scope, receive, named)
        finally:
            _current.reset(token)
            current.ended = True
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            seconds = time.perf_counter() - began
            stages = tuple(current.stages)
            route, parent = _route(scope), _parent_of(scope)
            self.told(Request(current.id, method, route, status, seconds, current.question, since, parent, stages))


def _id_of(scope: Scope) -> str:
    """The client's own id where it can be used, else a new one."""
    given = [value for name, value in scope["headers"] if name == b"x-request-id"]
    return given[0].decode() if len(given) == 1 and _ID.fullmatch(given[0]) else f"{random.getrandbits(128):032x}"


def _parent_of(scope: Scope) -> str:
    """The `traceparent` of the client (W3C Trace Context); "" where it sent none that can be read."""
    given = [value for name, value in scope["headers"] if name == b"traceparent"]
    return given[0].decode() if len(given) == 1 and _PARENT.fullmatch(given[0]) else ""


def _route(scope: Scope) -> str:
    """The pattern of the address: few are told apart, whatever is sent."""
    route = getattr(scope.get("route"), "path", "")
    if route and "endpoint" in scope and not any(route.startswith(prefix) for prefix in _PREFIXES):
        return str(route)
    if scope["path"] == "/":
        return "/"
    return next((prefix + "*" for prefix in _PREFIXES if scope["path"].startswith(prefix)), "other")


def log_line(request: Request, questions: bool) -> str:
    """One line of JSON, for `WAYMARK_LOG`."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": request.id,
        "method": request.method,
        "route": request.route,
        "status": request.status,
        "ms": round(request.seconds * 1e3, 1),
    }
    if questions and request.question:
        line["question"] = printable(request.question)[:4_000]
    return json.dumps(line, ensure_ascii=False)


def logging_to_stderr(log: str) -> Callable[[Request], None]:
    """What the setting `log` does with each request."""

    def told(request: Request) -> None:
        if log != "none":
            print(log_line(request, log == "questions"), file=sys.stderr, flush=True)

    return told
