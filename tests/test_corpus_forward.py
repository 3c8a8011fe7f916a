"""Two ways of running one model: the kernel's and onnxruntime's."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import encoder
from corpus.embedding import CompiledEmbedder
from corpus.encoder import Encoder
from corpus.forward import OnnxForward, open_forward
from corpus.model_cache import open_embedder
from corpus.models import Passage, Sentence
from corpus.settings import Settings

TEXTS = (
    "How much does a data scientist earn in Canada?",
    "MLOps",
    "Nurses who learn SQL often find work with hospital data. " * 12,
)


def without_kernel(monkeypatch: pytest.MonkeyPatch) -> CompiledEmbedder:
    monkeypatch.setattr(encoder, "runs_here", lambda: False)
    opened = open_embedder(Settings.read({}))
    assert isinstance(opened, CompiledEmbedder)
    return opened


def test_without_the_kernel_onnxruntime_gives_nearly_the_same_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = open_embedder(Settings.read({}))
    assert isinstance(shipped, CompiledEmbedder)
    other = without_kernel(monkeypatch)
    assert isinstance(other.forward, OnnxForward)
    # Either is within .003 of the original, so that a library built by one is read by the other.
    assert other.fingerprint == shipped.fingerprint
    assert (other.embed(TEXTS) * shipped.embed(TEXTS)).sum(axis=1).min() > 0.993
    text = "Nurses learn SQL. Bread needs yeast."
    passage = Passage("p", "d", "Trades", (), 0, len(text), text, (Sentence(0, 17), Sentence(18, 36)), ())
    (ours,), (theirs,) = (each.embed_passages([passage]) for each in (shipped, other))
    assert (ours.rows * theirs.rows).sum(axis=1).min() > 0.99
    assert np.unpackbits(ours.tokens ^ theirs.tokens).mean() < 0.04


def test_onnxruntime_gives_a_vector_and_its_tokens_alone_and_together(monkeypatch: pytest.MonkeyPatch) -> None:
    other = without_kernel(monkeypatch)
    ids = other.tokenizer.encode(TEXTS[0]).ids
    vector, tokens = other.forward.both(ids)
    assert tokens.shape == (len(ids), other.dimension)
    assert other.forward.vector(ids).tobytes() == vector.tobytes()
    assert other.forward.tokens(ids).tobytes() == tokens.tobytes()


@pytest.mark.skipif(not encoder.runs_here(), reason="this processor, or this installation, has no kernel")
def test_with_the_kernel_onnxruntime_is_not_loaded() -> None:
    opened = open_embedder(Settings.read({}))
    assert isinstance(opened, CompiledEmbedder)
    assert isinstance(opened.forward, Encoder)
    code = (
        "import sys; from corpus.model_cache import open_embedder; from corpus.settings import Settings;"
        "open_embedder(Settings.read({})).embed_query('x'); assert 'onnxruntime' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not encoder.runs_here(), reason="this processor, or this installation, has no kernel")
def test_a_model_asked_for_in_float32_is_left_to_onnxruntime(tmp_path: Path) -> None:
    opened = open_embedder(replace(Settings.read({}), precision="float32"))
    assert isinstance(opened, CompiledEmbedder)
    assert isinstance(opened.forward, OnnxForward)
    with pytest.raises(Exception, match=r"model\.onnx"):
        open_forward(tmp_path)
