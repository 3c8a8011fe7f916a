"""Dates as people write them, made ISO."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: place
    for place, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|"
        "oct october|nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>[01]?\d)(?:[-/.](?P<day>[0-3]?\d))?(?!\d)")
_DAY_FIRST = re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(rf"\b{_MONTH},?\s+{_YEAR}\b", re.IGNORECASE)
_SLASHED = re.compile(r"(?<!\d)(?P<a>[0-3]?\d)[/.](?P<b>[0-3]?\d)[/.](?P<year>(?:19|20)\d\d)(?!\d)")
_YEAR_ONLY = re.compile(rf"(?<![\d$£€,.-]){_YEAR}(?![\d,%-])")


def find_date(text: str) -> tuple[str, int, int] | None:
    """The first date in a text as (ISO date or part of one, start, end); None where there is none.

    Full dates win over months, months over bare years. `03/04/2025` says only its year, since countries read the
    rest differently; `25/04/2025` is clear.
    """
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _SLASHED, _MONTH_ONLY, _YEAR_ONLY):
        for match in pattern.finditer(text):
            if iso := _iso(match.groupdict()):
                return iso, match.start(), match.end()
    return None


def iso_date(text: str) -> str | None:
    """The first date in a text in ISO form, as `find_date`."""
    found = find_date(text)
    return found[0] if found else None


def _iso(found: dict[str, str]) -> str | None:
    year = int(found["year"])
    if "a" in found:
        a, b = int(found["a"]), int(found["b"])
        if a == b or (a > 12) != (b > 12):
            found = {"year": found["year"], "month": str(min(a, b)), "day": str(max(a, b))}
        else:
            return f"{year}"
    month_text = found.get("month")
    if not month_text:
        return f"{year}"
    month = int(month_text) if month_text.isdigit() else _MONTHS[month_text.lower()]
    if not 1 <= month <= 12:
        return None
    if not found.get("day"):
        return f"{year}-{month:02d}"
    try:
        return date(year, month, int(found["day"])).isoformat()
    except ValueError:
        return None
