"""The two things that a question compares, and by what; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.subject import is_doer
from corpus.words import STOPWORDS, stem, words

# By what two things are compared: what they are, what they pay, how they grow, or by something else ("harder").
By = Literal["nature", "money", "growth", "other"]

_MORE = (
    r"(?:more|less|better|worse|higher|lower|harder|easier|faster|slower|safer|quicker|cheaper|longer|shorter|larger|"
    r"bigger|smaller|tougher|simpler|broader|richer|busier|happier|stronger|older|newer)"
)
# What is done or told of the things, and no part of their names.
_TOLD = (
    r"(?:earn\w*|makes?|gets?|pays?|paid|salary|salaries|wages?|grow\w*|needs?|differ\w*|diff|first|outlook|worth|"
    r"jobs?)"
)
_WORD = (
    r"(?!(?:an?|the|is|are|do|does|will|would|can|could|should|in|for|to|of|at|on|or|and|vs|versus|which|who|what|how|"
    rf"i|you|we|it|they|be|become|than|between|{_MORE}|{_TOLD})\b)\w[\w+#'’-]*"
)
_THING = rf"(?:(?:an?|the|being|becoming)\s+)*((?:{_WORD}\s+){{0,2}}{_WORD})"
_END = rf"(?=\s*$|\s*[,:;?!–—]|\s*\.(?:\s|$)|\s+-\s|\s+(?:which|who|what|in|for|now|today|{_MORE}|{_TOLD})\b)"
# "Data analyst salary vs data scientist salary".
_OR = rf"(?:\s+{_TOLD})?\s*,?\s+(?:or|vs\.?|versus)\s+"
_BETWEEN, _THAN, _EITHER = (
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "... between a data analyst and a data scientist"
        # "Compare the salary of a data analyst and a data scientist"
        rf"(?:\bbetween|\bcompare(?:\s+(?:the\s+)?\w+\s+(?:of|for))?)\s+{_THING}\s+(?:and|or|with|to|vs\.?|versus)\s+"
        rf"{_THING}{_END}",
        # "Do data engineers earn more than data scientists?", "Is data engineering harder than software engineering?"
        rf"(?:^|[,.]\s+)(?:so |and |but )?(?:is|are|do|does|did|will|would|can|could)\s+{_THING}"
        rf"(?:\s+\w+ly)?(?:\s+{_TOLD})?(?:\s+(?:paid|much|any|a lot))?\s+{_MORE}\b[^?.]*?\bthan\s+{_THING}{_END}",
        # "R or Python", "an analyst vs an engineer", "Who earns more, an analyst or an engineer?"
        rf"(?:^|[:;–—]\s*|\b(?:which|who|what)\b[^,?]*,\s*|\b(?:an?|become|be|learn|choose|take|study|do|does|is|"
        rf"are|for|compare|{_MORE})\s+(?:-\s+)?){_THING}{_OR}{_THING}{_END}",
    )
)
_PAYS = re.compile(
    r"\b(?:earn\w*|salar\w+|pa(?:y|ys|id)|wages?|money|income|compensation|makes? more)\b", re.IGNORECASE
)
_GROWS = re.compile(r"\b(?:grow\w*|outlook|in demand|demand for|job market|prospects|future)\b", re.IGNORECASE)
# What is better hangs on what each of them is.
_WEIGHS = re.compile(rf"\b(?!better\b|worse\b){_MORE}\b", re.IGNORECASE)
# What asks which of two things it is that were named before: "which is better paid?", "who earns more?".
_WHICH = re.compile(
    r"^(?:and |so |but |ok )?(?:which|who|what)(?: (?:one|of (?:the two|them|these|those)|job|role|career))?\s+"
    r"(?:is|are|has|gets?|pays?|earns?|makes?|grows?)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    rf"\b(?:{_MORE}|best|worst|most|least|highest|lowest|easiest|hardest|safest|cheapest|fastest|quickest)\b",
    re.IGNORECASE,
)
# Words that weigh by the same, with their opposites.
_FAMILIES = tuple(
    frozenset(family.split())
    for family in (
        "hard harder hardest easy easier easiest difficult difficulty tough tougher simple simpler demanding",
        "safe safer safest secure stable stability risky",
        "fast faster slow slower quick quicker quickly long longer short shorter months weeks",
        "cheap cheaper cheapest expensive dearer costs cost price",
        "happy happier stress stressful busy busier",
        "large larger big bigger small smaller broad broader narrow",
    )
)
# "One page or two?" asks how many of one thing.
_COUNTS = re.compile(r"(?:\d+|one|two|three|four|five|six|ten)\b", re.IGNORECASE)
# What a figure tells, and how the name of a field of work ends.
_FIGURES = frozenset({"money", "growth"})
_FIELD = re.compile(r"(?:ing|ence|ics|ity)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two things that are compared, in the question's words; `word`: what weighs them, where it is no figure
    ("harder")."""

    first: str
    second: str
    by: By
    word: str = ""

    def named_in(self, text: str) -> bool:
        """Whether a text names both, each with its words side by side: "Data scientist or machine learning engineer?"
        does not set a data engineer beside a data scientist."""
        said = [stem(word) for word in words(text) if word not in STOPWORDS]
        return all(_stands([stem(word) for word in words(side)], said) for side in (self.first, self.second))

    def only_in(self, text: str) -> bool:
        """Whether a text does no more than to name the two."""
        sides = {*words(self.first), *words(self.second)}
        return all(word in sides or word in STOPWORDS or word in ("vs", "versus") for word in words(text))

    def weighed_in(self, text: str) -> bool:
        """Whether a text that names both weighs them by what they are compared by: "easier" or "hard" for "harder"."""
        return self.named_in(text) and not _families(self.word).isdisjoint(_families(text))

    def questions(self) -> tuple[str, str]:
        """The question on each side that tells what they are compared by, as far as that is pay or growth."""
        return self._about(self.first), self._about(self.second)

    def _about(self, side: str) -> str:
        last = side.split()[-1]
        many = last.lower().endswith("s")
        one = side if many else f"{article(side)} {side}"
        do = "do" if many else "does"
        if self.by == "growth":
            return f"What is the job outlook for {side}?"
        if self.by == "money":
            return f"What does {side} pay?" if _FIELD.search(last) else f"How much {do} {one} earn?"
        # Somebody's work is told by what they do, a thing by what it is.
        return f"What {do} {one} do?" if is_doer(last) else f"What is {side}?"


def sides_of(text: str) -> Sides | None:
    """The sides of a question that compares two things; None where it names no two.

    A letter or two ("R") is too little to be told for itself.
    """
    text = text.strip()
    for pattern in (_BETWEEN, _THAN, _EITHER):
        match = pattern.search(text)
        if match and min(len(match[1]), len(match[2])) > 2 and not _COUNTS.match(match[2]):
            rest = f"{text[: match.start(1)]} {text[match.end(1) : match.start(2)]} {text[match.end(2) :]}"
            by, ends = _by(rest), not words(text[match.end(2) :])
            work = [_is_work(match[1]), _is_work(match[2])]
            if all(work) or (any(work) and by in _FIGURES) or (by == "nature" and ends and pattern is not _THAN):
                weighs = _WEIGHS.search(rest) if by == "other" else None
                return Sides(match[1], match[2], by, weighs[0].lower() if weighs else "")
    return None


def whole_sides(parts: Sequence[str]) -> list[str]:
    """The parts of one message, where "which is better paid?" right behind a part that names two things asks it of
    them; a part that only names the two goes into it. What is told by no figure is found by all that was said."""
    done: list[str] = []
    for part in parts:
        which = bool(done) and _WHICH.match(part) and compares(part) and _by(part) in _FIGURES
        before = sides_of(done[-1]) if which and not sides_of(part) else None
        if before is not None:
            if before.only_in(done[-1]):
                done.pop()
            part = f"{part.rstrip('?!. ')}, {before.first} or {before.second}?"
        done.append(part)
    return done


def compares(text: str) -> bool:
    """Whether a text compares: by a word such as "better" or "harder"."""
    return _COMPARES.search(text) is not None


def _is_work(side: str) -> bool:
    """Whether a side is a job or a field of work."""
    last = side.split()[-1]
    return is_doer(last) or _FIELD.search(last) is not None


def article(side: str) -> str:
    """The article before a name: `an` before a vowel's sound, that of letters read one by one ("ML") included."""
    first = side.split()[0]
    return "an" if first[0] in ("AEFHILMNORSX" if first.isupper() else "AEIOUaeiou") else "a"


def _families(text: str) -> frozenset[int]:
    """Of what kinds the comparing words of a text are, as places in `_FAMILIES`."""
    said = frozenset(words(text))
    return frozenset(at for at, family in enumerate(_FAMILIES) if family & said)


def _by(rest: str) -> By:
    if _PAYS.search(rest):
        return "money"
    if _GROWS.search(rest):
        return "growth"
    return "other" if _WEIGHS.search(rest) else "nature"


def _stands(side: list[str], said: list[str]) -> bool:
    """Whether words stand side by side in their order, or with one more among them ("business [intelligence] analyst",
    "data analyst or scientist")."""
    room = len(side) + (len(side) > 1)
    for at in range(len(said) - len(side) + 1):
        rest = iter(said[at : at + room])
        if said[at] == side[0] and all(word in rest for word in side):
            return True
    return False
