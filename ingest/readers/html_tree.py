"""The tree of an HTML page: elements and text, as libxml2 repairs them. The one importer of its HTML parser.

A tree of plain objects because reading a page asks each element many questions; Python's common tree classes answer
them ten times slower, and half the time went there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]*\?>")
# Fed in pieces, so that the parser reports what it has and goes on behind what it cannot read.
_PIECE = 8_192


class Tag:
    """An element. `contents`: its elements and texts in order; `gone`: it was taken out of the tree.

    Compared by identity. `line`, `words` and `count` memoise the words of the element and how many they are (see
    html_inline), and changes reset them; `names` its class and id (see html_hidden).
    `made`, of a root, lists all that was ever below it, for `dissolve`.
    `every`, of a root, lists the elements below, and None after one was put elsewhere; those taken out stay in it, and
    then it is `stale`. `at` and `end` are the places in their root's list where an element itself and what is below it
    stand and end. `places`, of a root, are the places of the elements of each name, None until they are asked for.
    """

    __slots__ = (
        "at",
        "attrs",
        "contents",
        "count",
        "end",
        "every",
        "gone",
        "line",
        "made",
        "name",
        "names",
        "parent",
        "places",
        "stale",
        "words",
    )

    def __init__(self, name: str, attrs: dict[str, str], parent: Tag | None, at: int = -1) -> None:
        self.name = name
        self.attrs = attrs
        self.parent = parent
        self.contents: list[Tag | str] = []
        self.gone = False
        self.line: str | None = None
        self.words: str | None = None
        self.count: int | None = None
        self.names: str | None = None
        self.at = at
        self.end = 0
        self.every: list[Tag] | None = None
        self.made: list[Tag] | None = None
        self.places: dict[str, list[int]] | None = None
        self.stale = False

    def get(self, name: str) -> str:
        """An attribute; "" where it is not given."""
        return self.attrs.get(name, "")

    def elements(self, *names: str) -> list[Tag]:
        """The child elements of these names, or all of them."""
        return [c for c in self.contents if not isinstance(c, str) and (not names or c.name in names)]

    def all(self, *names: str) -> list[Tag]:
        """All elements below of these names, or all of them, in document order."""
        if not self.contents:
            return []
        root = self._root()
        if root.every is None:
            below = self._below()
            if root is self:
                self._number(below)
            return [tag for tag in below if tag.name in names] if names else below
        if self.end - self.at <= 1:
            return []
        if names:
            places = self._places(root, names)
            below = [root.every[at] for at in places]
        else:
            below = root.every[self.at + 1 : self.end]
        return [tag for tag in below if not tag.gone] if root.stale else below

    def _places(self, root: Tag, names: tuple[str, ...]) -> list[int]:
        """Where the elements below of these names stand in the root's list, in document order."""
        if root.places is None:
            root.places = defaultdict(list)
            for at, tag in enumerate(root.every or ()):
                root.places[tag.name].append(at)
        found: list[int] = []
        for name in names:
            if name in root.places:
                of_name = root.places[name]
                first = bisect_left(of_name, self.at + 1)
                found += of_name[first : bisect_left(of_name, self.end, first)]
        if len(names) > 1:
            found.sort()
        return found

    def _root(self) -> Tag:
        root = self
        while root.parent is not None:
            root = root.parent
        return root

    def _number(self, below: list[Tag]) -> None:
        """Keep the list of all elements below this root; each is told where it stands and what is below it ends."""
        self.every, self.places, self.stale = below.copy(), None, False
        self.at, self.end = -1, len(below)
        for at, tag in enumerate(below):
            tag.at = at
            tag.end = at + 1
        for tag in reversed(below):
            around = tag.parent
            if around is not None and around.end < tag.end:
                around.end = tag.end

    def _below(self) -> list[Tag]:
        found: list[Tag] = []
        stack = self.elements()[::-1]
        while stack:
            node = stack.pop()
            found.append(node)
            inner = node.contents
            if len(inner) == 1:  # most hold one text
                if not isinstance(inner[0], str):
                    stack.append(inner[0])
            elif inner:
                stack += [child for child in reversed(inner) if not isinstance(child, str)]
        return found

    def first(self, *names: str) -> Tag | None:
        """The first element below of these names."""
        stack: list[Tag | str] = self.contents[::-1]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                continue
            if node.name in names:
                return node
            if node.contents:
                stack += node.contents[::-1]
        return None

    def around(self, *names: str) -> Tag | None:
        """The nearest element of these names that it stands in."""
        node = self.parent
        while node is not None and node.name not in names:
            node = node.parent
        return node

    def parents(self) -> Iterator[Tag]:
        """What it stands in, from the inside out; the last is the root."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def text(self) -> str:
        """All text below as it stands in the source."""
        if len(self.contents) == 1 and isinstance(self.contents[0], str):
            return self.contents[0]
        pieces: list[str] = []
        stack: list[Tag | str] = self.contents[::-1]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
            else:
                stack += node.contents[::-1]
        return "".join(pieces)

    def text_before(self) -> str:
        """The last text that is not blank before this element, wherever it stands."""
        node: Tag = self
        while node.parent is not None:
            at = next(place for place, child in enumerate(node.parent.contents) if child is node)
            for child in reversed(node.parent.contents[:at]):
                text = child if isinstance(child, str) else _last_text(child)
                if text.strip():
                    return text
            node = node.parent
        return ""

    def remove(self) -> None:
        """Take it out of the tree, with all below."""
        for tag in self.all():
            tag.gone = True
        self.gone = True
        # The others stand as they stood: leaving out what is gone costs less than gathering all anew.
        self._root().stale = True
        self._detach()

    def move_before(self, other: Tag) -> None:
        """Take it from its place and put it right before another element."""
        self._root().every = None
        self._detach()
        assert other.parent is not None
        at = next(place for place, child in enumerate(other.parent.contents) if child is other)
        other.parent.contents.insert(at, self)
        self.parent = other.parent
        self._root().every = None
        other.parent.changed()

    def changed(self) -> None:
        """Forget the words that were memoised of this element and those around it."""
        node: Tag | None = self
        while node is not None:
            node.line = node.words = node.count = None
            node = node.parent

    def dissolve(self) -> None:
        """Let go of a tree that is read: its elements hold each other and would wait for the collector of garbage."""
        for tag in self.made or ():
            tag.parent = None

    def _detach(self) -> None:
        """Part it from what it stands in; it is a root of its own then."""
        if self.parent is not None:
            self.parent.contents = [child for child in self.parent.contents if child is not self]
            self.parent.changed()
        self.parent = None
        self.every, self.places, self.stale = None, None, False


def tree(markup: str) -> Tag:
    """The tree of any mark-up, however broken; its root has the empty name. Comments are left out."""
    builder = _Builder()
    # XHTML is read as HTML on purpose: few pages that call themselves XML are.
    parser = etree.HTMLParser(target=builder, recover=True, huge_tree=True, no_network=True)
    markup = _PROLOGUE.sub("", markup).replace("\x00", "")
    try:
        for at in range(0, len(markup), _PIECE):
            parser.feed(markup[at : at + _PIECE])
        parser.close()
    except (etree.LxmlError, AssertionError):
        # What was built up to here stands; a page that holds nothing to parse has no root.
        pass
    return builder.built()


def _last_text(tag: Tag) -> str:
    return next((text for text in reversed(list(_texts(tag))) if text.strip()), "")


def _texts(tag: Tag) -> Iterator[str]:
    stack: list[Tag | str] = [tag]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        else:
            stack += node.contents[::-1]


class _Builder:
    """Takes the parser's events."""

    def __init__(self) -> None:
        self.root = Tag("", {}, None)
        self._every: list[Tag] = []
        self._at = self.root
        self._text: list[Any] = []
        # Called for each piece of text of a page, as `start` and `end` are for each element.
        self.data = self._text.append

    def start(self, tag: Any, attrib: Any) -> None:
        around, every = self._at, self._every
        if self._text:
            around.contents.append("".join(self._text))
            self._text.clear()
        self._at = made = Tag(tag, attrib or {}, around, len(every))
        every.append(made)
        around.contents.append(made)

    def end(self, tag: Any) -> None:  # noqa: ARG002 - the parser's protocol
        ended = self._at
        if self._text:
            ended.contents.append("".join(self._text))
            self._text.clear()
        if ended.parent is not None:
            ended.end = len(self._every)
            self._at = ended.parent

    def comment(self, text: Any) -> None:
        """Nobody sees a comment."""

    def close(self) -> None:
        if self._text:
            self._at.contents.append("".join(self._text))
            self._text.clear()

    def built(self) -> Tag:
        """The root of what was built so far, with the list of all elements; nothing of it is kept here."""
        open_: Tag | None = self._at
        while open_ is not None:
            open_.end = len(self._every)
            open_ = open_.parent
        root = self.root
        root.every = root.made = self._every
        # Parser and builder hold each other: the tree is not to wait for them.
        self.root = self._at = Tag("", {}, None)
        self._every = []
        return root
