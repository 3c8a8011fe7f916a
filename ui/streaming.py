"""The events of an answer on the wire: a status of its own where it is refused at once, then server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

import anyio
from fastapi.sse import KEEPALIVE_COMMENT
from starlette.responses import StreamingResponse

from bot.answer import Event

# An event stream begins as soon as the first event is there, or after this many seconds without one; before that a
# refusal still has a status of its own.
_FIRST_EVENT = 1.0
_PING = 15.0
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def event_stream(
    events: AsyncIterator[Event], write: Callable[[Event], Iterable[bytes]], fail: Callable[[Exception], bytes]
) -> StreamingResponse:
    """`write` gives what an event is on the wire, `fail` what an answer that breaks off is. Raises what the first does.

    `events` is closed when the stream ends, also where the client has left.
    """
    first = asyncio.ensure_future(anext(events))
    try:
        await asyncio.wait({first}, timeout=_FIRST_EVENT)
        if first.done():
            first.result()  # a refusal still gets its own status here
    except BaseException:
        first.cancel()
        raise
    return StreamingResponse(_sent(first, events, write, fail), media_type="text/event-stream", headers=_HEADERS)


async def _sent(
    first: asyncio.Future[Event],
    events: AsyncIterator[Event],
    write: Callable[[Event], Iterable[bytes]],
    fail: Callable[[Exception], bytes],
) -> AsyncIterator[bytes]:
    """A comment where nothing came for a while keeps the connection."""
    coming = first
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=_PING)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            try:
                event = coming.result()
            except StopAsyncIteration:
                return
            for part in write(event):
                yield part
            coming = asyncio.ensure_future(anext(events))
    except Exception as error:  # noqa: BLE001 - the status line is gone: the stream itself must tell
        yield fail(error)
    finally:
        coming.cancel()
        with anyio.CancelScope(shield=True):  # also where the client has left, and this task is being cancelled
            await asyncio.wait({coming})
            await events.aclose()  # type: ignore[attr-defined]
