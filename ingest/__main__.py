"""The `ingest` command: `python -m ingest`, and behind `waymark ingest`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import WaymarkError

if TYPE_CHECKING:
    from ingest.pipeline import IngestReport, Progress

_STAGES = {
    "reading": "Reading",
    "embedding": "Embedding",
    "indexing": "Indexing",
    "calibrating": "Calibrating",
    "probing": "Checking",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Ingest what the arguments name; the exit code: 0 done, 1 some sources were quarantined, 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        report = _run(arguments)
    except WaymarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    if arguments.json:
        print(json.dumps({**asdict(report), "library": str(report.library)}, ensure_ascii=False))
    else:
        _show(report)
    return 1 if report.quarantined else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waymark ingest",
        description="Add files, folders or web pages to the library, or refresh what changed in them. "
        "Without a path: the guides that come with Waymark.",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH_OR_URL", help="a file, a folder or an address")
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="folder of the library (default: WAYMARK_LIBRARY, or .waymark)"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _run(arguments: argparse.Namespace) -> IngestReport:
    from corpus.settings import Settings
    from ingest.pipeline import ingest_guides, run

    settings = Settings.read()
    library = arguments.library or settings.library
    with _progress() as progress:
        if arguments.paths:
            return run(arguments.paths, library, settings, progress)
        return ingest_guides(library, settings, progress)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Bars with rate and remaining time on a terminal; nothing where errors go to a file."""
    if not sys.stderr.isatty():
        yield None
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
        console=Console(stderr=True),
    ) as bars:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES.get(stage, stage.capitalize()), total=total, rate="")
            speed = bars.tasks[tasks[stage]].speed
            bars.update(tasks[stage], completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield tell


def _show(report: IngestReport) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, emoji=False, markup=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = (
        ("library", str(report.library)),
        ("documents", f"{report.documents} ({report.new} new, {report.changed} changed, "
                      f"{report.unchanged} unchanged, {report.removed} removed)"),
        ("passages", f"{report.passages:,}"),
        ("embedded", f"{report.embedded:,} passages"),
        ("generation", report.generation),
        ("time", f"{report.seconds:.1f} s"),
    )  # fmt: skip
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    for source, reason in report.quarantined:
        console.print(f"quarantined: {source}: {reason}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
