"""A bounded room for work: a few threads that answer, a bounded line before them, and a clear refusal beyond it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from corpus.errors import Overloaded
from corpus.settings import Settings

FULL = "All places are taken just now. Try again in a few seconds."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing in a stream's queue; `error` is what ended it, None where it ended by itself."""

    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


class Workers:
    """`workers` answers are worked on at once, `queue` more may wait; the next one raises Overloaded.

    To be used from one event loop: the count of taken places needs no lock then.
    """

    def __init__(self, workers: int, queue: int) -> None:
        self._places = workers + queue
        self._taken = 0
        self.told: Callable[[int, int], None] = lambda *_: None  # whom to tell of a change
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="answer")

    @classmethod
    def of(cls, settings: Settings, processes: int = 1) -> Workers:
        """The room that the settings ask for, of one of so many processes that serve.

        Without a language model to wait for, an answer is computing and nothing else: more of them at once than there
        are cores only push each other out of the caches, so the others wait their turn, in as many places as before.
        """
        at_once = settings.workers
        if settings.model is None:
            at_once = min(at_once, max(1, _cores() // processes))
        return cls(at_once, settings.queue + settings.workers - at_once)

    @property
    def full(self) -> bool:
        """True while the next one would be refused."""
        return self._taken >= self._places

    @property
    def places(self) -> int:
        """How many answers may be worked on or wait."""
        return self._places

    @property
    def taken(self) -> int:
        """How many answers are being worked on or wait."""
        return self._taken

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work()`, done in a thread. Raises Overloaded, and whatever `work` raises."""
        return await asyncio.wrap_future(self._submit(work))

    async def stream(self, work: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """What `work()` yields, as it comes. When the reader leaves, the thread stops at its next item.

        Raises Overloaded before the first item, and whatever `work` raises.
        """
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[_Item[T] | _End] = asyncio.Queue()
        gone = threading.Event()

        def put(item: _Item[T] | _End) -> None:
            # The loop may have closed under a thread that still works.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(items.put_nowait, item)

        def produce() -> None:
            for value in work():
                if gone.is_set():
                    break
                put(_Item(value))

        future = self._submit(produce)
        future.add_done_callback(lambda done: put(_End(None if done.cancelled() else done.exception())))
        try:
            while isinstance(item := await items.get(), _Item):
                yield item.value
            if item.error is not None:
                raise item.error
        finally:
            gone.set()
            future.cancel()

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        if self.full:
            raise Overloaded(FULL)
        loop = asyncio.get_running_loop()
        self._take(1)

        def leave(_: Future[T]) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._leave)

        future = self._threads.submit(work)
        future.add_done_callback(leave)
        return future

    def _leave(self) -> None:
        self._take(-1)

    def _take(self, places: int) -> None:
        self._taken += places
        self.told(self._places, self._taken)

    def close(self) -> None:
        """Takes no more work; what runs is finished, what waits is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
