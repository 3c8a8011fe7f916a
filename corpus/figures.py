"""What counts as a figure in a guide, and how old it is. Pure.

A figure is a number that somebody must have counted, measured or laid down, so that it can be wrong or grow old: money,
percentages, counts and amounts in digits, shares in words ("two in three", "a third of"), and years, which say when
something held. No figures are: numbers that are part of a name or a code (Python 3, Level 6, H-1B, O*NET 29.3, 2511.4,
GPT-4), the numbers of lists, steps and rounds, telephone numbers, and numbers below 13 written as words, which
count what the guide itself lists or advises ("two or three projects").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

STALE_MONTHS = 36

FigureKind = Literal["money", "share", "amount", "count", "year"]

_MONTHS = "january february march april may june july august september october november december".split()
_UNIT = (
    r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|points?|credits?|times|people|adverts|jobs|dollars|"
    r"pounds|euros|courses?|questions|pages|words)\b"
)
_AMOUNT = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?P<currency>US\$|C\$|A\$|[$£€₹])\s?(?P<money>{_AMOUNT})(?P<scale>\s?(?:thousand|million|billion|trillion)\b|[kKmM]\b)?"
    rf"|(?<![\w.,/#])(?<![A-Za-z]-)(?P<number>(?<![\d%])-?(?:{_AMOUNT}))(?![\w]|[.,/]\d)"
    rf"(?:(?P<percent>\s?(?:%|per\s?cent\b|percent\b|percentage points?\b))"
    rf"|(?P<size>\s(?:thousand|million|billion|trillion)\b))?"
    rf"(?:[\s-](?P<unit>{_UNIT}))?"
)
_SHARE = re.compile(
    r"\b(?P<share>(?:one|two|three|four|five|six|seven|eight|nine)\s+(?:in|out of)\s+(?:two|three|four|five|six|seven|"
    r"eight|nine|ten|twenty|a hundred)|(?:half|a third|two thirds|a quarter|three quarters|a fifth|a tenth)\s+of)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"^\s?(?:[-–—]|to|and|or)\s?$")
# Words right before a number that make it part of a name, a place in an order, or a telephone number.
_NAMED = re.compile(
    r"(?:\b(?:level|levels|python|version|v|step|steps|round|rounds|part|chapter|section|title|grade|form|type|phase|tier|"
    r"stage|class|category|article|annex|schedule|question|figure|table|week|day|windows|web|industry|soc|code|call|"
    r"text|number|on|gpt|claude|llama|appendix|scorecard|question|topics?|rev|release|covid|net|esco|cuda|dp|"
    r"bracket|band|top|iso|ielts|press)|\*NET)[\s-]$",
    re.IGNORECASE,
)
# "2023-24": the second number is a year too.
_SPAN = re.compile(r"(?<!\d)(?:19|20)\d{2}[-–/]$")
_CODE = re.compile(r"^\d{4}\.\d+$")
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
# What is counted in time keeps its unit in `value`; "1,765 adverts" and "1,765" are one value.
_TIME = re.compile(r"[\s-](?P<unit>year|month|week|day|hour|minute|second)s?$")
_SAID = re.compile(
    rf"(?:(?P<month>{'|'.join(_MONTHS)})\s+)?(?<![\w$£€.,])(?P<year>(?:19|20)\d{{2}})"
    rf"(?:[-–/](?P<last>(?:19|20)?\d{{2}}))?(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?P<year>(?:19|20)\d{2})(?:-(?P<month>0[1-9]|1[0-2])(?!\d))?(?!\d)")


@dataclass(frozen=True, slots=True)
class Figure:
    """`text` as it is written, with its currency or unit; `start` where it stands in the statement."""

    kind: FigureKind
    text: str
    start: int


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a text in order."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        if match["money"]:
            found.append(Figure("money", match[0].strip(), match.start()))
            continue
        number = match["number"]
        if _SPAN.search(text[: match.start()]):
            found.append(Figure("year", number, match.start()))
            continue
        if _CODE.match(number) or (_NAMED.search(text[: match.start()]) and not match["percent"]):
            continue
        if match["percent"]:
            kind: FigureKind = "share"
        elif match["size"] or match["unit"]:
            kind = "amount"
        else:
            kind = "year" if _YEAR.match(number) else "count"
        found.append(Figure(kind, match[0].strip(), match.start()))
    found += [Figure("share", match["share"], match.start()) for match in _SHARE.finditer(text)]
    return tuple(sorted(found, key=lambda figure: figure.start))


def value(figure: Figure) -> str:
    """A figure in the form in which the table holds it: `$112,590`, `34%`, `60 days`, `245,900`."""
    text = re.sub(r"\s?(?:%|per\s?cent|percent)$", "%", figure.text)
    if time := _TIME.search(text):
        return f"{text[: time.start()]} {time['unit']}s"
    return re.sub(rf"[\s-]{_UNIT}$", "", text)


def is_telling(figure: Figure) -> bool:
    """Whether a figure can be followed from guide to guide by its value alone: no year, no bare count below 1,000."""
    if figure.kind in ("year", "count", "amount") and not _TIME.search(figure.text):
        return "," in figure.text or "illion" in figure.text
    return figure.kind in ("money", "amount") or "%" in value(figure)


def said_date(text: str, today: date) -> str | None:
    """The newest year that a text names and that has come, with its month where it tells one: `2024-05`, `2024`.

    Of a span the last year counts ("2023-24" is 2024), of a projection the first ("2024-34", "from 2024 to 2034").
    None where it names none: then its source's date stands for it.
    """
    dates = []
    for match in _SAID.finditer(text):
        years = [int(match["year"])]
        if match["last"]:
            years.append(int(match["year"][: 4 - len(match["last"])] + match["last"]))
        past = [year for year in years if year <= today.year]
        if past:
            month = f"-{_MONTHS.index(match['month'].lower()) + 1:02}" if match["month"] else ""
            dates.append(f"{max(past)}{month}")
    return max(dates, default=None)


def age_months(when: str, today: date) -> int | None:
    """Whole months from a date as sources.toml writes them (`2024`, `2025-08`, `2025-08-28`, `read 2026`) to `today`.

    A bare year counts from its December. None where the date names no year ("undated"): the age is not known.
    """
    found = list(_DATE.finditer(when))
    if not found:
        return None
    newest = max(found, key=lambda match: (match["year"], match["month"] or "12"))
    return max(0, (today.year - int(newest["year"])) * 12 + today.month - int(newest["month"] or 12))


def is_stale(when: str, today: date, months: int = STALE_MONTHS) -> bool:
    """Whether a figure of that date is older than `months`. Without a year it is stale: nobody knows its age."""
    age = age_months(when, today)
    return age is None or age > months
