"""The words of a text as the embedding model reads them: each token's vector depends on the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.embedding import CompiledEmbedder, Embedder, PlainEmbedder


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """`vectors` (tokens, dimension), unit rows; `words` as they are written, and the rows where each begins, rising.

    What lies beyond the model's window is left out.
    """

    words: tuple[str, ...]
    begins: tuple[int, ...]
    vectors: NDArray[np.float32]


class Embeds(Protocol):
    """What turns a question into a vector."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """(dimension,), of unit length."""

    def __hash__(self) -> int: ...


def read_question(embedder: Embeds, text: str) -> tuple[NDArray[np.float32], WordVectors | None]:
    """The vector of a question, as `Embedder.embed_query` gives it, and its words, from one run of the model; None
    where the passages' words are not kept (see `Embedder.embed_passages`)."""
    if not isinstance(embedder, CompiledEmbedder) or not embedder.pooled:
        return embedder.embed_query(text), None
    prompt = len(embedder.query_prompt)
    prepared = embedder.prepared(text, embedder.query_prompt)
    read = embedder.tokenizer.encode(prepared)
    vector, tokens = embedder.forward.both(read.ids)
    word_of = [word if place[0] >= prompt else None for word, place in zip(read.word_ids, read.offsets, strict=True)]
    return vector, _words(prepared, word_of, read.offsets, tokens)


def word_vectors(embedder: Embedder, text: str) -> WordVectors:
    """One run of the model over one text. Raises TypeError for an embedder that keeps its tokens to itself."""
    if isinstance(embedder, CompiledEmbedder):
        text = embedder.prepared(text, "")
        read = embedder.tokenizer.encode(text)
        return _words(text, read.word_ids, read.offsets, embedder.forward.tokens(read.ids))
    if isinstance(embedder, PlainEmbedder):
        text = embedder.prepared(text, "")
        read = embedder.model.tokenizer(text, truncation=True, max_length=embedder.window, return_offsets_mapping=True)
        run = embedder.model.encode(text, output_value="token_embeddings", show_progress_bar=False).cpu().numpy()
        return _words(text, read.word_ids(), read["offset_mapping"], run)
    raise TypeError(f"{type(embedder).__name__} gives no vectors of tokens")


def _words(
    text: str, word_of: Sequence[int | None], places: Sequence[tuple[int, int]], run: NDArray[Any]
) -> WordVectors:
    told = [row for row, word in enumerate(word_of) if word is not None]
    begins = [at for at, row in enumerate(told) if not at or word_of[told[at - 1]] != word_of[row]]
    ends = [*begins[1:], len(told)] if begins else []
    vectors = np.asarray(run[told], np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    return WordVectors(
        words=tuple(text[places[told[at]][0] : places[told[end - 1]][1]] for at, end in zip(begins, ends, strict=True)),
        begins=tuple(begins),
        vectors=vectors / np.maximum(lengths, 1e-9),
    )
