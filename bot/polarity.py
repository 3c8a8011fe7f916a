"""What turns a sentence around without changing many of its words: negation, direction, order, scope and duty; pure.

Claim and quote are read as signed terms (`bot.signed`); the claim contradicts its quote where terms that both have come
with different signs, where two things are exchanged, and where it says more than the quote: all for some, must for may.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from bot.amounts import unit_of
from bot.bindings import against_itself, bounded, misplaced
from bot.negation import denied
from bot.numbers import numbers
from bot.order import borrowed, exchanged, framed, sides_changed, substituted
from bot.signed import PUNCTUATION, SILENT, Item, Reading, literal, reading
from bot.wording import exclusive, opposites_in_place, synonyms
from corpus.words import STOPWORDS

_WHOLE = frozenset("all every everyone everybody always anyone anybody".split())
_MOST = frozenset("most mostly mainly usually majority".split())
# What lets a claim speak of most: the same, more, or a measure of its own.
_MUCH = (
    _MOST
    | _WHOLE
    | frozenset(
        "typical typically common commonly often generally normal normally nearly almost largely mean half majority "
        "best highest largest biggest chief chiefly primary primarily tends tend by each any".split()
    )
)
_ALL = _WHOLE | frozenset("each any anyone whoever universal never nobody".split())
_ONLY = frozenset(
    "only just alone sole solely exclusively few rarely merely mere unless until except enough so before yet".split()
)
_SOLE = frozenset({"only"})
# Words between two sides that may be exchanged.
_SIDES = frozenset("than before after".split())
_MUST = frozenset("must shall".split())
_MAY = frozenset("may can might could optional".split())
_TIME = frozenset("second minute hour day week month year time weekday".split())
_EVERY = frozenset("every all each".split())
_FEW = frozenset("few rarely".split())
# What takes something out of a whole.
_LESS = frozenset("except unless but not no only most nearly almost".split())
# From this share of a claim's pairs of words on it is told in the quote's own order, and another order tells.
LITERAL = 0.35
# Below this share a claim is put freely enough for one verb to stand for another.
FREELY = 0.4
# Below this share no run of words is long enough to be the quote's with one word changed.
BORROWED = 0.15
# How much nearer the words around one of two opposites must be, for the claim to be taken to mean that one.
CLEARLY = 1.15


def contradictions(claim: str, quote: str) -> tuple[str, ...]:
    """Why the claim says the opposite, or more, than the quote: reasons, none where nothing speaks against it."""
    said, stands = reading(claim), reading(quote)
    reasons: list[str] = []
    if reason := denied(said, stands):
        reasons.append(reason)
    reasons += misplaced(said, stands)
    reasons += [
        f"it has {word} where the cited words have {other}"
        for word, other in substituted(said, stands)
        if unit_of(word) and unit_of(other) and unit_of(word) != unit_of(other)
    ]
    reasons += bounded(said, stands) + against_itself(said)
    close = literal(said, stands)
    reasons += borrowed(said, stands) if close >= BORROWED else []
    turned = _turned(said, stands)
    if _replaced(said, stands):
        reasons.append("it has the opposite of a word of the cited words in its place")
    elif turned:
        # "A is higher than B" and "B is lower than A" say the same, and so do "before" and "after".
        if not sides_changed(said, stands, ("before", "after") if turned == "<before>" else ("than",)):
            reasons.append("it turns the direction of the cited words around")
    elif (said.passive == stands.passive and close >= LITERAL and exchanged(said, stands)) or any(
        sides_changed(said, stands, (pivot,)) for pivot in _SIDES & said.found & stands.found
    ):
        reasons.append("it exchanges what the cited words say of two things")
    reasons += _widened(said, stands)
    reasons += _others(said, stands)
    return tuple(reasons)


def _turned(said: Reading, stands: Reading) -> str:
    """The pair of opposites of which the claim has the other side; "" for none."""
    for item in said.items:
        if not item.opposite or item.key not in stands.signs:
            continue
        if item.key == "<before>" and not _follows(item, said, stands):
            continue
        theirs = stands.signs[item.key]
        if len(theirs) == 2:
            theirs = _nearest(item, said, stands)
        elif item.key != "<bound>" and all(other.side == item.side for other in stands.items if other.key == item.key):
            continue  # the same word: whether it is negated is judged apart
        if theirs and item.sign not in theirs:
            # A word of two pairs ("lower") is turned only where both are.
            twins = [o for o in said.items if o.opposite and o.place == item.place and o.key != item.key]
            if not any(other.sign in stands.signs.get(other.key, frozenset()) for other in twins):
                return item.key
    return ""


def _follows(item: Item, said: Reading, stands: Reading) -> bool:
    """Whether what stands behind "before" or "after" in the claim stands behind one of them in the quote."""

    def behind(side: Reading, place: int) -> set[str]:
        return {term for word, term in side.words(place + 1, place + 7) if word not in SILENT}

    mine = behind(said, item.place)
    return not mine or any(mine & behind(stands, other.place) for other in stands.items if other.key == item.key)


def _replaced(said: Reading, stands: Reading) -> bool:
    """Whether a word stands between the same words as its opposite in the quote."""
    table = opposites_in_place()
    for before, word, behind in framed(said):
        others = table.get(word)
        if not others or others.isdisjoint(stands.found):
            continue
        there = set(framed(stands))
        if (before, word, behind) not in there and any(
            (before, other, behind) in there and not _apart(word, other, said, stands) for other in others
        ):
            return True
    return False


def _apart(word: str, other: str, said: Reading, stands: Reading) -> bool:
    """Whether the quote has both of two opposites, and the claim's words go on as they do behind the claim's own."""

    def behind(text: Reading, mark: str) -> list[tuple[str, ...]]:
        return [text.tokens[at + 1 : at + 4] for at, token in enumerate(text.tokens) if token == mark]

    own, theirs = behind(stands, word), behind(stands, other)
    return any(mine in own and mine not in theirs for mine in behind(said, word) if len(mine) == 3)


def _nearest(item: Item, said: Reading, stands: Reading) -> frozenset[int]:
    """The sign that an opposite has where the words around it are those of the claim; nothing where that is open."""
    mine = _around(item, said)
    best: dict[int, float] = {}
    for theirs in stands.items:
        if theirs.key != item.key:
            continue
        around = _around(theirs, stands)
        shared = sum(
            _told(word) * max(1 / (2 + abs(near)) / (1 + abs(near - far)) for far in around[word])
            for word, near in ((word, near) for word, places in mine.items() for near in places)
            if word in around
        )
        best[theirs.sign] = max(best.get(theirs.sign, 0), shared)
    high, low = max(best.values()), min(best.values())
    return frozenset(sign for sign, shared in best.items() if shared == high) if high > CLEARLY * low else frozenset()


def _told(word: str) -> float:
    """How much a word tells about which of two places is meant."""
    return 2.0 if word[0].isdigit() else 0.4 if word in STOPWORDS or not word[0].isalpha() else 1.0


def _around(item: Item, side: Reading) -> dict[str, list[int]]:
    """The words near an item, by stem, each with how far before (under 0) or behind it stands."""
    near: dict[str, list[int]] = {}
    for place in range(max(0, item.place - 6), min(len(side.tokens), item.place + 7)):
        if place != item.place and side.tokens[place] not in PUNCTUATION:
            near.setdefault(side.stemmed[place], []).append(place - item.place)
    return near


def _widened(said: Reading, stands: Reading) -> list[str]:
    """Where the claim speaks of all, most or always, or of duty, and the quote does not."""
    reasons = []
    for mine, theirs in ((_WHOLE, _ALL), (_SOLE, _ONLY)):
        # "Without a permit nobody may" is "only with a permit".
        if _quantifies(said, mine) and not _counts(stands, theirs) and not (stands.doubled and "only" in mine):
            reasons.append("it speaks of all or only, and the cited words do not")
            break
    if not reasons and "except" in stands.found and _LESS.isdisjoint(said.found) and _quantifies(said, _WHOLE):
        reasons.append("it leaves out what the cited words except")
    if not reasons and _taken_in(said, stands):
        reasons.append("it leaves out what the cited words except")
    few = said.cues and not _FEW.isdisjoint(stands.found)
    if not reasons and not few and _quantifies(said, _MOST) and not _mostly(stands):
        reasons.append("it speaks of most, and the cited words do not")
    mine_must, theirs_must = _duties(said), _duties(stands)
    for verb, (duty, object_) in mine_must.items():
        if verb not in theirs_must or theirs_must[verb][0] == duty:
            continue
        # In other words, "must finish two years, of which one may be abroad" allows "one may be finished abroad".
        freely = literal(said, stands) < FREELY and not (_MUST if duty else _MAY).isdisjoint(stands.tokens)
        if not freely or object_ == theirs_must[verb][1]:
            reasons.append("it makes a duty of what may be, or the other way round")
            break
    return reasons


def _taken_in(said: Reading, stands: Reading) -> bool:
    """Whether the claim says without any reserve of a thing what the quote excepts it from."""
    if "except" not in stands.found or said.cues or not _LESS.isdisjoint(said.tokens):
        return False
    return any(
        stands.stemmed[at] in said.signs
        for at in (place + 1 + skip for place, word in enumerate(stands.tokens) if word == "except" for skip in (0, 1))
        if at < len(stands.tokens) and stands.tokens[at] not in SILENT
    )


def _quantifies(side: Reading, among: frozenset[str]) -> bool:
    tokens = side.tokens if not side.found.isdisjoint(among) else ()
    for place, word in enumerate(tokens):
        behind = tokens[place + 1] if place + 1 < len(tokens) else ""
        ahead = tokens[place - 1] if place else ""
        if word == "only" and (behind[:1].isdigit() or behind == "a"):
            continue  # "only 4 percent" finds it little
        if word in among and ahead not in ("at", "not", "of", "nearly", "almost") and behind.rstrip("s") not in _TIME:
            return True
    return False


def _counts(stands: Reading, words: frozenset[str]) -> bool:
    """Whether one of the words stands in the quote and counts more than the times ("every year")."""
    return not stands.found.isdisjoint(words) and any(
        word in words and not (word in _EVERY and behind.rstrip("s") in _TIME)
        for word, behind in pairwise((*stands.tokens, ""))
    )


def _mostly(stands: Reading) -> bool:
    """Whether the quote speaks of most: in words, or by a share."""
    return not _MUCH.isdisjoint(stands.tokens) or any(
        (number.value if number.unit == "%" else number.share or 0) > 50 for number in numbers(" ".join(stands.tokens))
    )


@lru_cache(maxsize=8192)
def _duties(side: Reading) -> Mapping[str, tuple[bool, str]]:
    """Verb -> whether the text makes it a duty (True) or leaves it open (False), and the next telling stem behind it;
    verbs with both are left out."""
    found: dict[str, dict[bool, str]] = {}
    for place, word in enumerate(side.tokens) if not side.found.isdisjoint(_MUST | _MAY) else ():
        if word in _MUST or word in _MAY:
            behind = [term for each, term in side.words(place + 1, place + 7) if each not in SILENT]
            if behind and behind[0] in side.stemmed[place + 1 : place + 4]:
                found.setdefault(behind[0], {})[word in _MUST] = behind[1] if len(behind) > 1 else ""
    return {verb: next(iter(both.items())) for verb, both in found.items() if len(both) == 1}


def _others(said: Reading, stands: Reading) -> list[str]:
    """Things of the claim for which the quote has another of the same set: another weekday, degree or direction."""
    table, theirs = exclusive(), stands.stems
    own = [(word, term) for word, term in zip(said.tokens, said.stemmed, strict=True) if term in table]
    own = [each for each in own if each[1] not in theirs]
    sets = {place for word in theirs for place in table.get(word, ())} if own else set()
    for word, term in own:
        if not sets.isdisjoint(table[term]) and synonyms(term).isdisjoint(theirs):
            return [f"the cited words speak of another than {word}"]
    return []
