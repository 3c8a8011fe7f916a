"""Follow-ups without a model: what a question takes over from the conversation before it; pure.

Nothing is decided hard. The question is searched as it stands and once more with carried terms, and the scores are
added: the gate says how much the second search counts. Terms are ranked by how much they tell, how recent they are
and who said them (see docs/measured-search.md for what was measured).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answer import Turn
from corpus.words import STOPWORDS, stem, words

CARRIED = 10
TURNS = 6

_POINTING = frozenset(
    "it its it's they them their theirs that this these those there he she him her his one ones such same both former "
    "latter else another other others more instead again then too".split()
)
_OPENING = re.compile(
    r"^(?:and|but|so|or|also|ok|okay|what about|how about|why|why not|really|what else|anything else|which one|"
    r"tell me more|more|go on|for example|like what|such as)\b"
)
# What answers and greetings are full of and no search gains by.
_EMPTY = frozenset(
    "question answer information sure help example guide guides please thank important good great".split()
)


_MORE = re.compile(
    r"\b(?:what|anything|something|who|where|which|how)\s+else\b|\b(?:tell|show|give|say)\s+(?:me\s+|us\s+)?(?:some\s+)?"
    r"(?:more|others?)\b|^(?:and\s+)?(?:more|go on|continue|next|others?|another(?: one)?|further)\b|\b(?:any|some)\s+"
    r"(?:more|other|others|further)\b|\b(?:more|other) (?:ideas|examples|options|details|ways|things|of them)\b"
)
_AGAIN = re.compile(
    r"\b(?:again|repeat|repeated|explain|rephrase|simpler|summari[sz]e|you said|you mentioned|you wrote|you told|"
    r"earlier|mean|means|meant|sure|source|sources|really|correct|right|that figure|that number|recap)\b"
)
# Words that choose or push on, and name nothing.
_BARE = frozenset(
    "first second third fourth last 1 2 3 4 answer continue explain repeat detail details example".split()
)
_ORDINALS = {
    "first": 0,
    "1": 0,
    "1st": 0,
    "second": 1,
    "2": 1,
    "2nd": 1,
    "third": 2,
    "3": 2,
    "3rd": 2,
    "fourth": 3,
    "4": 3,
}


_MARK = re.compile(r"(?<!\\)\[\d+\]")


@dataclass(frozen=True, slots=True)
class Carried:
    """`words`: content words taken over, most telling first; `gate`: 0 to 1, how far the question leans on them;
    `told`: those of them that the person said, and not the bot alone."""

    words: tuple[str, ...]
    gate: float
    told: frozenset[str] = frozenset()


def carry(question: str, history: Sequence[Turn], tells: Callable[[str], float]) -> Carried:
    """What `question` takes over from `history` (oldest turn first). `tells(stem)` weighs a term, 0 and up."""
    if not history:
        return Carried((), 0.0)
    own = {stem(word) for word in words(question)}
    scores: dict[str, float] = {}
    surface: dict[str, str] = {}
    person: set[str] = set()
    for age, turn in enumerate(reversed(history[-TURNS:])):
        voice = 1.0 if turn.role == "user" else 0.35
        seen: set[str] = set()
        for word in words(_MARK.sub(" ", turn.content))[:400]:
            term = stem(word)
            if word in STOPWORDS or word in _EMPTY or term in own or term in seen or len(word) > 40:
                continue
            seen.add(term)
            surface.setdefault(term, word)
            if turn.role == "user":
                person.add(term)
            scores[term] = scores.get(term, 0.0) + voice * tells(term) * 0.8**age
    ranked = sorted(scores, key=lambda term: (-scores[term], term))[:CARRIED]
    told = frozenset(surface[term] for term in ranked if term in person)
    return Carried(tuple(surface[term] for term in ranked), _gate(question), told)


def is_bare(text: str) -> bool:
    """Whether a turn names nothing of its own ("what else?", "why?", "the second one")."""
    return all(word in STOPWORDS or word in _BARE or word in _EMPTY for word in words(text))


def last_asked(history: Sequence[Turn]) -> int | None:
    """The place of the last message of the person that names something; None where there is none."""
    return next(
        (at for at in reversed(range(len(history))) if history[at].role == "user" and not is_bare(history[at].content)),
        None,
    )


def choice(text: str) -> int | None:
    """Which option a short reply chooses, from 0; -1 is the last one; None where it chooses by no number."""
    said = words(text)
    if len(said) > 5 or not is_bare(text):
        return None
    return -1 if "last" in said else next((_ORDINALS[word] for word in said if word in _ORDINALS), None)


def asks_more(text: str) -> bool:
    """Whether a turn wants what has not been said yet ("what else?", "tell me more")."""
    return _MORE.search(" ".join(words(text))) is not None


def points_back(text: str) -> bool:
    """Whether a turn wants what was said before once more ("explain that again", "are you sure?")."""
    plain = " ".join(words(text))
    return _AGAIN.search(plain) is not None and not asks_more(text)


def leans(text: str) -> bool:
    """Whether a turn goes on from what was said: by a pronoun, or by how it begins."""
    said = words(text)
    return is_bare(text) or any(word in _POINTING for word in said) or _OPENING.match(" ".join(said)) is not None


def shown(history: Sequence[Turn]) -> str:
    """What the bot's answers of this conversation said, to look sentences up in (see `flat`)."""
    return " ".join(flat(turn.content) for turn in history if turn.role == "assistant")


def flat(text: str) -> str:
    """Words alone: Markdown, marks, case and punctuation aside, with a blank at either end."""
    return f" {' '.join(words(_MARK.sub(' ', text)))} "


def _gate(question: str) -> float:
    """How much a question points back: pronouns, an opening like "and", few words of its own."""
    said = words(question)
    content = [word for word in said if word not in STOPWORDS]
    points = sum(word in _POINTING for word in said)
    gate = 0.35
    gate += 0.3 * min(points, 2) / 2 + (0.2 if points else 0.0)
    opens = _OPENING.match(" ".join(said)) is not None
    gate += 0.3 if opens else 0.0
    # A short question that is whole ("Do I need a degree?") may well change the subject; a fragment cannot.
    if points or opens or len(said) <= 3:
        gate += 0.3 if len(content) <= 2 else 0.1 if len(content) <= 4 else 0.0
    return min(1.0, gate)


def standalone(question: str, carried: Carried) -> str:
    """What is shown as "you asked about": the question, and what the person named before where it leans on that."""
    told = [word for word in carried.words if word in carried.told and not word[0].isdigit()][:4]
    if not told or carried.gate < 0.6 or not leans(question):
        return question
    return f"{question} ({', '.join(told)})"
