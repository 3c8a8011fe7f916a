"""Generations: whole or refused, switched at once, swept with care."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus import generations
from corpus.embedding import Embedder
from corpus.errors import LibraryError, LibraryTorn
from corpus.generations import Current, Probe, build, open_index, place, read_current, sweep, switch, verify
from corpus.index import Content, Index
from corpus.model_cache import open_embedder
from corpus.models import Document, Passage, Sentence
from corpus.settings import Settings

SETTINGS = Settings.read({})
HASH = "0123456789ab" + "c" * 52
NAME = HASH[:12]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(SETTINGS)


def content(embedder: Embedder) -> Content:
    documents = []
    for n in range(12):
        text = f"Clock number {n} chimes. It is {n} years old."
        end = text.index(".") + 1
        spans = (Sentence(0, end), Sentence(end + 1, len(text)))
        passage = Passage(f"clock-{n}-0", f"clock-{n}", f"Clock {n}", ("Age",), 0, len(text), text, spans)
        documents.append((Document(f"clock-{n}", f"Clock {n}", text, f"{n}.md", ()), [passage]))
    by_id = {document.id: (document, passages) for document, passages in documents}
    return Content(
        {id_: id_ for id_ in by_id},
        12,
        embedder.dimension,
        lambda ids: [by_id[id_] for id_ in ids],
        embedder.embed_passages,
    )


def quiet(stage: str, done: int, total: int) -> None:
    pass


def fixed(index: Index, embedder: Embedder) -> Mapping[str, Any]:
    """Stands in for the search's measuring, and shows what it is given."""
    return {"passages": index.count, "model": embedder.name}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    library = tmp_path_factory.mktemp("library")
    assert build(library, HASH, content(embedder), embedder, SETTINGS, quiet, fixed) == NAME
    return library


@pytest.fixture
def library(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "library")


def names(library: Path) -> list[str]:
    return sorted(path.name for path in (library / "generations").iterdir())


def test_a_built_generation_opens_with_what_was_measured_on_it(library: Path, embedder: Embedder) -> None:
    index, manifest = open_index(library, NAME, None)
    assert index.calibration == {"passages": 12, "model": embedder.name}
    assert (manifest.hash, manifest.fingerprint, manifest.documents, manifest.passages) == (
        HASH, embedder.fingerprint, 12, 12,
    )  # fmt: skip
    index.close()
    assert names(library) == [NAME], "nothing of the building is left"
    assert read_current(library) is None, "building does not switch"
    # Using it does not change what the manifest vouches for.
    verify(place(library, NAME), whole=True)


def _every_file() -> list[str]:
    field = ["starts.npy", "rows.npy", "counts.npy", "lengths.npy", "scores.npy", "stems.json"]
    return [
        *(f"{name}/{part}" for name in ("body", "title") for part in field), "calibration.json", "asked.npy",
        "asked-offsets.npy", "tokens.npy", "tokens-offsets.npy", "sentences-offsets.npy",
        "records.sqlite3", "sentences.npy", "vocabulary.json", "chroma/chroma.sqlite3", "chroma/*/data_level0.bin",
        "chroma/*/header.bin", "chroma/*/index_metadata.pickle", "chroma/*/length.bin", "chroma/*/link_lists.bin",
        "manifest.json",
    ]  # fmt: skip


def test_every_file_is_listed_here(library: Path) -> None:
    folder = place(library, NAME)
    found = {path for pattern in _every_file() for path in folder.glob(pattern)}
    assert {p for p in folder.rglob("*") if p.is_file()} - found == {folder / "in-use", folder / "verified.json"}
    assert len(found) == len(_every_file())


@pytest.mark.parametrize("pattern", _every_file())
def test_a_file_cut_or_changed_is_refused(library: Path, pattern: str) -> None:
    (path,) = place(library, NAME).glob(pattern)
    whole = path.read_bytes()
    for share in (0, 0.25, 0.5, 0.99):
        path.write_bytes(whole[: min(int(len(whole) * share), len(whole) - 1)])
        with pytest.raises(LibraryTorn):
            open_index(library, NAME, None)
    path.unlink()
    with pytest.raises(LibraryTorn):
        open_index(library, NAME, None)
    if pattern not in (
        "chroma/chroma.sqlite3",
        "manifest.json",
    ):  # the one changes in use, the other is not vouched for
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 4]) + whole[middle + 1 :])
        with pytest.raises(LibraryTorn, match="not as it was written"):
            open_index(library, NAME, None)
    path.write_bytes(whole)
    open_index(library, NAME, None)[0].close()


def test_a_large_generation_is_read_whole_only_after_it_was_touched(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place(library, NAME)
    monkeypatch.setattr(generations, "VERIFIED_BYTES", 0)
    read: list[str] = []
    sha256 = generations._sha256

    def counted(path: Path) -> str:
        read.append(path.name)
        return sha256(path)

    monkeypatch.setattr(generations, "_sha256", counted)
    open_index(library, NAME, None)[0].close()  # a copy of the library: its files are new to it
    assert len(read) == len(_every_file()) - 2
    read.clear()
    for _ in range(2):
        open_index(library, NAME, None)[0].close()
    assert read == []
    path = folder / "sentences.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(LibraryTorn, match="not as it was written"):
        open_index(library, NAME, None)
    path.write_bytes(whole[:-1])
    with pytest.raises(LibraryTorn, match="bytes, not"):
        open_index(library, NAME, None)
    path.write_bytes(whole)
    (folder / "verified.json").write_text("[1, ", encoding="utf-8")
    read.clear()
    open_index(library, NAME, None)[0].close()
    assert len(read) == len(_every_file()) - 2, "a note that cannot be read vouches for nothing"


def test_the_probe_survives_an_index_that_may_end_a_process(library: Path) -> None:
    """Rubbish whose digest the manifest vouches for: only using the index can tell."""
    folder = place(library, NAME)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (header,) = folder.glob("chroma/*/header.bin")
    header.write_bytes(b"\xff" * header.stat().st_size)
    relative = header.relative_to(folder).as_posix()
    manifest["files"][relative] = [header.stat().st_size, generations._sha256(header)]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with Probe() as probe:
        probe.begin(folder, NAME, None)
        with pytest.raises(LibraryTorn, match="does not answer"):
            probe.wait()


def test_the_probe_compares_what_it_has_queried_with_the_manifest(library: Path) -> None:
    folder = place(library, NAME)
    with Probe() as probe:
        probe.begin(folder, NAME, None)
        probe.wait()
        probe.compare()
        probe.end()
    # Not one of the parts that a query needs.
    (folder / "calibration.json").write_bytes((folder / "calibration.json").read_bytes().replace(b"12", b"13"))
    with Probe() as probe:
        probe.begin(folder, NAME, None)
        probe.wait()
        probe.compare()
        with pytest.raises(LibraryTorn, match="not as it was written"):
            probe.end()


def test_another_format_is_told_apart_from_damage(library: Path) -> None:
    path = place(library, NAME) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "format": 99}), encoding="utf-8")
    with pytest.raises(LibraryError, match="format 99") as told:
        open_index(library, NAME, None)
    assert not isinstance(told.value, LibraryTorn)


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, embedder: Embedder) -> None:
    def fail(index: Index, embedder: Embedder) -> Mapping[str, Any]:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        build(tmp_path, HASH, content(embedder), embedder, SETTINGS, quiet, fail)
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


def test_sweeping_spares_current_previous_and_what_is_read(library: Path) -> None:
    for other in ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"):
        shutil.copytree(place(library, NAME), place(library, other))
    (library / "generations" / f".{NAME}-left").mkdir()
    switch(library, "aaaaaaaaaaaa")
    switch(library, "bbbbbbbbbbbb")
    read, _ = open_index(library, NAME, None)
    sweep(library, None)
    assert names(library) == [NAME, "aaaaaaaaaaaa", "bbbbbbbbbbbb"]
    read.close()
    sweep(library, None)
    assert names(library) == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]
