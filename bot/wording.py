"""The words of `bot/wording.toml`, by stem: what may be said for what, and what excludes what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from corpus.words import stem


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    """The tables of `bot/wording.toml`."""
    return tomllib.loads((files("bot") / "wording.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def opposites() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Word -> the pairs that it belongs to, each with its side."""
    sides: dict[str, list[tuple[str, int]]] = {}
    for pair in _table()["opposites"]:
        for name, sign in (("a", 1), ("b", -1)):
            for word in pair[name].split():
                sides.setdefault(word, []).append((f"<{pair['name']}>", sign))
    return {word: tuple(pairs) for word, pairs in sides.items()}


@lru_cache(maxsize=1)
def _synonyms() -> Mapping[str, frozenset[str]]:
    """Stem -> the stems that may be said for it, itself and its other forms included."""
    forms: dict[str, set[str]] = {}
    for line in _table()["forms"]:
        mine = {stem(word) for word in line.split()}
        for each in mine:
            forms.setdefault(each, {each}).update(mine)
    groups = {each: set(mine) for each, mine in forms.items()}
    for line in _table()["synonyms"]:
        stems = {form for word in line.split() for form in forms.get(stem(word), {stem(word)})}
        for each in stems:
            groups.setdefault(each, set()).update(stems)
    return {each: frozenset(group) for each, group in groups.items()}


def synonyms(term: str) -> frozenset[str]:
    """The stems that may be said for a stem, itself included."""
    return _synonyms().get(term) or frozenset((term,))


@lru_cache(maxsize=1)
def demonyms() -> Mapping[str, frozenset[str]]:
    """Stem of a country's or its people's name -> the stems of both."""
    groups = [frozenset(stem(word) for word in line.split()) for line in _table()["demonyms"]]
    return {each: group for group in groups for each in group}


@lru_cache(maxsize=1)
def light() -> frozenset[str]:
    """Stems that carry nothing which could be true or false."""
    return frozenset(stem(word) for word in str(_table()["light"]).split())


@lru_cache(maxsize=1)
def exclusive() -> Mapping[str, tuple[int, ...]]:
    """Word -> the sets of things that exclude each other."""
    sets: dict[str, list[int]] = {}
    for place, line in enumerate(_table()["exclusive"]):
        for word in line.split():
            sets.setdefault(stem(word), []).append(place)
    return {word: tuple(places) for word, places in sets.items()}


@lru_cache(maxsize=1)
def pairs() -> Mapping[str, frozenset[str]]:
    """Stem -> the pairs of opposites that it belongs to."""
    found: dict[str, set[str]] = {}
    for word, both in opposites().items():
        found.setdefault(stem(word), set()).update(key for key, _ in both)
    return {term: frozenset(keys) for term, keys in found.items()}


@lru_cache(maxsize=1)
def opposites_in_place() -> Mapping[str, frozenset[str]]:
    """Word -> its opposites of many meanings, which count at the same place of a sentence only."""
    found: dict[str, set[str]] = {}
    for line in _table()["opposites_in_place"]:
        one, other = line.split()
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}
