"""The tree of an HTML page: elements and text, as libxml2 repairs them. The one importer of its HTML parser.

A tree of plain objects because reading a page asks each element many questions; Python's common tree classes answer
them ten times slower, and half the time went there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]*\?>")
# Fed in pieces, so that the parser reports what it has and goes on behind what it cannot read.
_PIECE = 8_192

_NOT_NUMBERED = -1


class Tag:
    """An element. `contents`: its elements and texts in order; `gone`: it was taken out of the tree.

    Compared by identity. `line` and `words` memoise the words of the element (see html_inline), and of the root `every`
    the elements below; changes reset them. `at` and `end` are the places in the root's `every` where the element itself
    and what is below it stand and end; they count while the root has one and its own `at` is 0. `stale`: some in the
    root's `every` are gone.
    """

    __slots__ = ("at", "attrs", "contents", "end", "every", "gone", "line", "name", "parent", "stale", "words")

    def __init__(self, name: str, attrs: dict[str, str], parent: Tag | None) -> None:
        self.name = name
        self.attrs = attrs
        self.parent = parent
        self.contents: list[Tag | str] = []
        self.gone = False
        self.line: str | None = None
        self.words: str | None = None
        self.at = self.end = 0
        self.every: list[Tag] | None = None
        self.stale = False

    def get(self, name: str) -> str:
        """An attribute; "" where it is not given."""
        return self.attrs.get(name, "")

    def elements(self, *names: str) -> list[Tag]:
        """The child elements of these names, or all of them."""
        return [c for c in self.contents if not isinstance(c, str) and (not names or c.name in names)]

    def all(self, *names: str) -> list[Tag]:
        """All elements below of these names, or all of them, in document order."""
        every = self._every()
        if not names:
            return every.copy()
        if len(names) == 1:
            return [tag for tag in every if tag.name == names[0]]
        wanted = frozenset(names)
        return [tag for tag in every if tag.name in wanted]

    def _every(self) -> list[Tag]:
        if self.parent is None:
            if self.every is None:
                self.every = self._below()
                self.at = _NOT_NUMBERED
            elif self.stale:
                self.every = [tag for tag in self.every if not tag.gone]
            self.stale = False
            return self.every
        if not self.contents:
            return []
        root = self._root()
        if root.every is None or root.stale:
            return self._below()
        if root.at == _NOT_NUMBERED:
            root._number(root.every)
        return root.every[self.at + 1 : self.end]

    def _root(self) -> Tag:
        root = self
        while root.parent is not None:
            root = root.parent
        return root

    def _number(self, every: list[Tag]) -> None:
        """Tell every element below this root where it stands in the list of them, and where what is below it ends."""
        self.at = 0
        for at, tag in enumerate(every):
            tag.at = at
            tag.end = at + 1
        for tag in reversed(every):
            around = tag.parent
            if around is not None and around.end < tag.end:
                around.end = tag.end

    def _below(self) -> list[Tag]:
        found: list[Tag] = []
        stack = [node for node in reversed(self.contents) if not isinstance(node, str)]
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
        root = self._root()
        every = root.every
        below = self.all()
        self._detach()
        self.gone = True
        for tag in below:
            tag.gone = True
        if every is not None and root is not self:
            # The others stand as they stood: leaving out what is gone costs less than gathering all anew.
            root.every, root.at, root.stale = every, _NOT_NUMBERED, True

    def move_before(self, other: Tag) -> None:
        """Take it from its place and put it right before another element."""
        self._detach()
        assert other.parent is not None
        at = next(place for place, child in enumerate(other.parent.contents) if child is other)
        other.parent.contents.insert(at, self)
        self.parent = other.parent
        other.parent.changed()

    def changed(self) -> None:
        """Forget what was memoised of this element and those around it."""
        node: Tag | None = self
        while node is not None:
            node.line = node.words = node.every = None
            node.stale = False
            node = node.parent

    def _detach(self) -> None:
        if self.parent is not None:
            self.parent.contents = [child for child in self.parent.contents if child is not self]
            self.parent.changed()
        self.parent = None


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
    return builder.root


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
        self._at = self.root
        self._text: list[str] = []

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        self._flush()
        made = Tag(str(tag), {str(name): str(value) for name, value in attrib.items()} if attrib else {}, self._at)
        self._at.contents.append(made)
        self._at = made

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002 - the parser's protocol
        self._flush()
        if self._at.parent is not None:
            self._at = self._at.parent

    def data(self, data: str | bytes) -> None:
        self._text.append(str(data))

    def comment(self, text: str | bytes) -> None:
        """Nobody sees a comment."""

    def close(self) -> None:
        self._flush()

    def _flush(self) -> None:
        if self._text:
            self._at.contents.append("".join(self._text))
            self._text.clear()
