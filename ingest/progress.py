"""How far an ingest is, for people: bars with rate and remaining time on a terminal, else a plain line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ingest.pipeline import Progress

LINE_SECONDS = 5.0  # between two plain lines; a stage that is done sooner prints none

_STAGES = {
    "reading": "Reading",
    "embedding": "Embedding",
    "indexing": "Indexing",
    "calibrating": "Calibrating",
    "probing": "Checking",
}


@contextmanager
def shown_on(stream: TextIO) -> Iterator[Progress]:
    """What to tell of each stage, for the length of a `with` block; bars where the stream is a terminal."""
    if not stream.isatty():
        yield Lines(stream).tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    tasks: dict[str, TaskID] = {}
    with Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(file=stream),
    ) as bars:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_name(stage), total=total, rate="")
            speed = bars.tasks[tasks[stage]].speed
            bars.update(tasks[stage], completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield tell


class Lines:
    """Progress as lines that may be written to a file: at most one every LINE_SECONDS."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._stage = ""
        self._begun = self._told = clock()

    def tell(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` are through in this stage."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._begun = stage, now
        if now - max(self._told, self._begun) < LINE_SECONDS:
            return
        self._told = now
        rate = done / (now - self._begun)
        left = f", {rate:,.0f}/s, about {(total - done) / rate:,.0f} s left" if rate else ""
        print(f"{_name(stage)}: {done:,} of {total:,}{left}", file=self._stream, flush=True)


def _name(stage: str) -> str:
    return _STAGES.get(stage, stage.capitalize())
