"""A compiled model's forward pass: by the kernel of `corpus.encoder`, or by onnxruntime.

The one importer of onnxruntime where texts are embedded; `corpus.quantise` has it run a graph while a model is
compiled.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus import encoder

ONNX_FILE = "model.onnx"


class Forward(Protocol):
    """Token ids of one text, at least one and no more than the model's window, to vectors; safe to use from many
    threads. `by`: what does the work, for people."""

    by: ClassVar[str]

    def tokens(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """(tokens, dimension): what the last layer makes of each."""

    def vector(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """(dimension,), of unit length: the text's."""

    def both(self, ids: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The text's vector and its tokens', from one run."""


def open_forward(folder: Path) -> Forward:
    """Of the folder that `corpus.compile` has filled. Raises EmbeddingError."""
    if (folder / encoder.FILE).exists():
        return encoder.Encoder.open(folder / encoder.FILE)
    return OnnxForward.open(folder / ONNX_FILE)


@dataclass(frozen=True, slots=True)
class OnnxForward:
    """A graph as `corpus.compile` exports it, run by onnxruntime."""

    by: ClassVar[str] = "onnxruntime"

    session: Any = field(repr=False)
    partly: Any = field(repr=False)  # how a run is ordered that computes nothing but what is asked for

    @classmethod
    def open(cls, path: Path) -> OnnxForward:
        # Read when it is loaded, and the only switch that works: its `disable_telemetry_events` still looks for its
        # makers' server.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime  # late: most models run without it

        options = onnxruntime.SessionOptions()
        # Texts run side by side, each in one thread: nothing is padded, and no thread waits for another's part.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        partly = onnxruntime.RunOptions()
        partly.only_execute_path_to_fetches = True
        return cls(session, partly)

    def tokens(self, ids: Sequence[int]) -> NDArray[np.float32]:
        # The text's own vector, which nobody asks for here, takes a tenth of a run.
        (tokens,) = self.session.run(["tokens"], _given(ids), self.partly)
        return np.asarray(tokens[0], np.float32)

    def vector(self, ids: Sequence[int]) -> NDArray[np.float32]:
        (vector,) = self.session.run(["vector"], _given(ids))
        return np.asarray(vector[0], np.float32)

    def both(self, ids: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        vector, tokens = self.session.run(["vector", "tokens"], _given(ids))
        return np.asarray(vector[0], np.float32), np.asarray(tokens[0], np.float32)


def _given(ids: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    return {"input_ids": np.array([ids], np.int64)}
