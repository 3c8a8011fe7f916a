"""What was found, narrowed to what may answer: what sets two things apart, what speaks of the rules asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.numbers import numbers
from bot.questions import Facet, Kind
from bot.retriever import Found
from bot.scope import speaks_of
from bot.sides import Sides
from bot.units import MONEY, Unit
from corpus.models import Hit, Passage

# Topics of rules that a guide must speak of to answer a question on them, and the share of the best score that it must
# reach then.
RULES = frozenset({"visa", "legal", "tax", "benefits", "health-cover", "student-finance"})
ON_RULES = 0.6
# Hits among which one is looked for that sets both sides of a comparison apart, and the units of the figures that do.
NEAR_SIDES = 5
# What a unit gains that weighs two things by what they are compared by.
WEIGHED = 0.3
# A question for jobs, and headings that tell of study instead; the share of the best score that another must reach.
_JOBS = re.compile(
    r"^(?:so |and |but )?(?:(?:are|is) there|any|can i (?:get|find)|where (?:are|can i find))\b.*"
    r"\b(?:jobs?|work|roles?|positions?|posts?|contracts?|vacanc(?:y|ies)|openings)\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:study\w*|learn\w*|degrees?|courses?|classes|bootcamps?|master'?s|diplomas?|curricul\w+)\b", re.IGNORECASE
)
ON_WORK = 0.6
_OF: Mapping[str, frozenset[str]] = {"money": MONEY, "growth": frozenset({"%"})}


def together(facet: Facet, sides: Sides, found: Found) -> list[tuple[Facet, Found]]:
    """The facet with what sets both sides apart first; nothing where nothing near does.

    A heading or a sentence that names both does; where they are compared by a figure, one with a figure for each.
    """

    def sets_apart(hit: Hit) -> bool:
        said = (_untitled(hit.passage, hit.passage.quote(sentence)) for sentence in hit.passage.sentences)
        both = [text for text in said if sides.named_in(text)]
        if sides.by in _OF:
            return any(sum(number.unit in _OF[sides.by] for number in numbers(text)) > 1 for text in both)
        return bool(both) or any(map(sides.named_in, hit.passage.section[-1:]))

    near = [hit for hit in found.hits[:NEAR_SIDES] if sets_apart(hit)]
    if sides.word:
        # "Which is easier?" is told by what weighs the two, and not by whatever names both.
        near = [hit for hit in near if any(map(sides.weighed_in, map(hit.passage.quote, hit.passage.sentences)))]
    if not near:
        return []
    ahead = found.hits[0].score - near[0].score
    hits = (*(replace(hit, score=hit.score + ahead) for hit in near), *(hit for hit in found.hits if hit not in near))
    kind: Kind = "money" if sides.by == "money" else "growth" if sides.by == "growth" else facet.kind
    return [(replace(facet, kind=kind), replace(found, hits=hits))]


def on_both(units: Sequence[Unit], sides: Sides) -> list[Unit]:
    """Where two things are compared, what is said of both or stands under both, what weighs them by what was asked
    first; all units where nothing does."""
    figures = sides.by in _OF
    said = [(unit, [_untitled(unit.passage, t) if figures else t for t in unit.texts]) for unit in units]
    both = [unit for unit, texts in said if any(map(sides.named_in, (*texts, *unit.passage.section[-1:])))]
    if not sides.word:
        return both or list(units)
    weighed = [replace(unit, score=unit.score + WEIGHED * any(map(sides.weighed_in, unit.texts))) for unit in both]
    return sorted(weighed, key=lambda unit: -unit.score) or list(units)


def _untitled(passage: Passage, text: str) -> str:
    """A text without the guide's title that a table row begins with: the row on software developers in a guide on data
    engineers tells of the one alone."""
    return text.removeprefix(passage.title)


def on_rules(found: Found, topic: str) -> Found:
    """What was found without what says nothing of the rules asked about, where something near the best does: what a
    data scientist earns in Germany is no answer to which visa one needs there. Of other topics, all of it."""
    if topic not in RULES:
        return found
    hits = tuple(h for h in found.hits if speaks_of(topic, f"{h.passage.context}\n{h.passage.text}"))
    return replace(found, hits=hits) if hits and hits[0].score >= ON_RULES * found.hits[0].score else found


def on_work(found: Found, text: str) -> Found:
    """Where a question asks whether there are jobs of some kind, what is headed by study last, if anything else is
    near: that data science can be studied part-time says nothing of part-time jobs."""
    if not found.hits or not _JOBS.search(text) or _STUDY.search(text):
        return found
    other = [hit for hit in found.hits if not any(map(_STUDY.search, hit.passage.section[-1:]))]
    best = found.hits[0].score
    if not other or other[0] is found.hits[0] or other[0].score < ON_WORK * best:
        return found
    ahead = best - other[0].score
    return replace(found, hits=tuple(replace(hit, score=hit.score + ahead) for hit in other))
