"""The bounded room for work: its places, its refusal, and readers that leave."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from corpus.errors import Overloaded
from corpus.settings import Settings
from ui import work
from ui.work import Workers


def numbers(end: int) -> Iterator[int]:
    yield from range(end)


async def until(true: Callable[[], bool]) -> None:
    """Returns once `true()` is; fails after ten seconds."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.005)


def test_results_and_errors_come_through() -> None:
    async def main() -> None:
        workers = Workers(1, 1)
        assert await workers.run(lambda: 3) == 3
        assert [n async for n in workers.stream(lambda: numbers(4))] == [0, 1, 2, 3]
        with pytest.raises(ValueError, match="literal"):
            await workers.run(lambda: int("a"))
        with pytest.raises(ZeroDivisionError):
            async for _ in workers.stream(lambda: iter([1 // 0])):
                pass
        await until(lambda: workers.taken == 0)
        workers.close()

    asyncio.run(main())


@pytest.mark.parametrize(("workers", "queue"), [(1, 0), (1, 2), (3, 0), (2, 3)])
def test_one_more_than_there_are_places_is_refused(workers: int, queue: int) -> None:
    async def main() -> None:
        room, gate = Workers(workers, queue), threading.Event()
        tasks = [asyncio.create_task(room.run(gate.wait)) for _ in range(workers + queue)]
        await until(lambda: room.taken == workers + queue)
        with pytest.raises(Overloaded):
            await room.run(gate.wait)
        with pytest.raises(Overloaded):
            await anext(room.stream(lambda: numbers(1)))
        gate.set()
        assert all(await asyncio.gather(*tasks))
        await until(lambda: room.taken == 0)
        assert await room.run(lambda: "again") == "again"
        room.close()

    asyncio.run(main())


@pytest.mark.parametrize(("cores", "processes", "at_once"), [(1, 1, 1), (2, 1, 2), (2, 2, 1), (2, 3, 1), (8, 1, 3)])
def test_without_a_model_as_many_are_worked_on_as_there_are_cores(
    settings: Settings, cores: int, processes: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_cores", lambda: cores)

    async def most(settings: Settings, expected: int) -> int:
        room, gate, begun = Workers.of(settings, processes), threading.Event(), []
        assert room.places == 3 + 5

        def wait() -> bool:
            begun.append(1)
            return gate.wait(10)

        waiting = [asyncio.create_task(room.run(wait)) for _ in range(room.places)]
        await until(lambda: len(begun) >= expected)
        await asyncio.sleep(0.1)  # one more than those would begin within it
        count = len(begun)
        gate.set()
        assert all(await asyncio.gather(*waiting))
        room.close()
        return count

    settings = replace(settings, workers=3, queue=5)
    assert asyncio.run(most(replace(settings, model=None), at_once)) == at_once
    assert asyncio.run(most(replace(settings, model="openai:any"), 3)) == 3  # those wait for the model, not for a core


def test_a_reader_that_leaves_stops_the_work_and_gives_its_place_back() -> None:
    done: list[int] = []

    def slow(gate: threading.Event) -> Iterator[int]:
        try:
            for number in range(1_000):
                yield number
                assert gate.wait(10)
                done.append(number)
        finally:
            done.append(-1)

    async def main() -> None:
        room, gate = Workers(1, 0), threading.Event()
        stream = room.stream(lambda: slow(gate))
        assert await anext(stream) == 0
        await stream.aclose()  # type: ignore[attr-defined]
        gate.set()
        await until(lambda: room.taken == 0)
        assert done[-1] == -1
        assert len(done) < 5
        room.close()

    asyncio.run(main())


def test_a_reader_that_leaves_the_line_is_never_worked_for() -> None:
    worked: list[int] = []

    async def main() -> None:
        room, gate = Workers(1, 1), threading.Event()
        first = asyncio.create_task(room.run(gate.wait))
        second = asyncio.create_task(room.run(lambda: worked.append(2)))
        await until(lambda: room.taken == 2)
        second.cancel()
        await until(lambda: room.taken == 1)
        gate.set()
        assert await first
        room.close()

    asyncio.run(main())
    assert worked == []
