"""One generation's index, over real vectors, real Chroma and real BM25."""

from __future__ import annotations

import gc
import math
import shutil
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.dense import Vectors
from corpus.embedding import Embedder
from corpus.errors import LibraryTorn, UnknownDocument
from corpus.index import Index
from corpus.index_writer import body_text
from corpus.models import Document, Passage
from corpus.words import terms, words
from tests.crafts import GUIDES, guide, write_all, write_index


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    place = tmp_path_factory.mktemp("index") / "generation"
    write_all(place, embedder)
    return place


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    opened = Index(folder, "0123456789ab")
    opened.check()
    yield opened
    opened.close()


def nearest_by_hand(index: Index, embedder: Embedder, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    vectors = np.stack([embedder.embed([index.passage(row).search_text])[0] for row in range(index.count)])
    return np.asarray(vectors @ vector, np.float32)


def test_passages_and_documents_are_as_they_were_put(index: Index) -> None:
    assert (index.count, index.document_count) == (4, 3)
    assert [index.passage(row).id for row in range(4)] == ["bees-0", "bees-2", "violins-0", "bridges-0"]
    assert list(index.rows_of("bees")) == [0, 1]
    assert index.document("violins") == guide("Violins", *GUIDES["Violins"])[0]
    assert [info.title for info in index.documents()] == list(GUIDES)
    with pytest.raises(UnknownDocument):
        index.document("flutes")


def test_dense_gives_the_cosines_of_the_vectors(index: Index, embedder: Embedder) -> None:
    questions = ["who repairs string instruments?", "what is the salary for checking bridges?"]
    vectors = np.stack([embedder.embed_query(question) for question in questions])
    found = index.dense(vectors, 10)
    assert [len(rows) for rows, _ in found] == [4, 4]
    assert [index.passage(int(rows[0])).document_id for rows, _ in found] == ["violins", "bridges"]
    for vector, (rows, cosines) in zip(vectors, found, strict=True):
        assert list(cosines) == sorted(cosines, reverse=True)
        # Embedded alone here and in a batch there: int8 vectors depend a little on their batch.
        assert cosines == pytest.approx(nearest_by_hand(index, embedder, vector)[rows], abs=0.03)
    ((rows, _),) = index.dense(vectors[:1], 2)
    assert list(rows) == list(found[0][0][:2])
    assert [rows.size for rows, _ in index.dense(vectors, 0)] == [0, 0]
    assert index.dense(vectors[:0], 5) == []


def test_lexical_is_bm25(index: Index) -> None:
    """Worked by hand: Lucene's BM25, k1 1.5, b 0.75, over text with lead-ins."""
    texts = [terms(body_text(index.passage(row))) for row in range(4)]
    shade = terms("shade")[0]
    holding = [text for text in texts if shade in text]
    assert len(holding) == 2
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    mean = sum(map(len, texts)) / 4
    expected = [
        idf * text.count(shade) / (text.count(shade) + 1.5 * (0.25 + 0.75 * len(text) / mean)) for text in texts
    ]
    assert index.lexical([shade]) == pytest.approx(expected, rel=1e-5)
    assert index.lexical([shade, shade]) == pytest.approx([2 * score for score in expected], rel=1e-5)
    assert list(index.lexical(["unheard-of"])) == list(index.lexical([])) == [0, 0, 0, 0]
    both = index.lexical([shade, *terms("luthier")])
    assert both == pytest.approx(index.lexical([shade]) + index.lexical(terms("luthier")), rel=1e-5)


def test_titles_headings_and_other_names_are_a_field_of_their_own(index: Index) -> None:
    assert list(index.lexical_title(terms("repair")) > 0) == [False, False, True, False]
    assert list(index.lexical_title(terms("fiddle")) > 0) == [False, False, True, False]
    assert not index.lexical(terms("fiddle")).any()
    assert not index.lexical_title(terms("luthier")).any()


def test_lead_ins_are_searched_with_their_items(index: Index) -> None:
    assert list(index.lexical(terms("pays")) > 0) == [False, True, False, False]


def test_document_frequency_counts_a_passage_once(index: Index) -> None:
    frequencies = {word: index.document_frequency(terms(word)[0]) for word in ("shade", "violins", "fiddle", "opera")}
    assert frequencies == {"shade": 2, "violins": 1, "fiddle": 1, "opera": 0}
    assert index.document_frequency(terms("bees")[0]) == 2  # only in the title, of two passages


def test_vocabulary_counts_passages_that_hold_a_surface_word(index: Index) -> None:
    vocabulary = index.vocabulary()
    assert (vocabulary["shade"], vocabulary["a"], vocabulary["keeping"]) == (2, 2, 2)
    assert set(vocabulary) >= set(words("luthier mends 81,000"))
    assert "luthiers" not in vocabulary


def test_each_sentence_has_its_vector(index: Index, embedder: Embedder) -> None:
    assert [len(index.sentence_vectors(row)) for row in range(4)] == [2, 1, 2, 2]
    for row in range(4):
        vectors = index.sentence_vectors(row)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)
        own = embedder.embed_passages([index.passage(row)])[0].rows[1:]
        # Run with others there and alone here: int8 vectors depend a little on their batch.
        assert (vectors * own).sum(axis=1).min() > 0.97


def test_each_passage_has_its_tokens(index: Index, embedder: Embedder) -> None:
    tokens, ends = index.tokens_of(np.array([1, 3]))
    own = [embedder.embed_passages([index.passage(row)])[0].tokens for row in (1, 3)]
    assert ends.tolist() == [len(own[0]), len(own[0]) + len(own[1])]
    assert np.array_equal(tokens, np.concatenate(own))


def test_the_vectors_of_some_passages_are_those_of_each(index: Index) -> None:
    stacked, ends = index.sentence_vectors_of(np.array([0, 2, 3]))
    assert ends.tolist() == [2, 4, 6]
    assert np.array_equal(stacked, np.concatenate([index.sentence_vectors(row) for row in (0, 2, 3)]))
    none, ends = index.sentence_vectors_of(np.zeros(0, np.int64))
    assert len(none) == len(ends) == 0


def test_many_threads_get_what_one_gets(index: Index, embedder: Embedder) -> None:
    vectors = [embedder.embed_query(question) for question in ("bees", "violins", "pay of inspectors", "shade")]

    def ask(n: int) -> tuple[bytes, bytes, bytes]:
        ((rows, cosines),) = index.dense(vectors[n % 4][None], 3)
        return rows.tobytes(), cosines.tobytes(), index.lexical(terms("shade bridge"))[rows].tobytes()

    alone = [ask(n) for n in range(4)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(80))) == alone * 20


def test_a_vector_gives_the_same_alone_beside_others_and_again(
    index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.stack([embedder.embed_query(question) for question in ("bees", "violins")])
    together = index.dense(vectors, 3)
    alone = [index.dense(vector[None], 3)[0] for vector in vectors]
    found = Vectors.nearest(index._vectors, vectors, 3)  # both in one call of Chroma's
    assert [(rows.tolist(), cosines.tobytes()) for rows, cosines in together] == [
        (rows.tolist(), cosines.tobytes()) for rows, cosines in alone
    ]
    for (rows, cosines), (ids, distances) in zip(together, found, strict=True):
        assert [index.passage(row).id for row in rows.tolist()] == ids
        assert np.array_equal(cosines, 1 - np.asarray(distances, np.float32))
    monkeypatch.setattr(Vectors, "nearest", None)
    again = index.dense(vectors, 3)
    assert [rows.tolist() for rows, _ in again] == [rows.tolist() for rows, _ in together]
    with pytest.raises(ValueError, match="read-only"):  # what is given again is nobody's to change
        again[0][1][0] = 0


def test_reopening_gives_the_same_bytes(folder: Path, embedder: Embedder) -> None:
    vector = embedder.embed_query("which work pays")[None]
    seen = set()
    for _ in range(3):
        index = Index(folder, "0123456789ab")
        ((rows, cosines),) = index.dense(vector, 4)
        seen.add((rows.tobytes(), cosines.tobytes()))
        index.close()
    assert len(seen) == 1


@pytest.mark.parametrize("texts", [[], [""], ["..."]], ids=["no passages", "an empty passage", "no words"])
def test_a_library_with_nothing_to_find_answers_with_nothing(
    tmp_path: Path, embedder: Embedder, texts: list[str]
) -> None:
    document = Document("void", "", "".join(texts), "void.md", ())
    passages = [Passage("void-0", "void", "", (), 0, len(text), text, ()) for text in texts]
    write_index(tmp_path / "index", [(document, passages)], embedder)
    index = Index(tmp_path / "index", "0123456789ab")
    index.check()
    ((rows, _),) = index.dense(embedder.embed_query("anything")[None], 5)
    assert list(rows) == list(range(len(texts)))
    assert index.lexical(["anyth"]).shape == index.lexical_title(["anyth"]).shape == (len(texts),)
    assert (index.document_frequency("anyth"), dict(index.vocabulary())) == (0, {})
    index.close()


def test_an_index_is_closed_when_its_last_holder_lets_go(folder: Path) -> None:
    index = Index(folder, "0123456789ab", None, (folder / "sentences-offsets.npy").open("rb"))
    closed = index.close
    gone = weakref.ref(index)
    del index
    assert gone() is None, "a reference circle keeps old generations open until the collector runs"
    assert not closed.alive
    gc.collect()


@pytest.mark.parametrize(
    "name", ["sentences-offsets.npy", "sentences.npy", "records.sqlite3", "vocabulary.json", "body"]
)
def test_a_missing_file_is_told(tmp_path: Path, folder: Path, name: str) -> None:
    place = shutil.copytree(folder, tmp_path / "copy")
    if name == "body":
        (place / "body" / "starts.npy").unlink()
    else:
        (place / name).unlink()
    with pytest.raises(LibraryTorn):
        Index(place, "0123456789ab").check()


def test_parts_that_do_not_fit_together_are_told(tmp_path: Path, folder: Path, embedder: Embedder) -> None:
    place = shutil.copytree(folder, tmp_path / "copy")
    write_index(tmp_path / "other", [guide("Bees", *GUIDES["Bees"])], embedder)
    for name in ("sentences.npy", "sentences-offsets.npy", "records.sqlite3"):
        shutil.copy(tmp_path / "other" / name, place / name)
    with pytest.raises(LibraryTorn, match=r"passages, not|vectors|do not fit"):
        Index(place, "0123456789ab").check()
