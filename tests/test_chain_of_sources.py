"""The chain from an answer's sentence to the guide's words, to the footnote, to the work with its date."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from corpus.guide import Guide, Statement
from corpus.models import Document, Reference
from corpus.settings import Settings
from corpus.shelf import Shelf, open_shelf
from ingest.pipeline import run
from ingest.readers.document import read_document
from ingest.readers.notes import read_works
from tests.web import client, serving
from ui.opening import open_advisor_for

GUIDES = Path(str(files("corpus.guides")))
NAMES = sorted(path.name for path in GUIDES.glob("*.md"))
ASKED = "data-scientist.md"


@cache
def shelf() -> Shelf:
    return open_shelf(GUIDES)


def guide_of(name: str) -> Guide:
    return next(guide for guide in shelf().guides if guide.name == name)


def works_of(statement: Statement) -> set[Reference]:
    works = [shelf().sources[key] for key in statement.marks]
    return {Reference(work.title, work.publisher, work.url, work.date) for work in works}


def words_of(text: str) -> str:
    return " ".join(text.split())


def lines_of(document: Document) -> Iterator[tuple[str, int, int]]:
    for block in document.blocks:
        yield document.text[block.start : block.end], block.start, block.end


def spans_of(document: Document, statement: Statement) -> Iterator[tuple[int, int]]:
    """Where a statement stands in the reading text: a row is the line that holds all its cells."""
    for text, start, end in lines_of(document):
        if statement.kind == "row":
            if text.count("; ") >= len(statement.cells) - 2 and all(cell in text for cell in statement.cells):
                yield start, end
        elif (at := text.find(statement.text)) >= 0:
            yield start + at, start + at + len(statement.text)


@pytest.mark.parametrize("name", NAMES)
def test_every_footnote_of_a_guide_reaches_the_span_that_an_answer_would_quote(name: str) -> None:
    works = read_works((GUIDES.parent / "sources.toml").read_bytes())
    document = read_document((GUIDES / name).read_bytes(), name, works=works)
    lost = [
        (statement.line, statement.text)
        for statement in guide_of(name).statements
        if statement.marks
        and not any(set(document.references(*span)) == works_of(statement) for span in spans_of(document, statement))
    ]
    assert lost == []


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[httpx.Client]:
    """The product over HTTP, with one of the guides that ship."""
    place = tmp_path_factory.mktemp("chain")
    (place / "guides").mkdir()
    shutil.copy(GUIDES / ASKED, place / "guides")
    shutil.copy(GUIDES.parent / "sources.toml", place)
    assert run([str(place / "guides")], place / "library", settings).quarantined == ()
    with serving(settings, lambda: open_advisor_for(place / "library", settings)) as at, client(at) as asking:
        yield asking


@pytest.mark.parametrize(
    "question",
    [
        "How much does a data scientist earn in the US, and how fast is the field growing?",
        "Which industries pay data scientists best?",
        "Do I need a master's degree to be a data scientist?",
        "What tools does a data scientist need?",
        "Is data science growth 34% or 36%?",
    ],
)
def test_every_citation_of_a_footnoted_sentence_carries_its_works(web: httpx.Client, question: str) -> None:
    body = web.post("/ask", json={"question": question}).json()
    assert body["status"] == "answered"
    noted = [statement for statement in guide_of(ASKED).statements if statement.marks]
    counted: Counter[str] = Counter()
    for citation in body["citations"]:
        document: dict[str, Any] = web.get(f"/documents/{citation['document_id']}").json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
        told = {Reference(**reference) for reference in citation["references"]}
        assert all(set(reference) == {"title", "publisher", "url", "date"} for reference in citation["references"])
        for statement in noted:
            if holds(citation["quote"], statement):
                counted["noted"] += 1
                assert works_of(statement) <= told, statement.text
                for work in works_of(statement):
                    assert work.publisher
                    assert work.url
                    assert re.search(r"\d{4}", work.date or "")
    assert counted["noted"]


def holds(quote: str, statement: Statement) -> bool:
    if statement.kind == "row":
        return any(all(cell in line for cell in statement.cells) for line in quote.splitlines())
    return words_of(statement.text) in words_of(quote)
