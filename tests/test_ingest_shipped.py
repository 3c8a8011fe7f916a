"""The library of the guides that ship: built where there is none, refreshed where they changed, else left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.contents import library_contents
from corpus.settings import Settings
from ingest import shipped
from ingest.pipeline import run
from ingest.shipped import ensure_default_library, guides_folder
from ingest.sources import Source, find_sources

NETS = "# Nets\n\nNets hold fish, and people mend them by hand.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "guides"
    (root / "more").mkdir(parents=True)
    (root / "nets.md").write_text(NETS)
    (root / "more" / "knots.txt").write_text("Knots\n\nKnots are tied in twine, and they hold for years.\n")
    return root


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def sources(library: Path, settings: Settings) -> set[str]:
    return {document["source"] for document in library_contents(library, settings)["contents"]}


def test_the_default_library_is_built_once_and_refreshed_when_guides_change(
    folder: Path, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "guides_folder", lambda: folder)
    ensure_default_library(library, settings)
    assert sources(library, settings) == {"nets.md", "more/knots.txt"}
    stamp = (library / "CURRENT").stat().st_mtime_ns
    ensure_default_library(library, settings)
    assert (library / "CURRENT").stat().st_mtime_ns == stamp
    (folder / "nets.md").write_text(NETS + "\nThey last for ten years or more.\n")
    ensure_default_library(library, settings)
    assert (library / "CURRENT").stat().st_mtime_ns != stamp


def test_the_shipped_guides_are_all_read() -> None:
    guides = find_sources([str(guides_folder())]).sources
    assert [source.source for source in guides if not isinstance(source, Source)] == []
    assert len(guides) == len(list(guides_folder().glob("*.md"))) > 0


def test_a_library_of_other_sources_is_left_as_it_is_at_no_cost(
    folder: Path, library: Path, settings: Settings
) -> None:
    run([str(folder)], library, settings)
    code = (
        "import sys; from pathlib import Path; from corpus.settings import Settings; "
        "from ingest.shipped import ensure_default_library; import ingest.__main__; "
        f"ensure_default_library(Path({str(library)!r}), Settings.read({{}})); "
        "print([m for m in ('torch', 'chromadb', 'bs4', 'httpx', 'rich', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    assert done.stdout.strip() == "[]"
    assert sources(library, settings) == {"nets.md", "more/knots.txt"}
