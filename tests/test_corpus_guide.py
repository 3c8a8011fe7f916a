"""Reading guides strictly: schema with line numbers, statements with marks, headers and lead-ins."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadGuide, UnknownPath
from corpus.guide import plain, read_guide, read_sources
from tests.guides import FRONT, SOURCES

BODY = """Opening words.[^wages] A second sentence, on two
lines.

## How much do *weavers* earn?

Weavers earn as follows:

| Weaver | Pay a year |
|---|---|
| Silk | 84,500 crowns[^wages] |
| Wool, see [the guide](b.md) | 61,200 crowns[^gazette][^wages] |

### Steps

The steps are:

1. Learn to spin[^gazette]
2. Learn to weave,
   slowly

```
no sentence
```
"""


def guide_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "weaver.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_statements_with_their_lines_marks_leads_and_headers(tmp_path: Path) -> None:
    guide = read_guide(guide_of(tmp_path, FRONT.format(title="Weaver") + BODY))
    told = [(s.kind, s.text, s.marks) for s in guide.statements]
    assert told == [
        ("sentence", "Opening words.", ("wages",)),
        ("sentence", "A second sentence, on two lines.", ()),
        ("heading", "How much do weavers earn?", ()),
        ("sentence", "Weavers earn as follows:", ()),
        ("row", "Silk - Pay a year: 84,500 crowns", ("wages",)),
        ("row", "Wool, see the guide - Pay a year: 61,200 crowns", ("gazette", "wages")),
        ("heading", "Steps", ()),
        ("sentence", "The steps are:", ()),
        ("item", "Learn to spin", ("gazette",)),
        ("item", "Learn to weave, slowly", ()),
    ]
    row = guide.statements[4]
    assert (row.lead, row.head, row.cells) == ("Weavers earn as follows:", ("Weaver", "Pay a year"),
                                               ("Silk", "84,500 crowns"))  # fmt: skip
    assert guide.statements[8].section == ("How much do weavers earn?", "Steps")
    assert guide.statements[8].lead == "The steps are:"
    lines = guide.raw.splitlines()
    for statement in guide.statements:
        assert statement.text.split()[0].strip("*") in lines[statement.line - 1]


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong"),
    [
        ("kind: guide", "kind: essay", 4, "front matter, kind: Input should be 'guide', 'statistics'"),
        ("published: 2026-01-01", "published: soon", 6, "published"),
        ("reviewed: 2026-02-01", "reviewed: 2025-02-01", 1, "reviewed is before published"),
        ('"Who does it?"', '"Who does it"', 9, "does not end with a question mark"),
        ('"Who does it?"', '"What is it?"', 9, "stands twice"),
        ('  - "Who does it?"\n', "", 9, "at least 4"),
        ("author:", "writer:", 1, "author: Field required"),
        ('title: "Weaver"', 'title: "Weaver', 2, "no YAML"),
        ("---\ntitle", "title", 1, "no front matter"),
    ],
)
def test_front_matter_that_does_not_fit_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, wrong: str
) -> None:
    text = FRONT.format(title="Weaver").replace(old, new, 1)
    with pytest.raises(BadGuide, match=r"weaver\.md") as caught:
        read_guide(guide_of(tmp_path, text))
    assert wrong in caught.value.wrong
    if "YAML" not in wrong:
        assert caught.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('confidence = "S"', 'confidence = "Z"', "gazette, confidence"),
        ('url = "https://gazette.example/weavers"', 'url = "gazette.example"', "gazette, url"),
        ('date = "2025"', 'when = "2025"', "gazette, date"),
    ],
)
def test_a_work_that_does_not_fit_is_named_with_its_line(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES.replace(old, new), encoding="utf-8")
    with pytest.raises(BadGuide) as caught:
        read_sources(path)
    assert wrong in str(caught.value)
    assert path.read_text().splitlines()[caught.value.line - 1] == "[gazette]"


def test_a_missing_or_broken_file_of_works_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownPath, match=r"sources\.toml"):
        read_sources(tmp_path / "sources.toml")
    (tmp_path / "sources.toml").write_text("[wages\n", encoding="utf-8")
    with pytest.raises(BadGuide, match="no TOML"):
        read_sources(tmp_path / "sources.toml")


def test_inline_marks_go_and_escapes_stay() -> None:
    assert (
        plain(r"*Very* `plain` **O\*NET** and [here](a.md), snake_case too")
        == "Very plain O*NET and here, snake_case too"
    )
