"""From question to passages: spelling, follow-ups, facets, and whether the library can answer."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bot.advisor import Advisor, open_advisor
from bot.answer import Question, Situation, Turn
from bot.draft import STRANGE
from bot.retriever import UNTOLD, Found
from ingest.pipeline import run


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("How much does a data engineer earn?", "pay.md"),
        ("median a data enginer eerned", "pay.md"),
        ("Do I need a degree?", "first-steps.md"),
        ("How many rounds does an interview have?", "interviews.txt"),
    ],
)
def test_the_right_guide_comes_first(advisor: Advisor, question: str, source: str) -> None:
    found = advisor.retriever.find(Question(question), k=3)
    assert advisor.library.document(found.hits[0].passage.document_id).source == source
    assert found.answered


def test_scores_fall_and_k_is_kept(advisor: Advisor) -> None:
    found = advisor.retriever.find(Question("data jobs"), k=4)
    scores = [hit.score for hit in found.hits]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_unknown_words_are_missing_and_foreign_questions_unanswered(advisor: Advisor) -> None:
    found = advisor.retriever.find(Question("How do I tune a harpsichord?"))
    assert "harpsichord" in found.missing
    assert not found.answered
    assert found.answerable < 0.5


def test_a_question_hinges_on_a_word_that_it_means_something_else_without(advisor: Advisor) -> None:
    def hinges(question: str, term: str) -> float:
        return advisor.retriever._hinges(question, (term,))

    assert hinges("If I do good work, why bother with a degree and exams at all?", "bother") < STRANGE
    assert hinges("How do I tune a harpsichord?", "harpsichord") > STRANGE
    assert advisor.retriever.find(Question("Do I need a degree?")).hinges == 0
    assert advisor.retriever.find(Question("How do I tune a harpsichord?")).hinges == 0, "declined anyway"


def test_a_question_that_points_back_is_searched_with_what_it_points_to(advisor: Advisor) -> None:
    told = "I have no degree. "
    leaning = advisor.retriever.find(Question(f"{told}Will that hold me back?"), part="Will that hold me back?")
    whole = advisor.retriever.find(Question(f"{told}Will pay hold me back?"), part="Will pay hold me back?")
    assert leaning.weights["degre"] > whole.weights["degre"]


def test_a_question_bound_to_what_was_told_is_judged_with_it(advisor: Advisor) -> None:
    def certainty(told: str, part: str) -> float:
        return advisor.retriever.find(Question(f"{told} {part}"), part=part, alone=True).answerable

    bound = "Can I still work as a data engineer in Ruritania?"
    assert certainty("I have a kangaroo tattoo.", bound) < certainty(
        "I have a kangaroo tattoo.", bound.replace("still ", "")
    )
    assert certainty("I have no degree.", bound) > certainty("I have a kangaroo tattoo.", bound)
    fooled = "Am I fooling myself about data engineering?"
    assert certainty("I have no degree.", fooled) > certainty("I have a kangaroo tattoo.", fooled)


def test_a_follow_up_is_completed(advisor: Advisor) -> None:
    history = (Turn("user", "What is a statistician?"), Turn("assistant", "A statistician works with samples."))
    found = advisor.retriever.find(Question("and what do they earn?", history))
    assert "statistician" in found.query
    assert found.weights["statistician"] > found.weights["earn"]
    assert any("73,900" in claim.text for claim in advisor.invoke(Question("and what do they earn?", history)).claims)


def test_a_sum_that_nothing_tells_is_held_less_certain(advisor: Advisor, tmp_path: Path) -> None:
    def odds(told: str, asked: str = "How much do ferry pilots earn?") -> float:
        guides = tmp_path / f"{len(told)}-{len(asked)}"
        guides.mkdir()
        (guides / "ferry.md").write_text(
            f"# Ferry work\n\nFerry pilots earn {told}. Ferry pilots sail at night.\n", encoding="utf-8"
        )
        run([str(guides)], guides / "library", advisor.settings)
        ferries = open_advisor(guides / "library", advisor.settings)
        answerable = ferries.retriever.find(Question(asked)).answerable
        return math.log(answerable / (1 - answerable))

    assert odds("900 crowns a week") - odds("what the season brings") > UNTOLD / 2
    advice = "When should ferry pilots mention what they earn?"
    assert odds("900 crowns a week", advice) - odds("what the season brings", advice) < UNTOLD / 2, "asks for no sum"


def test_the_work_that_a_question_tells_moves_what_is_asked_in_its_name(tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / "ways.md").write_text(
        "---\ntitle: Ways to the quay\nasked:\n  Starting from a workshop:\n    - a baker who wants to be on the quay\n"
        "---\n\n## Starting on the quay\n\nStarting on the quay takes a course.\n\n## Starting from a workshop\n\n"
        "Starting from a workshop takes a visit to the quay.\n",
        encoding="utf-8",
    )
    run([str(tmp_path)], tmp_path / "library", advisor.settings)
    quay = open_advisor(tmp_path / "library", advisor.settings)

    def first(told: str) -> str:
        return quay.invoke(f"{told} What about starting on the quay?").claims[0].text

    assert "course" in first("I'm an optician.")
    assert "workshop" in first("I'm a baker.")


def test_a_part_keeps_the_subject_of_the_whole(advisor: Advisor) -> None:
    whole = Question("How much does a data engineer earn, and how fast is it growing?")
    found = advisor.retriever.find(whole, part="how fast is it growing?")
    assert advisor.library.document(found.hits[0].passage.document_id).source == "pay.md"
    assert found.weights["engin"] > 0


def test_the_situation_moves_passages_and_leaves_the_evidence_alone(advisor: Advisor) -> None:
    asked = "How do interviews run?"
    plain = advisor.retriever.find(Question(asked))
    told = advisor.retriever.find(Question(asked, situation=Situation(goal="statistician")))
    assert told.evidence == plain.evidence
    assert told.answerable == plain.answerable
    assert {hit.passage.id for hit in told.hits} == {hit.passage.id for hit in plain.hits}

    def of_pay(found: Found) -> float:
        return max(found.weights.get(stem, 0.0) for stem in ("statistician",))

    assert of_pay(told) > of_pay(plain) == 0.0
