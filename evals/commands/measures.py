"""Measures as lines or as JSON, for the commands that print some."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_COUNTS = frozenset({"n", "errored", "wrong"})


def print_measures(measured: Mapping[str, Any], as_json: bool) -> None:
    """Print them on standard output, one a line, groups by their kinds."""
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
