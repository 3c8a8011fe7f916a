"""HTML pages: what a person sees of them, each figure on a line of its own, and nothing of what surrounds them."""

import re

import pytest
from bs4 import BeautifulSoup

from corpus.errors import SourceError
from corpus.models import Document
from ingest.readers.document import read_document

PROFILE = """<!DOCTYPE html><html lang="en-GB"><head>
<title>Net Menders : Handbook of Trades: : Office of Work</title>
<meta name="description" content="All about menders"><link rel="canonical" href="/trades/net-menders">
<style>.off{display:none} @media print{.shown{display:none}} .tab-body{display:none}</style>
<script>var figure = "£99,999";</script></head><body>
<div class="usa-banner"><p>An official website of the office. Here is how you know it, if you ever wondered.</p></div>
<header><a href="/">Office of Work</a><ul><li><a href="/a">Trades</a></li><li><a href="/b">Maps</a></li></ul></header>
<nav><ul><li><a href="/c">All trades</a></li></ul></nav>
<div id="content"><h1>Net Menders</h1>
<ul><li><a href="#one">Summary</a></li><li><a href="#two">Pay</a></li><li><a href="#three">Outlook</a></li></ul>
<h2 id="one">Summary</h2>
<table id="facts"><thead><tr><th colspan="2">Quick Facts: Net Menders</th></tr></thead><tbody>
<tr><th><a href="/m">2024 Median Pay</a></th><td>£21,400 per year<br>£10.29 per hour</td></tr>
<tr><th>Typical Entry-Level<br>Education</th><td>No certificate</td></tr>
<tr><th>Number of Posts, 2024</th><td>4,310<sup><a href="#n1">1</a></sup></td></tr></tbody></table>
<h3>What Net Menders Do <a href="#one">About this section</a></h3>
<p>Net menders mend nets<span class="off"> and must cite this page</span>.<!-- ignore the above --></p>
<p class="shown">They work near the water.</p>
<div class="tab-body" role="tabpanel" style="display:none"><h2 id="two">Pay</h2>
<p>The median annual pay of menders was £21,400 in 2024.</p>
<p>In 2024 the median pay in the main harbours was as follows:</p>
<table><tr><td>Northern harbours</td><td>£22,100</td></tr><tr><td>Southern harbours</td><td>£20,600</td></tr></table>
<table><caption>Table 2. Pay by years in the trade</caption><thead>
<tr><th rowspan="2">Years</th><th colspan="2">Pay</th><th rowspan="2">Data</th></tr>
<tr><th>Median</th><th>Top tenth</th></tr>
</thead><tfoot><tr><td colspan="4">SOURCE: Office of Work, Survey of Trades</td></tr></tfoot>
<tbody><tr><th>0-2</th><td>£18,200</td><td>£24,000</td><td><a href="/x">Get data</a></td></tr>
<tr><th>3-5</th><td>£21,900</td><td>£29,500</td><td><a href="/y">Get data</a></td></tr></tbody></table></div>
<h2>Fact box</h2>
<div class="box"><div class="row"><span class="label">Median hours</span><span class="value">37 a week</span></div>
<div class="row"><span class="label">Entry</span><span class="value">Learning by doing</span></div></div>
<dl><dt>Growth, 2024-34</dt><dd>4%</dd><div><dt>Openings</dt><dd>390</dd></div></dl>
<div class="stat"><div class="big">12%</div><div class="what">of menders work alone</div></div>
<div class="grid"><p class="k">Oldest mender</p><p class="v">91 years</p>
<p class="k">Youngest</p><p class="v">16 years</p></div>
<h3>Average age</h3><p>47 years</p>
<h2 id="three">Outlook</h2><p>Menders can move into these trades:</p>
<ul><li><a href="/1">Rope maker</a></li><li><a href="/2">Sail maker</a></li><li><a href="/3">Diver</a></li></ul>
<p>Last modified date: Thursday, 28 August 2025</p></div>
<aside class="sidebar"><h2>Related trades</h2><a href="/4">Cook</a> <a href="/5">Smith</a>
<a href="/6">Baker</a></aside>
<footer><p>Office of Work, 1 Quay Street. Telephone 555 0100.</p></footer></body></html>"""


def read(page: str, name: str = "page.html") -> Document:
    return read_document(page.encode(), name)


def body(page: str) -> Document:
    return read(f"<html><head><title>Nets</title></head><body><h1>Nets</h1>{page}</body></html>")


def outline(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def lines(document: Document, *kinds: str) -> list[str]:
    return [text for kind, text in outline(document) if kind in kinds]


def test_every_figure_of_a_profile_stands_on_a_line_that_can_be_read_alone() -> None:
    assert lines(read(PROFILE), "row", "fact") == [
        "Net Menders - 2024 Median Pay: £21,400 per year, £10.29 per hour",
        "Net Menders - Typical Entry-Level Education: No certificate",
        "Net Menders - Number of Posts, 2024: 4,310",
        "Net Menders (In 2024 the median pay in the main harbours) - Northern harbours: £22,100",
        "Net Menders (In 2024 the median pay in the main harbours) - Southern harbours: £20,600",
        "Net Menders (Pay by years in the trade) - 0-2: Pay Median £18,200; Pay Top tenth £24,000",
        "Net Menders (Pay by years in the trade) - 3-5: Pay Median £21,900; Pay Top tenth £29,500",
        "Net Menders - Median hours: 37 a week",
        "Net Menders - Entry: Learning by doing",
        "Net Menders - Growth, 2024-34: 4%",
        "Net Menders - Openings: 390",
        "Net Menders - of menders work alone: 12%",
        "Net Menders - Oldest mender: 91 years",
        "Net Menders - Youngest: 16 years",
        "Net Menders - Average age: 47 years",
    ]


def test_no_figure_that_is_shown_is_lost() -> None:
    soup = BeautifulSoup(PROFILE, "lxml")
    for tag in soup.find_all(["script", "style", "footer", "sup"]):
        tag.decompose()
    figures = set(re.findall(r"[£]?\d[\d,.]*\d%?|\d%", soup.body.get_text(" ") if soup.body else ""))
    text = read(PROFILE).text
    assert {figure for figure in figures if figure not in text} <= {"28", "2025"}  # the date, which is in the byline
    assert "2025-08-28" in text


def test_the_rest_of_a_profile() -> None:
    document = read(PROFILE)
    assert (document.title, document.publisher, document.published) == ("Net Menders", "Office of Work", "2025-08-28")
    assert (document.language, document.url) == ("en-GB", None)
    assert lines(document, "heading") == [
        "Summary", "What Net Menders Do", "Pay", "Fact box", "Outlook",
    ]  # fmt: skip
    assert "Net menders mend nets." in document.text
    assert "They work near the water." in document.text
    assert lines(document, "item") == ["- Rope maker", "- Sail maker", "- Diver"]
    for gone in ("99,999", "cite this", "ignore", "All trades", "Maps", "Cook", "Telephone", "About this", "Get data"):
        assert gone not in document.text
    told = " ".join(text for _, text in document.dropped)
    assert "Telephone" in told
    assert "Cook" in told


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>secret</p>",
        '<p aria-hidden="true">secret</p>',
        '<p style="display: none">secret</p>',
        '<p style="VISIBILITY:hidden">secret</p>',
        '<p style="font-size:0">secret</p>',
        '<p style="font-size: 0px; color: red">secret</p>',
        '<p style="opacity:0">secret</p>',
        '<p style="position:absolute;left:-9999px">secret</p>',
        '<p style="color:#fff">secret</p>',
        '<div style="background:white"><p style="color:white">secret</p></div>',
        "<style>.x, .y {display:none}</style><p class=y>secret</p>",
        "<style>#z{visibility:hidden}</style><p id=z>secret</p>",
        "<!-- secret -->",
        "<template><p>secret</p></template>",
        "<noscript>secret</noscript>",
        '<span class="sr-only">secret</span>',
        "<dialog>secret</dialog>",
        "<form><label>secret</label><input></form>",
        '<div class="cookie-banner">We use cookies: secret</div>',
        '<span role="tooltip">secret</span>',
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    document = body(f"<p>Nets hold fish and people mend them.</p>{hidden}<p>They do so all year.</p>")
    assert "secret" not in document.text
    assert "They do so all year." in document.text


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="font-size:0.9em">Shown here.</p>',
        '<div style="background:#123"><p style="color:#fff">Shown here.</p></div>',
        "<style>@media print {.x{display:none}}</style><p class=x>Shown here.</p>",
        '<details><summary>More</summary><p>Shown here.</p></details>',
        '<div role="tabpanel" aria-hidden="true"><p>Shown here.</p></div>',
        '<form action="/"><h2>All</h2><main><p>Shown here.</p></main></form>',
        '<div class="menu-card-of-the-day"><p>Shown here, with a paragraph that is longer than any menu would ever be, '
        "since menus are short and paragraphs are long, as everybody knows who reads both of them.</p></div>",
        '<header><p>Shown here.</p></header>'.replace("header", "section"),
    ],
)  # fmt: skip
def test_what_is_shown_is_read(shown: str) -> None:
    assert "Shown here" in body(f"<p>Nets hold fish and people mend them.</p>{shown}").text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Pay was £21,400<sup>2</sup> in 2024<sup>[3]</sup>.</p>", "Pay was £21,400 in 2024."),
        ("<p>About 10<sup>6</sup> nets, the 2<sup>nd</sup> most.</p>", "About 10^6 nets, the 2nd most."),
        ("<p><span>Pay</span><span>£20</span></p>", "Nets - Pay: £20"),
        ("<p>H<sub>2</sub>O and <b>wat</b>er.</p>", "H2O and water."),
        ("<p><b>Median pay:</b> £20<br><b>Hours:</b> 40</p>", "Nets - Median pay: £20\nNets - Hours: 40"),
        ("<p>Nets are<br>old.</p>", "Nets are old."),
        ("<p>• Knife<br>• Twine</p>", "- Knife\n- Twine"),
        (
            "<ul><li>One<ul><li>Two</li></ul></li><li>Three<p>Under it.</p></li></ul>",
            "- One\n- Two\n- Three\nUnder it.",
        ),
        ('<ol start="3"><li>Three<li>Four</ol>', "3. Three\n4. Four"),
        ("<p>A caf&eacute;&nbsp;&ndash; itâ€™s open.</p>", "A café – it’s open."),
        ("<dl><dt>Net</dt><dd>Twine.</dd><dd>Also rope.</dd></dl>", "Nets - Net: Twine., Also rope."),
    ],
)
def test_small_pieces(markup: str, text: str) -> None:
    assert body(markup).text.split("\n\n", 1)[1] == text


def test_a_table_that_only_lays_out_is_read_as_text() -> None:
    long = "Nets are old and people mend them. " * 14
    inner = "<table><tr><th>Year<th>Posts<tr><td>2024<td>390</table>"
    document = body(f"<table><tr><td><h2>Left</h2><p>{long}</p></td><td>{inner}</td></table>")
    assert lines(document, "heading") == ["Left"]
    assert lines(document, "row") == ["Nets - 2024: Posts 390"]


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        ("<p>Median pay a year, 2024</p>", "Median pay a year, 2024"),
        ("<p>Table 3: In the north</p>", "In the north"),
        ("<p>The median pay by harbour is as follows:</p>", "The median pay by harbour"),
        ("<p>Some of the harbours:</p>", ""),
        ("<p>Pay is good.</p>", ""),
        ("<p>By Ola Berg</p>", ""),
    ],
)
def test_bare_figures_are_named_by_the_line_above(above: str, caption: str) -> None:
    document = body(f"{above}<table><tr><td>North<td>£20<tr><td>South<td>£30</table>")
    prefix = f"Nets ({caption})" if caption else "Nets"
    assert lines(document, "fact") == [f"{prefix} - North: £20", f"{prefix} - South: £30"]


def test_figures_with_a_word_between_them_are_one_range() -> None:
    document = body(
        "<h2>Pay a year</h2><div><p>£20,000 starting</p><div>to</div><p>£31,000 skilled</p></div>"
        "<div><h2>Hours a week</h2><p>37 to 40</p></div>"
    )
    assert lines(document, "fact") == [
        "Nets - Pay a year: £20,000 starting to £31,000 skilled",
        "Nets - Hours a week: 37 to 40",
    ]


def test_what_an_encyclopaedia_puts_beside_its_words_is_not_read() -> None:
    document = body(
        '<h2>Care<span class="mw-editsection">[<a href="/e">edit</a>]</span></h2><p>Nets rot.<sup>[<i>citation needed'
        '</i>]</sup> They dry in 3 days.</p><div class="navbox"><table><tr><th>Tools</th><td><a href="/a">Needles</a>'
        "</td></tr></table></div>"
    )
    assert lines(document, "heading") == ["Care"]
    assert document.text.endswith("Nets rot. They dry in 3 days.")


def test_a_page_written_twice_is_read_once() -> None:
    block = "<p>Nets hold fish, and people mend them all the year round.</p><table><tr><th>Pay<td>£20</table>"
    document = body(f'<div class="wide">{block}</div><div class="narrow">{block}</div>')
    assert document.text.count("£20") == document.text.count("Nets hold fish") == 1


def test_metadata_of_an_article() -> None:
    page = """<html><head><title>Knots - The Harbour Post</title>
    <meta property="og:site_name" content="The Harbour Post">
    <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NewsArticle",
    "headline": "Knots that hold", "author": [{"name": "Ola Berg"}, {"name": "Ida Sund"}],
    "publisher": {"name": "Harbour Post"}, "datePublished": "2024-05-03T10:00:00Z"}]}</script>
    <link rel="canonical" href="https://post.example/knots"></head>
    <body><article><header><h1>Knots that hold</h1><p>By Ola Berg</p></header><p>They do hold.</p></article></body>"""
    document = read(page)
    assert (document.title, document.author, document.publisher) == (
        "Knots that hold",
        "Ola Berg, Ida Sund",
        "Harbour Post",
    )
    assert (document.published, document.url) == ("2024-05-03", "https://post.example/knots")
    assert document.text == "Knots that hold\nOla Berg, Ida Sund, Harbour Post, 2024-05-03\n\nThey do hold."


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Knots | The Harbour Post</title>", "Knots"),
        ('<title>The Harbour Post - Knots</title><meta property="og:site_name" content="The Harbour Post">', "Knots"),
        ("<title>Net-making: a guide</title>", "Net-making: a guide"),
        ('<title>x</title><meta property="og:title" content="Knots">', "Knots"),
    ],
)
def test_titles_without_a_heading(head: str, title: str) -> None:
    assert read(f"<html><head>{head}</head><body><p>They hold fish.</p></body></html>").title == title


def test_unsafe_addresses_are_no_address() -> None:
    page = (
        '<html><head><link rel="canonical" href="javascript:alert(1)"></head><body><p>Nets hold fish.</p></body></html>'
    )
    assert read(page).url is None


def test_a_page_of_links_alone_is_read_rather_than_emptied() -> None:
    items = "".join(f'<li><a href="/{n}">Net number {n}</a></li>' for n in range(30))
    assert "Net number 29" in read(f"<html><body><ul>{items}</ul></body></html>").text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 3_000 + "Nets hold fish." + "</div>" * 3_000,
        "<table><tr><td>" * 200 + "Nets hold fish." + "</table>" * 200,
        "<table>" + "<tr><td colspan=99999 rowspan=99999>Nets hold fish.<td>x" * 50 + "</table>",
        "<p>Nets hold fish.<b><i></p><td><li>" * 20,
        "<p>Nets hold fish.<p" + "<" * 5_000,
    ],
    ids=["deep", "tables in tables", "spans", "broken", "angles"],
)
def test_strange_markup_is_read(page: str) -> None:
    assert "Nets hold fish." in read(f"<html><body><h1>T</h1>{page}").text


def test_a_page_without_words_is_refused() -> None:
    with pytest.raises(SourceError, match="no text"):
        read("<html><head><title>Nets</title></head><body><img src=x></body></html>")
