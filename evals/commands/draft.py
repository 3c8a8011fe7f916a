"""`evals draft DOCUMENT`: questions on a document, for a person to edit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.errors import UsageError


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UsageError for a document that nothing can be asked about, and a file that is there."""
    parser = argparse.ArgumentParser(
        prog="evals draft",
        description="Propose questions with gold quotes from a document's headings, lists, tables and figures, as a "
        "question set for a person to edit.",
    )
    parser.add_argument("document", metavar="DOCUMENT", help="a file or address; with --library a source, id or title")
    parser.add_argument("--library", type=Path, metavar="DIR", help="take the document from this library")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a new file; default: print the set")
    parser.add_argument("--most", type=int, default=30, metavar="N", help="at most so many questions; default: 30")
    args = parser.parse_args(words)
    if args.most < 1:
        parser.error("--most must be 1 or more")
    if args.out is not None and args.out.exists():
        raise UsageError(f"{args.out} is there already and may hold your edits; name another file with --out.")
    from corpus.library import Library
    from corpus.questions import line_of, write_set
    from corpus.settings import Settings
    from evals import draft

    if args.library is None:
        document = draft.read(args.document)
    else:
        with closing(Library.open(args.library, Settings.read())) as library:
            document = draft.find(library, args.document)
    cases = draft.draft(document, args.most)
    if not cases:
        raise UsageError(f"{args.document} has no heading, list, table or figure that a question can be made of.")
    if args.out is None:
        sys.stdout.writelines(line_of(case) + "\n" for case in cases)
        return 0
    try:
        write_set(args.out, cases)
    except OSError as error:
        raise UsageError(f"{args.out} cannot be written: {error.strerror or error}; name another file.") from None
    print(f"{len(cases)} questions drafted in {args.out}; edit them, then run them.", file=sys.stderr)
    return 0
