"""`evals risk SET...`: how often it is wrong, were it to answer only what it is surest of."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import UsageError
from evals.commands.measures import print_measures

if TYPE_CHECKING:
    from corpus.settings import Settings
    from evals.risk import Sure


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises UsageError for a set that tells nothing of it, or a drawing that cannot be written."""
    parser = argparse.ArgumentParser(
        prog="evals risk",
        description="Risk against coverage. Each SET is a BEIR folder whose queries tell their answerability, or a "
        "question set; `own` is the project's sets on its guides.",
    )
    parser.add_argument("sets", nargs="+", metavar="SET", help="a folder, own, or QUESTIONS.jsonl=LIBRARY")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the curves into FILE")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    from corpus.settings import Settings
    from evals import risk

    settings = Settings.read()
    sure = {name: _sure(name, settings) for name in dict.fromkeys(args.sets)}
    measured = {name: risk.measures(each) for name, each in sure.items()}
    if args.svg is not None:
        try:
            risk.write(args.svg, [(name, risk.curve(each)) for name, each in sure.items()])
        except OSError as error:
            raise UsageError(f"{args.svg} cannot be written: {error.strerror or error}; name another file.") from None
    if args.json:
        print(json.dumps(measured, indent=2))
        return 0
    for name, body in measured.items():
        print(name)
        print_measures(body, as_json=False)
    return 0


def _sure(name: str, settings: Settings) -> Sequence[Sure]:
    """What the product is sure of for one set of `evals risk`."""
    from corpus.library import Library
    from corpus.reranker import open_reranker
    from evals import retrieval, risk
    from evals.opening import default_library
    from evals.progress import stages
    from evals.run import read_sets

    reranker = open_reranker(settings)
    if Path(name).is_dir():
        read = retrieval.read_folder(Path(name))
        with stages(f"Preparing a library of {len(read.documents)} documents") as tell:
            library = retrieval.open_library(read, settings, tell)
        with closing(library):
            found = risk.of_ranked(retrieval.rank(read, library, reranker=reranker))
        if not found:
            raise UsageError(f"The queries of {name} do not tell their answerability; name another set.")
        return found
    questions, _, folder = name.partition("=")
    sets = read_sets(None if name == "own" else Path(questions))
    with closing(Library.open(Path(folder) if folder else default_library(settings), settings)) as library:
        return risk.of_questions(sets, library, reranker)
