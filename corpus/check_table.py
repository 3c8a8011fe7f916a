"""The rules on figures that are told more than once: the table of figures, disagreements, and tables that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.figure_table import DRAFT, FILE, Place, holds, outdated, places, recurring
from corpus.figures import figures, value
from corpus.guide import Guide, Statement, line_of
from corpus.shelf import Finding, Shelf, found_in

_MEND = "run `python -m corpus check --mend` and complete what it adds to figures.toml"


def contradicting_tables(guides: Sequence[Guide]) -> Iterator[Finding]:
    """Cells of two guides that hold one figure each, with label, header and source in common and not the figure."""
    told: dict[tuple[object, ...], tuple[Guide, Statement, str]] = {}
    for guide in guides:
        for row in guide.statements:
            for header, cell in zip(row.head[1:], row.cells[1:], strict=False):
                mine = [value(figure) for figure in figures(cell)]
                if len(mine) != 1:
                    continue
                key = (row.cells[0].casefold(), header.casefold(), frozenset(row.marks))
                other, where, theirs = told.setdefault(key, (guide, row, mine[0]))
                if theirs != mine[0] and other.name != guide.name:
                    wrong = f"{header}: {mine[0]} here, {theirs} in {other.name}, line {where.line}, by the same source"
                    yield found_in(guide, row, "error", "table", wrong, "look the figure up and mend one of the two")


def recurring_figures(shelf: Shelf) -> Iterator[Finding]:
    """The table of figures against the guides, both ways."""
    found = places(shelf.guides)
    known = {guide.name for guide in shelf.guides}
    told: set[tuple[str, str]] = set()
    for id_, entry in shelf.table.figure.items():
        line = line_of(shelf.table_file, f"[figure.{id_}]")
        if entry.source not in shelf.sources:
            wrong = f"{id_} names the source {entry.source}, which sources.toml does not hold"
            yield Finding("error", "recurring", FILE, line, "", wrong, "name a work of sources.toml")
        if id_.startswith(DRAFT):
            todo = "give it a telling id, and complete measure, place and period"
            yield Finding("warning", "draft", FILE, line, "", f"{id_} ({entry.value}) is a draft", todo)
        for name, old in outdated(entry, found, shelf.table).items():
            said = f"the table holds {entry.value} for {entry.measure} ({id_})"
            for place in old:
                told.add((place.value, entry.source))
                wrong = f"{said}, this sentence {place.value}"
                yield found_in(
                    place.guide, place.statement, "error", "recurring", wrong, "revise the sentence or the table"
                )
            if not old:
                wrong = f"{said} in {name}, which does not hold it" + ("" if name in known else " and is not there")
                yield Finding("error", "recurring", FILE, line, "", wrong, f"take {name} off its list, or revise it")
        unlisted = {place.guide.name for place in found if holds(entry, place)} - set(entry.guides)
        if unlisted:
            wrong = f"{entry.value} ({id_}) stands in {', '.join(sorted(unlisted))} as well"
            yield Finding("error", "recurring", FILE, line, "", wrong, _MEND)
    for (number, source), where in recurring(found, shelf.table).items():
        if (number, source) not in told:
            others = ", ".join(f"{place.guide.name} line {place.statement.line}" for place in where[1:])
            wrong = f"{number} by [^{source}] stands in {others} too, and not in {FILE}"
            yield found_in(where[0].guide, where[0].statement, "error", "recurring", wrong, _MEND)
    yield from _slips(shelf, found)


def _slips(shelf: Shelf, found: Sequence[Place]) -> Iterator[Finding]:
    """Figures of five digits or more that are one slip of the pen away from the table's figure of the same source."""
    for id_, entry in shelf.table.figure.items():
        if sum(map(str.isdigit, entry.value)) < 5:
            continue
        for place in found:
            near = len(place.value) == len(entry.value) and _one_slip(place.value, entry.value)
            if near and entry.source in place.statement.marks:
                wrong = f"{place.value} is nearly {entry.value} ({id_})"
                yield found_in(place.guide, place.statement, "warning", "slip", wrong, "look it up: a slip of the pen?")


def _one_slip(one: str, other: str) -> bool:
    """Whether two texts of one length differ by two neighbouring characters that changed places."""
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (
        len(apart) == 2
        and apart[1] - apart[0] <= 2
        and (one[apart[0]], one[apart[1]]) == (other[apart[1]], other[apart[0]])
    )


def disagreements(shelf: Shelf) -> Iterator[Finding]:
    """Every figure of a disagreement stands in the guides that tell of it."""
    found = places(shelf.guides)
    for id_, each in shelf.table.disagreement.items():
        line = line_of(shelf.table_file, f"[disagreement.{id_}]")
        for figure in each.figures:
            entry = shelf.table.figure.get(figure)
            if entry is None:
                wrong = f"{id_} names {figure}, which is no figure of the table"
                yield Finding("error", "recurring", FILE, line, "", wrong, "add the figure or mend the name")
                continue
            holding = {place.guide.name for place in found if holds(entry, place)}
            for name in set(each.guides) - holding:
                wrong = f"{id_}: {name} does not tell {entry.value} ({figure})"
                yield Finding("error", "recurring", FILE, line, "", wrong, "tell both figures and why they differ")
