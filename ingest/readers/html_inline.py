"""The visible words of an HTML element: breaks kept as line ends, footnote marks left out, glued labels set apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.readers.html_hidden import remove_hidden
from ingest.readers.html_tree import Tag, tree

BLOCKS = frozenset(
    """address article aside blockquote body caption center details dd dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td tfoot th
    thead tr ul""".split()
)
_NOT_TEXT = frozenset("script style template noscript svg canvas head title".split())
# Elements whose words are not simply the text in them.
_ASKED = _NOT_TEXT | {"a", "sup"}
_ANCHOR_WORDS = re.compile(
    r"^(?:#|¶|§|🔗|\[?edit\]?|about this section|back to top|permalink|anchor|top)$", re.IGNORECASE
)
_MARK = re.compile(r"^[\[(]?(?:\d{1,3}|[a-z*†‡§]|(?:\d{1,3}\s*,\s*)+\d{1,3}|(?:citation|clarification) needed)[\])]?$")
_SEAM = re.compile(r"(?:[a-z\d%)][A-Z$£€]|[A-Za-z)][\d$£€]|[\d%][A-Za-z$£€])$")


# Blocks within more others than these keep no words of their own: each would hold what all within it hold.
_DEEPEST_KEPT = 64


def visible_text(markup: str) -> str:
    """The words of a piece of mark-up as a person sees it; "\\n" where a line breaks."""
    root = parsed(markup)
    remove_hidden(root)
    return text_of(root)


def parsed(markup: str) -> Tag:
    """A tree of a piece of mark-up, however broken."""
    return tree(f"<div>{markup}</div>")


def text_of(node: Tag) -> str:
    """The words below a node: white space collapsed, "\\n" for breaks and where a block begins or ends."""
    alone = only_text(node)
    return _collapsed(_words_of(node)) if alone is None else " ".join(alone.split())


def line_of(node: Tag) -> str:
    """The same on one line; memoised, since it is asked of each element many times."""
    line = node.line
    if line is None:
        alone = only_text(node)
        node.line = line = " ".join((_words_of(node) if alone is None else alone).split())
    return line


def count_of(node: Tag) -> int:
    """How many words stand on that line; memoised. Where nobody has asked for the line, it need not be put together."""
    count = node.count
    if count is None:
        line = node.line
        count = len(_words_of(node).split()) if line is None else line.count(" ") + 1 if line else 0
        node.count = count
    return count


def text_within(node: Tag) -> str:
    """The words below a block as `text_of`; of an inline element those of its children, as `text_of_nodes`."""
    return _collapsed(_words(node.contents) if node.words is None else node.words)


def text_of_nodes(nodes: Sequence[Tag | str]) -> str:
    """The words of neighbouring nodes, as `text_of`."""
    return _collapsed(_words(nodes))


def only_text(node: Tag) -> str | None:
    """The text of an element that holds one text and nothing else, as most cells do; None of any other."""
    if len(node.contents) != 1 or node.name in _ASKED:
        return None
    alone = node.contents[0]
    return alone if isinstance(alone, str) else None


def _collapsed(text: str) -> str:
    if "\n" not in text.strip("\n"):
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join([line for line in lines if line])


def _words_of(node: Tag) -> str:
    return _words([node]) if node.words is None else node.words


def _words(nodes: Sequence[Tag | str]) -> str:
    """The text of nodes in order, "\n" around blocks. No recursion: pages are nested deeper than Python's stack.

    What a block says does not depend on what stands before it, so it is kept with the block and put together from those
    of the blocks within when it is asked for again.
    """
    # On the stack stands as well where an element ends: (a block, with which piece it began), None for an inline one.
    stack: list[Tag | str | tuple[Tag, int] | None] = list(reversed(nodes))
    pieces: list[str] = []
    last, seam, depth = "", False, 0
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            name, inner = node.name, node.contents
            alone = inner[0] if len(inner) == 1 else None
            if node.words is not None:
                pieces.append(node.words)
                last, seam = "\n", True
                continue
            if name in BLOCKS:
                if isinstance(alone, str) and depth < _DEEPEST_KEPT:
                    node.words = "\n" + alone.replace("\n", " ") + "\n"
                    pieces.append(node.words)
                else:
                    stack.append((node, len(pieces)))
                    pieces.append("\n")
                    depth += 1
                    stack += inner[::-1]
                last, seam = "\n", True
                continue
            if name == "br":
                pieces.append("\n")
                last = "\n"
                continue
            if name == "sup":
                mark = _superscript(node, last)
                pieces.append(mark)
                last = mark or last
                continue
            if name in _NOT_TEXT or (name == "a" and _is_anchor(node)):
                continue
            apart = name != "sub"
            seam = seam or apart
            if not isinstance(alone, str):
                if apart:
                    stack.append(None)
                stack += inner[::-1]
                continue
            # Most hold one text: it need not go over the stack.
            text, seam_behind = alone, apart
        elif isinstance(node, str):
            if last == "\n" and node.isspace():
                continue
            text, seam_behind = node, False
        elif node is None:
            seam = True
            continue
        else:
            block, begun = node
            pieces.append("\n")
            last, seam = "\n", True
            depth -= 1
            if depth < _DEEPEST_KEPT:
                block.words = "".join(pieces[begun:])
                pieces[begun:] = [block.words]
            continue
        if text:
            text = text.replace("\n", " ")
            if seam and last and last[-1] > " " and text[0] > " " and _SEAM.search(last[-1] + text[0]):
                pieces.append(" ")
            pieces.append(text)
            last, seam = text, seam_behind
    return "".join(pieces)


def _superscript(tag: Tag, before: str) -> str:
    """What a raised piece says: nothing for a footnote mark, `^2` for an exponent, else its words.

    Behind an amount (`$112,590` and a raised 1) a glued digit would make another number.
    """
    text = " ".join(tag.text().split())
    linked = any("href" in link.attrs for link in tag.all("a"))
    if _MARK.match(text) and (linked or not text.isdigit()):
        return ""
    if text.isdigit() and before.rstrip()[-1:].isdigit():
        amount = re.search(r"\S+$", before.rstrip())
        return "" if amount and re.search(r"[$£€,%.]|\d{4}", amount[0]) else f"^{text}"
    if text.isdigit() and before.rstrip()[-1:] in "%)":
        return ""
    return "" if text.isdigit() and len(before.rstrip().split(" ")[-1]) > 2 else text


def _is_anchor(tag: Tag) -> bool:
    """A link to the heading that it stands in, or the like."""
    return _says_anchor(tag.text())


@lru_cache(4_096)
def _says_anchor(text: str) -> bool:
    """Kept, since the menus of a page, and of all pages of a site, share their links."""
    text = " ".join(text.split())
    return bool(_ANCHOR_WORDS.match(text)) or (text != "" and not any(ch.isalnum() for ch in text))
