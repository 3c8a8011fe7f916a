"""The vectors of a store's passages: what the model makes of each is kept by text and model, and made once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from corpus.embedding import PASSAGES_A_SLICE, Embedder, PassageVectors
from corpus.index_writer import Progress
from corpus.models import Passage
from corpus.store import Store


class KeptVectors:
    """Those of one store by one model. Documents are named by their ids."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def lacking(self, documents: Sequence[str]) -> int:
        """How many texts of passages of these documents have no vectors yet."""
        return len(self._texts(documents)[1])

    def make(self, documents: Sequence[str], progress: Progress) -> int:
        """Vectors for the passages of these documents that have none, kept slice by slice; how many passages.

        Where the documents are all that answer, vectors that are no longer used may go.
        """
        used, left = self._texts(documents)
        total, done = len(left), 0
        waiting: dict[bytes, Passage] = {}

        def flush() -> None:
            nonlocal done
            vectors = self._embedded(list(waiting.values()), lambda n: progress("embedding", done + n, total))
            self._store.keep_vectors(list(waiting), vectors, self._embedder.fingerprint)
            done += len(waiting)
            waiting.clear()

        for _, passages in self._store.documents(documents) if left else ():
            for passage in passages:
                digest = _digest(passage)
                if digest in left:
                    left.discard(digest)
                    waiting[digest] = passage
            if len(waiting) >= PASSAGES_A_SLICE:
                flush()
        if waiting:
            flush()
        if len(documents) == len(self._store.entries()):
            self._store.drop_unused_vectors(used, self._embedder.fingerprint)
        return total

    def of(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """The vectors of some passages, in order; what is not kept is made and kept."""
        digests = [_digest(passage) for passage in passages]
        lacking = set(self._store.missing(digests, self._embedder.fingerprint))
        if lacking:  # an index that is there took the store's place
            again = {digest: p for digest, p in zip(digests, passages, strict=True) if digest in lacking}
            made = self._embedded(list(again.values()))
            self._store.keep_vectors(list(again), made, self._embedder.fingerprint)
        return self._store.vectors(digests, self._embedder.fingerprint, self._embedder.dimension)

    def _texts(self, documents: Sequence[str]) -> tuple[set[bytes], set[bytes]]:
        """Digests of the passages of these documents, and of those among them that have no vectors yet."""
        used: set[bytes] = set()
        for _, passages in self._store.documents(documents):
            used.update(_digest(passage) for passage in passages)
        return used, set(self._store.missing(list(used), self._embedder.fingerprint))

    def _embedded(
        self, passages: Sequence[Passage], progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        """What the model makes of each passage, with (1 + sentences + asked, d) rows: behind those of its sentences
        those of how people ask for it."""
        made = self._embedder.embed_passages(passages, progress)
        phrases = list(dict.fromkeys(phrase for passage in passages for phrase in passage.asked))
        if not phrases:
            return made
        vectors = dict(zip(phrases, self._embedder.embed(phrases), strict=True))
        return [
            replace(each, rows=np.concatenate([each.rows, *(vectors[phrase][None] for phrase in passage.asked)]))
            for each, passage in zip(made, passages, strict=True)
        ]


def _digest(passage: Passage) -> bytes:
    """Of all that decides a passage's vectors, its sentences', and those of how people ask for it."""
    told = json.dumps([passage.search_text, passage.search_spans(), passage.sentence_search_texts(), passage.asked])
    return hashlib.sha256(told.encode()).digest()
