"""The whole run, with the real library behind it: what is read again, what is removed, what is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import LibraryBusy, UnknownPath
from corpus.library import Library, open_writer
from corpus.settings import Settings
from ingest import pipeline
from ingest.pipeline import ensure_default_library, guides_folder, run
from ingest.sources import Source, find_sources

NETS = "# Nets\n\nNets hold fish, and people mend them by hand.[^pay]\n"
KNOTS = "Knots\n\nKnots are tied in twine, and they hold for years.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "guides"
    (root / "more").mkdir(parents=True)
    (root / "nets.md").write_text(NETS)
    (root / "more" / "knots.txt").write_text(KNOTS)
    return root


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def test_a_folder_becomes_a_library_that_answers(folder: Path, library: Path, settings: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    report = run([str(folder)], library, settings, lambda *stage: told.append(stage))
    assert (report.documents, report.new, report.passages, report.quarantined) == (2, 2, 2, ())
    assert report.embedded == 2  # each passage is one sentence, which is embedded once
    assert ("reading", 2, 2) in told
    assert {stage for stage, _, _ in told} >= {"reading", "embedding", "indexing"}
    with_library = Library.open(library, settings)
    assert sorted((d.source, d.title) for d in with_library.documents()) == [
        ("more/knots.txt", "Knots"),
        ("nets.md", "Nets"),
    ]
    assert with_library.generation == report.generation
    with_library.close()


def test_only_what_changed_is_read_again_and_ids_stay(folder: Path, library: Path, settings: Settings) -> None:
    first = run([str(folder)], library, settings)
    ids = _ids(library, settings)
    again = run([str(folder)], library, settings)
    assert (again.unchanged, again.new, again.changed, again.embedded) == (2, 0, 0, 0)
    assert again.generation == first.generation
    (folder / "nets.md").write_text(NETS + "\nThey last for ten years or more.\n")
    changed = run([str(folder)], library, settings)
    assert (changed.unchanged, changed.new, changed.changed) == (1, 0, 1)
    assert changed.generation != first.generation
    assert _ids(library, settings) == ids


def test_what_is_gone_from_a_folder_leaves_and_the_rest_stays(
    folder: Path, library: Path, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nBoats lie in the harbour.\n")
    run([str(folder), str(other)], library, settings)
    (folder / "more" / "knots.txt").unlink()
    report = run([str(folder)], library, settings)
    assert (report.removed, report.documents) == (1, 2)
    assert set(_ids(library, settings)) == {"nets.md", "other.md"}


def test_one_bad_file_is_quarantined_and_mended_files_come_back(
    folder: Path, library: Path, settings: Settings
) -> None:
    (folder / "empty.md").write_text(" ")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "book.pdf").write_bytes(b"%PDF-1.4")
    report = run([str(folder)], library, settings)
    assert report.documents == 2
    assert {source: reason.split()[0] for source, reason in report.quarantined} == {
        "book.pdf": "The", "empty.md": "The", "picture.txt": "The",
    }  # fmt: skip
    (folder / "empty.md").write_text("# Full\n\nNow there is something to read.\n")
    (folder / "nets.md").write_bytes(b"\x00\x01" * 200)
    report = run([str(folder)], library, settings)
    assert {source for source, _ in report.quarantined} == {"book.pdf", "nets.md", "picture.txt"}
    assert set(_ids(library, settings)) == {"empty.md", "more/knots.txt"}


def test_footnotes_are_resolved_by_the_works_beside_the_folder(folder: Path, library: Path, settings: Settings) -> None:
    works = folder.parent / "sources.toml"
    works.write_text('[pay]\ntitle = "Pay at Sea"\n')
    run([str(folder)], library, settings)
    assert _references(library, settings, "nets.md") == ["Pay at Sea"]
    works.write_text('[pay]\ntitle = "Pay on Land"\n')
    assert run([str(folder)], library, settings).changed == 2
    assert _references(library, settings, "nets.md") == ["Pay on Land"]


def test_an_address_that_is_refused_is_quarantined(folder: Path, library: Path, settings: Settings) -> None:
    report = run(["http://127.0.0.1:9/", "ftp://nets.example/"], library, settings)
    assert report.documents == 0
    assert [source for source, _ in report.quarantined] == ["http://127.0.0.1:9/", "ftp://nets.example/"]
    assert "not a public address" in report.quarantined[0][1]


def test_an_unknown_path_touches_nothing(library: Path, settings: Settings) -> None:
    with pytest.raises(UnknownPath):
        run(["/no/such/folder"], library, settings)
    assert not library.exists()


def test_a_second_ingest_is_refused_while_one_writes(folder: Path, library: Path, settings: Settings) -> None:
    with open_writer(library, settings), pytest.raises(LibraryBusy):
        run([str(folder)], library, settings)


def test_the_default_library_is_built_once_and_refreshed_when_guides_change(
    folder: Path, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "guides_folder", lambda: folder)
    ensure_default_library(library, settings)
    assert set(_ids(library, settings)) == {"nets.md", "more/knots.txt"}
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
        "from ingest.pipeline import ensure_default_library; import ingest.__main__; "
        f"ensure_default_library(Path({str(library)!r}), Settings.read({{}})); "
        "print([m for m in ('torch', 'chromadb', 'bs4', 'httpx', 'rich', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    assert done.stdout.strip() == "[]"
    assert set(_ids(library, settings)) == {"nets.md", "more/knots.txt"}


def _ids(library: Path, settings: Settings) -> dict[str, str]:
    opened = Library.open(library, settings)
    found = {document.source: document.id for document in opened.documents()}
    opened.close()
    return found


def _references(library: Path, settings: Settings, source: str) -> list[str]:
    opened = Library.open(library, settings)
    document = opened.document(next(d.id for d in opened.documents() if d.source == source))
    opened.close()
    return [note.reference.title for note in document.footnotes]
