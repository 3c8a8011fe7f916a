"""One address for everything: the HTTP interface, the chat at `/`, and our own static files, behind one guard.

The chat's framework brings many routes (uploads, files, proxies, monitoring, developer tools). Only those that the page
needs are reachable; every other path belongs to the HTTP interface, which answers it with a problem document.
"""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.api import Desk, create_api
from ui.guard import Guard
from ui.problems import problem
from ui.uploads import FILE_SECONDS, MAX_FILE, PATHS, create_uploads
from ui.work import FULL

_CHAT_PATHS = re.compile(
    r"(?:GET|HEAD) /(?:config|theme\.css|manifest\.json|favicon\.ico|robots\.txt)?|"
    r"(?:GET|HEAD) /(?:static|assets|svelte)/.+|"
    r"GET /gradio_api/(?:queue/data|heartbeat/[^/]+|info/?|startup-events)|"
    # `run` starts only what is not queued (the chat is closed to direct calls otherwise): stopping and clearing.
    r"POST /gradio_api/(?:queue/join|cancel|reset/?|run/[^/]+)"
)
_ASKING = frozenset({"/ask", "/ask/stream"})
_STATIC = Mount("/panel", app=StaticFiles(packages=[("ui", "static")]))

_WAIT_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Waymark is getting ready</title>
<link rel="icon" href="/panel/icon.svg"><link rel="stylesheet" href="/panel/docs.css"></head>
<body><main><h1>Waymark is getting ready</h1><p>The guides are being read and indexed. On the first start this takes
about a minute; this page opens by itself.</p></main></body></html>"""


class Site:
    """The ASGI application. It answers from the first moment: 503, and a page that says so, until `open_chat`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._chat: FastAPI | None = None
        self._gradio: Any = None
        self._open = AsyncExitStack()
        api = create_api(desk)
        api.router.routes.insert(0, _STATIC)
        self._api: Starlette = api
        self.app: ASGIApp = Guard(self._dispatch)
        self._uploads: ASGIApp | None = None
        if desk.settings.uploads:
            self._uploads = Guard(create_uploads(desk), MAX_FILE, FILE_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._uploads is not None and scope["type"] == "http" and PATHS.fullmatch(scope["path"]):
            await self._uploads(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def open_chat(self, chat: FastAPI, gradio: Any) -> None:
        """From here on the chat answers. Its lifespan is entered here, since it is born after the server started."""
        await self._open.enter_async_context(chat.router.lifespan_context(chat))
        self._chat, self._gradio = chat, gradio

    def let_go(self) -> None:
        """Ends the connection that every open page holds for as long as it is open: nobody has to wait for those."""
        if self._gradio is not None:
            self._gradio.stop_event.set()

    async def close(self) -> None:
        await self._open.aclose()

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.desk.settings.page and is_of_chat(scope["method"], scope["path"]):
            if self._chat is not None:
                await self._chat(_uncompressed(scope) if scope["path"] == "/" else scope, receive, send)
                return
            if scope["path"] == "/":
                page = HTMLResponse(_WAIT_PAGE, 503, headers={"retry-after": "3", "cache-control": "no-store"})
                await page(scope, receive, send)
                return
        if scope["type"] == "http" and scope["path"] in _ASKING and self.desk.workers.full:
            # In a rush most requests end here: a refusal must cost next to nothing, or /health waits behind them all.
            await problem(503, FULL)(scope, receive, send)
            return
        await self._api(scope, receive, send)


def is_of_chat(method: str, path: str) -> bool:
    """Whether the chat answers this, and not the HTTP interface."""
    return _CHAT_PATHS.fullmatch(f"{method} {path}") is not None


def _uncompressed(scope: Scope) -> Scope:
    """The page itself is asked for as it is: the guard reads it to allow its inline scripts by their hashes."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
