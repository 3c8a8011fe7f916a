"""Follow-ups without a model: what a question takes over from the conversation before it; pure.

Nothing is decided hard. The question is searched as it stands and once more with carried terms, and the scores are
added: the gate says how much the second search counts. Terms are ranked by how much they tell, how recent they are
and who said them (see ARCHITECTURE.md for what was measured).
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


@dataclass(frozen=True, slots=True)
class Carried:
    """`words`: content words taken over, most telling first; `gate`: 0 to 1, how far the question leans on them."""

    words: tuple[str, ...]
    gate: float


def carry(question: str, history: Sequence[Turn], tells: Callable[[str], float]) -> Carried:
    """What `question` takes over from `history` (oldest turn first). `tells(stem)` weighs a term, 0 and up."""
    if not history:
        return Carried((), 0.0)
    own = {stem(word) for word in words(question)}
    scores: dict[str, float] = {}
    surface: dict[str, str] = {}
    for age, turn in enumerate(reversed(history[-TURNS:])):
        voice = 1.0 if turn.role == "user" else 0.35
        seen: set[str] = set()
        for word in words(turn.content)[:400]:
            term = stem(word)
            if word in STOPWORDS or word in _EMPTY or term in own or term in seen or len(word) > 40:
                continue
            seen.add(term)
            surface.setdefault(term, word)
            scores[term] = scores.get(term, 0.0) + voice * tells(term) * 0.8**age
    ranked = sorted(scores, key=lambda term: (-scores[term], term))[:CARRIED]
    return Carried(tuple(surface[term] for term in ranked), _gate(question))


def _gate(question: str) -> float:
    """How much a question points back: pronouns, an opening like "and", few words of its own."""
    said = words(question)
    content = [word for word in said if word not in STOPWORDS]
    points = sum(word in _POINTING for word in said)
    gate = 0.35
    gate += 0.3 * min(points, 2) / 2 + (0.2 if points else 0.0)
    gate += 0.3 if _OPENING.match(" ".join(said)) else 0.0
    gate += 0.3 if len(content) <= 2 else 0.1 if len(content) <= 4 else 0.0
    return min(1.0, gate)


def standalone(question: str, carried: Carried) -> str:
    """What is shown as "you asked about": the question, and what was taken over where it leans on it."""
    if not carried.words or carried.gate < 0.6:
        return question
    return f"{question} ({', '.join(carried.words[:4])})"
