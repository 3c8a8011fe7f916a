"""Footnotes as references."""

import pytest

from corpus.errors import SourceError
from corpus.models import Reference
from ingest.readers.notes import read_works, reference, take_notes


@pytest.mark.parametrize(
    ("note", "work"),
    [
        (
            "Pay at Sea, Office of Nets, 2024-05-03. https://nets.example/pay.",
            Reference("Pay at Sea", "Office of Nets", "https://nets.example/pay", "2024-05-03"),
        ),
        (
            "*Nets, Knots and Twine*, Berg Press, May 2024",
            Reference("Nets, Knots and Twine", "Berg Press", None, "2024-05"),
        ),
        ("[Pay](https://a.example/p), Office", Reference("Pay", "Office", "https://a.example/p", None)),
        ("Office of Nets", Reference("Office of Nets")),
        ("https://nets.example", Reference("https://nets.example", None, "https://nets.example")),
        ("Survey (2021), <https://a.example>", Reference("Survey", None, "https://a.example", "2021")),
    ],
)
def test_references(note: str, work: Reference) -> None:
    assert reference(note) == work


def test_definitions_are_taken_out_of_the_text() -> None:
    text, notes = take_notes("One.[^a]\n\n[^a]: Pay,\n    Office\n\nTwo.\n```\n[^b]: code\n```\n[^c]: Last\n")
    assert notes == {"a": "Pay, Office", "c": "Last"}
    assert "Two." in text
    assert "[^b]: code" in text
    assert "Office" not in text


def test_works_of_a_file() -> None:
    works = read_works(b'[pay]\ntitle = "Pay"\npublisher = "Office"\ndate = 2024-05-03\nlicence = "CC0"\n[bare]\n')
    assert works == {"pay": Reference("Pay", "Office", None, "2024-05-03"), "bare": Reference("bare")}


def test_works_that_cannot_be_read() -> None:
    with pytest.raises(SourceError, match=r"sources\.toml"):
        read_works(b"[pay\ntitle")
