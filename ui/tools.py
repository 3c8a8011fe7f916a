"""`waymark mcp`: the tools ask, search and read_document for programs that speak the Model Context Protocol.

The one importer of its package. Over HTTP the same door stands before it as before the server's interface.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from bot.answer import Question as AskedQuestion
from bot.answer import Situation, Turn
from corpus.errors import WaymarkError
from corpus.settings import Settings
from ui.api import Desk
from ui.bodies import SituationBody, TurnBody
from ui.door import through_door
from ui.guard import Guard
from ui.opening import open_advisor_for
from ui.requests import Recorder, logging_to_stderr
from ui.server import Obedient, address_of, allow_connections, config_of, listen, quiet_dependencies
from ui.text import whole
from ui.work import Workers

T = TypeVar("T")
# As much of a guide as is read at once: what reads it has a window to fill.
_PART = 20_000
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Waymark answers from a library of guides. Use `ask` for an answer whose every sentence carries a quote, `search` "
    "for passages, `read_document` for a guide's text. Where `status` is `abstained` the guides are silent: say so."
)

Question = Annotated[str, Field(min_length=1, max_length=4_000, description="the question, in plain words")]


def make_tools(desk: Desk) -> MCPServer[Any]:
    """The server of the three tools, over an opened `desk`. Each answers with JSON, as structured content too."""
    server: MCPServer[Any] = MCPServer(
        "waymark", title="Waymark", instructions=_INSTRUCTIONS, version=version("waymark"), log_level="WARNING"
    )

    @server.tool(annotations=_READS)
    async def ask(
        question: Question,
        history: Annotated[list[TurnBody] | None, Field(description="the conversation so far, oldest first")] = None,
        situation: Annotated[SituationBody | None, Field(description="what is known of the person")] = None,
    ) -> dict[str, Any]:
        """Answer a question from the guides: `answer` with [1] marks, `citations` with the exact words behind each
        mark, `missing` where the guides are silent."""
        told = situation or SituationBody()
        asked = AskedQuestion(
            whole(question),
            tuple(Turn(turn.role, turn.content) for turn in history or ()),
            Situation(told.background, told.region, told.hours_per_week, told.goal),
        )
        return (await _told(desk.ask(asked))).to_dict()

    @server.tool(annotations=_READS)
    async def search(
        question: Question,
        k: Annotated[int, Field(ge=1, le=50, description="how many passages at most")] = 8,
    ) -> dict[str, Any]:
        """Find the passages of the guides that fit a question best, with their places, without an answer."""
        return await _told(desk.search(whole(question), k))

    @server.tool(annotations=_READS)
    async def read_document(
        document_id: Annotated[
            str, Field(pattern="^[A-Za-z0-9_-]{1,200}$", description="as citations and hits name it")
        ],
        start: Annotated[int, Field(ge=0, description="where to begin, in characters")] = 0,
        length: Annotated[int, Field(ge=1, le=_PART, description="how many characters at most")] = _PART,
    ) -> dict[str, Any]:
        """Read a guide's text, a part at a time: `next_start` tells where the next part begins, null at the end."""
        library = desk.ready().library
        found = await _told(anyio.to_thread.run_sync(library.document, document_id))
        end = min(start + length, len(found.text))
        return {
            "document_id": found.id,
            "title": found.title,
            "source": found.source,
            "url": found.url,
            "published": found.published,
            "start": start,
            "text": found.text[start:end],
            "next_start": end if end < len(found.text) else None,
        }

    return server


def serve_stdio(settings: Settings, library: Path | None) -> int:
    """Speaks with the program that started this one, until it leaves. Raises what opening the library raises."""
    server = make_tools(_desk(settings, library))
    server.run("stdio")
    return 0


def serve_http(settings: Settings, library: Path | None, host: str, port: int) -> int:
    """Serves at /mcp until SIGINT or SIGTERM. Raises PortBusy, and what opening the library raises."""
    quiet_dependencies()
    allow_connections()
    listener = listen(host, port)
    desk = _desk(settings, library)
    server = Obedient(_config(desk, host))
    print(f"Waymark's tools are ready: {address_of(listener)}/mcp", flush=True)
    server.run(sockets=[listener])
    desk.workers.close()
    return 0


def _desk(settings: Settings, library: Path | None) -> Desk:
    # Only the keys and the rate of the page's settings concern the tools: no page is served here.
    advisor = open_advisor_for(library, settings)
    return Desk(replace(settings, page=False), Workers.of(settings), advisor)


def _config(desk: Desk, host: str) -> uvicorn.Config:
    # No session is kept between requests: any may come from a client that was not here before.
    app = make_tools(desk).streamable_http_app(json_response=True, stateless_http=True, host=host)
    door = Recorder(through_door(Guard(app), desk.settings), logging_to_stderr(desk.settings.log))
    return config_of(door, desk.settings, lifespan="on")


async def _told(work: Awaitable[T]) -> T:
    """What Waymark refuses is told to the caller as it stands; anything else stays inside."""
    try:
        return await work
    except WaymarkError as error:
        raise ToolError(str(error)) from None
