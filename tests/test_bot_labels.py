"""What a unit is about: rows by their label, sentences by their heading; whose it is tells what may answer."""

from __future__ import annotations

from bot.labels import label, of_another, of_asked_rows, row_of_another
from bot.units import Unit
from corpus.models import Passage, Sentence, SentenceKind
from corpus.words import term_set


def unit(text: str, heading: str, kind: SentenceKind = "row") -> Unit:
    sentence = Sentence(0, len(text), kind)
    passage = Passage("p", "d", "The quay", (heading,), 0, len(text), text, (sentence,))
    terms, length = term_set(text), len(text.split())
    return Unit("d", passage, (sentence,), (text,), 0, len(text), 1.0, 0.0, terms, length, is_list=False)


NURSE = unit("The quay - Nurse: Pay 300 crowns", "Who works at the quay?")
CRANE = unit("The quay - Crane: Price 900 crowns", "Who works at the quay?")
SAID = unit("Nurses are few.", "What does a nurse do at the quay?", "sentence")


def test_a_row_is_about_its_label_and_a_sentence_about_all_it_says() -> None:
    assert label(NURSE) == "Nurse"
    assert label(SAID) == "Nurses are few."


def test_rows_that_nothing_asks_for_are_left_out_where_one_is_asked_for() -> None:
    assert of_asked_rows([NURSE, CRANE, SAID], {"crane": 1.0}) == [CRANE, SAID]
    assert of_asked_rows([NURSE, CRANE], {"tide": 1.0}) == [NURSE, CRANE]


def test_what_names_another_job_is_of_another() -> None:
    assert row_of_another(NURSE, ("statistician",))
    assert not row_of_another(NURSE, ("nurs",))
    assert not row_of_another(CRANE, ("statistician",))
    assert of_another(SAID, {"statistician": 1.0})
    assert not of_another(SAID, {"nurs": 1.0})
    assert not of_another(CRANE, {"statistician": 1.0})
