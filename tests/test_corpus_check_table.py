"""Figures that are told more than once: the table of figures against the guides, both ways, and tables that differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guides import SOUND, findings

TABLE = """
[figure.weavers-pay]
value = "84,500"
measure = "pay of weavers"
place = "Ruritania"
period = "2025"
source = "wages"
guides = ["dyer.md", "weaver.md"]
"""


def test_a_figure_in_two_guides_must_stand_in_the_table(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "recurring", others={"dyer.md": SOUND})
    assert (finding.file, finding.line) == ("dyer.md", 16)
    assert "84,500" in finding.wrong
    assert "weaver.md line 16" in finding.wrong
    assert "--mend" in finding.todo


def test_the_table_and_the_guides_agree(tmp_path: Path) -> None:
    assert findings(tmp_path, "recurring", others={"dyer.md": SOUND}, table=TABLE) == []


def test_a_new_value_in_the_table_names_every_guide_and_line(tmp_path: Path) -> None:
    new = TABLE.replace("84,500", "88,100")
    told = findings(tmp_path, "recurring", others={"dyer.md": SOUND}, table=new)
    assert [(f.file, f.line) for f in told] == [("dyer.md", 16), ("weaver.md", 16)]
    assert all("88,100" in f.wrong and "84,500" in f.wrong for f in told)


def test_a_guide_left_behind_is_named_alone(tmp_path: Path) -> None:
    revised = SOUND.replace("84,500", "88,100")
    more = "Silk cost 30,000 crowns in 2025.[^wages]"
    (finding,) = findings(
        tmp_path, "recurring", more, others={"dyer.md": revised}, table=TABLE.replace("84,500", "88,100")
    )
    assert (finding.file, finding.line, finding.sentence[:7]) == ("weaver.md", 16, "Weavers")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('guides = ["dyer.md", "weaver.md"]', 'guides = ["dyer.md"]', "stands in weaver.md as well"),
        ('source = "wages"', 'source = "silk"', "sources.toml does not hold"),
        ('"dyer.md", "weaver.md"', '"dyer.md", "tailor.md", "weaver.md"', "not there"),
    ],
)
def test_an_entry_is_held_to_the_guides(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    told = findings(tmp_path, "recurring", others={"dyer.md": SOUND}, table=TABLE.replace(old, new))
    assert any(wrong in finding.wrong for finding in told)


def test_a_draft_waits_to_be_named(tmp_path: Path) -> None:
    (finding,) = findings(
        tmp_path, "draft", others={"dyer.md": SOUND}, table=TABLE.replace("weavers-pay", "draft-wages-84-500")
    )
    assert (finding.level, finding.file, finding.line) == ("warning", "figures.toml", 2)


def test_two_digits_exchanged_are_a_slip(tmp_path: Path) -> None:
    (finding,) = findings(
        tmp_path, "slip", "Weavers earned 84,050 crowns.[^wages]", others={"dyer.md": SOUND}, table=TABLE
    )
    assert (finding.level, finding.line) == ("warning", 22)


def test_a_disagreement_names_figures_that_its_guides_tell(tmp_path: Path) -> None:
    table = TABLE + (
        '\n[disagreement.pay]\nabout = "pay"\nreason = "edition"\nwhy = "Two editions."\n'
        'figures = ["weavers-pay", "potters-pay"]\nguides = ["dyer.md", "tailor.md"]\n'
    )
    told = findings(tmp_path, "recurring", others={"dyer.md": SOUND}, table=table)
    assert [f.wrong for f in told] == [
        "pay: tailor.md does not tell 84,500 (weavers-pay)",
        "pay names potters-pay, which is no figure of the table",
    ]


def test_two_tables_may_not_differ(tmp_path: Path) -> None:
    table = "Pay is:\n\n| Weaver | Pay in 2025 |\n|---|---|\n| Silk | {} crowns[^wages] |\n"
    (finding,) = findings(
        tmp_path, "table", table.format("90,000"), others={"dyer.md": SOUND + "\n" + table.format("90,100")}
    )
    assert "90,000" in finding.wrong
    assert "90,100" in finding.wrong
