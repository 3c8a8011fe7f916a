"""An HTML tree, furniture and hidden parts taken out, becomes parts in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.prose import sentence_spans
from ingest.clean import has_more_words
from ingest.readers.assemble import LONGEST_CAPTION
from ingest.readers.html_facts import box_facts, definition_pairs, facts_among
from ingest.readers.html_inline import BLOCKS, line_of, text_of, text_of_nodes, text_within
from ingest.readers.html_tables import caption_of, grid_of, is_layout
from ingest.readers.html_tree import Tag
from ingest.readers.html_weigh import TITLE_MARK
from ingest.readers.lines import Line, logical_lines
from ingest.readers.parts import Part
from ingest.readers.structure import structure
from ingest.readers.tables import figures_alone, table_parts

# Deeper than this a branch is read as plain text: pages of people do not go there, and Python's stack ends.
_DEEPEST = 150
_LONGEST_HEADING = 24
_BULLET = re.compile(r"^(?:[•·▪‣◦●○■\-–—*]|\d{1,2}[.)])\s+\S")
_NUMBERED = re.compile(r"^(?:Table|Figure|Chart|Exhibit)\s+[\dA-Z][\d.]*\s*[.:–—-]\s*(.{3,150})$")
_AS_FOLLOWS = re.compile(
    r",?\s*(?:(?:was|were|is|are)\s+)?(?:as follows|the following|listed below|below)?\s*:$", re.IGNORECASE
)
_MEASURE = re.compile(
    r"\b(?:wages?|pay|salar(?:y|ies)|earnings|income|median|mean|average|percent(?:age)?|number|employment|growth|"
    r"change|projected|rates?|share|jobs|openings|annual|hourly|costs?|fees?|hours)\b",
    re.IGNORECASE,
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())


def parts_of(root: Tag) -> list[Part]:
    """The parts below an element: headings, paragraphs, items, rows and facts, repeated ones once."""
    walk = _Walk(_deep(root))
    walk.children(root, 0)
    return facts_among(_once(walk.parts))


def _deep(root: Tag) -> frozenset[int]:
    """The ids of all elements that have a block somewhere below them."""
    deep: set[int] = set()
    for tag in root.all(*BLOCKS):
        parent = tag.parent
        while parent is not None and id(parent) not in deep:
            deep.add(id(parent))
            parent = parent.parent
    return frozenset(deep)


@dataclass(slots=True)
class _Walk:
    """One pass over a tree. `item`: depth of the list item that is being read, -1 outside lists."""

    deep: frozenset[int]
    parts: list[Part] = field(default_factory=list)
    item: int = -1

    def children(self, tag: Tag, depth: int) -> None:
        """The children of an element; text and inline elements between blocks are paragraphs."""
        if id(tag) not in self.deep:
            self._paragraph(tag.contents, text_within(tag))
            return
        run: list[Tag | str] = []
        for child in tag.contents:
            if isinstance(child, str):
                if run or not child.isspace():
                    run.append(child)
                continue
            if child.name not in BLOCKS and id(child) not in self.deep:
                run.append(child)
                continue
            if run:
                self._paragraph(run, text_of_nodes(run))
                run = []
            self._block(child, depth + 1)
        if run:
            self._paragraph(run, text_of_nodes(run))

    def _block(self, tag: Tag, depth: int) -> None:
        if depth > _DEEPEST:
            self._add("paragraph", line_of(tag))
        elif tag.name in _HEADINGS:
            self._heading(tag, depth)
        elif tag.name in ("ul", "ol", "menu", "dir"):
            self._list(tag, depth)
        elif tag.name == "table":
            self._table(tag, depth)
        elif tag.name == "dl":
            self._definitions(tag, depth)
        elif tag.name == "pre":
            self._preformatted(tag.text())
        elif tag.name == "summary":
            self._add("heading" if self.item < 0 else "paragraph", line_of(tag), 5 if self.item < 0 else self.item + 1)
        elif tag.name in ("caption", "hr") or (tag.name == "figcaption" and _names_table(tag)):
            pass
        elif facts := box_facts(tag, self.deep):
            self.parts += facts
        else:
            self.children(tag, depth)

    def _add(self, kind: str, text: str, level: int | None = None) -> None:
        if text:
            self.parts.append(Part(kind, text, self.item + 1 if level is None else level))  # type: ignore[arg-type]

    def _heading(self, tag: Tag, depth: int) -> None:
        if id(tag) in self.deep and tag.first("p", "ul", "ol", "table", "dl") is not None:
            self.children(tag, depth)
            return
        if TITLE_MARK in tag.attrs:
            return
        text = line_of(tag)
        long = len(text.split()) > _LONGEST_HEADING or (text.endswith(".") and len(text.split()) > 12)
        if long or self.item >= 0:
            self._add("paragraph", text)
        else:
            self._add("heading", text, int(tag.name[1]))

    def _paragraph(self, nodes: Sequence[Tag | str], text: str) -> None:
        """Inline content as one paragraph, or several where breaks part sentences, items or labels."""
        if "\n" not in text:
            if self.item < 0 and text and _is_bold(nodes, text):
                self._add("heading", text, 6)
            else:
                self._add("paragraph", text)
            return
        lines = text.split("\n")
        if self.item >= 0:
            self._add("paragraph", " ".join(lines))
        elif any(_BULLET.match(line) for line in lines):
            self.parts += structure(logical_lines("\n".join(lines), 0))
        else:
            self.parts += structure([Line(line) for line in _rejoined(lines)])

    def _preformatted(self, text: str) -> None:
        """Columns set with spaces are a table; anything else stays as it is."""
        lines = logical_lines(text, 0)
        parts = structure(lines)
        if len(lines) > 2 and any(part.kind == "row" for part in parts):
            self.parts += parts
        else:
            self.parts.append(Part("paragraph", text, self.item + 1, verbatim=True))

    def _list(self, tag: Tag, depth: int) -> None:
        if facts := box_facts(tag, self.deep):
            self.parts += facts
            return
        ordered = tag.name == "ol"
        number = _number(tag.get("start"), 1)
        for child in tag.contents:
            if isinstance(child, str):
                self._add("paragraph", " ".join(child.split()))
            elif child.name != "li":
                self._block(child, depth + 1) if child.name in BLOCKS else self._paragraph([child], text_of(child))
            else:
                number = _number(child.get("value"), number)
                self._list_item(child, number if ordered else None, depth + 1)
                number += 1

    def _list_item(self, tag: Tag, number: int | None, depth: int) -> None:
        """An item: its words up to the first block inside it are its line, the rest stands under it."""
        if self.item < 0 and (facts := box_facts(tag, self.deep)):
            self.parts += facts
            return
        self.item += 1
        first = len(self.parts)
        if depth > _DEEPEST:
            self._add("paragraph", line_of(tag))
        else:
            self.children(tag, depth)
        self.item -= 1
        level = self.item + 1
        said = next((p for p in range(first, len(self.parts)) if self.parts[p].kind in ("paragraph", "heading")), None)
        if said is not None and said == first:
            part = self.parts[said]
            self.parts[said] = Part("item", part.text.replace("\n", " "), level, number)

    def _table(self, tag: Tag, depth: int) -> None:
        if is_layout(tag):
            rows = [row for row in tag.all("tr") if row.around("table") is tag]
            if caption := caption_of(tag):
                self._add("paragraph", caption)
            for row in rows:
                for cell in row.elements("td", "th"):
                    self.children(cell, depth + 2)
            if not rows:
                self.children(tag, depth)
            return
        grid, heads = grid_of(tag)
        caption = caption_of(tag) or self._line_above()
        if not caption and heads is None and figures_alone(grid):
            caption = self._lead_above()
        self.parts += table_parts(grid, caption, heads)

    def _line_above(self) -> str:
        """What names a table in the line right above it: `Table 2. Pay by industry` without its number, or a fragment
        that says what is measured (`Median annual wages, May 2024`)."""
        above = self.parts[-1] if self.parts else None
        if above is None or above.kind not in ("paragraph", "heading") or above.level not in (0, 4, 5, 6):
            return ""
        if match := _NUMBERED.match(above.text):
            return match[1]
        fragment = 2 <= len(above.text.split()) <= 14 and not re.search(r"[.!?:]$", above.text)
        return above.text if fragment and above.kind == "paragraph" and _MEASURE.search(above.text) else ""

    def _lead_above(self) -> str:
        """What the sentence above says of bare figures: `In 2024 the median pay by region was as follows:`."""
        above = self.parts[-1] if self.parts else None
        if (
            above is None
            or above.kind != "paragraph"
            or not above.text.endswith(":")
            or not _MEASURE.search(above.text)
        ):
            return ""
        last = above.text[sentence_spans(above.text)[-1][0] :]
        said = _AS_FOLLOWS.sub("", last)
        return said if len(said.split()) <= LONGEST_CAPTION else ""

    def _definitions(self, tag: Tag, depth: int) -> None:
        """Short definitions are facts; long ones are sections of their own under their term."""
        pairs = definition_pairs(tag)
        if not pairs:
            self.children(tag, depth)
        caption = self._line_above()
        for label, value, body in pairs:
            if len(value.split()) <= 40 and body.first("ul", "ol", "table") is None:
                if value:
                    self.parts.append(Part("fact", f"{label}: {value}" if label else value, caption=caption))
                continue
            self._add("heading" if self.item < 0 else "paragraph", label, 6 if self.item < 0 else self.item + 1)
            self.children(body, depth + 1)


def _names_table(tag: Tag) -> bool:
    """Whether a <figcaption> is given with the rows of the table in its figure."""
    figure = tag.around("figure")
    table = figure.first("table") if figure is not None else None
    return table is not None and not is_layout(table)


def _is_bold(nodes: Sequence[Tag | str], text: str) -> bool:
    """Whether a short line is emphasised throughout and ends like a heading."""
    if has_more_words(text, 12) or re.search(r"[.!:;,]$", text) or not re.search(r"[^\W\d]", text):
        return False
    bold = 0
    for node in nodes:
        if isinstance(node, Tag):
            strong = [node] if node.name in ("b", "strong") else node.all("b", "strong")
            bold += sum(len(line_of(tag)) for tag in strong if tag.around("b", "strong") not in strong)
    return bold >= len(text)


def _rejoined(lines: list[str]) -> list[str]:
    """Lines broken by <br>: joined again where a sentence goes on."""
    joined = [lines[0]]
    for line in lines[1:]:
        goes_on = line[:1].islower() or joined[-1].endswith(",")
        if goes_on and not re.search(r"[.!?:]$", joined[-1]):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _number(value: str, default: int) -> int:
    match = re.match(r"\s*(\d{1,6})\s*$", value)
    return int(match[1]) if match else default


def _once(parts: list[Part]) -> list[Part]:
    """Without blocks that a page holds twice, for wide and narrow screens, in two tabs, under each picture."""
    seen: set[tuple[str, str]] = set()
    kept: list[Part] = []
    for part in parts:
        long = part.kind in ("row", "fact") or (part.kind == "paragraph" and has_more_words(part.text, 8))
        key = (part.text, part.caption)
        if (long and key in seen) or (kept and part.kind == "paragraph" and part == kept[-1]):
            continue
        seen.add(key)
        kept.append(part)
    return kept
