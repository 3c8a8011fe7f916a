"""The benchmark's part on load: clients that ask all at once, each as soon as it has its answer, of `waymark serve`.

Every question is another one: those of the project's own sets and their rewritings (`evals.variants`). The clients are
one process that speaks HTTP/1.1 over plain sockets, since they share the cores with the server and must cost little.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.settings import Settings
from evals import processes
from evals.bench_answers import Tell, build_library
from evals.metrics import median, percentile
from evals.run import all_cases, read_sets
from evals.variants import variants

CLIENTS = 50
SERVERS = 2
# Asked before the time is taken, for what is loaded late and what a server that has run for a while has read before.
FIRST = 300
SECONDS = 120.0  # longest wait for one answer


@dataclass(slots=True)
class Tally:
    """What the clients saw: milliseconds of each answer, how often each status came (0: no response), all seconds."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0


def measure(folder: Path | None, work: Path, settings: Settings, tell: Tell) -> dict[str, Any]:
    """`folder`: texts to ask about, the project's guides where it is None. `work` may be filled."""
    library = work / "library"
    build_library(folder, library, settings, tell)
    questions = different()
    serve = ["serve", "--processes", str(SERVERS), "--port", "0", "--library", str(library)]
    with processes.serving([processes.waymark(), *serve], work / "serve.log") as address:
        tell("first questions", 0, 2)
        asyncio.run(asked(address, questions[:FIRST], CLIENTS))
        tell(f"{CLIENTS} clients at once", 1, 2)
        tally = asyncio.run(asked(address, questions[FIRST:], CLIENTS))
    answered = tally.statuses[200]
    return {
        "clients": CLIENTS,
        "processes": SERVERS,
        "questions": len(questions) - FIRST,
        "answers_per_s": round(answered / tally.seconds, 1),
        "errors": sum(tally.statuses.values()) - answered,
        "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
        "median_ms": round(median(tally.milliseconds), 1),
        "p95_ms": round(percentile(tally.milliseconds, 0.95), 1),
        "longest_ms": round(max(tally.milliseconds), 1),
    }


def different() -> list[str]:
    """Some two thousand questions, no two alike, in an order that is the same every time."""
    chance = random.Random(7)  # noqa: S311 - no secret
    own = [case.question for case in all_cases(read_sets(None)) if not case.history]
    made = dict.fromkeys(own) | dict.fromkeys(text for q in own for text in variants(q, chance).values())
    questions = list(made)
    chance.shuffle(questions)
    return questions


async def asked(address: str, questions: Sequence[str], clients: int) -> Tally:
    """All questions, by so many clients at once. Each keeps its connection, and opens another where that ended."""
    tally = Tally()
    rest = iter(questions)
    place = urlsplit(address)
    began = time.perf_counter()
    await asyncio.gather(*(_client(str(place.hostname), place.port or 80, rest, tally) for _ in range(clients)))
    tally.seconds = time.perf_counter() - began
    return tally


async def _client(host: str, port: int, questions: Iterator[str], tally: Tally) -> None:
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    for question in questions:
        body = json.dumps({"question": question, "mode": "extractive"}).encode()
        head = f"POST /ask HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        began = time.perf_counter()
        try:
            line = line or await asyncio.open_connection(host, port)
            reader, writer = line
            writer.write(f"{head}\r\n\r\n".encode() + body)
            status = await asyncio.wait_for(_response(reader), SECONDS)
        except (OSError, EOFError, TimeoutError, ValueError):
            status = 0
        tally.milliseconds.append((time.perf_counter() - began) * 1e3)
        tally.statuses[status] += 1
        if status == 0 and line is not None:
            line[1].close()
            line = None
    if line is not None:
        line[1].close()


async def _response(reader: asyncio.StreamReader) -> int:
    """The status of a response that has been read whole. Raises EOFError, or ValueError where it tells no length."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    after = head.partition(b"\r\ncontent-length:")[2]
    await reader.readexactly(int(after.partition(b"\r\n")[0]))
    return int(head.split(b" ", 2)[1])
