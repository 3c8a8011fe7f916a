"""The tree: what it holds, what is asked of it, what changes it."""

import gc
import random

import pytest
from bs4 import BeautifulSoup

from ingest.readers.html import read_html
from ingest.readers.html_inline import count_of, line_of
from ingest.readers.html_tree import Tag, tree

PAGE = "<div id=a><p>One <b>two</b></p><!-- gone --><ul><li>three<li>four</ul>five</div><p>six"


def names(tags: list[Tag]) -> list[str]:
    return [tag.name for tag in tags]


@pytest.mark.parametrize(
    "markup",
    [PAGE, "", "  ", "plain", "<p>a<p>b</div>c<br>d<table><tr><td>1<td>2</table>", "<?xml version='1.0'?><p>x",
     "a\x0cb<p", "<div>&nbsp;&amp;&#8364;é</div>", "<div>" * 3000 + "deep", "http://nets.example", "<![CDATA[x]]><p>y"],
    ids=range(11),
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning", "ignore::bs4.XMLParsedAsHTMLWarning")
def test_elements_and_text_are_those_of_another_parser(markup: str) -> None:
    ours, theirs = tree(markup), BeautifulSoup(markup, "lxml")
    assert names(ours.all()) == [tag.name for tag in theirs.find_all(True)]
    assert "".join(ours.text().split()) == "".join(theirs.get_text().split())


def test_what_is_asked_of_an_element() -> None:
    root = tree(PAGE)
    div = root.first("div")
    assert div is not None
    assert div.get("id") == "a"
    assert div.get("class") == ""
    assert names(div.elements()) == ["p", "ul"]
    assert names(root.all("li", "b")) == ["b", "li", "li"]
    bold = root.first("b")
    assert bold is not None
    assert bold.around("div", "body") is div
    assert names(list(bold.parents()))[:2] == ["p", "div"]
    assert bold.text_before() == "One "
    assert root.all("p")[-1].text_before() == "five"
    assert root.first("table") is None


def test_taking_out_and_moving() -> None:
    root = tree(PAGE)
    listing, last = root.all("ul")[0], root.all("p")[-1]
    listing.move_before(last)
    assert listing.parent is last.parent
    assert root.text() == "One twofivethreefoursix"
    inner = listing.all("li")[0]
    listing.remove()
    assert inner.gone
    assert root.text() == "One twofivesix"


def test_the_list_of_all_elements_follows_what_is_taken_out_and_moved() -> None:
    """Kept between questions: whatever was asked before, it says what a walk over the tree says."""
    chance = random.Random(5)

    def walked(tag: Tag) -> list[Tag]:
        return [found for child in tag.elements() for found in (child, *walked(child))]

    for _ in range(40):
        root = tree("".join(f"<{'div ul p li table b'.split()[chance.randrange(6)]}>x" for _ in range(60)))
        while len(every := root.all()) > 4:
            tag = chance.choice(every)
            for asked in chance.sample(every, 2):  # of which one may stand in what was taken out
                assert asked.all() == walked(asked)
                assert asked.all("p") == [found for found in walked(asked) if found.name == "p"]
                assert asked.all("ul", "b", "div") == [t for t in walked(asked) if t.name in ("ul", "b", "div")]
                assert count_of(asked) == len(line_of(asked).split())
            other = chance.choice(every)
            if chance.random() < 0.5 and other not in (tag, *tag.all()) and other.parent is not None:
                tag.move_before(other)
            else:
                tag.remove()
                assert tag.gone
                assert all(below.gone for below in walked(tag))
            assert root.all() == walked(root)
            assert not any(left.gone for left in root.all())


def _elements() -> int:
    return sum(type(kept) is Tag and kept.name != "" for kept in gc.get_objects())


def test_a_page_that_is_read_leaves_no_tree_for_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        before = _elements()
        read_html(f"<nav><ul><li><a href=x>Menu</a></ul></nav>{PAGE * 20}<table><tr><th>a<td>1</table>", "page.html")
        assert _elements() == before
    finally:
        gc.enable()
