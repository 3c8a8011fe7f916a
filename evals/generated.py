"""Guides and vectors made by chance, for measuring sizes that no collection of guides here has. Seeded, so repeatable.

The words are invented and fall as words of a language do (a few often, most seldom); every vector is a random
direction. Nothing that is measured on them says anything about quality.
"""

from __future__ import annotations

import hashlib
import random
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from corpus.embedding import Embedder, PassageVectors, packed
from corpus.models import Document, Passage, Sentence
from corpus.words import terms

WORDS = 30_000
PASSAGES_A_GUIDE = 17
SENTENCES_A_PASSAGE = 8
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu za bre cli dro flu gra pli sta tre".split()


@lru_cache(maxsize=1)
def _words() -> tuple[list[str], list[float]]:
    """Invented words and the running sum of their weights (Zipf)."""
    words = []
    for number in range(WORDS):
        text, rest = "", number + len(_SYLLABLES)
        while rest:
            rest, place = divmod(rest, len(_SYLLABLES))
            text += _SYLLABLES[place]
        words.append(text)
    return words, list(accumulate(1 / (rank + 3) for rank in range(WORDS)))


def sentence(chance: random.Random) -> str:
    """10 to 20 words."""
    words, weights = _words()
    chosen = [words[bisect(weights, chance.random() * weights[-1])] for _ in range(chance.randint(10, 20))]
    return " ".join(chosen).capitalize() + "."


def guide(number: int) -> tuple[Document, list[Passage]]:
    """Always the same for the same number."""
    chance = random.Random(number)  # noqa: S311 - no secret
    id_, title = f"guide-{number:06d}", sentence(chance)[:40]
    passages: list[Passage] = []
    parts: list[str] = []
    at = 0
    for place in range(PASSAGES_A_GUIDE):
        texts = [sentence(chance) for _ in range(SENTENCES_A_PASSAGE)]
        start, spans = at, []
        for text in texts:
            spans.append(Sentence(at, at + len(text)))
            at += len(text) + 1
        body = " ".join(texts)
        section = (f"Part {place % 5 + 1}",)
        passages.append(Passage(f"{id_}-{place:04d}", id_, title, section, start, at - 1, body, tuple(spans)))
        parts.append(body)
    return Document(id_, title, "\n".join(parts), f"{id_}.md", ()), passages


def guides(passages: int) -> Iterator[tuple[Document, list[Passage]]]:
    """Guides with about so many passages together."""
    return (guide(number) for number in range(max(1, round(passages / PASSAGES_A_GUIDE))))


def markdown(number: int, sentences: Callable[[random.Random], str] = sentence) -> str:
    """A guide as a file, for an ingest that reads it; sections of about one passage each."""
    chance = random.Random(number)  # noqa: S311 - no secret
    lines = ["---", f"title: Guide {number} {sentences(chance)[:40]}", "---", ""]
    for place in range(PASSAGES_A_GUIDE):
        lines += [f"## Part {place + 1}", "", " ".join(sentences(chance) for _ in range(SENTENCES_A_PASSAGE)), ""]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Directions:
    """In the place of an embedder: random directions for passages; for a question the embedder's own vector."""

    embedder: Embedder

    @property
    def name(self) -> str:
        return self.embedder.name

    @property
    def dimension(self) -> int:
        return self.embedder.dimension

    @property
    def window(self) -> int:
        return self.embedder.window

    @property
    def fingerprint(self) -> str:
        return self.embedder.fingerprint

    @property
    def notice(self) -> str:
        return ""

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        if progress:
            progress(len(texts))
        return np.stack([self._unit(text, 1)[0] for text in texts])

    def embed_passages(
        self, passages: Sequence[Passage], progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        if progress:
            progress(len(passages))
        rows = [self._unit(passage.search_text, 1 + len(passage.sentences)) for passage in passages]
        tokens = [packed(self._unit(f"{passage.text} ", len(terms(passage.text)))) for passage in passages]
        return [PassageVectors(*each) for each in zip(rows, tokens, strict=True)]

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self.embedder.embed_query(text)

    def _unit(self, text: str, rows: int) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        vectors = np.random.default_rng(seed).standard_normal((rows, self.dimension), np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
