"""Tables by hand: every figure on a line with its row and its column."""

import pytest

from ingest.readers.tables import EMPTY, Cell, table_parts


def grid(rows: list[list[str]], heads: int = 0) -> list[list[Cell]]:
    return [[Cell(text, header=place < heads) if text else EMPTY for text in row] for place, row in enumerate(rows)]


def texts(rows: list[list[Cell]], caption: str = "", heads: int | None = None) -> list[str]:
    return [part.text for part in table_parts(rows, caption, heads)]


HEADED = [["Trade", "Pay", "Growth"], ["Mender", "£21,000", "4%"], ["Diver", "£35,000", "2%"]]


def test_headers_are_known_with_and_without_marks() -> None:
    rows = ["Mender: Pay £21,000; Growth 4%", "Diver: Pay £35,000; Growth 2%"]
    assert texts(grid(HEADED, 1)) == texts(grid(HEADED), heads=1) == texts(grid(HEADED)) == rows


def test_labels_and_values_need_no_header() -> None:
    rows = [["2024 median pay", "£21,000 a year"], ["Training", "None"], ["Growth", "4%"]]
    assert texts(grid(rows)) == ["2024 median pay: £21,000 a year", "Training: None", "Growth: 4%"]
    assert {part.kind for part in table_parts(grid(rows))} == {"fact"}
    assert {part.kind for part in table_parts(grid(HEADED))} == {"row"}


def test_two_columns_of_one_kind_of_figure_may_have_a_header() -> None:
    rows = [["Region", "Pay"], ["North", "£22,000"], ["South", "£20,500"]]
    assert texts(grid(rows)) == ["North: Pay £22,000", "South: Pay £20,500"]
    assert texts(grid(rows[1:])) == ["North: £22,000", "South: £20,500"]


def test_spanning_cells_are_said_once_and_headers_are_joined() -> None:
    women, men = Cell("Women", header=True), Cell("Men", header=True)
    a, b, c, d = (Cell(year, header=True) for year in ("2023", "2024", "2023", "2024"))
    north, both = Cell("North", header=True), Cell("about 50")
    rows = [[EMPTY, women, women, men, men], [EMPTY, a, b, c, d], [north, Cell("12"), Cell("14"), both, both]]
    assert texts(rows) == ["North: Women 2023 12; Women 2024 14; Men 2023 about 50"]


def test_groups_and_notes_in_full_width_rows() -> None:
    coast, note = Cell("Coast"), Cell("Source: Office of Nets, whose figures are those of the year 2024 throughout")
    rows = [*grid([["Trade", "Pay", "Posts"]], 1), [coast] * 3, *grid([["Mender", "£20", "4"]]), [note] * 3]
    assert texts(rows) == ["Coast, Mender: Pay £20; Posts 4", note.text]


def test_a_full_width_head_is_the_caption() -> None:
    head = Cell("Pay by trade, 2024", header=True)
    parts = table_parts([[head, head], *grid([["Mender", "£20"], ["Diver", "£30"]])])
    assert [(part.caption, part.text) for part in parts] == [
        ("Pay by trade, 2024", "Mender: £20"),
        ("Pay by trade, 2024", "Diver: £30"),
    ]


@pytest.mark.parametrize("corner", ["Trades of the northern coast", "Trade"])
def test_a_telling_corner_is_kept_as_caption(corner: str) -> None:
    rows = grid([[corner, "Pay"], ["Mender", "£20"]], 1)
    assert table_parts(rows)[0].caption == (corner if " " in corner else "")


def test_a_ranking_is_named_by_its_second_column() -> None:
    rows = grid([["#", "Trade", "Pay"], ["1", "Diver", "£35"], ["2", "Mender", "£21"]], 1)
    assert texts(rows) == ["Diver: # 1; Pay £35", "Mender: # 2; Pay £21"]


def test_pairs_side_by_side_are_taken_apart() -> None:
    rows = [[Cell("Pay", header=True), Cell("£20"), Cell("Hours", header=True), Cell("40")]]
    assert texts(rows) == ["Pay: £20", "Hours: 40"]


def test_headers_repeated_below_are_not_rows() -> None:
    rows = [*grid(HEADED, 1), *grid([["Trade", "Pay", "Posts"]], 1), *grid([["Cook", "£24,000", "18"]])]
    assert texts(rows)[-1] == "Cook: Pay £24,000; Posts 18"


def test_a_row_too_long_to_quote_is_one_line_a_column() -> None:
    long = " ".join(["word"] * 70)
    rows = grid([["Trade", "Duties", "Training"], ["Mender", long, long]], 1)
    assert texts(rows) == [f"Mender: Duties {long}", f"Mender: Training {long}"]


def test_empty_tables_and_cells_leave_nothing() -> None:
    assert table_parts([]) == []
    assert table_parts([[EMPTY, EMPTY]]) == []
    assert texts(grid([["Trade", "Pay", "Posts"], ["Mender", "", "4"], ["Diver", "–", ""]], 1)) == ["Mender: Posts 4"]
