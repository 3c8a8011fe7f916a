"""What stands before everything in a rush: questions that are only to be refused do not hold up what is not.

A thousand clients that ask at once are a thousand tasks of the event loop, which takes them in the order in which they
came: /health, which came behind them, would wait for all. So while every place is taken, questions come up a handful a
turn of the loop, and what else has come goes between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

ASKING = frozenset({"/ask", "/ask/stream", "/v1/chat/completions", "/search"})
A_TURN = 8


class Rush:
    """ASGI middleware, outside all others; `full` tells whether another question would be refused."""

    def __init__(self, app: ASGIApp, full: Callable[[], bool]) -> None:
        self.app = app
        self._full = full
        self._turn = asyncio.Semaphore(A_TURN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in ASKING and self._full():
            async with self._turn:
                await asyncio.sleep(0)  # held for this turn alone: whoever reads slowly holds nobody up
        await self.app(scope, receive, send)
