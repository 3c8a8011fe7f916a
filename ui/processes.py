"""`waymark serve --processes N`: the HTTP interface in several processes that share one library and one port.

The page is not served this way: its conversations live in the memory of one process. What a rate allows, each process
counts by itself.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import FrameType
from typing import Any

from corpus.errors import WaymarkError
from corpus.settings import Settings
from ui.api import Desk
from ui.metrics import FOLDER, forget
from ui.opening import make_default, open_advisor_for
from ui.server import GRACE, Server, address_of, allow_connections, listen
from ui.work import Workers

_log = logging.getLogger("waymark")
# A new process, not a copy of this one: threads and locks do not survive copying.
_spawn = get_context("spawn")


@dataclass(slots=True)
class _Child:
    """`line` is closed by whichever of both ends; the child says once on it that it is ready."""

    process: Any
    line: Connection
    ready: bool = False


def serve_processes(settings: Settings, library: Path | None, host: str, port: int, processes: int) -> int:
    """Serves until SIGINT or SIGTERM; the exit code. A process that dies is replaced, unless it never got ready.

    Raises PortBusy, and what making the default library raises.
    """
    allow_connections()
    # The embedder's threads are shared out: each waits for work by spinning, and the processes keep all cores busy.
    settings = replace(settings, page=False, threads=max(1, settings.threads // processes))
    with listen(host, port) as listener, _figures(), _told_to_stop() as stop:
        make_default(library, settings)
        children = [_start(settings, library, listener, processes) for _ in range(processes)]
        try:
            return _watch(children, stop, settings, library, listener)
        finally:
            _end(children)


def _watch(
    children: list[_Child], stop: Connection, settings: Settings, library: Path | None, listener: socket.socket
) -> int:
    while True:
        happened = wait([stop, *(child.line for child in children)])
        if stop in happened:
            return 0
        for place, child in enumerate(children):
            if child.line not in happened:
                continue
            try:
                child.line.recv()
                child.ready = True
                if all(one.ready for one in children):
                    told = f"{address_of(listener)} ({len(children)} processes, without the page)"
                    print(f"Waymark is ready: {told}", flush=True)
            except EOFError:
                child.process.join()
                forget(child.process.pid)
                if not child.ready:
                    return int(child.process.exitcode or 1)  # it has said why, and the next would not do better
                _log.error(
                    "Process %s has died (%s); another takes its place.", child.process.pid, child.process.exitcode
                )
                children[place] = _start(settings, library, listener, len(children))


def _start(settings: Settings, library: Path | None, listener: socket.socket, processes: int) -> _Child:
    mine, its = _spawn.Pipe()
    process = _spawn.Process(target=_serve, args=(settings, library, listener, its, processes), name="waymark")
    process.start()
    its.close()
    return _Child(process, mine)


def _end(children: list[_Child]) -> None:
    """Every process finishes what it is at, and leaves; one that does not is ended."""
    for child in children:
        child.process.terminate()
    for child in children:
        child.process.join(GRACE + 1)
        if child.process.is_alive():
            child.process.kill()
            child.process.join()
        child.line.close()


def _serve(settings: Settings, library: Path | None, listener: socket.socket, line: Connection, processes: int) -> None:
    """What one of so many processes does."""
    threading.Thread(target=_leave_with, args=(line,), daemon=True).start()
    desk = Desk(settings, Workers.of(settings, processes))
    server = Server(desk, listener, lambda: open_advisor_for(library or settings.library, settings))
    server.announce = lambda: line.send("ready")
    server.run(sockets=[listener])
    if isinstance(server.failure, WaymarkError):
        print(f"error: {server.failure}", file=sys.stderr)
        sys.exit(server.failure.exit_code)
    if server.failure is not None:
        raise server.failure
    server.leave()


def _leave_with(line: Connection) -> None:
    """Nobody is left alone: where the first process is gone, however it ended, this one ends too."""
    try:
        line.recv()
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _figures() -> Iterator[None]:
    """A folder in which the processes add up their figures, for as long as they live."""
    before = os.environ.get(FOLDER)
    with tempfile.TemporaryDirectory(prefix="waymark-figures-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            os.environ.pop(FOLDER)
            if before is not None:
                os.environ[FOLDER] = before


@contextmanager
def _told_to_stop() -> Iterator[Connection]:
    """A connection that can be read from once SIGINT or SIGTERM has come."""
    read, write = _spawn.Pipe(duplex=False)

    def tell(number: int, _: FrameType | None) -> None:
        write.send(number)

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield read
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        read.close()
        write.close()
