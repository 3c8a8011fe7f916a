"""From units to a checked answer: numbers for citations, what is missing, the frame around the claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import phrases
from bot.agreement import Why, works
from bot.answer import Citation, Claim, HandOn, Status
from bot.compose import DENIES, Composed, topic, topic_of
from bot.kinds import asking
from bot.numbers import numbers
from bot.places import Place, amiss, counts_in_dollars, places
from bot.questions import Facet
from bot.render import Line, Shape, answer_text
from bot.retriever import SURE, Found
from bot.scope import PEOPLE_ONLY
from bot.subject import names
from bot.units import FIGURES, MONEY, Unit, names_of, tells
from bot.verify import verify
from corpus.index import Index
from corpus.words import stem, words

# A question with a name that the library does not know, or whose sense hangs this much (`Found.hinges`) on a word that
# it does not know, is answered from this certainty on: a page on bakers must not answer for hairdressers.
STRANGE = 0.14
_HEADING = "### "
_SUM_ASKED = re.compile(
    r"\b(?:how much|what (?:is|are|'s|does|do|would|will|can|could)|what's|whats|minimum|average|median|typical|"
    r"(?:salary|pay|cost|price) of)\b",
    re.IGNORECASE,
)
_FREE = re.compile(r"\bfree\b", re.IGNORECASE)
_DISAGREE: dict[Why, str] = {
    "period": phrases.DISAGREE_PERIOD,
    "place": phrases.DISAGREE_PLACE,
    "measure": phrases.DISAGREE_MEASURE,
    "unknown": phrases.DISAGREE,
}
# Share of the best score that figures for the asked place must reach, to be of the thing asked about.
SAME_THING = 0.9
# A frame sentence is left out where it would be more than this share of the answer's words.
FRAME_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines in order with their citations, before the check."""

    lines: tuple[Line, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    status: Status
    hand_on: HandOn | None


@dataclass(frozen=True, slots=True)
class Checked:
    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    lines: tuple[Line, ...] = ()


def draft_of(
    index: Index,
    answered: Sequence[tuple[Facet, Found, Composed]],
    found: Sequence[tuple[Facet, Found]],
    handed: HandOn | None,
) -> Draft:
    """Number the spans, and decide what is answered, what is missing and what is declined."""
    missing: list[str] = []
    lines: list[Line] = []
    citations: dict[tuple[str, int, int], Citation] = {}
    used: list[Unit] = []
    parts = len({topic_of(facet.kind) for facet, each, composed in answered if each.answered and composed.units})
    for turn, (facet, each, composed) in enumerate(answered):
        # What answers a later part best is left to that part.
        later = [other.units[0] for _, _, other in answered[turn + 1 :] if other.units]
        part = ""
        unknown = _names_missing(facet.text, each)
        strange = unknown or each.hinges >= STRANGE
        other = not composed.aimed and (_of_another(index, facet, composed.units) or _no_sum(facet, composed.units))
        sure = composed.aimed or (each.answered and not (strange and each.answerable < SURE))
        if not composed.units or not sure:
            missing.append(facet.text.rstrip("?!. "))
            continue
        missing += [name for name in unknown if name not in missing]
        if other:
            missing.append(facet.text.rstrip("?!. "))
        composed, elsewhere, met = _at_place(index, facet, composed)
        missing += [name for name in elsewhere if not any(name in said for said in missing)]
        near = other or (bool(elsewhere) and not met) or any(not (met and places(name)) for name in unknown)
        for place, unit in enumerate(composed.units):
            if any(_overlap(unit, taken) for taken in used) or any(
                _overlap(unit, best) and (place or unit.score < best.score) for best in later
            ):
                continue
            fresh = not used or used[-1].place != unit.place or _shape(used[-1]) != _shape(unit) or unit.is_list
            used.append(unit)
            numbers = tuple(_citation(index, each, citations) for each in (unit, *unit.beside))
            mine = _lines(unit, numbers, fresh)
            if place < composed.sides:
                mine = [replace(line, shape="item", fresh=False) for line in mine]
            frame = _DISAGREE[composed.why] if composed.sides and place == 0 else ""
            heading = topic(unit) if composed.parts else topic_of(facet.kind) if parts > 1 else ""
            if heading == phrases.TOPIC_MORE and not (part or composed.parts):
                # What a first part is about, its question has just told.
                heading = ""
            if heading and heading != part:
                part = heading
                frame = f"{_HEADING}{heading}\n\n{frame}".strip()
            mine[0] = replace(mine[0], frame=frame)
            lines += [replace(line, near=near) for line in mine]
    if sum(line.frame.startswith(_HEADING) for line in lines) == 1:
        # The other parts are answered by the same sentence: nothing is left to set apart.
        lines = [_unheaded(line) for line in lines]
    # What was asked for stands before what is only near it.
    lines.sort(key=lambda line: line.near)
    status: Status = "answered" if not missing else "partial"
    if not lines:
        status = "abstained"
        missing = missing or [facet.text.rstrip("?!. ") for facet, _ in found]
    return Draft(tuple(lines), tuple(citations.values()), tuple(missing), status, handed)


def _at_place(index: Index, facet: Facet, composed: Composed) -> tuple[Composed, tuple[str, ...], bool]:
    """What speaks of the places that a facet asks figures for, those that nothing speaks of, and whether one is met.

    Where nothing speaks of any, what there is on their countries is given, or else all, to be shown as what is near.
    """
    asked = tuple({place.name: place for place in places(facet.text)}.values())
    if facet.kind not in FIGURES or not asked:
        return composed, (), False
    units = composed.units
    wider = tuple(replace(place, name=place.country.name) for place in asked if place.country)
    for wanted in (asked, wider):
        off = [_amiss(index, unit, wanted) for unit in units]
        kept = tuple(unit for unit, lost in zip(units, off, strict=True) if len(lost) < len(wanted))
        # A figure for the place, but of another thing, is no better than the thing's own figure from elsewhere.
        if kept and max(unit.score for unit in kept) >= SAME_THING * max(unit.score for unit in units):
            break
        kept = ()
    met = bool(kept) and wanted is asked
    lost = set.intersection(*off) if met else {place.name for place in asked}
    kept = kept or units
    # Where a side of a disagreement is about another place, there is none for this one.
    sides = composed.sides if kept[: composed.sides] == units[: composed.sides] else 0
    return replace(composed, units=kept, sides=sides), tuple(place.name for place in asked if place.name in lost), met


def _amiss(index: Index, unit: Unit, wanted: Sequence[Place]) -> set[str]:
    # A row begins with the title of its page, which is not the narrowest that it says.
    own = " ".join(text.removeprefix(unit.passage.title) for text in unit.texts)
    said = (own, *reversed(unit.passage.section), unit.passage.title)
    lost = {place.name for place in amiss(wanted, index.document(unit.document_id).region, *said)}
    # Nor does a sum in dollars alone speak of a country that pays in something else.
    if {number.unit for number in numbers(own)} & MONEY == {"$"}:
        lost |= {place.name for place in wanted if place.country and not counts_in_dollars(place.country)}
    return lost


def check(index: Index, draft: Draft) -> Checked:
    """Hold every claim against the words that it cites; what they do not carry is taken out and said to be."""
    by_number = {citation.number: citation for citation in draft.citations}
    kept: list[Line] = []
    removed: list[Claim] = []
    for line in draft.lines:
        cited = [by_number[number] for number in line.claim.citations]
        genuine = all(index.document(c.document_id).text[c.start : c.end] == c.quote for c in cited)
        # Each quote must carry the whole claim by itself: a second mark says that another guide says so too.
        judged = [verify(line.claim.text, [citation.quote]) for citation in cited]
        if genuine and all(each.verdict == "supported" for each in judged):
            kept.append(replace(line, claim=replace(line.claim, works=works(cited))))
        else:
            reasons = tuple(reason for each in judged for reason in each.reasons) or (
                "the quote does not stand in its document",
            )
            removed.append(Claim(line.claim.text, (), "unsupported", reasons))
    lines, citations = renumber(kept, draft.citations)
    status: Status = draft.status if lines else "abstained"
    text = _framed(lines, status, draft.hand_on)
    claims = (*(line.claim for line in lines), *removed)
    return Checked(status, text, claims, citations, draft.missing, lines)


def renumber(lines: Sequence[Line], citations: Sequence[Citation]) -> tuple[tuple[Line, ...], tuple[Citation, ...]]:
    """Number the citations in the order in which the lines use them, dropping those that none uses."""
    by_number = {citation.number: citation for citation in citations}
    order = {old: new for new, old in enumerate(dict.fromkeys(n for line in lines for n in line.claim.citations), 1)}
    renumbered = tuple(
        replace(line, claim=replace(line.claim, citations=tuple(order[n] for n in line.claim.citations)))
        for line in lines
    )
    return renumbered, tuple(replace(by_number[old], number=new) for old, new in order.items())


def cite(index: Index, document_id: str, section: Sequence[str], start: int, end: int, number: int) -> Citation:
    """The citation of a span of a document."""
    document = index.document(document_id)
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        author=document.author or document.publisher,
        source=document.source,
        section=" > ".join(section),
        quote=document.text[start:end],
        start=start,
        end=end,
        published=document.published,
        region=document.region,
        references=document.references(start, end),
        url=document.url,
    )


def _of_another(index: Index, facet: Facet, units: Sequence[Unit]) -> bool:
    """Whether no unit names the job that is asked about: what another job is like stands only nearby; or how long
    something takes is asked, and none tells a time or that none is known."""
    subject = facet.subject
    if not subject:
        return False
    if facet.kind == "duration" and _untold(facet, units):
        return True
    return not any(names(subject, (*u.texts, *names_of(index, u.passage))) for u in units)


def _no_sum(facet: Facet, units: Sequence[Unit]) -> bool:
    """Whether a sum is asked for by its name, and what was found tells none."""
    named = not asking("money").isdisjoint(map(stem, words(facet.text)))
    asked = facet.kind == "money" and named and _SUM_ASKED.search(facet.text) is not None
    return asked and _untold(facet, units) and not any(_FREE.search(text) for unit in units for text in unit.texts)


def _untold(facet: Facet, units: Sequence[Unit]) -> bool:
    """Whether no unit tells a figure of the kind that is asked for, or that none is known."""
    return not any(tells(facet, text) or DENIES.search(text) for unit in units for text in unit.texts)


def _citation(index: Index, unit: Unit, citations: dict[tuple[str, int, int], Citation]) -> int:
    key = (unit.document_id, unit.start, unit.end)
    if key not in citations:
        citations[key] = cite(index, unit.document_id, unit.passage.section, unit.start, unit.end, len(citations) + 1)
    return citations[key].number


def _unheaded(line: Line) -> Line:
    if not line.frame.startswith(_HEADING):
        return line
    return replace(line, frame=line.frame.partition("\n\n")[2])


def _overlap(a: Unit, b: Unit) -> bool:
    return a.document_id == b.document_id and a.start < b.end and b.start < a.end


def _shape(unit: Unit) -> tuple[bool, str]:
    return unit.is_list, unit.parts[-1].kind


def _lines(unit: Unit, numbers: tuple[int, ...], fresh: bool) -> list[Line]:
    lines = []
    level = min((part.level for part in unit.parts if part.kind == "item"), default=0)
    previous: Shape = "sentence"
    for place, (part, text) in enumerate(zip(unit.parts, unit.texts, strict=True)):
        shape: Shape = "sentence" if part.kind == "sentence" and not unit.is_list else part.kind
        if unit.is_list and part.kind == "sentence":
            # The lead-in stands before the list; a paragraph under an item is set like an item, one step in.
            shape = "sentence" if place == 0 else "item"
        lines.append(
            Line(
                Claim(text, numbers, "supported"),
                shape,
                max(0, part.level - level) if shape == "item" else 0,
                fresh=(fresh if place == 0 else shape != "sentence" and previous == "sentence"),
            )
        )
        previous = shape
    return lines


def _framed(lines: Sequence[Line], status: Status, handed: HandOn | None) -> str:
    """The answer's text with the frame sentences that its status asks for."""
    people_only = handed is not None and handed.topic in PEOPLE_ONLY
    if not lines:
        if people_only:
            return phrases.CRISIS
        return phrases.HAND_ON_ONLY if handed else f"{phrases.ABSTAINED} {phrases.NEARBY}"
    body = partial_text(lines) if status == "partial" else answer_text(lines)
    after = phrases.HAND_ON if handed else ""
    if len(after.split()) > FRAME_SHARE * len(body.split()):
        after = ""
    return f"{body}\n\n{after}" if after else body


def partial_text(lines: Sequence[Line]) -> str:
    """What was asked for, then what is near it under a sentence that says so."""
    full = [line for line in lines if not line.near]
    near = [line for line in lines if line.near]
    if not near:
        return answer_text(full, before=phrases.PARTIAL_FACET)
    said = phrases.PARTIAL_REST if full else phrases.PARTIAL
    return "\n\n".join(part for part in (answer_text(full), answer_text(near, before=said)) if part)


def _names_missing(text: str, found: Found) -> list[str]:
    """Names and places that the question hangs on and the library does not know, as they were written.

    A name is written large inside the question, or is a place; abbreviations of a few letters are not taken for names.
    """
    named: list[str] = []
    spans = [(place.start, place.end) for place in places(text)]
    for match in re.finditer(r"[^\W\d_][\w'’-]*", text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        unknown = {stem(part) for part in words(word)} <= set(found.missing)
        large = word[0].isupper() and match.start() > 0 and not (word.isupper() and len(word) <= 4)
        placed = any(start <= match.start() < end for start, end in spans)
        if unknown and (large or placed) and word not in named:
            named.append(word)
    return named
