"""BM25 over one field of all passages: written once, then memory-mapped and scored. The one importer of bm25s."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class FieldWriter:
    """Collects the stems of each passage, in the order of the rows, then writes the index."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows: list[list[int]] = []

    def add(self, stems: Iterable[str]) -> None:
        numbers = self._numbers
        self._rows.append([numbers.setdefault(stem, len(numbers)) for stem in stems])

    def write(self, folder: Path) -> None:
        """Leaves no folder where there is not one stem: BM25 has no mean length then."""
        if not self._numbers:
            return
        import bm25s  # late: it takes 0.3 s, and `waymark --help` needs none of it

        bm25s.logger.setLevel(logging.WARNING)  # it sets itself to DEBUG, which would reach the person's terminal
        index = bm25s.BM25()
        index.index((self._rows, self._numbers), create_empty_token=False, show_progress=False)
        index.save(folder, show_progress=False)


class Field:
    """A written field, opened; safe to use from many threads. Without a folder, a field in which nothing stands."""

    def __init__(self, folder: Path, count: int) -> None:
        """Raises OSError, ValueError or LookupError where the files are torn."""
        self._count = count
        self._index: Any = None
        if not folder.is_dir():
            return
        import bm25s  # late: see above

        self._index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        # Plain views of the maps: a memmap costs more at each slice, and reads the same pages.
        self._index.scores = {
            name: np.asarray(part) if isinstance(part, np.ndarray) else part
            for name, part in self._index.scores.items()
        }
        if self._index.scores["num_docs"] != count:
            raise ValueError(f"{folder} scores {self._index.scores['num_docs']} passages, not {count}")

    def scores(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 (Robertson's idf as in Lucene, k1 1.5, b 0.75); unknown stems are ignored."""
        known = self._index.get_tokens_ids(stems) if self._index is not None else []
        if not known:
            return np.zeros(self._count, np.float32)
        return np.asarray(self._index.get_scores_from_ids(known), np.float32)

    def rows(self, stem: str) -> NDArray[np.int64]:
        """The rows in which the stem stands, ascending."""
        number = self._index.vocab_dict.get(stem) if self._index is not None else None
        if number is None:
            return np.zeros(0, np.int64)
        start, end = self._index.scores["indptr"][number : number + 2]
        return np.sort(self._index.scores["indices"][start:end]).astype(np.int64)
