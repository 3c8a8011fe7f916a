"""Bytes to readable characters: encodings, mojibake, unseen characters."""

import itertools
import random
import re
import unicodedata

import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from ingest import clean
from ingest.clean import decode, has_more_words, repair, tidy

TEXT = "Señora Ünal’s café – “pay” of £40,000"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_usual_encoding_gives_the_same_text(encoding: str) -> None:
    assert repair(decode(TEXT.encode(encoding))) == TEXT


def test_a_declared_charset_is_used_where_utf8_fails() -> None:
    assert decode("Łódź".encode("iso-8859-2"), "iso-8859-2") == "Łódź"
    page = b"<html><meta charset=iso-8859-2><p>" + "Łódź".encode("iso-8859-2")
    assert "Łódź" in decode(page)


@pytest.mark.parametrize("declared", ["no-such-charset", "rot13", "base64", "utf-7"])
def test_a_charset_that_is_none_is_passed_over(declared: str) -> None:
    assert decode("né".encode("cp1252"), declared) == "né"


def test_one_wrong_byte_does_not_spoil_a_utf8_file() -> None:
    assert decode("Ünal’s pay – ".encode() + b"it\x92s fine") == "Ünal’s pay – it’s fine"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02" * 500, b"text" + b"\x00" * 100])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        decode(data)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("a plan â€“ and a goal", "a plan – and a goal"),
        ("the nurseâ€™s choice", "the nurse’s choice"),
        ("â€œwell paidâ€\x9d", "“well paid”"),
        ("cafÃ© and jalapeÃ±o", "café and jalapeño"),
        ("don\ufffdt worry", "don't worry"),
        ("50\ufffd%", "50%"),
    ],
)
def test_wrongly_decoded_text_is_mended(wrong: str, right: str) -> None:
    assert repair(wrong) == right


@pytest.mark.parametrize(
    "fine", ["â is a letter in Romanian", "Âge: 40", "3 – 5 “years”", "naïve café", "日本語 テスト"]
)
def test_text_that_is_right_is_left_alone(fine: str) -> None:
    assert repair(fine) == fine


def test_unseen_characters_go_and_spaces_become_plain() -> None:
    assert repair("a\u200bb\u202ec\ufeffd\x00e\u00adf\ud800g\U000e0041") == "abcdefg"
    assert repair("£40\u00a0000\u2009a\u3000year") == "£40 000 a year"
    assert repair("one\r\ntwo\rthree\u2028four\x0bfive") == "one\ntwo\nthree\nfour\nfive"
    assert repair("column\tcolumn") == "column\tcolumn"


def test_letters_are_composed_and_stacks_of_marks_cut() -> None:
    assert repair("re\u0301sume\u0301") == "résumé"
    assert len(repair("Z" + "\u0301" * 100_000)) < 10


@given(st.text())
def test_repair_is_stable_and_leaves_nothing_unseen(text: str) -> None:
    once = repair(text)
    assert repair(once) == once
    assert not any(unicodedata.category(ch) in ("Cc", "Cf", "Cs") for ch in once if ch not in "\n\t")
    assert tidy(text) == " ".join(once.split())
    assert not any(has_more_words(text, than) != (len(text.split()) > than) for than in range(4))


def test_text_that_is_not_asked_for_mojibake_holds_none() -> None:
    """What is asked before ftfy's rules, because it is asked faster: it lets through all that they would find."""
    ranges = "".join(MOJIBAKE_CATEGORIES.values())
    strange = [chr(point) for point in range(0x80, 0x2700) if re.match(f"[{ranges}]", chr(point))]
    assert len(strange) > 400
    plain = ["", " ", "a", "Z", "1", ".", "\t"]
    for sign, before, behind in itertools.product(strange, plain, plain):
        assert not is_bad(text := before + sign + behind) or clean._MAY_BE_BAD.search(text), ascii(text)
    chance = random.Random(3)
    for _ in range(5_000):
        text = "".join(chance.choice(chance.choice((strange, plain))) for _ in range(12))
        assert not is_bad(text) or clean._MAY_BE_BAD.search(text), ascii(text)
    assert not clean._MAY_BE_BAD.search("Pay of £45,000 – “net” – at the café")
