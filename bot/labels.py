"""What a unit says that it is about: a table row by its label, all else by its heading; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.situation import people
from bot.subject import names
from bot.units import Unit
from corpus.words import term_set


def of_asked_rows(units: Sequence[Unit], weights: Mapping[str, float]) -> list[Unit]:
    """Without the rows of a table whose label has no word of the question, where another row's has one: what a
    community college costs is no answer on bootcamps."""
    named = [not weights.keys().isdisjoint(term_set(label(unit))) if is_row(unit) else None for unit in units]
    told = {unit.place for unit, mine in zip(units, named, strict=True) if mine}
    return [unit for unit, mine in zip(units, named, strict=True) if mine is not False or unit.place not in told]


def is_row(unit: Unit) -> bool:
    return unit.parts[0].kind == "row"


def of_another(unit: Unit, weights: Mapping[str, float]) -> bool:
    """Whether a unit's heading names jobs, and none of them by words that were all asked."""
    named = people(unit.passage.section[-1]) if unit.passage.section else ()
    return bool(named) and not any(name <= weights.keys() for name in named)


def row_of_another(unit: Unit, subject: Sequence[str]) -> bool:
    """Whether a unit is a table row whose label names a job, and not the one asked about."""
    return is_row(unit) and bool(people(label(unit))) and not names(subject, (label(unit),))


def label(unit: Unit) -> str:
    """What a unit says that it is about: a row by its label, without what the table stands under; else all of it."""
    if is_row(unit):
        return unit.texts[0].partition(": ")[0].rpartition(" - ")[2]
    return " ".join(unit.texts)
