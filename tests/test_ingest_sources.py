"""What paths name, what is passed over, what is refused."""

import os
from pathlib import Path

import pytest

from corpus.errors import SourceError, UnknownPath
from ingest.sources import Refused, Source, find_sources, read_bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "guides"
    for name in ("b.md", "a.txt", "sub/c.HTML", "README", ".hidden/d.md", ".e.md", "__init__.py", "__pycache__/f.md"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Nets hold fish.")
    (root / "g.pdf").write_bytes(b"%PDF-")
    return root


def test_a_folder_is_walked_in_order_and_named_relative_to_it(folder: Path) -> None:
    found = find_sources([str(folder)])
    assert [s.source for s in found.sources] == ["README", "a.txt", "b.md", "g.pdf", "sub/c.HTML"]
    assert [s for s in found.sources if isinstance(s, Refused)] == []
    assert found.folders == (folder.resolve(),)
    readable = [s for s in found.sources if isinstance(s, Source)]
    assert all(Path(s.origin).is_absolute() for s in readable)
    assert read_bytes(readable[0]).data == b"Nets hold fish."


def test_a_file_goes_by_its_name_and_nothing_is_named_twice(folder: Path) -> None:
    found = find_sources([str(folder / "sub" / "c.HTML"), str(folder / "sub" / "c.HTML")])
    assert [s.source for s in found.sources] == ["c.HTML"]
    assert found.folders == ()


def test_links_out_of_the_folder_are_refused_and_inner_ones_passed_over(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Not for you.")
    (folder / "out.txt").symlink_to(secret)
    (folder / "outdir").symlink_to(tmp_path)
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "gone.txt").symlink_to(folder / "nothing.txt")
    (folder / "ring.txt").symlink_to(folder / "ring.txt")
    found = {s.source: s for s in find_sources([str(folder)]).sources}
    assert isinstance(found["out.txt"], Refused)
    assert isinstance(found["outdir"], Refused)
    assert "leads out of the folder" in found["out.txt"].reason
    assert "in.txt" not in found
    for name in ("gone.txt", "ring.txt"):
        link = found[name]
        assert isinstance(link, Refused)
        assert "points to nothing" in link.reason


@pytest.mark.parametrize("path", ["nowhere", "no/where.md", "a\x00b", "~nobody-there/x"])
def test_unknown_paths(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownPath, match="There is no file or folder"):
        find_sources([path])


def test_pipes_and_giants_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    found = find_sources([str(tmp_path)]).sources
    assert [(s.source, s.reason) for s in found if isinstance(s, Refused)] == [
        ("big.txt", "The file has 64 MB; more than 64 MB is not read. Split it up."),
        ("pipe.txt", "It is no ordinary file (a pipe, socket or device)."),
    ]


def test_names_that_are_no_text_are_written_out(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Nets hold fish.")
    (source,) = find_sources([str(tmp_path)]).sources
    assert source.source == "caf\\udce9.txt"
    assert isinstance(source, Source)
    assert read_bytes(source).data


def test_addresses_are_sources_by_themselves() -> None:
    found = find_sources(["https://nets.example/a", "ftp://nets.example/b"])
    assert [(s.source, s.origin) for s in found.sources] == [
        ("https://nets.example/a", "https://nets.example/a"),
        ("ftp://nets.example/b", "ftp://nets.example/b"),
    ]


@pytest.mark.parametrize("place", ["guides/sources.toml", "sources.toml"])
def test_the_works_beside_or_in_a_folder_apply(folder: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / place).write_text("[a]\n")
    sources = [s for s in find_sources([str(folder)]).sources if isinstance(s, Source)]
    assert {s.works for s in sources} == {(tmp_path / place).resolve()}
    assert "sources.toml" not in {s.source for s in sources}


def test_a_file_that_went_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_bytes(Source("x.md", str(tmp_path / "x.md"), tmp_path / "x.md"))
