"""An optional cross-encoder that reads question and passage together. The one importer of sentence-transformers' own.

Off unless WAYMARK_RERANKER names a model (a local folder, or a name on the Hugging Face hub); then nothing else is
loaded, and what is loaded runs no code but that of the package.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import EmbeddingError
from corpus.model_source import from_hub, unreadable
from corpus.models import Hit
from corpus.settings import Settings

# Hits that are read again; the others stay behind them in their order.
RERANKED = 20
# Share of the cross-encoder in the joined score; the rest is the search's own.
SHARE = 0.6


class Reranker(Protocol):
    """What scores passages for a question; safe to use from many threads."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score a text, in their order, shape (len(texts),); higher is better, any range."""


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder on the processor."""

    def __init__(self, name: str, model: Any) -> None:
        """Use `open_reranker`."""
        self.name = name
        self._model = model
        self._lock = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raises EmbeddingError where the model gives anything but one score a text."""
        if not texts:
            return np.zeros(0, np.float32)
        with self._lock:  # a model holds buffers of its own while it runs
            found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        scores = np.asarray(found, np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise EmbeddingError(
                f"The reranking model {self.name} does not give one score for each passage; "
                "name a cross-encoder with one output in WAYMARK_RERANKER, or leave it unset."
            )
        return scores


def open_reranker(settings: Settings) -> Reranker | None:
    """The model that the settings name, None where they name none.

    Raises EmbeddingError for a model that is not there, is broken, holds pickled weights, or names code of its own.
    """
    name = settings.reranker
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        if name.startswith((".", "/", "~")) or name.count("/") > 1 or "\\" in name:
            raise EmbeddingError(f"There is no folder {name}; set WAYMARK_RERANKER to a model's folder or name.")
        folder = from_hub(name, "WAYMARK_RERANKER", "leave it unset to rank by search alone")
    _check(name, folder)
    from sentence_transformers import CrossEncoder  # late: it loads torch, and most people name no reranker

    try:
        model = CrossEncoder(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise EmbeddingError(
            f"The reranking model {name} cannot be loaded: {reason} Fetch it again, or leave WAYMARK_RERANKER unset."
        ) from None
    return CrossEncoderReranker(name, model)


def rerank(reranker: Reranker, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits, the best RERANKED of them in the order of both scores joined (min-max normalised); ties as before."""
    top, rest = list(hits[:RERANKED]), tuple(hits[RERANKED:])
    if len(top) < 2:
        return tuple(hits)
    read = _minmax(reranker.scores(question, [hit.passage.search_text for hit in top]))
    found = _minmax(np.array([hit.score for hit in top], np.float32))
    joined = SHARE * read + (1 - SHARE) * found
    # Scores stay in the search's range, since units weigh a passage by its score beside the best one's.
    low, high = min(hit.score for hit in top), max(hit.score for hit in top)
    order = np.argsort(-joined, kind="stable")
    return (*(replace(top[i], score=low + (high - low) * float(joined[i])) for i in order), *rest)


def _minmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


def _check(name: str, folder: Path) -> None:
    """Refuse foreign code and pickled weights before anything is loaded."""
    if not list(folder.glob("*.safetensors")):
        raise EmbeddingError(
            f"The reranking model {name} holds no safetensors ({folder}); only those are loaded. Convert its weights, "
            "or name another model in WAYMARK_RERANKER."
        )
    for path in folder.glob("*.safetensors"):
        if (why := unreadable(path)) is not None:
            raise EmbeddingError(f"The reranking model {name} cannot be loaded: {path.name}: {why}. Fetch it again.")
    for file in ("config.json", "config_sentence_transformers.json", "tokenizer_config.json", "modules.json"):
        for place, value in _strings(_read(name, folder / file)):
            foreign = (place == "type" and not value.startswith("sentence_transformers.")) and file == "modules.json"
            foreign |= place == "activation_fn" and not value.startswith("torch.nn.")
            if foreign or place == "auto_map":
                raise EmbeddingError(
                    f"The reranking model {name} names code of its own in {file} ({value}); only code of "
                    "sentence-transformers is run. Name another model in WAYMARK_RERANKER."
                )


def _read(name: str, path: Path) -> Any:
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EmbeddingError(f"The reranking model {name} cannot be loaded: {path.name}: {error}.") from None


def _strings(value: Any, place: str = "") -> list[tuple[str, str]]:
    """Every string inside a JSON value with the name of its innermost field; all under `auto_map` count as that."""
    if isinstance(value, str):
        return [(place, value)]
    if isinstance(value, list):
        return [found for each in value for found in _strings(each, place)]
    if isinstance(value, dict):
        return [
            found
            for key, each in value.items()
            for found in _strings(each, "auto_map" if place == "auto_map" else str(key))
        ]
    return []
