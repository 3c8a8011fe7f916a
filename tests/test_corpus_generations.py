"""Generations: built whole or not at all, switched at once, swept with care."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.embedding import Embedder
from corpus.errors import LibraryTorn
from corpus.generations import Current, build, open_index, place, read_current, sweep, switch
from corpus.index import Index
from corpus.manifest import verify
from corpus.settings import Settings
from tests.clocks import HASH, NAME, content, quiet


def names(library: Path) -> list[str]:
    return sorted(path.name for path in (library / "generations").iterdir())


def test_a_built_generation_opens_with_what_was_measured_on_it(clocks: Path, embedder: Embedder) -> None:
    index, manifest = open_index(clocks, NAME, None)
    assert index.calibration == {"passages": 12, "model": embedder.name}
    assert (manifest.hash, manifest.fingerprint, manifest.documents, manifest.passages) == (
        HASH, embedder.fingerprint, 12, 12,
    )  # fmt: skip
    index.close()
    assert names(clocks) == [NAME], "nothing of the building is left"
    assert read_current(clocks) is None, "building does not switch"
    # Using it does not change what the manifest vouches for.
    verify(place(clocks, NAME), whole=True)


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, embedder: Embedder, settings: Settings) -> None:
    def fail(index: Index, embedder: Embedder) -> Mapping[str, Any]:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        build(tmp_path, HASH, content(embedder), embedder, settings, quiet, fail)
    assert names(tmp_path) == []


def test_current_remembers_the_one_before(tmp_path: Path) -> None:
    assert read_current(tmp_path) is None
    said = []
    for name in ("a1", "b2", "b2", "c3"):
        switch(tmp_path, name)
        said.append(read_current(tmp_path))
    assert said == [Current("a1"), Current("b2", "a1"), Current("b2", "a1"), Current("c3", "b2")]
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


@pytest.mark.parametrize("content", [b"", b"\n", b"../../etc\n", b"\xff\n", b".hidden\n"])
def test_a_current_that_names_nothing_usable_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(LibraryTorn, match="CURRENT"):
        read_current(tmp_path)
    switch(tmp_path, "a1")
    assert read_current(tmp_path) == Current("a1")


def test_sweeping_spares_current_previous_and_what_is_read(clocks: Path) -> None:
    for other in ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"):
        shutil.copytree(place(clocks, NAME), place(clocks, other))
    (clocks / "generations" / f".{NAME}-left").mkdir()
    switch(clocks, "aaaaaaaaaaaa")
    switch(clocks, "bbbbbbbbbbbb")
    read, _ = open_index(clocks, NAME, None)
    sweep(clocks, None)
    assert names(clocks) == [NAME, "aaaaaaaaaaaa", "bbbbbbbbbbbb"]
    read.close()
    sweep(clocks, None)
    assert names(clocks) == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]
