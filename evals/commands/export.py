"""`evals export RUN --to FORMAT FILE`: a run as a data set of Ragas or DeepEval."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import UsageError


def main(words: Sequence[str]) -> int:
    """Exit code 0; 1 where cases have no answer and are left out. Raises UsageError where FILE cannot be written."""
    parser = argparse.ArgumentParser(
        prog="evals export",
        description="Write a run as a data set of Ragas (JSONL for EvaluationDataset.from_jsonl) or DeepEval (JSON for "
        "add_test_cases_from_json_file and add_goldens_from_json_file). What was retrieved is told as the cited words.",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, as --out named it")
    parser.add_argument("file", type=Path, metavar="FILE", help="such as ragas.jsonl or deepeval.json")
    parser.add_argument("--to", required=True, choices=("ragas", "deepeval"), help="whose data set")
    args = parser.parse_args(words)
    from evals import exchange, record

    rows = record.read(args.run).rows
    text = exchange.ragas(rows) if args.to == "ragas" else exchange.deepeval(rows)
    try:
        args.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{args.file} cannot be written: {error.strerror or error}; name another file.") from None
    absent = exchange.unanswered(rows)
    print(f"{len(rows) - len(absent)} cases written to {args.file}.", file=sys.stderr)
    if absent:
        print(f"evals: left out, since they have no answer: {', '.join(absent)}", file=sys.stderr)
    return 1 if absent else 0
