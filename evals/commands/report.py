"""`evals report RUN`: the reports of a run, written again from its results."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UnknownPath and UsageError for a folder that holds no whole run."""
    parser = argparse.ArgumentParser(
        prog="evals report",
        description="Write report.md, report.html and junit.xml again from the results in RUN. No question is asked.",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, as --out named it")
    args = parser.parse_args(words)
    from evals import record, report

    for path in report.write_shown(record.read(args.run), args.run):
        print(path)
    return 0
