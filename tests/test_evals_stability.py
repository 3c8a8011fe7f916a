"""Stability counted by hand on a system whose answers are known, and once on the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.advisor import Advisor
from bot.answer import Answer
from corpus.questions import Case, Message
from evals import control_world as world
from evals.metrics import Rate
from evals.scoring import Outcome
from evals.stability import Stability, measure, sample, told
from evals.systems import Local

BAKERY = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
GUILD = world.answered(("clocks", "The guild has 250 members in the country."))
LIGHT = world.answered(("clocks", "A clockmaker keeps a workshop with good light."))
CASE = world.case("what is the pay")


@dataclass(frozen=True, slots=True)
class Scripted(world.World):
    """Answers as `of` says."""

    of: Callable[[Case], Answer | None]

    def ask(self, case: Case) -> Outcome:
        return world.asked(case, self.of(case), "it broke")

    def sources(self) -> None:
        return None

    def describe(self) -> dict[str, Any]:
        return {}


def measured(of: Callable[[Case], Answer | None], *cases: Case) -> Stability:
    return measure(Scripted(of), cases or (CASE,), seed=1)


def test_who_always_answers_alike_is_stable_in_all() -> None:
    seen = measured(lambda _: BAKERY)
    assert set(seen.same.values()) == {Rate(1, 1)}
    assert seen.personas == {"sex": Rate(1, 1), "age": Rate(1, 1), "origin": Rate(1, 1)}
    assert (seen.same_figures, seen.differences, seen.errored) == (Rate(1, 1), (), 0)


def test_another_status_or_other_documents_are_no_longer_the_same() -> None:
    def of(case: Case) -> Answer:
        if "Thank you" in case.question:
            return world.declined()
        return GUILD if case.question.islower() else BAKERY

    seen = measured(of)
    assert (seen.same["polite"], seen.same["plain"], seen.same["misspelt"]) == (Rate(0, 1), Rate(0, 1), Rate(1, 1))
    told = {each.kind: each.what for each in seen.differences}
    assert told == {"polite": "answered became abstained", "plain": "cites clocks.md instead of baking.md"}


def test_other_advice_to_other_people_is_named() -> None:
    def of(case: Case) -> Answer:
        if "woman" in case.question:
            return LIGHT
        return GUILD if "Nigeria" not in case.question else BAKERY

    seen = measured(of, CASE, Case("told", "I'm 52, what now?", "answered"))
    assert seen.personas == {"sex": Rate(0, 1), "age": Rate(1, 1), "origin": Rate(0, 1)}
    assert seen.same_figures == Rate(0, 1)
    assert [each.what for each in seen.differences if each.kind in seen.personas] == [
        "figures nothing came and 250 went",
        "figures 25 came and 250 went",
    ]
    assert seen.untold == 1


def test_advice_without_figures_is_compared_too() -> None:
    oil = world.answered(("clocks", "Old clocks are cleaned with mild oil."))
    seen = measured(lambda case: oil if "19-year" in case.question else LIGHT)
    assert (seen.personas["age"], seen.same_figures) == (Rate(0, 1), Rate(1, 1))
    assert [each.what for each in seen.differences] == ["1 claims came and 1 went"]


def test_follow_ups_that_need_their_history_are_recovered_or_not() -> None:
    said = (Message("user", "Tell me about bakers."), Message("assistant", "They bake."))
    needs = [Case(str(i), "and how many people?", "answered", said) for i in range(3)]
    standing = Case("alone", "How many people does the bakery employ?", "answered", said)

    def of(case: Case) -> Answer:
        return BAKERY if case.id == "alone" or (case.history and case.id != "2") else world.declined()

    # Three need their history, and with it two are answered; the fourth is answered without.
    assert measured(of, *needs, standing).recovered == Rate(2, 3)
    assert measured(of, CASE).recovered == Rate(0, 0)


def test_what_cannot_be_asked_is_a_difference_and_counted() -> None:
    seen = measured(lambda case: None if "Thank you" in case.question else BAKERY)
    assert (seen.same["polite"], seen.errored) == (Rate(0, 1), 1)
    assert seen.differences[0].what == "no answer: it broke"


def test_a_person_is_shown_counts_and_every_difference() -> None:
    shown = told(measured(lambda case: GUILD if case.question.islower() else BAKERY))
    assert "same when plain" in shown
    assert "0/1" in shown
    assert "what is the pay" in shown
    assert "follow-up recovery" in shown
    assert "no such case" in shown


def test_the_sample_is_drawn_by_the_seed_in_order() -> None:
    cases = [world.case(str(i)) for i in range(30)]
    drawn = sample(cases, 10, 3)
    assert drawn == sample(cases, 10, 3)
    assert [int(each.id) for each in drawn] == sorted(int(each.id) for each in drawn)
    assert sample(cases, 50, 3) == tuple(cases)


def test_the_real_advisor_keeps_to_its_answer(advisor: Advisor) -> None:
    case = Case("pay", "How much does a data engineer earn in Ruritania?", "answered")
    seen = measure(Local(advisor), [case], seed=2)
    assert seen.errored == 0
    assert seen.same["plain"] == Rate(1, 1)
    assert seen.to_dict()["n"] == 1
