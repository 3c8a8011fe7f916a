"""Vectors of one generation of which a passage has several: its sentences', those of the words in which people ask for
it, its tokens'. One array for all, and where each passage's rows begin in it.

FOLDER/NAME.npy           (rows, d) float16, or signs packed in bytes; memory-mapped when read
       NAME-offsets.npy   (passages + 1): where each passage's rows begin
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HALVES, PACKED = np.dtype("<f2"), np.dtype(np.uint8)
_ROWS_A_COPY = 65_536
# Up to so many bytes the vectors are kept in memory as they are reckoned with: reading them from halves each time takes
# a tenth of an answer. Above it they are read from the map.
_MOST_KEPT = 128 << 20


class RowVectorWriter:
    """Writes passage by passage in the order of their rows, with bounded memory.

    `base` is the folder of an earlier generation, whose passages `keep` takes over; its files are only read.
    """

    def __init__(
        self, folder: Path, name: str, width: int, base: Path | None = None, kind: np.dtype[Any] = HALVES
    ) -> None:
        self._folder, self._name, self._width, self._kind = folder, name, width, kind
        self._base = RowVectors(base, name) if base is not None else None
        self._offsets = [np.zeros(1, np.int64)]
        self._rows = 0
        self._file = (folder / f"{name}.npy").open("wb+")
        self._write_header()

    def add(self, vectors: NDArray[Any]) -> None:
        """The (rows, width) vectors of the next passage."""
        self._file.write(np.ascontiguousarray(vectors, self._kind).tobytes())
        self._rows += len(vectors)
        self._offsets.append(np.array([self._rows], np.int64))

    def keep(self, first: int, count: int) -> None:
        """The next `count` passages are those that have the rows from `first` on in the base."""
        assert self._base is not None
        offsets = self._base.offsets[first : first + count + 1]
        for at in range(int(offsets[0]), int(offsets[-1]), _ROWS_A_COPY):
            self._file.write(self._base.vectors[at : min(at + _ROWS_A_COPY, int(offsets[-1]))].tobytes())
        self._offsets.append(offsets[1:] - offsets[0] + self._rows)
        self._rows += int(offsets[-1] - offsets[0])

    def abandon(self) -> None:
        """Let go of the file, which is of no use any more."""
        self._file.close()

    def close(self) -> None:
        """Write what is known only at the end: how many there are, and the offsets."""
        self._file.seek(0)
        self._write_header()
        self._file.close()
        np.save(self._folder / f"{self._name}-offsets.npy", np.concatenate(self._offsets))

    def _write_header(self) -> None:
        # numpy leaves room in the header for the first axis to grow, so that it can be written over in place.
        shape = (self._rows, self._width)
        header = {"descr": np.lib.format.dtype_to_descr(self._kind), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)


class RowVectors:
    """The vectors, opened. Raises OSError or ValueError where the files are torn."""

    def __init__(self, folder: Path, name: str) -> None:
        self.offsets: NDArray[np.int64] = np.load(folder / f"{name}-offsets.npy")
        # A plain view of the map: a memmap costs more at each slice, and reads the same pages.
        self.vectors: NDArray[Any] = np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))

    @cached_property
    def _read(self) -> NDArray[Any]:
        """The vectors as they are read, made when the first is: whoever goes on from a generation only copies them."""
        if 2 * self.vectors.nbytes > _MOST_KEPT:
            return self.vectors
        kept = self.vectors.astype(np.float32)
        kept.setflags(write=False)
        return kept

    def of(self, row: int) -> NDArray[np.float32]:
        """(rows of the passage, d), of unit length."""
        return np.asarray(self._read[self.offsets[row] : self.offsets[row + 1]], np.float32)

    def of_all(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """(rows of all these passages, d), one passage after the other, and where each one's end."""
        places, ends = self._places(rows)
        return self._read[places].astype(np.float32, copy=False), ends

    def packed_of_all(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """As `of_all`, for rows of packed signs, which stay packed."""
        places, ends = self._places(rows)
        return self.vectors[places], ends

    def _places(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        first, counts = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        ends = np.cumsum(counts)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts), ends

    def best(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(passages,), the best cosine of each passage's rows to a unit vector; 0 where it has none."""
        best = np.zeros(len(self.offsets) - 1, np.float32)
        if len(self.vectors):
            cosines = np.concatenate([
                np.vecdot(self._read[at : at + _ROWS_A_COPY].astype(np.float32, copy=False), vector)
                for at in range(0, len(self.vectors), _ROWS_A_COPY)
            ])  # fmt: skip
            held = self.offsets[:-1] < self.offsets[1:]
            best[held] = np.maximum.reduceat(cosines, self.offsets[:-1][held])
        return best
