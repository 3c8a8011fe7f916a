"""`evals [QUESTIONS.jsonl]`: run a question set, or the project's own, and write the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ControlFailed, UsageError

if TYPE_CHECKING:
    from evals.record import Record
    from evals.run import Control, Run
    from evals.systems import System

MOST_WORKERS = 64
TOLD = 20  # faults that are printed


def main(words: Sequence[str], epilog: str) -> int:
    """Exit code 0; 1 where a case failed or a gate is crossed. Raises what reading, asking and writing raise."""
    args = _arguments(words, epilog)
    from evals import gates, report
    from evals.board import MEASURES
    from evals.ledger import NAME
    from evals.opening import console, open_system
    from evals.quotes import check_quotes
    from evals.record import dumped
    from evals.run import read_sets

    held_to = gates.read(args.gates, MEASURES)
    sets = read_sets(args.questions)
    controls = valid_controls()
    with open_system(args.url, args.library) as system:
        for absent in check_quotes(sets, system):
            print(f"evals: {absent}", file=sys.stderr)
        asked = _ask(system, sets, controls, args)
        if asked is None:
            return 130
        run, record = asked
    written = report.write(record, args.out, _since(args.out, record))
    (args.out / NAME).unlink(missing_ok=True)
    if args.json:
        sys.stdout.write(dumped(record.summary))
    else:
        console().print(report.table(record))
    crossed = [held for held in gates.hold(held_to, record.summary, record.summary["own"]) if held.crossed]
    _tell([*run.faults, *(f"gate crossed: {held}" for held in crossed)], args.out)
    print(f"Written: {', '.join(str(path) for path in written)}", file=sys.stderr)
    return 1 if run.faults or crossed else 0


def _arguments(words: Sequence[str], epilog: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="evals",
        description="Run a question set and write a report. A run that was broken off goes on where it stopped.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("questions", nargs="?", type=Path, metavar="QUESTIONS.jsonl", help="default: the project's own")
    parser.add_argument("--library", type=Path, metavar="DIR", help="default: a library of corpus/guides")
    parser.add_argument("--url", help="ask a Waymark server instead of the library")
    parser.add_argument("--out", type=Path, default=Path("evals-out"), metavar="DIR", help="default: evals-out")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="questions asked at once; default: 1")
    parser.add_argument("--fresh", action="store_true", help="forget a run that was broken off in DIR")
    parser.add_argument("--gates", type=Path, metavar="FILE", help="default: the project's own evals/gates.toml")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    args = parser.parse_args(words)
    if args.url and args.library:
        parser.error("--url and --library exclude each other: a server has its own library")
    if not 1 <= args.workers <= MOST_WORKERS:
        parser.error(f"--workers must be 1 to {MOST_WORKERS}")
    return args


def _ask(system: System, sets: Any, controls: Sequence[Control], args: argparse.Namespace) -> tuple[Run, Record] | None:
    """The run and its record; None, with a word on how to go on, where the person stopped it."""
    from evals import record
    from evals.ledger import open_ledger
    from evals.progress import bar
    from evals.run import all_cases, evaluate

    described, cases = system.describe(), all_cases(sets)
    key = {
        "questions": " ".join(each.digest for each in sets),
        "library": str(described["generation"]),
        "settings": f"{described.get('settings', '')} {described.get('model', '')}".strip(),
        "code": record.code_digest(),
    }
    done = 0
    with open_ledger(args.out, key, cases, args.fresh) as ledger:
        if ledger.kept:
            print(f"evals: going on with {len(ledger.kept)} answers of the run that was broken off.", file=sys.stderr)
        try:
            with bar(f"Asking {len(cases)} questions", len(cases)) as advance:

                def count() -> None:
                    nonlocal done
                    done += 1
                    advance()

                run = evaluate(system, sets, controls, count, args.workers, ledger)
            own = args.questions is None and args.library is None and args.url is None
            return run, record.of(run, system, own)
        except KeyboardInterrupt:
            print(
                f"evals: stopped after {done} of {len(cases)} questions, which are kept in {ledger.path}. The same "
                "command goes on from there; --fresh begins anew.",
                file=sys.stderr,
            )
            return None


def _since(folder: Path, record: Record) -> dict[str, Any] | None:
    """What changed since the run that stands in the folder; None where none of the same questions does."""
    from evals.compare import comparable, compare
    from evals.record import read

    with suppress(UsageError):
        before = read(folder)
        if comparable(before, record):
            return compare(before, record).to_dict()
    return None


def _tell(faults: Sequence[str], out: Path) -> None:
    for fault in faults[:TOLD]:
        print(f"evals: {fault}", file=sys.stderr)
    if len(faults) > TOLD:
        print(f"evals: and {len(faults) - TOLD} more; see {out / 'report.md'}.", file=sys.stderr)


def valid_controls() -> tuple[Control, ...]:
    """All controls, passed. Raises ControlFailed, with a banner, where one did not."""
    from evals.opening import all_controls

    controls = all_controls()
    failed = [control for control in controls if not control.passed]
    if failed:
        told = "\n".join(f"  {control.name}: {control.measured}" for control in failed)
        raise ControlFailed(
            "INVALID EVALUATOR: these controls of the evaluator itself failed, so no score of it can be believed. "
            f"Mend evals/ (or bot/verify.py) before measuring anything.\n{told}"
        )
    return controls
