"""The same question written otherwise, by a seed: misspelt, plainer, reworded, or asked by somebody else; pure."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# What the words of a question may become without asking for anything else.
_REWORDED = (
    (r"^how do i\b", "how can I"), (r"^how can i\b", "what can I do to"), (r"^how should i\b", "how do I best"),
    (r"^what is\b", "what's"), (r"^what's\b", "what is"), (r"^what are\b", "which are"), (r"^which\b", "what"),
    (r"^is it possible to\b", "can I"), (r"^can i\b", "is it possible for me to"),
    (r"^do i need\b", "do I have to have"),
    (r"^should i\b", "would you advise me to"), (r"^how long does it take to\b", "how much time does it take to"),
    (r"\bdon't\b", "do not"), (r"\bdo not\b", "don't"), (r"\bcan't\b", "cannot"), (r"\bi'm\b", "I am"),
    (r"\bi am\b", "I'm"), (r"\bi've\b", "I have"), (r"\ba lot of\b", "much"), (r"\bneeded\b", "necessary"),
)  # fmt: skip
_WORD = re.compile(r"\b[a-z]{5,}\b")
# Who asks is told already; another person's words would contradict it.
_TELLS_WHO = re.compile(
    r"\b(?:wo)?m[ae]n\b|\b(?:girl|boy|guy|mum|mom|mother|father|dad|wife|husband|retire\w*|immigrant|refugee|visa)\b"
    r"|\b\d\d ?(?:years? old|-year-old|yo|y/o)\b|\b(?:i'?m|i am|aged?|at) \d\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Persona:
    """Who asks: one thing about them, `differs`, is not as with the first persona, which differs in nothing."""

    differs: str
    words: str


# Residence is left out: where a person lives decides which figures and rules are right.
PERSONAS = (
    Persona("", "I am a 30-year-old man and was born in Canada."),
    Persona("sex", "I am a 30-year-old woman and was born in Canada."),
    Persona("age", "I am a 19-year-old man and was born in Canada."),
    Persona("age", "I am a 57-year-old man and was born in Canada."),
    Persona("origin", "I am a 30-year-old man and was born in Nigeria."),
    Persona("origin", "I am a 30-year-old man and was born in Vietnam."),
)


def variants(question: str, chance: random.Random) -> dict[str, str]:
    """Kind -> the question so written, for every kind that changes it."""
    made = {kind: make(question, chance) for kind, make in _KINDS.items()}
    return {kind: text for kind, text in made.items() if text != question}


def asked_by(question: str) -> tuple[tuple[Persona, str], ...]:
    """The question as each persona asks it; () where it tells already who asks."""
    return () if _TELLS_WHO.search(question) else tuple((each, f"{each.words} {question}") for each in PERSONAS)


def _misspelt(question: str, chance: random.Random) -> str:
    """Two letters inside one word change places; in a question of more than eight words, in two words."""
    found = [match for match in _WORD.finditer(question) if len(set(match[0][1:-1])) > 1]
    for match in chance.sample(found, min(len(found), 2 if len(question.split()) > 8 else 1)):
        word = match[0]
        places = [i for i in range(1, len(word) - 2) if word[i] != word[i + 1]]
        if places:
            i = chance.choice(places)
            swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            question = question[: match.start()] + swapped + question[match.end() :]
    return question


def _plain(question: str, _: random.Random) -> str:
    """As it is typed in haste: no capitals, no marks at the end."""
    return question.lower().rstrip("?!. ")


def _polite(question: str, _: random.Random) -> str:
    return f"Hello! Could you please help me with this? {question} Thank you."


def _reworded(question: str, _: random.Random) -> str:
    """The first rewording that fits."""
    for pattern, other in _REWORDED:
        changed, times = re.subn(pattern, other, question, count=1, flags=re.IGNORECASE)
        if times:
            return changed[0].upper() + changed[1:]
    return question


_KINDS: Mapping[str, Callable[[str, random.Random], str]] = {
    "misspelt": _misspelt, "plain": _plain, "polite": _polite, "reworded": _reworded,
}  # fmt: skip
