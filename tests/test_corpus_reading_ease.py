"""Syllables by groups of vowels, and the Flesch formula worked by hand."""

from __future__ import annotations

import pytest

from corpus.reading_ease import reading_ease, syllables

WORDS = {
    1: "the we year used asked played rates free guides roles some seen",
    2: "data science people table software employed wages degrees business every being little matches changes union",
    3: "scientist engineer statistics analyst employers usual interview businesses area agencies projected management",
    4: "mathematics occupation education experience apprenticeship situation analysis",
}


@pytest.mark.parametrize(("count", "word"), [(count, word) for count, words in WORDS.items() for word in words.split()])
def test_syllables(count: int, word: str) -> None:
    assert syllables(word) == count


def test_letters_of_an_abbreviation_are_spoken_one_by_one() -> None:
    assert syllables("SQL") == 3


def test_the_formula_by_hand() -> None:
    # Seven words in two sentences, eleven syllables.
    ease = reading_ease(["The people work.", "We need data scientist."])
    assert ease == pytest.approx(206.835 - 1.015 * 7 / 2 - 84.6 * 11 / 7)


def test_long_words_in_long_sentences_are_harder() -> None:
    plain = reading_ease(["Ask a friend to read it.", "Then change what she did not like."])
    hard = reading_ease(["Organisational considerations necessitate comprehensive documentation of responsibilities."])
    assert hard < 30 < 70 < plain


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(ValueError, match="no word"):
        reading_ease(["2024: 34%"])
