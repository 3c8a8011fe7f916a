"""docs/guides.md: one row a guide, and an error where it is not what the guides hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadGuide
from corpus.overview import check_overview, mend, overview
from corpus.shelf import open_shelf
from tests.guides import write

BODY = "Weavers earned 84,500 crowns in 2023 and 86,000 in May 2024.[^wages] Looms numbered 7,000.[^gazette]\n"


def test_a_row_counts_figures_and_works_and_dates_them(tmp_path: Path) -> None:
    shelf = open_shelf(write(tmp_path, {"weaver.md": BODY, "idle.md": "Nothing is known."}))
    rows = [line.split(" | ") for line in overview(shelf).splitlines() if line.startswith("| ")][1:]
    assert [row[0] for row in rows] == ["| Idle", "| Weaver", "| All"]
    assert rows[1][4:] == ["3", "2", "2025", "2024-05 |"]
    assert rows[0][4:] == ["0", "0", "none", "none |"]
    assert rows[2][1] == "2 guides"


def test_the_page_is_held_to_the_guides(tmp_path: Path) -> None:
    folder = write(tmp_path, {"weaver.md": BODY}, docs=True)
    (finding,) = check_overview(open_shelf(folder), folder)
    assert (finding.level, finding.file) == ("error", "docs/guides.md")
    assert "--mend" in finding.todo
    shelf = mend(folder)
    assert check_overview(shelf, folder) == []
    (folder / "weaver.md").write_text((folder / "weaver.md").read_text() + "More: 9%.[^wages]\n", encoding="utf-8")
    assert len(check_overview(open_shelf(folder), folder)) == 1


def test_without_docs_there_is_no_page(tmp_path: Path) -> None:
    folder = write(tmp_path, {"weaver.md": BODY})
    assert check_overview(mend(folder), folder) == []
    assert (folder.parent / "figures.toml").is_file()


def test_a_broken_table_is_not_written_over(tmp_path: Path) -> None:
    folder = write(tmp_path, {"weaver.md": BODY}, table="[figure.pay]\nvalue = 3\n")
    with pytest.raises(BadGuide):
        mend(folder)
    assert (folder.parent / "figures.toml").read_text() == "[figure.pay]\nvalue = 3\n"
