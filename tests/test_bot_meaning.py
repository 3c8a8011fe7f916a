"""Words near each other in their sentences: another word for one is near, something else is not, whatever its place."""

from __future__ import annotations

from bot.meaning import nearest, nearest_alone

QUOTE = "Carpenters held about 956,000 jobs in 2023, and one in four was self-employed."


def test_a_word_comes_near_the_word_that_says_the_same() -> None:
    near = {
        each.word: each for each in nearest("Researchers expect the glacier to disappear.", "It may vanish, this ice.")
    }
    assert near["disappear"].to == "vanish"
    assert near["glacier"].to == "ice"
    assert near["disappear"].cosine > near["researchers"].cosine


def test_a_sibling_in_the_same_place_does_not() -> None:
    (first, *_) = nearest("Plumbers held about 956,000 jobs in 2023.", QUOTE)
    (same, *_) = nearest("Carpenters held about 956,000 jobs in 2023.", QUOTE)
    assert first.word == "plumbers"
    assert first.cosine < 0.5 < 0.9 < same.cosine


def test_words_come_in_their_order_and_nothing_comes_near_nothing() -> None:
    assert [each.word for each in nearest("Self-taught people,  e.g. Ada", QUOTE)] == [
        "self", "-", "taught", "people", ",", "e", ".", "g", ".", "ada",
    ]  # fmt: skip
    assert nearest("", QUOTE) == nearest("Carpenters.", " ") == ()


def test_what_lies_beyond_the_window_is_left_out_and_the_same_text_gives_the_same() -> None:
    long = " ".join(f"word{place}" for place in range(400))
    assert 0 < len(nearest(long, QUOTE)) < 256
    assert nearest.__wrapped__("Carpenters work.", QUOTE) == nearest("Carpenters work.", QUOTE)


def test_words_alone_come_near_what_says_the_same_without_their_sentences() -> None:
    near = {each.word: each for each in nearest_alone("Researchers expect the glacier to vanish.", "It may disappear.")}
    assert near["vanish"].to == "disappear"
    assert near["vanish"].cosine > near["glacier"].cosine
    assert "the" not in near
    assert nearest_alone("", QUOTE) == nearest_alone("Carpenters.", " 12 ") == ()
