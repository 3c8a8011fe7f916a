"""A real server of the product, over real HTTP, for the length of a `with` block."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from corpus.settings import Settings
from ui.api import Desk
from ui.patience import PatientProtocol
from ui.server import Server, address_of, listen
from ui.work import Workers


@contextmanager
def serving(
    settings: Settings, opening: Callable[[], Any], ready: bool = True, workers: Workers | None = None
) -> Iterator[str]:
    """The address of a server that answers from what `opening` returns; `ready`: waits until /health says so."""
    listener = listen("127.0.0.1", 0)
    workers = workers or Workers(settings.workers, settings.queue)
    server = Server(Desk(settings, workers), listener, opening)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = address_of(listener)
    try:
        wait_for(lambda: not ready or server.failure is not None or health(address) == 200)
        if server.failure is not None:
            raise server.failure
        yield address
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"


def health(address: str) -> int:
    """The status of /health; 0 where nobody answers."""
    try:
        with client(address) as asking:
            return asking.get("/health").status_code
    except httpx.TransportError:
        return 0


def client(address: str) -> httpx.Client:
    """Requests to `address`, past any proxy that the environment names."""
    return httpx.Client(base_url=address, trust_env=False, timeout=20)


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    """Returns once `true()` is; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@contextmanager
def running(app: Any) -> Iterator[tuple[str, int]]:
    """(host, port) of any ASGI application, served as the product serves its own."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, http=PatientProtocol, ws="none", lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        wait_for(lambda: server.started)
        host, port = listener.getsockname()[:2]
        yield str(host), int(port)
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"
