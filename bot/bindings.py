"""What belongs to what in a sentence: a figure to its year and its thing, the one who acts to the act; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.amounts import UNIT_STEMS
from bot.numbers import COUNTING, WORDS
from bot.signed import PUNCTUATION, Reading
from bot.wording import synonyms
from corpus.words import STOPWORDS, stem

# Words between two things that are told apart by their order.
_PIVOTS = frozenset("than to from into of by before after while over".split())
_CONTRASTS = frozenset("; but while whereas".split())
_ASIDE = frozenset("but while whereas although though because if unless when where so yet".split())
_HALVES = frozenset("half quarter third".split())
_TIMES = frozenset("second minut hour day week month year".split())
_SHORT = frozenset("first second".split()) | frozenset(WORDS)
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNITS_BEFORE = frozenset("$£€")
# How many more telling words must stand around another figure of the quote than around the claim's own there.
CLEARLY = 2
# Tokens on either side that are taken for a figure's own, within its clause.
AROUND = 7
# So many words around a word must be the quote's own, so many of them telling, for it to stand in another's place.
SAME_AROUND, TELLING_AROUND = 4, 2
NEAR = 4
# So many words around a place of the claim must be those around a place of the quote.
FRAME = 3
# Words that are exchanged together, at most.
LONGEST = 4
_BOUNDS = frozenset("atmost atleast morethan lessthan".split())
# What makes a plain figure a bound, or one end of a range.
_LIMITS = _BOUNDS | frozenset(
    "maximum minimum limit limited cap capped ceiling between range ranged ranging from to or until by no not nearly "
    "almost upwards reach reaches reached top tops topped pass passed surpass surpassed past within under over above "
    "below highest lowest most least more less fewer further another rose grew fell longer shorter".split()
)


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
        for back in range(max(1, front - 1), min(LONGEST, front + 1) + 1):
            if front + back > len(part) or whole[-front:] + whole[back : len(whole) - front] + whole[:back] != part:
                continue
            if _kind(said, mine[first]) != _kind(said, mine[end - back]):
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
    for place, (word, term) in enumerate(zip(said.tokens, said.stemmed, strict=True)):
        places = where.get(str(WORDS[word]) if word in WORDS else term) if word not in PUNCTUATION else None
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


@lru_cache(maxsize=8192)
def _places(side: Reading) -> Mapping[str, Sequence[int]]:
    """Where each word, as it is aligned, stands."""
    where: dict[str, list[int]] = {}
    for place, (word, term) in enumerate(zip(side.tokens, side.stemmed, strict=True)):
        if word not in PUNCTUATION:
            where.setdefault(str(WORDS[word]) if word in WORDS else term, []).append(place)
    return where


def _same(word: str) -> str:
    """A word as it is aligned: its stem; a number in figures."""
    return str(WORDS[word]) if word in WORDS else stem(word)


def _kind(side: Reading, place: int) -> str:
    """What may be exchanged with what: words, years, and figures by their unit."""
    word = side.tokens[place]
    if not (word[0].isdigit() or word in WORDS or word in _HALVES):
        return "word"
    if _YEAR.fullmatch(word):
        return "year"
    if place and side.tokens[place - 1] in _UNITS_BEFORE:
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
    for at, word in enumerate(side.tokens):
        # "Than those who passed" goes on behind "who".
        open_end = open_end and not (at > place and (word in PUNCTUATION or word in _ASIDE))
        if word not in STOPWORDS and word not in PUNCTUATION and at != place:
            inside = at > place and open_end and len(behind) < AROUND
            (behind if inside else outside).add(_same(word))
    return frozenset(outside), frozenset(behind)


def misplaced(said: Reading, stands: Reading) -> list[str]:
    """Figures that the quote gives for another year, or for another thing, than the claim."""
    where, told = _figures(stands), _figures(said)
    if not where or not told:
        return []
    for value, places in told.items():
        if len(places) != 1 or len(where.get(value, ())) != 1:
            continue
        mine, theirs = places[0], where[value][0]
        year, other = _year(said, mine), _year(stands, theirs)
        if year and other and year != other and year in stands.tokens:
            return [f"the cited words give {value} for another year"]
        if _YEAR.fullmatch(value):
            continue
        around = _around(said, mine)
        own = len(around & _around(stands, theirs))
        for rival, (at, *more) in where.items():
            # "From 40 to 50" and the like speak of one thing.
            if (
                rival == value
                or more
                or stands.clauses[at] == stands.clauses[theirs]
                or _YEAR.fullmatch(rival)
                or rival in said.tokens
            ):
                continue
            if _kind(stands, at) == _kind(stands, theirs) and len(around & _around(stands, at)) >= own + CLEARLY:
                return [f"the cited words give {value} for something else"]
    return _framed_otherwise(said, stands)


def _framed_otherwise(said: Reading, stands: Reading) -> list[str]:
    """Figures that stand in a place of the claim where the quote has another figure, which the claim leaves out."""
    where, told = _figures(stands), _figures(said)
    for value, places in told.items():
        there = where.get(value, [])
        # Of "four years here, there nine" the nine stands alone, and the claim must say the years again.
        alone = any(at + 1 == len(stands.tokens) or stands.tokens[at + 1] in PUNCTUATION for at in there)
        if alone or _framed(said, places[0], stands, there) >= FRAME:
            continue
        if any(_framed(said, places[0], stands, at) >= FRAME for other, at in where.items() if other not in told):
            return [f"the cited words have another figure in the place of {value}"]
    return []


def _framed(said: Reading, place: int, stands: Reading, places: Sequence[int]) -> int:
    """How many words around a place of the claim are those around one of the places of the quote, 0 unless on both
    sides of it."""
    runs = [(_same_run(said, place, stands, at, -1), _same_run(said, place, stands, at, 1)) for at in places]
    return max((before + behind for before, behind in runs if before and behind), default=0)


def bounded(said: Reading, stands: Reading) -> list[str]:
    """Figures that the claim makes a bound ("at most $40") where the quote gives them plainly ("a median of $40")."""
    where = _figures(stands) if not _BOUNDS.isdisjoint(said.found) else {}
    for value, places in _figures(said).items() if where else ():
        for place in places:
            bound = _BOUNDS.intersection(said.tokens[max(0, place - 2) : place])
            # "Over five years" and "within five years" may tell how long something took.
            if not bound or value not in where or _kind(said, place) == "time":
                continue
            if all(_LIMITS.isdisjoint(stands.tokens[max(0, at - 5) : at + 5]) for at in where[value]):
                return [f"the cited words give {value} itself, and no bound"]
    return []


def against_itself(said: Reading) -> list[str]:
    """Where a claim lets something fall from less to more, or rise from more to less."""
    tokens = said.tokens
    for place, word in enumerate(tokens) if "from" in said.found else ():
        if word != "from":
            continue
        first = _value(tokens, place + 1)
        to = next((at for at in range(place + 2, min(len(tokens), place + 8)) if tokens[at] == "to"), None)
        second = _value(tokens, to + 1) if to else None
        if first is None or second is None or first == second:
            continue
        signs = {
            item.sign
            for item in said.items
            if item.key == "<rise>" and item.clause == said.clauses[place] and item.place < place + 8
        }
        if signs == {-1 if second > first else 1}:
            return ["it turns the direction of its own figures around"]
    return []


def _value(tokens: Sequence[str], place: int) -> float | None:
    """The figure, no year, at a place or behind its currency."""
    for word in tokens[place : place + 2]:
        if word[0].isdigit():
            return None if _YEAR.fullmatch(word) else float(word.replace(",", ""))
        if word not in _UNITS_BEFORE and word not in ("about", "around", "some"):
            return None
    return None


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
            behind = _same_run(said, place, stands, at, 1)
            before = _same_run(said, place, stands, at, -1) if behind else 0
            if not behind or not (before or first) or before + behind + first < FRAME or (place == 0) != (at == 0):
                continue
            if stands.stemmed[at] not in synonyms(said.stemmed[place]):
                found.append((word, other))
    return found


def _worded(word: str) -> bool:
    """Whether a word may be put in another's place: no stop word, mark or figure."""
    return word not in STOPWORDS and word not in PUNCTUATION and word[0].isalpha() and word not in WORDS


def borrowed(said: Reading, stands: Reading) -> list[str]:
    """Words of the quote that the claim puts where the quote has another, among words that both have in one order."""
    where = _written(stands)
    for place, word in enumerate(said.tokens):
        if said.stemmed[place] not in stands.stems or not _telling(word):
            continue
        beside = [at + 1 for at in where.get(said.tokens[place - 1], ())] if place else []
        if place + 1 < len(said.tokens):
            beside += [at - 1 for at in where.get(said.tokens[place + 1], ()) if at]
        for at in beside:
            if at >= len(stands.tokens) or stands.tokens[at] == word or not _telling(stands.tokens[at]):
                continue
            other, term = stands.stemmed[at], said.stemmed[place]
            # "A take-home or similar task" may be shortened.
            if other in said.stems or term in stands.stemmed[max(0, at - NEAR) : at + NEAR]:
                continue
            if other in synonyms(term):
                continue
            run = _run(said, place, stands, at, -1) + _run(said, place, stands, at, 1)
            if len(run) >= SAME_AROUND and sum(_telling(each) for each in run) >= TELLING_AROUND:
                return [f"the cited words say it of something else than {word}"]
    return []


@lru_cache(maxsize=8192)
def _written(side: Reading) -> Mapping[str, Sequence[int]]:
    """Where each word stands."""
    where: dict[str, list[int]] = {}
    for at, word in enumerate(side.tokens):
        where.setdefault(word, []).append(at)
    return where


def _run(said: Reading, place: int, stands: Reading, at: int, step: int) -> list[str]:
    """The words that follow both places, one way, as long as they are the same."""
    count = _same_run(said, place, stands, at, step)
    run = said.tokens[place - count : place][::-1] if step < 0 else said.tokens[place + 1 : place + 1 + count]
    return list(run)


def _same_run(said: Reading, place: int, stands: Reading, at: int, step: int) -> int:
    """How many words follow both places, one way, as long as they are the same."""
    mine, theirs = said.tokens, stands.tokens
    count, place, at = 0, place + step, at + step
    while 0 <= place < len(mine) and 0 <= at < len(theirs) and mine[place] == theirs[at]:
        count, place, at = count + 1, place + step, at + step
    return count


@lru_cache(maxsize=8192)
def _figures(side: Reading) -> Mapping[str, Sequence[int]]:
    """The figures of a text, and where they stand."""
    found: dict[str, list[int]] = {}
    for place, word in enumerate(side.tokens):
        if word[0].isdigit() or word in WORDS:
            found.setdefault(_same(word), []).append(place)
    return found


def _year(side: Reading, place: int) -> str:
    """The one year in the clause of a figure; "" where there is none, or several."""
    known = _years(side)
    if not known or side.tokens[place] in known:
        return ""
    clause = side.clauses[place]
    years = [word for word, mine in zip(side.tokens, side.clauses, strict=True) if mine == clause and word in known]
    # "In 1990, 40 % ..." tells the year in a clause of its own.
    ahead = [word for word, theirs in zip(side.tokens, side.clauses, strict=True) if theirs == clause - 1]
    if not years and len(ahead) <= 3:
        years = [word for word in ahead if word in known]
    return years[0] if len(years) == 1 else ""


@lru_cache(maxsize=8192)
def _years(side: Reading) -> frozenset[str]:
    return frozenset(word for word in side.found if _YEAR.fullmatch(word))


def _around(side: Reading, place: int) -> frozenset[str]:
    """The stems around a figure in its clause."""
    return frozenset(
        side.stemmed[at]
        for at in range(max(0, place - AROUND), min(len(side.tokens), place + AROUND + 1))
        if side.clauses[at] == side.clauses[place] and _telling(side.tokens[at])
    )


def _telling(word: str) -> bool:
    return word not in STOPWORDS and word not in PUNCTUATION and not word[0].isdigit() and stem(word) not in COUNTING
