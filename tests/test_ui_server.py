"""Starting and stopping: the port first, failures told, SIGTERM obeyed while answers are under way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.errors import LibraryTorn, PortBusy, UsageError
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import client, serving, wait_for
from ui.server import address_of, listen

ROOT = Path(__file__).parents[1]
# A whole server process over the fake advisor, whose every answer takes a second.
_SERVER = """
import sys
import ui.server
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
ui.server.open_advisor_for = lambda library, settings: FakeAdvisor(pause=0.25)
sys.exit(ui.server.serve(Settings.read({}), None, "127.0.0.1", 0))
"""


@contextmanager
def process() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and its address, once it says that it is ready."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _SERVER]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=pipe, stderr=pipe)
    try:
        assert started.stdout is not None
        line = started.stdout.readline()
        found = re.fullmatch(r"Waymark is ready: (http://127\.0\.0\.1:\d+)\n", line)
        assert found, (line, started.poll())
        yield started, found[1]
    finally:
        started.kill()
        started.communicate()


def test_answers_under_way_finish_before_the_server_leaves() -> None:
    with process() as (server, address):
        got: list[int] = []

        def ask() -> None:
            with client(address) as web:
                got.append(web.post("/ask", json={"question": "How?"}).status_code)

        # An open page holds a connection for as long as it is open; it must not hold the server.
        with client(address) as page, page.stream("GET", "/gradio_api/heartbeat/page") as heart:
            next(heart.iter_bytes())
            asking = threading.Thread(target=ask)
            asking.start()
            wait_for(lambda: "waymark_places_taken 1.0" in page.get("/metrics").text)
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            assert server.wait(10) == 0
            assert time.monotonic() - began < 9
        asking.join(5)
        assert got == [200]
        _, errors = server.communicate()
        assert "Traceback" not in errors


def test_a_busy_port_is_told_at_once() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortBusy, match=rf"Port {port} .* --port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:")])
def test_the_address_can_be_opened(host: str, shown: str) -> None:
    with listen(host, 0) as listener:
        assert address_of(listener).startswith(shown)
        assert not address_of(listener).endswith(":0")


def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    command = "import resource, ui.server as s; r = resource.RLIMIT_NOFILE; h = resource.getrlimit(r)[1]; "
    command += "resource.setrlimit(r, (64, h)); s.allow_connections(); assert resource.getrlimit(r) == (h, h)"
    ended = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("error", [LibraryTorn("No generation can be opened."), ZeroDivisionError("x")])
def test_a_library_that_does_not_open_ends_the_server(settings: Settings, error: Exception) -> None:
    def opening() -> FakeAdvisor:
        raise error

    with pytest.raises(type(error)), serving(settings, opening):
        pass
