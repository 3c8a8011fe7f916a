"""Which reader takes a file, what is refused, and the form of the reading text."""

import re

import pytest

from corpus.errors import SourceError
from corpus.models import Document
from ingest.readers.document import read_document
from tests.papers import packed


def read(data: bytes, name: str = "nets.md", **named: str) -> Document:
    return read_document(data, name, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.md", "empty"),
        (b" \n\t ", "a.txt", "empty"),
        (b"%PDF-1.7 ...", "a.txt", "PDF is broken"),
        (b"PK\x03\x04....", "a.md", "broken archive"),
        (packed({"nets.md": "Nets hold fish."}), "a.docx", "ZIP archive; unpack it"),
        (packed({"xl/workbook.xml": "<a/>"}), "a.xlsx", r"\.xlsx are not read; export the sheets as HTML"),
        (packed({"ppt/presentation.xml": "<a/>"}), "a.pptx", r"\.pptx are not read; export the slides as PDF"),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.text"}),
            "a.odt",
            r"\.odt are not .* save it as \.docx",
        ),
        (b"{\\rtf1 Nets}", "a.md", r"\.rtf are not read; open it .* save it as \.docx"),
        (b"\xd0\xcf\x11\xe0 Nets", "a.doc", r"old Office format .* save it as \.docx"),
        (b"\x89PNG\r\n", "a.md", "image"),
        (b"text", "a.pdf", r"named \.pdf and is none"),
        (b"text", "a.docx", r"named \.docx and is none"),
        (b"text", "a.JPG", r"\.jpg are not read; save it"),
        (bytes(range(256)) * 8, "a.txt", "encoding|binary"),
        (b"a" * (20 * 2**20 + 1), "a.txt", "20 MB"),
        (b"---\n\n---\n\n***\n", "a.md", "no text"),
        ("\u200b\u200b".encode(), "a.txt", "no text"),
    ],
)
def test_what_no_reader_takes_is_refused_in_a_sentence(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as told:
        read(data, name)
    assert re.fullmatch(r"[A-Z].*\.", str(told.value))


@pytest.mark.parametrize("name", ["notes", "README", "v1.2 of notes", "notes.TXT", "notes.Markdown"])
def test_names_that_are_read(name: str) -> None:
    assert "Nets hold fish." in read(b"Nets\n\nNets hold fish.", name).text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!DOCTYPE html><title>Nets</title><p>They hold fish.", "a.txt"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<html><title>Nets</title><p>They hold fish.", "a.md"),
        (b"<!-- saved --><html><title>Nets</title><p>They hold fish.", "a"),
        (b"<h1>Nets</h1><p>They hold fish.", "a.html"),
        (b"# Nets\n\nThey **hold** fish.", "a.txt"),
        (b"# Nets\n\nThey hold [fish](https://f.example).", "a.html"),
        (b"Nets\n\nThey hold fish.", "a.html"),
    ],
)
def test_content_tells_the_type(data: bytes, name: str) -> None:
    document = read(data, name)
    assert document.title == "Nets"
    assert document.text.endswith("They hold fish.")
    assert "<" not in document.text


def test_a_fetched_page_is_typed_by_its_server_and_keeps_its_address() -> None:
    document = read(
        b"<p>Nets hold fish.</p>", "https://nets.example/guide.pdf", address="https://nets.example/guide.pdf",
        content_type="text/html",
    )  # fmt: skip
    assert document.url == "https://nets.example/guide.pdf"
    assert document.text.endswith("Nets hold fish.")


def test_the_form_of_the_reading_text() -> None:
    document = read(
        b"---\ntitle: Nets\nauthor: Ola Berg\npublisher: Harbour Press\ndate: 2024-05-03\n---\n\n# Part\n\n"
        b"They **need**:\n\n- twine\n   1. thin\n\n   Any colour.\n- a needle[^1]\n\nDone.\n\n"
        b"|A|B|\n|-|-|\n|x|1|\n\n[^1]: Needles, Sund, 2020\n"
    )
    assert document.text == (
        "Nets\nOla Berg, Harbour Press, 2024-05-03\n\nPart\n\nThey need:\n- twine\n1. thin\nAny colour.\n- a needle\n\n"
        "Done.\n\nNets - x: B 1"
    )
    assert [(b.kind, b.level) for b in document.blocks] == [
        ("title", 0), ("byline", 0), ("heading", 1), ("paragraph", 0), ("item", 0), ("item", 1), ("paragraph", 1),
        ("item", 0), ("paragraph", 0), ("row", 0),
    ]  # fmt: skip
    assert all(document.text[b.start : b.end] == document.text[b.start : b.end].strip() for b in document.blocks)
    assert document.id == ""


def test_captions_that_say_nothing_new_are_left_out() -> None:
    table = "<table><caption>{}</caption><tr><th>Pay<td>1</table>"
    page = "<h1>Net Menders</h1><p>They mend nets.</p>" + table
    assert read(page.format("Quick facts: net menders").encode(), "a.html").text.endswith("Net Menders - Pay: 1")
    assert read(page.format("In the north").encode(), "a.html").text.endswith("Net Menders (In the north) - Pay: 1")


def test_facts_of_one_label_under_several_headings_name_their_heading() -> None:
    page = "<h1>Trades</h1>" + "".join(
        f"<h2>{trade}</h2><p>They work.</p><dl><dt>Pay</dt><dd>{pay}</dd></dl>"
        for trade, pay in (("Menders", "£21,000"), ("Divers", "£35,000"))
    )
    text = read(page.encode(), "a.html").text
    assert "Trades (Menders) - Pay: £21,000" in text
    assert "Trades (Divers) - Pay: £35,000" in text
