"""HTML pages: the content that a person sees, menus left out, every table row and fact a line of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.readers.dates import iso_date
from ingest.readers.finish import finished
from ingest.readers.html_blocks import parts_of
from ingest.readers.html_hidden import remove_hidden
from ingest.readers.html_inline import line_of, parsed, text_of
from ingest.readers.html_meta import page_title, read_meta
from ingest.readers.html_prune import prune
from ingest.readers.html_tree import Tag, tree
from ingest.readers.html_weigh import TITLE_MARK, is_contents
from ingest.readers.lines import logical_lines
from ingest.readers.parts import Part, Reading
from ingest.readers.structure import structure

# No page that a person wrote is nested deeper; such a one is read as lines of text.
_DEEPEST = 400
# Where less than this share of a page's words is left, too much was taken out.
_LEAST_LEFT = 0.04


@dataclass(frozen=True, slots=True)
class Chapter:
    """The parts of a chapter, and what was left out of it as (reason, text)."""

    parts: tuple[Part, ...]
    dropped: tuple[tuple[str, str], ...]


def read_html(text: str, name: str, address: str | None = None) -> Reading:
    """The parts of a page. `name`: its file's name; `address`: where it was fetched, None for a file."""
    root = tree(text)
    try:
        return _read_page(root, text, name, address)
    finally:
        root.dissolve()


def _read_page(root: Tag, text: str, name: str, address: str | None) -> Reading:
    meta = read_meta(root, address)
    remove_hidden(root)
    title = page_title(root, meta)
    if _depth(root) > _DEEPEST:
        return finished(structure(logical_lines(text_of(root))), name, replace(meta, title=title.text))
    if title.heading is not None:
        title.heading.attrs[TITLE_MARK] = "1"
    for tag in root.all("title", "head"):
        tag.remove()
    before = len(line_of(root))
    pruned = prune(root)
    meta = replace(meta, title=title.text, published=meta.published or iso_date(pruned.updated))
    parts = parts_of(root)
    if sum(len(part.text) for part in parts) < _LEAST_LEFT * before:
        # Nearly all of it was taken for furniture: then the page is one, or its names mislead.
        return finished(structure(logical_lines(_shown_text(text))), name, meta)
    reading = finished(parts, name, meta)
    told = replace(reading.meta, author=reading.meta.author or pruned.author or None)
    return replace(reading, meta=told, dropped=(*pruned.dropped, *reading.dropped))


def _shown_text(text: str) -> str:
    """All words that a page shows, line by line."""
    root = tree(text)
    remove_hidden(root)
    return text_of(root)


def _depth(root: Tag) -> int:
    """How deep the tree is: looking at each part of it costs its depth for every element."""
    depth: dict[Tag | None, int] = {root: 0}
    for tag in root.all():
        depth[tag] = depth[tag.parent] + 1
    return max(depth.values())


def parts_of_chapter(text: str) -> Chapter:
    """The parts of a chapter of a book: a page without a site around it."""
    root = tree(text)
    remove_hidden(root)
    dropped: list[tuple[str, str]] = []
    for tag in root.all("title", "head", "nav"):
        if tag.name == "nav" and not tag.gone and line_of(tag):
            dropped.append(("menu", line_of(tag)[:300]))
        tag.remove()
    if _depth(root) > _DEEPEST:
        return Chapter(tuple(structure(logical_lines(text_of(root)))), tuple(dropped))
    for tag in root.all("dl", "ul", "ol", "table", "div", "section"):
        if not tag.gone and is_contents(tag):
            dropped.append(("contents of the book", line_of(tag)[:300]))
            tag.remove()
    return Chapter(tuple(parts_of(root)), tuple(dropped))


def parts_of_fragment(markup: str) -> list[Part]:
    """The parts of a piece of HTML inside another text."""
    root = parsed(markup)
    remove_hidden(root)
    return parts_of(root)
