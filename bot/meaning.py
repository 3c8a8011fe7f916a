"""How near each word of a claim comes to a word of its quote, as the embedding model reads both in their sentences.

Each word of the claim is held against all words of the quote and takes the nearest (greedy matching by cosine of
contextual token vectors: BERTScore, Zhang et al., ICLR 2020). A word that says otherwise what the quote says comes
near one of its words; one that says something more comes near none. Whatever model the library is embedded with, the
bundled one reads here, since the weights of the check were fitted to it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from corpus.embedding import Embedder
from corpus.lone_words import LoneWords, lone_words
from corpus.model_cache import open_embedder
from corpus.model_source import locate
from corpus.settings import DEFAULT_EMBEDDER, Settings
from corpus.word_vectors import WordVectors, word_vectors
from corpus.words import STOPWORDS, fold, spoken


class Near(NamedTuple):
    """A word of a claim, folded; its cosine, -1 to 1, to the nearest word of the quote; and that word, folded."""

    word: str
    cosine: float
    to: str


@lru_cache(maxsize=256)
def nearest(claim: str, quote: str) -> tuple[Near, ...]:
    """The words of a claim in order, each with the word of the quote that it comes nearest to.

    A word in several tokens is as near as its farthest one. What lies beyond the model's window (256 tokens) is left
    out. Raises EmbeddingError where the bundled model cannot be opened.
    """
    said, stands = _read(claim), _read(quote)
    if not said.words or not stands.words:
        return ()
    likeness = said.vectors @ stands.vectors.T
    near = np.minimum.reduceat(likeness.max(axis=1), said.begins).tolist()
    places = np.searchsorted(stands.begins, likeness[said.begins, :].argmax(axis=1), side="right") - 1
    return tuple(
        Near(fold(word), each, fold(stands.words[place]))
        for word, each, place in zip(said.words, near, places.tolist(), strict=True)
    )


@lru_cache(maxsize=256)
def nearest_alone(claim: str, quote: str) -> tuple[Near, ...]:
    """The telling words of a claim in order, once each, with the telling word of the quote that it comes nearest to, as
    the model knows them before it has read them in their sentences (`corpus.lone_words`): no run, a rougher judgement.

    Raises EmbeddingError where the bundled model's file cannot be read.
    """
    said = [word for word in dict.fromkeys(spoken(claim)) if word[0].isalpha() and word not in STOPWORDS]
    stands = [word for word in dict.fromkeys(spoken(quote)) if word[0].isalpha()]
    if not said or not stands:
        return ()
    vectors = _bundled_words().vectors([*said, *stands])
    likeness = vectors[: len(said)] @ vectors[len(said) :].T
    places, cosines = likeness.argmax(axis=1).tolist(), likeness.max(axis=1).tolist()
    return tuple(Near(word, each, stands[at]) for word, each, at in zip(said, cosines, places, strict=True))


@lru_cache(maxsize=1)
def _bundled_words() -> LoneWords:
    return lone_words(locate(DEFAULT_EMBEDDER).folder)


@lru_cache(maxsize=256)
def _read(text: str) -> WordVectors:
    """Remembered, since a quote is held against many claims, and a claim against many quotes."""
    return word_vectors(_bundled(), text)


@lru_cache(maxsize=1)
def _bundled() -> Embedder:
    return open_embedder(replace(Settings.read(), embedder=DEFAULT_EMBEDDER, precision="int8"))
