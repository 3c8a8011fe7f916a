"""The command `evals` (also `python -m evals`): question sets, retrieval, claims, controls, speed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ControlFailed, UsageError, WaymarkError

if TYPE_CHECKING:
    from corpus.settings import Settings
    from evals.risk import Sure

# Everything that a command needs beyond this is imported in the command, so that --help and a wrong word are quick.

_EPILOG = """commands:
  evals [QUESTIONS.jsonl]    run a question set, or the project's own sets, and write the report
  evals compare RUN_A RUN_B  what changed between two runs, case by case, held to the gates
  evals report RUN           write the reports of a run again
  evals scores RUN           write the score board of README and docs
  evals judge RUN            what a language model thinks of a run's answers; no gate
  evals retrieval FOLDER     rank the documents of a BEIR folder
  evals claims FILE          judge labelled claims against their evidence
  evals controls             test the evaluator itself
  evals risk SET [SET...]    how often it is wrong, were it to answer only what it is surest of
  evals stability [SET]      does the answer stay the same when misspelt, reworded, or asked by somebody else
  evals draft DOCUMENT       propose questions on a document for a person to edit
  evals export RUN FILE      write a run as a data set of Ragas or DeepEval
  evals import FILE          make a question set of a data set of Ragas or DeepEval
  evals lookalikes DIR       write look-alike pages and the questions on them
  evals samples FILE         write ten answers as they come out, such as docs/answers.md
  evals bench                speed beside plain LangChain retrieval

Each has --help. Exit codes: 0 done, 1 some cases failed or a gate is crossed, 2 wrong usage, 3 invalid evaluator."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are told in a sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    commands = {
        **{name: _in_file(name) for name in ("compare", "report", "scores", "judge", "stability", "draft", "export")},
        "import": _in_file("importing"),
        "retrieval": _retrieval,
        "claims": _claims,
        "controls": _controls,
        "risk": _risk,
        "lookalikes": _lookalikes,
        "samples": _samples,
        "bench": _bench,
    }
    chosen = commands.get(words[0]) if words else None
    try:
        return chosen(words[1:]) if chosen else _questions(words)
    except WaymarkError as error:
        print(f"evals: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("evals: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever reads our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _questions(words: Sequence[str]) -> int:
    from evals.commands import questions

    return questions.main(words, _EPILOG)


def _in_file(name: str) -> Callable[[Sequence[str]], int]:
    """The command of a file in evals/commands, which is imported when the command is run."""

    def run(words: Sequence[str]) -> int:
        main: Callable[[Sequence[str]], int] = import_module(f"evals.commands.{name}").main
        return main(words)

    return run


def _settings() -> Settings:
    from corpus.settings import Settings

    return Settings.read()


def _retrieval(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="evals retrieval", description="Rank the documents of a BEIR folder.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="holds corpus.jsonl, queries.jsonl, qrels/test.tsv")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    from corpus.reranker import open_reranker
    from evals import retrieval
    from evals.progress import bar, stages

    read = retrieval.read_folder(args.folder)
    settings = _settings()
    with stages(f"Preparing a library of {len(read.documents)} documents") as tell:
        library = retrieval.open_library(read, settings, tell)
    with closing(library), bar(f"Searching {len(read.queries)} queries", len(read.queries)) as advance:
        ranked = retrieval.rank(read, library, advance, open_reranker(settings))
    measured = retrieval.measures(ranked)
    _print_measures(measured, args.json)
    for each in ranked:
        if each.trouble:
            print(f"evals: query {each.query.id}: {each.trouble}", file=sys.stderr)
    return 1 if "errored" in measured else 0


def _claims(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="evals claims", description="Judge labelled claims against their evidence.")
    parser.add_argument("file", type=Path, metavar="FILE", help="JSONL: id, claim, evidence, label")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    from evals import claims
    from evals.progress import bar

    read = claims.read_claims(args.file)
    with bar(f"Judging {len(read)} claims", len(read)) as advance:
        judged = claims.judge(read, advance)
    _print_measures(claims.measures(judged), args.json)
    return 0


def _controls(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="evals controls", description="Test the evaluator itself.")
    parser.add_argument("--json", action="store_true", help="print the controls as JSON")
    args = parser.parse_args(words)
    from evals.opening import all_controls

    controls = all_controls()
    failed = [control.name for control in controls if not control.passed]
    if args.json:
        table = {control.name: {"passed": control.passed, "measured": control.measured} for control in controls}
        print(json.dumps({"n": len(controls), "failed": failed, "controls": table}, indent=2))
    else:
        for control in controls:
            print(f"{'passed' if control.passed else 'FAILED'}  {control.name}: {control.measured}")
    if failed:
        raise ControlFailed(f"INVALID EVALUATOR: {len(failed)} of {len(controls)} controls failed: {', '.join(failed)}")
    return 0


def _risk(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="evals risk",
        description="Risk against coverage. Each SET is a BEIR folder whose queries tell their answerability, or a "
        "question set; `own` is the project's sets on its guides.",
    )
    parser.add_argument("sets", nargs="+", metavar="SET", help="a folder, own, or QUESTIONS.jsonl=LIBRARY")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the curves into FILE")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(words)
    from evals import risk

    settings = _settings()
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
        _print_measures(body, as_json=False)
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


def _lookalikes(words: Sequence[str]) -> int:
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


def _samples(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="evals samples", description="Write ten answers as they come out, with what they stand on."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="such as docs/answers.md")
    parser.add_argument("--library", type=Path, metavar="DIR", help="default: a library of corpus/guides")
    args = parser.parse_args(words)
    from bot.advisor import open_advisor
    from evals import samples
    from evals.opening import default_library

    settings = _settings()
    advisor = open_advisor(args.library or default_library(settings), settings)
    written = samples.page(advisor.invoke)
    try:
        args.file.write_text(written, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{args.file} cannot be written: {error.strerror or error}; name another file.") from None
    print(args.file)
    return 0


def _bench(words: Sequence[str]) -> int:
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
    from evals import bench

    can = tuple(part for part in bench.PARTS if part != "quality" or args.sets)
    parts = tuple(args.parts.split(",")) if args.parts else can
    plan = bench.Plan(parts, args.folder, max(1, args.passages), tuple(args.sets), max(1, args.scale))
    figures = bench.run(plan, args.out, _settings())
    if args.json:
        print(json.dumps(figures, indent=2))
    else:
        from evals.opening import console

        console().print(bench.table(figures))
    return 0


def _print_measures(measured: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(measured, indent=2))
        return
    for name, value in measured.items():
        if isinstance(value, Mapping):
            for kind, row in value.items():
                print(f"  {kind:40} {row['rightly']:.3f} of {row['n']}")
            continue
        shown = "cannot be measured on this set" if value is None else f"{value:.4f}" if name not in _COUNTS else value
        print(f"{name:20} {shown}")


_COUNTS = frozenset({"n", "errored", "wrong"})


if __name__ == "__main__":
    sys.exit(main())
