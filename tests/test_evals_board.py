"""Scores counted together, worked by hand on small groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer import Answer
from corpus.questions import Case, Message
from evals import control_world as world
from evals.board import Board, board, case_values, cluster, formula, groups
from evals.control_world import asked, case
from evals.metrics import Rate
from evals.scoring import Score, score
from evals.uncertainty import value

SOUND = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
PARTIAL = replace(SOUND, status="partial", missing=("the pay",))
CLARIFY = Answer("clarify", "Which?", options=("a", "b"))


def _scores(*pairs: tuple[Case, Answer | None]) -> list[Score]:
    return [
        score(asked(replace(each, id=f"{i}"), answer, "x"), world.World()) for i, (each, answer) in enumerate(pairs)
    ]


def _board(*pairs: tuple[Case, Answer | None]) -> Board:
    return board(_scores(*pairs))


def test_declining_by_hand() -> None:
    due, part, silent, hand = case("d"), case("p", "partial"), case("s", "abstained"), case("h", "handed_on")
    seen = _board(
        (due, SOUND),
        (due, world.declined()),  # a false refusal
        (due, CLARIFY),  # neither
        (due, None),  # errored: a miss on the side of answering
        (part, PARTIAL),
        (silent, world.declined()),
        (silent, world.declined()),
        (silent, PARTIAL),
        (silent, CLARIFY),
        (silent, None),
        (hand, world.handed()),  # abstains rightly: left out of declining
        (hand, SOUND),
    )
    rates = seen.rates
    assert rates["answered"] == Rate(1, 4)
    assert rates["partial"] == Rate(1, 1)
    assert rates["declined"] == Rate(2, 5)
    assert rates["handed_on"] == Rate(1, 2)
    assert rates["false_refusals"] == Rate(1, 5)
    assert rates["not_refused"] == Rate(3, 5)
    assert rates["decline_precision"] == Rate(2, 3)
    assert rates["as_expected"] == Rate(5, 12)
    assert seen.means["decline_f1"] == pytest.approx(2 * 2 / (3 + 5))
    assert seen.means["decline_balanced_accuracy"] == pytest.approx((2 / 5 + 3 / 5) / 2)
    assert seen.states == {"scored": 10, "empty": 0, "errored": 2, "unscorable": 0}
    assert seen.confusion["answered"] == {"abstained": 1, "answered": 1, "clarify": 1, "errored": 1}
    assert sum(sum(row.values()) for row in seen.confusion.values()) == seen.n == 12


def test_nugget_recall_strict_and_partial_by_hand() -> None:
    three = case("n", "answered", ["25"], ["Mill Street"], ["nowhere"])
    one = case("m", "answered", ["bakery"])
    seen = _board((three, SOUND), (one, SOUND), (one, None), (case("none"), SOUND))
    assert seen.rates["nuggets_all"] == Rate(1, 3)
    assert seen.means["nugget_recall"] == pytest.approx((2 / 3 + 1 + 0) / 3)


def test_citations_and_claims_are_counted_by_answer_and_in_all() -> None:
    two = world.answered(
        ("baking", "The bakery on Mill Street employs 25 people."), ("sailing", "The summer season begins in May.")
    )
    bent = replace(two, citations=(two.citations[0], replace(two.citations[1], start=0, end=5)))
    reworded = replace(two.claims[0], text="The bakery has 25 people.")
    changed = world.rendered(replace(two, claims=(reworded, two.claims[1])))
    generated = replace(changed, mode="generated")
    seen = _board(
        (case("a"), two), (case("b"), bent), (case("c"), changed), (case("d"), generated), (case("e"), world.declined())
    )
    assert seen.rates["citations_valid"] == Rate(3, 4)
    assert seen.rates["verbatim"] == Rate(2, 3)  # the generated one may reword
    assert seen.rates["contract_kept"] == Rate(4, 5)
    assert seen.counts == {"citations": 8, "valid": 7, "claims": 8, "verbatim": 6}


def test_words_are_averaged_over_answers_that_claim_something() -> None:
    seen = _board((case("a"), SOUND), (case("b", "abstained"), world.declined()), (case("c"), None))
    assert seen.means["answer_words"] == 8


def test_what_cannot_be_measured_is_named_with_its_reason_and_nothing_is_nan() -> None:
    seen = _board((case("a"), SOUND))
    assert seen.unscorable["decline_balanced_accuracy"] == "both positive and negative cases are needed"
    assert seen.unscorable["nugget_recall"] == "there is no value to average"
    assert "decline_balanced_accuracy" not in seen.means
    body = seen.to_dict()
    assert body["rates"]["declined"] == {"value": None, "low": None, "high": None, "hits": 0, "n": 0}
    assert set(body["unscorable"]) >= {name for name, rate in seen.rates.items() if rate.n == 0}


def test_an_empty_group_is_no_trouble() -> None:
    assert board([]).n == 0


def test_groups_follow_tags_and_history() -> None:
    follow = replace(case("f"), history=(Message("user", "Hi"),), tags=("test",))
    scores = _scores((replace(case("a"), tags=("tune", "x")), SOUND), (follow, SOUND), (case("b"), SOUND))
    assert {name: each.n for name, each in groups(scores).items()} == {"all": 3, "tune": 1, "test": 1, "follow-ups": 1}
    assert set(groups(scores[2:])) == {"all"}


def test_what_cases_contribute_adds_up_to_the_board() -> None:
    due, silent = case("d", "answered", ["25"], ["nowhere"]), case("s", "abstained")
    scores = _scores(
        (due, SOUND), (due, world.declined()), (due, None), (silent, world.declined()), (silent, world.declined()),
        (silent, SOUND),
    )  # fmt: skip
    seen, values = board(scores), [case_values(each) for each in scores]
    assert set(seen.means) >= {
        "nugget_recall",
        "decline_f1",
        "decline_balanced_accuracy",
        "citation_recall",
        "unsupported",
    }
    for name, mean in seen.means.items():
        assert value(formula(name), values) == pytest.approx(mean), name
    for name, rate in seen.rates.items():
        assert sum(each.get(name, 0) for each in values) == rate.hits, name
        assert sum(name in each for each in values) == rate.n, name


def test_means_have_intervals_around_them_and_the_summary_tells_them() -> None:
    due = case("d", "answered", ["25"], ["nowhere"])
    seen = _board(*[(due, SOUND)] * 5, *[(due, None)] * 5, (case("s", "abstained"), world.declined()))
    recall = seen.intervals["nugget_recall"]
    assert recall.low < seen.means["nugget_recall"] < recall.high
    assert seen.to_dict()["mean_intervals"]["nugget_recall"]["low"] == round(recall.low, 6)


def test_a_group_about_one_guide_has_no_interval() -> None:
    about = case("d", "answered", ["25"], relevant=["baking.md"])
    assert _board((about, SOUND), (about, None)).intervals == {}


def test_clusters_are_guides_then_conversations_then_cases() -> None:
    talk = (Message("user", "Hello"), Message("assistant", "Yes?"))
    about = case("a", relevant=["baking.md", "clocks.md"])
    assert cluster(about) == cluster(replace(about, id="b", history=talk)) == "guide: baking.md"
    assert cluster(replace(case("a"), history=talk)) == cluster(replace(case("b"), history=talk[:1]))
    assert cluster(case("a")) != cluster(case("b"))


def test_grounding_is_averaged_answer_by_answer() -> None:
    bakery = "The bakery on Mill Street employs 25 people."
    both = world.answered(("baking", bakery), ("clocks", "The guild has 250 members in the country."))
    # Both marks on one of two claims exchanged: of this answer half is carried, of the other all.
    half = world.rendered(replace(both, claims=(both.claims[0], replace(both.claims[1], citations=(1,)))))
    seen = _board((case("a"), SOUND), (case("b"), half), (case("c"), world.declined()), (case("d"), None))
    assert seen.means["citation_recall"] == pytest.approx((1 + 1 / 2) / 2)
    assert seen.means["citation_precision"] == pytest.approx((1 + 1 / 2) / 2)
    assert seen.means["unsupported"] == pytest.approx((0 + 1 / 2) / 2)
    assert seen.means["figure_fidelity"] == pytest.approx((1 + 1 / 2) / 2)
    assert seen.means["name_fidelity"] == 1
    assert (seen.rates["claims_carried"], seen.rates["figures_kept"]) == (Rate(1, 2), Rate(1, 2))
    assert "citation_recall" in _board((case("a"), world.declined())).unscorable


def test_asking_back_and_handing_on_are_counted_where_due_and_where_not() -> None:
    many = replace(case("m"), tags=("clarify",))
    seen = _board(
        (many, CLARIFY),
        (many, SOUND),
        (case("d"), CLARIFY),
        (case("d"), world.handed()),
        (case("h", "handed_on"), world.handed()),
    ).rates
    assert (seen["clarified"], seen["clarified_needlessly"]) == (Rate(1, 2), Rate(1, 3))
    assert (seen["handed_on"], seen["handed_on_needlessly"]) == (Rate(1, 1), Rate(1, 4))


def test_another_things_figure_is_counted_and_a_broken_case_is_a_miss() -> None:
    wary = replace(case("w"), never=("250 members",))
    tainted = world.answered(("clocks", "The guild has 250 members in the country."))
    assert _board((wary, SOUND), (wary, tainted), (wary, None), (case("d"), tainted)).rates["nothing_foreign"] == Rate(
        1, 3
    )
