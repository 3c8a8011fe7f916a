"""Negations: where one of claim and quote denies what the other says; a rule on words, and one on their meaning.

Each negation turns the terms of its clause (`bot.signed`). The claim is refused where what it turns stands unturned in
the quote, or the other way round; words that come near each other as the model reads both (`bot.meaning`) count as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from bot.meaning import nearest, nearest_alone
from bot.numbers import WORDS
from bot.order import substituted
from bot.signals import open_words
from bot.signed import NEGATING, PUNCTUATION, Cue, Reading, reading
from bot.wording import synonyms
from corpus.words import STOPWORDS, stem

# From this cosine on two words are taken to say the same of a negation's scope.
ALIKE = 0.5
# Nearer than this a word comes that is put for another at the same place and says the same.
SAME_PLACE = 0.5
# Both of words alone, which come near each other more rarely.
ALIKE_ALONE = 0.3
# So much of what a negation of the quote turns the claim must speak of.
SPOKEN_OF = 0.6
# What counts a whole or most of it.
MANY = frozenset("most mostly mainly usually majority all every everyone everybody always anyone anybody".split())


def denied(said: Reading, stands: Reading) -> str:
    """Which of the two denies the other in the other's own words: a reason, or "" for none."""
    if _inserted(said, stands) or _unheard(said, stands):
        return "it negates what the cited words state"
    return "the cited words negate it" if _inserted(stands, said) else ""


def misreadings(claim: str, quote: str, alone: bool = False) -> tuple[str, ...]:
    """What speaks against a claim once words near each other, as the model reads both (`bot.meaning`), count as one:
    that one of the two denies what the other says, or that another thing stands in the place of the quote's.

    `alone`: words are held against each other as they are by themselves, and the model reads nothing.
    """
    said, stands = reading(claim), reading(quote)
    read = open_words(claim, quote)
    if said.cues and _negated(said, stands, _near(claim, quote, alone) if read else {}):
        return ("it negates what the cited words state",)
    if stands.cues and _negated(stands, said, _near(quote, claim, alone) if read else {}, covered=SPOKEN_OF):
        return ("the cited words negate it",)
    others = substituted(said, stands) if read else []
    near = {each.word: each.cosine for each in (nearest_alone if alone else nearest)(claim, quote)} if others else {}
    for word, other in others:
        if near.get(word, 1.0) < (ALIKE_ALONE if alone else SAME_PLACE):
            return (f"it has {word} where the cited words have {other}",)
    return ()


def _inserted(said: Reading, stands: Reading) -> bool:
    """Whether the words on both sides of a negation stand side by side in the other text, without it."""
    if said.found.isdisjoint(NEGATING):
        return False
    pairs = stands.pairs
    for before, word, after in zip(said.tokens, said.tokens[1:], said.tokens[2:], strict=False):
        if word not in NEGATING or PUNCTUATION & {before, after}:
            continue
        if (word, after) in pairs and (after not in STOPWORDS or (before, word) in pairs):
            continue
        if before == "if" and any(-1 in signs for signs in stands.signs.values()):
            continue
        if (before, after) in pairs and 1 in stands.signs.get(stem(after), (1,)):
            return True
    # "Few firms" for "most firms": what counts them was changed.
    for place, (word, after) in enumerate(pairwise(said.tokens)):
        if (
            word in ("few", "no")
            and (word, after) not in pairs
            and (not place or said.tokens[place - 1] in PUNCTUATION)
            and any((other, after) in pairs for other in MANY)
        ):
            return True
    return False


def _unheard(said: Reading, stands: Reading) -> bool:
    """Whether the claim denies something and nothing in the quote is negative at all."""
    if any(not cue.narrow for cue in stands.cues) or any(
        item.sign == -1 and not (item.opposite and item.side == -1) for item in stands.items
    ):
        return False
    # "Did not rise" may be said of what fell.
    return any(
        not cue.narrow and not any(said.signs[key] == stands.signs.get(key, frozenset()) for key in cue.scope)
        for cue in said.cues
    )


def _negated(said: Reading, stands: Reading, near: Mapping[str, str], covered: float = 0.0) -> bool:
    """Whether a negation of `said` turns terms that `stands` does not turn.

    `covered`: the share of a negation's terms that the other side must speak of at all, so that a quote may negate
    something that the claim leaves out. `near`: terms of `said` -> those of `stands` that say the same.
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
        theirs = {key: signs for key in weight if len(signs := _signs(key, stands, near)) == 1}
        shared = {key: weight[key] for key in theirs}
        total = sum(weight.values())
        if not shared or sum(shared.values()) < covered * total:
            continue
        if any(said.signs[key] == theirs[key] == {-1} and "<" not in key for key in shared):
            continue  # both negate it
        if "<bound>" in shared and said.signs["<bound>"] & theirs["<bound>"]:
            continue  # "no more than two" is "two at most"
        differ = sum(w for key, w in shared.items() if not (said.signs[key] & theirs[key]))
        if differ <= 0.5 * sum(shared.values()) or (covered and _aside(cue, said, stands)):
            continue
        # A negation that takes another back says no more what the other side denies.
        if all(said.signs[key] == {1} for key in cue.scope) or not _also(cue, said, stands, near):
            return True
    return False


def _signs(key: str, side: Reading, near: Mapping[str, str]) -> frozenset[int]:
    """The signs that a term, or else the words that may be said for it, have in a text."""
    if key in side.signs or key[0] == "<":
        return side.signs.get(key, frozenset())
    said = frozenset[int]().union(*(side.signs[other] for other in synonyms(key) if other in side.signs))
    other = near.get(key)
    if said or other is None:
        return said
    # Of an opposite the word itself is meant, whichever side of its pair it is.
    return side.signs.get(other) or frozenset(
        item.sign * item.side
        for item in side.items
        if item.opposite and item.side and stem(side.tokens[item.place]) == other
    )


def _aside(cue: Cue, quote: Reading, claim: Reading) -> bool:
    """Whether the claim tells a figure that the quote has elsewhere only than in the clause of its negation."""
    told = [word for word in claim.tokens if word[0].isdigit() or word in WORDS]
    places = {quote.clauses[at] for at, word in enumerate(quote.tokens) if word in told}
    return bool(places) and cue.clause not in places


def _also(cue: Cue, said: Reading, stands: Reading, near: Mapping[str, str]) -> bool:
    """Whether the other side denies the same, in another order or shortly: "..., but not for the coast"."""
    mine = {key: said.weights[key] for key in cue.subject | frozenset(cue.scope)}
    if any(-1 in signs for key, signs in stands.signs.items() if key.startswith("<with ")):
        return True
    for other in stands.cues:
        if other.narrow or (other.scope and all(stands.signs[key] == {1} for key in other.scope)):
            continue
        theirs = {key: stands.weights[key] for key in other.subject | frozenset(other.scope)}
        both = sum(w for key, w in mine.items() if key in theirs or near.get(key) in theirs)
        if both and both >= 0.5 * min(sum(mine.values()), sum(theirs.values())):
            return True
    return False


def _near(claim: str, quote: str, alone: bool) -> Mapping[str, str]:
    """Terms of one text -> the term of the other that comes nearest; none where nothing comes near."""
    found: dict[str, str] = {}
    least = ALIKE_ALONE if alone else ALIKE
    for word, cosine, to in (nearest_alone if alone else nearest)(claim, quote):
        if cosine >= least and word not in STOPWORDS and to not in STOPWORDS and word[:1].isalpha():
            found[stem(word)] = stem(to)
    return found
