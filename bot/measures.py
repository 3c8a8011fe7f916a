"""What a question wants to be told of a job (its pay, its training), and how well a sentence or row tells it; pure.

A page of facts has many figures of one kind: the pay of the job, of its branches, of all jobs, of jobs like it. A row
is told by what it stands for: its label, between the page's title and the colon.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from bot.numbers import numbers
from bot.subject import names
from corpus.models import Passage
from corpus.words import STOPWORDS, stem, words

Measure = Literal["pay", "openings", "growth", "number", "education", "experience", "training", "licence"]

_PAY = r"pay|paid|salar(?:y|ies)|wages?|earn(?:s|ed|ings)?|income|compensation"
_ASKS: tuple[tuple[Measure, str], ...] = (
    ("openings", r"\b(?:openings?|vacanc(?:y|ies))\b"),
    ("licence", r"\b(?:licen[cs]\w*|certif(?:ied|ication|ications)|registration)\b"),
    (
        "experience",
        r"\b(?:(?:work|related|prior|previous|years of|much) (?:\w+ )?experience|experience (?:\w+ )?need)",
    ),
    ("training", r"\b(?:on[- ]the[- ]job|training|trained|apprenticeships?|apprentice)\b"),
    ("education", r"\b(?:education|degrees?|diploma|qualifi(?:ed|cations?)|credentials?|college|schooling)\b"),
    ("growth", r"\b(?:grow\w*|outlook|in demand|demand for|declin\w+|shrink\w*|prospects|future|projected)\b"),
    ("pay", rf"\b(?:{_PAY}|how much (?!\w+ (?:experience|education|training)).*?\b(?:makes?|get)|"
            r"what (?:do|does) .*?\bmake|make more|money)\b"),
    ("number", r"\b(?:how many|number of|total employment)\b"),
)  # fmt: skip
_ASKED = tuple((measure, re.compile(pattern, re.IGNORECASE)) for measure, pattern in _ASKS)
# What asks for more than the one figure or word of a job: another year's, the ends of a range, where and for whom.
_OTHERWISE = re.compile(
    r"\b(?:lowest|highest|top|bottom|best[- ]paid|percentiles?|range|starting|starters?|minimum|maximum|"
    r"industr(?:y|ies)|states?|cit(?:y|ies)|employers?|why|which|will (?:there|be)|added|lost|20[3-9]\d)\b",
    re.IGNORECASE,
)
_TELLS: dict[Measure, str] = {
    "pay": rf"\b(?:{_PAY})\b",
    "openings": r"\b(?:openings?|vacanc(?:y|ies))\b",
    "growth": r"\b(?:growth|outlook|grow|grew|growing|decline|declining|percent change|change,? percent|"
    r"(?:little or )?no change|expected to change)\b",
    "number": r"\b(?:number of|held|jobs|people (?:are )?employed|people work\w*|workers employed|workforce|"
    r"total employment|employment,? (?:in )?\d{4})\b",
    "education": r"\b(?:education(?! services)|educational (?!services)|degrees?|diploma|qualifications?|"
    r"credentials?|schooling)\b",
    "experience": r"\bexperience\b",
    "training": r"\b(?:train\w*|apprentice\w*|residency|internships?|expected to be able)\b",
    "licence": r"\b(?:licen[cs]\w*|certif\w+|registration|registered)\b",
}
_TOLD = {measure: re.compile(pattern, re.IGNORECASE) for measure, pattern in _TELLS.items()}
# What a label or sentence with the same words is about instead.
_NOT_TOLD: dict[Measure, re.Pattern[str]] = {
    "number": re.compile(
        r"\b(?:change|growth|outlook|openings|vacancies|employers|self-employed|percent|pay|wages?)\b|[$£€%]", re.I
    ),
    "growth": re.compile(r"\bopenings\b|[$£€]", re.I),
    "pay": re.compile(r"\b(?:tab|lowest|highest|wage is the wage|as follows)\b", re.I),
    "education": re.compile(r"\b(?:employers|compare|learn more)\b", re.I),
    "experience": re.compile(r"\bcompare\b", re.I),
    "training": re.compile(r"\bcompare\b", re.I),
}
_WITH_FIGURE = frozenset({"pay", "openings", "growth", "number"})
_MEASURING = frozenset(
    stem(word)
    for word in "median mean average annual hourly yearly typical usual total year pay salary wage wages earnings job "
    "jobs people employed employment outlook growth change percent projected ten openings number level entry work "
    "working related occupation education experience training on-the-job requirements license required needed".split()
)
# What a row or a sentence gains or loses beside its likeness to the question: a row for the branch that was asked for,
# one whose label is what was asked, one under a caption that is, a sentence, and a row for something else.
FOR_PART, LABELLED, CAPTIONED, SAID, ELSE = 0.45, 0.35, 0.25, 0.2, -0.35
# What a sentence gains that names the one of a page's jobs that was asked about.
OF_PART = 0.3
# A whole row of a wide table that holds what was asked among other things.
AMONG = 0.1


def asked(text: str) -> Measure | None:
    """What a question wants to be told of a job; None where it wants something else, or nothing tells."""
    if _OTHERWISE.search(text):
        return None
    return next((measure for measure, pattern in _ASKED if pattern.search(text)), None)


def labelled(label: str) -> set[Measure]:
    """The measures that a row's label tells."""
    return {measure for measure in _TOLD if _tells(measure, label)}


def label_of(title: str, text: str) -> tuple[str, str]:
    """(caption, label) of a line `Title (Caption) - Label: value`; empty strings where it is no such line."""
    if not text.startswith(title):
        return "", ""
    match = re.match(r"(?: \((?P<caption>.*?)\))? - (?P<label>[^:]{1,160}):\s", text[len(title) :])
    return (match["caption"] or "", match["label"]) if match else ("", "")


def told(measure: Measure, passage: Passage, text: str, name: Sequence[str], wanted: Collection[str]) -> float:
    """How much speaks for or against a line of a page on the job asked about; above 0 where it tells the measure.

    `name`: stems of the job's name as asked; `wanted`: all content stems of the question.
    """
    caption, label = label_of(passage.title, text)
    if label:
        return _row(measure, passage.title, caption, label, text, name, wanted)
    if measure in _WITH_FIGURE and not numbers(text) and "no change" not in text:
        return 0.0
    # "Special education teachers earn ..." tells nothing of their education.
    if not _tells(measure, re.sub(re.escape(passage.title), " ", text, flags=re.IGNORECASE)):
        return 0.0
    of_part = set(name) != _stems(passage.title) and names(name, (text,))
    return SAID + OF_PART * of_part


def _row(
    measure: Measure, title: str, caption: str, label: str, text: str, name: Sequence[str], wanted: Collection[str]
) -> float:
    """The same of a row with a label."""
    if _tells(measure, label):
        return LABELLED
    said = _stems(label)
    whole = _stems(title)
    if said <= set(name) or said == whole:
        return CAPTIONED if _tells(measure, caption) else AMONG if _tells(measure, text[len(title) :]) else 0.0
    narrower = (said & set(wanted)) - set(name) - whole - _MEASURING
    if narrower and (_TOLD[measure].search(text) or not caption):
        return FOR_PART
    return ELSE


def _tells(measure: Measure, text: str) -> bool:
    other = _NOT_TOLD.get(measure)
    return bool(_TOLD[measure].search(text)) and not (other and other.search(text))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in STOPWORDS}
