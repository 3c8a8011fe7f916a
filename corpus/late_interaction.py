"""Which passage holds, for each word of a question, a word that means the same there: late interaction.

A passage's one vector tells what it is about as a whole, BM25 whether it has the very words. Between them lies what
each word means in its sentence, which the model's last layer tells: every word of the question takes the nearest token
of the passage (MaxSim, as in ColBERT, Khattab and Zaharia, SIGIR 2020; here with a model that was not trained for it).
Tokens are kept as the signs of their components, 48 bytes for 384 of them; the question's stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from corpus.word_vectors import WordVectors

# Question's words that are weighed by what they tell; the other half of the score counts all words the same.
BY_WEIGHT = 0.5
# Parts of 1 in which the question's components are counted.
STEPS = 256.0
# Tokens that are unpacked at a time. Unpacked all at once they leave the processor's cache and share the product among
# threads, which takes four times as long.
_AT_A_TIME = 128


def max_sim(
    question: WordVectors, weights: Collection[float], tokens: NDArray[np.uint8], ends: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(passages,), how near the question's words come to the tokens of each, about -1 to 1; 0 for one without tokens.

    `weights`: what each word of the question tells; `tokens` (all passages' tokens, packed), one passage after the
    other, and where each one's end. A word in several tokens is as near as its farthest one.
    """
    near = np.zeros(len(ends), np.float32)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    held = starts < ends
    if not question.words or not held.any():
        return near
    dimension = question.vectors.shape[1]
    # Whole numbers, whose sums are exact in float32: the product is the same in whatever parts it is made.
    asked = np.rint(question.vectors * STEPS)
    # With signs s of +1 and -1 from bits b: q s = 2 q b - sum q.
    cosines = (2.0 * _by_bits(asked, tokens).T - asked.sum(axis=1)[:, None]) / (STEPS * np.sqrt(dimension))
    by_token = np.maximum.reduceat(cosines, starts[held], axis=1)
    by_word = np.minimum.reduceat(by_token, question.begins, axis=0)
    told = np.asarray(list(weights), np.float32)
    told = BY_WEIGHT * told / told.sum() + (1.0 - BY_WEIGHT) / len(told)
    near[held] = told @ by_word
    return near


def _by_bits(asked: NDArray[np.float32], tokens: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(tokens, question's tokens): for each packed token the sum of the question's components where its bit is set."""
    sums = np.empty((len(tokens), len(asked)), np.float32)
    columns = np.ascontiguousarray(asked.T)
    bits = np.empty((_AT_A_TIME, asked.shape[1]), np.float32)
    for at in range(0, len(tokens), _AT_A_TIME):
        part = tokens[at : at + _AT_A_TIME]
        bits[: len(part)] = np.unpackbits(part, axis=-1, count=asked.shape[1])
        np.matmul(bits[: len(part)], columns, out=sums[at : at + len(part)])
    return sums
