"""The embedder as it ships."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from corpus.embedding import CompiledEmbedder, Embedder, PassageVectors, packed
from corpus.model_cache import open_embedder
from corpus.models import Passage, Sentence
from corpus.settings import Settings
from corpus.word_vectors import word_vectors

TEXTS = (
    "Nurses who learn SQL often find work with hospital data.",
    "Bread needs flour, water, salt and time.",
    "A registered nurse can move into health informatics.",
    "pay " * 400,
    "x",
)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(Settings.read({}))


def test_vectors_have_unit_length_and_the_order_of_the_texts(embedder: Embedder) -> None:
    told: list[int] = []
    vectors = embedder.embed(TEXTS, told.append)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert told == sorted(told)
    assert told[-1] == len(TEXTS)
    for text, vector in zip(TEXTS, vectors, strict=True):
        # Each text has an int8 scale of its own, so its vector does not depend on what it is embedded with.
        assert embedder.embed_query(text).tobytes() == vector.tobytes()


def test_meaning_is_nearer_than_words(embedder: Embedder) -> None:
    nurse_data, bread, nurse_informatics, *_ = embedder.embed(TEXTS)
    assert nurse_data @ nurse_informatics > 0.5
    assert nurse_data @ bread < 0.2


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_only_the_window_is_read(embedder: Embedder) -> None:
    start = "salary " * (embedder.window + 10)
    assert embedder.embed_query(start) @ embedder.embed_query(start + "potato " * 50) > 0.9999


@pytest.mark.parametrize("text", ["", "\0", "\ud800 lone surrogate", "a" + "\u0301" * 100_000, "z" * 1_000_000])
def test_hostile_text_has_a_vector(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=1e-5)


def test_threads_get_the_bytes_that_one_caller_gets(embedder: Embedder) -> None:
    questions = [f"How much does role number {n} pay in year {2000 + n}?" for n in range(24)]
    alone = [embedder.embed_query(question).tobytes() for question in questions]
    with ThreadPoolExecutor(6) as pool:
        together = [vector.tobytes() for vector in pool.map(embedder.embed_query, questions)]
    assert together == alone


def passage(text: str, spans: Sequence[tuple[int, int]], title: str = "", leads: tuple[str, ...] = ()) -> Passage:
    return Passage(
        "p", "d", title, (), 10, 10 + len(text), text, tuple(Sentence(10 + a, 10 + b) for a, b in spans), leads
    )


def test_a_passage_and_its_sentences_have_their_vectors_from_one_run(embedder: Embedder) -> None:
    text = "Nurses learn SQL. Bread needs yeast."
    told: list[int] = []
    passages = [passage(text, [(0, 17), (18, 36)], "Trades"), passage("x", []), passage(text[:17], [(0, 17)])]
    both, none, one = (each.rows for each in embedder.embed_passages(passages, told.append))
    assert [each.shape for each in (both, none, one)] == [(3, 384), (1, 384), (2, 384)]
    assert told[-1] == 3
    for vectors in (both, none, one):
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    alone = embedder.embed([f"Trades: {text}", text[:17], text[18:]])
    assert both[0] @ alone[0] == pytest.approx(1, abs=1e-5)
    # Each sentence is nearer to itself alone than to the other one, and one that is the whole passage is near to it.
    assert both[1] @ alone[1] > both[1] @ alone[2]
    assert both[2] @ alone[2] > both[2] @ alone[1]
    assert one[1] @ one[0] > 0.9


def test_what_carries_content_in_a_passage_is_kept_token_by_token(embedder: Embedder) -> None:
    text = "The nurses, they learn SQL."
    (made,) = embedder.embed_passages([passage(text, [(0, len(text))])])
    read = word_vectors(embedder, text)
    begins = [read.begins[read.words.index(word)] for word in ("nurses", "learn", "SQL")]
    assert np.array_equal(made.tokens, packed(read.vectors[begins]))


def test_passages_keep_their_order_and_bytes_with_any_number_of_threads(embedder: Embedder) -> None:
    # The longest, which ends last, comes neither first nor last.
    passages = [passage("Bread needs flour. " * n, [(0, 18)], title=f"Loaf {n}") for n in (2, 1, 9, 4, 3)]
    told: list[int] = []
    alone = embed_with(embedder, 1).embed_passages(passages)
    together = embed_with(embedder, 3).embed_passages(passages, told.append)
    assert list(map(all_bytes, together)) == list(map(all_bytes, alone))
    assert len(set(map(all_bytes, alone))) == len(passages)
    assert told == [1, 2, 3, 4, 5]


def all_bytes(made: PassageVectors) -> bytes:
    return made.rows.tobytes() + made.tokens.tobytes()


def embed_with(embedder: Embedder, threads: int) -> CompiledEmbedder:
    assert isinstance(embedder, CompiledEmbedder)
    return replace(embedder, threads=threads)


def test_a_sentence_beyond_the_window_is_embedded_alone(embedder: Embedder) -> None:
    text = "pay " * 300 + "Bakers rise early."
    (made,) = embedder.embed_passages([passage(text, [(0, 1199), (1200, len(text))], "Work", ("", "Mind:"))])
    vectors = made.rows
    assert vectors[2] @ embedder.embed(["Work: Mind: Bakers rise early."])[0] > 0.999
    assert vectors[1] @ vectors[0] > 0.9


def test_hostile_passages_have_vectors(embedder: Embedder) -> None:
    text = "\ud800 \u0000 \u202e e" + "\u0301" * 40 + " 🛶."
    (made,) = embedder.embed_passages([passage(text, [(0, len(text)), (0, 1), (1, 2)])])
    assert np.isfinite(made.rows).all()
    assert made.rows.shape == (4, 384)


def test_opening_a_compiled_model_needs_no_torch(embedder: Embedder) -> None:
    code = (
        "import sys; from corpus.model_cache import open_embedder; from corpus.settings import Settings;"
        "print(open_embedder(Settings.read({})).embed_query('x').shape);"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"({embedder.dimension},)\n"), done.stderr
