"""The extractive answer: whole sentences, lists and table rows of the guides, chosen for the question and put in order.

No word is written here. The best unit comes first; the section that it stands in is read on, since a guide's section
answers as a whole; other sections and guides add what is nearly as good and says something else. One source's share is
capped where others have something to say, and everything is read in the order of its guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.questions import Facet, Kind
from bot.retriever import Found
from bot.units import POINTS_BACK, Unit, units_of
from corpus.index import Index
from corpus.models import Sentence

# Words that an answer to one facet may have, by the kind of answer; a list is given whole up to LONGEST_LIST.
BUDGET: Mapping[Kind, int] = {
    "money": 70, "growth": 70, "count": 70, "duration": 80, "definition": 90, "yes_no": 110,
    "list": 120, "comparison": 120, "how": 120, "broad": 120,
}  # fmt: skip
LONGEST_LIST = 200
FACTS = frozenset({"money", "growth", "count", "duration", "definition"})
# What a unit must reach of the best one's score: in the best one's section, elsewhere, and elsewhere for one fact.
NEAR_HERE, NEAR_ELSEWHERE, NEAR_FACT = 0.45, 0.8, 0.9
# Units for a fact, and for everything else.
FEW, MANY = 3, 9
# Two units that share this much of their terms say the same.
SAME = 0.6
# At most this share of an answer's units from one guide, where another has something to say.
ONE_SOURCE = 0.75


def compose(index: Index, facet: Facet, found: Found) -> tuple[Unit, ...]:
    """The units that answer one facet, in reading order; empty only where no hit has a citable unit."""
    units = units_of(index, facet.kind, found)
    return _in_order(_anchored(_choose(units, facet.kind), units)) if units else ()


def _choose(units: Sequence[Unit], kind: Kind) -> list[Unit]:
    """The best unit, then greedily what is near it, adds something and fits."""
    best = units[0]
    chosen = [best]
    spent = best.words
    fact = kind in FACTS
    sources = {unit.document_id for unit in units if unit.score >= NEAR_ELSEWHERE * best.score}
    for unit in sorted(units[1:], key=lambda unit: (unit.place != best.place, -unit.score)):
        here = unit.place == best.place
        near = NEAR_HERE if here else NEAR_FACT if fact else NEAR_ELSEWHERE
        if len(chosen) >= (FEW if fact else MANY) or unit.score < near * best.score:
            continue
        room = LONGEST_LIST if unit.is_list and here and not fact else BUDGET[kind]
        if spent + unit.words > room or any(_same(unit, other) for other in chosen):
            continue
        mine = sum(other.document_id == unit.document_id for other in chosen)
        if not here and len(sources) > 1 and len(chosen) >= 3 and (mine + 1) / (len(chosen) + 1) > ONE_SOURCE:
            continue
        chosen.append(unit)
        spent += unit.words
    return chosen


def _same(a: Unit, b: Unit) -> bool:
    """Whether two units overlap in place or say the same."""
    if a.document_id == b.document_id and a.start < b.end and b.start < a.end:
        return True
    smaller = min(len(a.terms), len(b.terms))
    return smaller > 0 and a.is_list == b.is_list and len(a.terms & b.terms) / smaller >= SAME


def _anchored(chosen: Sequence[Unit], units: Sequence[Unit]) -> list[Unit]:
    """Give each sentence that points back ("This helps ...") the sentence before it, or leave it out."""
    kept = list(chosen)
    by_start = {(unit.document_id, unit.start): unit for unit in units if not unit.is_list}
    for unit in chosen:
        if unit.is_list or not POINTS_BACK.match(unit.texts[0]):
            continue
        before = _before(unit)
        anchor = by_start.get((unit.document_id, before.start)) if before else None
        if anchor is not None and any(anchor.start == other.start and anchor.place == other.place for other in kept):
            continue
        if anchor is not None and not POINTS_BACK.match(anchor.texts[0]):
            kept.append(replace(anchor, score=unit.score))
        elif len(kept) > 1:
            kept.remove(unit)
    return kept


def _before(unit: Unit) -> Sentence | None:
    """The sentence right before a unit in its passage; None at the passage's beginning."""
    earlier = [sentence for sentence in unit.passage.sentences if sentence.end <= unit.start]
    return earlier[-1] if earlier else None


def _in_order(chosen: Sequence[Unit]) -> tuple[Unit, ...]:
    """Sections by their best unit, within a section as in the guide."""
    best: dict[tuple[str, tuple[str, ...]], float] = {}
    for unit in chosen:
        best[unit.place] = max(best.get(unit.place, 0.0), unit.score)
    ranked = sorted(chosen, key=lambda u: (-best[u.place], u.document_id, u.passage.section, u.start))
    return tuple(ranked)
