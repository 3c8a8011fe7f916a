"""Whether a question is in a language that the library speaks; decided by scripts and small words, offline, pure.

A statistical detector takes names and misspellings for other languages in a text as short as a question. Here a
question counts as foreign only where several small words of one other language stand in it and hardly any of the
library's own, or where it is written in a script that the library hardly uses.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from corpus.words import STOPWORDS, fold, words

# Below this share of words that neither the library nor English knows, nothing is looked up.
STRANGE = 0.34
# Different small words of one language that make a question foreign, and the least share of its words that they are.
FEWEST, SMALL_WORDS = 2, 0.25
# A library speaks a language where so many of its small words stand in such a share of the passages, and uses a script
# where such a share of its words is written in it.
SPOKEN_WORDS, SPOKEN_PASSAGES, SPOKEN_SCRIPT = 3, 0.1, 0.05
# Small words that stand in names ("de la Cruz", "Los Angeles") tell nothing.
_IN_NAMES = frozenset("de la le el los las da do dos du des di del van von der den al san ten te".split())


def is_foreign(question: str, vocabulary: Mapping[str, int], passages: int) -> bool:
    """Whether a question is in a language of which the library holds next to nothing.

    `vocabulary` maps the library's folded words to the number of passages that hold each, of `passages` in all.
    """
    said = words(question)
    script = _script(question)
    if script is not None and script != "LATIN":
        return not _writes(vocabulary, script)
    strange = [word for word in said if word not in STOPWORDS and word not in vocabulary]
    if len(strange) < STRANGE * len(said):
        return False
    english = sum(word in STOPWORDS for word in said)
    for language in _languages():
        hits = (language - STOPWORDS - _IN_NAMES).intersection(said)
        if len(hits) >= max(FEWEST, SMALL_WORDS * len(said)) and len(hits) > english - sum(
            word in language for word in said if word in STOPWORDS
        ):
            spoken = sum(vocabulary.get(word, 0) >= SPOKEN_PASSAGES * passages for word in language - STOPWORDS)
            return spoken < SPOKEN_WORDS
    return False


@lru_cache(maxsize=1)
def _languages() -> tuple[frozenset[str], ...]:
    """The small words of each language, folded; longer lists first."""
    table = tomllib.loads((files("corpus") / "languages.toml").read_text(encoding="utf-8"))
    return tuple(frozenset(fold(word) for word in listed.split()) for listed in table.values())


def _script(text: str) -> str | None:
    """The script that most letters are in, as Unicode names it; None without letters."""
    counted = Counter(_script_of(letter) for letter in text[:500] if letter.isalpha())
    return counted.most_common(1)[0][0] if counted else None


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "LATIN").split()[0]


def _writes(vocabulary: Mapping[str, int], script: str) -> bool:
    """Whether the library's words are written in a script to some part."""
    known = sum(_script_of(word[0]) == script for word in vocabulary if word[:1].isalpha())
    return known >= SPOKEN_SCRIPT * max(1, len(vocabulary))
