"""Amounts: a value with its unit, the ways in which units are written, and when two amounts are the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from corpus.words import stem

# How units are written right behind a figure, with no plural.
_SHORT = {
    "%": "%", "pp": "pp", "fold": "x", "usd": "$", "cad": "c$", "gbp": "£", "eur": "€", "km": "kilometre",
    "cm": "centimetre", "mm": "millimetre", "kg": "kilogram", "g": "gram", "mg": "milligram", "ml": "millilitre",
    "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte", "kw": "kilowatt", "kwh": "kilowatt hour",
}  # fmt: skip
# Words, which may stand in the plural.
_LONG = {
    "dollar": "$", "pound": "£", "euro": "€", "rupee": "₹", "yen": "¥", "time": "x", "centurie": "century",
    "kilometer": "kilometre", "meter": "metre", "liter": "litre", "milliliter": "millilitre",
}  # fmt: skip
_LONG |= {
    name: name
    for name in (
        "second minute hour day week fortnight month year decade century millimetre centimetre metre kilometre mile "
        "hectare acre milligram gram kilogram tonne millilitre litre watt kilowatt megabyte gigabyte terabyte degree "
        "point crown franc peso yuan won rand real lira krona zloty shilling rouble dirham forint"
    ).split()
}
_UNITS = _SHORT | _LONG | {"percent": "%", "percentage": "%", "percentpoint": "pp", "percentagepoint": "pp"}
# Signs, which are looked for before a figure.
_UNITS |= {sign: sign for sign in "$ c$ a$ £ € ₹ ¥".split()} | {"us$": "$"}
_QUALIFIERS = "working|business|full|calendar|cubic|square|us|canadian"
_QUALIFIER = re.compile(rf"^(?:{_QUALIFIERS})(?=[a-z])")
# Finds a unit, where case is ignored.
UNIT = (
    rf"per\s?cent(?:age)?(?:\spoints?)?\b|%|(?:{'|'.join(word for word in _SHORT if word != '%')})\b"
    rf"|(?:(?:{_QUALIFIERS})\s)?(?:{'|'.join(_LONG)})s?\b"
)
# Every way of writing a unit, and the stems of its words.
UNIT_NAMES = frozenset({*_UNITS, "square"})
UNIT_STEMS = frozenset(stem(word) for word in UNIT_NAMES if word.isalpha())
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
STRICT = frozenset({"%", "pp", "x", "ordinal"})


class Number(NamedTuple):
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


@lru_cache(maxsize=4096)
def unit_of(written: str | None) -> str:
    """The unit that is written; "" for none."""
    name = _QUALIFIER.sub("", re.sub(r"\s", "", (written or "").lower()))
    return _UNITS.get(name) or _UNITS.get(name.removesuffix("s"), "")


def _same(a: Number, b: Number) -> bool:
    if a.unit and not b.unit and not b.required:
        return False  # "one of the best" is no $1
    if not a.unit and not b.unit:
        if a.share is not None and b.share is not None and abs(a.share - b.share) > 0.5:
            return False
        # "One in three" is not the one of "one of the best".
        return _close(a.value, b.value) and (a.share is None or b.share is not None or b.required)
    if a.share is not None or b.share is not None:
        # "1,141 of 15,241" is told exactly, and no percentage that comes near carries another count.
        exact = not a.unit and a.share is not None and a.value > a.share
        shares = [s for s in (None if exact else a.share, a.value if a.unit == "%" else None) if s is not None]
        theirs = [s for s in (b.share, b.value if b.unit == "%" else None) if s is not None]
        # Fractions are named by rounded percentages: a third and 33 %.
        if any(abs(s - t) <= 0.5 for s in shares for t in theirs):
            return True
    if a.unit == b.unit:
        return _close(a.value, b.value)
    if not a.unit or not b.unit:
        return _close(a.value, b.value) and (a.unit or b.unit) not in STRICT
    mine, other = _STEPS.get(a.unit), _STEPS.get(b.unit)
    return (
        mine is not None and other is not None and mine[0] == other[0] and _close(a.value * mine[1], b.value * other[1])
    )


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))
