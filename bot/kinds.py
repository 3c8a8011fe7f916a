"""Whether words tell what a kind of question asks for: a sum of money, or a time."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.numbers import numbers
from bot.questions import Kind
from corpus.words import stem

# Units of time, as `bot.numbers` names them.
TIME = frozenset({"year", "month", "week", "day", "hour", "minute"})
_SIGN = r"[$£€₹¥₩₽₺₴₦₱₫₪₵]"
_CURRENCY = (
    r"(?:dollars?|euros?|pounds?|rupees?|crowns?|francs?|yen|yuan|pesos?|rand|kron(?:a|or|er?)|zloty|roubles?|rubles?|"
    r"lira|reais|real|won|naira|shillings?|dirhams?|lakhs?|usd|eur|gbp|inr|cad|aud|nzd|chf|sek|nok|dkk|pln|jpy|cny|brl)"
)
# An amount with its currency on either side, or by the year, month, week, day or hour, whatever it is counted in.
_SUM = re.compile(
    rf"{_SIGN}\s?\d|\b{_CURRENCY}\s?\d|\d[\d,.]*\s?(?:k|m|bn|thousand|million|billion)?\s?(?:{_SIGN}|{_CURRENCY}\b)"
    r"|\d[\d,.]*k?\s(?:an?|per)\s(?:year|month|week|day|hour|annum)\b",
    re.IGNORECASE,
)
# Words by which a question asks for a kind, as stems: an answer tells it without them ("$17 an hour").
_ASKING: dict[Kind, frozenset[str]] = {
    "money": frozenset(map(stem, (
        "pay pays paid salary wage earn earning make income money cost price fee tuition compensation charge expensive "
        "cheap rate budget"
    ).split())),
    "duration": frozenset(map(stem, "long time hours weeks months years days soon length duration".split())),
}  # fmt: skip
# Kinds that a figure tells.
FIGURED = frozenset(_ASKING)


def asking(kind: Kind) -> frozenset[str]:
    """The stems by which a question asks for this kind of answer."""
    return _ASKING.get(kind, frozenset())


# The same passages are looked at for many questions.
@lru_cache(maxsize=8_192)
def tells(kind: Kind, text: str) -> bool:
    """Whether a text has a figure of the kind; True for kinds that no figure tells."""
    if kind == "money":
        return _SUM.search(text) is not None
    return kind != "duration" or any(number.unit in TIME for number in numbers(text))


def counts(text: str) -> bool:
    """Whether a text has a number that may be a count: any but a year, in words too ("three rounds")."""
    return any(number.unit or not 1900 <= number.value < 2100 for number in numbers(text))
