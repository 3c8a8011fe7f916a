"""The guides that ship pass their own check, and the question sets and page that speak of them are true."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from corpus.check import check
from corpus.guide import MARK, Guide
from corpus.overview import check_overview
from corpus.shelf import Shelf, open_shelf

GUIDES = Path(str(files("corpus.guides")))
NAMES = sorted(path.name for path in GUIDES.glob("*.md"))


@cache
def shelf() -> Shelf:
    return open_shelf(GUIDES)


def body(name: str) -> str:
    return (GUIDES / name).read_text(encoding="utf-8").split("---\n", 2)[2]


def test_the_check_finds_no_error() -> None:
    found = check(shelf(), date.today()) + check_overview(shelf(), GUIDES)
    errors = [f"{f.file}:{f.line}: {f.wrong} -> {f.todo}" for f in found if f.level == "error"]
    assert errors == []


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_a_sitting_long(name: str) -> None:
    assert 600 <= len(MARK.sub("", body(name)).split()) <= 1800
    assert len(re.findall(r"^#{2,3} .+\?$", body(name), re.MULTILINE)) >= 5
    assert not re.search(r"^# ", body(name), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_no_markup_that_runs(name: str) -> None:
    assert not re.search(r"<\w|javascript:|!\[", body(name))


@pytest.mark.parametrize("guide", shelf().guides, ids=lambda guide: guide.name)
def test_every_section_tells_how_people_ask_for_it(guide: Guide) -> None:
    headings = [s.text for s in guide.statements if s.kind == "heading" and len(s.section) == 1]
    assert list(guide.front.asked) == headings
    assert all(len(phrases) >= 4 for phrases in guide.front.asked.values())
    assert all(phrase.casefold() not in map(str.casefold, headings) for p in guide.front.asked.values() for phrase in p)


def test_the_question_sets_name_guides_that_exist() -> None:
    sets = list(Path(str(files("evals.questions"))).glob("*.jsonl"))
    assert sets
    for path in sets:
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            assert {relevant["document"] for relevant in case.get("relevant", [])} <= set(NAMES), case["id"]
