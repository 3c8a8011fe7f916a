"""Numbers as they are written in advice: "$133,336", "40 %", "two thirds", "4-6 projects", "1.5 million", "2023-27".

Two ways of writing one amount agree (`bot.amounts`): "half" and "50 percent", "90 minutes" and "1.5 hours", "one in
four" and "a quarter", "doubled" and "twice as many". Percent, percentage points and plain counts never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.amounts import STRICT, UNIT, UNIT_STEMS, Number, unit_of
from corpus.words import spoken, stem

_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mn": 1e6, "bn": 1e9, "billion": 1e9, "trillion": 1e12}
WORDS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety".split(),
        (*range(21), *range(30, 100, 10)),
        strict=True,
    )
)
_ATOMS = {**WORDS, "hundred": 100, "dozen": 12}
_ORDINALS = dict(
    zip(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), range(2, 13), strict=True
    )
)
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_PARTS |= {name + s: place for name, place in _ORDINALS.items() if place > 2 for s in ("", "s")}
_TIMES = {"twice": 2.0, "thrice": 3.0, "doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}
# Stems that are part of a number or its unit.
COUNTING = UNIT_STEMS | {
    stem(word) for word in (*_ATOMS, *_PARTS, *_ORDINALS, "million", "billion", "thousand", "twice")
}

# Begins with a digit, so that the pattern is tried at digits alone; the currency is looked for before it.
_NUMBER = re.compile(
    r"(?P<digits>\d(?:\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d*(?:\.\d+)?))"
    r"(?P<scale>\s?(?:thousand|million|billion|trillion|bn|mn)\b|[km]\b)?"
    rf"(?P<ordinal>(?:st|nd|rd|th)\b)?(?:\s?-?(?P<unit>{UNIT}))?",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(us\$|c\$|a\$|[$£€₹¥])\s?$", re.IGNORECASE)
_CURRENCY_SIGNS = frozenset("$£€₹¥")
# What counts in words is looked for in lower case.
_ATOM = "(?:" + "|".join(sorted(_ATOMS, key=len, reverse=True)) + r"|thousand|million|billion)"
_WORDED = re.compile(rf"\b(?P<words>{_ATOM}(?:[ -](?:and )?{_ATOM})*)\b(?:[ -]?(?P<unit>{UNIT}))?")
_PART = re.compile(
    r"(?:\b(?P<count>an?|one|two|three|four|five|seven|nine)[ -])?\b(?P<part>"
    + "|".join(sorted(_PARTS, key=len, reverse=True))
    + r")\b(?P<many> as (?:many|much|large|long|big)| the (?:number|size|amount)\b)?"
    + r"(?:(?: an?| of an)?[ -](?P<time>hour|year|day|minute|month|decade)\b)?"
)
_SECOND = re.compile(r"\bsecond\b")
_MANY = re.compile(r"\b(twice|thrice|doubl|tripl|quadrupl|halv)(?:e|es|ed|ing)?\b")
# "Within a minute": one of them, though no number is written.
_ONE = re.compile(
    r"\b(?:than|within|in|for|under|over|about|nearly|almost|takes?|lasts?|after|of|once)\san?\s(second|minute|hour|day|week|fortnight|month|year|decade|century)\b",
    re.IGNORECASE,
)
# "nine of ten", "2 in 5", "17 out of the 51": what share that is.
_OF = re.compile(r"\s(?:out of|of|in)\s(?:every\s|the\s|its\s|their\s|an?\s)?$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# "The year before", "two years later".
_AWAY = re.compile(
    r"\b(a|the|one|two|three|four|five|six|seven|eight|nine|ten)\s(?:previous\s)?years?\s(before|earlier|previously|after|later)\b"
)
_NOTHING_COUNTED = re.compile(r"\s*(?:[.,;:)!?]|$|(?:on|in|at|for|by|after|before|while|and)\b)")
# "2023-27" and "2023/27" name 2027.
_SPAN = re.compile(r"\b((?:19|20)\d{2})\s?[-–—/]\s?(\d{2})\b(?![-\d])")
_RANGE = re.compile(r"(\d)(?:\s?[-–—]\s?|\s+to\s+)(?=[$£€]?\d)")
_SHARED = re.compile(r"\s?(?:-|–|—|to|and|or)\s?", re.IGNORECASE)
_RATE = re.compile(
    r"(?<!half )\b(?:an?|per|each|every|by the)\s(?:working\s)?"
    r"(second|minute|hour|day|week|fortnight|month|year|decade)\b"
    r"(?!\s(?:later|ago|earlier|before))"
    r"|\b(hour|dai|week|month|year|annual)ly\b|\b(annual)\b"
)

# Most patterns cannot match most texts, and telling so by these is quicker than trying them.
_DIGIT = re.compile(r"\d")
_MULTIPLIED = re.compile("twice|thrice|doubl|tripl|quadrupl|halv")
_WORDS_OF_NUMBERS = frozenset({*_ATOMS, "thousand", "million", "billion"})
_WORDS_OF_PARTS = frozenset({*_PARTS, "second"})
_TIMES_ALONE = frozenset("second minute hour day week fortnight month year decade century".split())
_WORDS_OF_RATES = _TIMES_ALONE | frozenset("hourly daily weekly monthly yearly annually annual".split())
_WORDS_AWAY = frozenset("before earlier previously after later".split())


class _Placed(NamedTuple):
    """A number, and where in its text it begins and ends."""

    start: int
    end: int
    number: Number


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text in order of appearance, words included."""
    said = _said(text)
    found: list[_Placed] = []
    if _DIGIT.search(text):
        text = _RANGE.sub(_to, _SPAN.sub(_both_years, text))
        found += _in_figures(text)
    lower = text.lower()
    if not said.isdisjoint(_WORDS_OF_NUMBERS):
        found += _in_words(lower)
    if not said.isdisjoint(_WORDS_OF_PARTS):
        found += _fractions(lower)
    if _MULTIPLIED.search(lower):
        found += (_Placed(m.start(), m.end(), Number(_TIMES[m[1]], "x", m[0])) for m in _MANY.finditer(lower))
    if len(found) > 1:
        found.sort(key=lambda each: each[:2])
        found = _shares(_elided(_share_units(_apart(found), text), text), text)
    return tuple([each.number for each in found])


def implied(text: str, wanted: tuple[Number, ...] = ()) -> tuple[Number, ...]:
    """What a text counts without a number: "less than a minute" tells of one minute.

    Beside one of the numbers that are `wanted`, also what follows from it: 2021 beside 2022 where the text speaks of
    the year before, 300 beside 600 where it has doubled.
    """
    single = _single(text)
    told = {number.value for number in wanted}
    years = [year for year in _years(text) if year in told]
    if not years and len(told) < 2:
        return single
    found = [*single]
    if years:
        # "From 2012 to 2022" is ten years.
        found += [Number(b - a, "year", "", required=False) for a, b in pairwise(_years(text)) if b > a]
    if len(told) > 1:
        lower = text.lower()
        for match in _AWAY.finditer(lower) if years and not _said(text).isdisjoint(_WORDS_AWAY) else ():
            away = WORDS.get(match[1], 1)
            found += [Number(year + by, "", match[0], required=False) for year in years for by in (away, -away)]
        for match in _MANY.finditer(lower) if _MULTIPLIED.search(lower) else ():
            times = _TIMES[match[1]]
            found += [
                Number(number.value * by, number.unit, match[0], required=False)
                for number in numbers(text)
                if number.value in told and not _YEAR.fullmatch(number.text) and number.unit not in STRICT
                for by in (times, 1 / times)
            ]
    return tuple(found)


@lru_cache(maxsize=4096)
def rates(text: str) -> frozenset[str]:
    """The stretches of time that amounts of a text are counted by: "$24 an hour" and "hourly" give `hour`."""
    if _said(text).isdisjoint(_WORDS_OF_RATES):
        return frozenset()
    found = (m[1] or m[2] or m[3] for m in _RATE.finditer(text.lower()))
    return frozenset({"dai": "day", "annual": "year"}.get(name, name) for name in found)


@lru_cache(maxsize=4096)
def _said(text: str) -> frozenset[str]:
    """The words of a text, folded; "year's" is a year."""
    words = spoken(text)
    if "'" in text or not text.isascii():
        return frozenset(part for word in words for part in word.split("'"))
    return frozenset(words)


@lru_cache(maxsize=4096)
def _single(text: str) -> tuple[Number, ...]:
    """The "one minute" of "less than a minute"."""
    if _said(text).isdisjoint(_TIMES_ALONE):
        return ()
    return tuple(Number(1, match[1].lower(), match[0], required=False) for match in _ONE.finditer(text))


@lru_cache(maxsize=4096)
def _years(text: str) -> tuple[float, ...]:
    return tuple(map(float, _YEAR.findall(text)))


def _both_years(span: re.Match[str]) -> str:
    return f"{span[1]} to {span[1][:2]}{span[2]}"


def _to(span: re.Match[str]) -> str:
    return f"{span[1]} to "


def _in_figures(text: str) -> Iterator[_Placed]:
    signed = not _CURRENCY_SIGNS.isdisjoint(text)
    for match in _NUMBER.finditer(text):
        digits, scale, ordinal, unit = match.group("digits", "scale", "ordinal", "unit")
        start, end = match.span()
        value = float(digits.replace(",", ""))
        if scale:
            value *= _SCALES[scale.strip().lower()]
        if signed and (before := _CURRENCY.search(text, max(0, start - 4), start)):
            start, unit = before.start(), before[1]
        name = "ordinal" if ordinal else unit_of(unit) if unit else ""
        yield _Placed(start, end, Number(value, name, text[start:end].strip()))


def _in_words(lower: str) -> Iterator[_Placed]:
    for match in _WORDED.finditer(lower):
        words, unit = re.split(r"[ -]", match["words"]), unit_of(match["unit"])
        required = words not in (["one"], ["zero"]) or bool(unit)
        yield _Placed(match.start(), match.end(), Number(_worded(words), unit, match[0], required))


def _worded(words: list[str]) -> float:
    """The value of "one hundred and sixty nine"."""
    total, current = 0.0, 0.0
    for word in words:
        if word == "hundred":
            current = max(1.0, current) * 100
        elif word in _SCALES:
            total, current = total + max(1.0, current) * _SCALES[word], 0.0
        elif word == "dozen":
            current = max(1.0, current) * 12
        elif word != "and":
            current += _ATOMS[word]
    return total + current


def _fractions(lower: str) -> Iterator[_Placed]:
    """Halves, thirds and quarters as percentages or multiples; "the third" alone as an ordinal."""
    for match in _PART.finditer(lower):
        count, part = match["count"], match["part"]
        share = 100 * WORDS.get(count or "", 1) / _PARTS[part]
        if match["time"] and part in ("half", "quarter"):
            number = Number(share / 100, match["time"], match[0])
        elif match["many"]:
            number = Number(share / 100, "x", match[0])
        elif part in ("half", "halves"):
            # "Half-finished" and "the second half" count nothing.
            aside = lower.startswith("-", match.end()) or lower.endswith(("first ", "second "), 0, match.start())
            number = Number(share, "%", match[0], required=not aside, share=share)
        elif count or part == "quarter" or part.endswith("s"):
            number = Number(share, "%", match[0], required=bool(count or part != "quarter"), share=share)
        else:
            number = Number(_PARTS[part], "ordinal", match[0], share=share)
        yield _Placed(match.start(), match.end(), number)
    for match in _SECOND.finditer(lower):
        yield _Placed(match.start(), match.end(), Number(2, "ordinal", match[0]))


def _apart(found: list[_Placed]) -> list[_Placed]:
    """Without what lies inside another: "two thirds" is one number, and so is "half an hour"."""
    kept: list[_Placed] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.end - each.start > kept[-1].end - kept[-1].start:
            kept[-1] = each
    return kept


def _share_units(found: list[_Placed], text: str) -> list[_Placed]:
    """Give "$120 to 160,000" and "4 to 6 weeks" their unit on both sides."""
    shared = list(found)
    for i in range(len(found) - 1):
        a, b = shared[i].number, shared[i + 1].number
        if bool(a.unit) != bool(b.unit) and _SHARED.fullmatch(text, found[i].end, found[i + 1].start):
            unit = a.unit or b.unit
            if unit not in ("ordinal", "x"):
                shared[i] = found[i]._replace(number=a._replace(unit=unit))
                shared[i + 1] = found[i + 1]._replace(number=b._replace(unit=unit))
    return shared


def _elided(found: list[_Placed], text: str) -> list[_Placed]:
    """Give the nine of "four years here, there nine" the unit of the number before: nothing that it counts follows."""
    last, made = "", []
    for each in found:
        number = each.number
        bare = not number.unit and number.share is None and number.required and not _YEAR.fullmatch(number.text)
        if bare and last and _NOTHING_COUNTED.match(text, each.end):
            each = each._replace(number=number._replace(unit=last))
        elif number.unit and number.unit not in ("ordinal", "x", "pp", "point"):
            last = number.unit
        made.append(each)
    return made


def _shares(found: list[_Placed], text: str) -> list[_Placed]:
    """Both numbers of "nine of ten" know that it is 90 %."""
    made = list(found)
    for i in range(len(found) - 1):
        a, b = made[i].number, made[i + 1].number
        if a.unit or b.unit or a.share is not None or not 0 < a.value < b.value or _YEAR.fullmatch(b.text):
            continue
        between = text[made[i].end : made[i + 1].start]
        if _OF.fullmatch(between):
            share = 100 * a.value / b.value
            counted = a.required or "of" not in between or "out" in between
            made[i] = made[i]._replace(number=a._replace(required=counted, share=share))
            # "Nine of ten" may be said for 90 %; of other wholes both numbers must stand in the quote.
            whole = b._replace(required=b.required and b.value not in (10, 100), share=share)
            made[i + 1] = made[i + 1]._replace(number=whole)
    return made
