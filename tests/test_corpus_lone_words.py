"""Words before they are read: the model's own first step, whole words of several tokens, and files that are not one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from corpus.errors import EmbeddingError
from corpus.lone_words import lone_words
from corpus.model_source import locate
from corpus.settings import DEFAULT_EMBEDDER

FOLDER = locate(DEFAULT_EMBEDDER).folder
PARTS = (
    "word_embeddings.weight",
    "position_embeddings.weight",
    "token_type_embeddings.weight",
    "LayerNorm.weight",
    "LayerNorm.bias",
)


def test_a_word_has_the_direction_that_the_model_gives_its_token() -> None:
    weights = load_file(FOLDER / "model.safetensors")
    word, places, kinds, gain, bias = (weights[f"embeddings.{name}"] for name in PARTS)
    read = lone_words(FOLDER)
    row = word[read.rows["carpenter"]] + places[1:20].mean(axis=0) + kinds[0]
    row = (row - row.mean()) / row.std() * gain + bias - read.mean
    assert read.vectors(["carpenter"])[0] == pytest.approx(row / np.linalg.norm(row), abs=1e-5)


def test_words_are_told_apart_and_their_rows_of_unit_length() -> None:
    vectors = lone_words(FOLDER).vectors(["disappear", "vanish", "trombone", "stonemasons", "☃", "x" * 300])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.3 > vectors[0] @ vectors[2]


def test_a_word_of_several_tokens_has_them_all() -> None:
    read = lone_words(FOLDER)
    assert [read._tokens(word) for word in ("carpenter", "stonemasons")] == [
        [read.rows["carpenter"]],
        [read.rows[piece] for piece in ("stone", "##mas", "##ons")],
    ]
    alone = read.vectors(["stonemasons"])
    assert read.vectors(["old", "stonemasons", "work"])[1] == pytest.approx(alone[0], abs=1e-6)
    assert read.vectors([]).shape == (0, 384)


def test_words_asked_for_again_have_the_vectors_of_the_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.lone_words._KEPT", 3)
    read = replace(lone_words(FOLDER), known={})
    first = read.vectors(["old", "stonemasons", "old"])
    assert (first[0] == first[2]).all()
    assert (read.vectors(["work", "stonemasons"])[1] == first[1]).all()
    read.vectors(["a", "b"])
    assert len(read.known) <= 3
    assert (read.vectors(["stonemasons"])[0] == first[1]).all()


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot be read"):
        lone_words(tmp_path)
    (tmp_path / "vocab.txt").write_text("the\n", encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    with pytest.raises(EmbeddingError, match="cannot be read"):
        lone_words(tmp_path)
