"""Words by their length."""

from __future__ import annotations

from corpus.vocabulary import Vocabulary


def test_words_of_letters_alone_are_given_by_their_length_in_their_order() -> None:
    words = Vocabulary({"wage": 1, "don't": 2, "1999": 3, "job": 4, "career": 5, "pay": 6, "skill": 7})
    assert words.of_length(4, 5) == ["wage", "skill"]
    assert words.of_length(4, 5) == ["wage", "skill"]
    assert words.of_length(3, 3) == ["job", "pay"]
    assert words.of_length(9, 12) == []
    assert words["job"] == 4
