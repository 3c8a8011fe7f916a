"""The extractive answer: whole sentences, lists and table rows of the guides, chosen for the question and put in order.

No word is written here. The best unit comes first; the section that it stands in is read on, since a guide's section
answers as a whole; other sections and guides add what is nearly as good and says something else. One source's share is
capped where others have something to say, and everything is read in the order of its guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import kinds, phrases
from bot.agreement import Why, beside, disagreement
from bot.aim import adds, aim_of
from bot.clarify import ASPECTS
from bot.heads import head_of
from bot.labels import is_row, label, of_another, of_asked_rows, row_of_another
from bot.narrow import on_both
from bot.questions import Facet, Kind
from bot.retriever import Found
from bot.shares import on_share
from bot.subject import names
from bot.units import (
    EARNS,
    FIGURES_ASKED,
    GROWS,
    PAYS,
    POINTS_BACK,
    Unit,
    abroad,
    names_of,
    promise,
    tells,
    units_of,
)
from corpus.index import Index
from corpus.models import Sentence
from corpus.search import query_terms
from corpus.words import fold, stem, term_set

# Words that an answer to one facet may have, by the kind of answer; a list is given whole up to LONGEST_LIST.
BUDGET: Mapping[Kind, int] = {
    "money": 80, "growth": 80, "count": 80, "duration": 95, "definition": 110, "yes_no": 130,
    "list": 145, "comparison": 145, "how": 145, "broad": 145, "overview": 200,
}  # fmt: skip
LONGEST_LIST = 200
_TOPIC: Mapping[Kind, str] = {
    "definition": phrases.TOPIC_WHAT, "how": phrases.TOPIC_WAYS, "list": phrases.TOPIC_NEEDS,
    "money": phrases.TOPIC_PAY, "growth": phrases.TOPIC_OUTLOOK, "duration": phrases.TOPIC_TIME,
    "count": phrases.TOPIC_NUMBERS, "comparison": phrases.TOPIC_COMPARED,
}  # fmt: skip
TOPICS = (*_TOPIC.values(), phrases.TOPIC_MORE)
_HOW_MANY = re.compile(
    r"^\W*(?:and |so |but )?how many (?!hours|weeks|months|years|days)(?P<what>[\w-]+)", re.IGNORECASE
)
DENIES = re.compile(r"\b(?:no|not|nobody|none|unknown)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_COSTS = re.compile(r"\b(?:costs?|prices?|fees?|tuition|free|expens\w+|cheap\w*|afford\w*)\b", re.IGNORECASE)
FACTS = FIGURES_ASKED | {"definition"}
# What a unit must reach of the best one's score. In the best one's section: right behind it, further on, before it;
# elsewhere; everywhere where one fact is asked for; and in the parts of an overview.
NEAR_NEXT, NEAR_ON, NEAR_BEFORE, NEAR_ELSEWHERE, NEAR_FACT, NEAR_OVERVIEW = 0.4, 0.55, 0.65, 0.80, 0.78, 0.5
# From this share of the question in its heading on, a section's opening sentence belongs to the answer.
ASKED, NEAR_OPENING = 0.15, 0.4
# And where the best counts nothing, what is asked by how many.
NEAR_COUNT = 0.5
NEAR_BESIDE, VERY = 0.92, 0.6  # elsewhere, where the best one stands under the very question, to the second share
# Right behind: within so many characters of the best unit's end.
NEXT = 240
# How much more the noun that is asked for weighs than its rarity tells: "a book for those who hate maths" asks for
# a book, however much is said of maths.
HEAD = 2.0
# Units for a fact, and for everything else.
FEW, MANY = 3, 9
# Words that an answer to a question aimed at one page and one thing may have.
AIMED = 60
# Two units that share this much of their terms say the same; rows of one table share its title and columns besides.
SAME, SAME_ROW = 0.6, 0.9
# And where it is the shorter of the two that stands there already.
SAME_SHORT = 0.8
# At most this share of an answer's units from one guide, where another has something to say.
ONE_SOURCE = 0.75


@dataclass(frozen=True, slots=True)
class Composed:
    """`units` in reading order. Where guides disagree, the sides come first: `units[:sides]`, and `why` they differ.

    `parts`: whether each unit belongs to a part with a heading of its own (`topic`). `aimed`: whether they are lines of
    the page on the job asked about that tell what was asked of it.
    """

    units: tuple[Unit, ...]
    sides: int = 0
    why: Why = "unknown"
    parts: bool = False
    aimed: bool = False


def compose(index: Index, facet: Facet, found: Found) -> Composed:
    """The units that answer one facet; none only where no hit has a citable unit."""
    if aimed := _aimed(index, facet, found):
        return Composed(aimed, aimed=True)
    head = head_of(facet.text)
    if head is not None and head in found.weights:
        found = replace(found, weights={**found.weights, head: HEAD * found.weights[head]})
    units = all_ = on_share(facet.text, units_of(index, facet, found))
    subject = facet.subject
    if facet.sides:
        units = on_both(units, facet.sides)
    if facet.kind == "money" and _COSTS.search(facet.text) and not EARNS.search(facet.text):
        # What a job pays is not what the way to it costs, nor is what something is like.
        units = [unit for unit in units if _tells_cost(unit)]
    elif subject:
        mine = [unit for unit in units if names(subject, (*unit.texts, *names_of(index, unit.passage)))]
        if facet.kind in FIGURES_ASKED:
            # One job's figure is never given for another's; where it has one of its own, its neighbours' are left out.
            if any(_FIGURE.search(unit.texts[0]) and names(subject, (label(unit),)) for unit in mine):
                mine = [unit for unit in mine if not row_of_another(unit, subject)]
            units = [unit for unit in mine if _is_on(facet.kind, unit)]
            if facet.kind == "duration" and not any(tells(facet, text) for unit in units for text in unit.texts):
                # How long it takes to get there is told of the field where it is not told of the job.
                units = [unit for unit in all_ if any(tells(facet, text) for text in unit.texts)] or units
        else:
            # Nor is what is headed by another job, where there is something else.
            units = [unit for unit in units if unit in mine or not of_another(unit, found.weights)] or units
    elif facet.kind == "money" and not any(PAYS.search(" ".join(unit.texts)) for unit in units):
        # What something is like is not what it costs.
        units = []
    if facet.kind in FIGURES_ASKED:
        units = of_asked_rows(units, found.weights)
    if many := _HOW_MANY.search(facet.text):
        units = _counting(units, many["what"])
    if not units:
        return Composed(())
    if facet.kind == "overview":
        parts = _overview(units)
        if parts:
            return Composed(parts, parts=True)
    # Pay in another country is no other opinion on the pay at home, nor are the prospects of another job.
    opinions = [u for u in units if not abroad(index, facet, u.passage) and not of_another(u, found.weights)]
    dispute = disagreement(facet, found.weights, opinions)
    sides = dispute.sides if dispute else ()
    rest = [unit for unit in _choose(units, facet, found, sides) if unit not in sides]
    ordered = [*sides, *_in_order(_anchored(rest, units), facet.kind)]
    # How many there are is told by a number, or by that none is known.
    if _HOW_MANY.search(facet.text) and not any(kinds.counts(t) or DENIES.search(t) for u in ordered for t in u.texts):
        return Composed(())
    # What stands beside a claim as its second voice is not said once more.
    others = [unit for unit in units if unit not in ordered]
    told = tuple(replace(unit, beside=beside(unit, others, found.weights)) for unit in ordered)
    return Composed(told, len(sides), dispute.why if dispute else "unknown")


def _aimed(index: Index, facet: Facet, found: Found) -> tuple[Unit, ...]:
    """The lines that tell what was asked of a job, of the page on it, best first; none where there is no such page."""
    aim = aim_of(index, facet.text)
    if aim is None:
        return ()
    chosen: list[Unit] = []
    units = units_of(index, facet, found, aim)
    for unit in units:
        said = [text for other in chosen for text in other.texts]
        if unit.told <= 0 or (chosen and unit.score < NEAR_FACT * chosen[0].score):
            continue
        if unit.words + sum(other.words for other in chosen) > AIMED and chosen:
            continue
        if not chosen or (adds(" ".join(unit.texts), said) and not any(_same(unit, other) for other in chosen)):
            chosen.append(unit)
        if len(chosen) == FEW:
            break
    return tuple(_anchored(chosen, units))


def _overview(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """A broad question answered in parts: how each section opens of the guide that is most about it, and its best list.

    In the order of `TOPICS`, within a topic as in the guide; none where the headings do not tell two topics.
    """
    weight: dict[str, float] = {}
    for unit in units:
        weight[unit.document_id] = weight.get(unit.document_id, 0.0) + max(0.0, unit.score)
    guide = max(weight, key=lambda document: (weight[document], document))
    mine = [unit for unit in units if unit.document_id == guide and unit.score >= NEAR_OVERVIEW * units[0].score]
    openings = [unit for unit in mine if unit.opens and not POINTS_BACK.match(unit.texts[0])]
    lists = [unit for unit in mine if unit.is_list and unit.words <= BUDGET["overview"] // 2][:1]
    chosen: list[Unit] = []
    spent = 0
    for unit in [*lists, *openings]:
        full = len(chosen) >= MANY or spent + unit.words > BUDGET["overview"]
        if not full and unit.passage.section and not any(_same(unit, other) for other in chosen):
            chosen.append(unit)
            spent += unit.words
    if len({topic(unit) for unit in chosen} - {phrases.TOPIC_MORE}) < 2:
        return ()
    return tuple(sorted(chosen, key=lambda unit: (TOPICS.index(topic(unit)), unit.start)))


def topic(unit: Unit) -> str:
    """The heading of the part of a longer answer that a unit belongs to."""
    return topic_of(promise(unit.passage))


def topic_of(kind: Kind) -> str:
    """The heading of a part that answers a question of this kind."""
    return _TOPIC.get(kind, phrases.TOPIC_MORE)


def _counting(units: list[Unit], what: str) -> list[Unit]:
    """Units that count what is asked for, where they stand under a heading that asks how many there are and the best
    unit counts none: whether projects are looked at does not tell how many one needs."""
    if not units or any(map(kinds.counts, units[0].texts)):
        return units
    near = [unit for unit in units if unit.score >= NEAR_COUNT * units[0].score]
    asked = [unit for unit in near if _asks_how_many(unit, what) and any(map(kinds.counts, unit.texts))]
    return [unit for unit in units if unit.place == asked[0].place] if asked else units


def _asks_how_many(unit: Unit, what: str) -> bool:
    heading = unit.passage.section[-1] if unit.passage.section else ""
    many = _HOW_MANY.search(heading)
    return many is not None and stem(fold(many["what"])) == stem(fold(what))


def _is_on(kind: Kind, unit: Unit) -> bool:
    """Whether a unit is about what was asked of a job: its pay, its growth; other kinds are not told apart."""
    said = " ".join((*unit.texts, *unit.passage.section[-1:]))
    return bool({"money": PAYS, "growth": GROWS}[kind].search(said)) if kind in ("money", "growth") else True


def _tells_cost(unit: Unit) -> bool:
    """Whether a unit tells a price, or that there is none, and not what somebody earns."""
    said = " ".join(unit.texts)
    if _COSTS.search(said):
        return _FIGURE.search(said) is not None or "free" in said.lower().split()
    return not EARNS.search(said) and kinds.tells("money", said)


def _choose(units: Sequence[Unit], facet: Facet, found: Found, sides: Sequence[Unit] = ()) -> list[Unit]:
    """The best unit, or the sides of a disagreement, then greedily what is near the best, adds something and fits."""
    kind = facet.kind
    best = units[0]
    # A further fact must be of the thing that was asked about: of the most telling word that the best one holds; where
    # there is none ("How long does it take?"), and no job is spoken of, a further figure must be of the same section.
    told = best.terms - ASPECTS if kind in FIGURES_ASKED else best.terms
    asked = [term for term in query_terms(facet.text) if term in told] if kind in FACTS else []
    thing = max(asked, key=lambda term: (found.weights.get(term, 0.0), term), default=None)
    opening = _opening(units, best)
    chosen = list(sides) or [best]
    if opening and not any(_same(opening, other) for other in chosen):
        chosen.append(opening)
    spent = sum(unit.words for unit in chosen)
    fact = kind in FACTS
    sources = {unit.document_id for unit in units if unit.score >= NEAR_ELSEWHERE * best.score}
    for unit in sorted(units[1:], key=lambda unit: (not fact and unit.place != best.place, -unit.score)):
        here = unit.place == best.place
        if len(chosen) >= (FEW if fact else MANY) or unit.score < _near(unit, best, fact) * best.score:
            continue
        room = LONGEST_LIST if unit.is_list and here and not fact else BUDGET[kind]
        if spent + unit.words > room or any(_same(unit, other) for other in chosen):
            continue
        if is_row(unit) and not tells(facet, unit.texts[0]):
            continue
        if thing is None and kind in FIGURES_ASKED and not (here or facet.subject):
            continue
        if thing and thing not in unit.terms and thing not in term_set(unit.passage.context):
            continue
        mine = sum(other.document_id == unit.document_id for other in chosen)
        if not here and len(sources) > 1 and len(chosen) >= 3 and (mine + 1) / (len(chosen) + 1) > ONE_SOURCE:
            continue
        chosen.append(unit)
        spent += unit.words
    return chosen


def _opening(units: Sequence[Unit], best: Unit) -> Unit | None:
    """The sentence that answers the heading over the best unit, where the heading asks the question: writers put the
    direct answer first, and a row or an item further down reads as a detail of it. None where the best unit is it."""
    if best.heading < ASKED:
        return None
    first = min((unit for unit in units if unit.place == best.place), key=lambda unit: unit.start)
    fits = first.opens and first.parts[0].kind == "sentence" and first.score >= NEAR_OPENING * best.score
    if first is best or not fits or POINTS_BACK.match(first.texts[0]):
        return None
    # Where it is nearly as good as the best, it stands before it, even where one fact was asked for.
    return replace(first, score=best.score) if first.score >= NEAR_FACT * best.score else first


def _near(unit: Unit, best: Unit, fact: bool) -> float:
    """The share of the best score that a unit must reach."""
    if fact:
        return NEAR_FACT
    if unit.place != best.place:
        # Where a section asks the very question, it answers by itself.
        return NEAR_BESIDE if best.heading >= VERY and unit.heading < best.heading else NEAR_ELSEWHERE
    if unit.start < best.start:
        return NEAR_BEFORE
    return NEAR_NEXT if unit.start - best.end <= NEXT else NEAR_ON


def _same(unit: Unit, other: Unit) -> bool:
    """Whether a unit overlaps in place with another, or says hardly more than it says, or than it repeats."""
    if unit.document_id == other.document_id and unit.start < other.end and other.start < unit.end:
        return True
    if unit.is_list != other.is_list or not unit.terms or not other.terms:
        return False
    shared = len(unit.terms & other.terms)
    rows = unit.parts[0].kind == other.parts[0].kind == "row"
    # A short sentence before it does not make a long one that holds its words needless.
    smaller, within = min(len(unit.terms), len(other.terms)), SAME_ROW if rows else SAME
    return shared / len(unit.terms) >= within or shared / smaller >= max(within, SAME_SHORT)


def _anchored(chosen: Sequence[Unit], units: Sequence[Unit]) -> list[Unit]:
    """Give each sentence that points back ("This helps ...") the sentence before it, or leave it out."""
    kept = list(chosen)
    by_start = {(unit.document_id, unit.start): unit for unit in units if not unit.is_list}
    for unit in chosen:
        if not POINTS_BACK.match(unit.texts[0]) or is_row(unit):
            continue
        before = _before(unit)
        if before and any(o.is_list and o.place == unit.place and o.start <= before.start < o.end for o in chosen):
            # What it points back to is the list that stands there.
            continue
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


def _in_order(chosen: Sequence[Unit], kind: Kind) -> tuple[Unit, ...]:
    """Sections by their best unit, within a section as in the guide; a fact that was asked for comes first."""
    best: dict[tuple[str, tuple[str, ...]], float] = {}
    for unit in chosen:
        best[unit.place] = max(best.get(unit.place, 0.0), unit.score)

    def rank(unit: Unit) -> tuple[float, str, tuple[str, ...], bool, int]:
        # An anchor has the score of the sentence that needs it, so the two stay together.
        later = kind in FACTS and unit.score < best[unit.place]
        return -best[unit.place], *unit.place, later, unit.start

    return tuple(sorted(chosen, key=rank))
