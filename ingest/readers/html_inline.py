"""The visible words of an HTML element: breaks kept as line ends, footnote marks left out, glued labels set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup
from bs4.element import CData, Doctype, NavigableString, PageElement, PreformattedString, Tag

from ingest.readers.html_hidden import remove_hidden

BLOCKS = frozenset(
    """address article aside blockquote body caption center details dd dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td tfoot th
    thead tr ul""".split()
)
_NOT_TEXT = frozenset("script style template noscript svg canvas head title".split())
_ANCHOR_WORDS = re.compile(
    r"^(?:#|¶|§|🔗|\[?edit\]?|about this section|back to top|permalink|anchor|top)$", re.IGNORECASE
)
_MARK = re.compile(r"^[\[(]?(?:\d{1,3}|[a-z*†‡§]|(?:\d{1,3}\s*,\s*)+\d{1,3})[\])]?$")
_SEAM = re.compile(r"(?:[a-z\d%)][A-Z$£€]|[A-Za-z)][\d$£€]|[\d%][A-Za-z$£€])$")


def visible_text(markup: str) -> str:
    """The words of a piece of mark-up as a person sees it; "\\n" where a line breaks."""
    soup = parsed(markup)
    remove_hidden(soup)
    return text_of(soup)


def parsed(markup: str) -> BeautifulSoup:
    """A tree of any mark-up, however broken; the wrapper keeps the parser from taking short texts for addresses."""
    return BeautifulSoup(f"<div>{markup}</div>", "lxml")


def text_of(node: Tag) -> str:
    """The words below a node: white space collapsed, "\\n" for breaks and where a block begins or ends."""
    return _collapsed("".join(_pieces([node])))


def line_of(node: Tag) -> str:
    """The same on one line."""
    return " ".join(text_of(node).split())


def text_of_nodes(nodes: Iterable[PageElement]) -> str:
    """The words of neighbouring nodes, as `text_of`."""
    return _collapsed("".join(_pieces(list(nodes))))


def is_comment(node: PageElement) -> bool:
    """Comments, declarations and the like, which bs4 gives as strings."""
    return (isinstance(node, PreformattedString) and not isinstance(node, CData)) or isinstance(node, Doctype)


def _collapsed(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(nodes: list[PageElement]) -> Iterable[str]:
    """Text pieces in order, without recursion: pages can be nested deeper than Python's stack."""
    stack: list[PageElement | str] = list(reversed(nodes))
    last, seam = "", False
    while stack:
        node = stack.pop()
        if isinstance(node, str) and not isinstance(node, NavigableString):
            # The end of an element: a line break for a block, a seam for an inline one.
            if node:
                yield node
                last = node
            seam = True
            continue
        if isinstance(node, NavigableString):
            if is_comment(node) or not node:
                continue
            text = str(node).replace("\n", " ").replace("\r", " ").replace("\t", " ")
            if seam and last and _SEAM.search(last[-1:] + text[:1]):
                yield " "
            yield text
            last, seam = text, False
            continue
        if not isinstance(node, Tag) or node.name in _NOT_TEXT:
            continue
        if node.name == "br":
            yield "\n"
            last = "\n"
        elif node.name == "sup":
            mark = _superscript(node, last)
            yield mark
            last = mark or last
        elif not _is_anchor(node):
            ends = "\n" if node.name in BLOCKS else ""
            if ends:
                yield ends
                last = ends
            if node.name != "sub":
                seam = True
                stack.append(ends)
            stack.extend(reversed(node.contents))


def _superscript(tag: Tag, before: str) -> str:
    """What a raised piece says: nothing for a footnote mark, `^2` for an exponent, else its words.

    Behind an amount (`$112,590` and a raised 1) a glued digit would make another number.
    """
    text = " ".join(tag.get_text().split())
    link = tag.find("a", href=True)
    if _MARK.match(text) and (link is not None or not text.isdigit()):
        return ""
    if text.isdigit() and before.rstrip()[-1:].isdigit():
        amount = re.search(r"\S+$", before.rstrip())
        return "" if amount and re.search(r"[$£€,%.]|\d{4}", amount[0]) else f"^{text}"
    if text.isdigit() and before.rstrip()[-1:] in "%)":
        return ""
    return "" if text.isdigit() and len(before.rstrip().split(" ")[-1]) > 2 else text


def _is_anchor(tag: Tag) -> bool:
    """A link to the heading that it stands in, or the like."""
    if tag.name != "a":
        return False
    text = " ".join(tag.get_text().split())
    return bool(_ANCHOR_WORDS.match(text)) or (text != "" and not any(ch.isalnum() for ch in text))
