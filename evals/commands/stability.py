"""`evals stability [QUESTIONS.jsonl]`: does the answer stay the same where it must."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str]) -> int:
    """Exit code 0; 1 where some questions had no answer."""
    parser = argparse.ArgumentParser(
        prog="evals stability",
        description="Ask questions misspelt, reworded, by people of another sex, age or origin, and follow-ups without "
        "their history; tell how often the answer stays the same, and what differs. Exit code 1: some had no answer.",
    )
    parser.add_argument("questions", nargs="?", type=Path, metavar="QUESTIONS.jsonl", help="default: the project's own")
    parser.add_argument("--library", type=Path, metavar="DIR", help="default: a library of corpus/guides")
    parser.add_argument("--url", help="ask a Waymark server instead of the library")
    parser.add_argument("--cases", type=int, default=60, metavar="N", help="at most so many, by the seed; default: 60")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    if args.url and args.library:
        parser.error("--url and --library exclude each other: a server has its own library")
    if args.cases < 1:
        parser.error("--cases must be 1 or more")
    from evals import stability
    from evals.commands.questions import valid_controls
    from evals.opening import open_system
    from evals.progress import bar
    from evals.run import all_cases, read_sets

    cases = stability.sample(all_cases(read_sets(args.questions)), args.cases, args.seed)
    valid_controls()
    with open_system(args.url, args.library) as system, bar(f"Asking {len(cases)} questions", len(cases)) as advance:
        measured = stability.measure(system, cases, args.seed, advance)
    print(json.dumps(measured.to_dict(), indent=2) if args.json else stability.told(measured))
    return 1 if measured.errored else 0
