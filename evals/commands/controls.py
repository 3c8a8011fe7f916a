"""`evals controls`: test the evaluator itself."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from corpus.errors import ControlFailed


def main(words: Sequence[str]) -> int:
    """Exit code 0. Raises ControlFailed where a control failed."""
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
