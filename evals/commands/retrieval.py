"""`evals retrieval FOLDER`: rank the documents of a BEIR folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from evals.commands.measures import print_measures


def main(words: Sequence[str]) -> int:
    """Exit code 0; 1 where queries could not be asked. Raises UnknownPath or BadQuestionSet for the folder's files."""
    parser = argparse.ArgumentParser(prog="evals retrieval", description="Rank the documents of a BEIR folder.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="holds corpus.jsonl, queries.jsonl, qrels/test.tsv")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    from corpus.reranker import open_reranker
    from corpus.settings import Settings
    from evals import retrieval
    from evals.progress import bar, stages

    read = retrieval.read_folder(args.folder)
    settings = Settings.read()
    with stages(f"Preparing a library of {len(read.documents)} documents") as tell:
        library = retrieval.open_library(read, settings, tell)
    with closing(library), bar(f"Searching {len(read.queries)} queries", len(read.queries)) as advance:
        ranked = retrieval.rank(read, library, advance, open_reranker(settings))
    measured = retrieval.measures(ranked)
    print_measures(measured, args.json)
    for each in ranked:
        if each.trouble:
            print(f"evals: query {each.query.id}: {each.trouble}", file=sys.stderr)
    return 1 if "errored" in measured else 0
