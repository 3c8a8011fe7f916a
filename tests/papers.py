"""PDF, Word and EPUB files for tests, written by other libraries than those that read them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordDocument
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from corpus.models import Document

STYLES = getSampleStyleSheet()
BODY = ParagraphStyle("body", parent=STYLES["BodyText"], fontName="Times-Roman", fontSize=10, leading=12.5)
PROSE = (
    "The harbour office keeps a list of every net that was mended in the season and of the people who mended it.",
    "Menders who learned the trade from an older colleague earn more in their third year than those who did not.",
    "A certificate is wanted by four offices out of ten, and most of them pay for the course themselves.",
    "Knots hold for years where the twine is waxed before the winter, as the long-standing rule of the yard says.",
)
PAY = (("Place", "Median pay", "Posts"), ("North harbour", "£21,400", "310"), ("South harbour", "£19,900", "1,204"))


def paragraph(text: str) -> Flowable:
    return Paragraph(text, BODY)


def heading(text: str, level: int = 2) -> Flowable:
    return Paragraph(text, STYLES["Title" if level == 1 else f"Heading{level}"])


def bullets(*items: str) -> Flowable:
    return ListFlowable([Paragraph(item, BODY) for item in items], bulletType="bullet")


def numbers(*items: str) -> Flowable:
    return ListFlowable([Paragraph(item, BODY) for item in items], bulletType="1", bulletFormat="%s.")


def table(rows: Sequence[Sequence[str]] = PAY, *, ruled: bool = True) -> Flowable:
    """A table with a bold head; ruled all over, or with one line below the head."""
    lines = (
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black) if ruled else ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black)
    )
    style = [lines, ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    return Table([list(row) for row in rows], colWidths=[120, 90, 70][: len(rows[0])], style=style)


def pdf(
    *flowables: Flowable, title: str = "", author: str = "", head: str = "", foot: str = "", lock: str = ""
) -> bytes:
    """A PDF of one column. `head`, `foot`: on every page, `%d` for its number; `lock`: a password."""
    out = io.BytesIO()

    def furnish(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        for text, height in ((head, 815), (foot, 22)):
            if text:
                canvas.drawString(60, height, text.replace("%d", str(document.page)))

    encrypt = pdfencrypt.StandardEncryption(lock) if lock else None
    made = SimpleDocTemplate(out, pagesize=A4, title=title or None, author=author or None, encrypt=encrypt)
    made.build([*flowables, Spacer(1, 1)], onFirstPage=furnish, onLaterPages=furnish)
    return out.getvalue()


def two_columns(*flowables: Flowable, title: str) -> bytes:
    """A PDF with a title across the page and two columns below."""
    out = io.BytesIO()
    made = BaseDocTemplate(out, pagesize=A4, title=title)
    frames = [Frame(left, 50, 230, 700, leftPadding=0, rightPadding=0) for left in (50, 310)]

    def furnish(canvas: Canvas, document: BaseDocTemplate) -> None:
        if document.page == 1:
            canvas.setFont("Helvetica-Bold", 22)
            canvas.drawCentredString(297, 775, title)

    made.addPageTemplates([PageTemplate(id="two", frames=frames, onPage=furnish)])
    made.build(list(flowables))
    return out.getvalue()


def drawn(*texts: tuple[float, float, str], size: float = 11, rotate: int = 0) -> bytes:
    """A PDF page with texts at (x, y) from its lower left corner."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Times-Roman", size)
    if rotate:
        canvas.translate(A4[0], 0)
        canvas.rotate(rotate)
    for x, y, text in texts:
        canvas.drawString(x, y, text)
    canvas.save()
    return out.getvalue()


def scanned() -> bytes:
    """A PDF of one picture without any text."""
    out = io.BytesIO()
    pixels = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"".join(b"\x00" + bytes(range(0, 160, 20)) for _ in range(8)))),
            (b"IEND", b""),
        )
    )
    canvas = Canvas(out, pagesize=A4)
    canvas.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, *A4)
    canvas.save()
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def circular() -> bytes:
    """A PDF whose page tree and contents name themselves."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 /Parent 2 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources 5 0 R >>",
        b"[4 0 R 4 0 R]",
        b"<< /XObject << /A 6 0 R >> /Font 5 0 R >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 5 0 R /Length 4 >>\nstream\n/A Do\nendstream",
    )
    out = b"%PDF-1.5\n"
    offsets = []
    for number, inner in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    places = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 7\n0000000000 65535 f \n%strailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        places,
        len(out),
    )


def word(document: WordDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def new_word() -> WordDocument:
    document = docx.Document()
    document.core_properties.comments = ""
    return document


def copied(document: Document) -> tuple[list[Flowable], WordDocument]:
    """The blocks of a document as what a PDF is made of, and as a Word file."""
    flowables: list[Flowable] = []
    made = new_word()
    made.add_heading(document.title, 0)
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind == "heading":
            flowables.append(heading(escape(text), min(4, block.level + 1)))
            made.add_heading(text, block.level)
        elif block.kind == "item":
            mark, _, said = text.partition(" ")
            flowables.append((bullets if mark == "-" else numbers)(escape(said)))
            made.add_paragraph(said, style="List Bullet" if mark == "-" else "List Number")
        elif block.kind not in ("title", "byline"):
            flowables.append(paragraph(escape(text)))
            made.add_paragraph(text)
    return flowables, made


def packed(members: dict[str, bytes | str]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def epub(
    chapters: dict[str, str], *, meta: str = "<dc:title>Nets</dc:title>", extra: dict[str, bytes | str] | None = None
) -> bytes:
    """A book. `chapters`: bodies by name in the order of the spine; `meta`: what the package file says."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</metadata>'
        f'<manifest>{items}<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        "</manifest>"
        f'<spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    page = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OEBPS/book.opf"/></container>',
            "OEBPS/book.opf": package,
            "OEBPS/nav.xhtml": page.format("<nav><ol><li><a href='a.xhtml'>Contents</a></li></ol></nav>"),
            **{f"OEBPS/{name}": page.format(body) for name, body in chapters.items()},
            **(extra or {}),
        }
    )
