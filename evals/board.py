"""From scores to a board of measures; pure.

How the statuses count:
- `answered`, `partial`, `declined`, `handed_on`: of the cases that expect each, the share that got exactly it. A
  partial answer where a whole one was expected, or the other way round, is not as expected, but is no refusal either.
- Declining is measured on the cases that expect an answer, a partial one or none: abstaining is "declined". Cases that
  expect to be handed on are left out there, because for some topics abstaining and naming people is right.
- `clarify` neither answers nor declines: as expected where the case is tagged `clarify` and nowhere else, no false
  refusal, and no declining where that was due.
- A case that could not be asked (`errored`), whose answer has not the shape of the contract (`unscorable`) or that
  claims nothing while saying it answered (`empty`) is counted as a state, and is a miss in every rate that it belongs
  to: nothing is dropped. Means of words are over answers that claim something.
- Citations, words and nuggets are judged answer by answer (all or nothing, or within the first words), so that padding
  an answer with more supported text raises no rate. The means after ALCE go over the claims of each answer, so that
  supported padding dilutes what is unsupported in them: `claims_carried`, `figures_kept` and `names_kept` stand beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from corpus.questions import Case
from evals.grounding import Grounding
from evals.metrics import Rate, Unscorable, balanced, f1, mean
from evals.scoring import CLARIFY, SHORT_WORDS, STATES, Score
from evals.uncertainty import Formula, Interval, Ratio, mean_interval, plain


@dataclass(frozen=True, slots=True)
class Board:
    """The measures of a group of cases. Means that have nothing to be computed from are absent from `means` and named
    in `unscorable` with the reason. `intervals` are those of the means, by a bootstrap over guides and conversations;
    a mean over cases of one guide alone has none."""

    n: int
    states: Mapping[str, int]
    rates: Mapping[str, Rate]
    means: Mapping[str, float]
    intervals: Mapping[str, Interval]
    unscorable: Mapping[str, str]
    confusion: Mapping[str, Mapping[str, int]]
    counts: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "states": dict(self.states),
            "rates": {name: rate.to_dict() for name, rate in self.rates.items()},
            "means": {name: round(value, 6) for name, value in self.means.items()},
            "mean_intervals": {
                name: {"low": round(each.low, 6), "high": round(each.high, 6)} for name, each in self.intervals.items()
            },
            "unscorable": dict(self.unscorable),
            "counts": dict(self.counts),
            "confusion": {expect: dict(row) for expect, row in self.confusion.items()},
        }


def board(scores: Sequence[Score]) -> Board:
    """All measures of a group; every rate's n says over how many cases it goes."""
    means: dict[str, float] = {}
    unscorable: dict[str, str] = {}
    for name, measure in _MEANS.items():
        try:
            means[name] = measure(scores)
        except Unscorable as error:
            unscorable[name] = str(error)
    rates = {name: _rate(scores, among, hit) for name, (among, hit) in _RATES.items()}
    unscorable |= {name: "there is no such case" for name, rate in rates.items() if not rate.n}
    states = Counter(each.state for each in scores)
    confusion: dict[str, dict[str, int]] = {}
    for each in scores:
        row = confusion.setdefault(each.case.expect, {})
        got = each.state if each.state != "scored" else each.status
        row[got] = row.get(got, 0) + 1
    return Board(
        n=len(scores),
        states={state: states[state] for state in STATES},
        rates=rates,
        means=means,
        intervals=_intervals(scores, means),
        unscorable=unscorable,
        confusion={expect: dict(sorted(row.items())) for expect, row in sorted(confusion.items())},
        counts={
            name: sum(getattr(each.checks, name) for each in scores if each.checks is not None)
            for name in ("citations", "valid", "claims", "verbatim")
        },
    )


def case_values(score: Score) -> dict[str, float]:
    """What one case contributes: 0 or 1 to every rate that goes over it, its own value to every mean."""
    values = {name: float(hit(score)) for name, (among, hit) in _RATES.items() if among(score)}
    for name, of_case in _AVERAGED.items():
        own = of_case(score)
        if own is not None:
            values[name] = own
    return values


def formula(name: str) -> Formula:
    """How a measure is made of what the cases contribute."""
    return _COMPOSED.get(name) or plain(name)


def cluster(case: Case) -> str:
    """What a case goes right or wrong together with: the guide that it is about, else its conversation, else nothing
    but itself."""
    if case.relevant:
        return "guide: " + case.relevant[0].document
    if case.history:
        return "conversation: " + case.history[0].content
    return "case: " + case.id


def _intervals(scores: Sequence[Score], names: Iterable[str]) -> dict[str, Interval]:
    clusters = [cluster(each.case) for each in scores]
    values = [case_values(each) for each in scores]
    found: dict[str, Interval] = {}
    for name in names:
        with suppress(Unscorable):
            found[name] = mean_interval(formula(name), clusters, values)
    return found


def groups(scores: Sequence[Score]) -> dict[str, Board]:
    """The boards of all cases, of those tagged `tune` and `test`, and of follow-ups (cases with a history)."""
    parts: dict[str, list[Score]] = {
        "all": list(scores),
        "tune": [each for each in scores if "tune" in each.case.tags],
        "test": [each for each in scores if "test" in each.case.tags],
        "follow-ups": [each for each in scores if each.case.history],
    }
    return {name: board(part) for name, part in parts.items() if part or name == "all"}


def _rate(scores: Sequence[Score], among: _Test, hit: _Test) -> Rate:
    chosen = [each for each in scores if among(each)]
    return Rate(sum(hit(each) for each in chosen), len(chosen))


_Test = Callable[[Score], bool]


def _expects(*expects: str) -> _Test:
    return lambda each: each.case.expect in expects


def _is(status: str) -> _Test:
    return lambda each: each.state == "scored" and each.status == status


def _answers(each: Score) -> bool:
    """It got as far as claiming something."""
    return each.state == "scored" and each.checks is not None and each.checks.claims > 0


def _no_refusal(each: Score) -> bool:
    return each.state == "scored" and each.status != "abstained"


_declinable = _expects("answered", "partial", "abstained")

# Of each rate: over which cases it goes, and which of them hit.
_RATES: Mapping[str, tuple[_Test, _Test]] = {
    "passed": (lambda _: True, lambda each: each.passed),
    "as_expected": (lambda _: True, lambda each: each.as_expected),
    "answered": (_expects("answered"), lambda each: each.as_expected),
    "partial": (_expects("partial"), lambda each: each.as_expected),
    "declined": (_expects("abstained"), lambda each: each.as_expected),
    "handed_on": (_expects("handed_on"), lambda each: each.as_expected),
    "clarified": (lambda each: CLARIFY in each.case.tags, _is("clarify")),
    "clarified_needlessly": (lambda each: CLARIFY not in each.case.tags, _is("clarify")),
    "handed_on_needlessly": (
        lambda each: each.state == "scored" and each.case.expect != "handed_on",
        lambda each: each.handed_on,
    ),
    "decline_precision": (
        lambda each: _declinable(each) and _is("abstained")(each),
        _expects("abstained"),
    ),
    "false_refusals": (_expects("answered", "partial"), _is("abstained")),
    "not_refused": (_expects("answered", "partial"), _no_refusal),
    "nuggets_all": (lambda each: bool(each.nuggets), lambda each: all(each.nuggets)),
    f"nuggets_all@{SHORT_WORDS}": (lambda each: bool(each.nuggets_short), lambda each: all(each.nuggets_short)),
    "citations_valid": (
        lambda each: each.checks is not None and each.checks.citations > 0,
        lambda each: each.checks is not None and each.checks.valid == each.checks.citations,
    ),
    "verbatim": (
        lambda each: _answers(each) and each.extractive,
        lambda each: each.checks is not None and each.checks.verbatim == each.checks.claims,
    ),
    "contract_kept": (
        lambda each: each.checks is not None,
        lambda each: each.checks is not None and not each.checks.problems,
    ),
    "claims_carried": (
        lambda each: each.grounding is not None and each.grounding.carried.n > 0,
        lambda each: each.grounding is not None and each.grounding.carried.hits == each.grounding.carried.n,
    ),
    "figures_kept": (
        lambda each: each.grounding is not None and each.grounding.figures.n > 0,
        lambda each: each.grounding is not None and each.grounding.figures.hits == each.grounding.figures.n,
    ),
    "names_kept": (
        lambda each: each.grounding is not None and each.grounding.names.n > 0,
        lambda each: each.grounding is not None and each.grounding.names.hits == each.grounding.names.n,
    ),
    "nothing_foreign": (lambda each: bool(each.case.never), lambda each: each.foreign is False),
    "relevant_document": (lambda each: each.relevant is not None, lambda each: bool(each.relevant)),
    "relevant_quote": (lambda each: each.relevant_quote is not None, lambda each: bool(each.relevant_quote)),
}


def _decline_f1(scores: Sequence[Score]) -> float:
    precision, recalled = (_rate(scores, *_RATES[name]) for name in ("decline_precision", "declined"))
    return f1(precision, recalled)


def _decline_balanced(scores: Sequence[Score]) -> float:
    """Mean of: declined where that was due; did not decline where an answer, whole or partial, was due."""
    return balanced(_rate(scores, *_RATES["declined"]), _rate(scores, *_RATES["not_refused"]))


def _grounded(which: Callable[[Grounding], Rate]) -> Callable[[Score], float | None]:
    """Of an answer that has anything to count, the share; the mean goes over those answers, as ALCE takes it."""

    def of_case(score: Score) -> float | None:
        rate = None if score.grounding is None else which(score.grounding)
        return rate.value if rate is not None and rate.n else None

    return of_case


_MEANS: Mapping[str, Callable[[Sequence[Score]], float]] = {
    "nugget_recall": lambda scores: mean(_known(scores, "nugget_recall")),
    "decline_f1": _decline_f1,
    "decline_balanced_accuracy": _decline_balanced,
    "citation_recall": lambda scores: mean(_known(scores, "citation_recall")),
    "citation_precision": lambda scores: mean(_known(scores, "citation_precision")),
    "unsupported": lambda scores: mean(_known(scores, "unsupported")),
    "figure_fidelity": lambda scores: mean(_known(scores, "figure_fidelity")),
    "name_fidelity": lambda scores: mean(_known(scores, "name_fidelity")),
    "answer_words": lambda scores: mean(_known(scores, "answer_words")),
}
# Of each mean over cases: the value of one case, None where it does not go over the case.
_AVERAGED: Mapping[str, Callable[[Score], float | None]] = {
    "nugget_recall": lambda each: sum(each.nuggets) / len(each.nuggets) if each.nuggets else None,
    "citation_recall": _grounded(lambda each: each.carried),
    "citation_precision": _grounded(lambda each: each.precise),
    "unsupported": _grounded(lambda each: each.lacking),
    "figure_fidelity": _grounded(lambda each: each.figures),
    "name_fidelity": _grounded(lambda each: each.names),
    "answer_words": lambda each: float(each.words) if _answers(each) else None,
}
# The means that are made of rates, in the form that can be resampled.
_COMPOSED: Mapping[str, Formula] = {
    "decline_f1": (Ratio("declined", ("decline_precision", "declined"), times=2.0),),
    "decline_balanced_accuracy": (*plain("declined"), *plain("not_refused")),
}


def _known(scores: Sequence[Score], name: str) -> list[float]:
    return [own for each in scores if (own := _AVERAGED[name](each)) is not None]


# Every measure that is told with its uncertainty; those in RATES are pass or fail.
RATES = frozenset(_RATES)
MEASURES: tuple[str, ...] = (*_RATES, *_MEANS)
LESS_IS_BETTER = frozenset({"false_refusals", "clarified_needlessly", "handed_on_needlessly", "unsupported"})
# Neither more nor less of it is better.
NEITHER = frozenset({"answer_words"})
