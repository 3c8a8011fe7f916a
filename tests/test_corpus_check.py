"""Every rule of the check finds its fault, at its place, and leaves alone what is no fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.check import check, figure_date
from corpus.errors import UnknownPath
from corpus.shelf import open_shelf
from tests.guides import SOUND, SOURCES, TODAY, findings, write


def test_a_sound_guide_has_no_finding(tmp_path: Path) -> None:
    assert check(open_shelf(write(tmp_path, {"weaver.md": SOUND})), TODAY) == []


def test_footnotes_lead_to_works_and_works_are_used(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "footnote", "Silk is dear.[^silk]")
    assert (finding.file, finding.line, finding.sentence) == ("weaver.md", 22, "Silk is dear.")
    assert "[^silk]" in finding.wrong


def test_a_work_that_no_guide_uses_is_named_with_its_line(tmp_path: Path) -> None:
    unused = '\n[pots]\ntitle = "Pots"\npublisher = "Potters"\ndate = "2024"\nconfidence = "D"\n'
    (finding,) = findings(tmp_path, "footnote", sources=SOURCES + unused)
    assert (finding.file, finding.line) == ("sources.toml", 16)


@pytest.mark.parametrize(
    ("added", "sentences"),
    [
        ("Silk costs 30 crowns.", ["Silk costs 30 crowns."]),
        ("Silk costs money. Wool fell by 3%.", ["Wool fell by 3%."]),
        ("Prices are:\n\n- Silk: 30 crowns\n- Wool: two crowns", ["Silk: 30 crowns"]),
        ("Prices are:\n\n| Cloth | Price |\n|---|---|\n| Silk | 30 crowns |", ["Silk - Price: 30 crowns"]),
        ("Prices in 2025 were:\n\n- Silk: 30 crowns[^wages]", []),
        ("Prices in 2025 were:\n\n- Silk: dear", ["Prices in 2025 were:"]),
        ("Prices from 30 crowns were:\n\n- Silk: 40 crowns[^wages]", ["Prices from 30 crowns were:"]),
        ("## Does silk cost 30 crowns?", []),
        ("Learn Python 3 in two or three steps.", []),
    ],
)
def test_every_statement_with_a_figure_has_a_footnote(tmp_path: Path, added: str, sentences: list[str]) -> None:
    assert [finding.sentence for finding in findings(tmp_path, "source", added)] == sentences


@pytest.mark.parametrize(
    ("added", "count"),
    [
        ("Weavers are 900.[^gazette]", 1),
        ("Weavers are 900, according to the Gazette.[^gazette]", 0),
        ("Weavers are 900 in the eyes of Strelsau.[^gazette]", 0),
        ("Weavers are 900.[^gazette][^wages]", 0),
        ("Weavers are many.[^gazette]", 0),
        ("The Gazette reports:\n\n- Weavers: 900[^gazette]", 0),
    ],
)
def test_a_figure_at_second_hand_says_so(tmp_path: Path, added: str, count: int) -> None:
    assert len(findings(tmp_path, "hearsay", added)) == count


@pytest.mark.parametrize(
    ("target", "count"),
    [
        ("potter.md", 1), ("weaver.md", 0), ("#how-do-weavers-work", 0), ("weaver.md#how-do-potters-work", 1),
        ("https://stats.example", 0),
    ],
)  # fmt: skip
def test_links_lead_somewhere(tmp_path: Path, target: str, count: int) -> None:
    assert len(findings(tmp_path, "link", f"Look [there]({target}) for more.")) == count


@pytest.mark.parametrize(
    ("added", "count"),
    [
        ("It is quick.", 1), ("These looms are quick.", 1), ("However, looms are dear.", 1),
        ("The same loom serves.", 1), ("This guide tells more.", 0), ("Italy has looms.", 0), ("Both hands help.", 1),
        ("The same loom as in town serves.", 0), ("Thus spoke a weaver.", 1), ("Iterate often.", 0),
    ],
)  # fmt: skip
def test_a_sentence_names_its_subject(tmp_path: Path, added: str, count: int) -> None:
    assert len(findings(tmp_path, "pronoun", added)) == count


@pytest.mark.parametrize(
    ("sentence", "levels"),
    [
        ("Organisational considerations necessitate comprehensive documentation of responsibilities. ", ["error"]),
        ("A weaver has considerable liberty to arrange family labour as she finds proper. ", ["warning"]),
        ("A weaver may sit where she likes and go home when the cloth is done. ", []),
    ],
)
def test_reading_ease_has_two_floors(tmp_path: Path, sentence: str, levels: list[str]) -> None:
    assert [finding.level for finding in findings(tmp_path, "hard", sentence * 20)] == levels


def test_old_figures_are_warned_of_with_their_date(tmp_path: Path) -> None:
    old = "Looms numbered 700 in 2019.[^wages] Looms were few in 2019.[^wages] Looms numbered 800.[^wages]"
    (finding,) = findings(tmp_path, "stale", old)
    assert (finding.level, finding.sentence) == ("warning", "Looms numbered 700 in 2019.")
    assert "2019" in finding.wrong


def test_the_limit_of_age_is_an_option(tmp_path: Path) -> None:
    shelf = open_shelf(write(tmp_path, {"weaver.md": SOUND}))
    assert {finding.rule for finding in check(shelf, TODAY, stale_months=0)} == {"stale"}


def test_a_figure_has_the_date_that_it_names_or_that_of_its_work(tmp_path: Path) -> None:
    body = "Silk cost 30 crowns in May 2024.[^wages] Wool cost 3 crowns.[^wages][^gazette] Flax was 2 crowns."
    shelf = open_shelf(write(tmp_path, {"weaver.md": SOUND + "\n" + body}))
    told = [figure_date(s, shelf.sources, TODAY) for s in shelf.guides[0].statements[-3:]]
    assert told == ["2024-05", "2025-06", "undated"]


def test_a_guide_told_twice_is_an_error_and_one_sentence_a_warning(tmp_path: Path) -> None:
    long = "A weaver who wants to learn the trade should go to town {} and ask the oldest master there for a loom. "
    body = "".join(long.format(word) for word in ("first", "then", "later", "again", "soon"))
    once = open_shelf(write(tmp_path / "once", {"weaver.md": SOUND, "dyer.md": long.format("now")}))
    assert [f.rule for f in check(once, TODAY) if f.rule in ("alike", "repeated")] == []
    pair = {"tailor.md": body, "dyer.md": body}
    rules = {f.rule: f.level for f in check(open_shelf(write(tmp_path / "twice", pair)), TODAY)}
    assert (rules["alike"], rules["repeated"]) == ("warning", "error")


def test_copied_words_are_found_and_titles_are_not(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    text = (
        "They say that a good weaver never cuts the thread before noon. Wage Survey of Ruritania, a book of the Bureau."
    )
    (given / "a.txt").write_text(text, encoding="utf-8")
    body = "As was said, a good weaver never cuts the thread before noon. Read Wage Survey of Ruritania, a book."
    shelf = open_shelf(write(tmp_path, {"weaver.md": SOUND + "\n" + body}))
    (finding,) = (f for f in check(shelf, TODAY, against=given) if f.rule == "copied")
    assert "a good weaver never cuts the thread before" in finding.wrong
    assert "a.txt" in finding.wrong


@pytest.mark.parametrize(
    ("licence", "notice", "named"),
    [
        ("CC BY 4.0", "Strelsau Gazette, https://creativecommons.org/licenses/by/4.0/", []),
        ("CC BY 4.0", "The Strelsau\nGazette", ["creativecommons.org/licenses/by"]),
        ("MIT", "MIT licence", ["Strelsau Gazette"]),
        ("public domain", "", []),
    ],
)
def test_credit_is_given_where_a_licence_asks_for_it(
    tmp_path: Path, licence: str, notice: str, named: list[str]
) -> None:
    folder = write(tmp_path, {"weaver.md": SOUND}, SOURCES + f'licence = "{licence}"\n')
    (tmp_path / "NOTICE").write_text(notice, encoding="utf-8")
    findings = check(open_shelf(folder), TODAY)
    assert [finding.rule for finding in findings] == ["credit"] * len(named)
    assert all(name in finding.wrong for name, finding in zip(named, findings, strict=True))


def test_folders_without_guides_or_texts_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownPath, match="no guides"):
        open_shelf(tmp_path)
    shelf = open_shelf(write(tmp_path, {"weaver.md": SOUND}))
    with pytest.raises(UnknownPath, match="no text"):
        check(shelf, TODAY, against=tmp_path / "none")


def test_how_people_ask_stands_under_headings_that_are_there_once(tmp_path: Path) -> None:
    folder = write(tmp_path, {"weaver.md": SOUND + "\n## What is silk?\n\nSilk is a thread.\n"})
    guide = folder / "weaver.md"
    asked = 'asked:\n  "How do weavers work?": ["weaver work", "weavers days"]\n  "Wool?": ["Weaver  work"]\nauthor:'
    guide.write_text(guide.read_text(encoding="utf-8").replace("author:", asked, 1), encoding="utf-8")
    found = [finding for finding in check(open_shelf(folder), TODAY) if finding.rule == "asked"]
    assert len(found) == 3
    assert sum("Wool?" in finding.wrong for finding in found) == 1
    assert sum("stands under weaver.md, How do weavers work?" in finding.wrong for finding in found) == 1
    assert sum(finding.sentence == "What is silk?" for finding in found) == 1
