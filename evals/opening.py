"""What a command of `evals` works on, opened from its words: the system asked, the library, the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from corpus.settings import Settings
from evals.run import Control
from evals.systems import System


@contextmanager
def open_system(url: str | None, library: Path | None) -> Iterator[System]:
    """What is asked: the server at `url`, the library in `library`, or a library of the project's guides."""
    from evals.systems import Local, Server

    if url is not None:
        with closing(Server(url)) as server:
            yield server
        return
    from bot.advisor import open_advisor

    settings = Settings.read()
    advisor = open_advisor(library or default_library(settings), settings)
    with closing(advisor.library):
        yield Local(advisor)


def default_library(settings: Settings) -> Path:
    """The library that the settings name, built of the project's guides where it is not there yet."""
    from evals.progress import stages
    from ingest.shipped import ensure_default_library

    with stages("Preparing the library") as tell:
        ensure_default_library(settings.library, settings, tell)
    return settings.library


def console() -> Any:
    """Where tables are printed. Where stdout is no terminal, a table is not cut at 80 columns."""
    from rich.console import Console

    told = Console()
    return told if told.is_terminal else Console(width=200)


def all_controls() -> tuple[Control, ...]:
    """The controls on known answers, and those on a library made for them."""
    from evals import controls, removal
    from evals.progress import stages

    known = controls.run_all()
    with stages("Preparing the controls") as tell:
        return known + removal.run_all(Settings.read(), progress=tell)
