"""`evals lookalikes DIR`: pages that look alike, and the questions on them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import UsageError


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UsageError where DIR cannot be written."""
    parser = argparse.ArgumentParser(
        prog="evals lookalikes",
        description="Write pages that look alike, one an occupation, and the questions on them. Ingest DIR/pages, then "
        "run DIR/questions.jsonl on that library.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where DIR/pages and DIR/questions.jsonl go")
    parser.add_argument("--pages", type=int, default=100, metavar="N", help="default: 100")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--layout", help="one layout for all pages; default: all in turn")
    args = parser.parse_args(words)
    from evals import lookalikes

    if not 5 <= args.pages <= lookalikes.MOST:
        parser.error(f"--pages must be 5 to {lookalikes.MOST}")
    if args.layout not in (None, *lookalikes.LAYOUTS):
        parser.error(f"--layout must be one of {', '.join(lookalikes.LAYOUTS)}")
    try:
        pages, questions = lookalikes.write(args.folder, args.pages, args.seed, args.layout)
    except OSError as error:
        raise UsageError(f"{args.folder} cannot be written: {error.strerror or error}; name another folder.") from None
    print(f"{pages}\n{questions}")
    return 0
