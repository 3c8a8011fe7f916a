"""Very many clients at once, clients that leave and clients that say nothing: the others are served all the while.

The server is a process of its own, so that what its descriptors, threads and memory come to can be seen.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.test_ui_cli import environment
from tests.web import client, wait_for

_STREAM = b'{"question": "How much does a data engineer earn?"}'


@dataclass(frozen=True)
class Served:
    """A running server: its process and its port on this machine."""

    process: int
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def holds(self) -> tuple[int, int, int]:
        """Open descriptors, threads, and resident memory in kilobytes."""
        status = Path(f"/proc/{self.process}/status").read_text()
        threads, memory = (int(re.findall(rf"{name}:\s+(\d+)", status)[0]) for name in ("Threads", "VmRSS"))
        return len(os.listdir(f"/proc/{self.process}/fd")), threads, memory  # noqa: PTH208 - names alone


@contextmanager
def served(library: Path, **variables: str) -> Iterator[Served]:
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--library", str(library)]
    variables = {"WAYMARK_PAGE": "no", **variables}
    with subprocess.Popen(command, env=environment(**variables), stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.fullmatch(r"Waymark is ready: http://127\.0\.0\.1:(\d+)\n", server.stdout.readline())
            assert found, server.poll()
            yield Served(server.pid, int(found[1]))
        finally:
            server.terminate()
            assert server.wait(20) == 0


@pytest.fixture(scope="module")
def server(library: Path) -> Iterator[Served]:
    with served(library) as running:
        yield running


def request(path: str, body: bytes, length: int | None = None) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
    return f"{head}Content-Length: {len(body) if length is None else length}\r\n\r\n".encode() + body


async def status_of(port: int, sent: bytes) -> int:
    """The status of one request on a connection of its own; 0 where none comes."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0
    try:
        writer.write(sent)
        return int((await asyncio.wait_for(reader.read(), 120)).split(b" ", 2)[1])
    except (OSError, ValueError, IndexError, TimeoutError):
        return 0
    finally:
        writer.close()


# By a process of its own: a thousand connections that are opened in this one would be counted in.
_HEALTH = """
import sys, time, urllib.request
print("ready", flush=True)
end = time.monotonic() + 120
while time.monotonic() < end:
    began = time.monotonic()
    with urllib.request.urlopen(sys.argv[1] + "/health", timeout=60) as answer:
        assert answer.status == 200
    print(time.monotonic() - began, flush=True)
    time.sleep(0.02)
"""


@contextmanager
def health_asked(address: str) -> Iterator[list[float]]:
    """The seconds of each /health, one after the other, filled when the block is left."""
    times: list[float] = []
    command = [sys.executable, "-c", _HEALTH, address]
    with subprocess.Popen(command, env=environment(no_proxy="*"), stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == "ready\n"
        yield times
        assert asking.poll() is None, "/health failed"
        asking.kill()
        times += [float(line) for line in asking.stdout.read().splitlines()]


async def crowd(port: int, clients: int) -> Counter[int]:
    """Statuses of so many questions sent at once, every one another."""
    questions = (b'{"question": "How much does a data engineer earn in %d?"}' % (1000 + n) for n in range(clients))
    return Counter(await asyncio.gather(*(status_of(port, request("/ask", question)) for question in questions)))


def hold_crowd(server: Served, clients: int) -> None:
    with health_asked(server.address) as times:
        statuses = asyncio.run(crowd(server.port, clients))
    assert set(statuses) <= {200, 429, 503}, statuses
    assert statuses[200] > 0
    assert sum(statuses.values()) == clients
    assert len(times) > 2
    assert max(times) < 5 * 0.1, times


def test_fifty_clients_at_once_are_answered_or_refused(server: Served) -> None:
    hold_crowd(server, 50)


@pytest.mark.long
def test_a_thousand_clients_at_once_are_answered_or_refused(server: Served) -> None:
    hold_crowd(server, 1_000)


async def leave(port: int) -> None:
    """Asks for a stream and leaves as soon as its first words are there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("/ask/stream", _STREAM))
    assert (await reader.read(20)).startswith(b"HTTP/1.1 ")
    writer.transport.abort()


def leave_behind(server: Served, times: int) -> None:
    async def some(count: int) -> None:
        for _ in range(count // 10):
            await asyncio.gather(*(leave(server.port) for _ in range(10)))

    # What is made once, such as threads and buffers, is made by these. A pool makes its threads as they are first
    # needed, so that it may take some rounds until none is added; if each client left one behind, no round would do.
    threads = 0
    for _ in range(5):
        asyncio.run(some(100))
        with client(server.address) as web:
            wait_for(lambda: "waymark_places_taken 0.0" in web.get("/metrics").text)
        before, threads = threads, server.holds()[1]
        if threads == before:
            break
    files, threads, memory = server.holds()
    asyncio.run(some(times))
    wait_for(lambda: server.holds()[0] <= files + 2, 20)
    after = server.holds()
    assert after[1] <= threads + 1, (threads, after)
    assert after[2] <= memory * 1.05, (memory, after)
    with client(server.address) as web:
        wait_for(lambda: "waymark_places_taken 0.0" in web.get("/metrics").text)


def test_clients_that_leave_in_mid_stream_leave_nothing_behind(server: Served) -> None:
    leave_behind(server, 50)


@pytest.mark.long
def test_five_hundred_that_leave_in_mid_stream_leave_nothing_behind(server: Served) -> None:
    leave_behind(server, 500)


async def drip(port: int) -> float:
    """Sends a byte of a body now and then; the seconds until the server ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(request("/ask", b"{", 5_000))
    ended = asyncio.ensure_future(reader.read())
    while not ended.done() and time.monotonic() - began < 100:
        writer.write(b" ")
        await asyncio.wait({ended}, timeout=0.5)
    writer.close()
    assert ended.done(), "never cut"
    if not ended.exception():
        assert ended.result().startswith(b"HTTP/1.1 408 "), ended.result()[:80]
    return time.monotonic() - began


async def asked_meanwhile(port: int, slow: int) -> tuple[list[float], Counter[int]]:
    dripping = asyncio.gather(*(drip(port) for _ in range(slow)))
    await asyncio.sleep(1)
    statuses = Counter([await status_of(port, request("/ask", _STREAM)) for _ in range(20)])
    return await dripping, statuses


def hold_slow(server: Served, slow: int) -> None:
    times, statuses = asyncio.run(asked_meanwhile(server.port, slow))
    assert statuses == {200: 20}
    assert max(times) < 5 * 20, max(times)


def test_connections_that_drip_are_cut_and_the_others_answered(server: Served) -> None:
    hold_slow(server, 50)


@pytest.mark.long
def test_five_hundred_that_drip_are_cut_and_the_others_answered(server: Served) -> None:
    hold_slow(server, 500)


@pytest.mark.parametrize(
    "question",
    ["e" + "\u0301" * 100_000, "data " * 1_000_000, "\ud800" * 4_000, "\x00" * 4_000, "\u202e\u200b" * 2_000 + "pay?"],
    ids=["100,000 combining marks", "a token a million times", "half characters", "NUL", "turned and unseen"],
)
def test_text_beyond_reason_is_answered_or_refused(server: Served, question: str) -> None:
    body = json.dumps({"question": question}).encode()  # escaped: lone halves and NUL reach the server as they are
    with client(server.address) as web:
        got = [web.post("/ask", content=body, headers={"content-type": "application/json"}) for _ in range(2)]
    assert got[0].status_code == 200 or 400 <= got[0].status_code < 500
    assert [stable(each.json()) for each in got] == [stable(got[0].json())] * 2


def stable(body: dict[str, Any]) -> dict[str, Any]:
    """A body without what differs from one request to the next by design."""
    return {name: value for name, value in body.items() if name not in ("timings_ms", "instance", "request_id")}


def same_bytes(library: Path, runs: int) -> None:
    asked = (
        "How much does a data engineer earn?",
        "Which entry-level jobs lead into data work?",
        "Do I need a degree?",
    )
    seen: dict[str, set[str]] = {question: set() for question in asked}
    for _ in range(2):
        with served(library) as server, client(server.address) as web:
            for question in asked * (runs // 2):
                seen[question].add(json.dumps(stable(web.post("/ask", json={"question": question}).json())))
    assert [len(bodies) for bodies in seen.values()] == [1] * len(asked)


def test_the_same_question_gives_the_same_bytes_after_a_restart(library: Path) -> None:
    same_bytes(library, 10)


@pytest.mark.long
def test_the_same_question_gives_the_same_bytes_a_hundred_times(library: Path) -> None:
    same_bytes(library, 100)
