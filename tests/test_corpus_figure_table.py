"""The table of figures: read, written, completed, and asked which figures a sentence tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadGuide
from corpus.figure_table import (
    Disagreement,
    Entry,
    Table,
    mended,
    outdated,
    places,
    read_table,
    recurring,
    shipped_table,
    told_figures,
    unit,
    write_table,
)
from corpus.shelf import open_shelf
from tests.guides import write

BODY = "Weavers earned 84,500 crowns and dyers 61,200 in 2025.[^wages]\n"
ENTRY = Entry(value="84,500", measure="pay of weavers", place="Ruritania", period="2025", source="wages", guides=())


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    said = 'pay of "weavers", \\ and – dyers'
    table = Table(
        figure={"weavers-pay": ENTRY.model_copy(update={"measure": said, "words": ("weavers",), "guides": ("a.md",)})},
        disagreement={
            "pay": Disagreement(
                about="pay", reason="edition", why="Two editions.", figures=("weavers-pay",), guides=("a.md",)
            )
        },
    )
    write_table(tmp_path / "figures.toml", table)
    assert read_table(tmp_path / "figures.toml") == table


def test_a_broken_entry_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "figures.toml"
    write_table(path, Table(figure={"weavers-pay": ENTRY}))
    path.write_text(path.read_text().replace("measure", "measures"), encoding="utf-8")
    with pytest.raises(BadGuide, match="weavers-pay") as caught:
        read_table(path)
    assert path.read_text().splitlines()[caught.value.line - 1] == "[figure.weavers-pay]"


def test_recurring_figures_are_drafted_once_and_kept(tmp_path: Path) -> None:
    two = {"weaver.md": BODY, "dyer.md": BODY.replace("[^wages]", "[^wages][^gazette]")}
    guides = open_shelf(write(tmp_path, two)).guides
    table = mended(Table(), guides)
    assert {(id_, entry.value, entry.source) for id_, entry in table.figure.items()} == {
        ("draft-wages-84-500", "84,500", "wages"),
        ("draft-wages-61-200", "61,200", "wages"),
    }
    assert all(entry.guides == ("dyer.md", "weaver.md") for entry in table.figure.values())
    assert recurring(places(guides), table) == {}
    assert mended(table, guides) == table


def test_a_guide_that_dropped_a_figure_leaves_its_list_and_one_that_is_behind_stays(tmp_path: Path) -> None:
    bodies = {"weaver.md": BODY, "dyer.md": BODY.replace("84,500", "80,000"), "tailor.md": "Cloth is dear."}
    guides = open_shelf(write(tmp_path, bodies)).guides
    listed = ("dyer.md", "gone.md", "tailor.md", "weaver.md")
    dyers = ENTRY.model_copy(update={"value": "61,200", "guides": listed})
    both = Disagreement(about="pay", reason="place", why="Two.", figures=("dyers", "weavers"), guides=("tailor.md",))
    table = Table(
        figure={"weavers": ENTRY.model_copy(update={"guides": listed}), "dyers": dyers}, disagreement={"pay": both}
    )
    after = mended(table, guides)
    assert after.figure["weavers"].guides == ("dyer.md", "weaver.md")
    assert after.figure["dyers"].guides == ("dyer.md", "weaver.md")
    assert after.disagreement["pay"].guides == ("dyer.md", "weaver.md")
    unheld = Table(figure={"weavers": ENTRY.model_copy(update={"value": "99,900", "guides": listed})})
    assert mended(unheld, guides).figure["weavers"].guides == ("dyer.md", "tailor.md", "weaver.md")


def test_words_tell_two_figures_of_one_value_apart(tmp_path: Path) -> None:
    guides = open_shelf(write(tmp_path, {"weaver.md": "Silk rose 5%.[^wages] Wool fell 5%.[^wages]"})).guides
    silk = Entry(
        value="5%", measure="silk", place="Ruritania", period="2025", source="wages", guides=(), words=("Silk",)
    )
    wool = silk.model_copy(update={"measure": "wool", "words": ("wool",)})
    table = Table(figure={"silk": silk, "wool": wool})
    assert [told.id for told in told_figures("Silk rose 5%.", ["wages"], table)] == ["silk"]
    assert mended(table, guides).figure["silk"].guides == ("weaver.md",)


def test_the_old_value_is_the_one_that_the_listed_guides_share(tmp_path: Path) -> None:
    more = BODY + "Looms cost 30,000 crowns.[^wages]\n"
    guides = open_shelf(write(tmp_path, {"weaver.md": more, "dyer.md": BODY})).guides
    new = ENTRY.model_copy(update={"value": "88,100", "guides": ("dyer.md", "weaver.md")})
    dyers = ENTRY.model_copy(update={"value": "61,200", "guides": ("dyer.md", "weaver.md")})
    table = Table(figure={"weavers-pay": new, "dyers-pay": dyers})
    old = outdated(new, places(guides), table)
    assert {name: [place.value for place in where] for name, where in old.items()} == {
        "dyer.md": ["84,500"],
        "weaver.md": ["84,500"],
    }


def test_a_unit_is_what_is_left_without_digits() -> None:
    assert [unit(value) for value in ("$112,590", "34%", "60 days", "C$46.15")] == ["$#", "#%", "# days", "C$#"]


def test_a_sentence_is_told_its_disagreements() -> None:
    text = "An older figure of 36% belongs to the 2023-33 edition."
    (told,) = told_figures(text, ["s01-bx3"], shipped_table())
    assert told.entry.period == "2023 to 2033"
    assert [each.reason for each in told.disagreements] == ["edition"]
    assert told_figures(text, ["s01-b1"], shipped_table()) == ()
