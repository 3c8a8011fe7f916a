"""How much a part of a page says, how much of that is links, and whether it holds data or the page's title."""

from __future__ import annotations

import re

from ingest.readers.html_inline import count_of, line_of
from ingest.readers.html_tree import Tag

_AMOUNT = re.compile(r"[$£€¥₹]\s?\d|\d\s?[%€]")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
# Set on the heading that is the page's title, so that what holds it stays though it is not read again.
TITLE_MARK = "data-waymark-title"


def words_in(tag: Tag) -> int:
    """How many words an element says."""
    return count_of(tag)


def links_in(tag: Tag) -> list[Tag]:
    """The links below an element that lead somewhere."""
    return [link for link in tag.all("a") if "href" in link.attrs]


def link_share(tag: Tag) -> float:
    """Which share of an element's letters and digits stands in links, 0 to 1."""
    links = links_in(tag)
    said = _letters(tag) if links else 0
    return sum(map(_letters, links)) / said if said else 0.0


def holds_data(tag: Tag) -> bool:
    """Whether a part holds a table or list of facts with a figure in it, and not one of links to numbered sections."""
    return any(_is_data(data) for data in [tag, *tag.all("table", "dl")] if data.name in ("table", "dl"))


def says_something(tag: Tag) -> bool:
    """Whether there are data or, beside its links, amounts in it, as in a list of like trades with what they pay."""
    line = line_of(tag)
    if _AMOUNT.search(line):
        for link in links_in(tag)[:200]:
            line = line.replace(line_of(link), " ", 1)
    return holds_data(tag) or bool(_AMOUNT.search(line))


def is_contents(tag: Tag) -> bool:
    """Whether a list in a book is nothing but links to the book's own places."""
    links = links_in(tag)
    return (
        len(links) >= 4
        and not any("://" in link.get("href") for link in links)
        and link_share(tag) >= 0.8
        and not any(words_in(p) > 40 for p in tag.all("p"))
    )


def titled(tag: Tag) -> bool:
    """Whether the page's title stands in it."""
    return TITLE_MARK in tag.attrs or any(TITLE_MARK in h.attrs for h in tag.all("h1", "h2", "h3"))


def _is_data(table: Tag) -> bool:
    line = line_of(table)
    return bool(re.search(r"\d", line)) and (bool(_AMOUNT.search(line)) or link_share(table) < 0.8)


def _letters(tag: Tag) -> int:
    line = line_of(tag)
    if line.isascii():  # which is told of all letters at once
        return len(line.encode("ascii").translate(None, _NO_LETTERS))
    return sum(map(str.isalnum, line))
