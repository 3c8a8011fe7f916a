"""`evals import FILE --from FORMAT`: a data set of Ragas or DeepEval as a question set, for a person to edit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.errors import UsageError


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises BadQuestionSet naming file and line, and UsageError for a file that is there."""
    parser = argparse.ArgumentParser(
        prog="evals import",
        description="Make a question set of a data set of Ragas (JSONL) or DeepEval (JSON): reference contexts "
        "become relevant quotes, reference answers of few words nuggets. Answers are left out: they are asked anew.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--from", dest="of", required=True, choices=("ragas", "deepeval"), help="whose data set")
    parser.add_argument("--library", type=Path, metavar="DIR", help="look there for the documents of the contexts")
    parser.add_argument("--out", type=Path, metavar="SET.jsonl", help="a new file; default: print the set")
    args = parser.parse_args(words)
    if args.out is not None and args.out.exists():
        raise UsageError(f"{args.out} is there already and may hold your edits; name another file with --out.")
    from corpus.library import Library
    from corpus.questions import line_of, write_set
    from corpus.settings import Settings
    from evals import exchange

    if args.library is None:
        read = exchange.read(args.file, args.of)
    else:
        with closing(Library.open(args.library, Settings.read())) as library:
            texts = {each.source: library.document(each.id).text for each in library.documents()}
        read = exchange.read(args.file, args.of, exchange.finder(texts))
    if args.out is None:
        sys.stdout.writelines(line_of(case) + "\n" for case in read.cases)
    else:
        try:
            write_set(args.out, read.cases)
        except OSError as error:
            raise UsageError(f"{args.out} cannot be written: {error.strerror or error}; name another file.") from None
    print(f"{len(read.cases)} questions, {read.placed} contexts with their document.", file=sys.stderr)
    if read.unplaced:
        where = "stand in no document of that library" if args.library else "name no document: give --library DIR"
        print(f"evals: {read.unplaced} contexts {where}; they are left out.", file=sys.stderr)
    if read.bare:
        print(
            f"evals: {len(read.bare)} questions name nothing that answers them, beginning with {read.bare[0]}; add "
            "nuggets, quotes, or what else to expect.",
            file=sys.stderr,
        )
    return 0
