"""Books: chapters in the order of the spine, tables and facts kept, what the package tells, what is refused."""

import pytest

from corpus.errors import SourceError
from ingest.readers.document import read_document
from tests.papers import PROSE, epub, packed

CHAPTERS = {
    "z.xhtml": f"<h1>First</h1><p>{PROSE[0]}</p><table><tr><th>Pay</th><td>£21,400</td></tr></table>",
    "a.xhtml": f"<h1>Second</h1><p>{PROSE[1]}</p><ul><li>twine</li><li>a needle</li></ul>",
}
META = (
    "<dc:title>Menders of the Harbour</dc:title><dc:creator>Ola Berg</dc:creator><dc:creator>Ada Sund</dc:creator>"
    "<dc:publisher>Harbour Press</dc:publisher><dc:date>2024-05-03</dc:date><dc:language>en-GB</dc:language>"
    "<dc:source>https://press.example/menders</dc:source>"
)


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    document = read_document(epub(CHAPTERS, meta=META), "menders.epub")
    assert document.text == (
        "Menders of the Harbour\nOla Berg, Ada Sund, Harbour Press, 2024-05-03\n\n"
        f"First\n\n{PROSE[0]}\n\nMenders of the Harbour - Pay: £21,400\n\nSecond\n\n{PROSE[1]}\n\n- twine\n- a needle"
    )
    assert (document.language, document.url) == ("en-GB", "https://press.example/menders")


def test_bytes_tell_a_book_whatever_its_name() -> None:
    assert PROSE[0] in read_document(epub(CHAPTERS), "menders.zip").text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed({"META-INF/container.xml": "<container/>"}), "names no package"),
        (
            packed({"META-INF/container.xml": '<container><rootfile full-path="../../etc/passwd"/></container>'}),
            "package",
        ),
        (epub({"a.xhtml": ""}), "no text"),
        (epub({"../../../etc/passwd": f"<p>{PROSE[0]}</p>"}), "no text"),
        (epub({"a.xhtml": "<p>" + "nets " * (14 * 2**20) + "</p>"}), "64 MB"),
        (
            epub(CHAPTERS, extra={"META-INF/encryption.xml": '<e><CipherReference URI="OEBPS/a.xhtml"/></e>'}),
            "DRM",
        ),
    ],
    ids=["nothing", "outside", "empty", "path", "bomb", "protected"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_document(data, "nets.epub")


def test_a_list_of_the_books_own_places_is_no_text() -> None:
    places = "".join(f'<dt><a href="z.xhtml#n{n}">1.{n} Knots of kind {n}</a></dt>' for n in range(6))
    away = "".join(f'<li><a href="https://knots.example/{n}">Further knots {n}</a></li>' for n in range(6))
    chapters = {"t.xhtml": f"<dl>{places}</dl><p>{PROSE[2]}</p><ul>{away}</ul>", **CHAPTERS}
    document = read_document(epub(chapters), "menders.epub")
    assert "Knots of kind" not in document.text
    assert [why for why, _ in document.dropped] == ["contents of the book"]
    assert "Further knots 5" in document.text
