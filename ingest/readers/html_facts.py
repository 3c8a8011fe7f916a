"""Fact boxes that are no tables: pairs of small elements, a label and its value, however a page writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.dates import find_date
from ingest.readers.html_hidden import names_of
from ingest.readers.html_inline import line_of
from ingest.readers.html_tables import cell_text
from ingest.readers.html_tree import Tag
from ingest.readers.parts import Part

_LABEL_NAMES = re.compile(r"label|term|key\b|caption|heading|title|name|question|head", re.IGNORECASE)
_VALUE_NAMES = re.compile(r"value|data|figure|stat|number|amount|detail|desc|answer|content|text", re.IGNORECASE)
_STARTS_WITH_AMOUNT = re.compile(r"^[~<>±+-]?\s*(?:US|C|A)?[$£€¥₹]?\s?\d")
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
# "2024 Median Pay": a label for all that it begins with a number.
_YEAR_LABEL = re.compile(r"^(?:19|20)\d\d(?:[-–/]\d{2,4})?\s+[^\W\d]")
_BETWEEN = re.compile(r"^(?:to|up to|and|or|[-–—])$", re.IGNORECASE)
_ENDS = re.compile(r"[.!?][\"'”’)]*$")
_PAIR_LINE = re.compile(r"^(?P<label>[^:.!?]{2,70}?)\s*:\s+(?P<value>\S.*)$")
# What says which item of a list this is, and not what it holds.
_PLACE = re.compile(r"[\s_-]*(?:\b(?:first|last|odd|even|active|current|selected|leaf)\b|\d+)[\s_-]*", re.IGNORECASE)
# What stands beside a name on a page and is no fact about its subject: when somebody wrote, how many have read it.
_WHEN = re.compile(
    r"^(?:.{1,30}\bago|(?:hace|vor|il y a)\s+(?:\d+|una?|eine[rm]?)\s+[^\W\d]{3,9}|(?:today|yesterday)\b.{0,20}|"
    r"\d{1,2}:\d\d(?::\d\d)?)$",
    re.IGNORECASE,
)
_HAS_A_DATE = re.compile(
    r"\b(?:dates?|deadlines?|due|open\w*|clos\w+|starts?|ends?|begins?|born|died|found\w+|established|effective|expir\w+|"
    r"valid|until|since|from|to|as of|next|last|first|releas\w+|launch\w*|appl\w+|interviews?|exams?|tests?|terms?|"
    r"semesters?|events?|when|times?|days?|hours?|duration|length|years?|months?|weeks?|intake|enrol\w*|regist\w+|"
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?s?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"^(?:liked by [\d.,]+|[\d.,]+\s?k?\s+(?:comments?|likes?|shares?|views?|fans|followers?|reads?|repl(?:y|ies)))\b",
    re.IGNORECASE,
)
_OF_THE_PAGE = re.compile(
    r"^(?:(?:written |posted |published |reviewed )?by\b.*|(?:first )?(?:published|posted)|(?:page )?last (?:updated|"
    r"modified|edited)|and last updated|updated|date modified|tags?|tagged|topics?|categor(?:y|ies)|keywords|"
    r"filed under|posted in|see also|read (?:more|next|also)|related|share|comments?|reader comments)$",
    re.IGNORECASE,
)
_LONGEST_LABEL, _LONGEST_VALUE = 9, 30
_MOST_CHILDREN = 60


def definition_pairs(dl: Tag) -> list[tuple[str, str, Tag]]:
    """(label, value on one line, the last dd) of each group of a <dl>, also where groups are wrapped."""
    pairs: list[tuple[str, str, Tag]] = []
    labels: list[str] = []
    fresh = True
    for tag in dl.all("dt", "dd"):
        if tag.around("dl") is not dl:
            continue
        if tag.name == "dt":
            labels = [line_of(tag)] if fresh else [*labels, line_of(tag)]
            fresh = False
            continue
        value = cell_text(tag)
        if not fresh:
            pairs.append((", ".join(filter(None, labels)).rstrip(": "), value, tag))
        elif pairs and value:
            label, before, _ = pairs[-1]
            pairs[-1] = (label, f"{before}, {value}" if before else value, tag)
        fresh = True
    return pairs


def box_facts(tag: Tag, deep: frozenset[int]) -> list[Part]:
    """The facts that an element holds as pairs of small elements; none where it is no fact box.

    `deep`: the ids (as of `id()`) of all elements with a block below them. Two shapes: one pair as the only two
    children, and a run of labels and values by turns.
    """
    if tag.name in ("details", "figure", "address"):
        return []
    children: list[Tag] = []
    for child in tag.contents:
        if not isinstance(child, str):
            if child.name != "br":
                children.append(child)
        elif child.strip(" :\n\t\r"):
            return []
    if not 2 <= len(children) <= _MOST_CHILDREN:
        return []
    if any((id(child) in deep or child.name in ("table", "ul", "ol", "dl")) and line_of(child) for child in children):
        return []
    children = [child for child in children if line_of(child)]
    if len(children) < 2:
        return []
    if len(children) == 2:
        return _single(tag, children[0], children[1])
    return _by_turns(children)


def _single(tag: Tag, first: Tag, second: Tag) -> list[Part]:
    if first.name == "h1" or second.name in _HEADINGS or _is_sentence(first, second):
        return []
    label, value = line_of(first).rstrip(": "), cell_text(second)
    if _STARTS_WITH_AMOUNT.match(label) and not re.search(r"\d", value) and len(label.split()) <= 5:
        # The figure stands large above what it counts.
        label, value, first, second = value.rstrip(": "), label, second, first
    if not _fits(label, value):
        return []
    if _ENDS.search(value) and len(value.split()) > 3:
        return []
    hinted = _LABEL_NAMES.search(names_of(first)) and _VALUE_NAMES.search(names_of(second))
    if re.search(r"\d", value) or hinted or _has_like_siblings(tag):
        return [Part("fact", f"{label}: {value}")]
    return []


def _by_turns(children: Sequence[Tag]) -> list[Part]:
    """Labels and values as neighbours: an even number of children of two looks that alternate."""
    looks = [(child.name, names_of(child)) for child in children]
    if len(children) % 2 or len(set(looks[::2])) != 1 or len(set(looks[1::2])) != 1 or looks[0] == looks[1]:
        return []
    pairs = [
        (line_of(label).rstrip(": "), cell_text(value))
        for label, value in zip(children[::2], children[1::2], strict=True)
    ]
    if not all(_fits(label, value) for label, value in pairs) or not any(re.search(r"\d", value) for _, value in pairs):
        return []
    return [Part("fact", f"{label}: {value}") for label, value in pairs]


def _is_sentence(first: Tag, second: Tag) -> bool:
    """Whether two elements are no label with its value but a line of which a part is a link, or two like items."""
    if first.name == "li":
        return _PLACE.sub("", names_of(first)) == _PLACE.sub("", names_of(second))  # a list of two items
    if {first.name, second.name} != {"a", "span"} or line_of(first).endswith(":"):
        return False
    named = _LABEL_NAMES.search(names_of(first)) or _VALUE_NAMES.search(names_of(second))
    return not named and not _STARTS_WITH_AMOUNT.match(line_of(second))


def _is_chatter(label: str, value: str) -> bool:
    """Whether a pair tells of the page and its readers: who wrote it and when, its tags, how often it was shared."""
    if _OF_THE_PAGE.match(label) or _COUNTED.match(value) or not re.search(r"[^\W\d_]", label):
        return True
    if value[0] in "|»›-–—" and not _STARTS_WITH_AMOUNT.match(value):
        return True
    if _HAS_A_DATE.search(label):
        return False
    if _WHEN.match(value):
        return True
    found = find_date(value)
    return found is not None and len(found[0]) == 10 and len(value.split()) <= 9


def _fits(label: str, value: str) -> bool:
    return (
        bool(label and value)
        and not _is_chatter(label, value)
        and len(label.split()) <= _LONGEST_LABEL
        and not _ENDS.search(label)
        and len(value.split()) <= _LONGEST_VALUE
        and (not _STARTS_WITH_AMOUNT.match(label) or bool(_YEAR_LABEL.match(label)))
    )


def _has_like_siblings(tag: Tag) -> bool:
    """Whether a neighbour of the same look holds a pair with a figure."""
    if tag.parent is None or tag.name not in ("div", "li", "section"):
        return False
    look = (tag.name, names_of(tag))
    for other in tag.parent.elements(tag.name)[:40]:
        if other is not tag and (other.name, names_of(other)) == look and re.search(r"\d", line_of(other)):
            return sum(1 for child in other.elements() if line_of(child)) == 2
    return False


def facts_among(parts: Sequence[Part]) -> list[Part]:
    """Paragraphs `Label: value` with a figure become facts, two or more in a row or one over a short value;

    a heading with nothing under it but short figures becomes their label.
    """
    out: list[Part] = []
    place = 0
    while place < len(parts):
        kind = parts[place].kind
        run = _labelled_run(parts, place) if kind == "paragraph" else 0
        if run:
            out += [replace(part, kind="fact") for part in parts[place : place + run]]
            place += run
            continue
        figures = _figures_below(parts, place) if kind == "heading" else 0
        if figures:
            label = parts[place].text.rstrip(":")
            below = [part.text for part in parts[place + 1 : place + 1 + figures]]
            if any(map(_BETWEEN.match, below)):
                # "£24,000 starter", "to", "£41,000 experienced": one range.
                below = [" ".join(below)]
            out += [Part("fact", f"{label}: {text}") for text in below]
            place += 1 + figures
            continue
        out.append(parts[place])
        place += 1
    return out


def _labelled_run(parts: Sequence[Part], place: int) -> int:
    """How many paragraphs from here on are short pairs; 0 unless there are two and a figure, or one begins with one."""
    run = 0
    figure = False
    for at in range(place, len(parts)):
        part = parts[at]
        pair = (
            _PAIR_LINE.match(part.text) if part.kind == "paragraph" and part.level == 0 and not part.verbatim else None
        )
        if (
            not pair
            or not _fits(pair["label"], pair["value"])
            or len(pair["value"].split()) > 14
            or part.text.endswith((".", "?"))
        ):
            break
        figure = figure or bool(re.search(r"\d", pair["value"]))
        run += 1
    if run == 1:
        pair = _PAIR_LINE.match(parts[place].text)
        return int(bool(pair and _STARTS_WITH_AMOUNT.match(pair["value"]) and len(pair["label"].split()) <= 6))
    return run if figure else 0


def _figures_below(parts: Sequence[Part], place: int) -> int:
    """How many short figures are all that stands under a heading, 0 where something else does."""
    if parts[place].level == 1 or len(parts[place].text.split()) > _LONGEST_LABEL:
        return 0
    count = 0
    for part in parts[place + 1 : place + 6]:
        if part.kind == "heading" or (count and part.kind in ("fact", "row")):
            break
        short = part.kind == "paragraph" and len(part.text.split()) <= 10 and not _ENDS.search(part.text)
        between = count > 0 and _BETWEEN.match(part.text)
        if not short or not (between or _STARTS_WITH_AMOUNT.match(part.text)):
            return 0
        count += 1
    return count if count <= 4 and not _BETWEEN.match(parts[place + count].text) else 0
