"""Clients of the benchmark: what they count, and a server of the product that is asked by all of them at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from corpus.errors import WaymarkError
from evals import bench_load, processes
from tests.web import running


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses questions that ask for it."""
    body = await Request(scope, receive).json()
    assert body["mode"] == "extractive"
    response: Response = PlainTextResponse("x" * 100_000, 503 if "full" in body["question"] else 200)
    await response(scope, receive, send)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(app) as (host, port):
        yield f"http://{host}:{port}"


def test_every_answer_and_refusal_is_counted(address: str) -> None:
    questions = [f"question {n}{' full' if n % 5 == 0 else ''}" for n in range(60)]
    tally = asyncio.run(bench_load.asked(address, questions, 7))
    assert tally.statuses == {200: 48, 503: 12}
    assert len(tally.milliseconds) == 60
    assert 0 < max(tally.milliseconds) <= tally.seconds * 1e3


def test_where_nobody_answers_that_is_counted() -> None:
    with running(app) as (host, port):
        pass
    assert asyncio.run(bench_load.asked(f"http://{host}:{port}", ["a", "b"], 2)).statuses == {0: 2}


def test_no_question_is_asked_twice() -> None:
    questions = bench_load.different()
    assert len(set(questions)) == len(questions) > 1_000 + bench_load.FIRST
    assert questions == bench_load.different()


def test_a_server_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('there is no library')"]
    with pytest.raises(WaymarkError, match="there is no library"), processes.serving(command, tmp_path / "log"):
        pass


def test_two_processes_are_asked_by_all_clients_at_once(library: Path, tmp_path: Path) -> None:
    serve = ["serve", "--processes", "2", "--port", "0", "--library", str(library)]
    with processes.serving([processes.waymark(), *serve], tmp_path / "log") as address:
        tally = asyncio.run(bench_load.asked(address, bench_load.different()[:80], bench_load.CLIENTS))
    assert tally.statuses == {200: 80}
