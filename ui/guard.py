"""What stands before every request: limits of size and time for its body, and the headers that fence the page in."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import refusal

MAX_BODY = 1_000_000
BODY_SECONDS = 15.0
# After a refusal the rest of a body is read and thrown away for a moment: a client that is cut off while it still sends
# would often see a broken connection instead of the reason.
_DRAIN_SECONDS, _DRAIN_BYTES = 2.0, 32_000_000

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)


def policy(scripts: Iterable[bytes] = ()) -> bytes:
    """The content security policy: this host only, and of inline scripts only `scripts`, each by its hash.

    Styles may stand inline: the chat's framework sets them on elements as it draws.
    """
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; frame-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ).encode()


class Guard:
    """ASGI middleware. A body over `max_body` bytes, announced or counted, ends in 413; one that drips in over more
    than `seconds`, in 408. What was not read stays with the kernel: memory grows by the limit at most.
    """

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY, seconds: float = BODY_SECONDS) -> None:
        self.app = app
        self.max_body = max_body
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # No web socket is spoken here; the lifespan is the application's own matter.
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        exchange = _Exchange(self, scope, receive, fenced(send))
        if _announced(scope) > self.max_body:
            await exchange.refuse(413)
        else:
            await self.app(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its response. Once refused, the application hears that the client has gone, and is not heard."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send) -> None:
        self._guard = guard
        self._scope = scope
        self._receive = receive
        self._send = send
        self._read = 0
        self._whole = False
        self._answered = False
        self._refused = False
        self._deadline = asyncio.get_running_loop().time() + guard.seconds

    async def receive(self) -> Message:
        if self._refused:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            return await self.refuse(408)
        self._read += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        return await self.refuse(413) if self._read > self._guard.max_body else message

    async def send(self, message: Message) -> None:
        if not self._refused:
            self._answered = True
            await self._send(message)

    async def refuse(self, status: int) -> Message:
        """Answers with a problem, where nothing was answered yet, and returns what the application gets to see."""
        self._refused = True
        if not self._answered:
            response = refusal(self._scope["path"], status, headers={"connection": "close"})
            await self._send({"type": "http.response.start", "status": status, "headers": response.raw_headers})
            await self._send({"type": "http.response.body", "body": bytes(response.body), "more_body": True})
            await self._drain()
            await self._send({"type": "http.response.body", "body": b""})
        return {"type": "http.disconnect"}

    async def _drain(self) -> None:
        read, more = 0, True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while more and read < _DRAIN_BYTES:
                    message = await self._receive()
                    read += len(message.get("body", b""))
                    more = bool(message.get("more_body", False))


def _announced(scope: Scope) -> int:
    """The content-length, 0 where there is none (a wrong one is refused by the server before)."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and len(value) < 20:
            return int(value)
    return 0


def fenced(send: Send) -> Send:
    """Adds the headers to every response; a page's inline scripts are allowed by their hashes, and no others."""
    held: list[Message] = []

    async def out(message: Message) -> None:
        if message["type"] == "http.response.start":
            if _is_page(message):
                held.append(message)
                return
            message["headers"] = [*message.get("headers", ()), *_HEADERS, (b"content-security-policy", policy())]
        elif held:
            held.append(message)
            if message.get("more_body"):
                return
            start, *parts = held
            body = b"".join(part.get("body", b"") for part in parts)
            csp = policy(_INLINE_SCRIPT.findall(body))
            start["headers"] = [*start.get("headers", ()), *_HEADERS, (b"content-security-policy", csp)]
            held.clear()
            await send(start)
            await send({"type": "http.response.body", "body": body})
            return
        await send(message)

    return out


def _is_page(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in start.get("headers", ()))
