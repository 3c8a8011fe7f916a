"""`waymark serve`: takes the port, answers 503 at once, builds or opens the library, then opens the chat."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from bot.advisor import Advisor
from bot.answer import Question
from corpus.errors import PortBusy, UsageError
from corpus.settings import Settings, listed
from ui.api import Desk
from ui.door import through_door
from ui.opening import open_advisor_for
from ui.patience import PatientProtocol
from ui.requests import Recorder, Request, logging_to_stderr
from ui.rush import Rush
from ui.site import Site
from ui.spans import open_tracing
from ui.work import Workers

_Opened = tuple[Advisor, tuple[FastAPI, Any] | None]  # the chat is None where no page is served

_BACKLOG = 1_024
GRACE = 8  # seconds that answers under way get after SIGTERM; the whole exit stays under 10


def serve(settings: Settings, library: Path | None, host: str, port: int) -> int:
    """Serves until SIGINT or SIGTERM; the exit code. `library` None: the default one, built where it is missing.

    Raises PortBusy before anything slow, and whatever opening the library raises (UnknownLibrary, LibraryTorn, ...).
    """
    allow_connections()
    listener = listen(host, port)
    desk = Desk(settings, Workers.of(settings))
    server = Server(desk, listener, lambda: open_advisor_for(library, settings))
    server.run(sockets=[listener])
    if server.failure is not None:
        raise server.failure
    server.leave()
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Port 0 takes any free one. Raises PortBusy or UsageError, saying what to do."""
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        if listener is not None:
            listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(f"Port {port} on {host} is in use. Choose another one with --port.") from None
        raise UsageError(f"Waymark cannot listen on {host}, port {port}: {error.strerror or error}.") from None
    return listener


def allow_connections() -> None:
    """Raises this process's soft limit of open files to its hard one: each connection is one, and 1,024 are few."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # some systems allow less than they say
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def address_of(listener: socket.socket) -> str:
    """The address a person can open: the wildcard addresses are named as this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def config_of(app: ASGIApp, settings: Settings, lifespan: Literal["on", "off"]) -> uvicorn.Config:
    """How an application of ours is served: patient for so long, quiet, and believing the proxies that are named."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan=lifespan,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(listed(settings.proxies)),
        timeout_graceful_shutdown=GRACE,
    )


class Obedient(uvicorn.Server):
    """uvicorn, which takes being told to stop for no failure."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a signal that was obeyed is not raised again: being told to stop is no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Server(Obedient):
    """uvicorn, with the library opened beside it, and an exit that lets answers under way finish."""

    def __init__(self, desk: Desk, listener: socket.socket, opening: Callable[[], Advisor]) -> None:
        quiet_dependencies()
        self._desk = desk
        self._site = Site(desk)
        self._address = address_of(listener)
        self._log = logging_to_stderr(desk.settings.log)
        self._tracing = open_tracing(desk.settings)
        if self._tracing is not None:
            desk.aside = self._tracing.page
        self.announce: Callable[[], None] = lambda: print(f"Waymark is ready: {self._address}", flush=True)
        self._opening = opening
        self._thread: threading.Thread | None = None
        self._loading: asyncio.Task[None] | None = None
        self.failure: BaseException | None = None
        door = Recorder(through_door(self._site, desk.settings), self._told)
        super().__init__(config_of(Rush(door, lambda: desk.workers.full), desk.settings, lifespan="off"))

    def _told(self, request: Request) -> None:
        self._desk.metrics.request(request)
        self._log(request)
        if self._tracing is not None:
            self._tracing.request(request)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loading = asyncio.create_task(self._open())
        self._loading.add_done_callback(self._opened)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._site.let_go()
        await super().shutdown(sockets)
        if self._loading is not None:
            self._loading.cancel()
        await self._site.close()
        self._desk.workers.close()
        if self._tracing is not None:
            self._tracing.close()

    async def _open(self) -> None:
        advisor, chat = await self._in_thread()
        if chat is not None:
            await self._site.open_chat(*chat)
        if threading.current_thread() is threading.main_thread():
            settle()  # the process is this server's own
        self._desk.advisor = advisor
        self.announce()

    def _opened(self, opening: asyncio.Task[None]) -> None:
        """A failure to open ends the server, and is told by the command."""
        if not opening.cancelled() and (error := opening.exception()) is not None:
            self.failure = error
            self.should_exit = True

    async def _in_thread(self) -> _Opened:
        """Runs the slow part in a thread of its own that nobody has to wait for when the server is told to stop."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Opened] = loop.create_future()

        def settle(error: BaseException | None, value: _Opened | None) -> None:
            if done.cancelled():
                return
            if error is not None:
                done.set_exception(error)
            elif value is not None:
                done.set_result(value)

        def work() -> None:
            try:
                value = self._make()
            except BaseException as error:  # noqa: BLE001 - carried over to the loop, where it is raised
                loop.call_soon_threadsafe(settle, error, None)
            else:
                loop.call_soon_threadsafe(settle, None, value)

        self._thread = threading.Thread(target=work, name="opening", daemon=True)
        self._thread.start()
        return await done

    def _make(self) -> _Opened:
        advisor = self._opening()
        # The first question pays for what is loaded late; nobody should wait for it.
        advisor.invoke(Question("What can I ask here?"))
        # In a loop of its own: the chat's framework makes one where none runs, and never closes it.
        return advisor, asyncio.run(self._make_chat()) if self._desk.settings.page else None

    async def _make_chat(self) -> tuple[FastAPI, Any]:
        # Late, since the chat's framework takes two seconds to import: the port answers before that.
        from ui.chat import mount_chat

        chat = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        return chat, mount_chat(chat, self._desk)

    def leave(self) -> None:
        """Ends the process where the library is still being opened: its thread cannot be told to stop, and a library
        that is being built is safe to leave at any moment.
        """
        if self._thread is not None and self._thread.is_alive():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)


def settle() -> None:
    """What was loaded stays: it is not looked through for waste any more, and for what answers leave, which hardly ever
    holds itself in a circle, less often than Python does. Both together were a thirtieth of an answer's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def quiet_dependencies() -> None:
    """No dependency phones home or looks for a newer version of itself; the chat's framework keeps no statistics."""
    for name, value in (
        ("GRADIO_ANALYTICS_ENABLED", "False"),
        ("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000"),
        ("GRADIO_ANALYTICS_MAX_EVENTS", "1"),
        ("HF_HUB_DISABLE_TELEMETRY", "1"),
        ("ANONYMIZED_TELEMETRY", "False"),
        ("DO_NOT_TRACK", "1"),
    ):
        os.environ.setdefault(name, value)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
