"""The `ingest` command: `python -m ingest`, and behind `waymark ingest`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from corpus.errors import UsageError, WaymarkError

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.settings import Settings
    from ingest.pipeline import IngestReport, JoinedSource

SHOWN = 20  # joined sources named one by one; `waymark library` names all

_ABOUT = """\
Add files, folders or web pages to the library, or refresh what changed in them. Without a path: the guides that come
with Waymark. Unchanged sources cost nothing; of a changed one only the changed passages are embedded again.

A file that is gone from a folder named here leaves the library, and so does a page whose server says that it is gone.
A page that cannot be reached just now keeps its document. A document taken out with `waymark library remove` comes
back when its source is ingested again. Sources that say the same are joined: one answers for all of them.
"""
_CODES = """\
exit codes: 0 done; 1 some sources could not be read, the rest is done; 2 wrong usage; 130 interrupted, the library
answers as before and the same command goes on where it stopped.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Ingest what the arguments name; the exit code: 0 done, 1 some sources could not be read, 2 wrong usage, 130
    interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        from corpus.settings import Settings

        settings = Settings.read()
        library = arguments.library or settings.library
        before = current(library)
        try:
            with interruptible() as check:
                report = _run(arguments, library, settings, check)
        except KeyboardInterrupt:
            print(interrupted(library, before), file=sys.stderr)
            return 130
    except WaymarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    if arguments.json:
        print(json.dumps({**asdict(report), "library": str(report.library)}, ensure_ascii=False))
    else:
        _show(report)
    return 1 if report.quarantined or report.kept else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waymark ingest",
        description=_ABOUT,
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH_OR_URL", help="a file, a folder or an address")
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="folder of the library (default: WAYMARK_LIBRARY, or .waymark)"
    )
    parser.add_argument(
        "--sync",
        action="store_true",
        help="let the library hold just what is named here: what came from other folders, files and addresses leaves",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be done, and write nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _run(arguments: argparse.Namespace, library: Path, settings: Settings, check: Callable[[], None]) -> IngestReport:
    from ingest.pipeline import run
    from ingest.progress import shown_on
    from ingest.shipped import guides_folder, ingest_guides

    if arguments.sync and not arguments.paths:
        raise UsageError("--sync needs the folder, files or addresses that the library shall hold.")
    with shown_on(sys.stderr) as show:

        def progress(stage: str, done: int, total: int) -> None:
            check()
            show(stage, done, total)

        if arguments.paths or arguments.dry_run:
            paths = arguments.paths or [str(guides_folder())]
            return run(paths, library, settings, progress, sync=arguments.sync, dry_run=arguments.dry_run)
        return ingest_guides(library, settings, progress)


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """SIGINT and SIGTERM become KeyboardInterrupt, wherever in the block they come.

    What is given, called now and then, raises it again where it was lost: Python drops exceptions that arise while it
    cleans up.
    """
    came = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupted(library: Path, before: bytes | None) -> str:
    """What to tell who interrupted an ingest; `before`: what CURRENT said when it began."""
    now = current(library)
    if now is None:
        told = f"Interrupted: there is no library in {library} yet"
    elif now == before:
        told = f"Interrupted: the library {library} answers as before"
    else:
        told = f"Interrupted, when the library {library} answered from its new state already"
    return f"{told}; run the same command again to go on where it stopped."


def current(library: Path) -> bytes | None:
    """What CURRENT says, to see later whether readers were given another generation; None where there is none."""
    try:
        return (library / "CURRENT").read_bytes()
    except OSError:
        return None


def _show(report: IngestReport) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, emoji=False, markup=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    counts = [
        f"{report.new} new",
        f"{report.changed} changed",
        f"{report.unchanged} unchanged",
        f"{report.removed} removed",
        f"{len(report.joined)} joined",
        f"{len(report.quarantined)} quarantined",
        *([f"{len(report.kept)} kept as they were"] if report.kept else []),
    ]
    rows = (
        ("library", str(report.library)),
        ("documents", f"{report.documents} ({', '.join(counts)})"),
        ("passages", f"{report.passages:,}"),
        ("to embed" if report.dry_run else "embedded", f"{report.embedded:,} passages"),
        ("generation", report.generation),
        ("time", f"{report.seconds:.1f} s"),
    )
    if report.dry_run:
        console.print("Dry run: nothing was written. This is what would be.")
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    _show_joined(report.joined, console)
    for word, sources in (("kept as it was", report.kept), ("quarantined", report.quarantined)):
        for source, reason in sources:
            console.print(_printable(f"{word}: {source}: {reason}"), soft_wrap=True)


def _show_joined(joined: Sequence[JoinedSource], console: Console) -> None:
    for one in joined[:SHOWN]:
        told = f"joined: {one.source} to {one.joined_to_source}: {one.reason} (likeness {one.likeness:.2f})"
        console.print(_printable(told), soft_wrap=True)
    if len(joined) > SHOWN:
        console.print(f"joined: {len(joined) - SHOWN} more; `waymark library` lists them")


def _printable(text: str) -> str:
    """Without characters that a terminal would obey: names of files and what servers say are not ours."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


if __name__ == "__main__":
    sys.exit(main())
