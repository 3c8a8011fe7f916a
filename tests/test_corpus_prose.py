"""Where sentences end, by examples worked by hand, and what always holds."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.prose import LONGEST_CHARS, LONGEST_WORDS, sentence_spans


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Nets grow by 23%.", "Boats do not."],
        ["The U.S. Bureau of Nets counts them.", "Dr. Sund agrees."],
        ["It is so in the U.S.", "The rest differ."],
        ["She has a Ph.D. in knots, i.e. she ties them, e.g. bowlines."],
        ["He holds a Ph.D.", "They do not."],
        ["Ida K. Sund and J. R. Berg wrote it."],
        ["St. Olaf's College in Bergen, N.Y., teaches nets."],
        ["It costs $3.5 million, or 4.25 a day.", "No. 5 is cheaper."],
        ["Use tools such as Python and R.", "Data people like them."],
        ["Ask on r/fishing.", "See https://nets.example/a.html?x=1.5 for more."],
        ["“Learn knots. Then nets.”", "So she said."],
        ['"Why nets?" he asked.', "Because of fish!", "Really?", "Yes."],
        ["(This stands alone. So it stays whole.)", "Next comes this."],
        ["Wait...", "The tide turns."],
        ["Wait ... for the tide."],
        ["Work at Acme Inc.", "The firm is old."],
        ["They meet at 5 p.m. on Monday.", "Bring vs. lend: choose."],
        ["Nets (see Fig. 3) hold approx. 40 fish.", "Really."],
        ["Node.js and ASP.NET are tools.", "Version 2.0 is out."],
        ["漁師は働く。", "網を編む。"],
    ],
)
def test_sentences_worked_by_hand(sentences: list[str]) -> None:
    joined = "".join(sentences) if sentences[0].endswith("。") else " ".join(sentences)
    assert cut(joined) == sentences


def test_a_missing_space_parts_sentences_only_between_sure_words() -> None:
    assert cut("Everyone keeps on learning.The field moves.") == ["Everyone keeps on learning.", "The field moves."]
    assert cut("See nets.Example for it.") == ["See nets.Example for it."]


def test_a_number_at_the_head_counts_and_does_not_end() -> None:
    assert cut("1. Begin with knots. Then go on.") == ["1. Begin with knots.", "Then go on."]


def test_unclosed_signs_hold_nothing_back() -> None:
    assert cut("One (two. Three four. Five.") == ["One (two.", "Three four.", "Five."]
    assert cut("He is 5'6\" tall. She is not. They differ.") == ["He is 5'6\" tall.", "She is not.", "They differ."]


@given(st.text(alphabet=st.sampled_from("abTU .!?…\"“”()[]\n0123e'-"), max_size=300))
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text", ["word " * 100_000, "x" * 1_000_000, "a. " * 100_000, '"A b. ' * 60_000, "(A. " * 60_000]
)
def test_endless_sentences_are_cut_in_bounded_time(text: str) -> None:
    started = time.monotonic()
    spans = sentence_spans(text)
    assert time.monotonic() - started < 10
    assert all(b - a <= LONGEST_CHARS and text.count(" ", a, b) <= LONGEST_WORDS for a, b in spans)
    assert sum(len("".join(text[a:b].split())) for a, b in spans) == len("".join(text.split()))
