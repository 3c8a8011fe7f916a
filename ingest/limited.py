"""Sources are read by processes of their own with limits on memory and time, each started once and used again.

A source that kills or stalls its process is refused with a sentence, and another process goes on with the next.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

from corpus.errors import SourceError
from ingest.handover import ReadSource, Refusal, Request, read_answer, write_request

# What a reading process needs of the environment; keys of language models are not among it.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "VIRTUAL_ENV", "HOME", "SYSTEMROOT")
# How many sources may be under way for each process: enough that it never waits, few enough to be held in memory.
_AHEAD = 3

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source may take: `memory` bytes of address space, `seconds` of processor, `wall` seconds in all."""

    memory: int = 1_024 * 2**20
    seconds: int = 60
    wall: float = 180.0


class LimitedReaders:
    """Reading processes, started when first needed; a context manager that ends them. Safe to use from many threads."""

    def __init__(self, processes: int | None = None, limits: Limits | None = None) -> None:
        """`processes`: how many read side by side; as many as there are processors, at most four, where not given."""
        self._count = processes or max(1, min(4, os.cpu_count() or 1))
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")
        self._idle: list[_Child] = []
        self._busy: list[_Child] = []
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, those that read included; sources that wait are not read any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            children = [*self._idle, *self._busy]
        for child in children:
            child.stop()
        self._threads.shutdown(wait=True)
        for child in children:
            child.end()

    def read(self, request: Request) -> ReadSource:
        """What a source holds. Raises SourceError, in a sentence, where it cannot be read within the limits."""
        child = self._take()
        answer: ReadSource | Refusal | None = None
        try:
            answer = child.read(request)
        finally:
            self._give_back(child, used_up=answer is None or (isinstance(answer, Refusal) and answer.last))
        if isinstance(answer, Refusal):
            raise SourceError(answer.reason)
        return answer

    def read_all(
        self, items: Iterable[Item], request: Callable[[Item], Request | None]
    ) -> Iterator[tuple[Item, ReadSource | SourceError | None]]:
        """(item, what was read or why nothing was) of each item in order, read side by side and some ahead.

        `request` is asked in this thread, once an item comes near: None for an item that need not be read, and
        SourceError for one that cannot be.
        """
        ahead: deque[tuple[Item, Future[ReadSource] | SourceError | None]] = deque()
        for item in items:
            ahead.append((item, self._begun(item, request)))
            while len(ahead) >= _AHEAD * self._count or (ahead and not isinstance(ahead[0][1], Future)):
                yield _finished(*ahead.popleft())
        while ahead:
            yield _finished(*ahead.popleft())

    def _begun(self, item: Item, request: Callable[[Item], Request | None]) -> Future[ReadSource] | SourceError | None:
        try:
            wanted = request(item)
        except SourceError as error:
            return error
        return None if wanted is None else self._threads.submit(self.read, wanted)

    def _take(self) -> _Child:
        """A process that is free, or a new one."""
        with self._lock:
            if self._closed:
                raise SourceError("Reading was stopped.")
            child = self._idle.pop() if self._idle else None
            if child is None or not child.alive():
                if child is not None:
                    child.end()
                child = _Child(self._limits)
            self._busy.append(child)
        return child

    def _give_back(self, child: _Child, *, used_up: bool) -> None:
        with self._lock:
            self._busy.remove(child)
            if not used_up:
                self._idle.append(child)
        if used_up:
            child.end()


def _finished(
    item: Item, begun: Future[ReadSource] | SourceError | None
) -> tuple[Item, ReadSource | SourceError | None]:
    if not isinstance(begun, Future):
        return item, begun
    try:
        return item, begun.result()
    except SourceError as error:
        return item, error


class _Child:
    """One reading process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        root = str(Path(__file__).parents[1])
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "ingest.reader_child", str(limits.memory), str(limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "PYTHONPATH": os.pathsep.join(paths)},
            # An interrupt from the terminal is for the ingest, which ends its readers itself.
            start_new_session=True,
        )

    def alive(self) -> bool:
        return self._process.poll() is None

    def read(self, request: Request) -> ReadSource | Refusal:
        """What a source holds, or why it cannot be read."""
        stalled = threading.Event()

        def stop() -> None:
            stalled.set()
            self._process.kill()

        watch = threading.Timer(self._limits.wall, stop)
        watch.daemon = True
        watch.start()
        try:
            write_request(_pipe(self._process.stdin), request)
            answer = read_answer(_pipe(self._process.stdout))
        except (OSError, ValueError):
            answer = None
        finally:
            watch.cancel()
        if answer is not None:
            return answer
        self._process.kill()
        return Refusal(self._why(self._process.wait(), stalled=stalled.is_set()), last=True)

    def stop(self) -> None:
        """End the process; whoever waits for its answer is told that there is none."""
        self._process.kill()

    def end(self) -> None:
        """End the process and let go of what belongs to it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # What was still to be sent goes nowhere: the process is gone.
                    continue
        self._process.kill()
        self._process.wait()

    def _why(self, code: int, *, stalled: bool) -> str:
        limits = self._limits
        if stalled:
            return f"Reading the file takes more than {limits.wall:.0f} s and was stopped; split it up."
        if code == -signal.SIGXCPU:
            return f"Reading the file takes more than {limits.seconds} s of computing and was stopped; split it up."
        return (
            f"Reading the file takes more than {limits.memory // 2**20:,} MB of memory, or trips a fault in the reader "
            f"(it ended with code {code}); split it up, or save it anew in another format."
        )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
