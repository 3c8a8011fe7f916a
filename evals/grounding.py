"""How far the shown claims of an answer stand on what they cite: entailment, figures, names; pure.

Citation recall and precision follow ALCE (Gao et al., "Enabling Large Language Models to Generate Text with
Citations", EMNLP 2023), claim by claim. ALCE asks a language model for natural language inference (TRUE) whether cited
words carry a claim; here the product's own check does (`bot.verify`), so these two tell whether the product kept what
it promises, not whether its check is right: how right that is, `evals claims` measures against labels. Figures and
names are compared here by rules of the evaluator's own, which share no code with that check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Answer, Claim
from bot.verify import verify
from corpus.words import fold
from evals import nuggets
from evals.metrics import Rate

_FIGURE = re.compile(r"\d+(?:\.\d+)*")
# A capital inside a sentence; the first word of a sentence has one anyway.
_NAME = re.compile(r"(?<![.!?:;]\s)(?<!^)(?<![-\w])[A-Z][\w&'’]*", re.MULTILINE)
# Capitalised by rule, not by being a name.
_NO_NAMES = frozenset({"i", "i'm", "i've", "i'd", "i'll"})


@dataclass(frozen=True, slots=True)
class Grounding:
    """Counts over one answer.

    `carried` of the shown claims: their cited quotes, taken together, carry them. `precise` of the marks on them: the
    mark's quote belongs to what carries its claim. `lacking` of all claims that were drafted: taken out for want of
    support, or shown and not carried. `figures` and `names` of the shown claims: those that stand in a quote that
    their own claim cites.
    """

    carried: Rate
    precise: Rate
    lacking: Rate
    figures: Rate
    names: Rate


def grounding(answer: Answer) -> Grounding:
    """All counts of one answer. A mark on a citation that is not there quotes nothing."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    shown = [claim for claim in answer.claims if claim.verdict == "supported"]
    carried = precise = marks = 0
    for claim in shown:
        cited = [quotes.get(number, "") for number in claim.citations]
        holds = _carries(cited, claim)
        carried += holds
        marks += len(cited)
        precise += sum(_is_precise(place, cited, claim) for place in range(len(cited))) if holds else 0
    figures = [_kept(_figures(claim.text), _figures(_cited(claim, quotes))) for claim in shown]
    names = [_kept(_names(claim.text), _words(_cited(claim, quotes))) for claim in shown]
    return Grounding(
        carried=Rate(carried, len(shown)),
        precise=Rate(precise, marks),
        lacking=Rate(len(answer.claims) - carried, len(answer.claims)),
        figures=_sum(figures),
        names=_sum(names),
    )


def figures_of(answer: Answer) -> frozenset[str]:
    """The figures of the shown claims, each in one form ("1,500" is 1500, "twenty-five" 25)."""
    return frozenset(
        figure for claim in answer.claims if claim.verdict == "supported" for figure in _figures(claim.text)
    )


def _carries(cited: Sequence[str], claim: Claim) -> bool:
    return bool(cited) and verify(claim.text, cited).verdict == "supported"


def _is_precise(place: int, cited: Sequence[str], claim: Claim) -> bool:
    """Not (carries nothing by itself, and the rest carries the claim without it). Asked where all together carry it."""
    rest = [*cited[:place], *cited[place + 1 :]]
    return _carries([cited[place]], claim) or not _carries(rest, claim)


def _cited(claim: Claim, quotes: dict[int, str]) -> str:
    return "\n".join(quotes.get(number, "") for number in claim.citations)


def _figures(text: str) -> frozenset[str]:
    return frozenset(token for token in nuggets.tokens(text) if _FIGURE.fullmatch(token))


def _names(text: str) -> frozenset[str]:
    found = (fold(name).removesuffix("'s") for name in _NAME.findall(text))
    return frozenset(name for name in found if name not in _NO_NAMES)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("'s") for word in re.findall(r"[\w&']+", fold(text)))


def _kept(wanted: frozenset[str], given: frozenset[str]) -> Rate:
    return Rate(len(wanted & given), len(wanted))


def _sum(rates: Sequence[Rate]) -> Rate:
    return Rate(sum(rate.hits for rate in rates), sum(rate.n for rate in rates))
