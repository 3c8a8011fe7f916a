"""Numbers as they are written in advice: "$133,336", "40 %", "two thirds", "4-6 projects", "1.5 million", "2023-27"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    "%": "%",
    "percent": "%",
    "per cent": "%",
    "percentage": "%",
    "$": "$",
    "usd": "$",
    "dollars": "$",
    "us$": "$",
}
_UNITS |= {"c$": "c$", "cad": "c$", "£": "£", "gbp": "£", "pounds": "£", "€": "€", "eur": "€", "euros": "€"}
_UNITS |= {"₹": "₹", "rupees": "₹", "a$": "a$"}
_UNITS |= {name + s: name for name in ("year", "month", "week", "day", "hour", "minute") for s in ("", "s")}
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
_WORDS: dict[str, float] = {
    **_SMALL,
    **_TENS,
    "hundred": 100,
    "dozen": 12,
    "half": 0.5,
    "third": 1 / 3,
    "quarter": 0.25,
}
_WORDS |= {"thirds": 1 / 3, "quarters": 0.25, "twice": 2, "double": 2, "triple": 3}
# Words that often count nothing ("one of the best"): evidence may use them, a claim need not show them.
_LOOSE = frozenset({"one", "half", "third", "quarter", "thirds", "quarters", "twice", "double", "triple", "zero"})

_NUMBER = re.compile(
    r"(?P<currency>us\$|c\$|a\$|[$£€₹])?\s?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<scale>\s?(?:thousand|million|billion|trillion|bn|mn)\b|[km]\b)?"
    r"(?:\s?-?(?P<unit>%|per\s?cent\b|percentage\b|percent\b|usd\b|cad\b|gbp\b|eur\b|dollars\b|pounds\b|euros\b|rupees\b"
    r"|years?\b|months?\b|weeks?\b|days?\b|hours?\b|minutes?\b))?",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:(" + "|".join(_TENS) + r"|twenty)[- ](one|two|three|four|five|six|seven|eight|nine)|("
    + "|".join(_WORDS) + r"))\b(?:\s(hundred|thousand|million|billion)\b)?"
    r"(?:\s(per\s?cent|percent|years?|months?|weeks?|days?|hours?|dollars|pounds)\b)?",
    re.IGNORECASE,
)  # fmt: skip
# "2023-27" and "2023/27" name 2027.
_SPAN = re.compile(r"\b((?:19|20)\d{2})\s?[-–—/]\s?(\d{2})\b(?!\d)")
_RANGE_UNIT = re.compile(r"(\d)\s?[-–—]\s?(?=[$£€]?\d)|(\d)\s+to\s+(?=[$£€]?\d)")


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its unit ("" where none is written). `required` is False for words that often count nothing."""

    value: float
    unit: str
    text: str
    required: bool = True

    def stands_in(self, others: tuple[Number, ...]) -> bool:
        """Whether one of `others` has the same value and no other unit of the same kind.

        A missing unit on one side agrees with any, save that a bare year never agrees with an amount of money.
        """
        return any(
            abs(self.value - other.value) <= 1e-6 * max(1.0, abs(self.value)) and _agree(self.unit, other.unit)
            for other in others
        )


def _agree(a: str, b: str) -> bool:
    return a == b or not a or not b


def numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text in order of appearance, words included."""
    text = _SPAN.sub(lambda m: f"{m[1]} to {m[1][:2]}{m[2]}", text)
    found: list[tuple[int, Number]] = []
    for match in _NUMBER.finditer(_RANGE_UNIT.sub(lambda m: f"{m[1] or m[2]} to ", text)):
        scale = (match["scale"] or "").strip().lower()
        value = float(match["digits"].replace(",", "")) * _SCALES.get(scale, 1.0)
        unit = match["currency"] or re.sub(r"\s", "", match["unit"] or "")
        found.append((match.start(), Number(value, _UNITS.get(unit.lower(), ""), match[0].strip())))
    for match in _NUMBER_WORD.finditer(text):
        tens, ones, word, scale, unit = (part and part.lower() for part in match.groups())
        value = _WORDS[tens] + _WORDS[ones] if tens else _WORDS[word or ""]
        value *= 100 if scale == "hundred" else _SCALES.get(scale or "", 1.0)
        required = word not in _LOOSE or bool(unit)
        found.append((match.start(), Number(value, _UNITS.get(re.sub(r"\s", "", unit or ""), ""), match[0], required)))
    return _share_units(tuple(number for _, number in sorted(found, key=lambda pair: pair[0])), text)


def _share_units(found: tuple[Number, ...], text: str) -> tuple[Number, ...]:
    """Give "$120 to 160,000" and "4 to 6 weeks" their unit on both sides."""
    shared = list(found)
    for i in range(len(found) - 1):
        a, b = found[i], found[i + 1]
        if bool(a.unit) != bool(b.unit) and re.search(
            re.escape(a.text) + r"\s?(?:-|–|—|to|and)\s?" + re.escape(b.text), text
        ):
            unit = a.unit or b.unit
            shared[i] = Number(a.value, unit, a.text, a.required)
            shared[i + 1] = Number(b.value, unit, b.text, b.required)
    return tuple(shared)
