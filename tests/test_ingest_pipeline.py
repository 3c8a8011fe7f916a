"""The whole run, with the real library behind it: what is read again, what is removed, what is told."""

import hashlib
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from corpus.contents import document_contents, library_contents
from corpus.errors import LibraryBusy, UnknownDocument, UnknownLibrary, UnknownPath, UsageError
from corpus.library import Library, open_writer
from corpus.settings import Settings
from ingest import pipeline
from ingest.duplicates import SAME
from ingest.pipeline import remove, run
from tests.test_ingest_web import here, server

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


def test_a_bad_file_that_is_gone_is_no_longer_listed(folder: Path, library: Path, settings: Settings) -> None:
    (folder / "empty.md").write_text(" ")
    run([str(folder)], library, settings)
    (folder / "empty.md").unlink()
    run([str(folder)], library, settings)
    assert library_contents(library, settings)["quarantined"] == []


def test_a_copy_is_joined_and_takes_the_place_of_the_one_that_leaves(
    folder: Path, library: Path, settings: Settings, tmp_path: Path
) -> None:
    (folder / "nets (1).md").write_text(NETS)
    report = run([str(folder)], library, settings)
    assert (report.documents, report.new, report.passages) == (2, 3, 2)
    (joined,) = report.joined
    assert (joined.source, joined.reason, joined.likeness) == ("nets (1).md", SAME, 1.0)
    ids = _ids(library, settings)
    assert joined.joined_to == ids["nets.md"]
    listed = library_contents(library, settings)["joined"]
    assert [(one["document_id"], one["source"], one["joined_to"]) for one in listed] == [
        (joined.document_id, "nets (1).md", ids["nets.md"])
    ]
    assert document_contents(library, ids["nets.md"])["joined"][0]["document_id"] == joined.document_id
    assert document_contents(library, joined.document_id)["joined_to"] == ids["nets.md"]
    # The order of ingesting does not matter, nor does it whether they came one by one.
    other = tmp_path / "other"
    for name in ("nets (1).md", "nets.md", "more/knots.txt"):
        run([str(folder / name)], other, settings)
    assert _joined(other, settings) == {"nets (1).md": "nets.md"}

    again = run([str(folder)], library, settings)
    assert (again.unchanged, again.generation, again.joined) == (3, report.generation, report.joined)
    (folder / "nets.md").unlink()
    report = run([str(folder)], library, settings)
    assert (report.removed, report.documents, report.joined, report.embedded) == (1, 2, (), 0)
    assert _ids(library, settings)["nets (1).md"] == joined.document_id


def test_sync_leaves_what_is_named_and_nothing_else(
    folder: Path, library: Path, settings: Settings, tmp_path: Path
) -> None:
    other, bad = tmp_path / "other.md", tmp_path / "bad.md"
    other.write_text("# Other\n\nBoats lie in the harbour.\n")
    bad.write_text(" ")
    run([str(folder), str(other), str(bad), "http://127.0.0.1:9/"], library, settings)
    (folder / "nets.md").unlink()
    report = run([str(folder)], library, settings, sync=True)
    assert (report.documents, report.removed) == (1, 2)
    assert library_contents(library, settings)["quarantined"] == []
    (folder / "more" / "knots.txt").unlink()
    with pytest.raises(UsageError, match="nothing to read"):
        run([str(folder)], library, settings, sync=True)
    assert len(_ids(library, settings)) == 1


def test_a_folder_that_cannot_be_looked_into_keeps_its_documents(
    folder: Path, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([str(folder)], library, settings)
    listing = Path.iterdir

    def iterdir(path: Path) -> object:
        if path.name == "more":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    report = run([str(folder)], library, settings)
    assert [source for source, _ in report.quarantined] == ["more"]
    assert (report.removed, report.documents) == (0, 2)


def test_a_dry_run_tells_all_and_writes_nothing(folder: Path, library: Path, settings: Settings) -> None:
    planned = run([str(folder)], library, settings, dry_run=True)
    assert not library.exists()
    done = run([str(folder)], library, settings)
    assert (planned.dry_run, done.dry_run) == (True, False)
    assert _counts(planned) == _counts(done)

    (folder / "nets.md").write_text(NETS + "\nThey last for ten years or more.\n")
    (folder / "more" / "knots.txt").unlink()
    (folder / "sails.md").write_text("# Sails\n\nSails are cut from cloth.\n")
    (folder / "copy of sails.md").write_text("# Sails\n\nSails are cut from cloth.\n")
    (folder / "bad.md").write_text(" ")
    before = _bytes(library)
    planned = run([str(folder)], library, settings, dry_run=True)
    assert _bytes(library) == before
    assert (planned.new, planned.changed, planned.removed, len(planned.joined), len(planned.quarantined)) == (
        2, 1, 1, 1, 1,
    )  # fmt: skip
    done = run([str(folder)], library, settings)
    assert _counts(planned) == _counts(done)
    assert run([str(folder)], library, settings, dry_run=True).embedded == 0


def test_what_is_unchanged_is_not_written(folder: Path, library: Path, settings: Settings) -> None:
    (folder / "bad.md").write_text(" ")
    (folder / "nets (1).md").write_text(NETS)
    first = run([str(folder)], library, settings)
    before = _bytes(library)
    for _ in range(2):
        report = run([str(folder)], library, settings)
        assert (report.unchanged, report.embedded) == (3, 0)
        assert (report.documents, report.passages, report.generation) == (2, 2, first.generation)
    assert _changed(before, _bytes(library)) <= {"lock-holder.json"}


def test_what_is_unchanged_loads_no_model_and_no_index(folder: Path, library: Path, settings: Settings) -> None:
    first = run([str(folder)], library, settings)
    code = (
        "import sys; from pathlib import Path; from corpus.settings import Settings; from ingest.pipeline import run;"
        "print(run([sys.argv[1]], Path(sys.argv[2]), Settings.read({})).generation);"
        "assert not {'chromadb', 'onnxruntime', 'tokenizers'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(library)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, f"{first.generation}\n"), done.stderr


def test_what_is_torn_is_built_again_though_no_source_changed(folder: Path, library: Path, settings: Settings) -> None:
    first = run([str(folder)], library, settings)
    for name in ("sentences.npy", "chroma/chroma.sqlite3"):
        torn = library / "generations" / first.generation / name
        torn.write_bytes(torn.read_bytes()[:-50])
        again = run([str(folder)], library, settings)
        assert (again.generation, again.unchanged, again.embedded) == (first.generation, 2, 0)
        opened = Library.open(library, settings)
        assert opened.status == "ok"
        opened.close()


def test_a_changed_guide_embeds_its_changed_passages_alone(folder: Path, library: Path, settings: Settings) -> None:
    sections = [
        f"## Part {n}\n\n" + " ".join(f"Rope number {n}-{m} holds {n * 7 + m} barrels in a storm." for m in range(20))
        for n in range(12)
    ]
    (folder / "ropes.md").write_text("# Ropes\n\n" + "\n\n".join(sections) + "\n")
    assert run([str(folder)], library, settings).embedded >= 12
    sections[5] = sections[5].replace("Rope number 5-3 holds", "Rope number 5-3 never holds")
    (folder / "ropes.md").write_text("# Ropes\n\n" + "\n\n".join(sections) + "\n")
    report = run([str(folder)], library, settings)
    assert (report.changed, report.embedded) == (1, 1), "the one passage that changed"


def test_documents_are_removed_by_id_and_come_back_when_ingested(
    folder: Path, library: Path, settings: Settings
) -> None:
    (folder / "nets (1).md").write_text(NETS)
    report = run([str(folder)], library, settings)
    ids = _ids(library, settings)
    with pytest.raises(UnknownDocument, match=ids["nets.md"]) as told:
        remove([ids["nets.md"], ids["nets.md"][:-1]], library, settings)
    assert told.value.exit_code == 2
    assert _ids(library, settings) == ids, "nothing is removed where one id is unknown"
    removal = remove([ids["nets.md"]], library, settings)
    assert removal.generation != report.generation
    assert (removal.documents, removal.answering_now) == (2, (report.joined[0].document_id,))
    assert set(_ids(library, settings)) == {"more/knots.txt", "nets (1).md"}
    with open_writer(library, settings) as writer:
        writer.remove(ids["more/knots.txt"])
    assert "more/knots.txt" in _ids(library, settings), "a removal that was interrupted is not yet shown"
    remove([ids["more/knots.txt"]], library, settings)
    assert set(_ids(library, settings)) == {"nets (1).md"}, "and goes on when it is asked for again"
    assert run([str(folder)], library, settings).generation == report.generation
    assert _ids(library, settings) == ids
    with pytest.raises(UnknownLibrary):
        remove(["x"], library / "none", settings)
    assert not (library / "none").exists()


PAGE = "<html><head><title>Nets</title></head><body><h1>Nets</h1><p>Nets hold fish, {} say.</p></body></html>"


class Site:
    """One page, its server's state and what was asked of it."""

    def __init__(self) -> None:
        self.text, self.status, self.etag, self.modified = "people", 200, '"v1"', "Tue, 05 Mar 2024 10:00:00 GMT"
        self.asked: list[tuple[str | None, str | None]] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        matched, since = handler.headers["If-None-Match"], handler.headers["If-Modified-Since"]
        self.asked.append((matched, since))
        status = 304 if self.status == 200 and matched == self.etag else self.status
        handler.send_response(status)
        if status == 200:
            handler.send_header("Content-Type", "text/html")
            handler.send_header("ETag", self.etag)
            handler.send_header("Last-Modified", self.modified)
        handler.end_headers()
        if status == 200:
            handler.wfile.write(PAGE.format(self.text).encode())


@pytest.fixture
def web_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are this machine's: the guards are tested in test_ingest_web.py."""
    monkeypatch.setattr("ingest.web.Web", here)


@pytest.mark.usefixtures("web_here")
def test_a_page_is_fetched_again_only_when_it_changed(
    library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    with server(site) as port:
        address = f"http://nets.example:{port}/nets"
        assert run([address], library, settings).new == 1
        before = _bytes(library)
        with monkeypatch.context() as patch:
            patch.setattr("ingest.limited.LimitedReaders.read", _never)
            report = run([address], library, settings)
        assert (report.unchanged, report.changed, report.embedded) == (1, 0, 0)
        assert site.asked == [(None, None), (site.etag, site.modified)]
        after = _bytes(library)
        assert _changed(before, after) <= {"lock-holder.json"}

        # The same page under a new name: read, found to be the same, and asked for by that name next time.
        site.etag = '"v2"'
        assert run([address], library, settings).unchanged == 1
        assert run([address], library, settings).unchanged == 1
        assert [matched for matched, _ in site.asked[2:]] == ['"v1"', '"v2"']

        site.etag, site.text = '"v3"', "sailors"
        assert run([address], library, settings).changed == 1

        # Other code reads pages otherwise: they are asked for whole, though they did not change.
        monkeypatch.setattr(pipeline, "code_digest", lambda: b"f" * 64)
        assert run([address], library, settings).changed == 1
        assert site.asked[-1] == (None, None)


@pytest.mark.usefixtures("web_here")
def test_a_page_that_cannot_be_had_just_now_stays_as_it_is(library: Path, settings: Settings) -> None:
    site = Site()
    with server(site) as port:
        address = f"http://nets.example:{port}/nets"
        first = run([address], library, settings)
        site.status = 503
        report = run([address], library, settings)
    assert (report.documents, report.removed, report.quarantined, report.generation) == (1, 0, (), first.generation)
    ((source, reason),) = report.kept
    assert source == address
    assert "answered 503" in reason
    # Nobody listens there any more.
    report = run([address], library, settings)
    assert (report.documents, len(report.kept)) == (1, 1)
    assert "could not be fetched" in report.kept[0][1]


@pytest.mark.usefixtures("web_here")
def test_a_page_that_is_gone_leaves(library: Path, settings: Settings) -> None:
    site = Site()
    with server(site) as port:
        address = f"http://nets.example:{port}/nets"
        run([address], library, settings)
        site.status = 404
        report = run([address], library, settings)
        assert (report.documents, report.removed, report.kept) == (0, 1, ())
        assert "answered 404" in report.quarantined[0][1]
        site.status = 200
        report = run([address], library, settings)
        assert (report.documents, report.new, report.quarantined) == (1, 1, ())
    assert library_contents(library, settings)["quarantined"] == []


@pytest.mark.usefixtures("web_here")
def test_a_page_that_was_never_had_is_quarantined(library: Path, settings: Settings) -> None:
    site = Site()
    site.status = 503
    with server(site) as port:
        report = run([f"http://nets.example:{port}/nets"], library, settings)
    assert (report.documents, report.kept, len(report.quarantined)) == (0, (), 1)


def test_an_unknown_path_touches_nothing(library: Path, settings: Settings) -> None:
    with pytest.raises(UnknownPath):
        run(["/no/such/folder"], library, settings)
    assert not library.exists()


def test_a_second_ingest_is_refused_while_one_writes(folder: Path, library: Path, settings: Settings) -> None:
    with open_writer(library, settings), pytest.raises(LibraryBusy):
        run([str(folder)], library, settings)


def _never(*arguments: object, **named: object) -> None:
    raise AssertionError("An unchanged page was parsed.")


def _counts(report: pipeline.IngestReport) -> tuple[object, ...]:
    return (
        report.documents, report.new, report.changed, report.unchanged, report.removed, report.joined, report.kept,
        report.quarantined, report.passages, report.embedded, report.generation,
    )  # fmt: skip


def _bytes(folder: Path) -> dict[str, str]:
    """Every file of a folder by its name, and what it holds."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Files that are new, gone or hold something else. Opening an index notes that it was verified, and Chroma writes
    a few bytes into its own file then."""
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return {name for name in names if not name.endswith(("chroma/chroma.sqlite3", "/verified.json"))}


def _joined(library: Path, settings: Settings) -> dict[str, str]:
    """Joined source -> source that answers for it."""
    names = {id_: source for source, id_ in _ids(library, settings).items()}
    return {one["source"]: names[one["joined_to"]] for one in library_contents(library, settings)["joined"]}


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
