"""The kernel beside the same model computed plainly, in float64."""

from __future__ import annotations

import math
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus import encoder
from corpus.encoder import Encoder
from corpus.errors import EmbeddingError

needs_kernel = pytest.mark.skipif(not encoder.runs_here(), reason="this processor, or this installation, has no kernel")


@dataclass(frozen=True)
class Config:  # transformers' names
    model_type: str = "bert"
    hidden_act: str = "gelu"
    vocab_size: int = 90
    max_position_embeddings: int = 520
    hidden_size: int = 128
    num_hidden_layers: int = 2
    num_attention_heads: int = 2
    intermediate_size: int = 256
    layer_norm_eps: float = 1e-12


CONFIG = Config()
Weights = dict[str, NDArray[np.float32]]


def weights_of(config: Config, seed: int = 3) -> Weights:
    """Seeded, with norms that stretch some channels, as trained ones do."""
    chance = np.random.default_rng(seed)
    width, wide = config.hidden_size, config.intermediate_size
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (config.vocab_size, width),
        "embeddings.position_embeddings.weight": (config.max_position_embeddings, width),
        "embeddings.token_type_embeddings.weight": (2, width),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(config.num_hidden_layers):
        name = f"encoder.layer.{layer}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{name}{part}.weight": (width, width), f"{name}{part}.bias": (width,)}
        shapes |= {f"{name}intermediate.dense.weight": (wide, width), f"{name}intermediate.dense.bias": (wide,)}
        shapes |= {f"{name}output.dense.weight": (width, wide), f"{name}output.dense.bias": (width,)}
        norms += [f"{name}attention.output.LayerNorm", f"{name}output.LayerNorm"]
    made = {name: chance.normal(0, 0.1, shape).astype(np.float32) for name, shape in shapes.items()}
    for norm in norms:
        made[f"{norm}.weight"] = np.exp(chance.normal(0, 0.5, width)).astype(np.float32)
        made[f"{norm}.bias"] = chance.normal(0, 0.2, width).astype(np.float32)
    return made


def plainly(weights: Weights, config: Config, ids: list[int]) -> NDArray[np.float64]:
    """What BERT's paper says, without any of the kernel's turns."""

    def linear(x: NDArray[Any], name: str) -> NDArray[Any]:
        made: NDArray[Any] = x @ weights[f"{name}.weight"].astype(np.float64).T + weights[f"{name}.bias"]
        return made

    def norm(x: NDArray[Any], name: str) -> NDArray[Any]:
        centred = x - x.mean(axis=1, keepdims=True)
        unit = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + config.layer_norm_eps)
        made: NDArray[Any] = unit * weights[f"{name}.weight"] + weights[f"{name}.bias"]
        return made

    def heads(x: NDArray[Any]) -> NDArray[Any]:
        return x.reshape(len(ids), config.num_attention_heads, -1).transpose(1, 0, 2)

    words, places, kinds = (
        weights[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position", "token_type")
    )
    x = norm(words[ids].astype(np.float64) + places[: len(ids)] + kinds[0], "embeddings.LayerNorm")
    for layer in range(config.num_hidden_layers):
        name = f"encoder.layer.{layer}."
        q, k, v = (heads(linear(x, f"{name}attention.self.{part}")) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2])
        shares = np.exp(scores - scores.max(axis=2, keepdims=True))
        mixed = (shares / shares.sum(axis=2, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(x + linear(mixed, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
        wide = linear(x, f"{name}intermediate.dense")
        bent = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        x = norm(x + linear(bent, f"{name}output.dense"), f"{name}output.LayerNorm")
    return np.asarray(x, np.float64)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    path = tmp_path_factory.mktemp("kernel") / encoder.FILE
    encoder.write(weights_of(CONFIG), CONFIG, path)
    return Encoder.open(path)


def text(tokens: int) -> list[int]:
    return [(7 * token + tokens) % CONFIG.vocab_size for token in range(tokens)]


def test_where_there_is_a_compiler_and_the_processor_can_the_kernel_is_built() -> None:
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    if not {"avx512_vnni", "avx512bw", "avx512dq", "avx512vl", "fma"} <= set(flags.split()) or not shutil.which("cc"):
        pytest.skip("no compiler, or a processor that the kernel is not for")
    assert encoder.runs_here()


# Rows are worked on by six, keys by 64, both by less at the end.
@needs_kernel
@pytest.mark.parametrize("tokens", [1, 2, 5, 6, 7, 16, 17, 63, 64, 65, 128, 185, 511, 512])
def test_vectors_are_those_of_the_plain_model(opened: Encoder, tokens: int) -> None:
    ids = text(tokens)
    ours, exact = opened.tokens(ids), plainly(weights_of(CONFIG), CONFIG, ids)
    assert ours.shape == exact.shape
    cosines = (ours * exact).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(exact, axis=1)
    assert cosines.min() > 0.999
    assert np.linalg.norm(ours - exact) < 0.03 * np.linalg.norm(exact)


@needs_kernel
def test_heads_of_64_components_and_a_middle_of_four_widths_are_read_too(tmp_path: Path) -> None:
    config = replace(CONFIG, hidden_size=192, num_attention_heads=3, intermediate_size=768, num_hidden_layers=1)
    encoder.write(weights_of(config), config, tmp_path / encoder.FILE)
    ours = Encoder.open(tmp_path / encoder.FILE).tokens(text(77))
    exact = plainly(weights_of(config), config, text(77))
    assert np.linalg.norm(ours - exact) < 0.03 * np.linalg.norm(exact)


@needs_kernel
def test_a_text_has_the_same_bytes_whatever_runs_beside_or_before_it(opened: Encoder) -> None:
    texts = [text(tokens) for tokens in (3, 200, 9, 64, 31, 500, 2, 77)] * 3
    alone = [opened.tokens(ids).tobytes() for ids in texts]
    with ThreadPoolExecutor(4) as pool:
        assert [made.tobytes() for made in pool.map(opened.tokens, texts)] == alone


@needs_kernel
def test_a_texts_vector_is_the_mean_of_its_tokens_at_unit_length(opened: Encoder) -> None:
    vector, tokens = opened.both(text(40))
    mean = tokens.mean(axis=0)
    assert vector == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert opened.vector(text(40)).tobytes() == vector.tobytes()
    assert vector.dtype == np.float32


@needs_kernel
def test_values_that_dwarf_all_others_stay_numbers(tmp_path: Path) -> None:
    weights = weights_of(CONFIG)
    weights["embeddings.word_embeddings.weight"][5] = 1e30
    weights["encoder.layer.0.attention.self.query.weight"] *= 1e4  # one key takes all
    encoder.write(weights, CONFIG, tmp_path / encoder.FILE)
    assert np.isfinite(Encoder.open(tmp_path / encoder.FILE).tokens([1, 5, 2])).all()


@needs_kernel
@pytest.mark.parametrize("ids", [[], [1] * 513, [0, CONFIG.vocab_size], [-1]])
def test_what_it_cannot_read_it_refuses(opened: Encoder, ids: list[int]) -> None:
    with pytest.raises(ValueError, match="tokens, where 1 to 512 of 90 can be read"):
        opened.tokens(ids)


@needs_kernel
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / encoder.FILE
    encoder.write(weights_of(CONFIG), CONFIG, path)
    whole = path.read_bytes()
    for size in (0, 20, 64, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(EmbeddingError, match=r"encoder\.bin cannot be read"):
            Encoder.open(path)


def test_elsewhere_it_says_what_it_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "runs_here", lambda: False)
    with pytest.raises(EmbeddingError, match="AVX-512 VNNI"):
        Encoder.open(tmp_path / encoder.FILE)


@pytest.mark.parametrize(
    "other",
    [
        {"model_type": "roberta"},
        {"hidden_act": "relu"},
        {"hidden_size": 96, "intermediate_size": 192},
        {"num_attention_heads": 8},
        {"intermediate_size": 300},
    ],
)
def test_models_of_another_make_are_left_to_onnxruntime(other: dict[str, Any]) -> None:
    assert encoder.fits(CONFIG, 256)
    assert not encoder.fits(replace(CONFIG, **other), 256)


def test_a_model_without_a_width_and_one_that_reads_more_than_there_is_room_for_are_left_too() -> None:
    assert not encoder.fits(SimpleNamespace(model_type="clip"), 77)
    longer = replace(CONFIG, max_position_embeddings=2048)
    assert encoder.fits(longer, encoder.MOST_TOKENS)
    assert not encoder.fits(longer, encoder.MOST_TOKENS + 1)
    assert not encoder.fits(replace(CONFIG, max_position_embeddings=128), 256)
