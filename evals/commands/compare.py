"""`evals compare RUN_A RUN_B`: two runs of the same questions, case by case, held to the gates."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.compare import Comparison


def main(words: Sequence[str]) -> int:
    """Exit code 0; 1 where a gate is crossed. Raises UsageError for runs that cannot be read or compared."""
    parser = argparse.ArgumentParser(
        prog="evals compare",
        description="Compare two runs of the same questions, case by case. Differences come with the 95 % interval of "
        "a paired bootstrap over guides and conversations, rates with the p of McNemar's exact test. Exit code 1 where "
        "RUN_B crosses a gate beyond noise.",
    )
    parser.add_argument("before", type=Path, metavar="RUN_A", help="the folder of a run, as --out named it")
    parser.add_argument("after", type=Path, metavar="RUN_B", help="the folder of the run to judge")
    parser.add_argument("--gates", type=Path, metavar="FILE", help="default: the project's own evals/gates.toml")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")
    args = parser.parse_args(words)
    from evals import gates, record
    from evals.board import MEASURES
    from evals.compare import compare

    held_to = gates.read(args.gates, MEASURES)
    before, after = record.read(args.before), record.read(args.after)
    compared = compare(before, after)
    own = bool(after.summary["own"])
    held = (*gates.hold(held_to, after.summary, own), *gates.hold_change(held_to, compared.changes, own))
    crossed = [each for each in held if each.crossed]
    if args.json:
        print(json.dumps({**compared.to_dict(), "gates": [each.to_dict() for each in held]}, indent=2))
    else:
        _print(compared)
        print(f"Gates: {len(held) - len(crossed)} of {len(held)} held.")
    for each in crossed:
        print(f"evals: gate crossed: {each}", file=sys.stderr)
    return 1 if crossed else 0


def _print(compared: Comparison) -> None:
    print(f"{compared.n} cases. Not the same in both runs: {', '.join(compared.other) or 'nothing'}.")
    for name, change in compared.changes.items():
        print(f"{name:26} {change}  n {change.n}, better {change.better}, worse {change.worse}")
    for kind, moved in (("better", compared.better), ("worse", compared.worse), ("mixed", compared.mixed)):
        print(f"Cases {kind}: {len(moved)}")
        for case in moved:
            told = ", ".join([f"+{name}" for name in case.better] + [f"-{name}" for name in case.worse])
            print(f"  {case.id}: {' '.join(case.question.split())} ({told})")
    print(f"Other cases answered in other words: {compared.reworded}")
