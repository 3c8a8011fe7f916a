"""Word files (.docx): headings by style, lists with their numbers, tables as rows, footnotes as references.

Read from the file's own XML (ECMA-376), since only there stand numbering, footnotes, text boxes, deleted and hidden
text; of the archive no more is inflated than is read. Comments and deleted text are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from corpus.errors import SourceError
from ingest.clean import tidy
from ingest.readers.archive import Archive, attribute, child, local
from ingest.readers.dates import iso_date
from ingest.readers.finish import finished
from ingest.readers.html_facts import facts_among
from ingest.readers.lines import BULLET_MARK, Line, marked_lines
from ingest.readers.notes import is_remark, reference
from ingest.readers.parts import Meta, Part, Reading
from ingest.readers.structure import structure
from ingest.readers.tables import EMPTY, Cell, joined_lines, table_parts

_DEEPEST = 60
_LEFT_OUT = frozenset(
    "del moveFrom delText instrText delInstrText rPr pPr commentReference commentRangeStart commentRangeEnd "
    "proofErr bookmarkStart bookmarkEnd annotationRef footnoteRef endnoteRef Fallback".split()
)
_HEADING_NAME = re.compile(r"^heading\s*([1-9])$", re.IGNORECASE)
# Word's own styles for deeper lists are lists of their own, each at depth 0.
_LIST_NAME = re.compile(r"^list (?:bullet|number) ([2-9])$", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"^(?:toc\s*\d|toc heading|table of figures|index \d)$", re.IGNORECASE)
_CAPTION = re.compile(r"^(?:Table|Figure|Chart|Exhibit)\s+[\dA-Z][\d.]*\s*[.:–—-]?\s*(.{3,150})$")
_NO_AUTHOR = re.compile(r"^\W*(?:user|admin|owner|author|unknown|python-docx|microsoft)\b|@", re.IGNORECASE)
_NO_TITLE = re.compile(r"^(?:untitled|word document|document\s*\d*|microsoft word\b.*|.*\.docx?)$", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|[\s\d/])(?:m|km|cm|mm|ft|s|10)$")
# A table with a cell of more words lays out a page.
_LONGEST_CELL = 80
_LONGEST_HEADING = 24


def read_docx(data: bytes, name: str) -> Reading:
    """The parts of a Word file. `name`: its file's name. Raises SourceError for one that is broken or locked."""
    archive = Archive(data)
    main = main_part(archive)
    root = archive.xml(main)
    body = child(root, "body")
    if body is None:
        raise SourceError(
            "The Word file is broken: it holds no document; open it in a word processor and save it anew."
        )
    folder = main.rpartition("/")[0]
    sheet = _Styles(archive.xml(f"{folder}/styles.xml"), archive.xml(f"{folder}/numbering.xml"))
    walk = _Walk(sheet)
    walk.blocks(body, 0)
    notes = {
        **_notes(archive.xml(f"{folder}/footnotes.xml"), "f", sheet),
        **_notes(archive.xml(f"{folder}/endnotes.xml"), "e", sheet),
    }
    remarks = [Part("paragraph", note) for note in notes.values() if is_remark(note)]
    meta, created = _meta(archive, sheet, walk.title)
    reading = finished([*facts_among(walk.parts), *remarks], name, meta)
    published = reading.meta.published or created
    hidden = (("hidden text", " ".join(dict.fromkeys(walk.hidden))[:300]),) if walk.hidden else ()
    contents = (("contents of the page", "; ".join(walk.contents)[:300]),) if walk.contents else ()
    return Reading(
        meta=replace(reading.meta, published=published),
        parts=reading.parts,
        notes={key: reference(note) for key, note in notes.items() if note and not is_remark(note)},
        dropped=(*hidden, *contents, *reading.dropped),
    )


def main_part(archive: Archive) -> str:
    """The member with the document's text: as the package says, else where every word processor puts it."""
    relations = archive.xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        found = archive.resolve("", attribute(relation, "Target"))
        if found and attribute(relation, "Type").endswith("/officeDocument"):
            return found
    return "word/document.xml"


def _meta(archive: Archive, styles: _Styles, title: str) -> tuple[Meta, str | None]:
    """(what the core properties say, the day of creation)."""
    core = archive.xml("docProps/core.xml")
    told = {local(node): tidy(node.text or "") for node in core if local(node)} if core is not None else {}
    named = told.get("title", "")
    author = told.get("creator", "")
    meta = Meta(
        title=title or (named if named and not _NO_TITLE.match(named) else None),
        author=author if author and not _NO_AUTHOR.search(author) else None,
        language=told.get("language") or styles.language or None,
        summary=told.get("description") or told.get("subject") or None,
    )
    return meta, iso_date(told.get("created", "")[:10])


def _notes(root: etree._Element | None, kind: str, styles: _Styles) -> dict[str, str]:
    """The notes by key: "f" or "e" and their number."""
    found: dict[str, str] = {}
    for note in root if root is not None else ():
        if attribute(note, "type") in ("separator", "continuationSeparator", "continuationNotice"):
            continue
        walk = _Walk(styles)
        walk.blocks(note, 0)
        text = " ".join(part.text for part in walk.parts)
        if text:
            found[f"{kind}{attribute(note, 'id')}"] = text
    return found


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list: its format ("bullet", "decimal", "none", ...) and its first number."""

    format: str
    start: int


class _Styles:
    """What styles.xml and numbering.xml say of paragraphs, looked up along the chain of styles."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        self._styles = {attribute(s, "styleId"): s for s in styles if local(s) == "style"} if styles is not None else {}
        self.language = attribute(child(styles, "docDefaults", "rPrDefault", "rPr", "lang"), "val")
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        if numbering is not None:
            self._read_lists(numbering)

    def chain(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """The paragraph's own properties and then those of its styles, the nearest first."""
        own = child(paragraph, "pPr")
        if own is not None:
            yield own
        style = attribute(child(own, "pStyle"), "val")
        for _ in range(12):
            node = self._styles.get(style)
            if node is None:
                return
            if (properties := child(node, "pPr")) is not None:
                yield properties
            style = attribute(child(node, "basedOn"), "val")

    def names(self, paragraph: etree._Element) -> list[str]:
        """The names of the paragraph's style and of those that it is based on."""
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        found: list[str] = []
        for _ in range(12):
            node = self._styles.get(style)
            if node is None:
                break
            found.append(attribute(child(node, "name"), "val"))
            style = attribute(child(node, "basedOn"), "val")
        return found or [style]

    def level(self, paragraph: etree._Element) -> int:
        """The level of a heading from 1, 0 for other paragraphs."""
        for name in self.names(paragraph):
            if match := _HEADING_NAME.match(name):
                return min(6, int(match[1]))
        for properties in self.chain(paragraph):
            outline = attribute(child(properties, "outlineLvl"), "val")
            if outline.isdigit():
                return min(6, int(outline) + 1) if int(outline) < 9 else 0
        return 0

    def listed(self, paragraph: etree._Element) -> tuple[str, int, _Level] | None:
        """(the list's key, depth, level) of an item, None outside lists."""
        number = depth = ""
        for properties in self.chain(paragraph):
            numbered = child(properties, "numPr")
            number = number or attribute(child(numbered, "numId"), "val")
            depth = depth or attribute(child(numbered, "ilvl"), "val")
        if number not in self._lists:
            return None
        key, levels = self._lists[number]
        at = int(depth) if depth.isdigit() else 0
        level = levels.get(at, _Level("bullet", 1))
        return None if level.format == "none" else (key, at, level)

    def _read_lists(self, numbering: etree._Element) -> None:
        abstract = {attribute(n, "abstractNumId"): n for n in numbering if local(n) == "abstractNum"}
        for node in numbering:
            if local(node) != "num":
                continue
            number = attribute(node, "numId")
            kind = attribute(child(node, "abstractNumId"), "val")
            levels = {}
            for level in abstract.get(kind, ()):
                if local(level) == "lvl":
                    levels[_int(attribute(level, "ilvl"), 0)] = _level_of(level)
            anew = False
            for override in node:
                if local(override) != "lvlOverride":
                    continue
                at = _int(attribute(override, "ilvl"), 0)
                if (own := child(override, "lvl")) is not None:
                    levels[at] = _level_of(own)
                if start := attribute(child(override, "startOverride"), "val"):
                    anew = True
                    levels[at] = _Level(levels.get(at, _Level("decimal", 1)).format, _int(start, 1))
            if number != "0":
                self._lists[number] = (f"num {number}" if anew else f"abstract {kind}", levels)


def _level_of(level: etree._Element) -> _Level:
    return _Level(
        attribute(child(level, "numFmt"), "val") or "decimal", _int(attribute(child(level, "start"), "val"), 1)
    )


@dataclass(slots=True)
class _Said:
    """The words of a paragraph as they are collected. `strong`: letters in bold; `boxes`: text boxes met."""

    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    strong: int = 0
    boxes: list[etree._Element] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Without white space around; broken where the source breaks them."""
        return [line for line in map(tidy, "".join(self.pieces).split("\n")) if line]


@dataclass(slots=True)
class _Walk:
    """One pass over a document. `title`: the paragraph in the style Title; `hidden`, `contents`: what was left out."""

    styles: _Styles
    parts: list[Part] = field(default_factory=list)
    title: str = ""
    hidden: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _caption: str = ""

    def blocks(self, node: etree._Element, depth: int) -> None:
        """The paragraphs and tables below a node, wrappers looked into."""
        for block in node:
            name = local(block)
            if name == "p":
                self._paragraph(block, depth)
            elif name == "tbl" and depth < _DEEPEST:
                self._table(block, depth)
            elif name == "sdt" and "Contents" in attribute(
                child(block, "sdtPr", "docPartObj", "docPartGallery"), "val"
            ):
                self.contents += [line for p in block.iter() if local(p) == "p" for line in self._said(p).lines]
            elif name and name not in _LEFT_OUT and depth < _DEEPEST:
                self.blocks(block, depth + 1)

    def _paragraph(self, node: etree._Element, depth: int) -> None:
        said = self._said(node)
        lines = said.lines
        names = self.styles.names(node)
        if lines and _CONTENTS_NAME.match(names[0]):
            self.contents += lines
        elif lines:
            self._add(node, lines, said, names)
        for box in said.boxes:
            if depth < _DEEPEST:
                self.blocks(box, depth + 1)

    def _add(self, node: etree._Element, lines: Sequence[str], said: _Said, names: Sequence[str]) -> None:
        text = " ".join(lines)
        if not self.title and names[0].lower() == "title":
            self.title = text
            self.parts.append(Part("heading", text, 1))
            return
        if any(name.lower() == "caption" for name in names):
            self._caption = text
        level = self.styles.level(node)
        if level and len(text.split()) <= _LONGEST_HEADING:
            self.parts.append(Part("heading", text, level))
        elif listed := self.styles.listed(node):
            key, depth, kind = listed
            if depth == 0 and (deeper := _LIST_NAME.match(names[0])):
                depth = int(deeper[1]) - 1
            self.parts.append(Part("item", text, depth, self._count(key, depth, kind)))
        elif len(lines) > 1 and not any(BULLET_MARK.match(line) for line in lines):
            self.parts += structure([Line(line) for line in lines])
        elif any(BULLET_MARK.match(line) for line in lines):
            self.parts += structure(marked_lines(lines))
        elif said.strong >= said.letters > 0 and len(text.split()) <= 12 and not re.search(r"[.!:;,]$", text):
            self.parts.append(Part("heading", text, 6))
        else:
            self.parts.append(Part("paragraph", text))

    def _count(self, key: str, depth: int, kind: _Level) -> int | None:
        """The number of the next item of a list, None for a bullet; deeper counts begin again."""
        counts = self._counts.setdefault(key, {})
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        counts[depth] = counts.get(depth, kind.start - 1) + 1
        return None if kind.format == "bullet" else counts[depth]

    def _said(self, node: etree._Element, *, shaded: bool = False) -> _Said:
        said = _Said()
        self._collect(node, said, 0, shaded or _is_shaded(child(node, "pPr")))
        return said

    def _collect(self, node: etree._Element, said: _Said, depth: int, shaded: bool) -> None:
        """The words below a node in order; text boxes are kept for later."""
        for inner in node:
            name = local(inner)
            if name == "r":
                self._run(inner, said, depth, shaded)
            elif name == "txbxContent":
                said.boxes.append(inner)
            elif name == "t":
                said.pieces.append(inner.text or "")
            elif name and name not in _LEFT_OUT and depth < _DEEPEST:
                self._collect(inner, said, depth + 1, shaded)

    def _run(self, run: etree._Element, said: _Said, depth: int, shaded: bool) -> None:
        properties = child(run, "rPr")
        if _is_on(properties, "vanish") or (not shaded and _is_white(properties)):
            self.hidden += [tidy(node.text or "") for node in run.iter() if local(node) == "t"]
            return
        text = ""
        for node in run:
            name = local(node)
            if name == "t":
                text += node.text or ""
            elif name in ("tab", "ptab"):
                text += " "
            elif name in ("br", "cr"):
                text += "\n" if attribute(node, "type") in ("", "textWrapping") else ""
            elif name == "noBreakHyphen":
                text += "-"
            elif name in ("footnoteReference", "endnoteReference"):
                text += f"[^{name[0]}{attribute(node, 'id')}]"
            elif name == "sym":
                text += " "
            elif name and name not in _LEFT_OUT and depth < _DEEPEST:
                self._collect(node, said, depth + 1, shaded)
        if attribute(child(properties, "vertAlign"), "val") == "superscript":
            text = _raised(text, "".join(said.pieces[-2:]))
        letters = sum(map(str.isalnum, text))
        said.pieces.append(text)
        said.letters += letters
        said.strong += letters if _is_on(properties, "b") else 0

    def _table(self, table: etree._Element, depth: int) -> None:
        rows = [row for row in _below(table, "tr", "tbl") if not _is_deleted(row)]
        cells = [list(_below(row, "tc", "tbl")) for row in rows]
        caption, self._caption = self._caption, ""
        long = any(len(" ".join(self._cell_lines(tc)).split()) > _LONGEST_CELL for row in cells for tc in row)
        marked = any(_is_on(child(row, "trPr"), "tblHeader") for row in rows)
        inner = any(local(node) == "tbl" for node in table.iterdescendants())
        if max(map(len, cells), default=0) < 2 or (not marked and (inner or long)):
            for row in cells:
                for tc in row:
                    self.blocks(tc, depth + 1)
            return
        if caption and self.parts and self.parts[-1].text == caption:
            self.parts.pop()
        if match := _CAPTION.match(caption):
            caption = match[1].rstrip(".")
        heads = 0
        while heads < len(rows) and _is_on(child(rows[heads], "trPr"), "tblHeader"):
            heads += 1
        self.parts += table_parts(self._grid(cells), caption, heads or None)

    def _grid(self, rows: Sequence[Sequence[etree._Element]]) -> list[list[Cell]]:
        """The cells of a table; a merged one stands at each of its places."""
        grid: list[list[Cell]] = []
        for row in rows:
            line: list[Cell] = []
            for tc in row:
                properties = child(tc, "tcPr")
                wide = min(60, max(1, _int(attribute(child(properties, "gridSpan"), "val"), 1)))
                merged = child(properties, "vMerge")
                goes_on = merged is not None and attribute(merged, "val") != "restart"
                above = grid[-1][len(line)] if grid and len(line) < len(grid[-1]) else None
                cell = above if goes_on and above is not None else self._cell(tc)
                line += [cell] * wide
            grid.append(line)
        width = max(map(len, grid), default=0)
        return [line + [EMPTY] * (width - len(line)) for line in grid]

    def _cell(self, tc: etree._Element) -> Cell:
        lines = self._cell_lines(tc)
        if not lines:
            return EMPTY
        said = [self._said(p, shaded=True) for p in tc.iter() if local(p) == "p"]
        return Cell(joined_lines(lines), strong=all(s.strong >= s.letters for s in said))

    def _cell_lines(self, tc: etree._Element) -> list[str]:
        shaded = _is_shaded(child(tc, "tcPr"))
        return [line for p in tc.iter() if local(p) == "p" for line in self._said(p, shaded=shaded).lines]


def _below(node: etree._Element, name: str, stop: str) -> Iterator[etree._Element]:
    """The elements of a name below a node, wrappers looked into, but nothing inside another `stop`."""
    for inner in node:
        if local(inner) == name:
            yield inner
        elif local(inner) not in (stop, "p", *_LEFT_OUT):
            yield from _below(inner, name, stop)


def _is_deleted(row: etree._Element) -> bool:
    return child(row, "trPr", "del") is not None


def _is_on(properties: etree._Element | None, name: str) -> bool:
    node = child(properties, name)
    return node is not None and attribute(node, "val").lower() not in ("0", "false", "off", "none")


def _is_white(properties: etree._Element | None) -> bool:
    """White letters on no ground of another colour."""
    white = attribute(child(properties, "color"), "val").upper() in ("FFFFFF", "FEFEFE")
    marked = child(properties, "highlight") is not None or _is_shaded(properties)
    return white and not marked


def _is_shaded(properties: etree._Element | None) -> bool:
    return attribute(child(properties, "shd"), "fill").upper() not in ("", "AUTO", "FFFFFF")


def _raised(text: str, before: str) -> str:
    """A raised number: a power behind a unit, else a mark that refers to a note typed by hand."""
    mark = text.strip()
    if not mark.isdigit():
        return text
    return f"^{mark}" if _UNIT.search(before) else ("" if before.strip() else text)


def _int(value: str, default: int) -> int:
    return int(value) if re.fullmatch(r"-?\d{1,6}", value) else default
