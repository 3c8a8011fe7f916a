"""Follow-ups that leave out what was said before, completed where one reading is sure; pure.

"And a data scientist?" asks of another job what was asked of the one before, "which one pays more?" sets the two side
by side that were spoken of, and in "which pays more, that or a data scientist?" the pronoun is the job spoken of last.
Everything else is left to what `bot.conversation` carries, where nothing is decided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.conversation import leans
from bot.questions import Kind, kind_of
from bot.sides import article, compares, sides_of
from bot.subject import only_names, span_of, subject_of
from corpus.search import query_terms
from corpus.words import stem, words

# Earlier questions in which the two that are compared may have been named.
TURNS = 4
# A message that goes on from others is short.
MOST_WORDS = 14
_AND = r"(?:(?:and|so|but|ok|okay|then|hmm)[\s,]+)*"
_THEM = r"(?:them|those|these|the two|both)"
# "Which one", "which of the two", and no "which certificate"; what it is, is not "the best way in".
_WHICH = re.compile(
    rf"^({_AND}(?:which|who))(?:\s+(?:one|job|role|career))?(?:\s+(?:out )?of {_THEM})?\s+"
    r"(?=(?:is|are|would|will|do|does|has|have|can|should|pays?|earns?|makes?|grows?|needs?|takes?|gets?|suits?|leads?)\b"
    r"(?!.*\b(?:best|worst|most|least|highest|lowest|easiest|hardest|safest|cheapest|fastest|quickest)\s+"
    r"(?!for\b|to\b|in\b|now\b|of\b|paid\b|pay\b|money\b|secure\b|popular\b|stable\b|likely\b)\w))",
    re.IGNORECASE,
)
_DIFFER = re.compile(
    rf"^{_AND}(?:what(?:'s|’s| is| are) the differences?(?: between {_THEM})?|"
    rf"how (?:do|are) (?:they|{_THEM}) (?:differ|compare|different|compared)|compare {_THEM})$",
    re.IGNORECASE,
)
# "Is that harder than being a data analyst?"
_THAN = re.compile(
    rf"^({_AND}(?:is|do|does|will|would))\s+(?:it|that|this)\b(?=.*\bthan\b)",
    re.IGNORECASE,
)

# "That or a data scientist?", "Do data scientists earn more than that?": a side that only points back. What points at a
# thing beside it ("that or this certificate") is none, nor is "that" where it joins a sentence on.
_POINTER = r"(?:that|this|it|those|these|them|they)(?: (?:one|job|role|career)s?)?"
_JOINS = r"(?:or|vs\.?|versus|compared (?:to|with))"
_SIDE = re.compile(
    rf"(?<=[,:] )(?P<first>{_POINTER})(?= {_JOINS} \w)|(?<= or )(?P<last>{_POINTER})$"
    rf"|^{_AND}(?P<opens>{_POINTER})(?= {_JOINS} \w)|(?<=\bthan )(?P<than>{_POINTER})(?: do(?:es)?| is| are)?$",
    re.IGNORECASE,
)

# "Is that more than a nurse?" weighs by what was asked before.
_MORE_THAN = re.compile(r"\s+(?:much |a lot |any )?(?:more|less|better|higher|lower) than\b", re.IGNORECASE)
_BY: Mapping[Kind, str] = {"money": " in pay", "growth": " in growth"}

# What is asked on the way to a job, where nothing else is named.
_ON_THE_WAY = frozenset(
    stem(word)
    for word in (
        "learn study start begin first skills tools degree diploma certificate certificates certification experience "
        "math maths mathematics language languages course courses portfolio project projects requirements "
        "qualifications qualification training prepare beginner"
    ).split()
)
_WAY = re.compile(r"^(?:what|which|how|where|do|can|could|should|must|is|are)\b", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:(?:thanks|thank you|thx|ok|okay|great|cool|nice|and|so|but|then)[\s,!.]+)+", re.IGNORECASE)


def for_job(text: str, asked: Sequence[str]) -> str | None:
    """A message that asks for a step and names no job ("what should I learn first?"), asked of the way to the job that
    was `asked` about right before, or before what only pointed back to it; None where it names anything else."""
    plain = _BEFORE.sub("", text.strip()).rstrip("?!. ")
    if not asked or not _WAY.match(plain) or leans(plain) or len(words(plain)) > MOST_WORDS or span_of(plain):
        return None
    terms = query_terms(plain)
    if not terms or not _ON_THE_WAY.issuperset(terms):
        return None
    before = next((each for each in reversed(asked[-TURNS:]) if _name(each) or not leans(each)), "")
    name = _name(before)
    return f"{plain} to become {_one(name)}?" if name else None


def of_another(text: str, before: str) -> str | None:
    """What `before` asked, asked of the job that `text` alone names; None where either names none."""
    there = span_of(before)
    if not only_names(text) or there is None:
        return None
    return _instead(before, there, _name(text))


def compared(text: str, asked: Sequence[str]) -> str | None:
    """A message that compares what it does not name, with the names from the questions `asked` before (oldest first);
    None where it names something itself, or no two were spoken of."""
    plain = text.strip().rstrip("?!. ")
    if not asked or len(words(plain)) > MOST_WORDS:
        return None
    if pointed := _pointed(plain, asked[-TURNS:]):
        return pointed
    if sides_of(text):
        return None
    than = _THAN.match(plain)
    if than and compares(plain):
        named = [each for each in map(_name, asked[-TURNS:]) if each]
        by = _BY.get(kind_of(asked[-1]), "") if _MORE_THAN.match(plain[than.end() :]) else ""
        return f"{than[1]} {_one(named[-1])}{plain[than.end() :]}{by}?" if named else None
    which, differ = _WHICH.match(plain), _DIFFER.match(plain)
    if span_of(text) or not (differ or (which and compares(plain))):
        return None
    pair = _pair(asked[-TURNS:])
    if pair is None:
        return None
    if which is None:
        return f"What is the difference between {pair[0]} and {pair[1]}?"
    return f"{which[1]} {plain[which.end() :]}, {pair[0]} or {pair[1]}?"


def _pointed(plain: str, asked: Sequence[str]) -> str | None:
    """A message with the job spoken of last in the place of a pronoun that is one side of a comparison; None where it
    has no such side, or no other job was spoken of."""
    match = _SIDE.search(plain)
    if match is None:
        return None
    given = plain.casefold()
    named = [each for each in map(_name, asked) if each and _singular(each) not in given]
    done = f"{plain[: match.start()]}{_one(named[-1])}{plain[match.end() :]}?" if named else ""
    return done if sides_of(done) else None


def _pair(asked: Sequence[str]) -> tuple[str, str] | None:
    """The two that were spoken of last: the sides of the last question that compares, or the last two jobs."""
    named: dict[tuple[str, ...], str] = {}
    for at, question in reversed(list(enumerate(asked))):
        # "That or a nurse?" was itself asked of the job before.
        each = _pointed(question.strip().rstrip("?!. "), asked[:at]) or question
        sides = sides_of(each)
        if sides and not named:
            return sides.first, sides.second
        if subject_of(each):
            named.setdefault(subject_of(each), _name(each))
    later_first = list(named.values())[:2]
    return (later_first[1], later_first[0]) if len(later_first) == 2 else None


def _name(text: str) -> str:
    """The name of the job that a question asks about, as it stands; "" where it names none."""
    span = span_of(text)
    return text[span[0] : span[1]] if span else ""


def _singular(name: str) -> str:
    """A name as it stands in another number too."""
    return (name[:-1] if _many(name) else name).casefold()


def _many(name: str) -> bool:
    return name.endswith("s") and not name.endswith("ss")


def _one(name: str) -> str:
    """A name for one, with its article."""
    one = name[:-1] if _many(name) else name
    return f"{article(one)} {one}"


def _instead(text: str, span: tuple[int, int], name: str) -> str:
    """A text with another name in place of the one at `span`, in the number of that one."""
    old = text[span[0] : span[1]]
    if _many(old) != _many(name):
        name = f"{name}s" if _many(old) else name[:-1]
    lead = re.sub(r"\ban?(\s+)$", rf"{article(name)}\1", text[: span[0]], flags=re.IGNORECASE)
    return f"{lead}{name}{text[span[1] :]}"
