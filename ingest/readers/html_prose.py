"""Where the text of a page stands, told by its prose; boxes of links around it are no part of it.

Pages of news, shops and blogs stand among boxes that lead elsewhere, and few of them say so by name. Most of a page's
sentences stand in one element, though. What is outside of it, and is links or headlines with a line under each, is
taken out; sentences, data, amounts and what a heading calls skills, tasks or the like stay wherever they are.
"""

from __future__ import annotations

import re

from ingest.readers.html_inline import BLOCKS, line_of
from ingest.readers.html_tables import is_layout
from ingest.readers.html_tree import Tag
from ingest.readers.html_weigh import TITLE_MARK, link_share, links_in, says_something, titled, words_in

_PARAGRAPHS = ("p", "div", "td", "blockquote", "section", "article", "dd")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# So many words make a paragraph of prose, so many in all make a text, and this share of them stands in one place.
_FEWEST_WORDS, _A_TEXT, _MOST_OF_IT = 20, 120, 0.7
_SHORTEST = 2 * _FEWEST_WORDS - 1
# A paragraph of more words than this says something of its own; less stands under a headline.
_LONGEST_TEASER = 40
_WORDS_OF_TEASER = 45
_FEWEST_IN_HEADLINE, _SHORT_CELL, _WORDS_OF_CELL = 4, 6, 10
_MOST_LINKS = 0.5
_FEWEST_LINKS = 0.2
# Headings over lists that are links in many handbooks and tell what work asks for all the same.
_ON_WORK = re.compile(
    r"\b(?:skills?|knowledge|abilit(?:y|ies)|tasks?|duties|responsibilit\w+|qualifications?|requirements?|requires?|"
    r"tools?|technolog\w+|software|languages|courses?|subjects?|modules|degrees?|majors?|certifi\w+|licen[cs]\w+|"
    r"exams?|industr(?:y|ies)|sectors?|employers?|occupations?|professions?|careers?|roles?|specialt(?:y|ies)|"
    r"speciali[sz]ations?|titles?|experience|education|training|interests?|values|traits|salar(?:y|ies)|pay|wages?)\b",
    re.IGNORECASE,
)


def beside_prose(root: Tag) -> list[Tag]:
    """The boxes of links around the element that holds most of the page's prose; none where the page has little."""
    main = _prose_in(root)
    interruptions = [] if main is None else _interruptions(main)
    title = next((tag.at for tag in root.all(*_HEADINGS[:3]) if TITLE_MARK in tag.attrs), -1)
    start = main.at if main is not None else -1
    found: list[Tag] = []
    while main is not None and main.parent is not None:
        for side in main.parent.elements():
            # A line of the text may be a link all over, and below the title stands what introduces the text.
            if side is not main and side.name != "p":
                _gather(side, found, strict=0 <= title < side.at < start)
        main = main.parent
    return interruptions + found


def _interruptions(main: Tag) -> list[Tag]:
    """Boxes of headlines between two paragraphs of the text: lists that no heading and no colon introduces."""
    found: list[Tag] = []
    before: Tag | None = None
    box: Tag | None = None
    for tag in main.elements():
        if not words_in(tag):
            continue
        prose = tag.name == "p" and link_share(tag) < 0.3
        if prose and box is not None and words_in(tag) >= _FEWEST_WORDS and _are_headlines(box):
            found.append(box)
        follows = before is not None and line_of(before)[-1] in '.!?"”’)'
        box = tag if follows and tag.name in ("div", "ul", "aside", "section") else None
        before = tag if prose else None
    return found


def _are_headlines(tag: Tag) -> bool:
    """Whether a part is nothing but links as long as headlines."""
    links = [link for link in links_in(tag) if words_in(link)]
    return (
        link_share(tag) >= _MOST_LINKS + 0.3
        and words_in(tag) >= _FEWEST_IN_HEADLINE * len(links)
        and not says_something(tag)
        and not _on_work(tag)
    )


def _prose_in(root: Tag) -> Tag | None:
    """The smallest element with most of the page's prose in it; None where it is no text."""
    words: dict[int, int] = {}
    total = 0
    for tag in root.all(*_PARAGRAPHS):
        # Most cells of tables are too short, whatever white space is in them.
        if tag.words is not None and len(tag.words) < _SHORTEST:
            continue
        # Items are left aside: lists of headlines have a line of prose under each.
        if not _is_paragraph(tag) or tag.around("li") is not None:
            continue
        count = words_in(tag)
        total += count
        around = tag.parent
        while around is not None:
            words[id(around)] = words.get(id(around), 0) + count
            around = around.parent
    if total < _A_TEXT:
        return None
    main: Tag | None = root
    inner: Tag | None = root
    while inner is not None:
        main = inner
        inner = next((tag for tag in main.elements() if words.get(id(tag), 0) >= _MOST_OF_IT * total), None)
    return main


def _is_paragraph(tag: Tag) -> bool:
    """Whether an element holds sentences of its own and no other block."""
    for child in tag.contents:
        if not isinstance(child, str) and child.name in BLOCKS:
            return False
    return len(line_of(tag)) >= _SHORTEST and words_in(tag) >= _FEWEST_WORDS and link_share(tag) < 0.3


def _gather(side: Tag, found: list[Tag], *, strict: bool) -> None:
    """Add what is links of a part beside the text: all of it, or those of its own parts that are.

    `strict`: what has sentences beside its links stays.
    """
    stack = [side]
    while stack:
        tag = stack.pop()
        if not words_in(tag) or titled(tag):
            continue
        links = links_in(tag)
        if not links and tag.name != "a":
            continue
        on_work = _on_work(tag)
        if on_work and len(tag.all(*_HEADINGS)) <= 1:
            continue
        if not on_work and _leads_elsewhere(tag, links, strict=strict) and not says_something(tag):
            found.append(tag)
        elif tag.name not in ("p", "dl") and tag.first(*BLOCKS) is not None and not _is_grid(tag):
            stack += tag.elements()


def _is_grid(tag: Tag) -> bool:
    """Whether it is a table of data, of which no cell may go; cells that only lay out a page hold whole passages."""
    if tag.name != "table" or is_layout(tag):
        return False
    cells = tag.all("td", "th")
    figures = any(words_in(cell) <= _SHORT_CELL and re.search(r"\d", line_of(cell)) for cell in cells)
    return figures or tag.first("th", "thead", "caption") is not None or words_in(tag) < _WORDS_OF_CELL * len(cells)


def _leads_elsewhere(tag: Tag, links: list[Tag], *, strict: bool) -> bool:
    """Whether a part is links in good part, or headlines that are links with little under each."""
    share = 1.0 if tag.name == "a" else link_share(tag)
    if share >= _MOST_LINKS:
        return True
    if strict or share < _FEWEST_LINKS:
        return False
    if any(words_in(p) > _LONGEST_TEASER and link_share(p) < 0.3 for p in tag.all("p", "li")):
        return False
    lone = [link for link in links if _stands_alone(link)]
    count = sum(len(line_of(link)) for link in lone)
    return 2 * count >= sum(len(line_of(link)) for link in links) and words_in(tag) <= _WORDS_OF_TEASER * len(lone)


def _stands_alone(link: Tag) -> bool:
    """Whether a link is all that its paragraph or heading says, not words of a sentence."""
    block = link.around(*BLOCKS)
    return block is not None and words_in(block) <= words_in(link) + 3


def _on_work(tag: Tag) -> bool:
    """Whether a heading in or right above a part says that it is about work itself; one that is a link leads away."""
    headings = tag.all(*_HEADINGS)
    around = tag.parent
    if not headings and around is not None:
        before = around.elements()
        at = next(place for place, child in enumerate(before) if child is tag)
        headings = [child for child in before[:at][-1:] if child.name in _HEADINGS]
    return any(_ON_WORK.search(line_of(heading)) and not links_in(heading) for heading in headings)
