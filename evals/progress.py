"""Progress on stderr, so that stdout holds results alone: a bar on a terminal, one line elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(title: str, total: int) -> Iterator[Callable[[], None]]:
    """Inside, each call of what is given moves the bar by one of `total`."""
    with _shown(title, total) as update:
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            update(title, done, total)

        yield advance


@contextmanager
def stages(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Inside, what is given is told (stage, done, total) of work that goes through several stages."""
    with _shown(title, None) as update:
        yield lambda stage, done, total: update(f"{title}: {stage}", done, total)


@contextmanager
def _shown(title: str, total: int | None) -> Iterator[Callable[[str, int, int], None]]:
    # Late, so that reading this module costs nothing where nothing is shown.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(title, highlight=False)
        yield lambda *_: None
        return
    what = TextColumn("{task.description}")
    columns = (SpinnerColumn(), what, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)
