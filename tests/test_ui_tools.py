"""The tools, called by the protocol's own client: over standard input, and over HTTP."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

from bot.advisor import Advisor
from corpus.settings import Settings
from tests.test_ui_cli import environment
from ui.api import Desk
from ui.tools import make_tools
from ui.work import Workers

QUESTION = "How much does a data engineer earn?"


async def use(client: Client, advisor: Advisor) -> None:
    """Every tool, once well and once wrongly."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "search", "read_document"}
    assert all(tool.description and tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
    answer = await call(client, "ask", question=QUESTION)
    expected = advisor.invoke({"question": QUESTION}).to_dict()
    assert {**answer, "timings_ms": {}} == {**expected, "timings_ms": {}}
    cited = answer["citations"][0]
    part = await call(
        client,
        "read_document",
        document_id=cited["document_id"],
        start=cited["start"],
        length=cited["end"] - cited["start"],
    )
    assert part["text"] == cited["quote"]
    assert part["next_start"] == cited["end"]
    hits = (await call(client, "search", question=QUESTION, k=2))["hits"]
    assert len(hits) == 2
    assert "84,500 crowns" in hits[0]["text"]
    for tool, arguments, told in (
        ("ask", {"question": "?!"}, "question"),
        ("ask", {"question": "x" * 4_001}, "4000"),
        ("search", {"question": QUESTION, "k": 51}, "50"),
        ("read_document", {"document_id": "unknown"}, "unknown"),
        ("read_document", {"document_id": "../../etc/passwd"}, "document_id"),
    ):
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        text: Any = result.content[0]
        assert told in text.text


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    content: dict[str, Any] = result.structured_content
    assert content
    return content


def test_a_program_that_starts_it_speaks_over_standard_input(library: Path, advisor: Advisor) -> None:
    command = ["-m", "ui.cli", "mcp", "--library", str(library)]

    async def main() -> None:
        async with Client(StdioServerParameters(command=sys.executable, args=command, env=environment())) as client:
            await use(client, advisor)

    asyncio.run(asyncio.wait_for(main(), 60))


@contextmanager
def process(library: Path, **settings: str) -> Iterator[str]:
    """The address of the tools over HTTP, in a process that must end well when told to."""
    command = [sys.executable, "-m", "ui.cli", "mcp", "--http", "--port", "0", "--library", str(library)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(**settings), stdout=pipe, stderr=pipe, text=True) as started:
        try:
            assert started.stdout is not None
            line = started.stdout.readline()
            found = re.fullmatch(r"Waymark's tools are ready: (http://127\.0\.0\.1:\d+/mcp)\n", line)
            assert found, (line, started.stderr and started.stderr.read())
            yield found[1]
            started.send_signal(signal.SIGTERM)
            assert started.wait(10) == 0
            assert started.stderr is not None
            assert "Traceback" not in started.stderr.read()
        finally:
            started.kill()


def test_over_http_with_a_key(library: Path, advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    async def main(address: str) -> None:
        async with Client(address) as client:
            await use(client, advisor)

    with process(library) as address:
        asyncio.run(asyncio.wait_for(main(address), 60))
        assert httpx.post(address, content=b"x" * 1_000_001, trust_env=False).status_code == 413
        # A page of another site that has its name point at this machine is refused.
        assert httpx.post(address, headers={"host": "evil.example"}, json={}, trust_env=False).status_code == 421
    key = "a-key-of-many-letters"
    with process(library, WAYMARK_API_KEYS=key) as address:
        assert httpx.post(address, json={}, trust_env=False).status_code == 401
        allowed = httpx.post(address, json={}, headers={"x-api-key": key}, trust_env=False)
        assert allowed.status_code not in (401, 500)


def test_a_fault_inside_is_not_told(settings: Settings) -> None:
    class Broken:
        def invoke(self, question: object) -> None:
            raise ZeroDivisionError("secret inner matter")

    async def main() -> None:
        desk = Desk(settings, Workers(1, 0), Broken())  # type: ignore[arg-type]
        async with Client(make_tools(desk)) as client:
            result = await client.call_tool("ask", {"question": QUESTION})
            assert result.is_error
            assert "secret" not in str(result.content)
        desk.workers.close()

    asyncio.run(main())
