"""A sentence as terms with a sign: a negation turns the terms behind it, and of two opposites one is the other turned.

Spellings that mean one thing are read alike first, so that "not allowed" is "forbidden" and "no more than" "at most".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.wording import opposites, pairs
from corpus.words import STOPWORDS, fold, is_common, stem, weight

# Spellings that mean one thing are written alike before words are cut.
_NUMBER_AHEAD = (
    r"(?=\s*(?:about |around |some |the age of )?(?:[$£€₹]|\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|fifteen|sixteen|twenty|thirty|forty|fifty|sixty|eighty|half|hundred"
    r"|an? (?:third|quarter|hundred|dozen|thousand|million|second|minute|hour|day|week|fortnight|month|year|decade"
    r"|century)))"
)
_ALIKE: tuple[tuple[str, str], ...] = (
    (r"not (?:only|just|merely)", "also"),
    (r"no longer|not any ?(?:more|longer)", "not"),
    (r"cannot yet|can not yet", "can not"),
    (r"not yet", "not"),
    (r"cannot", "can not"),
    (r"unless|except (?:where|when|if)", "if not"),
    (r"(?:lay|lays|laid|laying) off", "dismiss"),
    (r"full time", "fulltime"),
    (r"part time", "parttime"),
    (r"(?:voted?|votes|voting) against", "vote not"),
    (r"(?:decided?|decides|deciding|ruled?|rules) against", "decide not"),
    (r"(?:advis(?:e|es|ed|ing)|recommend(?:s|ed)?|warn(?:s|ed)?) against", "advise not"),
    (
        rf"(?:no(?:body|t|ne| one)?|never)(?: [a-z]+){{0,6}}? (?:more|greater|higher|longer|later) than{_NUMBER_AHEAD}",
        "atmost",
    ),
    (rf"(?:no|not) (?:fewer|less|lower|shorter) than{_NUMBER_AHEAD}", "atleast"),
    (r"at (?:the )?most|(?<!add )(?<!adds )up to|a maximum of|or (?:less|fewer|under)|no more than", "atmost"),
    (r"at (?:the )?least|a minimum of|or (?:more|longer|over|higher)", "atleast"),
    (rf"(?:more|greater|higher|longer|larger) than{_NUMBER_AHEAD}", "morethan"),
    (rf"(?:less|fewer|lower|shorter|smaller) than{_NUMBER_AHEAD}", "lessthan"),
    (rf"(?:over|above|beyond|exceed(?:s|ed|ing)?){_NUMBER_AHEAD}", "morethan"),
    (rf"(?:under|below){_NUMBER_AHEAD}", "lessthan"),
    (rf"within{_NUMBER_AHEAD}", "atmost"),
    (r"(?:not|never) (?:allowed|permitted)|forbid(?:s|den)?|forbade|prohibit(?:s|ed)", "not allow"),
    (
        r"(?:not|never) (?:obliged|required|forced|compelled|bound|necessary|compulsory) to"
        r"|(?:does|do|did|need) not have to|without having to",
        "optional",
    ),
    # "Not as cheap as" is less cheap, "cheaper than" more cheap.
    (r"not (?:as|so)(?= \w+ as\b)", "less"),
    (r"(?:need(?:s)?|do|does|did) not (?:need|have)? ?to\b|need(?:s)? not", "optional"),
    (r"unnecessary|not mandatory", "optional"),
    (r"unusual|uncommon|infrequent(?:ly)?", "rarely"),
    (r"(?:hardly|barely|scarcely) (?:any(?:one|body)?|ever)|hardly|rarely|seldom|scarcely", "rarely"),
    (r"(?:nobody|no one|none|nothing) (?:but|except|other than)", "only"),
    (r"free of charge|for free|costs? nothing|at no cost", "free"),
    (r"no one", "nobody"),
    (r"fail(?:s|ed)? to|unable to", "not"),
    (r"up (?:from|by)", "increase"),
    (r"down (?:from|by|to)", "decrease"),
    (r"(?:only )?a (?:small|tiny) (?:number|share|part|minority|fraction) of", "few"),
    (r"a few", "several"),
    (r"a little", "somewhat"),
    (r"rather than|instead of", "notthe"),
    (r"unlike", "while"),
    (r"except(?: for| on| in)?|apart from|with the exception of|excluding", "except"),
    (r"(?:has|have|had) to|obliged to|required to|need(?:s|ed)? to", "must"),
    (r"(?:is|are|was|were) (?:allowed|permitted|free) to", "may"),
    (r"as (?:often|much|long|many) as (?:one|you|they) (?:likes?|wish(?:es)?|wants?)", "unlimited"),
)  # fmt: skip
# Found without a group for each and by the sign before it, which is much quicker, and told apart where one is found.
_ALIKE_ANY = re.compile("[^a-z](?:" + "|".join(said for said, _ in _ALIKE) + ")(?![a-z])")
_ALIKE_ONE = re.compile(
    "[^a-z](?:" + "|".join(rf"(?P<a{i}>{said})" for i, (said, _) in enumerate(_ALIKE)) + ")(?![a-z])"
)
# "You cannot start without a permit" is "you must start with a permit", in either order.
_DENIED = r"(?:can ?not|may not|must not|will not|do not|does not|nobody can|no one can)"
_DOUBLE = re.compile(rf"\b{_DENIED}\b((?: [a-z']+){{1,9}}?) without\b")
_DOUBLE_AHEAD = re.compile(rf"\bwithout\b((?: [a-z']+){{1,7}}?),? ((?:[a-z']+ ){{1,3}}?){_DENIED}\b")
_DOUBLED = re.compile(f"{_DOUBLE.pattern}|{_DOUBLE_AHEAD.pattern}")
_CONTRACTED = re.compile(r"(?<=[a-z])n't\b")
NEGATING = frozenset("not no never neither nor nobody none nothing rarely few little".split())
# These turn only what stands right behind them.
_WITH = {"with": 1, "without": -1}
_NARROW = {"notthe": 2, "lack": 2, "lacks": 2, "lacked": 2, "lacking": 2}
_TURNS = frozenset(
    "but while whereas although though because unless except yet if when where which who that so".split()
)
_TOKEN = re.compile(r"[;:,.!?()—–%$£€]|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*(?:\+\+|#)?|[^\W_]+")
PUNCTUATION = frozenset(";:,.!?()—–")
# What tells nothing by itself.
SILENT = STOPWORDS | PUNCTUATION
_BREAKS = PUNCTUATION | _TURNS
# Words that say how the words behind them are to be taken.
_STEERING = NEGATING | _NARROW.keys() | _WITH.keys() | {"except"}
# Pairs of opposites that a negation leaves as they are: "not ... by most".
_UNTURNED = frozenset(("<most>", "<best>"))
# The signs of a term; shared, since there are hardly any others.
_SIGNS = {1: frozenset({1}), -1: frozenset({-1})}
_BOTH = frozenset({1, -1})
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b[^.;]{0,60}\bby\b")


class Item(NamedTuple):
    """One telling term: `key` (its stem, or the pair of opposites that it belongs to), its sign and its place."""

    key: str
    sign: int
    place: int
    clause: int
    opposite: bool
    side: int = 0  # of an opposite: the sign that it would have without any negation


class Cue(NamedTuple):
    """A negation: the terms that it turns, and the terms before it in its clause."""

    scope: tuple[str, ...]
    subject: frozenset[str]
    bare: bool  # nothing but its own end stands behind it ("those who work do not")
    narrow: bool = False
    clause: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Equal to itself alone, so that what is worked out of one can be remembered by it."""

    tokens: tuple[str, ...]
    found: frozenset[str]  # the tokens as a set
    stemmed: tuple[str, ...]  # of each token
    stems: frozenset[str]
    clauses: tuple[int, ...]  # of each token
    items: tuple[Item, ...]
    cues: tuple[Cue, ...]
    signs: Mapping[str, frozenset[int]]
    weights: Mapping[str, float]  # none where there is no negation
    passive: bool
    pairs: frozenset[tuple[str, str]]  # neighbouring tokens
    doubled: bool = False  # "without ... not" was read as "only with"

    def words(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """The tokens from one place up to another, each with its stem."""
        return zip(self.tokens[start:end], self.stemmed[start:end], strict=True)


@lru_cache(maxsize=8192)
def reading(text: str) -> Reading:
    """A text as signed terms, with its negations."""
    plain = fold(text).replace("-", " ")
    if "n't" in plain:
        plain = _CONTRACTED.sub(" not", plain)
    doubled = "without" in plain and _DOUBLED.search(plain) is not None
    if doubled:
        plain = _DOUBLE_AHEAD.sub(r"with\1 \2must", _DOUBLE.sub(r"must\1 with", plain))
    plain = _ALIKE_ANY.sub(_alike, f" {plain}")
    tokens = tuple(_TOKEN.findall(plain))
    items: list[Item] = []
    cues: list[Cue] = []
    clauses: list[int] = []
    for clause, (start, end, after) in enumerate(_clauses(tokens)):
        if end > start:
            _read_clause(tokens[start:end], start, clause, items, cues)
        clauses += [clause] * (after - start)
    signs: dict[str, frozenset[int]] = {}
    for item in items:
        mine = _SIGNS[item.sign]
        if signs.setdefault(item.key, mine) is not mine:
            signs[item.key] = _BOTH
    stemmed = tuple(map(stem, tokens))
    return Reading(
        tokens=tokens,
        found=frozenset(tokens),
        stemmed=stemmed,
        stems=frozenset(stemmed),
        clauses=tuple(clauses),
        items=tuple(items),
        cues=tuple(cues),
        signs=signs,
        weights={key: weight(key) for key in signs} if cues else {},
        passive=" by" in plain and _PASSIVE.search(plain) is not None,
        pairs=frozenset(pairwise(tokens)),
        doubled=doubled,
    )


def _alike(match: re.Match[str]) -> str:
    which = _ALIKE_ONE.match(match.string, match.start())
    return match[0][0] + _ALIKE[int(((which and which.lastgroup) or "a0")[1:])][1]


def _clauses(tokens: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Where each clause begins and ends, and where the next begins, behind a mark between them."""
    start = 0
    for at, token in enumerate(tokens):
        if token in _BREAKS:
            if token in PUNCTUATION:
                yield start, at, at + 1
                start = at + 1
            elif at > start:
                yield start, at, at
                start = at
    if start < len(tokens):
        yield start, len(tokens), len(tokens)


def _read_clause(tokens: Sequence[str], at: int, clause: int, items: list[Item], cues: list[Cue]) -> None:
    """Add the signed terms and the negations of one clause, the first word of which is the text's `at`th."""
    open_cue, left, accompanied = False, 0, 0
    scopes: list[tuple[int, list[str], bool]] = []
    mine: list[Item] = []
    for place, word in enumerate(tokens, at):
        if word in _STEERING:
            if word in _WITH:
                accompanied = _WITH[word]
            elif word == "except":
                left = 1  # what is taken out is turned, and nothing is denied
            elif word in _NARROW:
                scopes.append((place, [], True))
                left = _NARROW[word]
            # "Neither A nor B" denies once, and "no younger player" is the youngest.
            elif not (word == "nor" and open_cue) and not _outdone(word, tokens[place - at + 1 : place - at + 6]):
                scopes.append((place, [], False))
                # "Nobody can not": a second "not" takes the first back.
                open_cue = not open_cue if word in ("not", "rarely") else True
            continue
        terms = _terms(word)
        if not terms:
            continue
        turned = (-1 if open_cue else 1) * (-1 if left else 1)
        told = []
        for key, side, opposite in terms:
            sign = side if key in _UNTURNED else side * turned
            if accompanied and not opposite:
                # "With a permit" and "without a permit" exclude each other; what either says of more is open.
                mine.append(Item(f"<with {key}>", accompanied, place, clause, True))
                sign, accompanied = (sign if accompanied > 0 else -1), 0
            told.append(Item(key, sign, place, clause, opposite, side if opposite else 0))
        mine += told
        if scopes and (left or not scopes[-1][2]):
            scopes[-1][1].extend([item.key for item in told])
        if left:
            left -= 1
    for place, scope, narrow in scopes:
        before = frozenset([item.key for item in mine if item.place < place])
        cues.append(Cue(tuple(scope), before, bare=not scope, narrow=narrow, clause=clause))
    items += mine


@lru_cache(maxsize=65_536)
def _terms(word: str) -> tuple[tuple[str, int, bool], ...]:
    """What a word tells: its stem, or the pairs of opposites that it belongs to, each with the sign that it has without
    any negation, and whether it is such a pair. "Unpaid" is "paid", turned; "under" is no such word."""
    if both := opposites().get(word):
        return tuple((key, side, True) for key, side in both)
    if word in STOPWORDS or word.isdigit():
        return ()
    if word.startswith("un") and len(word) > 5 and is_common(word[2:]):
        return ((stem(word[2:]), -1, False),)
    return ((stem(word), 1, False),)


def _outdone(word: str, behind: Sequence[str]) -> bool:
    """Whether a comparison is denied: "no younger player" is the youngest, "never so many" more than ever."""
    if word not in ("no", "never"):
        return False
    measures = ("as", "more", "less", "fewer") if word == "no" else ("so", "as")
    return any(each in measures or (word == "no" and each.endswith("er") and each in opposites()) for each in behind)


def literal(said: Reading, stands: Reading) -> float:
    """The share, 0 to 1, of the claim's neighbouring words that are neighbours in the quote."""
    mine = [pair in stands.pairs for pair in pairwise(said.tokens) if PUNCTUATION.isdisjoint(pair)]
    return sum(mine) / len(mine) if mine else 0.0


def judged(term: str, quote: Reading) -> bool:
    """Whether a stem has an opposite in the quote, so that its sign is judged rather than its being there."""
    return any(key in quote.signs for key in pairs().get(term, ()))
