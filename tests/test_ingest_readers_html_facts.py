"""Pairs of small elements: which are facts about the page's subject, and which tell of the page and its readers."""

import pytest

from ingest.readers.document import read_document


def facts(page: str) -> list[str]:
    document = read_document(f"<html><body><h1>Nets</h1><p>Nets hold fish.</p>{page}</body></html>".encode(), "p.html")
    return [document.text[b.start : b.end].removeprefix("Nets - ") for b in document.blocks if b.kind == "fact"]


@pytest.mark.parametrize(
    "pair",
    [
        "<div><span>By Ola Berg</span> <span>3 May 2024 9:15 am</span></div>",
        "<div><span>Harbour life</span> <time>May 3, 2024 3:53 PM</time></div>",
        "<div><b>Ola B</b><span>28 minutes ago</span></div>",
        "<div><b>Source: Harbour TV</b><span>05:22</span></div>",
        '<div><span class="label">Like</span><span class="value">Liked by 21 people</span></div>',
        '<div><span class="title">1.</span><span class="text">Old nets 2024</span></div>',
        '<div><span class="title">Ola B</span><span class="text">| The 3 best knots</span></div>',
        "<div><span>Topics</span><span>nets, 2024</span></div>",
        "<p>Published: 05/18/2024 2:27 AM</p><p>Last modified: 05/18/2024 4:06 AM</p>",
        '<ul><li><span>The fight over </span><a href="/a">the 12 harbours</a></li><li><a href="/b">The best knots</a>'
        "<span> of 2024</span></li></ul>",
        "<ul><li>Knots and splices</li><li>2 years at sea</li></ul>",
    ],
)
def test_what_tells_of_the_page_is_no_fact(pair: str) -> None:
    assert facts(pair) == []


@pytest.mark.parametrize(
    ("pair", "fact"),
    [
        ("<div><span>Apply by</span><span>3 May 2024</span></div>", "Apply by: 3 May 2024"),
        ("<div><span>Next intake</span><span>September 2, 2024</span></div>", "Next intake: September 2, 2024"),
        ("<div><span>Opening hours</span><span>9:30</span></div>", "Opening hours: 9:30"),
        ("<div><span>Growth</span><span>-3%</span></div>", "Growth: -3%"),
        ("<div><span>Menders</span><span>4,310 people</span></div>", "Menders: 4,310 people"),
        ('<ul><li class="k">Menders</li><li class="v">4,310</li></ul>', "Menders: 4,310"),
        ('<div><span>Median pay:</span> <a href="/p">£21,400</a></div>', "Median pay: £21,400"),
    ],
)
def test_facts_that_look_like_it_stay(pair: str, fact: str) -> None:
    assert facts(pair) == [fact]


def test_two_items_of_a_list_are_no_pair_whatever_their_places_are_called() -> None:
    page = (
        "<h1>Nets</h1><p>They hold.</p>"
        "<ul><li class='first'>Apply by 3 May</li><li class='last'>Start in June</li></ul>"
        "<ul><li class='label'>Median pay</li><li class='value'>$41,000</li></ul>"
    )
    document = read_document(page.encode(), "nets.html")
    told = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert told[2:] == [
        ("item", "- Apply by 3 May"),
        ("item", "- Start in June"),
        ("fact", "Nets - Median pay: $41,000"),
    ]
