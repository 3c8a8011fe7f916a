"""A PDF's table of contents is left out and told; a table whose figures stand behind dots stays."""

from corpus.models import Document
from ingest.readers.document import read_document
from tests import papers
from tests.papers import PROSE

_DOTS = " . . . . . . . . . . ."


def read(*lines: str) -> Document:
    text = (*lines, "", *PROSE)
    placed = [(50.0, 760.0 - 15 * n, line) for n, line in enumerate(text) if line]
    return read_document(papers.drawn(*placed), "p.pdf")


def test_a_table_of_contents_is_no_text() -> None:
    entries = ("1 The trade 1", f"1.1 Nets{_DOTS} 1", f"1.2 Knots{_DOTS} 3", "2 The pay 4", f"2.1 Menders{_DOTS} 4")
    document = read("Menders of the Harbour", f"Foreword{_DOTS} i", *entries, f"2.2 Makers{_DOTS} 7")
    assert [text for why, text in document.dropped if why == "contents of the file"]
    assert "Makers" not in document.text
    assert "The pay" not in document.text
    assert all(line in document.text for line in PROSE)


def test_figures_behind_dots_are_no_pages() -> None:
    rows = (("North", 310), ("South", 21), ("East", 440), ("West", 35), ("Far", 61))
    document = read("Menders by harbour", *(f"{name} harbour{_DOTS} {count}" for name, count in rows))
    assert not [why for why, _ in document.dropped if why == "contents of the file"]
    assert all(f"{name} harbour" in document.text and str(count) in document.text for name, count in rows)
    assert ". ." not in document.text
