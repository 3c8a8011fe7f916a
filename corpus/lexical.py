"""BM25 over one field of all passages: written once, then memory-mapped and scored.

FOLDER/stems.json     the stems, sorted; a stem's number is its place
       starts.npy     (stems + 1): where each stem's postings begin
       rows.npy       (postings) the rows in which a stem stands, ascending; counts.npy how often it stands in each
       lengths.npy    (passages) stems of each passage, with repetition
       scores.npy     (postings) the BM25 score of each

Scores hang on the whole library (rarity, mean length), so an index that went on from an earlier one could not keep
them; the counts can be kept. What is kept and what is new are merged by whole arrays, and the files are the same,
byte for byte, as if every passage had been counted anew.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1, B = 1.5, 0.75
MOST_COUNTED = 1 << 20  # how often a stem may count in one passage; far beyond what a passage holds
_FILES = ("starts", "rows", "counts", "lengths", "scores")


class FieldWriter:
    """Collects the passages in the order of their rows, then writes the index.

    `base` is the folder of an earlier field, whose passages `keep` takes over; its files are only read.
    """

    def __init__(self, base: Path | None = None) -> None:
        self._base = base
        self._kept: list[tuple[int, int, int]] = []  # first row here, first row in the base, how many
        self._numbers: dict[str, int] = {}
        self._stems, self._rows, self._counts = array("i"), array("i"), array("i")
        self._lengths: list[NDArray[np.int32]] = []
        self._added = array("i")  # lengths of the passages since the last ones that were kept
        self.count = 0

    def add(self, stems: Iterable[str]) -> None:
        """The stems of the next passage."""
        counted = Counter(stems)
        for stem, count in counted.items():
            self._stems.append(self._numbers.setdefault(stem, len(self._numbers)))
            self._rows.append(self.count)
            self._counts.append(count)
        self._added.append(counted.total())
        self.count += 1

    def keep(self, first: int, count: int) -> None:
        """The next `count` passages are those that have the rows from `first` on in the base."""
        self._kept.append((self.count, first, count))
        self.count += count
        self._flush_lengths()
        lengths = _load(self._base, "lengths")
        self._lengths.append(np.array(lengths[first : first + count]) if len(lengths) else np.zeros(count, np.int32))

    def write(self, folder: Path) -> None:
        """Leaves no folder where there is not one stem: BM25 has no mean length then."""
        self._flush_lengths()
        lengths = np.concatenate(self._lengths) if self._lengths else np.zeros(0, np.int32)
        names, stems, rows, counts = self._merged()
        if not names:
            return
        stems, rows, counts = _sorted(stems, rows, counts, self.count)
        frequencies = np.bincount(stems, minlength=len(names))
        starts = np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int64)
        scores = _scores(frequencies, counts, rows, lengths)
        parts: tuple[NDArray[Any], ...] = (starts, rows, counts, lengths, scores)
        folder.mkdir()
        for name, part in zip(_FILES, parts, strict=True):
            np.save(folder / f"{name}.npy", part)
        (folder / "stems.json").write_text(json.dumps(names), encoding="utf-8")

    def _flush_lengths(self) -> None:
        self._lengths.append(np.array(self._added, np.int32))
        self._added = array("i")

    def _merged(self) -> tuple[list[str], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """All stems that stand anywhere, sorted, and the postings, unsorted: number of the stem, row, count."""
        old_names: list[str] = []
        none = np.zeros(0, np.int32)
        old = [none] * 3
        if self._kept and self._base is not None and self._base.is_dir():
            old_names = _names(self._base)
            old = self._kept_postings()
        new = [np.frombuffer(part, np.int32) if part else none for part in (self._stems, self._rows, self._counts)]
        standing = {old_names[number] for number in np.unique(old[0])}
        names = sorted(standing | self._numbers.keys())
        number = {name: place for place, name in enumerate(names)}
        to_new = np.array([number.get(name, -1) for name in old_names], np.int32)
        from_new = np.array([number[name] for name in self._numbers], np.int32)
        stems = np.concatenate([to_new[old[0]] if old_names else old[0], from_new[new[0]] if len(new[0]) else new[0]])
        return names, stems, np.concatenate([old[1], new[1]]), np.concatenate([old[2], new[2]])

    def _kept_postings(self) -> list[NDArray[np.int32]]:
        """The base's postings of the passages that were kept: its number of the stem, the row here, the count."""
        starts, rows, counts, lengths = (_load(self._base, name) for name in _FILES[:4])
        here = np.full(len(lengths), -1, np.int32)
        for first, before, count in self._kept:
            here[before : before + count] = np.arange(first, first + count, dtype=np.int32)
        placed = here[rows]
        kept = placed >= 0
        stems = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
        return [stems[kept], placed[kept], np.asarray(counts)[kept]]


class Field:
    """A written field, opened; safe to use from many threads. Without a folder, a field in which nothing stands."""

    def __init__(self, folder: Path, count: int) -> None:
        """Raises OSError, ValueError or LookupError where the files are torn."""
        self._count = count
        self._numbers: dict[str, int] = {}
        self._rows = self._scores = self._starts = np.zeros(0, np.int32)
        if not folder.is_dir():
            return
        self._starts, self._rows, counts, lengths, self._scores = (_load(folder, name) for name in _FILES)
        self._numbers = {name: place for place, name in enumerate(_names(folder))}
        if len(lengths) != count:
            raise ValueError(f"{folder} scores {len(lengths)} passages, not {count}")
        postings = int(self._starts[-1])
        if len(self._starts) != len(self._numbers) + 1 or not len(self._rows) == len(counts) == postings:
            raise ValueError(f"the parts of {folder} do not fit together")
        if len(self._scores) != postings:
            raise ValueError(f"{folder} has {len(self._scores)} scores for {postings} places")

    def scores(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(count,) BM25 (Robertson's idf as in Lucene, k1 1.5, b 0.75); unknown stems are ignored."""
        total = np.zeros(self._count, np.float32)
        for stem in stems:
            place = self._place(stem)
            total[self._rows[place]] += self._scores[place]
        return total

    def rows(self, stem: str) -> NDArray[np.int64]:
        """The rows in which the stem stands, ascending."""
        return self._rows[self._place(stem)].astype(np.int64)

    def _place(self, stem: str) -> slice:
        """Where the stem's postings are; an empty place for one that stands nowhere."""
        number = self._numbers.get(stem)
        return slice(0, 0) if number is None else slice(int(self._starts[number]), int(self._starts[number + 1]))


def _sorted(
    stems: NDArray[np.int32], rows: NDArray[np.int32], counts: NDArray[np.int32], passages: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """The postings by stem, then by row. Packed into one number each and sorted in place: a third of the memory."""
    packed = stems.astype(np.int64)
    packed *= passages
    packed += rows
    packed *= MOST_COUNTED
    packed += np.minimum(counts, MOST_COUNTED - 1)
    packed.sort()
    sorted_counts = (packed % MOST_COUNTED).astype(np.int32)
    packed //= MOST_COUNTED
    return (packed // passages).astype(np.int32), (packed % passages).astype(np.int32), sorted_counts


def _scores(
    frequencies: NDArray[np.int64], counts: NDArray[np.int32], rows: NDArray[np.int32], lengths: NDArray[np.int32]
) -> NDArray[np.float32]:
    """BM25 of each posting, as in "Which BM25 do you mean?" (Kamphuis and others, 2020), Lucene, exact lengths."""
    passages = len(lengths)
    idf = np.array([math.log(1 + (passages - n + 0.5) / (n + 0.5)) for n in frequencies.tolist()], np.float32)
    # In double precision, rounded once at the end. The length's share is worked out per row, not per posting.
    damping = K1 * (1 - B + B * lengths / lengths.mean())
    result = np.empty(len(rows), np.float32)
    of_posting = np.repeat(idf, frequencies)
    for at in range(0, len(rows), 1 << 20):
        part = slice(at, at + (1 << 20))
        share = counts[part] / (damping[rows[part]] + counts[part])
        result[part] = of_posting[part] * share
    return result


def _load(folder: Path | None, name: str) -> NDArray[Any]:
    """A file of a field as a plain view of its map (a memmap costs more at each slice); empty where there is none."""
    if folder is None or not folder.is_dir():
        return np.zeros(0, np.int32)
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


def _names(folder: Path) -> list[str]:
    names: list[str] = json.loads((folder / "stems.json").read_text(encoding="utf-8"))
    return names
