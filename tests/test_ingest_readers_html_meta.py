"""What a page tells of itself: its title, not its site's; who published it; who wrote it."""

import pytest

from corpus.models import Document
from ingest.readers.document import read_document


def read(head: str, body: str) -> Document:
    return read_document(
        f"<html><head>{head}</head><body>{body}<p>Nets hold fish.</p></body></html>".encode(), "p.html"
    )


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (  # the site's name, on each of its pages a link to the first
            "<title>Knots that hold - The Harbour Post</title>",
            '<h1><a href="https://post.example/">The Harbour Post</a></h1><h2>Knots that hold</h2>',
            "Knots that hold",
        ),
        (
            '<title>Knots that hold - The Harbour Post</title><meta property="og:title" content="Knots that hold">',
            '<h1><a href="/">Post</a></h1><h3 class="entry">Knots that hold</h3>',
            "Knots that hold",
        ),
        (  # a heading over a list of other articles
            "<title>“Knots that hold”</title>",
            "<h2>\u201cKnots that hold\u201d</h2><div><h1>Newest articles</h1></div>",
            "\u201cKnots that hold\u201d",
        ),
        (  # the site first
            "<title>Ola\u2019s Harbour Notes | Knots that hold</title>",
            "<h2><a href='/2024/knots'>Knots that hold</a></h2>",
            "Knots that hold",
        ),
        (  # the first page of a site may bear its name
            '<title>Harbour Post - all of the coast</title><link rel="canonical" href="https://post.example/">',
            '<h1><a href="https://post.example/">Harbour Post</a></h1>',
            "Harbour Post",
        ),
        (  # a heading that says more than the head
            "<title>Knots | Harbour Post</title>",
            "<h1>Knots that hold in any weather</h1><h2>Knots</h2>",
            "Knots that hold in any weather",
        ),
    ],
)
def test_a_page_is_called_by_its_own_title_and_not_by_its_site(head: str, body: str, title: str) -> None:
    document = read(head, body)
    assert document.title == title
    assert document.text.casefold().count(title.casefold()) == 1


@pytest.mark.parametrize(
    ("title", "heading", "publisher"),
    [
        ("Knots that hold | Harbour Post", "<h1>Knots that hold</h1>", "Harbour Post"),
        ("Ola's Harbour Notes | Knots that hold", "<h2>Knots that hold</h2>", "Ola's Harbour Notes"),
        ("How to tie knots: a guide for all", "<h1>How to tie knots: a guide for all</h1>", None),
        ("How to tie knots: A guide for all", "<h1>How to tie knots: A guide for all</h1>", None),
        ("Harbour work: What net menders earn", "<h1>What net menders earn</h1>", None),
    ],
)
def test_the_publisher_of_a_title_is_no_part_of_the_pages_own(title: str, heading: str, publisher: str | None) -> None:
    assert read(f"<title>{title}</title>", heading).publisher == publisher


@pytest.mark.parametrize(
    ("author", "known"),
    [("Lin O&amp;#039;Dell", "Lin O'Dell"), ("admin", None), ("Super User", None), ("Ada Minister", "Ada Minister")],
)
def test_authors_are_people(author: str, known: str | None) -> None:
    json = f'{{"@type": "Article", "author": {{"name": "{author.replace("&amp;", "&")}"}}}}'
    assert read(f'<script type="application/ld+json">{json}</script>', "<h1>Knots</h1>").author == known


def test_an_address_is_no_publisher() -> None:
    head = '<title>Knots</title><meta property="og:site_name" content="https://post.example">'
    assert read(head, "<h1>Knots</h1>").publisher is None
