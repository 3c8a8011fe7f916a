"""The shipped guides: front matter, footnotes both ways, sources, questions, and sentences that stand alone."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

GUIDES = Path(str(files("corpus.guides")))
NAMES = sorted(path.name for path in GUIDES.glob("*.md"))
KINDS = {"guide", "statistics", "comparison", "how-to"}
_MARK = re.compile(r"\[\^([a-z0-9-]+)\]")
_DANGLING = re.compile(r"^(?:It|This|These|They|Those|Such|However|That)\b")


@cache
def guide(name: str) -> tuple[dict[str, Any], str]:
    _, head, body = (GUIDES / name).read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


@cache
def sources() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("corpus") / "sources.toml").read_text(encoding="utf-8"))


def test_there_are_enough_guides() -> None:
    assert len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_front_matter_is_complete(name: str) -> None:
    head, _ = guide(name)
    assert head["kind"] in KINDS
    for field in ("title", "summary", "region", "author"):
        assert isinstance(head[field], str)
        assert head[field].strip()
    assert str(head["published"]) <= str(head["reviewed"])
    assert 4 <= len(head["questions"]) <= 12
    assert all(isinstance(text, str) for text in (*head["questions"], *head.get("about", [])))


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_a_sitting_long(name: str) -> None:
    _, body = guide(name)
    assert 600 <= len(_MARK.sub("", body).split()) <= 1800
    assert len(re.findall(r"^#{2,3} .+\?$", body, re.MULTILINE)) >= 5
    assert not re.search(r"^# ", body, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_leads_to_a_source(name: str) -> None:
    missing = set(_MARK.findall(guide(name)[1])) - set(sources())
    assert not missing


def test_every_source_is_used_and_says_what_it_is() -> None:
    used = {key for name in NAMES for key in _MARK.findall(guide(name)[1])}
    assert set(sources()) == used
    for key, source in sources().items():
        assert source["title"], key
        assert source.get("publisher") or source.get("url"), key
        assert source["confidence"] in {"D", "X", "S"}, key
        assert re.fullmatch(r"https?://\S+", source.get("url", "https://none")), key


@pytest.mark.parametrize("name", NAMES)
def test_the_first_sentence_under_a_heading_stands_alone(name: str) -> None:
    openings = re.findall(r"^#{2,3} .+\n+(?![-|#\d])(.+)", guide(name)[1], re.MULTILINE)
    assert openings
    assert [text for text in openings if _DANGLING.match(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_markup_that_runs(name: str) -> None:
    assert not re.search(r"<\w|javascript:|!\[", guide(name)[1])


def test_the_question_sets_name_guides_that_exist() -> None:
    for path in Path(str(files("evals.questions"))).glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            assert {relevant["document"] for relevant in case.get("relevant", [])} <= set(NAMES), case["id"]
