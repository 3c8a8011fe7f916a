"""In a rush, what is not a question goes between the questions that are to be refused."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from ui.rush import A_TURN, Rush


async def order_of(paths: list[str], *, full: bool) -> list[str]:
    """In which order requests that came in this one reach the application."""
    reached: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])

    async def receive() -> Message:
        raise AssertionError("nobody reads here")

    async def send(message: Message) -> None:
        raise AssertionError("nobody answers here")

    rush = Rush(app, lambda: full)
    await asyncio.gather(*(rush({"type": "http", "path": path}, receive, send) for path in paths))
    return reached


def test_what_came_behind_very_many_questions_is_not_kept_waiting() -> None:
    reached = asyncio.run(order_of(["/ask", "/ask/stream"] * 300 + ["/health"], full=True))
    assert len(reached) == 601
    assert reached.index("/health") < 2 * A_TURN


def test_while_there_are_places_all_go_in_the_order_in_which_they_came() -> None:
    paths = ["/ask"] * 30 + ["/health", "/ask"]
    assert asyncio.run(order_of(paths, full=False)) == paths
