"""Words with the vectors that an embedding model begins with, before it has read them beside others: no run is needed.

They are the model's table of tokens, normalised as its first step does it, less the mean of the table. Rows are taken
from the model's own file as they are asked for, so that nothing is kept in memory or on disk beside it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import EmbeddingError

# Rows between two that the mean is taken of, and the first of them: before it stand signs and letters.
_APART, _FIRST = 16, 1996
# Places of a text whose vectors are taken for a word that stands anywhere.
_PLACES = slice(1, 20)
_EPSILON = 1e-12  # of the normalisation, as in BERT
_LONGEST = 100  # letters of a word that are looked up
_KEPT = 8192  # words whose vectors are remembered, 1.5 KB each


@dataclass(frozen=True, slots=True, eq=False)
class LoneWords:
    """`rows`: token -> its row of `table`, (tokens, dimension); `beside` is added to each row before it is normalised,
    `gain`, `bias` and `mean` behind it, all (dimension,)."""

    rows: Mapping[str, int]
    table: NDArray[np.float32]
    beside: NDArray[np.float32]
    gain: NDArray[np.float32]
    bias: NDArray[np.float32]
    mean: NDArray[np.float32]
    known: dict[str, NDArray[np.float32]] = field(default_factory=dict, repr=False)  # vectors given before

    def vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """(words, dimension), unit rows, of folded words, none empty; of one in several tokens, of their mean."""
        if not words:
            return np.zeros((0, self.table.shape[1]), np.float32)
        found = {word: known for word in words if (known := self.known.get(word)) is not None}
        if new := [word for word in dict.fromkeys(words) if word not in found]:
            made = dict(zip(new, self._vectors(new), strict=True))
            if len(self.known) + len(made) > _KEPT:
                self.known.clear()
            self.known.update(made)
            found |= made
        return np.array([found[word] for word in words])

    def _vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        tokens = [self._tokens(word) for word in words]
        read = self._normalised([row for each in tokens for row in each])
        read -= self.mean
        if len(read) > len(words):
            begins = [0, *accumulate(len(each) for each in tokens[:-1])]
            read = np.add.reduceat(read, begins, axis=0)
        read /= np.maximum(np.sqrt(np.einsum("ij,ij->i", read, read)), 1e-9)[:, None]
        return read

    def _normalised(self, rows: Sequence[int]) -> NDArray[np.float32]:
        values = self.table[rows] + self.beside
        values -= values.mean(axis=1, keepdims=True)
        values /= np.sqrt(np.einsum("ij,ij->i", values, values) / values.shape[1] + _EPSILON)[:, None]
        values *= self.gain
        values += self.bias
        return values

    def _tokens(self, word: str) -> list[int]:
        """Rows of the longest tokens, one behind the other, that make up a word (WordPiece)."""
        whole = self.rows.get(word)
        if whole is not None:
            return [whole]
        found, at, word = [], 0, word[:_LONGEST]
        while at < len(word):
            mark = "##" if at else ""
            end = next((end for end in range(len(word), at, -1) if mark + word[at:end] in self.rows), at)
            if end == at:
                return [self.rows["[UNK]"]]
            found.append(self.rows[mark + word[at:end]])
            at = end
        return found


@lru_cache(maxsize=4)
def lone_words(folder: Path) -> LoneWords:
    """Of a BERT model, in the folder of its `vocab.txt` and `model.safetensors`. Raises EmbeddingError."""
    try:
        pieces = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        tensors = _tensors(folder / "model.safetensors")
        table, places, kinds, gain, bias = (
            tensors[f"embeddings.{name}"]
            for name in (
                "word_embeddings.weight",
                "position_embeddings.weight",
                "token_type_embeddings.weight",
                "LayerNorm.weight",
                "LayerNorm.bias",
            )
        )
    except (OSError, ValueError, LookupError, struct.error) as error:
        raise EmbeddingError(f"The words of the embedding model in {folder} cannot be read: {error}.") from error
    rows = {piece: row for row, piece in enumerate(pieces) if piece}
    beside = np.asarray(places[_PLACES].mean(axis=0) + kinds[0], np.float32)
    plain = LoneWords(rows, table, beside, np.array(gain), np.array(bias), np.zeros_like(beside))
    mean = plain._normalised(range(_FIRST, len(table), _APART)).mean(axis=0)
    return LoneWords(rows, table, beside, plain.gain, plain.bias, mean)


def _tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Name -> values, of the float32 tensors of a safetensors file; read from disk where they are looked at."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        told = json.loads(file.read(length))
    whole = np.memmap(path, np.uint8, mode="r", offset=8 + length)
    found = {}
    for name, each in told.items():
        if name != "__metadata__" and each["dtype"] == "F32":
            start, end = each["data_offsets"]
            found[name] = np.asarray(whole[start:end]).view(np.float32).reshape(each["shape"])
    return found
