"""Words of a question against tokens of passages: as it is defined, token by token, and the same to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from corpus import late_interaction
from corpus.embedding import packed
from corpus.late_interaction import BY_WEIGHT, max_sim
from corpus.word_vectors import WordVectors

CHANCE = np.random.default_rng(3)
COUNTS = (4, 0, 7)
ENDS = np.cumsum(COUNTS)
TOKENS = CHANCE.normal(size=(11, 384)).astype(np.float32)


def question(*words: str, begins: tuple[int, ...]) -> WordVectors:
    vectors = CHANCE.normal(size=(begins[-1] + 1, 384)).astype(np.float32)
    return WordVectors(words, begins, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_each_word_takes_the_nearest_token_and_a_word_in_pieces_its_farthest() -> None:
    asked = question("stonemasons", "earn", begins=(0, 2))
    near = max_sim(asked, [3.0, 1.0], packed(TOKENS), ENDS)
    for place, (start, end) in enumerate(((0, 4), (4, 4), (4, 11))):
        expected = 0.0
        if start < end:
            cosines = asked.vectors @ np.sign(TOKENS[start:end]).T / np.sqrt(384)
            pieces = cosines.max(axis=1)
            words = np.array([min(pieces[:2]), pieces[2]])
            expected = float(BY_WEIGHT * words @ [0.75, 0.25] + (1 - BY_WEIGHT) * words.mean())
        assert near[place] == pytest.approx(expected, abs=0.02)  # the question's components are rounded


def test_a_passage_is_as_near_whatever_is_looked_at_with_it() -> None:
    asked = question("pay", "rises", begins=(0, 1))
    alone = max_sim(asked, [1.0, 1.0], packed(TOKENS[4:]), np.array([7]))
    assert alone.tobytes() == max_sim(asked, [1.0, 1.0], packed(TOKENS), ENDS)[2:].tobytes()


def test_in_whatever_parts_it_is_made_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question("pay", "rises", begins=(0, 1))
    whole = max_sim(asked, [1.0, 1.0], packed(TOKENS), ENDS)
    monkeypatch.setattr(late_interaction, "_AT_A_TIME", 3)
    assert max_sim(asked, [1.0, 1.0], packed(TOKENS), ENDS).tobytes() == whole.tobytes()


def test_nothing_is_near_where_nothing_is_kept_or_asked() -> None:
    none = packed(np.empty((0, 384), np.float32))
    assert max_sim(question("pay", begins=(0,)), [1.0], none, np.array([0, 0])).tolist() == [0.0, 0.0]
    assert max_sim(WordVectors((), (), np.empty((0, 384), np.float32)), [], packed(TOKENS), ENDS).tolist() == [0.0] * 3
