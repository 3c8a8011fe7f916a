"""What several guides say of one thing: the same claim in other guides, and figures that do not agree; pure.

Only guides are compared: within one guide the writer has the word. A figure is held against another only where both
sentences tell the same measure of the same thing in their own words, so that figures of two things never look like a
disagreement about one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

from bot.answer import Citation
from bot.numbers import numbers
from bot.places import places
from bot.questions import Facet, Kind
from bot.units import GROWS, MONEY, Unit
from bot.verify import verify
from corpus.search import coverage
from corpus.words import term_set, terms, words

Why = Literal["period", "place", "measure", "unknown"]

# Other guides that are cited beside a claim's own.
MOST_BESIDE = 2
# A claim of fewer content terms is too little to be recognised elsewhere.
FEWEST_TERMS = 4
# The least share of a claim's terms, and of its neighbouring pairs of terms, that another sentence shares before it is
# taken for the same claim: the check alone lets pass what is said of another thing in much the same words.
ALIKE_TERMS, ALIKE_PAIRS = 0.85, 0.5
# Guides that are set side by side in a disagreement, the best one's own included.
MOST_SIDES = 3
# What the first figure must reach of the best unit's score, every other of the first figure's, and how much of the
# thing asked about must stand in the figure's own words.
FIRST, NEAR, ABOUT = 0.75, 0.5, 0.8

# Words that say how a figure was counted: an average is not the lowest tenth, a starter's pay not a senior's.
_PARTS = frozenset(
    "lowest highest tenth tenths percentile quarter top bottom entry junior senior starting starter intern interns "
    "minimum maximum openings share every each hour hourly month monthly week weekly day daily between bonus best "
    "worst paid phd doctorate doctoral master's masters bachelor's bachelors industry industries "
    "sector firms employers city state older earlier previous".split()
)
_AVERAGES = frozenset("median average mean typical midpoint".split())
# What the question asks with, no part of the thing that it asks about.
_ASKING = term_set(
    "earn earnings salary pay paid wage income compensation money make grow growth growing outlook demand market job "
    "increase projected projection decline future fast quickly prospects high big typical average median year current"
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Units of different guides whose figures differ, the best first; `why` as far as the texts tell."""

    sides: tuple[Unit, ...]
    why: Why


def beside(unit: Unit, units: Sequence[Unit], weights: Mapping[str, float]) -> tuple[Unit, ...]:
    """Units of other guides that carry a sentence's claim by the same check that holds for citations, best first.

    `weights`: the terms of the question. What names the thing must stand in both or in what both stand under: pages
    made alike say the same words of different things.
    """
    text = unit.texts[0]
    if unit.is_list or unit.parts[0].kind != "sentence" or len(unit.terms) < FEWEST_TERMS:
        return ()
    around = term_set(unit.passage.context)
    if not unit.terms & around:
        return ()
    named = {term for term in weights if term not in _ASKING and (term in around or term in unit.terms)}
    found: dict[str, Unit] = {}
    for other in units:
        if other.document_id in (unit.document_id, *found) or other.is_list or other.parts[0].kind != "sentence":
            continue
        if not named <= other.terms | term_set(other.passage.context):
            continue
        if _alike(text, other.texts[0]) and verify(text, other.texts).verdict == "supported":
            found[other.document_id] = other
            if len(found) == MOST_BESIDE:
                break
    return tuple(found.values())


def disagreement(facet: Facet, weights: Mapping[str, float], units: Sequence[Unit]) -> Disagreement | None:
    """Figures of different guides for the thing asked about that exclude each other; None where there are none.

    `weights`: the terms of the question; `units` come best first.
    """
    kind = facet.kind
    if kind not in ("money", "growth") or not units:
        return None
    place = _places_in(facet.text)
    asked = tuple(term for term in terms(facet.text) if term not in _ASKING | term_set(" ".join(place)))
    about = {term: weights.get(term, 0.0) for term in asked}
    sides: list[tuple[Unit, frozenset[float]]] = []
    for unit in units if sum(about.values()) else ():
        least = NEAR * sides[0][0].score if sides else FIRST * units[0].score
        if unit.is_list or unit.parts[0].kind != "sentence" or unit.score < least:
            continue
        figures = _figures(kind, unit.texts[0])
        if not figures or any(unit.document_id == other.document_id for other, _ in sides):
            continue
        if coverage(about, unit.terms) < ABOUT or not _names(asked, unit) or (place and not place & _places(unit)):
            continue
        # "..., against $128,020 in another branch" breaks a figure down and gives no other one.
        alike = all(len(figures) == len(others) for _, others in sides)
        if alike and all(not figures & others and _comparable(unit, other) for other, others in sides):
            sides.append((unit, figures))
    if len(sides) < 2:
        return None
    kept = tuple(unit for unit, _ in sides[:MOST_SIDES])
    return Disagreement(kept, _why(kept))


def works(citations: Sequence[Citation]) -> int:
    """On how many independent works the citations stand: a guide's footnotes, else the guide itself.

    Two guides that quote one bureau agree with it and prove nothing more.
    """
    behind: set[tuple[str, str | None]] = set()
    for citation in citations:
        named = {(reference.title, reference.date) for reference in citation.references}
        behind |= named or {(citation.document_id, None)}
    return min(len(behind), len(citations))


def _alike(claim: str, other: str) -> bool:
    """Whether another sentence says it in much the same words, in much the same order."""
    ours, theirs = term_set(claim), term_set(other)
    if len(ours & theirs) / max(1, len(ours)) < ALIKE_TERMS:
        return False
    pairs = set(pairwise(terms(claim)))
    return len(pairs & set(pairwise(terms(other)))) >= ALIKE_PAIRS * len(pairs)


def _figures(kind: Kind, text: str) -> frozenset[float]:
    """The values of a text that are of the kind asked for; years and counts are none."""
    if kind == "growth" and not GROWS.search(text):
        return frozenset()
    units = MONEY if kind == "money" else frozenset({"%"})
    return frozenset(number.value for number in numbers(text) if number.unit in units)


def _names(asked: Sequence[str], unit: Unit) -> bool:
    """Whether the terms of the thing asked about stand side by side, as its name does: "data" and "engineer" apart
    tell of something else."""
    said = terms(unit.texts[0])
    return len(asked) < 2 or any(pair in set(pairwise(said)) for pair in pairwise(asked))


def _comparable(a: Unit, b: Unit) -> bool:
    """Whether two sentences count the same part of the same thing."""
    return _said(a) & _PARTS == _said(b) & _PARTS


def _why(sides: Sequence[Unit]) -> Why:
    """What sets the figures apart, where every two of the texts name it and name it differently."""
    for why, of in (("place", _places), ("period", _periods), ("measure", _averages)):
        told = [of(side) for side in sides]
        if all(told) and all(not a & b for a, b in combinations(told, 2)):
            return why  # type: ignore[return-value]
    return "unknown"


def _said(unit: Unit) -> frozenset[str]:
    return frozenset(words(unit.texts[0]))


def _averages(unit: Unit) -> frozenset[str]:
    return _said(unit) & _AVERAGES


def _periods(unit: Unit) -> frozenset[str]:
    """The span of years that a text names, as one thing: 2023-27 and 2022-32 overlap and are not the same."""
    years = sorted(_YEAR.findall(re.sub(r"\b((?:19|20)\d\d)[-–/](\d\d)\b", _both_years, unit.texts[0])))
    return frozenset({f"{years[0]}-{years[-1]}"}) if years else frozenset()


def _both_years(match: re.Match[str]) -> str:
    return f"{match[1]} {match[1][:2]}{match[2]}"


def _places(unit: Unit) -> frozenset[str]:
    return _places_in(unit.texts[0])


def _places_in(text: str) -> frozenset[str]:
    everywhere = {"worldwide"} if "worldwide" in words(text) else set()
    return frozenset({place.name for place in places(text)} | everywhere)
