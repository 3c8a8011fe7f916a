"""`evals bench`: speed beside plain LangChain retrieval."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UsageError for parts that there are none of, and what the parts raise."""
    parser = argparse.ArgumentParser(prog="evals bench", description="Figures beside a plain LangChain chain.")
    parser.add_argument(
        "--parts", metavar="A,B", help="of answers, load, build, quality, scale, pages; default: all that can be"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="texts to ask about; default: corpus/guides")
    parser.add_argument("--passages", type=int, default=5_000, metavar="N", help="of the build part; default: 5000")
    parser.add_argument("--sets", type=Path, nargs="+", default=[], metavar="DIR", help="BEIR folders of quality")
    parser.add_argument("--scale", type=int, default=100_000, metavar="N", help="of the scale part; default: 100000")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), metavar="DIR", help="default: bench-out")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args(words)
    from corpus.settings import Settings
    from evals import bench

    can = tuple(part for part in bench.PARTS if part != "quality" or args.sets)
    parts = tuple(args.parts.split(",")) if args.parts else can
    plan = bench.Plan(parts, args.folder, max(1, args.passages), tuple(args.sets), max(1, args.scale))
    figures = bench.run(plan, args.out, Settings.read())
    if args.json:
        print(json.dumps(figures, indent=2))
    else:
        from evals.opening import console

        console().print(bench.table(figures))
    return 0
