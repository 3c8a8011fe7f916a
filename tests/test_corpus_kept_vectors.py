"""Vectors are made once for each text, and made again where the store has lost them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.embedding import Embedder
from corpus.kept_vectors import KeptVectors
from corpus.models import Document, Passage, Sentence
from corpus.store import Store

TEXT = "Nets hold fish. Knots hold nets."
SPANS = (Sentence(0, 15), Sentence(16, len(TEXT)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path)
    yield opened
    opened.close()


def passage(document: str, asked: tuple[str, ...] = ()) -> Passage:
    return Passage(f"{document}-0", document, "Nets", (), 0, len(TEXT), TEXT, SPANS, asked=asked)


def put(store: Store, one: Passage) -> None:
    document = Document(one.document_id, "Nets", TEXT, f"{one.document_id}.md", ())
    store.put(document, [one], f"/harbour/{one.document_id}.md", "d")


def test_a_text_is_embedded_once_whichever_documents_have_it(store: Store, embedder: Embedder) -> None:
    vectors = KeptVectors(store, embedder)
    put(store, passage("nets"))
    put(store, passage("webs"))
    assert vectors.lacking(["nets", "webs"]) == 1
    told: list[tuple[str, int, int]] = []
    assert vectors.make(["nets", "webs"], lambda *each: told.append(each)) == 1
    assert told[-1] == ("embedding", 1, 1)
    assert vectors.lacking(["nets", "webs"]) == vectors.make(["nets"], lambda *_: None) == 0


def test_behind_the_sentences_stand_those_of_how_people_ask(store: Store, embedder: Embedder) -> None:
    asked = ("how do i catch something", "what keeps a net together")
    (made,) = KeptVectors(store, embedder).of([passage("nets", asked)])
    assert made.rows.shape == (1 + len(SPANS) + len(asked), embedder.dimension)
    assert np.allclose(made.rows[-2:], embedder.embed(asked), atol=1e-3)  # kept in half precision


def test_what_the_store_has_lost_is_made_again_and_kept(store: Store, embedder: Embedder) -> None:
    put(store, passage("nets"))
    vectors = KeptVectors(store, embedder)
    vectors.make(["nets"], lambda *_: None)
    (before,) = vectors.of([passage("nets")])
    store._run("DELETE FROM vectors")
    (again,) = vectors.of([passage("nets")])
    assert np.array_equal(again.rows, before.rows)
    assert vectors.lacking(["nets"]) == 0
