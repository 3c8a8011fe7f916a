"""PDF files: text in reading order, headings told by their letters, lists, tables as rows, page furniture left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.errors import SourceError
from ingest.clean import tidy
from ingest.readers.dates import iso_date
from ingest.readers.finish import finished
from ingest.readers.html_facts import facts_among
from ingest.readers.lines import BULLET_MARK, Line, marked_lines
from ingest.readers.notes import is_remark, reference
from ingest.readers.parts import Meta, Part, Reading
from ingest.readers.pdf_contents import contents_lines
from ingest.readers.pdf_layout import GridTable, Item, TextLine, ordered, without_leaders
from ingest.readers.pdf_pages import Pdf, Run, Sheet, open_pdf
from ingest.readers.tables import EMPTY, Cell, table_parts

_LEAST_LETTERS = 16
_LARGER = 1.12
_LONGEST_HEADING = 22
_NEW_PARAGRAPH = 1.35
# From line to line, in sizes of letters, where a text is too short to tell.
_USUAL_PITCH = 1.25
_FEW_STEPS = 8
# Of the lines of a text that is set with hyphenation, more than this share end with a hyphen.
_CUT_LINES = 0.03
# A running head stands this many sizes of letters or more away from the text.
_AWAY = 1.7
# A line that ends so far before its column's edge, as a share of the column, ends its paragraph.
_SHORT = 0.12
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?\W*$", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)\b.*|untitled\b.*|document\d*|print\w*|"
    r".*\.(?:docx?|indd|pdf|pptx?|odt|rtf|tex))$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]]*(?:\[\^[^\]]+\])*$")
_NUMBERED = re.compile(r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\S")
_CAPTION = re.compile(r"^(?:Table|Figure|Chart|Exhibit)\s+[\dA-Z][\d.]*\s*[.:–—-]\s*(.{3,150})$")
# A pair in a box of facts, on a line of its own.
_LABELLED = re.compile(r"^[^\W_a-z][^:.!?]{1,50}:(?:\s+\S+){1,4}$")
_NOTE = re.compile(r"^\[\^(?P<key>\d+-[\d*†‡§]+)\]\s*(?P<text>.+)$")
_FRACTION = re.compile(r"\b(\d) ?[/\u2044] ?(\d{1,2})\b")
# First parts of compounds: behind these a hyphen at a line's end stays.
_COMPOUNDS = frozenset(
    "self well non ex all cross high low long short full part half co pre post anti multi semi entry mid e on off "
    "hands face one two three first second third over under open real end back front up cost time job".split()
)


def read_pdf(data: bytes, name: str) -> Reading:
    """The parts of a PDF. `name`: its file's name. Raises SourceError for what holds no text or cannot be opened."""
    pdf = open_pdf(data)
    _check_text(pdf)
    style = _style_of(pdf)
    furniture = _furniture(pdf.sheets, style.body)
    writer = _Writer(style, {_key(mark.title): mark.level for mark in pdf.outline}, _vocabulary(pdf))
    contents: list[tuple[str, str]] = []
    for sheet in pdf.sheets:
        items = ordered(sheet, [run for run in sheet.runs if id(run) not in furniture.runs])
        if entries := contents_lines(items, len(pdf.sheets)):
            left_out = {id(line) for line in entries}
            items = [item for item in items if id(item) not in left_out]
            contents.append(("contents of the file", " ".join(line.text for line in entries)[:300]))
        writer.page(items)
    parts = facts_among(writer.close())
    notes = {key: reference(note) for key, note in writer.notes.items() if not is_remark(note)}
    parts += [Part("paragraph", note) for note in writer.notes.values() if is_remark(note)]
    reading = finished(parts, name, _meta(pdf, writer.largest))
    published = reading.meta.published or _day(pdf.told.get("created", ""))
    meta = replace(reading.meta, published=published)
    hidden = [("hidden text", sheet.hidden[:300]) for sheet in pdf.sheets if sheet.hidden]
    blank = [
        ("page without text", f"page {s.number + 1} is a picture") for s in pdf.sheets if s.pictures and not s.runs
    ]
    return replace(
        reading, meta=meta, notes=notes, dropped=(*furniture.dropped, *contents, *hidden, *blank, *reading.dropped)
    )


def _vocabulary(pdf: Pdf) -> Counter[str]:
    """How often the whole file writes each word: that tells whether a hyphen at the end of a line is its own."""
    text = "\n".join(run.text for sheet in pdf.sheets for run in sheet.runs)
    return Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))


def _check_text(pdf: Pdf) -> None:
    letters = sum(sheet.letters for sheet in pdf.sheets)
    if letters < _LEAST_LETTERS or not any(sheet.runs for sheet in pdf.sheets):
        if any(sheet.pictures for sheet in pdf.sheets):
            raise SourceError(
                "The PDF holds pictures of pages and no text layer (a scan); "
                "run text recognition (OCR) over it and ingest that."
            )
        raise SourceError("The PDF holds no text to read.")
    if sum(sheet.unmapped for sheet in pdf.sheets) > 0.3 * letters:
        raise SourceError(
            "The PDF does not say which letters its fonts draw; run text recognition (OCR) over it and ingest that."
        )


def _meta(pdf: Pdf, largest: str) -> Meta:
    """What the file tells of itself; a title that a program made up is left out, and the largest line taken."""
    told = pdf.told
    title: str | None = told.get("title", "")
    first = _key(" ".join(run.text for sheet in pdf.sheets[:2] for run in sheet.runs))
    if (
        not title
        or _NO_TITLE.match(title)
        or not re.search(r"[^\W\d]{3}", title)
        or (largest and _key(title) not in first)
    ):
        title = largest or None
    elif largest and _key(largest).startswith(_key(title)):
        title = largest
    author = told.get("author")
    return Meta(
        title=title,
        author=author
        if author and not re.search(r"^\W*(?:user|admin|owner|author|unknown|anonymous)\b|@|\\", author, re.I)
        else None,
        publisher=told.get("publisher"),
        published=iso_date(told.get("published", "")),
        language=told.get("language"),
        summary=told.get("summary"),
    )


def _day(created: str) -> str | None:
    """`D:20240503121500+02'00'`, as PDF writes times, or an ISO time, as a date."""
    match = re.match(r"(?:D:)?((?:19|20)\d\d)-?(\d\d)-?(\d\d)", created)
    return iso_date("-".join(match.groups())) if match else iso_date(created)


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True, slots=True)
class _Styles:
    """`body`: the size of the running text; `pitch`: from one of its lines to the next; `sizes`: of headings, the
    largest first; `bold`: whether bold lines are headings (not where much of the text is bold); `cuts`: whether words
    are cut at the ends of lines, as many lines then show."""

    body: float
    pitch: float
    sizes: tuple[float, ...]
    bold: bool
    cuts: bool

    def level(self, size: float) -> int:
        """The level of a heading of that size from 1; bold lines of the body's size come below the last."""
        above = [place for place, larger in enumerate(self.sizes) if size >= larger - 0.3]
        return min(6, (above[0] if above else len(self.sizes)) + 1)


def _style_of(pdf: Pdf) -> _Styles:
    letters: Counter[float] = Counter()
    bold = total = 0
    pitches: Counter[float] = Counter()
    for sheet in pdf.sheets:
        for run in sheet.runs:
            letters[round(run.size * 2) / 2] += len(run.text)
            bold += len(run.text) * run.bold
            total += len(run.text)
        for a, b in pairwise(sorted(sheet.runs, key=lambda run: run.baseline)):
            if 0.8 * a.size < b.baseline - a.baseline < 2.2 * a.size and abs(a.size - b.size) < 0.3:
                pitches[round((b.baseline - a.baseline) / a.size, 1)] += 1
    body = max(letters, key=lambda size: letters[size])
    # In a few lines the steps between paragraphs are as frequent as those inside them.
    told = sum(pitches.values()) >= _FEW_STEPS
    pitch = (max(pitches, key=lambda step: (pitches[step], -step)) if told else _USUAL_PITCH) * body
    sizes = sorted((size for size in letters if size >= body * _LARGER), reverse=True)
    merged: list[float] = []
    for size in sizes:
        if not merged or merged[-1] - size > 0.6:
            merged.append(size)
    ends = [run.text.endswith("-") for sheet in pdf.sheets for run in sheet.runs if len(run.words) > 3]
    return _Styles(body, pitch, tuple(merged[:5]), bold < 0.4 * total, sum(ends) > _CUT_LINES * len(ends))


@dataclass(frozen=True, slots=True)
class _Furniture:
    """`runs`: the ids (as of `id()`) of the runs that are page furniture."""

    runs: frozenset[int]
    dropped: tuple[tuple[str, str], ...]


def _furniture(sheets: Sequence[Sheet], body: float) -> _Furniture:
    """Running heads and feet: lines at the edge of pages that come again at the same height; and page numbers."""
    edges: list[tuple[Sheet, str, float, list[Run]]] = []
    for sheet in sheets:
        edges += [(sheet, text, height, runs) for text, height, runs in _edge_lines(sheet, body)]
    seen: dict[tuple[str, int], set[int]] = {}
    for sheet, text, height, _ in edges:
        seen.setdefault((_running(text, sheet.number), round(height / 12)), set()).add(sheet.number)
    runs: set[int] = set()
    dropped: dict[tuple[str, str], None] = {}
    for sheet, text, height, found in edges:
        at = round(height / 12)
        often = len(set().union(*(seen.get((_running(text, sheet.number), near), ()) for near in (at - 1, at, at + 1))))
        if _PAGE_NUMBER.match(text):
            reason = "page number"
        elif often >= max(2, 0.25 * len(sheets)) or often >= 4:
            reason = "running head" if height < sheet.height / 2 else "running foot"
        else:
            continue
        runs |= {id(run) for run in found}
        dropped[reason, text if reason != "page number" else "page numbers"] = None
    return _Furniture(frozenset(runs), tuple(dropped))


def _edge_lines(sheet: Sheet, body: float) -> list[tuple[str, float, list[Run]]]:
    """(text, baseline, runs) of up to three lines at the upper and the lower edge that stand apart from the text."""
    rows: dict[int, list[Run]] = {}
    for run in sheet.runs:
        rows.setdefault(round(run.baseline / 2), []).append(run)
    lines = [sorted(rows[at], key=lambda run: run.left) for at in sorted(rows)]
    found = []
    for row in (*_outer(lines, body), *_outer(lines[::-1], body)):
        height = row[0].baseline
        margin = height < 0.12 * sheet.height or height > 0.9 * sheet.height
        text = " ".join(run.text for run in row)
        if margin and (row[0].size <= body * 1.3 or _PAGE_NUMBER.match(text)):
            found.append((text, height, row))
    return found


def _outer(lines: Sequence[list[Run]], body: float) -> Sequence[list[Run]]:
    """The first lines up to a wide gap, at most three; without a gap those in other letters than the text's."""
    for count in range(1, min(4, len(lines))):
        if abs(lines[count][0].baseline - lines[count - 1][0].baseline) > _AWAY * body:
            return lines[:count]
    count = 0
    while count < min(3, len(lines)) and abs(lines[count][0].size - body) > 0.05 * body:
        count += 1
    return lines[:count]


def _running(text: str, page: int) -> str:
    """A line with its page number made alike on all pages; other figures stay as they are."""
    return re.sub(r"\d{1,4}", lambda m: f"#{int(m[0]) - page}" if abs(int(m[0]) - page) < 40 else m[0], text)


@dataclass(slots=True)
class _Writer:
    """Parts under construction, page by page. `largest`: the largest line of the first page, "" where none is large."""

    styles: _Styles
    outline: Mapping[str, int]
    vocabulary: Counter[str]
    parts: list[Part] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    largest: str = ""
    _lines: list[TextLine] = field(default_factory=list)
    _open: str = ""  # what the lines collected belong to: "", "paragraph", "heading", "item"
    _item: Part | None = None
    _indents: list[float] = field(default_factory=list)
    _pages: int = 0

    def page(self, items: Sequence[Item]) -> None:
        """The lines and tables of one page, in reading order."""
        if not self._pages:
            self._find_largest(items)
        self._pages += 1
        place = 0
        while place < len(items):
            item = items[place]
            if isinstance(item, GridTable):
                self._table(item.grid)
                place += 1
            elif rows := _table_at(items, place, self.styles):
                self._table(rows.grid)
                place += rows.count
            else:
                self._line(item)
                place += 1

    def close(self) -> list[Part]:
        self._end()
        return self.parts

    def _find_largest(self, items: Sequence[Item]) -> None:
        lines = [item for item in items if isinstance(item, TextLine) and re.search(r"[^\W\d]{2}", item.text)]
        top = max((line.size for line in lines), default=0.0)
        if top < self.styles.body * 1.25:
            return
        first = next(place for place, line in enumerate(lines) if line.size >= top - 0.3)
        title = [lines[first]]
        for line in lines[first + 1 :]:
            if abs(line.size - top) > 0.5 or line.baseline - title[-1].baseline > 1.8 * top:
                break
            title.append(line)
        text = self._joined(title)
        self.largest = text if len(text.split()) <= 30 else ""

    def _table(self, grid: Sequence[Sequence[Cell]]) -> None:
        self._end()
        caption = ""
        if self.parts and self.parts[-1].kind in ("paragraph", "heading"):
            above = self.parts[-1].text
            if match := _CAPTION.match(above):
                caption = match[1].rstrip(".")
                self.parts.pop()
        self.parts += table_parts(grid, caption)

    def _line(self, line: TextLine) -> None:
        text = line.text
        note = _NOTE.match(text)
        if note and line.size < 0.97 * self.styles.body and note["key"] not in self.notes:
            self._end()
            self.notes[note["key"]] = note["text"]
            self._open, self._lines = f"note {note['key']}", [line]
            return
        level = self._heading_level(line)
        if level:
            if self._open == "heading" and self._goes_on_heading(line):
                self._lines.append(line)
                return
            self._end()
            self._open, self._lines = "heading", [line]
            return
        before = self._lines[-1] if self._lines else None
        marked = marked_lines([text], [before.text] if before and self._open == "item" else [])[0]
        if marked.mark and self._is_item(line, marked):
            self._end()
            depth = self._depth(line.left)
            self._open, self._lines = "item", [line]
            self._item = Part("item", marked.text, level=depth, number=marked.number)
            return
        if before is not None and self._goes_on(before, line):
            self._lines.append(line)
            return
        if before is not None and self._open == "heading" and self._runs_in(before, line):
            self._open = "paragraph"
            self._lines.append(line)
            return
        self._end()
        self._open, self._lines = "paragraph", [line]

    def _is_item(self, line: TextLine, marked: Line) -> bool:
        """Whether a line that begins like an item is one: not a number that only happens to begin a line."""
        if marked.number is None:
            return True
        before = self._lines[-1] if self._lines else None
        if before is None or self._open == "item":
            return True
        mid_sentence = (
            not _ENDS.search(before.text) and line.baseline - before.baseline < _NEW_PARAGRAPH * self.styles.pitch
        )
        return not (mid_sentence and abs(line.left - before.left) < 2 and self._open == "paragraph")

    def _heading_level(self, line: TextLine) -> int:
        """The level of a heading, 0 where a line is none."""
        text = line.text
        words = len(text.split())
        if not re.search(r"[^\W\d]", text) or words > _LONGEST_HEADING or BULLET_MARK.match(text):
            return 0
        level = self.outline.get(_key(text))
        larger = line.size >= self.styles.body * _LARGER
        if level is not None and (larger or line.bold or words <= 14):
            return min(6, level)
        if larger and not (text.endswith(".") and words > 8):
            return self.styles.level(line.size)
        bold = self.styles.bold and line.bold and line.size >= 0.97 * self.styles.body
        alone = not self._lines or line.baseline - self._lines[-1].baseline != 0
        if not bold or words > 16 or re.search(r"[.,;:]$", text) or text[:1].islower() or not alone:
            return 0
        number = _NUMBERED.match(text)
        base = len(self.styles.sizes) + 1
        return min(6, base + (number["number"].count(".") if number else 0))

    def _goes_on_heading(self, line: TextLine) -> bool:
        before = self._lines[-1]
        near = 0 < line.baseline - before.baseline < 1.6 * before.size
        full = before.right > before.right_edge - 0.35 * (before.right_edge - before.left_edge)
        return (
            near
            and abs(line.size - before.size) < 0.6
            and line.bold == before.bold
            and full
            and not BULLET_MARK.match(line.text)
            and not _NUMBERED.match(line.text)
        )

    def _runs_in(self, before: TextLine, line: TextLine) -> bool:
        """Whether a bold line was no heading but the beginning of a paragraph, whose bold words go on in this line."""
        step = line.baseline - before.baseline
        return (
            before.bold
            and line.runs[0].opens_bold
            and abs(line.size - before.size) < 0.3
            and before.size < self.styles.body * _LARGER
            and 0 < step <= 1.1 * self._pitch(before)
            and (line.text[:1].islower() or self._is_full(before, line))
        )

    def _goes_on(self, before: TextLine, line: TextLine) -> bool:
        """Whether a line goes on with what is being collected."""
        if self._open == "heading":
            return False
        step = line.baseline - before.baseline
        if self._open.startswith("note"):
            return (
                0 < step < 1.8 * before.size
                and abs(line.size - before.size) < 0.6
                and line.left >= before.left_edge - 2
            )
        if step <= 0 or step > 4 * self.styles.pitch or line.left_edge != before.left_edge:
            # The next column or page: a sentence may go on there.
            return (
                not _ENDS.search(before.text)
                and abs(line.size - before.size) < 0.6
                and (line.text[:1].islower() or self._is_full(before, line))
            )
        if abs(line.size - before.size) > 0.08 * before.size + 0.3 or step > _NEW_PARAGRAPH * self._pitch(before):
            return False
        if self._open == "item":
            first = self._lines[0]
            hangs = line.left > first.left + 0.3 * first.size
            return hangs or (not _ENDS.search(before.text) and self._is_full(before, line))
        if _LABELLED.match(before.text) and _LABELLED.match(line.text):
            return False
        indented = line.left - before.left > 0.8 * line.size
        if indented and (len(self._lines) > 1 or _ENDS.search(before.text)):
            return False
        if line.bold and not before.bold and not self._is_full(before, line):
            return False
        return self._is_full(before, line) or not _ENDS.search(before.text)

    def _pitch(self, line: TextLine) -> float:
        return max(self.styles.pitch * line.size / self.styles.body, 1.05 * line.size)

    def _is_full(self, line: TextLine, after: TextLine) -> bool:
        """Whether the first word of the next line would not have fitted behind this one."""
        width = line.right_edge - line.left_edge
        first = after.runs[0].words[0]
        return line.right + 0.25 * line.size + (first.right - first.left) > line.right_edge - _SHORT * 0.5 * width

    def _depth(self, left: float) -> int:
        """The depth of an item whose mark stands at `left`."""
        if not self._indents or not self.parts or self.parts[-1].kind not in ("item", "paragraph"):
            self._indents = [left]
            return 0
        while len(self._indents) > 1 and left < self._indents[-1] - 4:
            self._indents.pop()
        if left > self._indents[-1] + 8:
            self._indents.append(left)
        elif len(self._indents) == 1:
            self._indents[0] = left
        return len(self._indents) - 1

    def _end(self) -> None:
        """What was collected becomes a part."""
        lines, kind, item = self._lines, self._open, self._item
        self._lines, self._open, self._item = [], "", None
        if not lines:
            return
        text = self._joined(lines)
        if kind.startswith("note"):
            key = kind.split()[1]
            match = _NOTE.match(text)
            self.notes[key] = match["text"] if match else text
        elif kind == "heading":
            self._indents = []
            self.parts.append(Part("heading", text, self._heading_level(lines[0]) or 6))
        elif item is not None:
            first = marked_lines([text], [lines[0].text])[0]
            self.parts.append(replace(item, text=first.text if first.mark else text))
        else:
            self.parts.append(Part("paragraph", text))

    def _joined(self, lines: Sequence[TextLine]) -> str:
        """Lines as one, words that were cut at a line's end made whole."""
        text = lines[0].text
        for line in lines[1:]:
            cut = re.search(r"([^\W\d_]+)-$", text)
            head = re.match(r"[^\W\d_]+", line.text)
            if cut and head and head[0].islower():
                text = text if self._keeps_hyphen(cut[1], head[0]) else text[:-1]
                text += line.text
            elif text.endswith(("/", "–")) or (text.endswith("-") and re.search(r"\d-$", text)):
                text += line.text
            else:
                text = f"{text} {line.text}"
        return _FRACTION.sub(r"\1/\2", without_leaders(tidy(text)))

    def _keeps_hyphen(self, head: str, tail: str) -> bool:
        """Whether a hyphen at a line's end is the word's own: as the text writes it elsewhere, or by its head.

        Where hardly a line ends with a hyphen, those that do end within a compound.
        """
        whole, apart = (head + tail).casefold(), f"{head}-{tail}".casefold()
        if self.vocabulary[whole] != self.vocabulary[apart]:
            return self.vocabulary[apart] > self.vocabulary[whole]
        return head.casefold() in _COMPOUNDS or not self.styles.cuts


@dataclass(frozen=True, slots=True)
class _Rows:
    """An unruled table and how many items it takes."""

    grid: tuple[tuple[Cell, ...], ...]
    count: int


def _table_at(items: Sequence[Item], place: int, styles: _Styles) -> _Rows | None:
    """The table whose rows begin here: neighbouring lines of several runs whose columns stand under each other."""
    lines: list[TextLine] = []
    for item in items[place:]:
        if not isinstance(item, TextLine) or not _may_be_row(item, lines, styles):
            break
        lines.append(item)
    while lines and len(lines[-1].runs) < 2:
        lines.pop()
    if sum(len(line.runs) > 1 for line in lines) < 2 or len(lines[0].runs) < 2:
        return None
    columns = _columns(lines)
    if len(columns) < 2 or len(columns) > 20:
        return None
    whole = [line for line in lines if len(line.runs) > 1]
    figures = sum(bool(re.search(r"\d", run.text)) for line in whole for run in line.runs[1:])
    if len(whole) < 3 and not figures and not whole[0].bold:
        return None
    if BULLET_MARK.match(lines[0].text) and len(columns) == 2 and len(lines[0].runs[0].text) <= 3:
        return None
    return _Rows(tuple(_rows(lines, columns)), len(lines))


def _may_be_row(line: TextLine, lines: Sequence[TextLine], styles: _Styles) -> bool:
    if not lines:
        return len(line.runs) > 1
    before = lines[-1]
    step = line.baseline - before.baseline
    if not 0 < step < 2.6 * styles.pitch:
        return False
    if len(line.runs) > 1:
        return True
    # A line of one run: the rest of a cell, if it stands under one column and close to its row.
    return (
        step < 1.3 * styles.pitch
        and any(
            run.left - 2 <= line.left and line.right <= run.right + 0.6 * (run.right - run.left) + 30
            for run in before.runs
        )
        and (line.left > before.runs[0].right or line.text[:1].islower())
    )


def _columns(lines: Sequence[TextLine]) -> list[tuple[float, float]]:
    """The strips in which runs stand, from left to right; one where runs of several lines overlap all along."""
    spans = sorted((run.left, run.right) for line in lines if len(line.runs) > 1 for run in line.runs)
    found: list[tuple[float, float]] = []
    for left, right in spans:
        if found and left < found[-1][1] + 1.5:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _rows(lines: Sequence[TextLine], columns: Sequence[tuple[float, float]]) -> list[tuple[Cell, ...]]:
    """Lines as rows of cells; a line that only goes on with cells of the row above is joined to it."""
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        cells = [EMPTY] * len(columns)
        for run in line.runs:
            at = min(
                range(len(columns)),
                key=lambda column: -(min(run.right, columns[column][1]) - max(run.left, columns[column][0])),
            )
            text = f"{cells[at].text} {run.text}".strip()
            cells[at] = Cell(without_leaders(text), strong=run.bold)
        if rows and len(line.runs) < 2:
            rows[-1] = tuple(
                Cell(f"{above.text} {cell.text}".strip(), strong=above.strong) if cell.text else above
                for above, cell in zip(rows[-1], cells, strict=True)
            )
        else:
            rows.append(tuple(cells))
    return rows
