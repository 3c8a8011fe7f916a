"""The word tables: found by stem, both ways, and free of words of one field."""

from __future__ import annotations

from bot.wording import demonyms, exclusive, light, opposites, opposites_in_place, pairs, synonyms
from corpus.words import stem


def test_tables_are_read_by_stem_and_hold_both_ways() -> None:
    assert stem("purchase") in synonyms(stem("buying"))
    assert synonyms("nosuchword") == {"nosuchword"}
    assert stem("usually") in light()
    assert set(exclusive()[stem("monday")]) & set(exclusive()[stem("friday")])
    assert "under" in opposites_in_place()["over"]
    assert "over" in opposites_in_place()["under"]
    assert pairs()[stem("rising")] & pairs()[stem("falling")]


def test_no_word_stands_on_both_sides_of_a_pair() -> None:
    for word, both in opposites().items():
        assert len({key for key, _ in both}) == len(both), word


def test_a_country_and_its_people_have_one_name() -> None:
    assert stem("irish") in demonyms()[stem("ireland")]
    assert stem("chile") in demonyms()[stem("chilean")]
    assert stem("austria") not in demonyms()[stem("australia")]
