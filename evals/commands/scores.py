"""`evals scores RUN`: the score board of README and docs, from a run of the project's own sets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UnknownPath and UsageError for a run that cannot be read or is of other sets."""
    parser = argparse.ArgumentParser(
        prog="evals scores",
        description="Write docs/scores.json, docs/scores.md and the score table of README.md from RUN, which must be "
        "of the project's own sets on its own guides.",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, as --out named it")
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the project's folder; default: here")
    args = parser.parse_args(words)
    from evals import record, scores

    for path in scores.write(record.read(args.run), args.root):
        print(path)
    return 0
