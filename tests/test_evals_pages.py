"""The made-up pages: size, sameness, and that each figure in their boxes and tables is found on a line of its own."""

from evals.pages import page, pages
from ingest.readers.document import read_document


def test_every_figure_of_a_page_stands_on_a_line_with_its_label_under_the_title() -> None:
    for made in pages(3):
        document = read_document(made.html.encode(), made.name)
        assert document.title == made.title
        lines = [document.text[b.start : b.end] for b in document.blocks if b.kind in ("row", "fact")]
        assert all(line.startswith(f"{made.title} ") for line in lines)
        assert len(made.figures) > 300
        lost = [(label, value) for label, value in made.figures if not any(label in li and value in li for li in lines)]
        assert lost == []
        assert "Skip to content" not in document.text
        assert "Yard Office, 2 Quay Lane" not in document.text
        assert any(reason == "page header" for reason, _ in document.dropped)


def test_pages_are_of_the_size_asked_for_and_always_the_same() -> None:
    assert 80_000 < len(page(5).html) < 125_000
    assert 20_000 < len(page(5, 30_000).html) < 45_000
    assert page(5) == page(5)
    titles = [made.title for made in pages(120, 2_000)]
    assert len(set(titles)) == len(titles)
