"""A question set from top to bottom: read, ask, check, score. What is written of it: `evals.report`."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from corpus.errors import BadQuestionSet
from corpus.questions import Case, QuestionSet, read_set
from evals.board import Board, groups
from evals.ledger import Ledger
from evals.metrics import Unscorable, median, percentile
from evals.scoring import Outcome, Score, score
from evals.systems import System

GRACE = 2.0  # seconds that a question under way is waited for when a run ends before its time


@dataclass(frozen=True, slots=True)
class Control:
    """A test of the evaluator itself: `measured` says in figures what was seen."""

    name: str
    passed: bool
    measured: str


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report is made of. `boards` begins with "all"; `scores` and `outcomes` are in the sets' order."""

    sets: tuple[QuestionSet, ...]
    described: Mapping[str, Any]
    controls: tuple[Control, ...]
    outcomes: tuple[Outcome, ...]
    scores: tuple[Score, ...]
    boards: Mapping[str, Board]

    @property
    def faults(self) -> tuple[str, ...]:
        """What makes the run fail (exit 1): cases without an answer, and whatever breaks the contract."""
        said = [f"{s.case.id}: {s.state}: {s.trouble}" for s in self.scores if s.state != "scored"]
        said += [f"{s.case.id}: {problem}" for s in self.scores if s.checks for problem in s.checks.problems]
        return tuple(said)

    def latency(self) -> dict[str, Any]:
        """Milliseconds on the server, per case and in sum; apart from the scores, because it differs run by run."""
        times = {o.case.id: o.total_ms for o in self.outcomes if o.total_ms is not None}
        values = list(times.values())
        try:
            whole: dict[str, Any] = {
                "median_ms": round(median(values), 3),
                "p95_ms": round(percentile(values, 0.95), 3),
            }
        except Unscorable:
            whole = {"median_ms": None, "p95_ms": None}
        return {"n": len(values), **whole, "cases": times}


def read_sets(path: Path | None) -> tuple[QuestionSet, ...]:
    """The set at `path`, or all of the project's own in the order of their names.

    Raises UnknownPath and BadQuestionSet, also where two sets use the same id.
    """
    if path is not None:
        return (read_set(path),)
    sets = []
    for entry in sorted(files("evals.questions").iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".jsonl"):
            with as_file(entry) as file:
                sets.append(read_set(file))
    if not sets:
        raise BadQuestionSet("The project's own question sets (evals/questions/*.jsonl) are missing; name a file.")
    owner: dict[str, str] = {}
    for each in sets:
        for case in each.cases:
            if case.id in owner:
                raise BadQuestionSet(f"{each.name} and {owner[case.id]} both use the id {case.id!r}; rename one.")
            owner[case.id] = each.name
    return tuple(sets)


def evaluate(
    system: System,
    sets: Sequence[QuestionSet],
    controls: Sequence[Control] = (),
    advance: Callable[[], None] = lambda: None,
    workers: int = 1,
    ledger: Ledger | None = None,
) -> Run:
    """Ask every case of every set, `workers` at once, and score it; `advance` is called after each answer.

    The run is the same whatever the number of workers: it is put together in the sets' order. What `ledger` holds is
    not asked again, and each answer is entered in it as it comes, so that a run that was broken off can go on.
    """
    cases = all_cases(sets)
    known = {} if ledger is None else dict(ledger.kept)
    for _ in known:
        advance()
    for outcome in _asked(system, [case for case in cases if case.id not in known], workers):
        known[outcome.case.id] = outcome
        if ledger is not None:
            ledger.enter(outcome)
        advance()
    outcomes = tuple(known[case.id] for case in cases)
    scores = tuple(score(outcome, system) for outcome in outcomes)
    return Run(tuple(sets), system.describe(), tuple(controls), outcomes, scores, groups(scores))


def _asked(system: System, cases: Sequence[Case], workers: int) -> Iterator[Outcome]:
    """The outcomes as they come. Raises what `ask` raises, which is no fault of the system under test."""
    waiting = iter(cases)
    lock = threading.Lock()
    done: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()
    left = threading.Event()

    def work() -> None:
        try:
            while not left.is_set():
                with lock:
                    case = next(waiting, None)
                if case is None:
                    break
                done.put(system.ask(case))
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            done.put(error)
        done.put(None)

    # Daemons: whoever stops the run does not wait for the slowest answer of a server.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(workers, len(cases)))]
    for thread in threads:
        thread.start()
    try:
        running = len(threads)
        while running:
            each = done.get()
            if isinstance(each, BaseException):
                raise each
            if each is None:
                running -= 1
            else:
                yield each
    finally:
        left.set()
        for thread in threads:
            thread.join(GRACE)


def all_cases(sets: Sequence[QuestionSet]) -> list[Case]:
    return [case for each in sets for case in each.cases]
