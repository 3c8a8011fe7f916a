"""Other names for what people ask about: read as the library's own name where it knows that one better."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.words import STOPWORDS, fold, stem, words

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Other:
    """Another name, the name it stands for, and the words of both.

    `folded`: the other name without case and accents; `everyday`: whether it is one of `occupations.toml`."""

    name: str
    other: str
    folded: str
    name_words: tuple[str, ...]
    other_words: tuple[str, ...]
    everyday: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds it, in the plural too."""
        return _pattern(self.other, self.name)


@lru_cache(maxsize=1024)
def _pattern(other: str, name: str) -> re.Pattern[str]:
    # Made for the few that may stand in a text: all of them together take a tenth of a second.
    return re.compile(rf"(?<!\w){re.escape(other)}{_plural(other, name)}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _table() -> tuple[_Other, ...]:
    """Every other name, longer ones first so that they win."""
    pairs = [
        (other, name, table == "occupations")
        for file, table in (("names.toml", "names"), ("occupations.toml", "occupations"))
        for name, others in tomllib.loads((files("corpus") / file).read_text(encoding="utf-8"))[table].items()
        for other in others
    ]
    pairs += [
        (f"{each[0][:-3]}men", f"{each[1].removesuffix('s')}s", each[2]) for each in pairs if each[0][-3:] == "man"
    ]
    pairs.sort(key=lambda pair: -len(pair[0]))
    return tuple(
        _Other(name, other, fold(other), tuple(words(name)), tuple(words(other)), everyday)
        for other, name, everyday in pairs
    )


def _plural(other: str, name: str) -> str:
    """The end of a pattern: an s is kept where both names take one ("devs" are "software developers")."""
    if name[-1] in "sy" and len(other) > 1 and other[-1] != "s":
        return "(?P<plural>)s?"
    return "(?P<plural>s?)" if len(other) > 1 and other[-1] != "s" and name[-1] not in "sy" else "(?P<plural>)"


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word of every name: none of them is a misspelling."""
    return frozenset(word for each in _table() for word in (*each.name_words, *each.other_words))


@lru_cache(maxsize=4096)
def own_name(other: str) -> str:
    """The name that the table gives for another name, whatever the library says; any other text as it is."""
    return _by_other().get(fold(other), other)


@lru_cache(maxsize=1)
def _by_other() -> Mapping[str, str]:
    """Folded other name -> the name that it stands for, the first of the table where there are several."""
    return {each.folded: each.name for each in reversed(_table())}


def rename(text: str, vocabulary: Mapping[str, int], has_page: Callable[[Stems], bool] = lambda _: False) -> str:
    """`text` with other names replaced by the library's. `vocabulary` maps folded words to passage counts; `has_page`
    tells of a job's name, as stems in order, whether the library has a page on it.

    A name that has a page comes first, everyday names of jobs before those of the trade ("coder"). Any other is used
    only where the library holds each of its words, and more often than the rarest word it replaces. What has a page of
    its own, or is a longer name all of whose words stand in the library, is not replaced.
    """
    # Looking for words is much cheaper than for patterns.
    near = _near(fold(text))
    for each in sorted(near, key=lambda each: (-len(each.other), not each.everyday)):
        if _stands(each, text) and has_page(_stems(each.name_words)) and not has_page(_stems(each.other_words)):
            text = _put(each, text)
    for each in near:
        if not _stands(each, text) or _paged(each.other, has_page) or has_page(_stems(each.other_words)):
            continue
        known, other = _known(each.name_words, vocabulary), _known(each.other_words, vocabulary)
        if other and set(each.name_words) < set(each.other_words):
            # What the library calls by the longer name ("land surveyors") is not made less of.
            continue
        if known > other:
            text = _put(each, text)
    return text


def _put(each: _Other, text: str) -> str:
    """A text with the library's name in the place of another, and the article that goes with it."""
    article = "an" if each.name[0].lower() in "aeiou" else "a"
    text = each.pattern.sub(rf"{each.name}\g<plural>", text)
    return re.sub(rf"\b(a)n?(\s+){re.escape(each.name)}\b", rf"{article}\2{each.name}", text, flags=re.IGNORECASE)


@lru_cache(maxsize=16)  # one answer reads the same question several times
def _near(folded: str) -> tuple[_Other, ...]:
    """The other names that may stand in a folded text, longer ones first."""
    return tuple(each for each in _table() if each.folded in folded)


def _stands(each: _Other, text: str) -> bool:
    """Whether another name stands in a text. Some names have the other inside ("technical writers"): read once, they
    stay as they are."""
    if each.pattern.search(each.name) and fold(each.name) in fold(text):
        return False
    return each.pattern.search(text) is not None


def _paged(other: str, has_page: Callable[[Stems], bool]) -> bool:
    """Whether one of the names that another name stands for has a page: that one is meant then."""
    return any(each.other == other and has_page(_stems(each.name_words)) for each in _table())


@lru_cache(maxsize=4096)
def _stems(name: tuple[str, ...]) -> Stems:
    return tuple(stem(word) for word in name if word not in STOPWORDS)


def _known(name: tuple[str, ...], vocabulary: Mapping[str, int]) -> int:
    """In how many passages the rarest word of a name stands, in the singular or the plural."""
    return min(vocabulary.get(word, 0) + vocabulary.get(f"{word}s", 0) for word in name)
