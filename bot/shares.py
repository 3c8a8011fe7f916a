"""Shares and rates, and the units that tell the one asked for; pure.

"What share of data scientists are women?" is not answered by the share of them that insurers employ, nor the pass rate
of an exam by its price.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.numbers import numbers
from bot.units import Unit
from corpus.words import term_set

_IS = r"(?:is|are|was|were|has|have|had|need|needs|hold|holds|use|uses)"
_SHARE_OF = re.compile(
    rf"\b(?:what|which) (?:share|percent(?:age)?|proportion|fraction|part) of (?:(?!{_IS}\b)[\w'’/-]+ ){{1,6}}"
    rf"{_IS}\b(?P<told>.*)$",
    re.IGNORECASE,
)
# A rate, and by what other words it is told; any share may answer where there are none.
_RATE = re.compile(
    r"\b(?P<of>pass|fail(?:ure)?|drop[- ]?out|completion|retention|graduation|acceptance|admissions?|success|"
    r"placement)[- ]rates?\b",
    re.IGNORECASE,
)
_WORDS = {
    "pass": "pass passes passed fail fails failed",
    "fail": "pass passes passed fail fails failed failure",
    "failure": "pass passes passed fail fails failed failure",
    "dropout": "drop dropped dropout leave left finish finished complete completed",
    "completion": "finish finished complete completed completion",
    "retention": "stay stayed retention left",
    "graduation": "graduate graduated graduation finish finished",
}


def on_share(question: str, units: Sequence[Unit]) -> list[Unit]:
    """Without the units that tell no such share or rate, where one is asked for: of a rate none may be left; of a share
    of something, all stay where none names what is asked of it."""
    if rate := _RATE.search(question):
        said = term_set(_WORDS.get(re.sub(r"[- ]", "", rate["of"].lower()), ""))
        told = [unit for unit in units if _tells(unit) and (not said or said & _terms(unit))]
        return [unit for unit in units if any(unit.place == each.place for each in told)]
    share = _SHARE_OF.search(question.rstrip("?!. "))
    asked = term_set(share["told"]) if share else frozenset()
    named = [unit for unit in units if asked & _terms(unit)] if asked else []
    return named if any(map(_tells, named)) else list(units)


def _tells(unit: Unit) -> bool:
    return any(number.unit == "%" or number.share for text in unit.texts for number in numbers(text))


def _terms(unit: Unit) -> frozenset[str]:
    return unit.terms | term_set(" ".join(unit.passage.section[-1:]))
