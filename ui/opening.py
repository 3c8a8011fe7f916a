"""Opening what answers: the default library is built from the project's guides where it is missing or out of date."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.settings import Settings

if TYPE_CHECKING:
    from bot.advisor import Advisor
    from ingest.pipeline import Progress

_STAGES = {
    "reading": "Reading the guides",
    "embedding": "Embedding their sentences",
    "indexing": "Building the index",
    "calibrating": "Learning what the guides do not answer",
    "probing": "Checking the index",
}


def open_advisor_for(library: Path | None, settings: Settings) -> Advisor:
    """The advisor of a library folder; None: the settings' own, built first where there is none, with progress shown.

    Raises UnknownLibrary where `library` names a folder that is no library, and what else opening raises. The imports
    are late: they take a second, and commands that open nothing need not wait for them.
    """
    make_default(library, settings)
    from bot.advisor import open_advisor

    return open_advisor(library or settings.library, settings)


def make_default(library: Path | None, settings: Settings) -> None:
    """Where no library is named: builds the settings' own from the project's guides, unless it is there."""
    if library is None:
        from ingest.shipped import ensure_default_library

        with _progress(settings.library) as progress:
            ensure_default_library(settings.library, settings, progress)


@contextmanager
def _progress(folder: Path) -> Iterator[Progress]:
    """Tells on stderr what is being done: bars on a terminal, else a line for each stage. Silent where nothing is."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars = Progress(*columns, console=console)
    tasks: dict[str, TaskID] = {}

    def tell(stage: str, done: int, total: int) -> None:
        name = _STAGES.get(stage, stage.capitalize())
        if not tasks:
            console.print(f"Making the library of Waymark's guides in {folder}: once, it takes about a minute.")
            if console.is_terminal:
                bars.start()
        if stage not in tasks:
            tasks[stage] = bars.add_task(name, total=total)
            if not console.is_terminal:
                print(f"{name} ...", file=sys.stderr, flush=True)
        bars.update(tasks[stage], completed=done, total=total)

    try:
        yield tell
    finally:
        if tasks and console.is_terminal:
            bars.stop()
