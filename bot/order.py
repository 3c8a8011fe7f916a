"""What stands in whose place: things exchanged, the sides of a comparison, a word put where another stands; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.amounts import UNIT_STEMS
from bot.numbers import COUNTING, WORDS
from bot.signed import PUNCTUATION, SILENT, Reading
from bot.wording import synonyms
from corpus.words import STOPWORDS, stem

# Words between two things that are told apart by their order.
_PIVOTS = frozenset("than to from into of by before after while over".split())
_CONTRASTS = frozenset("; but while whereas".split())
_ASIDE = frozenset("but while whereas although though because if unless when where so yet".split())
_HALVES = frozenset("half quarter third".split())
_TIMES = frozenset("second minut hour day week month year".split())
_SHORT = frozenset("first second".split()) | frozenset(WORDS)
YEAR = re.compile(r"(?:19|20)\d\d")
UNITS_BEFORE = frozenset("$£€")
# So many words around a word must be the quote's own, so many of them telling, for it to stand in another's place.
SAME_AROUND, TELLING_AROUND = 4, 2
NEAR = 4
# So many words around a place of the claim must be those around a place of the quote.
FRAME = 3
# Words that are exchanged together, at most.
LONGEST = 4
# Telling words behind a pivot that are taken for its side.
SIDE = 7


def exchanged(said: Reading, stands: Reading) -> bool:
    """Whether exchanging two short runs of the claim's words gives the order of the quote.

    "Testers report to managers" for "managers report to testers" is mended by one exchange; a clause moved as a whole,
    or the items of a list in another order, is not meant.
    """
    order, mine = _aligned(said, stands)
    ranked = sorted(order)
    first = next((i for i, (a, b) in enumerate(zip(order, ranked, strict=True)) if a != b), None)
    if first is None:
        return False
    end = next(i for i in range(len(order), 0, -1) if order[i - 1] != ranked[i - 1])
    part, whole = order[first:end], ranked[first:end]
    for front in range(1, LONGEST + 1):
        if part[:front] != whole[-front:]:
            continue
        for back in range(max(1, front - 1), min(LONGEST, front + 1) + 1):
            if front + back > len(part) or whole[back : len(whole) - front] + whole[:back] != part[front:]:
                continue
            if kind(said, mine[first]) != kind(said, mine[end - back]):
                continue
            between = said.tokens[mine[first + front - 1] + 1 : mine[end - back]]
            if front + back == len(part):
                # "Of oak; pine ..." and "oak, not pine": neighbours are exchanged across a contrast alone.
                if max(front, back) <= 2 and (_CONTRASTS.intersection(between) or {",", "not"} <= set(between)):
                    return True
                continue
            # The items of a list may stand in any order.
            joints = sum(word in (",", "and", "or") for word in between)
            return joints <= end - first - front - back
    return False


def _aligned(said: Reading, stands: Reading) -> tuple[list[int], list[int]]:
    """Places in the quote of the claim's telling words, in the claim's order, and their places in the claim."""
    where = _places(stands)
    order: list[int] = []
    mine: list[int] = []
    last = -1
    for place, (word, same) in enumerate(zip(said.tokens, alike(said), strict=True)):
        places = where.get(same)
        if not places or (word in STOPWORDS and (len(places) > 1 or (word not in _PIVOTS and word not in _SHORT))):
            continue
        # Of a word that stands there twice, the place right behind the one before is meant.
        before = last
        chosen = places[0] if len(places) == 1 else min(places, key=lambda p: (p < before, abs(p - before)))
        if chosen not in order:
            order.append(chosen)
            mine.append(place)
            last = chosen
    return order, mine


def framed(side: Reading) -> Iterator[tuple[str, str, str]]:
    """Each word between the one before it and the one behind it, "" at the ends."""
    return zip(("", *side.tokens), side.tokens, (*side.tokens[1:], ""), strict=False)


@lru_cache(maxsize=8192)
def alike(side: Reading) -> tuple[str, ...]:
    """Each word as it is held against others: its stem; a number in figures."""
    return tuple(
        [str(WORDS[word]) if word in WORDS else term for word, term in zip(side.tokens, side.stemmed, strict=True)]
    )


@lru_cache(maxsize=8192)
def _places(side: Reading) -> Mapping[str, Sequence[int]]:
    """Where each word, as it is held against others, stands."""
    where: dict[str, list[int]] = {}
    for place, (word, same) in enumerate(zip(side.tokens, alike(side), strict=True)):
        if word not in PUNCTUATION:
            where.setdefault(same, []).append(place)
    return where


def kind(side: Reading, place: int) -> str:
    """What may be exchanged with what: words, years, and figures by their unit."""
    word = side.tokens[place]
    if not (word[0].isdigit() or word in WORDS or word in _HALVES):
        return "word"
    if YEAR.fullmatch(word):
        return "year"
    if place and side.tokens[place - 1] in UNITS_BEFORE:
        return side.tokens[place - 1]
    behind = side.tokens[place + 1] if place + 1 < len(side.tokens) else ""
    if not behind:
        return "number"
    if stem(behind) in _TIMES:
        return "time"
    return "%" if behind in ("%", "percent") else stem(behind) if stem(behind) in UNIT_STEMS else "number"


def sides_changed(said: Reading, stands: Reading, pivots: Sequence[str]) -> bool | None:
    """Whether what stands behind "than" (or another pivot) in the claim stands elsewhere in the quote; None where one
    of them has no such word, or where it cannot be told."""
    if said.found.isdisjoint(pivots) or stands.found.isdisjoint(pivots):
        return None
    mine, theirs = _sides(said, pivots), _sides(stands, pivots)
    if mine is None or theirs is None:
        return None
    if mine[1] & (theirs[0] - theirs[1]) and mine[0] & (theirs[1] - theirs[0]):
        return True
    same = len(mine[1] & (theirs[1] - theirs[0]))
    other = len(mine[1] & (theirs[0] - theirs[1]))
    if same == other:
        return None
    # One word alone ("those without the exam") may stand on either side.
    return other > same if same or other > 1 else None


def _sides(side: Reading, pivots: Sequence[str]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The stems outside, and those of the clause behind, the first of the pivots."""
    place = next((at for at, word in enumerate(side.tokens) if word in pivots), None)
    if place is None:
        return None
    behind: set[str] = set()
    outside: set[str] = set()
    open_end = True
    for at, (word, same) in enumerate(zip(side.tokens, alike(side), strict=True)):
        # "Than those who passed" goes on behind "who".
        open_end = open_end and not (at > place and (word in PUNCTUATION or word in _ASIDE))
        if word not in SILENT and at != place:
            inside = at > place and open_end and len(behind) < SIDE
            (behind if inside else outside).add(same)
    return frozenset(outside), frozenset(behind)


def substituted(said: Reading, stands: Reading) -> list[tuple[str, str]]:
    """Words of the claim in the place of a word of the quote, both foreign to the other text: (claim's, quote's).

    The place is the same where FRAME words or more around it are, on both sides of it.
    """
    foreign = [at for at, term in enumerate(said.stemmed) if term not in stands.stems and _worded(said.tokens[at])]
    if not foreign:
        return []
    places = [at for at, term in enumerate(stands.stemmed) if term not in said.stems and _worded(stands.tokens[at])]
    found = []
    for place in foreign:
        word = said.tokens[place]
        for at in places:
            other = stands.tokens[at]
            # A sentence's first and last words have one side only.
            first = place == at == 0
            behind = same_run(said, place, stands, at, 1)
            before = same_run(said, place, stands, at, -1) if behind else 0
            if not behind or not (before or first) or before + behind + first < FRAME or (place == 0) != (at == 0):
                continue
            if stands.stemmed[at] not in synonyms(said.stemmed[place]):
                found.append((word, other))
    return found


def _worded(word: str) -> bool:
    """Whether a word may be put in another's place: no stop word, mark or figure."""
    return word not in SILENT and word[0].isalpha() and word not in WORDS


def borrowed(said: Reading, stands: Reading) -> list[str]:
    """Words of the quote that the claim puts where the quote has another, among words that both have in one order."""
    behind, before = _beside(stands)
    for place, (last, word, following) in enumerate(framed(said)):
        term = said.stemmed[place]
        if term not in stands.stems or not telling(word):
            continue
        for at in (*behind.get(last, ()), *before.get(following, ())):
            other = stands.stemmed[at]
            # "A take-home or similar task" may be shortened.
            if (
                stands.tokens[at] == word
                or other in said.stems
                or term in stands.stemmed[max(0, at - NEAR) : at + NEAR]
                or other in synonyms(term)
            ):
                continue
            first, end = place - same_run(said, place, stands, at, -1), place + 1 + same_run(said, place, stands, at, 1)
            around = said.tokens[first:place] + said.tokens[place + 1 : end]
            if len(around) >= SAME_AROUND and sum(map(telling, around)) >= TELLING_AROUND:
                return [f"the cited words say it of something else than {word}"]
    return []


@lru_cache(maxsize=8192)
def _beside(side: Reading) -> tuple[Mapping[str, Sequence[int]], Mapping[str, Sequence[int]]]:
    """Where telling words stand right behind each word, and where right before it."""
    behind: dict[str, list[int]] = {}
    before: dict[str, list[int]] = {}
    for at, (last, word, following) in enumerate(framed(side)):
        if telling(word):
            behind.setdefault(last, []).append(at)
            before.setdefault(following, []).append(at)
    # Two words that begin, or end, their texts have no word beside them in common.
    behind.pop("", None)
    before.pop("", None)
    return behind, before


def same_run(said: Reading, place: int, stands: Reading, at: int, step: int) -> int:
    """How many words follow both places, one way, as long as they are the same."""
    mine, theirs = said.tokens, stands.tokens
    count, place, at = 0, place + step, at + step
    while 0 <= place < len(mine) and 0 <= at < len(theirs) and mine[place] == theirs[at]:
        count, place, at = count + 1, place + step, at + step
    return count


@lru_cache(maxsize=65_536)
def telling(word: str) -> bool:
    """Whether a word tells something by itself: no stop word, mark, figure or unit."""
    return word not in SILENT and not word[0].isdigit() and stem(word) not in COUNTING
