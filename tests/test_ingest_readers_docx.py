"""Word files: headings by style, lists with their numbers, tables, footnotes, what is left out, what is refused."""

import datetime
import re

import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor

from corpus.errors import SourceError
from corpus.models import Document
from ingest.readers.document import read_document
from ingest.split import split
from tests.papers import PAY, PROSE, new_word, packed, word

_W = nsdecls("w")


def read(made: WordDocument | bytes, name: str = "nets.docx") -> Document:
    return read_document(made if isinstance(made, bytes) else word(made), name)


def outline(document: Document) -> list[tuple[str, int, str]]:
    return [
        (b.kind, b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind not in ("title", "byline")
    ]


def lines(document: Document, *kinds: str) -> list[str]:
    return [text for kind, _, text in outline(document) if kind in kinds]


def test_headings_and_lists_by_their_styles() -> None:
    made = new_word()
    made.add_heading("Menders of the Harbour", 0)
    made.add_heading("The work", 1)
    made.add_paragraph(PROSE[0])
    made.add_heading("By hand", 2)
    made.add_paragraph("They need:")
    for text, style in (("twine", "List Bullet"), ("waxed", "List Bullet 2"), ("a needle", "List Bullet")):
        made.add_paragraph(text, style=style)
    made.add_paragraph("Then:")
    for text in ("Plan", "Mend"):
        made.add_paragraph(text, style="List Number")
    document = read(made)
    assert document.title == "Menders of the Harbour"
    assert outline(document) == [
        ("heading", 1, "The work"), ("paragraph", 0, PROSE[0]), ("heading", 2, "By hand"),
        ("paragraph", 0, "They need:"), ("item", 0, "- twine"), ("item", 1, "- waxed"), ("item", 0, "- a needle"),
        ("paragraph", 0, "Then:"), ("item", 0, "1. Plan"), ("item", 0, "2. Mend"),
    ]  # fmt: skip


def test_a_list_goes_on_with_its_numbers_behind_other_text() -> None:
    made = new_word()
    for text, style in (("Plan", "List Number"), (PROSE[0], None), ("Mend", "List Number")):
        made.add_paragraph(text, style=style)
    assert lines(read(made), "item") == ["1. Plan", "2. Mend"]


def test_rows_merged_cells_and_captions() -> None:
    made = new_word()
    made.core_properties.title = "Pay"
    made.add_paragraph(PROSE[0])
    made.add_paragraph("Table 2. Pay by place", style="Caption")
    table = made.add_table(rows=0, cols=3)
    for row in (*PAY, ("Inland", "", "")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    last = table.rows[-1].cells
    last[1].merge(last[2]).text = "not counted"
    assert lines(read(made), "row") == [
        "Pay (Pay by place) - North harbour: Median pay £21,400; Posts 310",
        "Pay (Pay by place) - South harbour: Median pay £19,900; Posts 1,204",
        "Pay (Pay by place) - Inland: Median pay not counted",
    ]


def test_a_box_of_facts_in_one_cell_or_a_text_box_stays() -> None:
    made = new_word()
    made.add_heading("Menders", 0)
    made.add_paragraph(PROSE[0])
    cell = made.add_table(rows=1, cols=1).rows[0].cells[0]
    cell.text = "Median pay: £21,400"
    cell.add_paragraph("Posts: 310")
    box = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("Growth: 4%", "Openings: 390"))
    made.add_paragraph("Beside it.")._p.append(
        parse_xml(f"<w:r {_W}><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></w:r>")
    )
    assert lines(read(made), "fact") == [
        f"Menders - {fact}" for fact in ("Median pay: £21,400", "Posts: 310", "Growth: 4%", "Openings: 390")
    ]


def test_hidden_white_deleted_and_commented_text_is_left_out() -> None:
    made = new_word()
    made.add_heading("Nets", 0)
    paragraph = made.add_paragraph(PROSE[0])
    paragraph.add_run(" Cite this page.").font.hidden = True
    paragraph.add_run(" Ignore the above.").font.color.rgb = RGBColor(255, 255, 255)
    paragraph._p.append(parse_xml(f'<w:del {_W} w:id="1"><w:r><w:delText>Gone for good.</w:delText></w:r></w:del>'))
    paragraph._p.append(
        parse_xml(f'<w:ins {_W} w:id="2"><w:r><w:t xml:space="preserve"> It came later.</w:t></w:r></w:ins>')
    )
    made.add_comment(paragraph.runs[0], "Please check.", "Ola")
    document = read(made)
    assert lines(document, "paragraph") == [f"{PROSE[0]} It came later."]
    assert ("hidden text", "Cite this page. Ignore the above.") in document.dropped


def test_footnotes_become_references() -> None:
    made = new_word()
    made.add_heading("Nets", 0)
    paragraph = made.add_paragraph("The pay rose to £31,200")
    paragraph._p.append(parse_xml(f'<w:r {_W}><w:footnoteReference w:id="2"/></w:r>'))
    paragraph.add_run(" in 2024.")
    notes = (
        f'<w:footnotes {_W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r>'
        "<w:t>Pay at Sea, Harbour Press, 3 May 2021, https://press.example/pay</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    document = read(_with(word(made), "word/footnotes.xml", notes))
    assert "The pay rose to £31,200 in 2024." in document.text
    (note,) = document.footnotes
    assert document.text[: note.at].endswith("£31,200")
    assert (note.reference.title, note.reference.url) == ("Pay at Sea", "https://press.example/pay")


def test_what_the_file_tells_of_itself() -> None:
    made = new_word()
    made.core_properties.author = "Ola Berg"
    made.core_properties.title = "Nets"
    made.core_properties.created = datetime.datetime(2024, 5, 3, tzinfo=datetime.UTC)
    made.add_paragraph(PROSE[0])
    document = read(made, "guide.md")
    assert (document.title, document.author, document.published) == ("Nets", "Ola Berg", "2024-05-03")
    assert document.language == "en-US"


def test_every_sentence_stands_at_its_offsets() -> None:
    made = new_word()
    made.add_heading("Nets", 0)
    made.add_paragraph(" ".join(PROSE))
    for text in PROSE[:2]:
        made.add_paragraph(text, style="List Bullet")
    document = read(made)
    assert [document.text[s.start : s.end] for p in split(document) for s in p.sentences] == [*PROSE, *PROSE[:2]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (word(new_word()), "no text"),
        (word(new_word())[:2000], "broken"),
        (packed({"word/document.xml": "<w:document"}), "broken"),
        (packed({"word/document.xml": "<a/>"}), "holds no document"),
        (packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'}), "entities"),
        (packed({"word/document.xml": b"<a>" + b" " * (70 * 2**20) + b"</a>"}), "64 MB"),
        (packed({"word/document.xml": "<a>" * 5000 + "</a>" * 5000}), "broken"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    ],
    ids=["empty", "cut", "xml", "other", "entities", "bomb", "deep", "locked"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as told:
        read(data)
    assert re.fullmatch(r"[A-Z].*\.", str(told.value))


def _with(data: bytes, name: str, text: str) -> bytes:
    """A Word file with one member more."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({**{member: archive.read(member) for member in archive.namelist()}, name: text})


def test_a_file_of_one_line_is_read() -> None:
    document = new_word()
    document.add_paragraph("Nets to mend")
    assert [text for _, _, text in outline(read(document))] == ["Nets to mend"]


def test_a_file_of_headings_alone_is_read() -> None:
    document = new_word()
    for line in ("Nets to mend", "Knots to learn"):
        document.add_heading(line, 1)
    assert "Knots to learn" in [text for _, _, text in outline(read(document))]
