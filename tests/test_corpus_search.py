"""Scores joined over a hand-made generation: order, blending, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.calibration import score
from corpus.embedding import packed
from corpus.models import Passage, Sentence
from corpus.search import W_ASKED, Query, coverage, search, weigh
from corpus.word_vectors import WordVectors
from corpus.words import terms

Floats = NDArray[np.float32]
TEXTS = ["Nurses learn SQL.", "Pilots fly planes.", "Cooks bake bread.", "Nurses bake bread."]


class Shelf:
    """Four one-sentence passages; a vector is one axis a passage, so that every cosine is known beforehand."""

    count = 4

    def passage(self, row: int) -> Passage:
        text = TEXTS[row]
        return Passage(f"p{row}", "d", "Work", (f"Part {row}",), 0, len(text), text, (Sentence(0, len(text)),))

    def dense(self, vectors: Floats, k: int) -> list[tuple[NDArray[np.int64], Floats]]:
        ranked = [np.argsort(-vector[:4], kind="stable")[:k] for vector in vectors]
        return [(rows.astype(np.int64), vector[rows]) for rows, vector in zip(ranked, vectors, strict=True)]

    def lexical(self, stems: Sequence[str]) -> Floats:
        return np.array([sum(stem in terms(text) for stem in stems) for text in TEXTS], np.float32)

    def lexical_title(self, stems: Sequence[str]) -> Floats:
        return np.zeros(4, np.float32)

    def asked(self, vector: Floats) -> Floats:
        return np.zeros(4, np.float32)

    asked_share = 0.0

    def sentence_vectors_of(self, rows: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
        return np.eye(4, dtype=np.float32)[rows], np.arange(1, len(rows) + 1)

    def tokens_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """A passage has one token, in the direction of its axis and away from the others."""
        return packed(2 * np.eye(4, dtype=np.float32)[rows] - 1), np.arange(1, len(rows) + 1)

    def document_frequency(self, stem: str) -> int:
        return sum(stem in terms(text) for text in TEXTS)


class Axis:
    """Every question lies nearest to the second passage, a little."""

    def embed_query(self, text: str) -> Floats:
        return np.array([0.1, 0.2, 0.1, 0.1], np.float32)


def query(text: str, *vector: float, weight: float = 1.0) -> Query:
    return Query(text, np.array(vector, np.float32), tuple(terms(text)), weight)


def test_words_that_mean_what_the_question_says_move_their_passage_up() -> None:
    asked = query("nurses SQL", 0.9, 0.1, 0.0, 0.4)
    # No word of it stands in the third passage, and its vector is far from it; its one word means what stands there.
    words = WordVectors(("loaf",), (0,), np.array([[0, 0, 1, 0]], np.float32))
    plain, by_words = (search(Shelf(), [replace(asked, words=each)], 4) for each in (None, words))
    place = [[hit.passage.id for hit in found.hits].index("p2") for found in (plain, by_words)]
    assert place[1] < place[0]
    assert plain.evidence == by_words.evidence, "what is answered is not decided by it alone"


def test_what_people_ask_for_in_these_words_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = search(Shelf(), [query("nurses SQL", 0.9, 0.1, 0.0, 0.4)], 4).hits
    monkeypatch.setattr(Shelf, "asked", lambda _, __: np.array([0.0, 0.0, 0.95, 0.3], np.float32))
    asked = search(Shelf(), [query("nurses SQL", 0.9, 0.1, 0.0, 0.4)], 4).hits
    before, after = ({hit.passage.id: hit for hit in hits} for hits in (plain, asked))
    assert after["p2"].score == pytest.approx(before["p2"].score + W_ASKED)
    assert after["p2"].asked == 1.0
    assert all(after[id_].score == before[id_].score and after[id_].asked == 0 for id_ in ("p0", "p1", "p3"))


def test_words_and_meaning_agree() -> None:
    found = search(Shelf(), [query("nurses SQL", 0.9, 0.1, 0.0, 0.4)], 4)
    assert [hit.passage.id for hit in found.hits] == ["p0", "p3", "p1", "p2"]
    best = found.hits[0]
    assert best.dense == pytest.approx(0.9)
    assert best.sentence_scores == pytest.approx((0.9,))
    assert best.lexical == 2.0


def test_scores_fall_and_ties_are_broken_by_row() -> None:
    hits = search(Shelf(), [query("unknown words", 0.5, 0.5, 0.5, 0.5)], 4).hits
    assert [hit.passage.id for hit in hits] == ["p0", "p1", "p2", "p3"]


def test_a_blended_query_moves_the_order_by_its_weight() -> None:
    asked = query("bake", 0.1, 0.1, 0.5, 0.5)
    carried = query("nurses bake", 0.2, 0.1, 0.2, 0.9, weight=1.0)
    assert search(Shelf(), [asked], 1).hits[0].passage.id == "p2"
    assert search(Shelf(), [asked, carried], 1).hits[0].passage.id == "p3"


def test_evidence_worked_by_hand() -> None:
    evidence = search(Shelf(), [query("nurses zebra", 0.8, 0.1, 0.0, 0.4)], 4).evidence
    assert evidence.dense == pytest.approx(0.8)
    assert evidence.sentence == pytest.approx(0.8)
    assert evidence.dense_mean == pytest.approx((0.8 + 0.1 + 0.0 + 0.4) / 4)
    weights = weigh(Shelf(), tuple(terms("nurses zebra")))
    assert evidence.coverage == pytest.approx(weights[terms("nurses")[0]] / sum(weights.values()))
    assert evidence.unknown == pytest.approx(weights["zebra"] / sum(weights.values()))


def test_unknown_and_rare_terms_tell_most() -> None:
    weights = weigh(Shelf(), tuple(terms("nurses bread zebra")))
    assert weights["zebra"] > weights[terms("nurses")[0]] > 0


def test_coverage_is_a_share_of_weights() -> None:
    assert coverage({"a": 3.0, "b": 1.0}, {"a", "c"}) == 0.75
    assert coverage({}, {"a"}) == 1.0


def test_an_empty_library_finds_nothing() -> None:
    class Empty(Shelf):
        count = 0

    found = search(Empty(), [query("nurses", 1, 0, 0, 0)], 5)
    assert found.hits == ()
    assert score(found.evidence, {}) < 0
