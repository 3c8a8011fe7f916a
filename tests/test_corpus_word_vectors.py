"""The words of a text with their vectors: whole words in order, unit rows, the same by either way of running it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from corpus.embedding import CompiledEmbedder, ModelCard, PlainEmbedder
from corpus.model_cache import open_embedder
from corpus.model_source import locate
from corpus.settings import DEFAULT_EMBEDDER, Settings
from corpus.word_vectors import read_question, word_vectors

TEXT = "Stonemasons chisel  limestone, don't they?"


def test_words_are_whole_and_their_rows_of_unit_length() -> None:
    read = word_vectors(open_embedder(replace(Settings.read({}), embedder=DEFAULT_EMBEDDER)), TEXT)
    assert read.words == ("Stonemasons", "chisel", "limestone", ",", "don", "'", "t", "they", "?")
    assert read.begins[0] == 0
    # "Stonemasons" is no word of the model's: it has several tokens, and the next word begins behind them.
    assert read.begins[1] > 1
    assert sorted(set(read.begins)) == list(read.begins)
    assert np.linalg.norm(read.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_plain_model_reads_the_same_words() -> None:
    source = locate(DEFAULT_EMBEDDER)
    compiled = open_embedder(replace(Settings.read({}), embedder=DEFAULT_EMBEDDER))
    card = ModelCard(source.name, compiled.dimension, compiled.window, "plain", "plain")
    plain, own = word_vectors(PlainEmbedder.open(source.folder, card), TEXT), word_vectors(compiled, TEXT)
    assert (plain.words, plain.begins) == (own.words, own.begins)
    # The compiled model is in int8.
    assert float((plain.vectors * own.vectors).sum(axis=1).min()) > 0.9


def test_a_question_is_read_in_one_run() -> None:
    embedder = open_embedder(replace(Settings.read({}), embedder=DEFAULT_EMBEDDER))
    vector, read = read_question(embedder, TEXT)
    assert vector.tobytes() == embedder.embed_query(TEXT).tobytes()
    assert read is not None
    assert read.words == word_vectors(embedder, TEXT).words
    assert np.array_equal(read.vectors, word_vectors(embedder, TEXT).vectors)


def test_the_words_that_a_model_wants_before_a_question_are_none_of_it() -> None:
    embedder = replace(
        cast(CompiledEmbedder, open_embedder(replace(Settings.read({}), embedder=DEFAULT_EMBEDDER))),
        query_prompt="query: ",
    )
    _, read = read_question(embedder, "Stone?")
    assert read is not None
    assert read.words == ("Stone", "?")


def test_another_embedder_is_named() -> None:
    with pytest.raises(TypeError, match="object gives no vectors"):
        word_vectors(cast(Any, object()), TEXT)
