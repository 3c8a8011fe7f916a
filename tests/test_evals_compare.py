"""Two runs of the same questions, worked by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.answer import Answer
from corpus.errors import UsageError
from corpus.questions import QuestionSet
from evals import control_world as world
from evals import record
from evals.compare import comparable, compare
from evals.control_world import Replies, asked, case
from evals.record import Record
from evals.run import evaluate
from evals.uncertainty import Interval

RIGHT = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
OTHER = world.answered(("baking", "An apprenticeship in baking takes 3 years."))
BOTH = world.answered(
    ("baking", "An apprenticeship in baking takes 3 years."), ("baking", "The bakery on Mill Street employs 25 people.")
)


def run_of(answers: Mapping[str, Answer | None], digest: str = "ab" * 32) -> Record:
    cases = tuple(
        case(
            name,
            "abstained" if name.startswith("silent") else "answered",
            *([] if name.startswith("silent") else [["25"]]),
        )
        for name in answers
    )
    outcomes = {each.id: asked(each, answers[each.id], "lost") for each in cases}
    return record.of(evaluate(Replies(outcomes), [QuestionSet("set.jsonl", cases, digest)]), world.World())


def test_cases_are_paired_and_every_changed_one_is_named() -> None:
    before = run_of({"up": OTHER, "down": RIGHT, "same": RIGHT, "words": RIGHT, "silent": world.declined()})
    after = run_of({"up": RIGHT, "down": None, "same": RIGHT, "words": BOTH, "silent": world.declined()})
    seen = compare(before, after)
    assert [each.id for each in seen.better] == ["up"]
    assert [each.id for each in seen.worse] == ["down"]
    assert seen.mixed == ()
    assert seen.reworded == 1  # "words" is as right as before and says more
    assert seen.better[0].better == ("passed", "nuggets_all", "nuggets_all@120", "nugget_recall")
    passed = seen.changes["passed"]
    assert (passed.before, passed.after, passed.n, passed.better, passed.worse) == (0.8, 0.8, 5, 1, 1)
    assert passed.p == 1.0
    assert seen.changes["nugget_recall"].p is None
    assert seen.other == ()


def test_a_refusal_more_is_worse_though_its_rate_rises() -> None:
    before = run_of({"a": RIGHT, "b": RIGHT})
    after = run_of({"a": RIGHT, "b": world.declined()})
    change = compare(before, after).changes["false_refusals"]
    assert (change.difference, change.better, change.worse) == (0.5, 0, 1)
    (worse,) = compare(before, after).worse
    assert "false_refusals" in worse.worse


def test_a_case_that_gains_and_loses_is_mixed() -> None:
    before, after = run_of({"silent": world.declined(), "b": RIGHT}), run_of({"silent": None, "b": RIGHT})
    assert [each.id for each in compare(before, after).worse] == ["silent"]
    measures = [dict(each["measures"]) for each in after.rows]
    measures[0] |= {"passed": 1.0, "as_expected": 1.0, "declined": 1.0}
    measures[1] |= {"passed": 0.0, "nugget_recall": 1.5}
    rows = tuple({**row, "measures": own} for row, own in zip(after.rows, measures, strict=True))
    assert [each.id for each in compare(before, Record(after.summary, rows, {})).mixed] == ["b"]


def test_by_hand_five_of_five_changed_cases_are_still_within_chance_of_a_fair_coin() -> None:
    names = [f"q{i}" for i in range(20)]
    before = run_of(dict.fromkeys(names, RIGHT))
    after = run_of({name: None if i < 5 else RIGHT for i, name in enumerate(names)})
    change = compare(before, after).changes["passed"]
    assert change.difference == pytest.approx(-0.25)
    assert change.p == pytest.approx(2 / 2**5)
    assert change.interval is not None
    assert change.interval.low < -0.25 < change.interval.high < 0
    assert "(-0.250 [" in str(change)


def test_the_same_run_twice_shows_no_change() -> None:
    seen = compare(run_of({"a": RIGHT, "b": OTHER}), run_of({"a": RIGHT, "b": OTHER}))
    assert seen.moved == ()
    assert seen.reworded == 0
    assert all(each.difference == 0 and each.interval == Interval(0, 0) for each in seen.changes.values())
    body = seen.to_dict()
    assert (body["better"], body["worse"], body["mixed"]) == ([], [], [])
    assert body["measures"]["passed"]["p"] == 1.0


def test_one_cluster_gives_a_difference_without_an_interval() -> None:
    change = compare(run_of({"a": RIGHT}), run_of({"a": OTHER})).changes["passed"]
    assert change.interval is None
    assert change.to_dict()["low"] is None


def test_runs_of_other_questions_are_refused_by_the_hashes_of_their_sets() -> None:
    a, b = run_of({"a": RIGHT}), run_of({"a": RIGHT}, digest="cd" * 32)
    assert not comparable(a, b)
    with pytest.raises(UsageError, match=r"set\.jsonl \(SHA-256 abababababab\) against set\.jsonl \(SHA-256 cdcd"):
        compare(a, b)


def test_what_else_differs_is_told() -> None:
    a = run_of({"a": RIGHT})
    b = Record({**a.summary, "generation": "new", "code": "new"}, a.rows, a.timings)
    assert compare(a, b).other == ("generation", "code")
