"""Vectors by passage: written passage by passage, mapped, and taken over from an earlier generation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus import row_vectors as module
from corpus.row_vectors import PACKED, RowVectors, RowVectorWriter

COUNTS = (2, 0, 3, 1)


def vectors(row: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(row).normal(size=(COUNTS[row], 8)).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "first"
    place.mkdir()
    writer = RowVectorWriter(place, "sentences", 8)
    for row in range(4):
        writer.add(vectors(row))
    writer.close()
    return place


def test_each_passage_gets_its_own_back(folder: Path) -> None:
    opened = RowVectors(folder, "sentences")
    assert opened.vectors.shape == (6, 8)
    for row in range(4):
        assert opened.of(row) == pytest.approx(vectors(row), abs=2e-3)
        assert opened.of(row).dtype == np.float32
    # What numpy itself makes of the file is the same: nothing of the format is ours.
    assert np.array_equal(np.load(folder / "sentences.npy"), opened.vectors)


def test_read_from_the_map_or_from_memory_they_are_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.array([3, 0, 2])
    kept, ends = RowVectors(folder, "sentences").of_all(rows)
    with pytest.raises(ValueError, match="read-only"):
        RowVectors(folder, "sentences").of(0)[0] = 0  # the same memory is read for everybody
    monkeypatch.setattr(module, "_MOST_KEPT", 0)
    mapped, same = RowVectors(folder, "sentences").of_all(rows)
    assert kept.dtype == mapped.dtype == np.float32
    assert (kept.tobytes(), ends.tolist()) == (mapped.tobytes(), same.tolist())


def test_what_is_kept_is_as_if_it_were_written_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROWS_A_COPY", 2)
    places = [tmp_path / name for name in ("next", "alone")]
    for place in places:
        place.mkdir()
    going_on, alone = RowVectorWriter(places[0], "sentences", 8, folder), RowVectorWriter(places[1], "sentences", 8)
    going_on.keep(2, 2)
    going_on.add(vectors(0))
    going_on.keep(1, 1)
    for row in (2, 3, 0, 1):
        alone.add(vectors(row))
    going_on.close()
    alone.close()
    for name in ("sentences.npy", "sentences-offsets.npy"):
        assert (places[0] / name).read_bytes() == (places[1] / name).read_bytes()


def test_no_sentences_at_all_can_be_opened(tmp_path: Path) -> None:
    RowVectorWriter(tmp_path, "sentences", 8).close()
    assert RowVectors(tmp_path, "sentences").vectors.shape == (0, 8)


def test_a_torn_file_is_told(folder: Path) -> None:
    path = folder / "sentences.npy"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"mmap|size|buffer"):
        RowVectors(folder, "sentences")


def test_the_best_of_each_passage(folder: Path) -> None:
    opened = RowVectors(folder, "sentences")
    asked = vectors(2)[1]
    best = opened.best(asked)
    assert best.shape == (4,)
    assert best[1] == 0
    for row in (0, 2, 3):
        assert best[row] == pytest.approx(float((opened.of(row) @ asked).max()), abs=1e-5)


def test_no_rows_no_best(tmp_path: Path) -> None:
    writer = RowVectorWriter(tmp_path, "asked", 8)
    writer.add(np.zeros((0, 8), np.float32))
    writer.close()
    assert RowVectors(tmp_path, "asked").best(np.ones(8, np.float32)).tolist() == [0.0]


def test_packed_ones_come_back_as_they_are(tmp_path: Path) -> None:
    parts = [np.arange(6, dtype=np.uint8).reshape(2, 3), np.zeros((0, 3), np.uint8), np.full((1, 3), 255, np.uint8)]
    writer = RowVectorWriter(tmp_path, "tokens", 3, kind=PACKED)
    for part in parts:
        writer.add(part)
    writer.close()
    tokens, ends = RowVectors(tmp_path, "tokens").packed_of_all(np.array([0, 2]))
    assert tokens.dtype == np.uint8
    assert (tokens.tolist(), ends.tolist()) == ([[0, 1, 2], [3, 4, 5], [255, 255, 255]], [2, 3])
