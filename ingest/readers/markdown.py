"""Markdown, as CommonMark with tables and footnotes, and the ways in which real files stray from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from ingest.readers.finish import finished
from ingest.readers.inline import InlineLine, inline_lines, inline_text
from ingest.readers.lines import Line, is_full, logical_lines, wrap_width
from ingest.readers.notes import is_remark, reference, take_notes
from ingest.readers.parts import Meta, Part, Reading
from ingest.readers.plain import read_plain
from ingest.readers.structure import structure
from ingest.readers.tables import Cell, table_parts

_SIGNS = (
    re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE),
    re.compile(r"^[^\n]+\n {0,3}(?:=+|-{3,})[ \t]*$", re.MULTILINE),
    re.compile(r"\*\*[^*\s][^*\n]*\*\*|__[^_\s][^_\n]*__"),
    re.compile(r"\[[^\]\n]+\]\([^)\s]+[^)\n]*\)"),
    re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE),
    re.compile(r"^ {0,3}\|?(?: *:?-+:? *\|)+ *(?::?-+:? *)?$", re.MULTILINE),
    re.compile(r"\[\^[^\]\s]+\]"),
)
_HEADED = _SIGNS[0]
_ITEM = re.compile(r"^(?P<indent>\s*)(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
_STRONG_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])[ \t]+(\*\*|__)[^*_\n]+\1:?$")
_BLOCK_START = re.compile(r"^ {0,3}(?:#{1,6}\s|>|```|~~~|\||<|[-*_]{3,}\s*$|=+\s*$)|^\s*(?:[-*+]|\d{1,3}[.)])\s")
_FENCE_LINE = re.compile(r"^ {0,3}(?:```|~~~)")
_CONTAINER = re.compile(r"^ {0,3}:::+.*$", re.MULTILINE)
_LONGEST_HEADING = 24
# More marks than this in one block is no writing, and takes a parser of Markdown minutes.
_MOST_MARKS = 4_000


def is_markdown(text: str, *, named: bool) -> bool:
    """Whether a text is written in Markdown. `named`: its file's name says so, and one sign is enough."""
    if any(sum(map(block.count, "[*_`<")) > _MOST_MARKS for block in re.split(r"\n[ \t]*\n", text)):
        return False
    signs = sum(bool(sign.search(text)) for sign in _SIGNS)
    return signs >= 1 if named or _HEADED.search(text) else signs >= 2


def read_markdown(text: str, name: str, meta: Meta | None = None) -> Reading:
    """The parts of a Markdown text without front matter; `meta`: what that said. `name`: the file's name."""
    body, notes = take_notes(_CONTAINER.sub("", text))
    width = wrap_width(body)
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .use(deflist_plugin)
        .parse(_lists_closed(body, width))
    )
    remarks = [Part("paragraph", note) for note in notes.values() if is_remark(note)]
    references = {key: reference(note) for key, note in notes.items()}
    if not any(token.type == "heading_open" for token in tokens) and not any(t.type == "table_open" for t in tokens):
        reading = read_plain(_unmarked(tokens, body), name, meta)
        return replace(reading, parts=(*reading.parts, *remarks), notes=references)
    parts = _Walk(width).walk(tokens)
    return replace(finished([*parts, *remarks], name, meta or Meta()), notes=references)


def _lists_closed(text: str, width: int) -> str:
    """The text with an empty line behind a list where an unindented line follows it.

    By the letter of CommonMark such a line goes on with the last item. In files of one line a paragraph it is the
    next paragraph; under an item that is one emphasised label it is the item's text on a line of its own.
    """
    lines = text.split("\n")
    out: list[str] = []
    fenced = False
    for place, line in enumerate(lines):
        fenced ^= bool(_FENCE_LINE.match(line))
        before = lines[place - 1] if place else ""
        if (
            not fenced
            and line.strip()
            and not line[0].isspace()
            and _ITEM.match(before)
            and not _BLOCK_START.match(line)
        ):
            if _STRONG_ITEM.match(before.rstrip()):
                out[-1] = before.rstrip() + "  "
            elif (
                not before.endswith(("  ", "\\"))
                and not line[0].islower()
                and not (width and is_full(before, line, width))
            ):
                out.append("")
        out.append(line)
    return "\n".join(out)


def _unmarked(tokens: Sequence[Token], body: str) -> str:
    """A Markdown text without a marked heading, as plain text: its lines stay, their inline marks go."""
    lines = body.split("\n")
    for token in tokens:
        if token.type != "inline" or not token.map:
            continue
        for offset, source in enumerate(token.content.split("\n")):
            place = token.map[0] + offset
            if place >= len(lines) or not source:
                continue
            words = inline_text(MarkdownIt("commonmark").parseInline(source)[0])
            at = lines[place].find(source)
            if at >= 0:
                lines[place] = lines[place][:at] + words
    return re.sub(r"^ {0,3}> ?", "", "\n".join(lines), flags=re.MULTILINE)


@dataclass(slots=True)
class _Item:
    """A list item being read: its depth, its number, and whether its own line has been given."""

    level: int
    number: int | None
    said: bool = False


@dataclass(slots=True)
class _Walk:
    """One pass over block tokens. `width`: the column at which the source was broken by hand, 0 for none."""

    width: int
    parts: list[Part] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)

    def walk(self, tokens: Sequence[Token]) -> list[Part]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "table_open":
                end = next(p for p in range(place, len(tokens)) if tokens[p].type == "table_close")
                self.parts += table_parts(_grid(tokens[place:end]), _caption(self.parts), heads=1)
                place = end
            elif token.type == "dl_open":
                place = self._definitions(tokens, place)
            elif token.type == "heading_open":
                self._heading(int(token.tag[1]), tokens[place + 1])
                place += 2
            elif token.type == "list_item_open":
                number = int(token.info) if token.info.isdigit() else None
                self.items.append(_Item(len(self.items), number))
            elif token.type == "list_item_close":
                self.items.pop()
            elif token.type == "inline":
                self._paragraph(inline_lines(token))
            elif token.type in ("fence", "code_block"):
                self.parts.append(Part("paragraph", token.content, self._level(), verbatim=True))
            elif token.type == "html_block":
                self._html(token.content)
            place += 1
        return self.parts

    def _definitions(self, tokens: Sequence[Token], place: int) -> int:
        """A definition list: short definitions are facts, others paragraphs below their term; where it ends."""
        term = ""
        while tokens[place].type != "dl_close":
            token = tokens[place]
            if token.type == "dt_open":
                term = inline_text(tokens[place + 1]).rstrip(":")
                place += 1
            elif token.type == "inline" and (text := inline_text(token)):
                self.parts.append(Part("fact" if len(text.split()) <= 40 else "paragraph", f"{term}: {text}"))
            place += 1
        return place

    def _level(self) -> int:
        return self.items[-1].level + 1 if self.items else 0

    def _heading(self, level: int, inline: Token) -> None:
        text = inline_text(inline)
        if len(text.split()) > _LONGEST_HEADING:
            self.parts.append(Part("paragraph", text))
        else:
            self.parts.append(Part("heading", text.rstrip("# "), level))

    def _paragraph(self, lines: Sequence[InlineLine]) -> None:
        if not lines:
            return
        if self.items:
            self._in_item(lines)
        elif len(lines) == 1:
            line = lines[0]
            bold_heading = line.strong and len(line.text.split()) <= 14 and not re.search(r"[.!:,;]$", line.text)
            self.parts.append(Part("heading", line.text, 6) if bold_heading else Part("paragraph", line.text))
        else:
            self.parts += structure(self._logical(lines))

    def _in_item(self, lines: Sequence[InlineLine]) -> None:
        item = self.items[-1]
        if item.said:
            text = " ".join(line.text for line in lines)
            self.parts.append(Part("paragraph", text, item.level + 1))
            return
        item.said = True
        cut = 1 if len(lines) > 1 and (lines[0].broken or lines[0].strong) else len(lines)
        label = re.sub(r"^\[[ xX]\]\s+", "", " ".join(line.text for line in lines[:cut]))
        self.parts.append(Part("item", label, item.level, item.number))
        if rest := " ".join(line.text for line in lines[cut:]):
            self.parts.append(Part("paragraph", rest, item.level + 1))

    def _logical(self, lines: Sequence[InlineLine]) -> list[Line]:
        """Source lines joined where they were broken for want of room; hard breaks stay, bold lines become headings."""
        logical: list[Line] = []
        run: list[str] = []
        for place, line in enumerate(lines):
            bold = line.strong and place + 1 < len(lines) and not line.text.endswith((".", ":"))
            if bold:
                logical += logical_lines("\n".join(run), self.width) if run else []
                run = []
                logical.append(Line(line.text, rule="*"))
                continue
            run.append(line.text)
            if line.broken:
                logical += logical_lines("\n".join(run), self.width)
                run = []
        return logical + (logical_lines("\n".join(run), self.width) if run else [])

    def _html(self, markup: str) -> None:
        from ingest.readers.html import parts_of_fragment

        self.parts += parts_of_fragment(markup)


def _grid(tokens: Sequence[Token]) -> list[list[Cell]]:
    grid: list[list[Cell]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            grid.append([])
        elif token.type in ("th_open", "td_open"):
            lines = inline_lines(tokens[place + 1])
            strong = bool(lines) and all(line.strong for line in lines)
            grid[-1].append(Cell(" ".join(line.text for line in lines), header=token.type == "th_open", strong=strong))
    return grid


def _caption(parts: Sequence[Part]) -> str:
    """A line `Table 2: Pay by industry` right above a table, without its number."""
    if not parts or parts[-1].kind not in ("paragraph", "heading") or len(parts[-1].text.split()) > 20:
        return ""
    match = re.match(r"^(?:Table|Figure|Chart|Exhibit)\s+[\dA-Z][\d.]*\s*[.:–—-]\s*(.+)$", parts[-1].text)
    return match[1] if match else ""
