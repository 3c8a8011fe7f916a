"""Small folders of guides for the tests of their check: a body with front matter, works and a table of figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from corpus.check import check
from corpus.shelf import Finding, open_shelf

FRONT = """---
title: "{title}"
summary: "What {title} is about."
kind: guide
region: "Ruritania"
published: 2026-01-01
reviewed: 2026-02-01
author: "Waymark"
questions:
  - "What is it?"
  - "How is it done?"
  - "Why is it done?"
  - "Who does it?"
---

"""
SOURCES = """
[wages]
title = "Wage Survey of Ruritania"
publisher = "Ruritanian Statistics Bureau"
url = "https://stats.example/wages"
date = "2025-06"
confidence = "D"

[gazette]
title = "What weavers earn"
publisher = "Strelsau Gazette"
url = "https://gazette.example/weavers"
date = "2025"
confidence = "S"
"""


def write(
    place: Path, bodies: Mapping[str, str], sources: str = SOURCES, table: str | None = None, docs: bool = False
) -> Path:
    """A folder `corpus/guides` under `place` with a guide for each body; the folder itself is given back."""
    folder = place / "corpus" / "guides"
    folder.mkdir(parents=True)
    for name, body in bodies.items():
        title = name.removesuffix(".md").title()
        (folder / name).write_text(FRONT.format(title=title) + body, encoding="utf-8")
    (folder.parent / "sources.toml").write_text(sources, encoding="utf-8")
    if table is not None:
        (folder.parent / "figures.toml").write_text(table, encoding="utf-8")
    if docs:
        (place / "docs").mkdir()
    return folder


TODAY = date(2026, 3, 1)
# A guide with which the check finds no fault.
SOUND = """Weavers in Ruritania earned 84,500 crowns in 2025.[^wages] The loom makes cloth.

## How do weavers work?

A weaver earns more in town, according to the Strelsau Gazette, which counted 900 of them in 2025.[^gazette]
"""


def findings(
    place: Path,
    rule: str,
    added: str = "",
    others: Mapping[str, str] | None = None,
    sources: str = SOURCES,
    table: str | None = None,
) -> list[Finding]:
    """The findings of one rule for a guide that is sound but for what is added to it, and for others beside it."""
    folder = write(place, {"weaver.md": SOUND + "\n" + added, **(others or {})}, sources, table)
    return [finding for finding in check(open_shelf(folder), TODAY) if finding.rule == rule]
