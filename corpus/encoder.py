"""BERT's forward pass in int8 by a kernel of our own (`encoder.c`), where the processor has AVX-512 and VNNI.

With it a passage takes two thirds of the time that onnxruntime needs for the same products. It is built when Waymark is
installed, if there is a C compiler; without it, on other processors, and for models that are no plain BERT, onnxruntime
runs the model (`corpus.compile` decides that once, by comparing vectors).

A scale of weights stands for one output and a block of inputs, a scale of what is multiplied with them for one token
(ZeroQuant, Yao et al. 2022). The gain of a norm goes into the weights that read it ("gamma migration", Outlier
Suppression, Wei et al. 2022). Mean and least cosine of the bundled model to the original, on 80 passages, 87 sentences
and 100 questions: .9987 and .9980, .9983 and .9970, .9987 and .9980; in onnxruntime .9986 and .9979, .9981 and .9963,
.9986 and .9978.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import EmbeddingError

FILE = "encoder.bin"
MOST_TOKENS = 512  # that encoder.c has room for
_PANEL = 64  # columns of a matrix that stand together
_HEAD = 32  # components that a head's number of them is a multiple of
_ALIGNED = 64


class _Header(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int32) for name in ("vocabulary", "places", "width", "heads", "layers", "blocks")),
        ("epsilon", ctypes.c_float),
        ("unused", ctypes.c_int32 * 9),
    )


def runs_here() -> bool:
    """Whether the kernel was built and this processor has what it needs."""
    kernel = _kernel()
    return kernel is not None and bool(kernel.encoder_runs_here())


@cache
def _kernel() -> Any:
    found = find_spec("corpus._encoder")
    if found is None or found.origin is None:
        return None
    try:
        kernel = ctypes.CDLL(found.origin)
    except OSError:  # built for another machine
        return None
    kernel.encoder_workspace.argtypes = (ctypes.c_void_p, ctypes.c_int)
    kernel.encoder_workspace.restype = ctypes.c_size_t
    kernel.encoder_run.argtypes = (*(ctypes.c_void_p,) * 2, ctypes.c_int, *(ctypes.c_void_p,) * 2)
    kernel.encoder_run.restype = None
    return kernel


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """An opened model; safe to use from many threads. `model` is the file as bytes, read as it is needed."""

    by: ClassVar[str] = "Waymark's own kernel"

    model: NDArray[np.uint8] = field(repr=False)
    header: _Header

    @classmethod
    def open(cls, path: Path) -> Encoder:
        """What `write` has written. Raises EmbeddingError."""
        if not runs_here():
            raise EmbeddingError(
                f"{path} is for a processor with AVX-512 VNNI, and for a Waymark built with a C compiler."
            )
        try:
            model = np.memmap(path, np.uint8, mode="r")
            header = _Header.from_buffer_copy(model[: ctypes.sizeof(_Header)].tobytes())
            if len(model) != _bytes(header):
                raise ValueError(f"{len(model)} bytes, where {_bytes(header)} are told")
        except (OSError, ValueError) as error:
            raise EmbeddingError(f"The compiled embedding model {path} cannot be read: {error}.") from error
        return cls(np.asarray(model), header)

    def tokens(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """(tokens, width): what the last layer makes of each token of a text, at most `MOST_TOKENS` of them.

        Raises ValueError for none, too many, or one that is not in the vocabulary.
        """
        given = np.array(ids, np.int32)
        most = min(self.header.places, MOST_TOKENS)
        if not 0 < len(given) <= most or given.min() < 0 or given.max() >= self.header.vocabulary:
            raise ValueError(f"{len(given)} tokens, where 1 to {most} of {self.header.vocabulary} can be read")
        vectors = np.empty((len(given), self.header.width), np.float32)
        work = np.empty(_kernel().encoder_workspace(self.model.ctypes.data, len(given)) + _ALIGNED, np.uint8)
        free = -(-work.ctypes.data // _ALIGNED) * _ALIGNED
        _kernel().encoder_run(self.model.ctypes.data, given.ctypes.data, len(given), free, vectors.ctypes.data)
        return vectors

    def vector(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """(width,), of unit length: the mean of the text's tokens."""
        return self.both(ids)[0]

    def both(self, ids: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """`vector` and `tokens`, from one run."""
        tokens = self.tokens(ids)
        mean = tokens.mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-9), tokens


def fits(config: Any, window: int) -> bool:
    """Whether the kernel knows what a transformers configuration describes, and has room for `window` tokens."""
    if config.model_type != "bert" or config.hidden_act != "gelu" or getattr(config, "is_decoder", False):
        return False
    if getattr(config, "position_embedding_type", "absolute") not in ("absolute", None):
        return False
    width, heads = int(config.hidden_size), int(config.num_attention_heads)
    return (
        window <= min(int(config.max_position_embeddings), MOST_TOKENS)
        and width % _PANEL == 0
        and width % heads == 0
        and (width // heads) % _HEAD == 0
        and int(config.intermediate_size) % width == 0
    )


def _bytes(header: _Header) -> int:
    """Of the whole file, as encoder.c reads it."""
    row: int = header.width * 4
    product = header.width * header.width + 2 * row
    layer = 3 * (product + row) + product + 3 * row + header.blocks * (2 * product + row) + row
    embeddings = (header.vocabulary + header.places + 1) * row
    size: int = ctypes.sizeof(_Header) + embeddings + header.layers * layer + row
    return size


def write(weights: dict[str, NDArray[Any]], config: Any, path: Path) -> None:
    """The file of a model that `fits`. `weights`: those of transformers' BertModel, by its names."""
    blocks = int(config.intermediate_size) // int(config.hidden_size)
    shape = (config.vocab_size, config.max_position_embeddings, config.hidden_size, config.num_attention_heads)
    with path.open("wb") as file:
        file.write(bytes(_Header(*shape, config.num_hidden_layers, blocks, config.layer_norm_eps)))
        norm = _Norm.of(weights, "embeddings.LayerNorm")
        _floats(file, weights["embeddings.word_embeddings.weight"])
        _floats(
            file,
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0],
        )
        _floats(file, norm.gain)
        for layer in range(config.num_hidden_layers):
            norm = _layer(
                file, weights, f"encoder.layer.{layer}.", norm, blocks, config.hidden_size // config.num_attention_heads
            )
        _floats(file, norm.bias)


@dataclass(frozen=True, slots=True, eq=False)
class _Norm:
    """What a layer norm does behind the norming: (width,) each."""

    gain: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def of(cls, weights: dict[str, NDArray[Any]], name: str) -> _Norm:
        return cls(weights[f"{name}.weight"].astype(np.float64), weights[f"{name}.bias"].astype(np.float64))


def _layer(file: IO[bytes], weights: dict[str, NDArray[Any]], name: str, norm: _Norm, blocks: int, size: int) -> _Norm:
    """One layer behind `norm`; returns the norm that it ends with."""

    def linear(of: str, behind: _Norm | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        weight, bias = (weights[f"{name}{of}.{part}"].astype(np.float64) for part in ("weight", "bias"))
        return (weight, bias) if behind is None else (weight * behind.gain, bias + weight @ behind.bias)

    for part in ("query", "key", "value"):
        weight, bias = linear(f"attention.self.{part}", norm)
        scale = np.log2(np.e) / np.sqrt(size) if part == "query" else 1.0
        _product(file, weight * scale)
        _floats(file, bias * scale)
    weight, bias = linear("attention.output.dense")
    _product(file, weight)
    _floats(file, bias + norm.bias)
    between = _Norm.of(weights, f"{name}attention.output.LayerNorm")
    up, up_bias = linear("intermediate.dense", between)
    down, down_bias = linear("output.dense")
    _floats(file, between.gain)
    _floats(file, down_bias + between.bias)
    width = len(down)
    for at in range(0, blocks * width, width):
        _product(file, up[at : at + width])
        _floats(file, up_bias[at : at + width])
        _product(file, down[:, at : at + width])
    after = _Norm.of(weights, f"{name}output.LayerNorm")
    _floats(file, after.gain)
    return after


def _product(file: IO[bytes], weight: NDArray[np.float64]) -> None:
    """(outputs, inputs) as encoder.c's Product."""
    outputs, inputs = weight.shape
    scale = np.abs(weight).max(axis=1) / 127
    scale[scale == 0] = 1
    rounded = np.round(weight / scale[:, None]).astype(np.int8)
    panels = rounded.reshape(outputs // _PANEL, _PANEL, inputs // 4, 4).transpose(0, 2, 1, 3)
    file.write(np.ascontiguousarray(panels).tobytes())
    _floats(file, scale)
    _floats(file, scale * rounded.sum(axis=1, dtype=np.int64))


def _floats(file: IO[bytes], values: NDArray[Any]) -> None:
    file.write(np.ascontiguousarray(values, np.float32).tobytes())
