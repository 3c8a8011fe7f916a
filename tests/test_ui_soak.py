"""A server that runs for long: very many questions, and one generation after another under it, leave nothing behind."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from corpus.settings import Settings
from evals.bench_load import asked
from tests import shelf
from tests.test_ui_crowd import Served, served
from tests.web import client

# What a server may grow by, as a share of its memory, while it does the same thing over and over.
GROWTH = 0.05
CLIENTS = 10
# Chroma opens its file once more whenever so many questions come together as never before, ten times at most. A
# descriptor that every question, every tenth or every generation left behind would come to more.
POOL = 10


def level(memory: list[int]) -> None:
    """The memory of the last third of a run is that of the first, which comes after a fifth that is not looked at."""
    settled = memory[len(memory) // 5 :]
    third = len(settled) // 3
    assert median(settled[-third:]) <= median(settled[:third]) * (1 + GROWTH), memory


def ask_on(server: Served, questions: int) -> None:
    """So many questions, every one another, by CLIENTS at once; looked at fifteen times."""
    part = questions // 15
    memory: list[int] = []
    files: list[int] = []
    # The pool's threads are made as they are first needed, and each opens the library's records for itself.
    warming = [f"How much does a data engineer earn in town {n}?" for n in range(300)]
    assert asyncio.run(asked(server.address, warming, CLIENTS)).statuses == {200: 300}
    for turn in range(15):
        asking = [f"How much does a data engineer earn in place {turn * part + n}?" for n in range(part)]
        tally = asyncio.run(asked(server.address, asking, CLIENTS))
        assert tally.statuses == {200: part}
        time.sleep(0.5)  # the clients' connections are closed a moment after they have gone
        now = server.holds()
        files.append(now[0])
        memory.append(now[2])
    level(memory)
    assert max(files[5:]) <= max(files[:5]) + POOL, files


def renew(server: Served, guides: Path, settings: Settings, generations: int) -> None:
    """So many generations, one after the other, each of them asked."""
    from ingest.pipeline import run as ingest

    memory: list[int] = []
    files: list[int] = []
    seen: set[str] = set()
    guide = sorted(guides.glob("*.md"))[0]
    text = guide.read_text(encoding="utf-8")
    with client(server.address) as web:
        for turn in range(generations):
            guide.write_text(f"{text}\n\nThis is edition {turn} of the guide.\n", encoding="utf-8")
            ingest([str(guides)], settings.library, settings)
            body = web.post("/ask", json={"question": "How much does a data engineer earn?"}).json()
            assert body["status"] == "answered"
            seen.add(body["generation"])
            now = server.holds()
            files.append(now[0])
            memory.append(now[2])
        assert web.get("/health").json()["status"] == "ok"
    assert len(seen) == generations
    assert max(files[-3:]) <= max(files[:3]) + POOL, files
    if generations >= 15:
        level(memory)


@pytest.fixture
def own(tmp_path: Path, settings: Settings) -> tuple[Path, Settings]:
    """Guides that may be changed, and the settings of their library."""
    from ingest.pipeline import run as ingest

    guides, settings = shelf.write(tmp_path / "guides"), replace(settings, library=tmp_path / "library")
    ingest([str(guides)], settings.library, settings)
    return guides, settings


def test_questions_and_generations_leave_nothing_behind(own: tuple[Path, Settings]) -> None:
    guides, settings = own
    with served(settings.library) as server:
        ask_on(server, 600)
        renew(server, guides, settings, 4)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_twenty_thousand_questions_leave_nothing_behind(own: tuple[Path, Settings]) -> None:
    with served(own[1].library) as server:
        ask_on(server, 20_000)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_two_hundred_generations_leave_nothing_behind(own: tuple[Path, Settings]) -> None:
    guides, settings = own
    with served(settings.library) as server:
        renew(server, guides, settings, 200)
