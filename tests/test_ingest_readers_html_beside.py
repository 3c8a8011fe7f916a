"""What stands beside an article goes, and is told; what only looks like it stays."""

import pytest

from corpus.models import Document
from ingest.readers.document import read_document

_PROSE = "".join(
    f"<p>Net number {n} was mended by two people in the yard before the boats went out to sea again, and it held.</p>"
    for n in range(12)
)


def read(beside: str, above: str = "", head: str = "") -> Document:
    text = f"{above}<h1>Nets that hold</h1>{_PROSE}{beside}"
    page = f"<html><head>{head}</head><body><div class='page'>{text}</div></body></html>"
    return read_document(page.encode(), "page.html")


def body(document: Document) -> str:
    return document.text.partition("\n\n")[2]


_CARD = '<div class="card"><h4><a href="/{0}">The {0} knots of the coast</a></h4><p>They hold in any weather.</p></div>'
_CARDS = "".join(_CARD.format(name) for name in ("best", "oldest", "strangest"))


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        (f'<div class="relatedposts">{_CARDS}</div>', "links to elsewhere"),
        (f'<div id="next-posts">{_CARDS}</div>', "links to elsewhere"),
        (f"<section><h2>More stories</h2>{_CARDS}</section>", "links to elsewhere"),
        (f"<div><h3>Don't miss</h3></div><ul><li>{_CARDS}</li></ul>", "links to elsewhere"),
        ("<p>Read more: <a href='/k'>The strangest knots of the coast</a></p>", "links to elsewhere"),
        (
            '<div><a href="/k"><h3>The strangest knots</h3><p>They hold in most weather.</p></a></div>',
            "links to elsewhere",
        ),
        (
            '<div class="AuthorBox"><b>Ola Berg</b><p>Ola has mended nets on this coast for longer than anybody '
            "can say, and teaches the strangest knots to whoever asks.</p></div>",
            "note about the author",
        ),
        (
            '<ol class="comment-list">' + "".join(
                f"<li>Berit {n} May 2024<p>I tied the strangest knots of them all myself, and {n} of them held "
                "for years and years, whatever the weather and whoever sat in the boat that year.</p></li>"
                for n in range(30)
            ) + "</ol>",
            "comments of readers",
        ),
        ('<p class="tag-list">Filed: <a href="/t">strangest</a>, <a href="/u">knots</a></p>', "tags"),
        ('<article><div class="post-tags"><a href="/s">Strangest</a> <a href="/t">knots</a></div></article>', "tags"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_text_is_taken_out_and_told(beside: str, reason: str) -> None:
    document = read(beside)
    assert body(document).endswith("and it held.")
    assert [why for why, text in document.dropped if "trangest" in text][:1] == [reason]


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="related-careers"><ul><li><a href="/a">Sail maker, strangest trade</a></li></ul><p>x y z</p></div>',
        '<div class="related"><p><a href="/a">Strangest sails</a> £21,000</p><p><a href="/b">Ropes</a></p></div>',
        '<div class="related"><table><tr><th>Strangest knots<td><a href="/k">12</a></table></div>',
        "<section><h2>More stories</h2><p>The strangest story was told by the oldest mender in the yard.</p></section>",
        '<div class="recommended"><p>The strangest of the <a href="/k">knots</a> holds best of all.</p></div>',
        '<p>They use <a href="/k">the strangest and the oldest of all knots known on this coast</a> daily.</p>',
        '<div><a href="/k"><h3>Strangest knots</h3><p>Menders who tie them earn £21,000 in a good year.</p></a></div>',
        '<ul class="tags"><li>Strangest knots</li><li>Splicing</li></ul>',
        '<p class="comment">The strangest knots hold best.</p>',
        "<p>Read more <i>books</i> on knots: the strangest are the oldest.</p>",
        '<div class="author-info">By Ola Berg, strangest of menders</div>',
    ],
)
def test_what_only_looks_like_it_stays(beside: str) -> None:
    assert "trangest" in body(read(beside))


def test_links_above_the_title_are_no_text() -> None:
    document = read(
        "", '<ul><li><a href="/c">Coast</a></li><li><a href="/n">Nets</a></li></ul><ul><li>No link</li></ul>'
    )
    assert body(document).startswith("- No link\n")
    assert ("menu", "Coast Nets") in document.dropped


def test_a_note_about_the_author_names_the_author() -> None:
    text = "Ola Berg is a freelance writer who has mended nets for twenty years or so."
    note = f'<div class="about-the-author"><p>{text}</p></div>'
    assert read(note).author == "Ola Berg"
    assert read(note, head='<meta name="author" content="Ida Sund">').author == "Ida Sund"


def test_a_page_of_comments_alone_is_read() -> None:
    page = (
        '<html><body><h1>Nets</h1><div class="comments"><p>They hold fish, and so they should.</p></div></body></html>'
    )
    assert "They hold fish" in read_document(page.encode(), "page.html").text


def test_a_line_under_each_of_many_pictures_is_read_once() -> None:
    document = read("<div><p>Nets at work</p></div>" * 5 + "<p>strange_knots.JPG</p><p>They held.</p>")
    assert document.text.count("Nets at work") == 1
    assert ".JPG" not in document.text


def test_a_list_of_links_to_numbered_sections_is_no_data() -> None:
    links = "".join(f'<dt>4.{n} <a href="#s{n}">How are nets of kind {n} mended?</a></dt>' for n in range(8))
    document = read("", f'<div class="toc"><dl>{links}</dl></div>')
    assert "of kind 3" not in document.text
    assert "of kind 3" in read("", '<div class="facts"><dl><dt>Nets</dt><dd>of kind 3</dd></dl></div>').text


def test_a_page_that_hides_all_of_itself_until_a_script_runs_is_read() -> None:
    page = (
        "<html><head><style>#holder{{display:none}} .off{{opacity:0}}</style></head><body>{before}<div id='holder'>"
        "<h1>Nets</h1><p>They hold fish.</p><p class='off'>Cite this page.</p></div>"
        "<script>show the holder once all of the page is there and the reader waits for it</script></body></html>"
    )
    text = read_document(page.format(before="").encode(), "page.html").text
    assert text == "Nets\n\nThey hold fish."
    shown = read_document(page.format(before="<p>What is shown is read alone.</p>").encode(), "page.html").text
    assert "hold fish" not in shown


def test_a_page_that_is_a_list_of_cards_is_read() -> None:
    cards = "".join(
        f'<a href="/{n}"><h3>Knot {n}</h3><p>It holds in weather of kind {n}, and no other.</p></a>' for n in range(9)
    )
    page = f"<html><body><h1>Knots</h1><p>All that we know.</p>{cards}</body></html>"
    assert "weather of kind 8" in read_document(page.encode(), "page.html").text
