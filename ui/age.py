"""How old the figures of a claim are, in the few words that stand behind its marks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.answer import Citation, Claim
from corpus.figures import age_months, figures, is_stale, said_date

_YEAR = re.compile(r"(?:19|20)\d{2}")


def figure_age(claim: Claim, cited: Sequence[Citation], today: date) -> str:
    """`figure from 2018` where the newest date known of its figures is old, `undated figure` where none is known; else
    "", as for a claim without a figure (a year alone is none).

    The date is what the claim itself says, else that of the newest work behind it, else that of the newest guide.
    """
    if all(figure.kind == "year" for figure in figures(claim.text)):
        return ""
    works = [work.date for citation in cited for work in citation.references if work.date]
    guides = [citation.published for citation in cited if citation.published]
    when = said_date(claim.text, today) or _newest(works, today) or _newest(guides, today)
    if when is None:
        return "undated figure"
    year = _YEAR.findall(when)
    return f"figure from {max(year)}" if year and is_stale(when, today) else ""


def _newest(dates: Sequence[str], today: date) -> str | None:
    """The newest of dates that name a year."""
    aged = [(age, when) for when in dates if (age := age_months(when, today)) is not None]
    return min(aged)[1] if aged else None
