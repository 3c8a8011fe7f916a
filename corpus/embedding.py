"""Texts to vectors. The one importer of tokenizers and of sentence-transformers' embedders, when needed.

A model is compiled once (`corpus.compile`, in a process of its own so that this one never loads torch) and kept in the
cache folder; opening it again takes a fraction of a second.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import EmbeddingError
from corpus.forward import Forward, open_forward
from corpus.models import Passage
from corpus.words import STOPWORDS

PASSAGES_A_SLICE = 256  # tokenised at once, with every token's place
CHARACTERS_PER_TOKEN = 64  # text beyond `window` times this is cut before it is tokenised


@dataclass(frozen=True, slots=True, eq=False)
class PassageVectors:
    """`rows` (1 + sentences, dimension), of unit length: the whole passage, then its sentences in order. `tokens`
    (tokens, dimension / 8 rounded up): what carries content in it, token by token, as `corpus.late_interaction` keeps
    them; none of a model whose vectors are not their tokens' mean."""

    rows: NDArray[np.float32]
    tokens: NDArray[np.uint8]


class Embedder(Protocol):
    """What turns text into vectors; safe to use from many threads.

    `window` is the number of tokens read of a text; `fingerprint` changes whenever the vectors do (weights, precision,
    way of exporting); `notice` is a sentence for the person where a slower stand-in is used, else "".
    """

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def window(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def notice(self) -> str: ...
    def __hash__(self) -> int: ...

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """(len(texts), dimension), unit rows in the order of the texts; `progress` is told how many are done."""

    def embed_passages(
        self, passages: Sequence[Passage], progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        """What the model makes of each passage; `progress` is told how many are done."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """(dimension,), of unit length: the vector of a question."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of an opened model; kept as model.json beside the compiled one.

    `precision` is "int8" or "float32" for a compiled model, "plain" where sentence-transformers itself must run.
    `parity` is the least cosine to sentence-transformers that was seen when compiling. `pooled`: a text's vector is the
    mean of its tokens' vectors, so a sentence's can be had from its passage's own run.
    """

    name: str
    dimension: int
    window: int
    fingerprint: str
    precision: str
    query_prompt: str = ""
    document_prompt: str = ""
    notice: str = ""
    parity: float = 1.0
    pooled: bool = False

    def prepared(self, text: str, prompt: str) -> str:
        """The text as the tokeniser gets it: lone surrogates replaced, a runaway length cut."""
        cut = (prompt + text)[: self.window * CHARACTERS_PER_TOKEN]
        return cut.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True, eq=False)
class CompiledEmbedder(ModelCard):
    """The model as it was compiled."""

    forward: Forward = field(kw_only=True, repr=False)
    tokenizer: Any = field(kw_only=True, repr=False)
    threads: int = 1
    empty: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_), repr=False)  # see `_empty`

    @classmethod
    def open(cls, folder: Path, card: ModelCard, threads: int) -> CompiledEmbedder:
        """From what `corpus.compile` has left in `folder`. Raises EmbeddingError."""
        from tokenizers import Tokenizer  # late: `waymark --help` needs none of this

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(card.window)
        return cls(
            **_fields(card),
            forward=open_forward(folder),
            tokenizer=tokenizer,
            threads=threads,
            empty=_empty(tokenizer),
        )

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        encoded = self.tokenizer.encode_batch_fast([self.prepared(text, self.document_prompt) for text in texts])
        for row, vector in enumerate(self._side_by_side(lambda one: self.forward.vector(one.ids), encoded)):
            vectors[row] = vector
            if progress:
                progress(row + 1)
        return vectors

    def embed_passages(
        self, passages: Sequence[Passage], progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        if not self.pooled:
            return _embed_alone(self, passages, progress)
        made: list[PassageVectors] = []
        for at in range(0, len(passages), PASSAGES_A_SLICE):
            part = passages[at : at + PASSAGES_A_SLICE]
            read = self.tokenizer.encode_batch([self.prepared(p.search_text, self.document_prompt) for p in part])
            for vectors in self._side_by_side(self._pooled, part, read):
                made.append(vectors)
                if progress:
                    progress(len(made))
        return made

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.forward.vector(self._read(text, self.query_prompt))
        return vector

    def _read(self, text: str, prompt: str) -> list[int]:
        """The text's token ids."""
        ids: list[int] = self.tokenizer.encode(self.prepared(text, prompt)).ids
        return ids

    def _side_by_side(self, work: Callable[..., Any], *of: Sequence[Any]) -> Iterator[Any]:
        """What `work` makes of each, in order, by as many threads as are set."""
        if self.threads < 2 or len(of[0]) < 2:
            yield from map(work, *of)
            return
        with ThreadPoolExecutor(min(self.threads, len(of[0])), thread_name_prefix="embedding") as pool:
            yield from pool.map(work, *of)

    def _pooled(self, passage: Passage, read: Any) -> PassageVectors:
        """Each sentence is the mean of its tokens as the passage's run left them, which costs nothing more; one that
        lies beyond the model's window is embedded alone."""
        vector, tokens = self.forward.both(read.ids)
        rows = np.concatenate([vector[None], self._means(passage, read.offsets, tokens)])
        return PassageVectors(rows, packed(tokens[~self.empty[read.ids]]))

    def _means(
        self, passage: Passage, places: Sequence[tuple[int, int]], tokens: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """(sentences, dimension), unit rows, of a passage's token vectors; `places` are the tokens' spans."""
        ends = np.array(places, np.int64) - len(self.document_prompt)
        spans = np.array(passage.search_spans(), np.int64).reshape(-1, 2)
        inside = (ends[:, 0] >= spans[:, :1]) & (ends[:, 1] <= spans[:, 1:]) & (ends[:, 0] < ends[:, 1])
        weight = inside.astype(np.float32)
        # What the sentence stands under counts as one with it, as it would in a text of its own.
        weight += (ends[:, 1] <= len(passage.context)) & (ends[:, 0] < ends[:, 1])
        for row, (start, end) in enumerate(passage.lead_spans()):
            weight[row] += (ends[:, 0] >= start) & (ends[:, 1] <= end) & (ends[:, 0] < ends[:, 1])
        means = _unit(weight @ tokens)
        # In one run the sentences of a passage grow alike; taking some of the passage out sets them apart again.
        means -= ALIKE * _unit(tokens.mean(axis=0))
        lost = np.flatnonzero(~inside.any(axis=1))
        if len(lost):
            texts = passage.sentence_search_texts()
            for row in map(int, lost):
                means[row] = self.forward.vector(self._read(texts[row], self.document_prompt))
        return _unit(means)


def packed(tokens: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(tokens, dimension) as signs, (tokens, dimension / 8 rounded up)."""
    return np.packbits(tokens > 0, axis=-1)


def _empty(tokenizer: Any) -> NDArray[np.bool_]:
    """For each token of the vocabulary whether it carries no content: stop words, signs, what marks a text's ends."""
    table = np.zeros(tokenizer.get_vocab_size(), np.bool_)
    marks = [id_ for id_, token in tokenizer.get_added_tokens_decoder().items() if token.special]
    told = (tokenizer.token_to_id(text) for text in (*STOPWORDS, *string.punctuation))
    table[[*marks, *(id_ for id_ in told if id_ is not None)]] = True
    return table


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (or the one row) at unit length; a row of zeros stays."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), np.float32)


def _embed_alone(
    embedder: Embedder, passages: Sequence[Passage], progress: Callable[[int], None] | None
) -> list[PassageVectors]:
    """Passages and their sentences as texts of their own: for models whose vectors are not their tokens' mean."""
    made: list[PassageVectors] = []
    none = packed(np.empty((0, embedder.dimension), np.float32))
    for at in range(0, len(passages), PASSAGES_A_SLICE):
        part = passages[at : at + PASSAGES_A_SLICE]
        texts = [(passage.search_text, *passage.sentence_search_texts()) for passage in part]
        different = {text: place for place, text in enumerate(dict.fromkeys(text for each in texts for text in each))}
        vectors = embedder.embed(list(different))
        made += [PassageVectors(vectors[[different[text] for text in each]], none) for each in texts]
        if progress:
            progress(len(made))
    return made


# How much of the passage is taken out of its sentences' vectors.
ALIKE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class PlainEmbedder(ModelCard):
    """The model run by sentence-transformers: slower, used where compiling does not keep the vectors."""

    model: Any = field(default=None, repr=False)

    @classmethod
    def open(cls, folder: Path, card: ModelCard) -> PlainEmbedder:
        """From a sentence-transformers folder that `ModelSource.check` has passed. Raises EmbeddingError."""
        return cls(**_fields(card), model=load_plain(folder))

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for at in range(0, len(texts), 64):
            batch = [self.prepared(text, self.document_prompt) for text in texts[at : at + 64]]
            vectors[at : at + 64] = self._run(batch)
            if progress:
                progress(min(at + 64, len(texts)))
        return vectors

    def embed_passages(
        self, passages: Sequence[Passage], progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        return _embed_alone(self, passages, progress)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._run([self.prepared(text, self.query_prompt)])[0]
        return row

    def _run(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = self.model.encode(
            texts, prompt="", batch_size=8, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)


def load_plain(folder: Path) -> Any:
    """The SentenceTransformer of a local folder, on the CPU, from safetensors only. Raises EmbeddingError."""
    from sentence_transformers import SentenceTransformer  # late: takes 5 s and is needed only without a compiled model

    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            # Eager attention is what exports to the plain operators that quantise.
            model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
        )
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise EmbeddingError(f"The embedding model in {folder} cannot be loaded: {error}") from error


def _fields(card: ModelCard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in ModelCard.__dataclass_fields__}
