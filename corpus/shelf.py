"""A folder of guides with the works that they cite and the table of their figures; what a check finds in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import BadGuide, UnknownPath
from corpus.figure_table import FILE, Table, read_table
from corpus.guide import Guide, Source, Statement, read_guide, read_sources

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` is the statement found fault with ("" for a whole file), `todo` what mends it."""

    level: Level
    rule: str
    file: str
    line: int
    sentence: str
    wrong: str
    todo: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Guides, the works that they cite and the table of figures. `faults`: files that do not fit their schema."""

    guides: tuple[Guide, ...]
    sources: Mapping[str, Source]
    sources_file: Path
    table: Table
    table_file: Path
    faults: tuple[Finding, ...] = ()


def open_shelf(folder: Path) -> Shelf:
    """The guides of a folder, with sources.toml and figures.toml from it or its parent; without a table, an empty one.

    Raises UnknownPath where there are no guides or no sources.toml.
    """
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise UnknownPath(f"There are no guides (*.md) in {folder}; name their folder.")
    works = beside(folder, "sources.toml")
    guides: list[Guide] = []
    faults: list[Finding] = []
    for path in paths:
        try:
            guides.append(read_guide(path))
        except BadGuide as error:
            faults.append(fault(error))
    sources: Mapping[str, Source] = {}
    try:
        sources = read_sources(works)
    except BadGuide as error:
        faults.append(fault(error))
    table, table_file = Table(), beside(folder, FILE)
    try:
        table = read_table(table_file) if table_file.is_file() else table
    except BadGuide as error:
        faults.append(fault(error))
    return Shelf(tuple(guides), sources, works, table, table_file, tuple(faults))


def beside(folder: Path, name: str) -> Path:
    """A data file of the guides: in their folder, else in its parent."""
    inside = folder / name
    return inside if inside.is_file() else folder.parent / name


def fault(error: BadGuide) -> Finding:
    """A file that does not fit its schema, as a finding."""
    return Finding("error", "schema", error.file, error.line, "", error.wrong, "write it as corpus/guide.py asks")


def found_in(guide: Guide, statement: Statement, level: Level, rule: str, wrong: str, todo: str) -> Finding:
    """A finding on a statement, at its line."""
    return Finding(level, rule, guide.name, statement.line, statement.text, wrong, todo)
