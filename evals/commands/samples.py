"""`evals samples FILE`: ten answers as they come out, such as docs/answers.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import UsageError


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UsageError where FILE cannot be written."""
    parser = argparse.ArgumentParser(
        prog="evals samples", description="Write ten answers as they come out, with what they stand on."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="such as docs/answers.md")
    parser.add_argument("--library", type=Path, metavar="DIR", help="default: a library of corpus/guides")
    args = parser.parse_args(words)
    from bot.advisor import open_advisor
    from corpus.settings import Settings
    from evals import samples
    from evals.opening import default_library

    settings = Settings.read()
    advisor = open_advisor(args.library or default_library(settings), settings)
    written = samples.page(advisor.invoke)
    try:
        args.file.write_text(written, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{args.file} cannot be written: {error.strerror or error}; name another file.") from None
    print(args.file)
    return 0
