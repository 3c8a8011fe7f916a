"""What turns a sentence around without changing many of its words: negation, direction, order, scope and duty; pure.

Claim and quote are read as signed terms (`bot.signed`); the claim contradicts its quote where terms that both have come
with different signs, where two things are exchanged, and where it says more than the quote: all for some, must for may.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.bindings import borrowed, bounded, exchanged, misplaced, sides_changed
from bot.numbers import numbers
from bot.signed import NEGATING, PUNCTUATION, Cue, Item, Reading, literal, reading
from bot.wording import exclusive, opposites_in_place, synonyms
from corpus.words import STOPWORDS, stem

_WHOLE = frozenset("all every everyone everybody always anyone anybody".split())
_MOST = frozenset("most mostly mainly usually majority".split())
# What lets a claim speak of most: the same, more, or a measure of its own.
_MUCH = (
    _MOST
    | _WHOLE
    | frozenset(
        "typical typically common commonly often generally normal normally nearly almost largely mean half majority "
        "best highest largest biggest chief chiefly primary primarily tends tend by % percent each any".split()
    )
)
_ONLY = frozenset(
    "only just alone sole solely exclusively few rarely merely mere unless until except enough so before yet".split()
)
_MUST = frozenset("must shall".split())
_MAY = frozenset("may can might could optional".split())
_TIME = frozenset("second minute hour day week month year time weekday".split())
_EVERY = frozenset("every all each".split())
_FEW = frozenset("few rarely".split())
# What takes something out of a whole.
_LESS = frozenset("except unless but not no only most nearly almost".split())
# From this share of a claim's pairs of words on it is told in the quote's own order, and another order tells.
LITERAL = 0.1
# Below this share no run of words is long enough to be the quote's with one word changed.
BORROWED = 0.15
# How much nearer the words around one of two opposites must be, for the claim to be taken to mean that one.
CLEARLY = 1.15


def contradictions(claim: str, quote: str) -> tuple[str, ...]:
    """Why the claim says the opposite, or more, than the quote: reasons, none where nothing speaks against it."""
    said, stands = reading(claim), reading(quote)
    reasons = []
    if _inserted(said, stands) or _negated(said, stands):
        reasons.append("it negates what the cited words state")
    elif _inserted(stands, said) or _negated(stands, said, covered=0.7):
        reasons.append("the cited words negate it")
    reasons += misplaced(said, stands)
    reasons += bounded(said, stands)
    close = literal(said, stands)
    reasons += borrowed(said, stands) if close >= BORROWED else []
    turned = _turned(said, stands)
    if _replaced(said, stands):
        reasons.append("it has the opposite of a word of the cited words in its place")
    elif turned:
        # "A is higher than B" and "B is lower than A" say the same, and so do "before" and "after".
        if not sides_changed(said, stands, ("before", "after") if turned == "<before>" else ("than",)):
            reasons.append("it turns the direction of the cited words around")
    elif (said.passive == stands.passive and close >= LITERAL and exchanged(said, stands)) or sides_changed(
        said, stands, ("than",)
    ):
        reasons.append("it exchanges what the cited words say of two things")
    reasons += _widened(said, stands)
    reasons += _others(said, stands)
    return tuple(reasons)


def _inserted(said: Reading, stands: Reading) -> bool:
    """Whether the words on both sides of a negation stand side by side in the other text, without it."""
    pairs = stands.pairs
    for before, word, after in zip(said.tokens, said.tokens[1:], said.tokens[2:], strict=False):
        if word not in NEGATING or PUNCTUATION & {before, after}:
            continue
        if (word, after) in pairs and (after not in STOPWORDS or (before, word) in pairs):
            continue
        if (before, after) in pairs:
            return True
    # "Few firms" for "most firms": what counts them was changed.
    for place, (word, after) in enumerate(pairwise(said.tokens)):
        if (
            word in ("few", "no")
            and (word, after) not in pairs
            and (not place or said.tokens[place - 1] in PUNCTUATION)
            and any((other, after) in pairs for other in _MOST | _WHOLE)
        ):
            return True
    return False


def _negated(said: Reading, stands: Reading, covered: float = 0.0) -> bool:
    """Whether a negation of `said` turns terms that `stands` does not turn.

    `covered`: the share of a negation's terms that the other side must speak of at all, so that a quote may negate
    something that the claim leaves out.
    """
    for cue in said.cues:
        if cue.bare:
            if (
                not covered
                and not stands.cues
                and not any("<" not in k and -1 in both for k, both in stands.signs.items())
            ):
                return True
            continue
        weight = {key: said.weights[key] for key in cue.scope}
        theirs = {key: signs for key in weight if len(signs := stands.signs.get(key, frozenset())) == 1}
        shared = {key: weight[key] for key in theirs}
        total = sum(weight.values())
        if not shared or sum(shared.values()) < covered * total:
            continue
        if any(said.signs[key] == theirs[key] == {-1} and "<" not in key for key in shared):
            continue  # both negate it
        differ = sum(w for key, w in shared.items() if not (said.signs[key] & theirs[key]))
        if differ > 0.5 * sum(shared.values()) and not _elliptic(cue, stands):
            return True
    return False


def _elliptic(cue: Cue, stands: Reading) -> bool:
    """Whether the other side says the same shortly: "..., which people cannot", "..., but not for the coast"."""
    for other in stands.cues:
        if other.narrow:
            continue
        subject = other.subject if other.bare else frozenset(other.scope) if len(other.scope) <= 4 else frozenset()
        if not subject:
            continue
        mine = cue.subject if other.bare else frozenset(cue.scope)
        if len(subject & mine) >= 0.5 * len(subject):
            return True
    return False


def _turned(said: Reading, stands: Reading) -> str:
    """The pair of opposites of which the claim has the other side; "" for none."""
    for item in said.items:
        if not item.opposite or item.key not in stands.signs:
            continue
        theirs = stands.signs[item.key]
        if len(theirs) == 2:
            theirs = _nearest(item, said, stands)
        if theirs and item.sign not in theirs:
            # A word of two pairs ("lower") is turned only where both are.
            twins = [o for o in said.items if o.opposite and o.place == item.place and o.key != item.key]
            if not any(other.sign in stands.signs.get(other.key, frozenset()) for other in twins):
                return item.key
    return ""


def _replaced(said: Reading, stands: Reading) -> bool:
    """Whether a word stands between the same words as its opposite in the quote."""
    table = opposites_in_place()
    there = set(zip(("", *stands.tokens), stands.tokens, (*stands.tokens[1:], ""), strict=False))
    for before, word, after in zip(("", *said.tokens), said.tokens, (*said.tokens[1:], ""), strict=False):
        others = table.get(word)
        if others and (before, word, after) not in there and any((before, other, after) in there for other in others):
            return True
    return False


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
            near.setdefault(stem(side.tokens[place]), []).append(place - item.place)
    return near


def _widened(said: Reading, stands: Reading) -> list[str]:
    """Where the claim speaks of all, most or always, or of duty, and the quote does not."""
    reasons = []
    for mine, theirs in (
        (_WHOLE, _WHOLE | {"each", "any", "anyone", "whoever", "universal", "never", "nobody"}),
        ({"only"}, _ONLY),
    ):
        if _quantifies(said.tokens, mine) and not _counts(stands, theirs):
            reasons.append("it speaks of all or only, and the cited words do not")
            break
    if not reasons and _quantifies(said.tokens, _WHOLE) and "except" in stands.tokens and not _LESS & set(said.tokens):
        reasons.append("it leaves out what the cited words except")
    few = _FEW & set(stands.tokens) and any(cue for cue in said.cues)
    if not reasons and not few and _quantifies(said.tokens, _MOST) and not _mostly(stands):
        reasons.append("it speaks of most, and the cited words do not")
    mine_must, theirs_must = _duties(said), _duties(stands)
    for verb, duty in mine_must.items():
        if verb in theirs_must and theirs_must[verb] != duty:
            reasons.append("it makes a duty of what may be, or the other way round")
            break
    return reasons


def _quantifies(tokens: Sequence[str], among: frozenset[str] | set[str]) -> bool:
    for place, word in enumerate(tokens):
        behind = tokens[place + 1] if place + 1 < len(tokens) else ""
        ahead = tokens[place - 1] if place else ""
        if word in among and ahead not in ("at", "not", "of", "nearly", "almost") and behind.rstrip("s") not in _TIME:
            return True
    return False


def _counts(stands: Reading, words: frozenset[str] | set[str]) -> bool:
    """Whether one of the words stands in the quote and counts more than the times ("every year")."""
    return any(
        word in words and not (word in _EVERY and behind.rstrip("s") in _TIME)
        for word, behind in pairwise((*stands.tokens, ""))
    )


def _mostly(stands: Reading) -> bool:
    """Whether the quote speaks of most: in words, or by a share."""
    return not _MUCH.isdisjoint(stands.tokens) or any(
        number.share is not None and number.share > 50 for number in numbers(" ".join(stands.tokens))
    )


def _duties(side: Reading) -> dict[str, bool]:
    """Verb -> whether the text makes it a duty (True) or leaves it open (False); verbs with both are left out."""
    found: dict[str, set[bool]] = {}
    for place, word in enumerate(side.tokens):
        if word in _MUST or word in _MAY:
            for verb in side.tokens[place + 1 : place + 4]:
                if verb not in STOPWORDS and verb not in PUNCTUATION:
                    found.setdefault(stem(verb), set()).add(word in _MUST)
                    break
    return {verb: next(iter(both)) for verb, both in found.items() if len(both) == 1}


def _others(said: Reading, stands: Reading) -> list[str]:
    """Things of the claim for which the quote has another of the same set: another weekday, degree or direction."""
    table = exclusive()
    theirs = {stem(word) for word in stands.tokens}
    sets = {place for word in theirs for place in table.get(word, ())}
    for word in said.tokens:
        term = stem(word)
        if term not in theirs and sets & set(table.get(term, ())) and not (synonyms(term) & theirs):
            return [f"the cited words speak of another than {word}"]
    return []
