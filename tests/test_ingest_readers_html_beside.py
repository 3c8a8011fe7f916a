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


_TEASER = (
    '<div class="x{0}"><h3><a href="/{0}">The {0} sails of the whole coast</a></h3><p>Sewn by {0} hands.</p></div>'
)
_TEASERS = "".join(map(_TEASER.format, ("whitest", "widest", "wettest", "oldest")))
_FIGURES = "<table><tr><th>Trade</th><th>Pay</th></tr><tr><td><a href='/s'>Sailor</a></td><td>$41,000</td></tr></table>"


def around(beside: str, within: str = "") -> Document:
    """A page whose text stands in one element without a name, with something beside it."""
    at = _PROSE.index("</p>") + len("</p>")
    text = f"<div><h1>Nets that hold</h1><div>{_PROSE[:at]}{within}{_PROSE[at:]}</div></div>"
    return read_document(f"<body><div>{text}{beside}</div></body>".encode(), "page.html")


@pytest.mark.parametrize(
    "beside",
    [
        f"<div class='hyper'>{_TEASERS}</div>",
        f"<div><span class='wrap'>{_TEASERS}</span><p>A yard of three hundred words says nothing more here.</p></div>",
        f"<table><tr><td>{_TEASERS}</td><td>{_TEASERS.replace('sails', 'ropes')}</td></tr></table>",
        "<div><ul><li><a href='/a'>The whitest sails of all the coast</a></li></ul></div>",
    ],
)
def test_headlines_beside_the_text_go_whatever_their_box_is_called(beside: str) -> None:
    document = around(beside)
    assert "whitest" not in document.text
    assert body(document).count("and it held.") == 12
    assert any("whitest" in text and why == "links to elsewhere" for why, text in document.dropped)


@pytest.mark.parametrize(
    ("beside", "kept"),
    [
        (f"<div>{_TEASERS}{_FIGURES}</div>", "$41,000"),
        ("<div><h2>Tasks</h2><ul><li><a href='/k'>Knots</a></li><li><a href='/s'>Sewing</a></li></ul></div>", "Sewin"),
        ("<div><h2>How to begin</h2><p>Ask at <a href='/y'>the yard</a> before spring.</p></div>", "spring"),
        ("<div><p>A yard takes on <a href='/t'>two apprentices</a> each year, for three.</p></div>", "for three"),
        (f"<div>{_TEASERS}<p>{'A yard takes on two apprentices each year. ' * 7}</p></div>", "two apprentices"),
        ("<p><a href='/t'>Apprentices begin in spring</a></p>", "begin in spring"),
    ],
)  # fmt: skip
def test_what_says_something_beside_the_text_stays(beside: str, kept: str) -> None:
    assert kept in around(beside).text


def test_a_list_of_headlines_between_two_paragraphs_is_no_text() -> None:
    links = "<li><a href='/a'>The whitest sails of all</a></li><li><a href='/b'>Ropes of the old yards</a></li>"
    document = around("", f"<ul>{links}</ul>")
    assert "whitest" not in document.text
    assert "and it held." in document.text
    told = around("", f"<p>These are worth a look:</p><ul>{links}</ul>")
    assert "whitest sails" in told.text


def test_a_page_with_little_text_keeps_its_headlines() -> None:
    assert (
        "whitest" in read_document(f"<body><h1>Sails</h1><p>All of them.</p>{_TEASERS}</body>".encode(), "a.html").text
    )


@pytest.mark.parametrize(
    ("caption", "kept"),
    [
        ("<figure><img src='a.jpg'><figcaption>A mender at work. Photo: Ola Berg</figcaption></figure>", False),
        ("<div><img src='a.jpg'><p class='wp-caption-text'>Menders of the old yard</p></div>", False),
        ("<div><p><img src='a.jpg'></p><span class='imageCredit'>Menders at sea (AFP)</span></div>", False),
        ("<figure><img src='a.png'><figcaption>A reef knot takes two crossings.</figcaption></figure>", True),
        ("<figure><img src='a.png'><figcaption>Figure 2. Menders by age</figcaption></figure>", True),
        ("<figure><img src='a.png'><figcaption>Median pay of menders</figcaption></figure>", True),
        ("<div><img src='i.png'><div class='caption'>Median pay</div><div class='value'>$41,000</div></div>", True),
        ("<figure><blockquote>Nets are patient.</blockquote><figcaption>Ola Berg, mender</figcaption></figure>", True),
    ],
)  # fmt: skip
def test_who_is_on_a_photograph_is_no_text_and_what_a_drawing_shows_is(caption: str, kept: bool) -> None:
    words = {"Menders at sea", "Menders of the old", "A mender at work", "takes two crossings", "Menders by age"}
    words |= {"edian pay", "Ola Berg, mender"}
    said = next(word for word in words if word in caption)
    assert (said in around("", caption).text) is kept


def test_who_is_quoted_at_the_end_is_no_author() -> None:
    said = '<p>Ada Moore, a researcher at the yard, added "When we look at the nets, we see that they hold."</p>'
    assert "we see that they hold" in body(read(said))
