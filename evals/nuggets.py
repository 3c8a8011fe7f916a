"""Does a text hold a wanted phrase? Case, white space, punctuation and ways of writing numbers aside; pure.

Texts are compared as lists of whole tokens, so that "25" is never found in "250", "2.5" or "1,025".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from corpus.words import fold

# Stands between two texts that are searched together: no phrase may run over from one into the other.
_WALL = "\n"

_SIGNS = {"%": "percent", "$": "dollar", "£": "pound", "€": "euro", "₹": "rupee"}
_SAME = {
    "dollars": "dollar", "usd": "dollar", "pounds": "pound", "gbp": "pound", "euros": "euro", "eur": "euro",
    "rupees": "rupee", "inr": "rupee",
}  # fmt: skip
_SCALES = {
    "hundred": 10**2, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9,
    "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_SMALL = {
    name: number
    for number, name in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=1,
    )
}
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
# Digits behind letters belong to a name ("h1b", "b25"), letters behind digits do not ("25kg", "120k").
_TOKEN = re.compile(r"[^\W\d_]+\d[^\W_]*|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*(?:\+\+|#)?")
_LETTERED = re.compile(r"\b([a-z])-(?=\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# A sign before a number belongs behind it: "$5" is read as "5 dollar", as "5 dollars" is; "$1.5 million" too.
_CURRENCY = re.compile(
    r"(?:us|c|a)?([$£€₹])\s?(\d+(?:[.,]\d+)*)(\s?(?:thousand|million|billion|trillion|bn|mn|m|k)\b)?"
)
_RANGE = re.compile(r"(?<=\d)\s?[-–—−]\s?(?=[$£€₹]?\d)")


def tokens(text: str) -> tuple[str, ...]:
    """The text as comparable tokens: words folded, apostrophes dropped, numbers in one form ("1,500" = "1.5k" = 1500).

    A sign becomes a word ("40 %" = "40 percent" = "40 per cent"; "$5" = "5 dollars"), a dash between numbers "to",
    small number words digits ("twenty-five" = 25), "H-1B" is "H1B". Other punctuation is dropped.
    """
    text = fold(text).replace("per cent", "percent")
    text = _LETTERED.sub(r"\1", _RANGE.sub(" to ", text))
    text = _CURRENCY.sub(lambda m: f"{m[2]}{m[3] or ''} {m[1]} ", text)
    for sign, word in _SIGNS.items():
        text = text.replace(sign, f" {word} ")
    return tuple(_numbers([word.replace("'", "") for word in _TOKEN.findall(text)]))


def holds(body: Sequence[str], phrase: str) -> bool:
    """Whether the tokens of `phrase` stand in the tokens `body`, whole and next to each other."""
    wanted = tokens(phrase)
    return bool(wanted) and any(
        tuple(body[at : at + len(wanted)]) == wanted
        for at in range(len(body) - len(wanted) + 1)
        if body[at] == wanted[0]
    )


def joined(texts: Iterable[str], most: int | None = None) -> tuple[str, ...]:
    """The tokens of several texts with walls between them; of their first `most` words (by white space) only."""
    body: list[str] = []
    left = most
    for text in texts:
        parts = text.split()
        if left is not None:
            parts = parts[: max(0, left)]
            left -= len(parts)
        body += (*tokens(" ".join(parts)), _WALL)
    return tuple(body)


def found(body: Sequence[str], nuggets: Sequence[Sequence[str]]) -> tuple[bool, ...]:
    """For each nugget, whether any of its phrases stands in `body`."""
    return tuple(any(holds(body, phrase) for phrase in phrases) for phrases in nuggets)


def _numbers(said: Sequence[str]) -> Iterable[str]:
    """The words with numbers in one form: separators, scales and number words resolved."""
    at = 0
    while at < len(said):
        values, used = _value(said[at : at + 2])
        at += used
        if not values:
            yield _SAME.get(said[at - 1], said[at - 1])
        elif isinstance(values[-1], str) or at >= len(said) or said[at] not in _SCALES:
            yield from map(_plain, values)
        else:
            yield from map(_plain, values[:-1])
            yield _plain(values[-1] * _SCALES[said[at]])
            at += 1


def _value(pair: Sequence[str]) -> tuple[tuple[Decimal | str, ...], int]:
    """What number the first word (with the next, "twenty five") is, and how many words that takes; () for none."""
    word = pair[0]
    if _NUMBER.fullmatch(word):
        parts = [word] if _THOUSANDS.fullmatch(word) else word.split(",")
        # With several points it is a version or a date ("1.2.3"), kept as it stands.
        return tuple(part if part.count(".") > 1 else Decimal(part.replace(",", "")) for part in parts), 1
    if word in _TENS and len(pair) > 1 and _SMALL.get(pair[1], 99) < 10:
        return (Decimal(_TENS[word] + _SMALL[pair[1]]),), 2
    if word in _TENS or word in _SMALL:
        return (Decimal(_TENS.get(word) or _SMALL[word]),), 1
    return (), 1


def _plain(number: Decimal | str) -> str:
    """Without an exponent and without trailing zeros: 40.0 is 40."""
    if isinstance(number, str):
        return number
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
