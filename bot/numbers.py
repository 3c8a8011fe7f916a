"""Numbers as they are written in advice: "$133,336", "40 %", "two thirds", "4-6 projects", "1.5 million", "2023-27".

Two ways of writing one amount agree: "half" and "50 percent", "90 minutes" and "1.5 hours", "one in four" and "a
quarter", "doubled" and "twice as many". Percent, percentage points and plain counts never do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from corpus.words import stem

_UNITS = {"%": "%", "percent": "%", "percentage": "%", "$": "$", "usd": "$", "dollar": "$", "us$": "$"}
_UNITS |= {"percentagepoint": "pp", "percentpoint": "pp", "pp": "pp", "point": "point", "time": "x", "fold": "x"}
_UNITS |= {"c$": "c$", "cad": "c$", "£": "£", "gbp": "£", "pound": "£", "€": "€", "eur": "€", "euro": "€"}
_UNITS |= {"₹": "₹", "rupee": "₹", "a$": "a$", "¥": "¥", "yen": "¥"}
_UNITS |= {
    name: name for name in "crown franc peso yuan won rand real lira krona zloty shilling rouble dirham forint".split()
}
_UNITS |= {"degree": "degree", "gram": "gram", "kilogram": "kilogram", "kg": "kilogram", "tonne": "tonne"}
_UNITS |= {"kilometer": "kilometre", "km": "kilometre", "meter": "metre", "cm": "centimetre", "mm": "millimetre"}
_UNITS |= {"g": "gram", "mg": "milligram", "milligram": "milligram", "litre": "litre", "liter": "litre"}
_UNITS |= {"ml": "millilitre", "millilitre": "millilitre", "milliliter": "millilitre"}
_UNITS |= {"watt": "watt", "kw": "kilowatt", "kilowatt": "kilowatt", "kwh": "kilowatt hour"}
_UNITS |= {"mb": "megabyte", "megabyte": "megabyte", "gb": "gigabyte", "gigabyte": "gigabyte"}
_UNITS |= {"tb": "terabyte", "terabyte": "terabyte", "century": "century", "centurie": "century"}
_UNITS |= {name: name for name in "second minute hour day week fortnight month year decade".split()}
_UNITS |= {name: name for name in "metre kilometre centimetre millimetre mile hectare acre square".split()}
UNIT_NAMES = frozenset(_UNITS)
# Kind of quantity and how many of its smallest step: two units of one kind are turned into each other.
_STEPS: dict[str, tuple[str, float]] = {
    "second": ("clock", 1), "minute": ("clock", 60), "hour": ("clock", 3600),
    "day": ("clock", 86_400), "week": ("clock", 604_800), "fortnight": ("clock", 1_209_600),
    "month": ("months", 1), "year": ("months", 12), "decade": ("months", 120), "century": ("months", 1_200),
    "millimetre": ("length", 1), "centimetre": ("length", 10), "metre": ("length", 1e3), "kilometre": ("length", 1e6),
    "milligram": ("mass", 1e-3), "gram": ("mass", 1), "kilogram": ("mass", 1e3), "tonne": ("mass", 1e6),
    "millilitre": ("volume", 1), "litre": ("volume", 1e3), "watt": ("power", 1), "kilowatt": ("power", 1e3),
    "megabyte": ("bytes", 1), "gigabyte": ("bytes", 1e3), "terabyte": ("bytes", 1e6),
}  # fmt: skip
# Units that a number cannot do without: "15 %" is no count of fifteen.
_STRICT = frozenset({"%", "pp", "x", "ordinal"})
_MONEY = frozenset("$ c$ £ € ₹ a$ ¥ crown franc peso yuan won rand real lira krona zloty shilling rouble".split())
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mn": 1e6, "bn": 1e9, "billion": 1e9, "trillion": 1e12}
_SMALL = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split(),
        range(21),
        strict=True,
    )
)
_TENS = dict(zip("thirty forty fifty sixty seventy eighty ninety".split(), range(30, 100, 10), strict=True))
_ATOMS = {**_SMALL, **_TENS, "hundred": 100, "dozen": 12}
WORDS = {**_SMALL, **_TENS}
_ORDINALS = dict(
    zip(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), range(2, 13), strict=True
    )
)
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_PARTS |= {name + s: place for name, place in _ORDINALS.items() if place > 2 for s in ("", "s")}
# Stems that are part of a number or its unit.
UNITS = frozenset(stem(word) for word in _UNITS if word.isalpha())
COUNTING = frozenset(
    stem(word)
    for word in (
        *_ATOMS,
        *_PARTS,
        *_UNITS,
        *_ORDINALS,
        "million",
        "billion",
        "thousand",
        "percentage",
        "point",
        "twice",
    )
    if word.isalpha()
)
_TIMES = {"twice": 2.0, "thrice": 3.0, "doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}

_UNIT = (
    r"%|per\s?cent(?:age)?(?:\spoints?)?\b|pp\b|usd\b|cad\b|gbp\b|eur\b|km\b|kg\b|cm\b|mm\b|mg\b|g\b|ml\b|[mgt]b\b|kwh?\b|fold\b"
    r"|(?:working\s|business\s|full\s|calendar\s|cubic\s|square\s|us\s|canadian\s)?"
    r"(?:dollar|pound|euro|rupee|yen|crown|franc|peso|yuan|won|rand|real|lira|krona|zloty|shilling|rouble|dirham|forint"
    r"|degree|gram|kilogram|tonne|kilometre|kilometer|metre|meter|centimetre|millimetre|litre|mile|hectare|acre"
    r"|milligram|liter|milliliter|millilitre|watt|kilowatt|megabyte|gigabyte|terabyte"
    r"|second|minute|hour|day|week|fortnight|month|year|decade|century|centurie|time|point)s?\b"
)
# Begins with a digit, so that the pattern is tried at digits alone; the currency is looked for before it.
_NUMBER = re.compile(
    r"(?P<digits>\d(?:\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d*(?:\.\d+)?))"
    r"(?P<scale>\s?(?:thousand|million|billion|trillion|bn|mn)\b|[km]\b)?"
    rf"(?P<ordinal>(?:st|nd|rd|th)\b)?(?:\s?-?(?P<unit>{_UNIT}))?",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(us\$|c\$|a\$|[$£€₹¥])\s?$", re.IGNORECASE)
_CURRENCY_SIGNS = frozenset("$£€₹¥")
_ATOM = "(?:" + "|".join(sorted(_ATOMS, key=len, reverse=True)) + r"|thousand|million|billion)"
_WORDED = re.compile(rf"\b(?P<words>{_ATOM}(?:[ -](?:and )?{_ATOM})*)\b(?:[ -]?(?P<unit>{_UNIT}))?", re.IGNORECASE)
_PART = re.compile(
    r"(?:\b(?P<count>an?|one|two|three|four|five|seven|nine)[ -])?\b(?P<part>"
    + "|".join(sorted(_PARTS, key=len, reverse=True))
    + r")\b(?P<many> as (?:many|much|large|long|big)| the (?:number|size|amount)\b)?"
    + r"(?:(?: an?| of an)?[ -](?P<time>hour|year|day|minute|month|decade)\b)?",
    re.IGNORECASE,
)
# "Within a minute": one of them, though no number is written.
_ONE = re.compile(
    r"\b(?:than|within|in|for|under|over|about|nearly|almost|takes?|lasts?|after|of|once)\san?\s(second|minute|hour|day|week|fortnight|month|year|decade|century)\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(second)\b(?!s\b)", re.IGNORECASE)
_MANY = re.compile(r"\b(twice|thrice|doubl|tripl|quadrupl|halv)(?:e|es|ed|ing)?\b", re.IGNORECASE)
# "nine of ten", "2 in 5", "17 out of the 51": what share that is.
_OF = re.compile(r"\s(?:out of|of|in)\s(?:every\s|the\s|its\s|their\s|an?\s)?$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# "2023-27" and "2023/27" name 2027.
# "The year before", "two years later".
_AWAY = re.compile(
    r"\b(a|the|one|two|three|four|five|six|seven|eight|nine|ten)\s(?:previous\s)?years?\s(before|earlier|previously|after|later)\b"
)
_NOTHING_COUNTED = re.compile(r"\s*(?:[.,;:)!?]|$|(?:on|in|at|for|by|after|before|while|and)\b)")
_SPAN = re.compile(r"\b((?:19|20)\d{2})\s?[-–—/]\s?(\d{2})\b(?![-\d])")
_RANGE_UNIT = re.compile(r"(\d)\s?[-–—]\s?(?=[$£€]?\d)|(\d)\s+to\s+(?=[$£€]?\d)")
_SHARED = re.compile(r"\s?(?:-|–|—|to|and|or)\s?", re.IGNORECASE)
_RATE = re.compile(
    r"(?<!half )\b(?:an?|per|each|every|by the)\s(?:working\s)?"
    r"(second|minute|hour|day|week|fortnight|month|year|decade)\b"
    r"(?!\s(?:later|ago|earlier|before))"
    r"|\b(hour|dai|week|month|year|annual)ly\b|\b(annual)\b"
)


_DIGIT = re.compile(r"\d")
# A word that says how many times: looked for before the pattern, which begins with no letter.
_MULTIPLIED = re.compile("twice|thrice|doubl|tripl|quadrupl|halv")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORDS_OF_NUMBERS = frozenset({*_ATOMS, "thousand", "million", "billion"})
_WORDS_OF_PARTS = frozenset({*_PARTS, "second"})
_TIMES_ALONE = frozenset("second minute hour day week fortnight month year decade century".split())
_WORDS_OF_RATES = _TIMES_ALONE | frozenset("hourly daily weekly monthly yearly annually annual".split())
_WORDS_AWAY = frozenset("before earlier previously after later".split())


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its unit ("" where none is written). `required` is False for words that often count nothing.
    `share` is the percentage that a fraction, or "3 in 5", also names."""

    value: float
    unit: str
    text: str
    required: bool = True
    share: float | None = None

    def stands_in(self, others: tuple[Number, ...]) -> bool:
        """Whether one of `others` is the same amount.

        A missing unit on one side agrees with any, save percent, percentage points, multiples and ordinals: those must
        be written on both sides. Units of one kind are turned into each other (90 minutes, 1.5 hours).
        """
        return any(_same(self, other) for other in others)


def _same(a: Number, b: Number) -> bool:
    if a.unit and not b.unit and not b.required:
        return False  # "one of the best" is no $1
    if not a.unit and not b.unit:
        if a.share is not None and b.share is not None:
            return _close(a.value, b.value) and abs(a.share - b.share) <= 0.5
        # "One in three" is not the one of "one of the best".
        return _close(a.value, b.value) and (a.share is None or b.required or a.share == b.share)
    # "1,141 of 15,241" is told exactly, and no percentage that comes near carries another count.
    exact = not a.unit and a.share is not None and a.value > a.share
    shares = [s for s in (None if exact else a.share, a.value if a.unit == "%" else None) if s is not None]
    theirs = [s for s in (b.share, b.value if b.unit == "%" else None) if s is not None]
    # Fractions are named by rounded percentages: a third and 33 %.
    near = 0.5 if a.share is not None or b.share is not None else 0.0
    if any(abs(s - t) <= near for s in shares for t in theirs):
        return True
    if a.unit == b.unit:
        return _close(a.value, b.value)
    if not a.unit or not b.unit:
        return _close(a.value, b.value) and not {a.unit, b.unit} & _STRICT
    mine, other = _STEPS.get(a.unit), _STEPS.get(b.unit)
    return (
        mine is not None and other is not None and mine[0] == other[0] and _close(a.value * mine[1], b.value * other[1])
    )


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text in order of appearance, words included."""
    # Most patterns cannot match most texts, and telling so is quicker than trying them.
    said = _said(text)
    figures = _DIGIT.search(text) is not None
    if figures:
        text = _SPAN.sub(lambda m: f"{m[1]} to {m[1][:2]}{m[2]}", text)
        text = _RANGE_UNIT.sub(lambda m: f"{m[1] or m[2]} to ", text)
        signed = not _CURRENCY_SIGNS.isdisjoint(text)
    found: list[tuple[int, int, Number]] = []
    for match in _NUMBER.finditer(text) if figures else ():
        scale = (match["scale"] or "").strip().lower()
        value = float(match["digits"].replace(",", "")) * _SCALES.get(scale, 1.0)
        before = _CURRENCY.search(text, max(0, match.start() - 4), match.start()) if signed else None
        unit = "ordinal" if match["ordinal"] else unit_of(before[1] if before else match["unit"])
        start = before.start() if before else match.start()
        found.append((start, match.end(), Number(value, unit, text[start : match.end()].strip())))
    lower = text.lower()
    for match in _WORDED.finditer(lower) if said & _WORDS_OF_NUMBERS else ():
        words = re.split(r"[ -]", match["words"])
        unit = unit_of(match["unit"])
        number = Number(_worded(words), unit, match[0], required=words not in (["one"], ["zero"]) or bool(unit))
        found.append((match.start(), match.end(), number))
    if said & _WORDS_OF_PARTS:
        found += _fractions(lower)
    for match in _MANY.finditer(lower) if _MULTIPLIED.search(lower) else ():
        found.append((match.start(), match.end(), Number(_TIMES[match[1]], "x", match[0])))
    if not found:
        return ()
    found.sort(key=lambda each: each[:2])
    return _shares(_elided(_share_units(_apart(found), text), text), text)


def implied(text: str, wanted: tuple[Number, ...] = ()) -> tuple[Number, ...]:
    """What a text counts without a number: "less than a minute" tells of one minute.

    Beside one of the numbers that are `wanted`, also what follows from it: 2021 beside 2022 where the text speaks of
    the year before, 300 beside 600 where it has doubled.
    """
    said = _said(text)
    found = (
        [Number(1, match[1].lower(), match[0], required=False) for match in _ONE.finditer(text)]
        if not said.isdisjoint(_TIMES_ALONE)
        else []
    )
    told = {number.value for number in wanted}
    lower = text.lower()
    for match in _AWAY.finditer(lower) if len(told) > 1 and not said.isdisjoint(_WORDS_AWAY) else ():
        away = _SMALL.get(match[1], 1) * (-1 if match[2] in ("before", "earlier", "previously") else 1)
        years = [float(year) for year in _YEAR.findall(text)]
        found += [
            Number(year + away * side, "", match[0], required=False)
            for year in years
            for side in (1, -1)
            if year in told
        ]
    spoken = [float(year) for year in _YEAR.findall(text)] if told else []
    if not told.isdisjoint(spoken):
        # "From 2012 to 2022" is ten years.
        found += [Number(b - a, "year", "", required=False) for a, b in pairwise(spoken) if b > a]
    for match in _MANY.finditer(lower) if len(told) > 1 else ():
        times = _TIMES[match[1]]
        found += [
            Number(number.value * by, number.unit, match[0], required=False)
            for number in numbers(text)
            if number.value in told and not _YEAR.fullmatch(number.text) and number.unit not in _STRICT
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
    """The words of a text in lower case."""
    return frozenset(_LETTERS.findall(text.lower()))


@lru_cache(maxsize=4096)
def unit_of(written: str | None) -> str:
    """The unit that is written; "" for none."""
    name = re.sub(r"\s", "", (written or "").lower())
    name = re.sub(r"^(?:working|business|full|calendar|cubic|square|us|canadian)(?=[a-z])", "", name)
    return _UNITS.get(name) or _UNITS.get(name.removesuffix("s"), "")


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


def _fractions(lower: str) -> list[tuple[int, int, Number]]:
    """Halves, thirds and quarters as percentages or multiples; "the third" alone as an ordinal."""
    found = []
    for match in _PART.finditer(lower):
        count, part = match["count"], match["part"]
        share = 100 * (_SMALL.get(count or "", 1)) / _PARTS[part]
        if match["time"] and part in ("half", "quarter"):
            number = Number(share / 100, match["time"], match[0])
        elif match["many"]:
            number = Number(share / 100, "x", match[0])
        elif part in ("half", "halves"):
            # "Half-finished" and "the second half" count nothing.
            aside = lower[match.end() : match.end() + 1] == "-" or lower[: match.start()].endswith(
                ("first ", "second ")
            )
            number = Number(share, "%", match[0], required=not aside, share=share)
        elif count or part.endswith("s"):
            number = Number(share, "%", match[0], share=share)
        elif part == "quarter":
            number = Number(share, "%", match[0], required=False, share=share)
        else:
            number = Number(_PARTS[part], "ordinal", match[0], share=share)
        found.append((match.start(), match.end(), number))
    found += [(m.start(), m.end(), Number(2, "ordinal", m[0])) for m in _ORDINAL.finditer(lower)]
    return found


def _apart(found: list[tuple[int, int, Number]]) -> list[tuple[int, int, Number]]:
    """Without what lies inside another: "two thirds" is one number, and so is "half an hour"."""
    kept: list[tuple[int, int, Number]] = []
    for start, end, number in found:
        if kept and start < kept[-1][1]:
            if end - start > kept[-1][1] - kept[-1][0]:
                kept[-1] = (start, end, number)
            continue
        kept.append((start, end, number))
    return kept


def _share_units(found: list[tuple[int, int, Number]], text: str) -> list[tuple[int, int, Number]]:
    """Give "$120 to 160,000" and "4 to 6 weeks" their unit on both sides."""
    shared = list(found)
    for i in range(len(found) - 1):
        (_, end, a), (start, _, b) = shared[i], shared[i + 1]
        if bool(a.unit) != bool(b.unit) and _SHARED.fullmatch(text[end:start]):
            unit = a.unit or b.unit
            if unit not in ("ordinal", "x"):
                shared[i] = (*found[i][:2], Number(a.value, unit, a.text, a.required, a.share))
                shared[i + 1] = (*found[i + 1][:2], Number(b.value, unit, b.text, b.required, b.share))
    return shared


def _elided(found: list[tuple[int, int, Number]], text: str) -> list[tuple[int, int, Number]]:
    """Give the nine of "four years here, there nine" the unit of the number before: nothing that it counts follows."""
    last, made = "", []
    for start, end, number in found:
        bare = not number.unit and number.share is None and number.required and not _YEAR.fullmatch(number.text)
        if bare and last and _NOTHING_COUNTED.match(text, end):
            number = Number(number.value, last, number.text, number.required, number.share)
        elif number.unit and number.unit not in ("ordinal", "x", "pp", "point"):
            last = number.unit
        made.append((start, end, number))
    return made


def _shares(found: list[tuple[int, int, Number]], text: str) -> tuple[Number, ...]:
    """Both numbers of "nine of ten" know that it is 90 %; the first of a list in percent ("15, 20 and 30 %") is too."""
    made = [number for _, _, number in found]
    for i in range(len(found) - 1):
        a, b, end, start = made[i], made[i + 1], found[i][1], found[i + 1][0]
        if (
            not a.unit
            and not b.unit
            and a.share is None
            and 0 < a.value < b.value
            and not _YEAR.fullmatch(b.text)
            and _OF.fullmatch(text[end:start])
        ):
            share = 100 * a.value / b.value
            counted = a.required or "of" not in text[end:start] or "out" in text[end:start]
            made[i] = Number(a.value, "", a.text, counted, share)
            # "Nine of ten" may be said for 90 %; of other wholes both numbers must stand in the quote.
            made[i + 1] = Number(b.value, "", b.text, b.required and b.value not in (10, 100), share)
    return tuple(made)
