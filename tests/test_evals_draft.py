"""Drafted questions: made of what stands in a document, with quotes that stand in it, and runnable as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import UnknownPath, UsageError
from corpus.library import Library
from corpus.models import Document
from corpus.questions import Case, read_set, write_set
from corpus.settings import Settings
from evals.__main__ import main
from evals.draft import draft, find, read
from evals.lookalikes import LAYOUTS, occupations, page
from ingest.readers.document import read_document
from ingest.shipped import guides_folder
from tests import shelf


def document(text: str, name: str = "a.md") -> Document:
    return read_document(text.encode(), name)


def by_kind(cases: tuple[Case, ...]) -> dict[str, list[Case]]:
    return {kind: [each for each in cases if each.tags == ("draft", kind)] for each in cases for kind in each.tags[1:]}


def test_each_kind_by_hand() -> None:
    kinds = by_kind(draft(document(shelf.GUIDES["pay.md"], "pay.md")))
    assert set(kinds) == {"heading", "figure", "row"}
    assert [each.question for each in kinds["heading"]] == [
        "How much does a data engineer earn?",
        "How fast is employment of data engineers growing?",
    ]
    assert kinds["heading"][0].nuggets == (("84,500",),)
    assert kinds["figure"][0].question == "A data engineer in Ruritania earned a median of how many crowns in 2024?"
    row = kinds["row"][0]
    assert row.question == "Pay in data jobs: what is the median pay in 2024 for Data engineer?"
    assert row.nuggets == (("84,500 crowns",),)
    made = by_kind(draft(document(shelf.GUIDES["first-steps.md"], "first-steps.md")))["list"][0]
    assert made.question == "What are the entry-level jobs that lead into data work in Ruritania?"
    assert [phrase for nugget in made.nuggets for phrase in nugget] == [
        "Reporting clerk",
        "Junior analyst",
        "Survey assistant",
        "Support engineer",
    ]


@pytest.mark.parametrize(
    ("sentence", "question", "nugget"),
    [
        ("A ticket costs $2.50 a day.", "A ticket costs how much money a day?", "$2.50"),
        ("About 12% of them leave.", "About what percentage of them leave?", "12%"),
        ("The guild has 1,250 members.", "The guild has how many members?", "1,250"),
        ("The guild was founded in 1950 by smiths.", None, None),
    ],
)
def test_a_figure_is_asked_for_in_the_words_of_its_sentence(
    sentence: str, question: str | None, nugget: str | None
) -> None:
    made = by_kind(draft(document(f"# The guild\n\n{sentence}\n"))).get("figure", [])
    assert [(each.question, each.nuggets) for each in made] == ([(question, ((nugget,),))] if question else [])


def texts() -> list[tuple[str, str]]:
    pages = [(f"{layout}.html", page(occupations(8, 2)[3], layout, [])) for layout in LAYOUTS]
    guides = sorted(guides_folder().glob("*.md"))[:6]
    return [*shelf.GUIDES.items(), *pages, *((each.name, each.read_text(encoding="utf-8")) for each in guides)]


@pytest.mark.parametrize(("name", "text"), texts(), ids=[name for name, _ in texts()])
def test_quotes_stand_in_the_document_and_nuggets_in_the_quotes(name: str, text: str, tmp_path: Path) -> None:
    read = document(text, name)
    cases = draft(read)
    assert len(cases) >= 3
    for each in cases:
        quotes = [relevant.quote or "" for relevant in each.relevant]
        assert all(quote and quote in read.text for quote in quotes)
        assert {relevant.document for relevant in each.relevant} == {name}
        assert all(any(phrase in quote for quote in quotes) for (phrase,) in each.nuggets)
    assert len({each.question.casefold() for each in cases}) == len(cases)
    assert draft(read) == cases
    write_set(tmp_path / "set.jsonl", cases)
    assert read_set(tmp_path / "set.jsonl").cases == cases


def test_at_most_so_many_of_each_kind_in_turn() -> None:
    cases = draft(document(shelf.GUIDES["pay.md"], "pay.md"), 3)
    assert {each.tags[1] for each in cases} == {"heading", "figure", "row"}
    assert [each.id for each in cases] == ["pay-001", "pay-002", "pay-003"]


def test_advertising_is_not_asked_about() -> None:
    assert not any("Bootcamp" in str(each) for each in draft(document(shelf.GUIDES["interviews.txt"], "i.txt")))


def test_a_drafted_set_runs_as_it_is_and_is_mostly_answered(library: Path, tmp_path: Path) -> None:
    out = tmp_path / "pay.jsonl"
    assert main(["draft", "pay.md", "--library", str(library), "--out", str(out)]) == 0
    assert main([str(out), "--library", str(library), "--out", str(tmp_path / "run")]) == 0
    rates = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))["rates"]
    assert rates["relevant_document"]["n"] == len(read_set(out).cases)
    assert rates["relevant_document"]["value"] >= 0.8


def test_a_file_is_read_as_ingest_reads_it_and_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf.write(tmp_path)
    assert main(["draft", str(tmp_path / "pay.md"), "--most", "2"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["relevant"][0]["document"] for row in printed] == ["pay.md", "pay.md"]


def test_edits_are_not_overwritten(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "set.jsonl").write_text("mine", encoding="utf-8")
    assert main(["draft", "pay.md", "--library", str(library), "--out", str(tmp_path / "set.jsonl")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "set.jsonl").read_text(encoding="utf-8") == "mine"


def test_what_is_not_there_or_not_one_is_said(library: Path, settings: Settings, tmp_path: Path) -> None:
    shelf.write(tmp_path / "three")
    with pytest.raises(UnknownPath):
        read(str(tmp_path / "nowhere.md"))
    with pytest.raises(UsageError, match="holds 3 documents"):
        read(str(tmp_path / "three"))
    opened = Library.open(library, settings)
    try:
        assert find(opened, "pay in data JOBS").source == "pay.md"
        with pytest.raises(UsageError, match=r"holds no document nowhere\.md"):
            find(opened, "nowhere.md")
    finally:
        opened.close()


def test_a_text_with_nothing_to_ask_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bare.txt").write_text("Only a few words without any figure stand here.", encoding="utf-8")
    assert main(["draft", str(tmp_path / "bare.txt")]) == 2
    assert "no heading, list, table or figure" in capsys.readouterr().err
