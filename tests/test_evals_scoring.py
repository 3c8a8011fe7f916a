"""One case scored: status, nuggets, relevant documents, and the states of what cannot be scored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer import Answer, Claim, HandOn
from corpus.questions import Case, Relevant
from evals import control_world as world
from evals.control_world import asked, case
from evals.scoring import READ_WORDS, SHORT_WORDS, Outcome, Score, score

BAKERY = ("baking", "The bakery on Mill Street employs 25 people.")
CLOCKS = ("clocks", "Old clocks are cleaned with mild oil.")


def _score(each: Case, answer: Answer | None) -> Score:
    return score(asked(each, answer, "" if answer else "it broke"), world.World())


def test_a_right_answer_passes_and_is_counted() -> None:
    seen = _score(case("a", "answered", ["25 people"], ["oil"], relevant=["baking.md"]), world.answered(BAKERY, CLOCKS))
    assert (seen.state, seen.status, seen.passed, seen.nuggets, seen.relevant) == (
        "scored",
        "answered",
        True,
        (True, True),
        True,
    )
    assert seen.words == 15


@pytest.mark.parametrize(
    ("expect", "answer", "as_expected"),
    [
        ("answered", world.answered(BAKERY), True),
        ("answered", replace(world.answered(BAKERY), status="partial", missing=("x",)), False),
        ("partial", replace(world.answered(BAKERY), status="partial", missing=("x",)), True),
        ("partial", world.answered(BAKERY), False),
        ("abstained", world.declined(), True),
        ("abstained", Answer("clarify", "Which?", options=("a", "b")), False),
        ("answered", Answer("clarify", "Which?", options=("a", "b")), False),
        ("handed_on", world.handed(), True),
        ("handed_on", replace(world.answered(BAKERY), hand_on=HandOn("tax", "an adviser")), True),
        ("handed_on", world.declined(), False),
        ("abstained", world.handed(), True),
    ],
)
def test_statuses_against_what_was_expected(expect: str, answer: Answer, as_expected: bool) -> None:
    assert _score(replace(case("a"), expect=expect), answer).as_expected is as_expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (asked(case("a", "answered", ["x"]), None, "it broke"), "errored"),
        (Outcome(case("a", "answered", ["x"]), None, "no status", "unscorable"), "unscorable"),
        (asked(case("a", "answered", ["x"]), Answer("answered", "")), "empty"),
        (asked(case("a", "answered", ["x"]), replace(world.answered(BAKERY), answer=" ")), "empty"),
        (asked(case("a", "abstained"), Answer("partial", "Hm.", missing=("it",))), "empty"),
    ],
)
def test_what_cannot_be_scored_is_a_state_and_a_miss(outcome: Outcome, state: str) -> None:
    seen = score(outcome, world.World())
    assert seen.state == state
    assert seen.trouble
    assert not seen.as_expected
    assert not seen.passed
    assert not any(seen.nuggets)


def test_abstaining_is_not_empty() -> None:
    assert _score(case("a", "abstained"), world.declined()).state == "scored"


def test_nuggets_are_looked_for_in_supported_claims_alone() -> None:
    wanted = case("a", "answered", ["25 people"])
    sound = world.answered(CLOCKS)
    taken_out = replace(sound, claims=(*sound.claims, Claim("It has 25 people.", (), "unsupported")))
    framed = replace(sound, answer=sound.answer + " 25 people")
    assert _score(wanted, taken_out).nuggets == _score(wanted, framed).nuggets == (False,)


def test_nuggets_of_a_question_that_must_be_declined_are_not_wanted() -> None:
    assert _score(case("a", "abstained", ["25 people"]), world.declined()).passed


@pytest.mark.parametrize(
    ("before", "short", "whole"), [(0, True, True), (SHORT_WORDS, False, True), (READ_WORDS, False, False)]
)
def test_nuggets_count_within_the_words_that_are_read(before: int, short: bool, whole: bool) -> None:
    sound = world.answered(BAKERY)
    text = " ".join(["word"] * before) + " 25 people"
    seen = _score(
        case("a", "answered", ["25 people"]), world.rendered(replace(sound, claims=(Claim(text, (1,), "supported"),)))
    )
    assert (seen.nuggets_short, seen.nuggets) == ((short,), (whole,))


def test_relevant_documents_and_quotes() -> None:
    answer = world.answered(BAKERY)

    def seen(*relevant: Relevant) -> tuple[bool | None, bool | None]:
        scored = _score(Case("a", "What?", "answered", relevant=relevant), answer)
        return scored.relevant, scored.relevant_quote

    assert seen() == (None, None)
    assert seen(Relevant("baking.md")) == (True, None)
    assert seen(Relevant("clocks.md")) == (False, None)
    assert seen(Relevant("clocks.md"), Relevant("baking.md", "employs 25 people")) == (True, True)
    assert seen(Relevant("baking.md", "Oh yes. The bakery on Mill Street employs 25 people. It is so.")) == (True, True)
    assert seen(Relevant("baking.md", "employs 250 people")) == (True, False)
    assert seen(Relevant("clocks.md", "employs 25 people")) == (False, False)


def test_a_broken_contract_does_not_pass() -> None:
    sound = world.answered(BAKERY)
    wrong = replace(sound, citations=(replace(sound.citations[0], start=0, end=5),))
    assert _score(case("a"), sound).passed
    assert not _score(case("a"), wrong).passed


def test_asking_back_is_right_where_the_case_has_several_readings() -> None:
    asks_back = Answer("clarify", "Which?", options=("a", "b"))
    tagged = replace(case("a"), tags=("clarify",))
    assert _score(tagged, asks_back).as_expected
    assert _score(tagged, world.answered(BAKERY)).as_expected
    assert not _score(tagged, world.declined()).as_expected


def test_what_must_never_be_stated_fails_a_case() -> None:
    wary = replace(case("a", "answered", ["25 people"]), never=("31,400 dollars", "250 members"))
    assert _score(wary, world.answered(BAKERY)).passed
    tainted = _score(wary, world.answered(BAKERY, ("clocks", "The guild has 250 members in the country.")))
    assert (tainted.foreign, tainted.passed) == (True, False)
    assert _score(case("a"), world.answered(BAKERY)).foreign is None
    assert _score(wary, None).foreign is None
