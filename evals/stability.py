"""Does the answer stay the same where it must? Questions written otherwise, asked by others, and without their history.

- Under misspellings, rewording, politeness and haste: the share of cases with the same status and the same cited
  documents.
- Asked by people of another sex, age or origin (persona swap): the share with the same status, the same claims and the
  same figures as the first persona gets; what differs is named.
- Follow-up recovery: of the follow-ups that are not answered rightly when their history is taken away, the share that
  is with it. Rightly: the expected status and, where a relevant document is named, that document cited.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.answer import Answer
from corpus.questions import Case
from evals.grounding import figures_of
from evals.metrics import Rate
from evals.scoring import Outcome, Score, score
from evals.systems import System
from evals.variants import PERSONAS, asked_by, variants

Drawn = TypeVar("Drawn")
ATTRIBUTES = tuple(dict.fromkeys(each.differs for each in PERSONAS if each.differs))


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not what the other way of asking got: `what` says in words what differs."""

    case: str
    kind: str
    question: str
    what: str


@dataclass(frozen=True, slots=True)
class Stability:
    """`same` and `personas`: kind or attribute -> how many of how many stayed the same. `recovered`: see above.

    `untold` cases say themselves who asks, so that no persona could; `errored` counts questions without an answer,
    which are differences too.
    """

    n: int
    same: dict[str, Rate]
    personas: dict[str, Rate]
    same_figures: Rate
    recovered: Rate
    untold: int
    errored: int
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "same": {kind: rate.to_dict() for kind, rate in self.same.items()},
            "personas": {kind: rate.to_dict() for kind, rate in self.personas.items()},
            "personas_same_figures": self.same_figures.to_dict(),
            "follow_up_recovery": self.recovered.to_dict(),
            "tells_who_asks": self.untold,
            "errored": self.errored,
            "differences": [
                {"id": each.case, "kind": each.kind, "question": each.question, "what": each.what}
                for each in self.differences
            ],
        }


def told(measured: Stability) -> str:
    """The shares with their intervals and counts, and every difference, for a person."""
    rows = [(f"same when {kind}", rate) for kind, rate in measured.same.items()]
    rows += [(f"same advice whatever the {name}", rate) for name, rate in measured.personas.items()]
    rows += [("same figures for all people", measured.same_figures), ("follow-up recovery", measured.recovered)]
    lines = [f"{measured.n} questions; {measured.untold} tell who asks; {measured.errored} had no answer"]
    lines += [f"{label:34} {_shown(rate)}" for label, rate in rows]
    lines += [f"{each.case}, {each.kind}: {each.what}: {each.question}" for each in measured.differences]
    return "\n".join(lines)


def _shown(rate: Rate) -> str:
    if not rate.n:
        return "no such case"
    low, high = rate.interval()
    return f"{rate.value:.3f} [{low:.2f}, {high:.2f}] {rate.hits}/{rate.n}"


def sample(cases: Sequence[Case], most: int, seed: int) -> tuple[Case, ...]:
    """At most `most` cases, drawn by the seed, in their order."""
    return tuple(drawn(cases, most, seed))


def drawn(of: Sequence[Drawn], most: int, seed: int) -> list[Drawn]:
    """At most `most` of them, drawn by the seed, in their order."""
    places = random.Random(seed).sample(range(len(of)), min(most, len(of)))  # noqa: S311 - repeatable
    return [of[place] for place in sorted(places)]


def measure(system: System, cases: Sequence[Case], seed: int, advance: Callable[[], None] = lambda: None) -> Stability:
    """Ask every case in all its ways; `advance` is called after each case."""
    found = []
    for case in cases:
        found.append(_of_case(system, case, seed))
        advance()
    differences = [each for one in found for each in one.differences]
    return Stability(
        n=len(found),
        same=_rates([one.same for one in found]),
        personas={name: rate for name, rate in _rates([one.personas for one in found]).items() if name != "figures"},
        same_figures=_rates([one.personas for one in found]).get("figures", Rate(0, 0)),
        recovered=Rate(sum(one.recovered is True for one in found), sum(one.recovered is not None for one in found)),
        untold=sum(not one.personas for one in found),
        errored=sum(one.errored for one in found),
        differences=tuple(differences),
    )


@dataclass(frozen=True, slots=True)
class _Of:
    """One case: whether each way of asking got the same; `recovered` None where the history was not needed."""

    same: dict[str, bool]
    personas: dict[str, bool]
    recovered: bool | None
    errored: int
    differences: tuple[Difference, ...]


def _of_case(system: System, case: Case, seed: int) -> _Of:
    base = system.ask(case)
    errored = int(base.answer is None)
    differences: list[Difference] = []
    same: dict[str, bool] = {}
    # Every case has a draw of its own, so that its variants do not hang on which other cases are asked.
    for kind, text in variants(case.question, random.Random(f"{seed} {case.id}")).items():  # noqa: S311
        other = system.ask(replace(case, question=text))
        errored += other.answer is None
        what = _moved(base, other)
        same[kind] = not what
        if what:
            differences.append(Difference(case.id, kind, text, what))
    personas: dict[str, bool] = {}
    first: Outcome | None = None
    for persona, text in asked_by(case.question):
        other = system.ask(replace(case, question=text))
        errored += other.answer is None
        if first is None:
            first = other
            personas = {**dict.fromkeys(ATTRIBUTES, True), "figures": True}
            continue
        what = _treated_otherwise(first, other)
        if what:
            personas[persona.differs] = False
            personas["figures"] = personas["figures"] and _figures(first) == _figures(other)
            differences.append(Difference(case.id, persona.differs, text, what))
    recovered = None
    if case.history:
        alone = system.ask(replace(case, history=()))
        errored += alone.answer is None
        if not _right(score(alone, system)):
            recovered = _right(score(base, system))
    return _Of(same, personas, recovered, errored, tuple(differences))


def _moved(base: Outcome, other: Outcome) -> str:
    """What of status and cited documents differs; "" for nothing."""
    if base.answer is None or other.answer is None:
        return f"no answer: {base.trouble or other.trouble}"
    if base.answer.status != other.answer.status:
        return f"{base.answer.status} became {other.answer.status}"
    before, after = _sources(base.answer), _sources(other.answer)
    return "" if before == after else f"cites {_listed(after)} instead of {_listed(before)}"


def _treated_otherwise(first: Outcome, other: Outcome) -> str:
    """What one persona is told and the other is not; "" for nothing."""
    if first.answer is None or other.answer is None:
        return f"no answer: {first.trouble or other.trouble}"
    if first.answer.status != other.answer.status:
        return f"{first.answer.status} became {other.answer.status}"
    before, after = _figures(first), _figures(other)
    if before != after:
        return f"figures {_listed(after - before)} came and {_listed(before - after)} went"
    lost, gained = _advice(first.answer) - _advice(other.answer), _advice(other.answer) - _advice(first.answer)
    return f"{len(gained)} claims came and {len(lost)} went" if lost or gained else ""


def _right(scored: Score) -> bool:
    return scored.as_expected and scored.relevant is not False


def _figures(outcome: Outcome) -> frozenset[str]:
    return frozenset() if outcome.answer is None else figures_of(outcome.answer)


def _advice(answer: Answer) -> frozenset[str]:
    return frozenset(claim.text for claim in answer.claims if claim.verdict == "supported")


def _sources(answer: Answer) -> frozenset[str]:
    return frozenset(citation.source for citation in answer.citations)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _rates(found: Sequence[dict[str, bool]]) -> dict[str, Rate]:
    kinds = dict.fromkeys(kind for each in found for kind in each)
    return {
        kind: Rate(sum(each.get(kind, False) for each in found), sum(kind in each for each in found)) for kind in kinds
    }
