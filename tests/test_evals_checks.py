"""The checks of one answer: a sound one has no problem, and each single fault is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer import Answer, Claim
from evals import control_world as world
from evals.checks import check, is_verbatim, marks, plain_words

SOUND = world.answered(
    ("baking", "The bakery on Mill Street employs 25 people."), ("clocks", "Old clocks are cleaned with mild oil.")
)


def _problems(answer: Answer) -> str:
    return " | ".join(check(answer, world.World()).problems)


def test_a_sound_answer_has_no_problem() -> None:
    seen = check(SOUND, world.World())
    assert (seen.citations, seen.valid, seen.claims, seen.verbatim, seen.problems) == (2, 2, 2, 2, ())


def test_decoration_escapes_and_frame_text_are_no_problem() -> None:
    claim = Claim("A note of *60%* [3] & more stands in_the book: 1. go.", (1,), "supported")
    dressed = replace(
        SOUND,
        answer="In short:\n\n## Work\n\n- **A note of \\*60%\\* \\[3\\] &amp; more stands in\\_the book: 1. go.** [1]",
        claims=(claim,),
        citations=SOUND.citations[:1],
    )
    assert _problems(dressed) == ""


def test_offsets_count_code_points() -> None:
    class Emoji:
        def text(self, document_id: str) -> str:
            return "🧭🧭 Walk north. 𝒳"

    citation = replace(SOUND.citations[0], quote="Walk north.", start=3, end=14)
    claim = Claim("Walk north.", (1,), "supported")
    answer = world.rendered(replace(SOUND, claims=(claim,), citations=(citation,)))
    assert check(answer, Emoji()).valid == 1
    assert check(replace(answer, citations=(replace(citation, start=5, end=16),)), Emoji()).valid == 0


def _with_citation(**changes: object) -> Answer:
    return replace(SOUND, citations=(replace(SOUND.citations[0], **changes), SOUND.citations[1]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (_with_citation(document_id="gone"), "not in the library"),
        (_with_citation(start=SOUND.citations[0].start - 1), "does not stand at its place"),
        (_with_citation(start=-8), "does not stand at its place"),
        (_with_citation(end=10_000), "does not stand at its place"),
        (_with_citation(quote=" "), "quotes nothing"),
        (_with_citation(number=2), "same number"),
        (replace(SOUND, answer=SOUND.answer.replace("[1]", "")), "differ"),
        (replace(SOUND, answer=SOUND.answer.replace("[1]", "\\[1\\]")), "differ"),
        (replace(SOUND, answer=SOUND.answer + "[3]"), "differ"),
        (replace(SOUND, answer=SOUND.answer.replace("[1]", "[1](https://example.org)")), "is a link"),
        (replace(SOUND, citations=SOUND.citations[:1]), "differ"),
        (replace(SOUND, claims=(replace(SOUND.claims[0], citations=()), SOUND.claims[1])), "supported by no citation"),
        (replace(SOUND, claims=(replace(SOUND.claims[0], citations=(1, 1)), SOUND.claims[1])), "same number twice"),
        (replace(SOUND, claims=SOUND.claims[::-1]), "in its order"),
        (replace(SOUND, claims=(*SOUND.claims, Claim("mild oil is dear", (1,), "unsupported"))), "has citations"),
        (
            replace(
                SOUND,
                answer=SOUND.answer + " Oil is dear.",
                claims=(*SOUND.claims, Claim("Oil is dear.", (), "unsupported")),
            ),
            "stands in the answer",
        ),
        (
            replace(SOUND, answer="Here is what I found for you about this in all of the guides: " + SOUND.answer),
            "no claim",
        ),
        (replace(SOUND, status="abstained", missing=("it",)), "something is claimed"),
        (replace(SOUND, status="partial"), "nothing is said to be missing"),
        (Answer("answered", "Yes."), "nothing is claimed"),
        (Answer("abstained", "The guides do not say."), "nothing is said to be missing"),
        (Answer("clarify", "Which one?", options=("this",)), "1 options"),
    ],
)
def test_each_fault_is_named(answer: Answer, word: str) -> None:
    assert word in _problems(answer)


def test_declining_and_asking_back_are_sound() -> None:
    assert _problems(world.declined()) == ""
    assert _problems(Answer("clarify", "Which one?", options=("this", "that"))) == ""


def test_what_was_taken_out_may_stand_in_claims_and_in_a_supported_claim() -> None:
    taken = Claim("It pays well.", (), "unsupported", ("no evidence",))
    part = Claim("employs 25 people", (), "unsupported")
    assert _problems(replace(SOUND, claims=(*SOUND.claims, taken, part))) == ""


@pytest.mark.parametrize(
    ("text", "verbatim"),
    [
        ("The bakery on Mill Street employs 25 people.", True),
        ("The bakery on\n  Mill Street employs 25 people.", True),
        ("Mill Street employs 25 people.", True),
        ("The bakery on Mill Street employs 2", False),
        ("he bakery on Mill Street employs 25 people.", False),
        ("The bakery on mill street employs 25 people.", False),
        ("Old clocks are cleaned with mild oil.", False),
        ("", False),
    ],
)
def test_verbatim_means_whole_words_of_its_own_quotes(text: str, verbatim: bool) -> None:
    assert is_verbatim(Claim(text, (1,), "supported"), SOUND.citations) is verbatim


def test_marks_are_read_as_markdown_reads_them() -> None:
    assert marks("One. [1][2] Two \\[3\\] three \\\\[4] [x] [05]") == ((1, 2, 4, 5), False)
    assert marks("[1]: https://example.org") == ((1,), True)
    assert plain_words("- **One** two_three [1]\n2. 4\\. \\# five") == ("One", "two", "three", "4", "five")
