"""Other names for what people ask about: read as the library's own name where it knows that one better."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from corpus.words import fold, words


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """(pattern of the other name, the name, the other name), longer ones first so that they win."""
    names = tomllib.loads((files("corpus") / "names.toml").read_text(encoding="utf-8"))["names"]
    pairs = [(other, name) for name, others in names.items() for other in others]
    pairs.sort(key=lambda pair: -len(pair[0]))
    return tuple((re.compile(rf"(?<!\w){re.escape(o)}{_plural(o, n)}(?!\w)", re.IGNORECASE), n, o) for o, n in pairs)


def _plural(other: str, name: str) -> str:
    """The end of a pattern: an s is kept where both names take one ("devs" are "software developers")."""
    return "(?P<plural>s?)" if len(other) > 2 and other[-1] != "s" and name[-1] not in "sy" else "(?P<plural>)"


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word of every name: none of them is a misspelling."""
    return frozenset(word for _, name, other in _table() for word in (*words(name), *words(other)))


@lru_cache(maxsize=4096)
def own_name(other: str) -> str:
    """The name that the table gives for another name, whatever the library says; any other text as it is."""
    folded = fold(other)
    return next((name for _, name, listed in _table() if fold(listed) == folded), other)


def rename(text: str, vocabulary: Mapping[str, int]) -> str:
    """`text` with other names replaced by the library's. `vocabulary` maps folded words to passage counts.

    A name is used only where the library holds each of its words, and more often than the rarest word it replaces.
    """
    for pattern, name, other in _table():
        known = min(vocabulary.get(word, 0) for word in words(name))
        if known and known > min(vocabulary.get(word, 0) for word in words(other)):
            text = pattern.sub(rf"{name}\g<plural>", text)
    return text
