"""Where texts say the same in the same words: runs of words shared with given texts, and sentences told twice. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.words import fold

RUN = 8
# Two sentences are near-duplicates where so much of the shorter one's word triples stands in the other.
ALIKE = 0.6
LEAST_WORDS = 12
_CLAUSE = re.compile(r"[.,;:!?()\[\]“”\"–—|/\n]+(?=\s|$)|(?<=\s)[–—\-(“\"\[]+|[(“\"\[)|\n]")
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


def clauses(text: str) -> list[tuple[str, ...]]:
    """The folded words of each stretch between two marks of punctuation."""
    parts = (tuple(_WORD.findall(fold(part))) for part in _CLAUSE.split(text))
    return [part for part in parts if part]


def runs(text: str, names: Sequence[tuple[str, ...]] = ()) -> set[tuple[str, ...]]:
    """Every run of eight words within a clause; `names` (folded words) end a clause as punctuation does."""
    return {
        clause[at : at + RUN]
        for whole in clauses(text)
        for clause in _without(whole, names)
        for at in range(len(clause) - RUN + 1)
    }


def _without(clause: tuple[str, ...], names: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """A clause cut at the names that stand in it."""
    if len(clause) < RUN:
        return []
    for name in names:
        for at in range(len(clause) - len(name) + 1):
            if clause[at : at + len(name)] == name:
                return _without(clause[:at], names) + _without(clause[at + len(name) :], names)
    return [clause]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two sentences by their places in the sequence given, and the share of word triples that they have in common."""

    first: int
    second: int
    share: float


def near_duplicates(texts: Sequence[str], groups: Sequence[str]) -> list[Alike]:
    """Pairs of sentences of different groups (guides) that say the same in much the same words, in order.

    Numbers count as words, so that two sentences of one form about different things are less alike.
    """
    triples = [_triples(text) for text in texts]
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, mine in enumerate(triples):
        for triple in mine:
            places[triple].append(place)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for found in places.values():
        for first, second in _pairs(found, groups):
            shared[first, second] += 1
    alike = (
        Alike(first, second, count / min(len(triples[first]), len(triples[second])))
        for (first, second), count in shared.items()
    )
    return sorted((pair for pair in alike if pair.share >= ALIKE), key=lambda pair: (pair.first, pair.second))


def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(fold(text))
    return frozenset(zip(words, words[1:], words[2:], strict=False)) if len(words) >= LEAST_WORDS else frozenset()


def _pairs(found: Sequence[int], groups: Sequence[str]) -> Iterable[tuple[int, int]]:
    if len(found) > 60:  # a triple that stands everywhere tells nothing
        return
    for at, first in enumerate(found):
        for second in found[at + 1 :]:
            if groups[first] != groups[second]:
                yield first, second
