"""Answers as HTML: marks become links, everything else stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import phrases
from bot.answer import Answer, Citation, Claim, HandOn, Question
from bot.render import Line, answer_text, piece
from tests.fakes import DOCUMENT, answer, citation
from ui.render import answer_html, fnv1a, mark_html, markdown_html, notice_html, partial_html, question_html

TAGS = {"div", "p", "ul", "ol", "li", "a", "q", "strong", "em", "span", "details", "summary", "br"}
TAGS |= {f"h{level}" for level in range(1, 7)}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<https://evil.example>",
    "https://evil.example www.evil.example a@evil.example",
    "`code` ```fence``` $$x$$ ~~s~~",
    "[1]: https://evil.example",
    "&lt;b&gt; &#60;i&#62; \"quoted\" 'single'",
    "</div></div><style>*{display:none}</style>",
    "line\n\n    indented\n\n> quote\n\n| a | b |\n|---|---|",
)


class Seen(HTMLParser):
    """The tags, links and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_marks_become_links_to_the_place_of_the_quote() -> None:
    cited = citation(2, "Most beginners need twelve weeks.")
    html = markdown_html("Most beginners need twelve weeks. [2]", (cited,))
    place = f"#cite-2-{cited.start}-{cited.end}-{fnv1a(cited.quote):08x}-sailing_1"
    assert Seen(html).links == [place]
    assert re.fullmatch(r"#cite-(\d+)-(\d+)-(\d+)-([0-9a-f]{8})-([A-Za-z0-9_-]+)", place)
    assert DOCUMENT.text[cited.start : cited.end] == cited.quote


@pytest.mark.parametrize(
    "markdown", [r"Forged \[1\] mark", "A number that cites nothing [7]", "[1](https://evil.example)"]
)
def test_only_a_mark_of_this_answer_is_a_link_to_a_source(markdown: str) -> None:
    html = markdown_html(markdown, (citation(1, "Most beginners need twelve weeks."),))
    links = Seen(html).links
    assert all(link.startswith("#cite-1-") for link in links)
    assert len(links) == (1 if markdown.startswith("[1]") else 0)


def test_lists_stand_as_lists() -> None:
    html = markdown_html("- one [1]\n- two [1]\n  - below [1]", (citation(1, "Most beginners need twelve weeks."),))
    assert html.count("<li>") == 3
    assert html.count("<ul>") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    claim = Claim(text, (1,), "supported")
    cited = replace(citation(1, "Money"), title=text, author=text, section=text, region=text)
    made = Answer(
        "partial",
        answer_text([Line(claim), Line(claim, "item", fresh=True)]),
        (claim, Claim(text, (), "unsupported", (text,))),
        (cited,),
        missing=(text,),
        hand_on=HandOn(text, text, "javascript:alert(1)"),
        standalone_question=text,
        notices=(text,),
    )
    for html in (
        answer_html(made, "other"),
        partial_html(piece(Line(claim), first=True), (cited,), (claim,), (text,)),
        question_html(text),
        notice_html(text),
    ):
        seen = Seen(html)
        assert seen.tags <= TAGS, seen.tags
        assert seen.attributes <= {"class", "href", "title", "target", "rel"}
        assert all(link.startswith("#cite-") for link in seen.links), seen.links
        assert plain(text).replace("\\", "") in plain(seen.text) or "<br>" in html
        assert "\n" not in html


@given(st.text(max_size=60))
def test_any_claim_reads_as_its_own_words(text: str) -> None:
    shown = plain(text)
    if not shown:
        return
    html = markdown_html(piece(Line(Claim(text, (1,), "supported")), first=True), (citation(1, "Money"),))
    seen = Seen(html)
    assert seen.tags <= {"p", "a"}, html
    assert plain(seen.text) == plain(f"{text} 1").replace("\0", "\ufffd")  # no HTML can hold a NUL


def test_what_stands_beside_an_answer_is_shown() -> None:
    text = Seen(answer_html(answer(Question("How do I sail?")), "How do I sail?")).text
    for part in (
        "You asked about: learning to sail",
        "the price of a berth",
        "a sailing instructor near you",
        "Ada Example · General · 2025-02-18",
        "1 sentence was taken out",
        "Sailors earn $900,000. (the number 900,000 is in no quote)",
        "Some words were read as other spellings.",
    ):
        assert part in text


@pytest.mark.parametrize("asked", ["learning to sail", "Learning to sail?", " learning  TO sail. "])
def test_what_was_asked_is_not_said_back(asked: str) -> None:
    assert "You asked about" not in answer_html(answer(Question(asked)), asked)


def test_each_guide_has_one_line_with_all_its_marks() -> None:
    html = answer_html(answer(Question("x")), "x")
    guides = html[html.index("wm-guides") :]
    assert guides.count("<li>") == 1 + 1  # the guide, and the sentence that was taken out
    assert guides.count("wm-mark") >= 4


def test_a_web_address_is_a_link_only_where_it_is_one() -> None:
    made = replace(answer(Question("x")), hand_on=HandOn("a", "b", "https://help.example/a?b=1&c=2"))
    assert "https://help.example/a?b=1&c=2" in Seen(answer_html(made, "x")).links
    for url in ("javascript:alert(1)", "https://a b", 'https://a"onload="x', "data:text/html,x", "//evil.example"):
        html = answer_html(replace(made, hand_on=HandOn("a", "b", url)), "x")
        assert all(link.startswith("#cite-") for link in Seen(html).links)
        assert url in unescape(html)


@pytest.mark.parametrize(
    ("text", "value"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968), ("🛶", fnv1a("🛶"))]
)
def test_the_hash_is_the_published_one(text: str, value: int) -> None:
    assert fnv1a(text) == value


def test_the_title_of_a_mark_names_the_place() -> None:
    cited: Citation = replace(citation(1, "Money"), section="A > B")
    assert 'title="Learning to sail 🛶 by yourself › A › B"' in mark_html(cited)


def test_unsupported_sentences_are_folded_away_or_struck_through_with_their_reasons() -> None:
    made = replace(
        answer(Question("x")), claims=(Claim("Pay is <b>high</b>.", (), "unsupported", ("no number stands",)),)
    )
    folded, struck = answer_html(made, "x"), answer_html(made, "x", strike=True)
    assert "<details" in folded
    assert "<del>" not in folded
    assert "<del>Pay is &lt;b&gt;high&lt;/b&gt;.</del> (no number stands)" in struck
    assert "<details" not in struck


def shared(works: int, *, same: bool = False) -> str:
    """The page of one claim with two marks."""
    first, second = citation(1, "Most beginners need twelve weeks."), citation(2, "Most beginners need twelve weeks.")
    second = second if same else replace(second, document_id="other_1")
    claim = Claim("Most beginners need twelve weeks.", (1, 2), "supported", works=works)
    return Seen(markdown_html(piece(Line(claim), first=True), (first, second), (claim,))).text


@pytest.mark.parametrize(
    ("works", "told"),
    [(2, "2 guides say this"), (1, "2 guides say this, all from one work"), (0, "2 guides say this")],
)
def test_a_claim_that_guides_share_says_so(works: int, told: str) -> None:
    assert plain(shared(works)).endswith(f"12 {told}")


def test_one_guide_quoted_twice_is_not_several() -> None:
    assert "say this" not in shared(1, same=True)


def test_an_old_figure_is_told_behind_the_marks_of_its_own_claim_only() -> None:
    claims = (
        Claim("Knots are free.", (1,), "supported"),
        Claim("Taken out: $5 in 2001.", (), "unsupported"),
        Claim("A berth cost $900 in 2012.", (1, 2), "supported"),
        Claim("Wind costs nothing.", (2,), "supported"),
    )
    lines = [Line(claim, "item") for claim in claims if claim.citations]
    html = markdown_html(answer_text(lines), (citation(1, "Money"), citation(2, "Money")), claims)
    assert html.count("figure from 2012") == 1
    assert html.count('class="wm-mark wm-old"') == 2
    assert html.index("berth") < html.index("figure from 2012") < html.index("Wind costs")


def test_what_guides_see_differently_is_set_apart() -> None:
    sides = [Line(Claim(text, (1,), "supported"), "item", frame=frame) for text, frame in _SIDES]
    html = markdown_html(answer_text(sides), (citation(1, "Money"),))
    assert html.count('<p class="wm-differ">') == html.count('<ul class="wm-sides">') == 1
    assert "wm-differ" not in markdown_html("Guides disagree: really \\[1\\]", ())


_SIDES = (("One says $5.", phrases.DISAGREE_PLACE), ("One says $9.", ""))
