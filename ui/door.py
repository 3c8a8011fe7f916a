"""Who may ask, how often, and from which pages: keys, rate limit and CORS, each by its setting, all off by default."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.settings import Settings, listed
from ui.guard import fenced
from ui.problems import refusal
from ui.site import is_of_chat

# Open without a key: what tells whether the server runs and how it is spoken to, and the page's own files.
_OPEN = frozenset({"/health", "/docs", "/openapi.json"})
_OPEN_PREFIX = "/panel/"
# The page's own panel reads guides, so while the page is served these can be read by anybody who opens it.
_READ_BY_PAGE = "/documents/"
_MOST_CALLERS = 10_000


def through_door(app: ASGIApp, settings: Settings) -> ASGIApp:
    """`app` behind what the settings ask for. CORS stands outermost: a page must be able to read a refusal too."""
    app = Door(app, settings)
    if not settings.cors:
        return app
    return CORSMiddleware(
        app,
        allow_origins=listed(settings.cors),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-api-key", "x-request-id"],
        expose_headers=["x-request-id", "retry-after"],
    )


class Door:
    """ASGI middleware. The page and what it needs pass freely; everything else needs a key and keeps to the rate."""

    def __init__(self, app: ASGIApp, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._page = settings.page
        keys = settings.api_keys.get_secret_value() if settings.api_keys is not None else ""
        self._keys = tuple(_digest(key.encode()) for key in listed(keys))
        self._rate = Rate(settings.rate, clock) if settings.rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_open(scope["method"], scope["path"]):
            await self.app(scope, receive, send)
            return
        key = self._key_of(scope)
        wait = self._rate.take(key or _address(scope)) if self._rate is not None else 0
        if wait:
            headers = {"retry-after": str(wait)}
            await refusal(scope["path"], 429, headers=headers)(scope, receive, fenced(send))
        elif self._keys and not key:
            headers = {"www-authenticate": "Bearer"}
            await refusal(scope["path"], 401, headers=headers)(scope, receive, fenced(send))
        else:
            await self.app(scope, receive, send)

    def _is_open(self, method: str, path: str) -> bool:
        if path in _OPEN or path.startswith(_OPEN_PREFIX):
            return True
        return self._page and (
            is_of_chat(method, path) or (method in ("GET", "HEAD") and path.startswith(_READ_BY_PAGE))
        )

    def _key_of(self, scope: Scope) -> str:
        """Which of the keys the request carries, as a name for counting; "" for none."""
        found = ""
        for given in _given(scope):
            digest = _digest(given)
            for place, key in enumerate(self._keys):
                # All are compared, each in the same time wherever it differs: how long it takes tells nothing.
                if hmac.compare_digest(digest, key):
                    found = f"key {place}"
        return found


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def _given(scope: Scope) -> Sequence[bytes]:
    """The keys that a request carries: `Authorization: Bearer KEY` or `X-API-Key: KEY`."""
    given = []
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            given.append(value.strip())
        elif name == b"authorization" and value[:7].lower() == b"bearer ":
            given.append(value[7:].strip())
    return given[:4]


def _address(scope: Scope) -> str:
    """The network that a request comes from: one address, or in IPv6 the 64 bits that one customer has."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


class Rate:
    """Token buckets: `a_minute` requests may come at once, and as many more in each minute. Used from one event loop.

    The callers heard of last are kept, 10,000 of them: one who is forgotten begins anew.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(a_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens left, and when that was

    def take(self, caller: str) -> int:
        """0 where the caller may go on, else the seconds after which one more request is allowed (1 or more)."""
        now = self._clock()
        left, then = self._buckets.get(caller, (self._size, now))
        left = min(self._size, left + (now - then) * self._size / 60)
        allowed = left >= 1
        self._buckets[caller] = (left - 1 if allowed else left, now)
        self._buckets.move_to_end(caller)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) * 60 / self._size))
