"""PDF bytes as pages of text runs with their places, and what the file tells of itself. The one importer of PDFium.

All lengths are points; places count from the upper left corner of the page as it is read, so that y grows downwards.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

from corpus.errors import SourceError
from ingest.clean import tidy

# More pages than this are an archive and no guide.
MOST_PAGES = 3_000
_MOST_FIELDS = 2_000
_TICKS = frozenset(("Off", "On", "Yes", "No", "1", "0"))
_MOST_FIELDS = 2_000
# What a box to tick holds.
_TICKS = frozenset(("Off", "On", "Yes", "No", "1", "0"))
# A gap of this many ems sets two pieces of a line apart: columns, or the cells of a table.
_APART = 1.1
_SPACE = 0.22
_RAISED, _SMALL = 0.18, 0.82
_MARK = re.compile(r"^(?:\d{1,3}|[*†‡§])$")
_UNITS = re.compile(r"(?:^|[\s\d/])(?:m|km|cm|mm|ft|s|10)$")
_THIN = 2.0
# What programs write where nobody said anything.
_PLACEHOLDER = re.compile(r"^\W*(?:anonymous|unspecified|untitled|unknown|none|null)?\W*$", re.IGNORECASE)
_PACKET = re.compile(rb"<x:xmpmeta\b.{0,200000}?</x:xmpmeta>", re.DOTALL)
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP_NAMES = {
    "{http://purl.org/dc/elements/1.1/}title": "title",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/elements/1.1/}publisher": "publisher",
    "{http://purl.org/dc/elements/1.1/}language": "language",
    "{http://purl.org/dc/elements/1.1/}description": "summary",
    "{http://purl.org/dc/elements/1.1/}date": "published",
    "{http://prismstandard.org/namespaces/basic/2.0/}publicationDate": "published",
    "{http://ns.adobe.com/xap/1.0/}CreateDate": "created",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a piece of one: what stands between two spaces of a run."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Run:
    """Words on one baseline without a wide gap between them. `size`: of the letters; `bold`: all of them are;
    `opens_bold`: the first one is."""

    words: tuple[Word, ...]
    baseline: float
    size: float
    bold: bool
    opens_bold: bool = False

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, level (`top == bottom`) or upright (`left == right`)."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle or a picture."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `hidden`: text on it that a person looking at it does not see. `pictures`: images on it."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]
    hidden: str
    pictures: int
    letters: int
    unmapped: int


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the outline; `level` from 1."""

    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Pdf:
    """`told`: title, author, publisher, language, summary, published, created, each where the file tells it."""

    sheets: tuple[Sheet, ...]
    outline: tuple[Mark, ...]
    told: dict[str, str]


def open_pdf(data: bytes) -> Pdf:
    """Raises SourceError, in a sentence, for a file that is broken or locked or has far too many pages."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "assword" in str(error):
            raise SourceError("The PDF is locked with a password; save a copy without one and ingest that.") from None
        raise SourceError(
            "The PDF is broken and cannot be opened; open it in a PDF viewer, print it to a new PDF and ingest that."
        ) from None
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise SourceError(f"The PDF has {count:,} pages; more than {MOST_PAGES:,} are not read. Split it up.")
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            document.init_forms()
        sheets = tuple(_sheet(document, number) for number in range(count))
        return Pdf(sheets, tuple(_outline(document)), {**_info(document), **_packet(data)})
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"The PDF is broken and cannot be read ({error}); print it to a new PDF.") from None
    finally:
        document.close()


def _outline(document: Any) -> Iterator[Mark]:
    """The bookmarks; PDFium stops at those that name themselves."""
    for count, bookmark in enumerate(document.get_toc(max_depth=6)):
        if count >= 2_000:
            return
        if title := tidy(bookmark.get_title() or ""):
            yield Mark(title, bookmark.level + 1)


def _info(document: Any) -> dict[str, str]:
    said = document.get_metadata_dict(skip_empty=True)
    names = {"Title": "title", "Author": "author", "Subject": "summary", "CreationDate": "created"}
    told = {name: tidy(said[key]) for key, name in names.items() if said.get(key)}
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    if 2 < size < 100:
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
        told["language"] = tidy(buffer.raw[: size - 2].decode("utf-16-le", errors="replace"))
    return {name: value for name, value in told.items() if value and not _PLACEHOLDER.match(value)}


def _packet(data: bytes) -> dict[str, str]:
    """What the XMP packet says. It is written uncompressed, and so found without reading the file's structure."""
    found = _PACKET.search(data)
    if found is None:
        return {}
    try:
        root = etree.fromstring(found[0], etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return {}
    told: dict[str, str] = {}
    for node in root.iter():
        name = _XMP_NAMES.get(str(node.tag))
        entries = [tidy(entry.text or "") for entry in node.iter(f"{_RDF}li")] if name else []
        value = ", ".join(filter(None, entries)) or (tidy(node.text or "") if name else "")
        if name and value and value != "x-default":
            told.setdefault(name, value)
        for attribute, text in node.attrib.items():
            if (name := _XMP_NAMES.get(str(attribute))) and (value := tidy(str(text))):
                told.setdefault(name, value)
    return told


def _sheet(document: Any, number: int) -> Sheet:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        # One page that cannot be loaded does not take the others with it.
        return Sheet(number, 0, 0, (), (), "", 0, 0, 0)
    if document.formenv is not None and _is_filled_in(page) and _is_flattened(page):
        page.close()
        page = document[number]
    try:
        with _text_page(page) as text_page:
            return _read_sheet(page, text_page, number)
    finally:
        page.close()


def _is_flattened(page: Any) -> bool:
    """Draw what stands in fields on the page itself, where it is read as a person sees it; it must be opened anew."""
    return bool(pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS)


def _is_filled_in(page: Any) -> bool:
    """Whether somebody wrote into a field of the page; what is a box to tick has no words."""
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MOST_FIELDS)):
        field = pdfium.FPDFPage_GetAnnot(page.raw, at)
        if not field:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(field) == pdfium.FPDF_ANNOT_WIDGET:
                size = pdfium.FPDFAnnot_GetStringValue(field, b"V", None, 0)
                buffer = ctypes.create_string_buffer(size)
                text = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
                pdfium.FPDFAnnot_GetStringValue(field, b"V", text, size)
                if (said := buffer.raw.decode("utf-16-le", errors="replace").strip("\0 ")) and said not in _TICKS:
                    return True
        finally:
            pdfium.FPDFPage_CloseAnnot(field)
    return False


@contextmanager
def _text_page(page: Any) -> Iterator[Any]:
    text_page = page.get_textpage()
    try:
        yield text_page
    finally:
        text_page.close()


def _read_sheet(page: Any, text_page: Any, number: int) -> Sheet:
    left, bottom, right, top = page.get_cropbox()
    letters = _letters(text_page)
    turn = _turn(letters)
    place = _Place(left, bottom, right, top, turn)
    rules, boxes, pictures = _drawings(page, place)
    shown: list[_Letter] = []
    hidden: list[str] = []
    for letter in letters:
        at = place.letter(letter)
        if letter.angle != turn:
            continue  # along the margin
        if _is_shown(at, boxes, place):
            shown.append(at)
        else:
            hidden.append(f"{' ' if letter.space else ''}{letter.text}")
    runs = tuple(run for run in _runs(shown, number) if run.words)
    unmapped = sum(letter.unmapped for letter in letters)
    width, height = place.size
    said = " ".join("".join(hidden).split())
    return Sheet(number, width, height, runs, rules, said, pictures, len(letters), unmapped)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a text object is drawn. `white`: its letters are white; `unseen`: they are not painted at all."""

    size: float
    bold: bool
    white: bool
    unseen: bool


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    left: float
    right: float
    baseline: float
    style: _Style
    angle: int
    space: bool  # a space stands before it
    unmapped: bool


_UNKNOWN = _Style(10.0, False, False, False)


def _letters(text_page: Any) -> list[_Letter]:
    """The letters of a page in the order in which PDFium gives them, in the page's own coordinates."""
    letters: list[_Letter] = []
    styles: dict[int, _Style] = {}
    raw = text_page.raw
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    space = False
    for at in range(pdfium.FPDFText_CountChars(raw)):
        point = pdfium.FPDFText_GetUnicode(raw, at)
        text = _character(raw, at, point)
        if not text:
            space = space or point in (0x20, 0x09, 0xA0, 0x0A, 0x0D, 0x3000)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(raw, at, box) or not pdfium.FPDFText_GetCharOrigin(raw, at, x, y):
            continue
        # PDFium counts clockwise; here 1 is text that runs upwards.
        angle = -round(math.degrees(pdfium.FPDFText_GetCharAngle(raw, at)) / 90) % 4
        drawn = pdfium.FPDFText_GetTextObject(raw, at)
        key = ctypes.addressof(drawn.contents) if drawn else 0
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(raw, at, drawn)
        unmapped = pdfium.FPDFText_HasUnicodeMapError(raw, at) == 1 or 0xE000 <= point < 0xF900
        letters.append(_turned(_Letter(text, box.left, box.right, y.value, style, angle, space, unmapped), box))
        space = False
    return letters


def _turned(letter: _Letter, box: Any) -> _Letter:
    """Of text drawn upwards or downwards the extent along its own line; see _Place."""
    if letter.angle % 2 == 0:
        return letter
    foot = box.right if letter.angle == 1 else box.left
    return _Letter(letter.text, box.bottom, box.top, foot, letter.style, letter.angle, letter.space, letter.unmapped)


def _character(raw: Any, at: int, point: int) -> str:
    """A character as text; "" for white space and for what is none. PDFium tells a hyphen at a line's end by code 2."""
    if point == 2 or (point in (0xFFFE, 0xAD) and pdfium.FPDFText_IsHyphen(raw, at)):
        return "-"
    if point in (0, 0x20, 0xA0, 0x3000, 0xFFFE, 0xFFFF) or point < 0x20 or point > 0x10FFFF or 0xD800 <= point < 0xE000:
        return ""
    return chr(point)


def _style(raw: Any, at: int, drawn: Any) -> _Style:
    size = pdfium.FPDFText_GetFontSize(raw, at) or 10.0
    matrix = pdfium.FS_MATRIX()
    if pdfium.FPDFText_GetMatrix(raw, at, matrix):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
    weight = pdfium.FPDFText_GetFontWeight(raw, at)
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(raw, at, buffer, 128, flags)
    name = buffer.value.decode("utf-8", errors="replace")
    bold = (
        weight >= 600
        or bool(re.search(r"bold|black|heavy|semibd|demi", name, re.IGNORECASE))
        or bool(flags.value & (1 << 18))
    )
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    white = False
    if pdfium.FPDFText_GetFillColor(raw, at, red, green, blue, alpha):
        white = min(red.value, green.value, blue.value) >= 250 or alpha.value <= 5
    unseen = bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) in (
        pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
        pdfium.FPDF_TEXTRENDERMODE_CLIP,
    )
    return _Style(abs(size), bold, white, unseen)


def _turn(letters: Sequence[_Letter]) -> int:
    """The direction in which most of a page's text runs, in quarter turns."""
    counts = [0, 0, 0, 0]
    for letter in letters:
        counts[letter.angle] += 1
    return counts.index(max(counts))


class _Place:
    """From the page's coordinates (y upwards, text perhaps turned) to those in which it is read."""

    def __init__(self, left: float, bottom: float, right: float, top: float, turn: int) -> None:
        self._edges = (left, bottom, right, top)
        self._turn = turn
        wide, tall = right - left, top - bottom
        self.size = (wide, tall) if turn % 2 == 0 else (tall, wide)

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._edges
        if self._turn == 0:
            return x - left, top - y
        if self._turn == 1:
            return y - bottom, x - left
        if self._turn == 2:
            return right - x, y - bottom
        return top - y, right - x

    def letter(self, letter: _Letter) -> _Letter:
        """A letter that runs in the page's direction, at its place. Of a turned one `left` and `right` are the extent
        along its line and `baseline` the other coordinate."""
        if self._turn % 2 == 0:
            a, baseline = self.point(letter.left, letter.baseline)
            b, _ = self.point(letter.right, letter.baseline)
        else:
            a, baseline = self.point(letter.baseline, letter.left)
            b, _ = self.point(letter.baseline, letter.right)
        return _Letter(
            letter.text, min(a, b), max(a, b), baseline, letter.style, letter.angle, letter.space, letter.unmapped
        )


def _drawings(page: Any, place: _Place) -> tuple[tuple[Rule, ...], list[Box], int]:
    """(the straight lines drawn on a page, the filled boxes and pictures on it, how many pictures)."""
    rules: list[Rule] = []
    boxes: list[Box] = []
    pictures = 0
    for count, item in enumerate(page.get_objects(max_depth=2)):
        if count > 20_000:
            break
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
            boxes.append(_box(item, place))
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDFPath_GetDrawMode(item.raw, fill, stroke)
            box = _box(item, place)
            if fill.value and not _is_white(item):
                boxes.append(box)
            if len(rules) < 5_000 and (fill.value or stroke.value):
                rules += _edges(item, box, place)
    return tuple(rules), boxes, pictures


def _box(item: Any, place: _Place) -> Box:
    left, bottom, right, top = item.get_bounds()
    ax, ay = place.point(left, bottom)
    bx, by = place.point(right, top)
    return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _is_white(item: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item.raw, red, green, blue, alpha):
        return True
    return min(red.value, green.value, blue.value) >= 250 or alpha.value <= 5


def _edges(item: Any, box: Box, place: _Place) -> list[Rule]:
    """The level and upright lines of a path; a thin box is one line."""
    if box.bottom - box.top <= _THIN or box.right - box.left <= _THIN:
        if box.bottom - box.top <= _THIN:
            middle = (box.top + box.bottom) / 2
            return [Rule(box.left, middle, box.right, middle)] if box.right - box.left > 4 else []
        middle = (box.left + box.right) / 2
        return [Rule(middle, box.top, middle, box.bottom)] if box.bottom - box.top > 4 else []
    matrix = item.get_matrix()
    rules: list[Rule] = []
    start = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(min(pdfium.FPDFPath_CountSegments(item.raw), 2_000)):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = place.point(*matrix.on_point(x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            rules += _rule(last, point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            rules += _rule(last, start)
    return rules


def _rule(a: tuple[float, float], b: tuple[float, float]) -> list[Rule]:
    if abs(a[1] - b[1]) < 0.5 and abs(a[0] - b[0]) > 4:
        return [Rule(min(a[0], b[0]), a[1], max(a[0], b[0]), a[1])]
    if abs(a[0] - b[0]) < 0.5 and abs(a[1] - b[1]) > 4:
        return [Rule(a[0], min(a[1], b[1]), a[0], max(a[1], b[1]))]
    return []


def _is_shown(letter: _Letter, boxes: Sequence[Box], place: _Place) -> bool:
    """Whether a person sees it: not off the page, not tiny, and neither unpainted nor white on a white ground.

    Unpainted letters over a picture are what was recognised in a scan; white ones on a box are its heading.
    """
    width, height = place.size
    x, y = (letter.left + letter.right) / 2, letter.baseline - letter.style.size * 0.3
    if not (-2 <= x <= width + 2 and -2 <= y <= height + 2) or letter.style.size < 1.5:
        return False
    if not (letter.style.white or letter.style.unseen):
        return True
    return any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in boxes)


@dataclass(slots=True)
class _Open:
    """A run under construction."""

    words: list[Word]
    baseline: float
    size: float
    sizes: Counter[float] = field(default_factory=Counter)
    bold: int = 0
    opens_bold: bool = False
    count: int = 0
    right: float = 0.0


def _runs(letters: Sequence[_Letter], page: int) -> list[Run]:
    """Letters on one line with no wide gap between them, as runs; raised marks become `[^page-mark]`."""
    runs: list[_Open] = []
    mark = ""
    for letter in letters:
        run = runs[-1] if runs else None
        if run is not None and _is_raised(letter, run):
            mark += letter.text
            run.right = max(run.right, letter.right)
            continue
        if mark and run is not None:
            if letter.text in "/\u2044" and mark.isdigit():
                # A fraction: its numerator is raised like a footnote mark.
                run.words.append(Word(mark, run.words[-1].right, run.right))
            else:
                _place_mark(run, mark, page)
            mark = ""
        gap = letter.left - run.right if run is not None else 0.0
        em = max(letter.style.size, 1.0)
        if (
            run is None
            or abs(letter.baseline - run.baseline) > 0.35 * em
            or not -0.6 * em <= gap <= _APART * em
            or abs(letter.style.size - run.size) > 0.3 * max(run.size, em)
        ):
            before, run = run, _Open([], letter.baseline, em, right=letter.left)
            if before is not None and (found := _mark_before(before, letter)):
                run.words.append(Word(f"[^{page}-{found}]", before.words[0].left, before.right))
                run.right = before.right
                runs.pop()
            runs.append(run)
            gap = em
        if not run.words or letter.space or gap > _SPACE * em:
            run.words.append(Word(letter.text, letter.left, letter.right))
        else:
            word = run.words[-1]
            run.words[-1] = Word(word.text + letter.text, word.left, letter.right)
        run.right = max(run.right, letter.right)
        # White letters, here shown on a ground of another colour, are a table's header.
        run.bold += letter.style.bold or letter.style.white
        run.opens_bold = letter.style.bold if not run.count else run.opens_bold
        run.sizes[em] += 1
        run.count += 1
    if mark and runs:
        _place_mark(runs[-1], mark, page)
    return [_closed(run) for run in runs if run.words]


def _is_raised(letter: _Letter, run: _Open) -> bool:
    raised = _RAISED * run.size < run.baseline - letter.baseline < 0.75 * run.size
    return (
        raised
        and letter.style.size < _SMALL * run.size
        and -0.5 * run.size < letter.left - run.right < 0.5 * run.size
        and (letter.text.isdigit() or letter.text in "*†‡§,")
    )


def _mark_before(run: _Open, letter: _Letter) -> str:
    """The footnote mark that a run is, raised right before the note that a letter begins; "" where it is none."""
    text = "".join(word.text for word in run.words)
    raised = 0.1 * letter.style.size < letter.baseline - run.baseline < 0.75 * letter.style.size
    near = -0.2 * letter.style.size < letter.left - run.right < 1.2 * letter.style.size
    return text if raised and near and run.size < 0.9 * letter.style.size and _MARK.match(text) else ""


def _place_mark(run: _Open, mark: str, page: int) -> None:
    """A raised piece behind a word: a footnote mark, or a power where a unit stands before it."""
    word = run.words[-1]
    if mark in ("2", "3") and _UNITS.search(word.text):
        text = word.text + mark.translate({0x32: "²", 0x33: "³"})
    else:
        keys = [key for key in mark.split(",") if _MARK.match(key)]
        text = word.text + "".join(f"[^{page}-{key}]" for key in keys)
    run.words[-1] = Word(text, word.left, word.right)


def _closed(run: _Open) -> Run:
    size = run.sizes.most_common(1)[0][0]
    return Run(tuple(run.words), run.baseline, size, run.bold >= 0.9 * run.count, run.opens_bold)
