"""Words, stems and their rarity: one way of cutting text for every room."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.words import STOPWORDS, fold, is_begun, is_common, rarity, stem, terms, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Résumé", "resume"),
        ("don’t", "don't"),
        ("STRASSE straße", "strasse strasse"),
        ("ﬁnance ２０２４", "finance 2024"),
        ("", ""),
    ],
)
def test_folding_unites_what_reads_the_same(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Entry-level roles", ["entry", "level", "roles"]),
        ("C++, C# and .NET", ["c++", "c#", "and", "net"]),
        ("It's the nurses' data", ["it's", "the", "nurses", "data"]),
        ("$133,336 or 3.5 %", ["133,336", "or", "3.5"]),
        ("in 2024, then 2025.", ["in", "2024", "then", "2025"]),
        ("GPT4 and 4th", ["gpt", "4", "and", "4", "th"]),
        ("snake_case", ["snake", "case"]),
        ("…—!?", []),
    ],
)
def test_words_keep_what_belongs_together(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(st.characters(max_codepoint=127)))
def test_words_in_ascii_are_cut_like_any(text: str) -> None:
    # The letter at the end belongs to no ASCII word.
    assert words(text) == words(f"{text} я")[:-1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("engineer", "engineers"),
        ("interviewing", "interviews"),
        ("nurse's", "nurse"),
        ("133,336", "133336"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("25", "250"), ("3.5", "35"), ("data", "date"), ("c", "c++"), ("c++", "c#")]
)
def test_near_misses_do_not_share_a_stem(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_terms_are_the_stems_of_content_words_in_order() -> None:
    assert terms("How much do the nurses in nursing earn?") == [stem("nurses"), stem("nursing"), stem("earn")]
    assert terms("What is it like to be one?") == []
    assert terms("x" * 65 + " " + "q" * 64) == ["q" * 64]


def test_stop_words_are_written_as_words_are_read() -> None:
    assert all(words(word) == [word] for word in STOPWORDS)
    # What a career question may turn on is not among them.
    assert not STOPWORDS & {"work", "job", "pay", "start", "part", "time", "money"}


def test_rarity_orders_words_as_people_use_them() -> None:
    order = ["the", "work", "salary", "recruiter"]
    values = [rarity(word) for word in order]
    assert values == sorted(values)
    assert values[0] == 0
    assert all(0 <= value <= 1 for value in values)
    assert rarity("zzxqv") == 1


def test_common_words_are_no_misspellings() -> None:
    assert all(is_common(word) for word in ("salary", "engineer", "interview", "visa"))
    assert not any(is_common(word) for word in ("salery", "enginer", "visaa"))


def test_what_a_longer_common_word_begins_with() -> None:
    assert all(is_begun(word) for word in ("mech", "chem", "calc"))
    assert not any(is_begun(word) for word in ("enginer", "salarr", "zzzz", "ÿ"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_cut_and_cutting_again_changes_nothing(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert all(found)
    assert len(terms(text)) <= len(found)
    assert all(terms(text))


def test_threads_stem_alike() -> None:
    sample = [f"{word}{ending}" for word in ("work", "train", "market") for ending in ("", "s", "ing", "ers")] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem, sample)) == [stem(word) for word in sample]
