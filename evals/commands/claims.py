"""`evals claims FILE`: judge labelled claims against their evidence."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from evals.commands.measures import print_measures


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UnknownPath or BadQuestionSet for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="evals claims", description="Judge labelled claims against their evidence.")
    parser.add_argument("file", type=Path, metavar="FILE", help="JSONL: id, claim, evidence, label")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    from evals import claims
    from evals.progress import bar

    read = claims.read_claims(args.file)
    with bar(f"Judging {len(read)} claims", len(read)) as advance:
        judged = claims.judge(read, advance)
    print_measures(claims.measures(judged), args.json)
    return 0
