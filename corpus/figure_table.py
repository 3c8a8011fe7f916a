"""The table of figures (figures.toml): each number that recurs in several guides, once, with what it measures.

Next year's edition is one edit: change the value in the table, and the check names every guide and line that still
holds the old one. `disagreement` tables name figures that sources give differently for one thing, and why.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from corpus.errors import BadGuide
from corpus.figures import figures, is_telling, said_date, value
from corpus.guide import Guide, Said, Statement, line_of, read_toml
from corpus.words import fold, term_set, words

FILE = "figures.toml"
# What begins so was drafted by `--mend` and waits for a person to name it.
DRAFT = "draft-"
_HEAD = """\
# Figures that recur in several guides, each once. A new edition is one edit here: change value, period and, where it
# is another work, source; `python -m corpus check` then names every guide and line to revise.
#
# value as it stands in the guides (245,900; $112,590; 34%; 60 days), measure, place, period, source (a key of
# sources.toml) and the guides that hold it. words: where one work gives the same number for two things, words that a
# statement on this one holds. Figures that only one guide holds stand here where a disagreement names them.
#
# A disagreement names figures that answer one question differently, the reason (edition, definition, place, method) in
# a sentence, and the guides that tell of it.
#
# `python -m corpus check --mend` adds what is missing and writes this file in order; remarks inside it are not kept.
"""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Entry(BaseModel):
    """One figure of the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Said | Annotated[str, StringConstraints(pattern=r"^\d$")]
    measure: Said
    place: Said
    period: Said
    source: Slug
    guides: tuple[str, ...]
    words: tuple[str, ...] = ()


class Disagreement(BaseModel):
    """Figures by id that answer one question differently. `guides` tell of them and say why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: Said
    reason: Literal["edition", "definition", "place", "method"]
    why: Said
    figures: tuple[Slug, ...]
    guides: tuple[str, ...]


class Table(BaseModel):
    """figures.toml: entries and disagreements by their ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: dict[Slug, Entry] = {}
    disagreement: dict[Slug, Disagreement] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """A figure's value where it stands."""

    guide: Guide
    statement: Statement
    value: str


def read_table(path: Path) -> Table:
    """Raises UnknownPath where there is no such file, BadGuide where it does not fit the schema."""
    try:
        return Table.model_validate(read_toml(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][:2])
        raise BadGuide(path.name, line_of(path, f"[{place}]"), f"{place}: {first['msg']}") from error


@lru_cache(maxsize=1)
def shipped_table() -> Table:
    """The table of Waymark's own guides."""
    return Table.model_validate(read_toml(Path(str(files("corpus") / FILE))))


def write_table(path: Path, table: Table) -> None:
    """In the order of ids, which begin with the place or work, so that a change is a small difference."""
    parts = [_HEAD]
    for kind in ("figure", "disagreement"):
        entries: Mapping[str, Entry | Disagreement] = getattr(table, kind)
        for id_, entry in sorted(entries.items()):
            filled = {key: value for key, value in entry.model_dump().items() if value != ()}
            lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in filled.items()]
            parts.append("\n".join([f"[{kind}.{id_}]", *lines, ""]))
    path.write_text("\n".join(parts), encoding="utf-8")


def places(guides: Sequence[Guide]) -> list[Place]:
    """Every figure of the guides that can be followed by its value, at its place."""
    return [
        Place(guide, statement, value(figure))
        for guide in guides
        for statement in guide.statements
        if statement.kind != "heading"
        for figure in figures(statement.own_words)
        if is_telling(figure)
    ]


def holds(entry: Entry, place: Place) -> bool:
    """Whether a place holds the entry's figure: its value, by its source, in a statement on its measure."""
    if place.value != entry.value or entry.source not in place.statement.marks:
        return False
    if not entry.words:
        return True
    said = set(words(" ".join(place.statement.context)))
    return all(set(words(fold(word))) <= said for word in entry.words)


def unit(value: str) -> str:
    """What a value is counted in: its text with the digits taken out."""
    return re.sub(r"\d[\d.,]*", "#", value)


def recurring(found: Iterable[Place], table: Table) -> dict[tuple[str, str], list[Place]]:
    """(value, source) -> places in two guides or more that no entry of the table holds."""
    by_value = _entries_by_value(table)
    groups: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in found:
        if not any(holds(entry, place) for entry in by_value.get(place.value, ())):
            for key in place.statement.marks:
                groups[place.value, key].append(place)
    return {key: where for key, where in groups.items() if len({place.guide.name for place in where}) > 1}


def _entries_by_value(table: Table) -> dict[str, list[Entry]]:
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in table.figure.values():
        entries[entry.value].append(entry)
    return entries


def outdated(entry: Entry, found: Sequence[Place], table: Table) -> dict[str, list[Place]]:
    """For each listed guide that does not hold the entry's value: where it holds what must be the old one.

    That is a value of the same source and unit that no entry holds: the one that stands in most of these guides, and
    among several of them in the words most like the measure. An empty list where a guide has no such value.
    """
    holding = {place.guide.name for place in found if holds(entry, place)}
    missing = [name for name in entry.guides if name not in holding]
    by_value = _entries_by_value(table)
    candidates: defaultdict[str, list[Place]] = defaultdict(list)
    for place in found:
        if (
            place.guide.name in missing
            and entry.source in place.statement.marks
            and unit(place.value) == unit(entry.value)
            and not any(holds(other, place) for other in by_value.get(place.value, ()))
        ):
            candidates[place.value].append(place)
    wanted = term_set(f"{entry.measure} {' '.join(entry.words)}")

    def likeness(where: list[Place]) -> tuple[int, int]:
        near = max(len(wanted & term_set(" ".join(place.statement.context))) for place in where)
        return len({place.guide.name for place in where}), near

    old = max(candidates.values(), key=likeness, default=[])
    return {name: [place for place in old if place.guide.name == name] for name in missing}


def mended(table: Table, guides: Sequence[Guide]) -> Table:
    """The table with the guides that hold each entry, and a draft for every figure that recurs without one.

    A guide that no longer holds a value leaves its list only where others do and it has nothing that could be the old
    value: else somebody has to judge. Disagreements name the guides that hold all of their figures, if any does.
    """
    found = places(guides)
    entries: dict[str, Entry] = {}
    for id_, entry in table.figure.items():
        holding = {place.guide.name for place in found if holds(entry, place)}
        behind = {name for name, old in outdated(entry, found, table).items() if old or not holding}
        known = {guide.name for guide in guides}
        entries[id_] = entry.model_copy(update={"guides": tuple(sorted(holding | (behind & known)))})
    told = {
        id_: each.model_copy(update={"guides": _telling(each, entries) or each.guides})
        for id_, each in table.disagreement.items()
    }
    done: set[int] = set()
    groups = recurring(found, table)
    for (value_, source), where in sorted(groups.items(), key=lambda group: -len(group[1])):
        if done.issuperset(map(id, where)):
            continue  # a statement with two footnotes needs one entry
        done.update(map(id, where))
        entries[_new_id(source, value_, entries)] = _draft(value_, source, where)
    return Table(figure=entries, disagreement=told)


def _telling(each: Disagreement, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """The guides that hold every figure of a disagreement."""
    lists = [set(entries[id_].guides) for id_ in each.figures if id_ in entries]
    return tuple(sorted(set.intersection(*lists))) if lists else ()


def _new_id(source: str, value_: str, taken: Mapping[str, Entry]) -> str:
    id_ = f"{DRAFT}{source}-{re.sub(r'[^a-z0-9]+', '-', value_.replace('%', ' percent').lower()).strip('-')}"
    return id_ if id_ not in taken else f"{id_}-{len(taken)}"


def _draft(value_: str, source: str, where: Sequence[Place]) -> Entry:
    first = where[0]
    statement = first.statement
    measure = statement.text
    if statement.kind == "row":
        header = next((head for head, cell in zip(statement.head, statement.cells, strict=False) if value_ in cell), "")
        measure = f"{statement.cells[0]}: {header}"
    period = said_date(" ".join(statement.context), first.guide.front.reviewed) or "see the source"
    return Entry(
        value=value_, measure=measure, place=first.guide.front.region, period=period, source=source,
        guides=tuple(sorted({place.guide.name for place in where})),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the table that a text holds, and the disagreements in which it stands."""

    id: str
    entry: Entry
    disagreements: tuple[Disagreement, ...]


def told_figures(text: str, sources: Iterable[str], table: Table) -> tuple[Told, ...]:
    """The table's figures that stand in a text by one of these sources (keys of sources.toml), in the table's order."""
    values = {value(figure) for figure in figures(text)}
    keys = set(sources)
    said = set(words(text))
    return tuple(
        Told(id_, entry, tuple(each for each in table.disagreement.values() if id_ in each.figures))
        for id_, entry in table.figure.items()
        if entry.value in values and entry.source in keys and all(set(words(fold(w))) <= said for w in entry.words)
    )
