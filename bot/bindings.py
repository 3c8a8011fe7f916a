"""What a figure belongs to in a sentence: its year, its thing, its place, its bound; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.numbers import WORDS
from bot.order import FRAME, UNITS_BEFORE, YEAR, alike, kind, same_run, telling
from bot.signed import PUNCTUATION, Reading

# How many more telling words must stand around another figure of the quote than around the claim's own there.
CLEARLY = 2
# Tokens on either side that are taken for a figure's own, within its clause.
AROUND = 7
_BOUNDS = frozenset("atmost atleast morethan lessthan".split())
# What makes a plain figure a bound, or one end of a range.
_LIMITS = _BOUNDS | frozenset(
    "maximum minimum limit limited cap capped ceiling between range ranged ranging from to or until by no not nearly "
    "almost upwards reach reaches reached top tops topped pass passed surpass surpassed past within under over above "
    "below highest lowest most least more less fewer further another rose grew fell longer shorter".split()
)


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
        if YEAR.fullmatch(value):
            continue
        around = _around(said, mine)
        own = len(around & _around(stands, theirs))
        for rival, (at, *more) in where.items():
            # "From 40 to 50" and the like speak of one thing.
            if (
                rival == value
                or more
                or stands.clauses[at] == stands.clauses[theirs]
                or YEAR.fullmatch(rival)
                or rival in said.tokens
            ):
                continue
            if kind(stands, at) == kind(stands, theirs) and len(around & _around(stands, at)) >= own + CLEARLY:
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
    runs = [(same_run(said, place, stands, at, -1), same_run(said, place, stands, at, 1)) for at in places]
    return max((before + behind for before, behind in runs if before and behind), default=0)


def bounded(said: Reading, stands: Reading) -> list[str]:
    """Figures that the claim makes a bound ("at most $40") where the quote gives them plainly ("a median of $40")."""
    where = _figures(stands) if not _BOUNDS.isdisjoint(said.found) else {}
    for value, places in _figures(said).items() if where else ():
        for place in places:
            bound = _BOUNDS.intersection(said.tokens[max(0, place - 2) : place])
            # "Over five years" and "within five years" may tell how long something took.
            if not bound or value not in where or kind(said, place) == "time":
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
            return None if YEAR.fullmatch(word) else float(word.replace(",", ""))
        if word not in UNITS_BEFORE and word not in ("about", "around", "some"):
            return None
    return None


@lru_cache(maxsize=8192)
def _figures(side: Reading) -> Mapping[str, Sequence[int]]:
    """The figures of a text, and where they stand."""
    found: dict[str, list[int]] = {}
    for place, (word, same) in enumerate(zip(side.tokens, alike(side), strict=True)):
        if word[0].isdigit() or word in WORDS:
            found.setdefault(same, []).append(place)
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
    return frozenset(word for word in side.found if YEAR.fullmatch(word))


def _around(side: Reading, place: int) -> frozenset[str]:
    """The stems around a figure in its clause."""
    return frozenset(
        side.stemmed[at]
        for at in range(max(0, place - AROUND), min(len(side.tokens), place + AROUND + 1))
        if side.clauses[at] == side.clauses[place] and telling(side.tokens[at])
    )
