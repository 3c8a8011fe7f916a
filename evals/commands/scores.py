"""`evals scores RUN`: the score board of README and docs, from a run of the project's own sets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.scores import Checked


def main(words: Sequence[str]) -> int:
    """Exit code 0; with --check 1 where the board is not true of the run.

    Raises UnknownPath and UsageError for a run that cannot be read or is of other sets.
    """
    parser = argparse.ArgumentParser(
        prog="evals scores",
        description="Write docs/scores.json, docs/scores.md and the score table of README.md from RUN, which must be "
        "of the project's own sets on its own guides. With --check nothing is written: are README.md and "
        "docs/scores.md what docs/scores.json says, and does each of its figures lie in the 95 % interval of RUN?",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, as --out named it")
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the project's folder; default: here")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where the board is not true")
    args = parser.parse_args(words)
    from evals import record, scores

    if args.check:
        return _check(scores.check(record.read(args.run), args.root), args.run)
    for path in scores.write(record.read(args.run), args.root):
        print(path)
    return 0


def _check(checked: Checked, run: Path) -> int:
    of = f"of other {', '.join(checked.older)}, and says so" if checked.older else "of this very code"
    if not checked.wrong:
        print(f"The score board is {of}; each figure of it lies in the interval of {run}.")
        return 0
    for told in checked.wrong:
        print(f"evals: score board: {told}", file=sys.stderr)
    print(f"evals: the score board is {of}. Write it anew: evals scores {run}", file=sys.stderr)
    return 1
