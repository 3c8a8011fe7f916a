"""Gates: what a run must reach and how far it may fall behind another; read from `gates.toml`, whose head tells how."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.errors import UsageError
from corpus.questions import read_bytes
from evals.compare import Change
from evals.uncertainty import Interval

Kind = Literal["floor", "ceiling", "drop", "rise"]
Scope = Literal["any", "own"]
CHANCE = 0.05  # a change less likely than this by McNemar's test is no noise


@dataclass(frozen=True, slots=True)
class Gate:
    measure: str
    kind: Kind
    limit: float
    scope: Scope


@dataclass(frozen=True, slots=True)
class Held:
    """A gate put to a run: `seen` tells the figures in words."""

    gate: Gate
    crossed: bool
    seen: str

    def __str__(self) -> str:
        return f"{self.gate.measure}: {self.seen}, {_WORDS[self.gate.kind]} {self.gate.limit:g}"

    def to_dict(self) -> dict[str, Any]:
        gate = self.gate
        return {
            "measure": gate.measure, "kind": gate.kind, "limit": gate.limit, "crossed": self.crossed, "seen": self.seen
        }  # fmt: skip


_WORDS = {"floor": "floor", "ceiling": "ceiling", "drop": "allowed drop", "rise": "allowed rise"}


def read(path: Path | None, known: Collection[str]) -> tuple[Gate, ...]:
    """The gates of a file, or the project's own. `known`: the names of measures.

    Raises UnknownPath, and UsageError naming file and entry for what is no gate.
    """
    data = (files("evals") / "gates.toml").read_bytes() if path is None else read_bytes(path)
    name = path or "evals/gates.toml"
    try:
        body = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{name} cannot be read as TOML: {error}.") from None
    gates: list[Gate] = []
    for scope, measures in body.items():
        if scope not in get_args(Scope) or not isinstance(measures, dict):
            raise UsageError(f"{name}: {scope!r} is no table of gates; tables are [any.MEASURE] and [own.MEASURE].")
        for measure, limits in measures.items():
            if measure not in known:
                raise UsageError(f"{name}: [{scope}.{measure}] names no measure; they are {', '.join(sorted(known))}.")
            gates += [_gate(f"{name}: [{scope}.{measure}]", scope, measure, *each) for each in _pairs(name, limits)]
    return tuple(gates)


def hold(gates: Collection[Gate], board: Mapping[str, Any], own: bool) -> tuple[Held, ...]:
    """Floors and ceilings against a board as summary.json has it; `own` tells whether the [own] ones count.

    A measure that goes over no case of the run, or has no interval, is not held against its gate.
    """
    held = []
    for gate in gates:
        if gate.kind not in ("floor", "ceiling") or (gate.scope == "own" and not own):
            continue
        known = _interval(board, gate.measure)
        if known is not None:
            value, interval = known
            crossed = interval.high < gate.limit if gate.kind == "floor" else interval.low > gate.limit
            held.append(Held(gate, crossed, f"{value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"))
    return tuple(held)


def hold_change(gates: Collection[Gate], changes: Mapping[str, Change], own: bool) -> tuple[Held, ...]:
    """Drops and rises against the paired differences of two runs."""
    held = []
    for gate in gates:
        change = changes.get(gate.measure)
        if gate.kind not in ("drop", "rise") or (gate.scope == "own" and not own) or change is None:
            continue
        fell = gate.kind == "drop"
        beyond = change.interval is not None and (
            change.interval.high < -gate.limit if fell else change.interval.low > gate.limit
        )
        by_chance = change.p is not None and change.p >= CHANCE
        held.append(Held(gate, beyond and not by_chance, str(change)))
    return tuple(held)


def _pairs(name: object, limits: object) -> list[tuple[str, object]]:
    if not isinstance(limits, dict):
        raise UsageError(f"{name}: {limits!r} stands where a table such as [any.passed] is expected.")
    return list(limits.items())


def _gate(where: str, scope: str, measure: str, kind: str, limit: object) -> Gate:
    if kind not in get_args(Kind):
        raise UsageError(f"{where}: {kind!r} is no kind of gate; they are {', '.join(get_args(Kind))}.")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 <= limit < float("inf"):
        raise UsageError(f"{where}: {kind} must be a number of at least 0, not {limit!r}.")
    return Gate(measure, kind, float(limit), scope)  # type: ignore[arg-type]  # both were looked up above


def _interval(board: Mapping[str, Any], name: str) -> tuple[float, Interval] | None:
    rate = board["rates"].get(name)
    if rate is not None:
        return None if rate["n"] == 0 else (rate["value"], Interval(rate["low"], rate["high"]))
    each = board["mean_intervals"].get(name)
    return None if each is None else (board["means"][name], Interval(each["low"], each["high"]))
