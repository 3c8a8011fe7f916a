"""Two runs of the same questions, case by case: what changed, in which, and whether by chance; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.errors import UsageError
from evals.board import LESS_IS_BETTER, MEASURES, NEITHER, RATES, formula
from evals.metrics import Unscorable
from evals.record import Record
from evals.uncertainty import Interval, mcnemar, paired_interval, value


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in two runs. `better` and `worse` count the cases, among `n` that it goes over in both, that changed;
    `p` is McNemar's and None for a measure that is no rate; `interval` is None where it cannot be told."""

    before: float
    after: float
    interval: Interval | None
    p: float | None
    n: int
    better: int
    worse: int

    @property
    def difference(self) -> float:
        return self.after - self.before

    def __str__(self) -> str:
        told = "" if self.interval is None else f" [{self.interval.low:+.3f}, {self.interval.high:+.3f}]"
        chance = "" if self.p is None else f" p {self.p:.3f}"
        return f"{self.before:.3f} -> {self.after:.3f} ({self.difference:+.3f}{told}{chance})"

    def to_dict(self) -> dict[str, Any]:
        return {
            "before": round(self.before, 6),
            "after": round(self.after, 6),
            "difference": round(self.difference, 6),
            "low": None if self.interval is None else round(self.interval.low, 6),
            "high": None if self.interval is None else round(self.interval.high, 6),
            "p": None if self.p is None else round(self.p, 6),
            "n": self.n,
            "better": self.better,
            "worse": self.worse,
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that changed, and the measures on which it did."""

    id: str
    question: str
    better: tuple[str, ...]
    worse: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "question": self.question, "better": list(self.better), "worse": list(self.worse)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`moved`: the cases that changed on some measure, in the sets' order; `reworded`: how many others only say it in
    other words; `other`: what else is not the same (library, settings, code), so that the cause can be told."""

    n: int
    changes: Mapping[str, Change]
    moved: tuple[Moved, ...]
    reworded: int
    other: tuple[str, ...]

    @property
    def better(self) -> tuple[Moved, ...]:
        return tuple(each for each in self.moved if each.better and not each.worse)

    @property
    def worse(self) -> tuple[Moved, ...]:
        return tuple(each for each in self.moved if each.worse and not each.better)

    @property
    def mixed(self) -> tuple[Moved, ...]:
        return tuple(each for each in self.moved if each.worse and each.better)

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "measures": {name: each.to_dict() for name, each in self.changes.items()},
            "better": [each.to_dict() for each in self.better],
            "worse": [each.to_dict() for each in self.worse],
            "mixed": [each.to_dict() for each in self.mixed],
            "reworded": self.reworded,
            "other": list(self.other),
        }


def comparable(before: Record, after: Record) -> bool:
    """Whether both asked the same questions, by the hashes of their sets."""
    return before.digests() == after.digests()


def compare(before: Record, after: Record) -> Comparison:
    """Pair the cases of two runs. Raises UsageError where their questions are not the same."""
    if not comparable(before, after):
        raise UsageError(
            f"These runs asked other questions: {_sets(before)} against {_sets(after)}. Only runs of the same question "
            "files, unchanged, can be compared; run the one set on both."
        )
    later = {row["id"]: row for row in after.rows}
    pairs = [(row, later[row["id"]]) for row in before.rows]
    moved = tuple(case for a, b in pairs if (case := _moved(a, b)) is not None)
    quiet = {each.id for each in moved}
    reworded = sum(a["answer"] != b["answer"] for a, b in pairs if a["id"] not in quiet)
    changes = {name: each for name in MEASURES if (each := _change(name, pairs)) is not None}
    names = ("generation", "model", "settings", "code")
    other = tuple(name for name in names if before.summary.get(name) != after.summary.get(name))
    return Comparison(len(pairs), changes, moved, reworded, other)


_Pairs = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]


def _change(name: str, pairs: _Pairs) -> Change | None:
    """The change of one measure; None where it goes over no case in one of the runs."""
    before, after = [a["measures"] for a, _ in pairs], [b["measures"] for _, b in pairs]
    how = formula(name)
    try:
        values = value(how, before), value(how, after)
    except Unscorable:
        return None
    try:
        interval = paired_interval(how, [a["cluster"] for a, _ in pairs], before, after)
    except Unscorable:
        interval = None
    both = [(a[name], b[name]) for a, b in zip(before, after, strict=True) if name in a and name in b]
    up, down = sum(b > a for a, b in both), sum(b < a for a, b in both)
    better, worse = (down, up) if name in LESS_IS_BETTER else (up, down)
    chance = mcnemar(worse, better) if name in RATES else None
    return Change(*values, interval, chance, len(both), better, worse)


def _moved(a: Mapping[str, Any], b: Mapping[str, Any]) -> Moved | None:
    """On which measures a case changed; None where on none."""
    better: list[str] = []
    worse: list[str] = []
    for name in MEASURES:
        was, now = a["measures"].get(name), b["measures"].get(name)
        if None not in (was, now) and now != was and name not in NEITHER:
            (better if (now > was) != (name in LESS_IS_BETTER) else worse).append(name)
    return Moved(a["id"], a["question"], tuple(better), tuple(worse)) if better or worse else None


def _sets(record: Record) -> str:
    return ", ".join(f"{each['name']} (SHA-256 {each['sha256'][:12]})" for each in record.summary["sets"])
