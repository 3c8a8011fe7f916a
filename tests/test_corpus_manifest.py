"""What a generation consists of: a file that is cut, changed or gone is refused before anything opens it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import manifest
from corpus.errors import LibraryError, LibraryTorn
from corpus.generations import open_index, place
from tests.clocks import NAME


def _every_file() -> list[str]:
    field = ["starts.npy", "rows.npy", "counts.npy", "lengths.npy", "scores.npy", "stems.json"]
    return [
        *(f"{name}/{part}" for name in ("body", "title") for part in field), "calibration.json", "asked.npy",
        "asked-offsets.npy", "tokens.npy", "tokens-offsets.npy", "sentences-offsets.npy",
        "records.sqlite3", "sentences.npy", "vocabulary.json", "chroma/chroma.sqlite3", "chroma/*/data_level0.bin",
        "chroma/*/header.bin", "chroma/*/index_metadata.pickle", "chroma/*/length.bin", "chroma/*/link_lists.bin",
        "manifest.json",
    ]  # fmt: skip


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose bytes are read from now on."""
    read: list[str] = []
    sha256 = manifest.sha256_of

    def reading(path: Path) -> str:
        read.append(path.name)
        return sha256(path)

    monkeypatch.setattr(manifest, "sha256_of", reading)
    return read


def test_every_file_is_listed_here(clocks: Path) -> None:
    folder = place(clocks, NAME)
    found = {path for pattern in _every_file() for path in folder.glob(pattern)}
    assert {p for p in folder.rglob("*") if p.is_file()} - found == {folder / "in-use", folder / "verified.json"}
    assert len(found) == len(_every_file())


@pytest.mark.parametrize("pattern", _every_file())
def test_a_file_cut_or_changed_is_refused(clocks: Path, pattern: str) -> None:
    (path,) = place(clocks, NAME).glob(pattern)
    whole = path.read_bytes()
    for share in (0, 0.25, 0.5, 0.99):
        path.write_bytes(whole[: min(int(len(whole) * share), len(whole) - 1)])
        with pytest.raises(LibraryTorn):
            open_index(clocks, NAME, None)
    path.unlink()
    with pytest.raises(LibraryTorn):
        open_index(clocks, NAME, None)
    if pattern not in (
        "chroma/chroma.sqlite3",
        "manifest.json",
    ):  # the one changes in use, the other is not vouched for
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 4]) + whole[middle + 1 :])
        with pytest.raises(LibraryTorn, match="not as it was written"):
            open_index(clocks, NAME, None)
    path.write_bytes(whole)
    open_index(clocks, NAME, None)[0].close()


def test_a_large_generation_is_read_whole_only_after_it_was_touched(
    clocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place(clocks, NAME)
    monkeypatch.setattr(manifest, "VERIFIED_BYTES", 0)
    read = counted(monkeypatch)
    open_index(clocks, NAME, None)[0].close()  # a copy of the library: its files are new to it
    assert len(read) == len(_every_file()) - 2
    read.clear()
    for _ in range(2):
        open_index(clocks, NAME, None)[0].close()
    assert read == []
    path = folder / "sentences.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(LibraryTorn, match="not as it was written"):
        open_index(clocks, NAME, None)
    path.write_bytes(whole[:-1])
    with pytest.raises(LibraryTorn, match="bytes, not"):
        open_index(clocks, NAME, None)
    path.write_bytes(whole)
    (folder / "verified.json").write_text("[1, ", encoding="utf-8")
    read.clear()
    open_index(clocks, NAME, None)[0].close()
    assert len(read) == len(_every_file()) - 2, "a note that cannot be read vouches for nothing"


def test_another_format_is_told_apart_from_damage(clocks: Path) -> None:
    path = place(clocks, NAME) / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "format": 99}), encoding="utf-8")
    with pytest.raises(LibraryError, match="format 99") as told:
        open_index(clocks, NAME, None)
    assert not isinstance(told.value, LibraryTorn)


def test_what_was_read_ahead_counts_for_files_that_are_as_they_were(
    clocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place(clocks, NAME)
    known = manifest.read_ahead(folder)
    read = counted(monkeypatch)
    manifest.verify(folder, whole=True, known=known)
    assert read == []
    path = folder / "sentences.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(LibraryTorn, match="not as it was written"):
        manifest.verify(folder, whole=True, known=known)
    assert read == ["sentences.npy"]


def test_a_file_that_goes_while_the_index_is_read_ahead_is_passed_over(
    clocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place(clocks, NAME)
    there = list(manifest.files_of(folder))
    gone = folder / "chroma" / "chroma.sqlite3-journal"
    monkeypatch.setattr(manifest, "files_of", lambda _: iter([gone, *there]))
    known = manifest.read_ahead(folder)
    assert len(known) == len(there) - 1, "Chroma's base is compared otherwise"
    manifest.verify(folder, whole=True, known=known)
