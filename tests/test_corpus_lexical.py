"""One BM25 field, written and opened."""

from __future__ import annotations

import random
from pathlib import Path

import bm25s
import numpy as np
import pytest

from corpus.lexical import Field, FieldWriter

ROWS: tuple[list[str], ...] = (["pay", "nurs"], ["nurs", "nurs", "night"], [], ["pay"])


@pytest.fixture
def field(tmp_path: Path) -> Field:
    writer = FieldWriter()
    for row in ROWS:
        writer.add(row)
    writer.write(tmp_path / "field")
    return Field(tmp_path / "field", len(ROWS))


def test_a_stem_is_found_in_its_rows_and_no_others(field: Field) -> None:
    assert {stem: list(field.rows(stem)) for stem in ("pay", "nurs", "night", "pa", "")} == {
        "pay": [0, 3],
        "nurs": [0, 1],
        "night": [1],
        "pa": [],
        "": [],
    }


def test_scores_prefer_repetition_rarity_and_short_rows(field: Field) -> None:
    nurse = field.scores(["nurs"])
    assert nurse[1] > nurse[0] > nurse[2] == nurse[3] == 0
    pay = field.scores(["pay"])
    assert pay[3] > pay[0] > 0
    assert field.scores(["night"])[1] > field.scores(["nurs"])[0]


def test_scores_are_those_of_bm25s_bit_for_bit(tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = [[f"w{int(chance.paretovariate(0.6)) % 400}" for _ in range(chance.randint(1, 60))] for _ in range(300)]
    writer, numbers = FieldWriter(), dict[str, int]()
    for row in rows:
        writer.add(row)
    writer.write(tmp_path / "field")
    reference = bm25s.BM25()
    numbered = [[numbers.setdefault(stem, len(numbers)) for stem in row] for row in rows]
    reference.index((numbered, numbers), create_empty_token=False, show_progress=False)
    ours = Field(tmp_path / "field", len(rows))
    for row in rows[:50]:
        query = [row[0], "w1", row[-1], row[0]]
        expected = reference.get_scores_from_ids(reference.get_tokens_ids(query))
        assert ours.scores(query).tobytes() == np.asarray(expected, np.float32).tobytes()


def test_what_is_kept_is_as_if_it_were_counted_again(tmp_path: Path, field: Field) -> None:
    going_on, alone = FieldWriter(tmp_path / "field"), FieldWriter()
    going_on.add(["night", "shift"])
    going_on.keep(0, 1)
    going_on.keep(2, 2)
    for row in (["night", "shift"], ROWS[0], ROWS[2], ROWS[3]):
        alone.add(row)
    going_on.write(tmp_path / "next")
    alone.write(tmp_path / "alone")
    names = sorted(path.name for path in (tmp_path / "alone").iterdir())
    assert len(names) == 6
    for name in names:
        assert (tmp_path / "next" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes(), name
    assert list(Field(tmp_path / "next", 4).rows("night")) == [0]


def test_going_on_from_a_field_without_a_word(tmp_path: Path) -> None:
    FieldWriter().write(tmp_path / "none")
    writer = FieldWriter(tmp_path / "none")
    writer.keep(0, 2)
    writer.add(["pay"])
    writer.write(tmp_path / "next")
    assert list(Field(tmp_path / "next", 3).rows("pay")) == [2]


def test_a_field_without_a_word_leaves_no_folder_and_scores_nothing(tmp_path: Path) -> None:
    writer = FieldWriter()
    writer.add([])
    writer.write(tmp_path / "field")
    assert not (tmp_path / "field").exists()
    empty = Field(tmp_path / "field", 3)
    assert list(empty.scores(["pay"])) == [0, 0, 0]
    assert list(empty.rows("pay")) == []


def test_a_field_of_another_library_is_refused(field: Field, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scores 4 passages, not 5"):
        Field(tmp_path / "field", 5)
