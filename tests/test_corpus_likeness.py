"""Shared runs of eight words within a clause, and sentences told twice."""

from __future__ import annotations

from corpus.likeness import clauses, near_duplicates, runs

EIGHT = "weavers thread the looms of the northern towns"


def test_clauses_end_at_punctuation_and_not_inside_numbers_or_names() -> None:
    assert clauses("Weavers, here (or there): 84,500 crowns – and O*NET 29.3 too.") == [
        ("weavers",), ("here",), ("or", "there"), ("84,500", "crowns"), ("and", "o", "net", "29.3", "too"),
    ]  # fmt: skip


def test_eight_words_are_a_run_and_seven_are_not() -> None:
    assert runs(EIGHT) == {tuple(EIGHT.split())}
    assert runs("weavers thread the looms of the northern") == set()
    assert len(runs(f"today {EIGHT}")) == 2


def test_a_run_does_not_cross_a_mark_of_punctuation() -> None:
    assert runs("weavers thread the looms, of the northern towns") == set()


def test_letters_and_accents_do_not_hide_a_run() -> None:
    assert runs(EIGHT.upper()) == runs(EIGHT)


def test_a_title_ends_a_clause() -> None:
    text = f"the Gazette says in How {EIGHT} that it is so"
    assert runs(text, [tuple(f"how {EIGHT}".split())]) == set()
    assert runs(text)


FIRST = "A weaver in Ruritania earned a median of 84,500 crowns in 2024, according to the Bureau of Statistics."
SECOND = "A weaver in Ruritania earned a median of 84,500 crowns in 2024, says the Gazette, which read the Bureau."
OTHER = "Potters look for clay in spring and fire it in autumn, when wood is cheap and the days are still long."


def test_near_duplicates_stand_in_two_guides() -> None:
    (pair,) = near_duplicates([FIRST, OTHER, SECOND], ["a", "a", "b"])
    assert (pair.first, pair.second) == (0, 2)
    assert near_duplicates([FIRST, OTHER, SECOND], ["a", "a", "a"]) == []


def test_the_same_form_about_other_things_is_no_duplicate() -> None:
    other = "A potter in Graustark held a share of 12 percent in 1999, according to the Bureau of Pots."
    assert near_duplicates([FIRST, other], ["a", "b"]) == []


def test_short_sentences_may_be_alike() -> None:
    assert near_duplicates(["Learn to spin first.", "Learn to spin first."], ["a", "b"]) == []
