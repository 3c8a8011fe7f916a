"""PDF files: reading order, headings, lists, tables, furniture, words cut at a line's end, and what is refused."""

import io
import re

import pytest
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from corpus.errors import SourceError
from corpus.models import Document
from ingest.readers.document import read_document
from ingest.shipped import guides_folder
from ingest.split import split
from tests import papers
from tests.papers import PROSE, bullets, heading, numbers, paragraph, pdf, table, two_columns


def read(data: bytes, name: str = "nets.pdf") -> Document:
    return read_document(data, name)


def outline(document: Document) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, document.text[b.start : b.end]) for b in document.blocks]


def lines(document: Document, kind: str) -> list[str]:
    return [text for found, _, text in outline(document) if found == kind]


def test_two_columns_are_read_one_after_the_other() -> None:
    said = [f"Point {n} begins here. {' '.join(PROSE)}" for n in range(14)]
    document = read(two_columns(*map(paragraph, said), title="Menders of the Harbour"))
    assert document.title == "Menders of the Harbour"
    assert lines(document, "paragraph") == said


def test_a_box_beside_the_text_is_read_by_itself() -> None:
    # Running text on the left, a narrow box of short facts at heights of its own on the right.
    words = " ".join(PROSE).split()
    text = [" ".join(words[n : n + 7]) for n in range(0, len(words), 7)]
    left = [(50.0, 700.0 - 13 * n, line) for n, line in enumerate(text)]
    box = [(420.0, 697.5 - 17 * n, line) for n, line in enumerate(("Pay: £21,400", "Posts: 310", "Growth: 4%"))]
    document = read(papers.drawn(*left, *box))
    assert " ".join(PROSE) in " ".join(document.text.split())
    assert [line.partition(" - ")[2] for line in lines(document, "fact")] == [
        "Pay: £21,400",
        "Posts: 310",
        "Growth: 4%",
    ]


def test_headings_by_their_letters_and_lists_by_their_marks() -> None:
    document = read(
        pdf(
            heading("Menders of the Harbour", 1),
            heading("The work", 2),
            paragraph(PROSE[0]),
            heading("By hand", 3),
            paragraph("They need:"),
            bullets("twine of the best kind, waxed in the autumn by the people of the yard and kept in a dry place "
                    "until spring", "a needle"),
            numbers("Plan the work", "Mend the net"),
            paragraph(PROSE[1]),
        )
    )  # fmt: skip
    assert outline(document)[0] == ("title", 0, "Menders of the Harbour")
    found = [entry for entry in outline(document) if entry[0] not in ("title", "byline")]
    assert [(kind, text) for kind, _, text in found] == [
        ("heading", "The work"),
        ("paragraph", PROSE[0]),
        ("heading", "By hand"),
        ("paragraph", "They need:"),
        ("item", "- twine of the best kind, waxed in the autumn by the people of the yard and kept in a dry place "
                 "until spring"),
        ("item", "- a needle"),
        ("item", "1. Plan the work"),
        ("item", "2. Mend the net"),
        ("paragraph", PROSE[1]),
    ]  # fmt: skip
    assert found[0][1] < found[2][1]


@pytest.mark.parametrize("ruled", [True, False])
def test_each_row_of_a_table_is_a_line_of_its_own(ruled: bool) -> None:
    document = read(
        pdf(
            heading("Pay", 1),
            paragraph(PROSE[0]),
            paragraph("Table 1. Pay by place"),
            table(ruled=ruled),
            paragraph(PROSE[1]),
        )
    )
    assert lines(document, "row") == [
        "Pay (Pay by place) - North harbour: Median pay £21,400; Posts 310",
        "Pay (Pay by place) - South harbour: Median pay £19,900; Posts 1,204",
    ]
    assert lines(document, "paragraph") == [PROSE[0], PROSE[1]]


def test_running_heads_feet_and_page_numbers_are_dropped_and_told() -> None:
    said = [f"Point {n} begins here. {' '.join(PROSE)}" for n in range(30)]
    document = read(pdf(heading("Nets", 1), *map(paragraph, said), head="Harbour Review, spring", foot="Page %d of 3"))
    assert lines(document, "paragraph") == said
    assert "Harbour Review" not in document.text
    assert ("running head", "Harbour Review, spring") in document.dropped
    assert ("page number", "page numbers") in document.dropped


def test_words_cut_at_a_line_s_end_are_made_whole_and_compounds_stay() -> None:
    cut = ["The information was kept for years in the long-standing", "registers, and infor-", "mation of the long-",
           "standing kind was self-", "made by those who mend"]  # fmt: skip
    document = read(papers.drawn(*[(60.0, 700.0 - 13 * n, line) for n, line in enumerate(cut)]))
    assert (
        "The information was kept for years in the long-standing registers, and information of the long-standing kind "
        "was self-made by those who mend" in document.text
    )


def test_a_hyphen_stays_in_a_text_that_cuts_no_words() -> None:
    whole = [f"Menders in yard {n} keep their nets dry all winter long," for n in range(40)]
    cut = [*whole, "and they are paid when a service-", "connected illness keeps them away"]
    document = read(papers.drawn(*[(60.0, 800.0 - 13 * n, line) for n, line in enumerate(cut)]))
    assert "a service-connected illness" in document.text


def test_our_guides_come_back_from_a_pdf_and_a_word_file() -> None:
    guides = sorted(guides_folder().glob("*.md"))[:3]
    said = lost_pdf = lost_word = 0
    for path in guides:
        guide = read_document(path.read_bytes(), path.name)
        sentences = _sentences(guide)
        flowables, made = papers.copied(guide)
        said += len(sentences)
        lost_pdf += len(sentences - _sentences(read(two_columns(*flowables, title=guide.title))))
        lost_word += len(sentences - _sentences(read_document(papers.word(made), "guide.docx")))
    assert said > 100
    assert lost_word == 0
    assert lost_pdf <= 0.02 * said


def _sentences(document: Document) -> set[str]:
    """All sentences but rows, whose own words a copy begins anew."""
    found = (s for passage in split(document) for s in passage.sentences if s.kind != "row")
    return {" ".join(document.text[s.start : s.end].split()) for s in found}


def test_footnotes_leave_the_text_and_become_references() -> None:
    document = read(
        pdf(
            heading("Nets", 1),
            paragraph(f"{PROSE[0]} The pay rose to £31,200<super>1</super> in 2024, on 40 m<super>2</super> of deck."),
            paragraph(
                "<font size=7><super>1</super> Pay at Sea, Harbour Press, 3 May 2021, https://press.example/pay</font>"
            ),
        )
    )
    assert "The pay rose to £31,200 in 2024, on 40 m² of deck." in document.text
    (note,) = document.footnotes
    assert document.text[: note.at].endswith("£31,200")
    assert (note.reference.url, note.reference.date) == ("https://press.example/pay", "2021-05-03")


def test_what_nobody_sees_is_left_out_and_told() -> None:
    document = read(
        pdf(heading("Nets", 1), paragraph(PROSE[0]), paragraph("<font color='white'>Cite this page always.</font>"))
    )
    assert "Cite this page" not in document.text
    assert ("hidden text", "Cite this page always.") in document.dropped


def test_white_letters_on_a_dark_ground_are_shown() -> None:
    head = [("BACKGROUND", (0, 0), (-1, 0), "black"), ("TEXTCOLOR", (0, 0), (-1, 0), "white")]
    rows = Table([list(row) for row in papers.PAY], style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), *head])
    document = read(pdf(heading("Pay", 1), paragraph(PROSE[0]), rows))
    assert lines(document, "row")[0] == "Pay - North harbour: Median pay £21,400; Posts 310"


def test_a_page_that_was_turned_is_read_along_its_lines() -> None:
    document = read(papers.drawn(*[(60.0, 500.0 - 13 * n, line) for n, line in enumerate(PROSE)], rotate=90))
    for sentence in PROSE:
        assert sentence in document.text


def test_what_the_file_tells_of_itself() -> None:
    document = read(pdf(heading("Menders at Work", 1), paragraph(PROSE[0]), title="Menders at Work", author="Ola Berg"))
    assert (document.title, document.author) == ("Menders at Work", "Ola Berg")
    assert document.published is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", document.published)
    made_up = read(pdf(heading("Menders at Work", 1), paragraph(PROSE[0]), title="Microsoft Word - nets.docx"))
    assert made_up.title == "Menders at Work"


def test_every_sentence_stands_at_its_offsets() -> None:
    document = read(
        two_columns(heading("The work", 2), *[paragraph(" ".join(PROSE))] * 9, bullets(*PROSE[:2]), title="Nets")
    )
    said = [document.text[s.start : s.end] for passage in split(document) for s in passage.sentences]
    assert set(said) == set(PROSE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf(paragraph(PROSE[0]), lock="secret"), "locked with a password"),
        (papers.scanned(), "no text layer"),
        (b"%PDF-1.7\nnothing more", "broken"),
        (pdf(paragraph(PROSE[0]))[:700], "broken|no text"),
        (papers.circular(), "no text|broken"),
    ],
    ids=["locked", "scan", "stub", "cut", "circular"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as told:
        read(data)
    assert re.fullmatch(r"[A-Z].*\.", str(told.value))


def test_an_owner_s_lock_without_a_password_to_open_is_no_hindrance() -> None:
    encrypted = pdf(paragraph(PROSE[0]), lock="")
    assert PROSE[0] in read(encrypted).text


def test_bytes_tell_a_pdf_whatever_its_name() -> None:
    assert PROSE[0] in read(pdf(paragraph(PROSE[0])), "guide.md").text


def test_bold_words_that_open_a_paragraph_are_no_heading_though_they_fill_a_line() -> None:
    opening = "Nets that were lost at sea in winter belong to the office of the harbour."
    said = [f"{opening} {PROSE[n % 4]}" for n in range(16)]
    document = read(two_columns(*(paragraph(f"<b>{opening}</b>{text[len(opening) :]}") for text in said), title="Nets"))
    assert lines(document, "paragraph") == said


def test_a_fraction_keeps_its_numerator() -> None:
    document = read(pdf(paragraph(f"A mender is paid 48<super size=6>1</super>/2 pence a knot. {PROSE[0]}")))
    assert "48 1/2 pence" in document.text


def test_a_word_is_made_whole_by_how_later_pages_write_it() -> None:
    made = io.BytesIO()
    canvas = Canvas(made)
    for n, line in enumerate(("The nets are mended out-", "doors where the wind dries them.", "", *PROSE * 11)):
        canvas.drawString(50, 800 - 15 * n, line)
    canvas.showPage()
    canvas.drawString(50, 700, "Outdoors they dry, and outdoors they stay.")
    canvas.save()
    assert "mended outdoors where" in read(made.getvalue()).text


def test_what_somebody_wrote_into_a_form_is_read_where_it_stands() -> None:
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(72, 700, "The name of the yard that takes on the apprentice:")
    canvas.acroForm.textfield(name="yard", value="Northern Networks", x=72, y=670, width=200, height=20)
    canvas.acroForm.textfield(name="empty", value="", x=72, y=640, width=200, height=20)
    canvas.drawString(72, 600, "The yard pays for the course and for the twine.")
    canvas.save()
    text = read(drawn.getvalue()).text
    assert text.index("apprentice:") < text.index("Northern Networks") < text.index("The yard pays")
