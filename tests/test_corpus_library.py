"""Writing and reading a library as the product does: real embedder, real index, real processes."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.embedding import Embedder, ModelCard
from corpus.errors import LibraryBusy, LibraryError, LibraryTorn, ModelMismatch, UnknownDocument, UnknownLibrary
from corpus.library import CommitReport, Index, Library, Quarantined, Writer, open_writer
from corpus.manifest import verify
from corpus.model_cache import open_embedder
from corpus.models import Document, Passage, Sentence
from corpus.search import Found, Query, query_terms, search
from corpus.settings import Settings
from evals.generated import Directions, guide
from tests.test_corpus_model_cache import tiny_model

SETTINGS = Settings.read({})
TRADES = {
    "baker": "Bakers start before dawn. Bread is weighed and shaped.",
    "sailor": "Sailors read charts. A mate's ticket takes years at sea.",
    "tailor": "Tailors cut cloth. A suit takes forty hours.",
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A library of two trades, to be copied and never written."""
    folder = tmp_path_factory.mktemp("library") / "finished"
    write(folder, embedder, ["baker", "sailor"])
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "library")


def put(writer: Writer, name: str, text: str, digest: str = "1") -> str:
    source, origin = f"trades/{name}.md", f"/home/trades/{name}.md"
    id_ = writer.document_id(source, origin, name)
    ends = [i + 1 for i, letter in enumerate(text) if letter == "."]
    spans = [Sentence(start, end) for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]
    passage = Passage(f"{id_}-0", id_, name.title(), ("Work",), 0, len(text), text, tuple(spans))
    writer.put(Document(id_, name.title(), text, source, ()), [passage], origin, digest)
    return id_


def write(folder: Path, embedder: Embedder, names: Sequence[str], settings: Settings = SETTINGS) -> CommitReport:
    with open_writer(folder, settings, embedder) as writer:
        for name in names:
            put(writer, name, TRADES[name])
        return writer.commit()


def titles(library: Library) -> list[str]:
    return [info.title for info in library.documents()]


def generations(folder: Path) -> set[str]:
    return {path.name for path in (folder / "generations").iterdir()}


def test_what_is_written_is_what_is_read(folder: Path, embedder: Embedder) -> None:
    library = Library.open(folder, SETTINGS)
    assert (library.folder, library.status, library.embedder.name) == (folder, "ok", "all-MiniLM-L6-v2")
    assert titles(library) == ["Baker", "Sailor"]
    index = library.current()
    assert index.generation == library.generation == (folder / "CURRENT").read_text(encoding="ascii").strip()
    ((rows, _),) = index.dense(library.embedder.embed_query("who makes bread?")[None], 1)
    passage = index.passage(int(rows[0]))
    assert passage.title == "Baker"
    assert library.document(passage.document_id).text == TRADES["baker"]
    assert library.quarantined() == ()
    assert index.calibration, "the search measures every library"
    with pytest.raises(UnknownDocument):
        library.document("nobody")
    library.close()


def test_the_share_that_tells_how_people_ask_is_calibrated_for(folder: Path, embedder: Embedder) -> None:
    text = "Tailors cut cloth."
    passage = Passage(
        "t-0", "t", "Tailor", ("Work",), 0, len(text), text, (Sentence(0, len(text)),), asked=("who makes coats",)
    )
    with open_writer(folder, SETTINGS, embedder) as writer:
        writer.put(Document("t", "Tailor", text, "t.md", ()), [passage], "/t.md", "1")
        writer.commit()
    library = Library.open(folder, SETTINGS, embedder)
    index = library.current()
    assert [bool(index.passage(row).asked) for row in range(index.count)].count(True) == 1
    assert index.asked_share == pytest.approx(1 / 3)
    assert index.calibration["asked"] == index.asked_share
    library.close()


def test_the_same_content_is_embedded_once_and_built_once(folder: Path, embedder: Embedder) -> None:
    before = (folder / "CURRENT").stat()
    report = write(folder, embedder, ["sailor", "baker"])
    assert (report.embedded, report.changed, report.documents, report.passages) == (0, False, 2, 2)
    assert (folder / "CURRENT").stat().st_ino == before.st_ino
    assert generations(folder) == {report.generation}


def test_a_reader_follows_what_is_written_and_its_answer_under_way_goes_on(folder: Path, embedder: Embedder) -> None:
    library = Library.open(folder, SETTINGS, embedder)
    held = library.current()
    stages: list[str] = []
    with open_writer(folder, SETTINGS, embedder) as writer:
        tailor = put(writer, "tailor", TRADES["tailor"])
        put(writer, "baker", "Bakers retire early.", "2")
        assert library.current() is held, "nothing is shown before the commit"
        assert library.is_current()
        report = writer.commit(lambda stage, done, total: stages.append(stage))
    assert report.changed
    assert report.embedded == 2  # the tailor's passage and the changed baker's, not the sailor's
    assert list(dict.fromkeys(stages)) == ["embedding", "indexing", "calibrating", "probing"]

    assert not library.is_current()
    newer = library.current()
    assert library.is_current()
    assert (newer.generation, newer.count) == (report.generation, 3)
    assert library.document(tailor).text == TRADES["tailor"]
    # The one held from before still shows what it showed, though the writer has moved on.
    assert held.document(held.documents()[0].id).text == TRADES["baker"]
    assert len(held.dense(embedder.embed_query("bread")[None], 5)[0][0]) == 2
    assert generations(folder) == {held.generation, newer.generation}

    with open_writer(folder, SETTINGS, embedder) as writer:
        writer.quarantine("trades/sailor.md", "it is encrypted", "/home/trades/sailor.md")
        writer.forget("/home/trades/tailor.md")
        writer.commit()
        assert writer.known("/home/trades/sailor.md") is None
        assert writer.known("/home/trades/baker.md") == "2"
    assert titles(library) == ["Baker"]
    assert library.quarantined() == (Quarantined("trades/sailor.md", "it is encrypted"),)
    # Two generations back, and still not deleted under the reader that holds it.
    assert held.generation in generations(folder)
    assert held.passage(1).title == "Sailor"
    held.close()
    write(folder, embedder, ["baker"])
    assert held.generation not in generations(folder)
    library.close()


def test_going_back_to_an_earlier_content_goes_back_to_its_generation(folder: Path, embedder: Embedder) -> None:
    first = (folder / "CURRENT").read_text(encoding="ascii").split()[0]
    with open_writer(folder, SETTINGS, embedder) as writer:
        removed = put(writer, "tailor", TRADES["tailor"])
        second = writer.commit().generation
        writer.remove(removed)
        report = writer.commit()
    assert (report.generation, report.changed, report.embedded) == (first, True, 0)
    assert (folder / "CURRENT").read_text(encoding="ascii").split() == [first, second]


def test_ids_are_stable_and_fit_an_address(tmp_path: Path, embedder: Embedder) -> None:
    with open_writer(tmp_path, SETTINGS, embedder) as writer:
        ids = {
            source: writer.document_id(source, "/o/" + source, "Some Title")
            for source in (
                "a/Pay & Perks (2024).md", "b/Pay & Perks (2024).md", "Überstunden.txt", "职业.md",
                "https://example.org/jobs/welder.html?x=1", "https://example.org/", "../..", "x" * 300,
            )
        }  # fmt: skip
        assert len(set(ids.values())) == len(ids)
        assert all(set(id_) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and len(id_) < 64 for id_ in ids.values())
        assert ids["a/Pay & Perks (2024).md"].startswith("pay-perks-2024-")
        assert ids["职业.md"].startswith("some-title-")
        assert ids["https://example.org/jobs/welder.html?x=1"].startswith("welder-")
        baker = put(writer, "baker", TRADES["baker"])
        assert writer.document_id("trades/baker.md", "/home/trades/baker.md", "x") == baker
        # The same source name read from another place is another document, and stays it.
        other = writer.document_id("trades/baker.md", "/elsewhere/baker.md", "baker")
        assert other != baker
        assert other == writer.document_id("trades/baker.md", "/elsewhere/baker.md", "baker")
        # A file that was read alone before keeps its id when its whole folder is read.
        assert writer.document_id("all/trades/baker.md", "/home/trades/baker.md", "x") == baker


def test_what_would_break_the_contract_is_not_taken(tmp_path: Path, embedder: Embedder) -> None:
    passage = Passage("p", "other", "T", (), 0, 1, "x", (Sentence(0, 1),))
    with open_writer(tmp_path, SETTINGS, embedder) as writer:
        with pytest.raises(ValueError, match="letters, digits"):
            writer.put(Document("a/b", "T", "x", "s", ()), [], "/s", "1")
        with pytest.raises(ValueError, match="is of other, not of mine"):
            writer.put(Document("mine", "T", "x", "s", ()), [passage], "/s", "1")
        assert writer.origins() == {}


def test_there_is_no_library_where_nothing_was_finished(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(UnknownLibrary, match=r"waymark ingest PATH --library .*nowhere"):
        Library.open(tmp_path / "nowhere", SETTINGS, embedder)
    with open_writer(tmp_path, SETTINGS, embedder) as writer:
        put(writer, "baker", TRADES["baker"])
    with pytest.raises(UnknownLibrary):
        Library.open(tmp_path, SETTINGS, embedder)


def test_another_model_is_refused_and_both_are_named(folder: Path, embedder: Embedder) -> None:
    assert isinstance(embedder, ModelCard)
    other = replace(embedder, name="other-model", fingerprint="ffff-int8-1")
    with pytest.raises(ModelMismatch) as told:
        Library.open(folder, SETTINGS, other)
    for part in ("all-MiniLM-L6-v2", embedder.fingerprint, "other-model", "ffff-int8-1", "waymark ingest PATH"):
        assert part in str(told.value)


@pytest.mark.long
def test_a_library_of_another_precision_is_refused_until_it_is_ingested_again(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "tiny")
    folder = tmp_path / "library"
    fast = replace(SETTINGS, cache=tmp_path / "cache", embedder=str(model), threads=1)
    exact = replace(fast, precision="float32", threads=2)
    first = write(folder, open_embedder(fast), ["baker"], fast)
    with pytest.raises(ModelMismatch, match=r"WAYMARK_PRECISION.*waymark ingest PATH"):
        Library.open(folder, exact)
    second = write(folder, open_embedder(exact), ["baker"], exact)
    assert second.generation != first.generation
    assert second.embedded == 1
    library = Library.open(folder, replace(exact, threads=1))  # how many threads work changes no vector
    assert titles(library) == ["Baker"]
    library.close()
    with pytest.raises(ModelMismatch):
        Library.open(folder, fast)


def test_a_second_writer_leaves_soon_and_names_the_first(tmp_path: Path, embedder: Embedder) -> None:
    code = (
        "import sys; from pathlib import Path; from corpus.library import open_writer; from corpus.settings import "
        "Settings\nwith open_writer(Path(sys.argv[1]), Settings.read({})): print('in', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "in\n"
        begun = time.monotonic()
        with pytest.raises(LibraryBusy, match=f"process {first.pid}, since 2"), open_writer(tmp_path, SETTINGS):
            pass
        assert time.monotonic() - begun < 2
    finally:
        first.kill()
        first.communicate()
    with open_writer(tmp_path, SETTINGS, embedder) as writer:  # the lock ends with its process
        assert writer.origins() == {}


def test_a_killed_writer_leaves_the_old_library_and_the_next_finishes(folder: Path, embedder: Embedder) -> None:
    code = """
import os, sys
from pathlib import Path
from corpus.library import open_writer
from corpus.settings import Settings
from corpus.models import Document, Passage, Sentence
text = "Tailors cut cloth. A suit takes forty hours."
def kill(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), 9)
with open_writer(Path(sys.argv[1]), Settings.read({})) as writer:
    id_ = writer.document_id("trades/tailor.md", "/home/trades/tailor.md", "tailor")
    spans = (Sentence(0, 18), Sentence(19, len(text)))
    passage = Passage(id_ + "-0", id_, "Tailor", ("Work",), 0, len(text), text, spans)
    writer.put(Document(id_, "Tailor", text, "trades/tailor.md", ()), [passage], "/home/trades/tailor.md", "1")
    writer.commit(kill)
"""
    before = (folder / "CURRENT").read_bytes()
    for stage in ("embedding", "probing"):
        done = subprocess.run([sys.executable, "-c", code, str(folder), stage], timeout=60)
        assert done.returncode == -signal.SIGKILL
        assert (folder / "CURRENT").read_bytes() == before
    library = Library.open(folder, SETTINGS, embedder)
    assert titles(library) == ["Baker", "Sailor"]
    report = write(folder, embedder, ["tailor"])
    assert titles(library) == ["Baker", "Sailor", "Tailor"]
    assert report.embedded == 0, "the killed ones had kept their vectors"
    assert not [name for name in generations(folder) if name.startswith(".")], "what they left is swept away"
    library.close()
    fresh = folder.parent / "fresh"
    assert write(fresh, embedder, ["tailor", "sailor", "baker"]).generation == report.generation


def test_a_torn_newest_generation_leaves_the_one_before_answering(folder: Path, embedder: Embedder) -> None:
    report = write(folder, embedder, ["tailor"])
    torn = folder / "generations" / report.generation / "sentences.npy"
    torn.write_bytes(torn.read_bytes()[:-50])
    library = Library.open(folder, SETTINGS, embedder)
    assert (library.status, titles(library)) == ("degraded", ["Baker", "Sailor"])
    # Writing the same again mends it, and the open reader moves on.
    assert write(folder, embedder, []).generation == report.generation
    library.close()
    mended = Library.open(folder, SETTINGS, embedder)
    assert (mended.status, titles(mended)) == ("ok", ["Baker", "Sailor", "Tailor"])
    mended.close()


def test_a_reader_stays_with_what_it_has_when_the_newest_is_torn(folder: Path, embedder: Embedder) -> None:
    library = Library.open(folder, SETTINGS, embedder)
    old = library.generation
    (folder / "generations" / "badbadbadbad").mkdir()
    (folder / "CURRENT.new").write_text(f"badbadbadbad\n{old}\n", encoding="ascii")
    (folder / "CURRENT.new").replace(folder / "CURRENT")
    assert (library.generation, library.status) == (old, "degraded")
    write(folder, embedder, [])
    assert (library.generation, library.status) == (old, "ok")
    library.close()


def test_where_nothing_can_be_opened_it_says_what_to_do(folder: Path, embedder: Embedder) -> None:
    current = (folder / "CURRENT").read_text(encoding="ascii").strip()
    (folder / "generations" / current / "records.sqlite3").write_bytes(b"")
    with pytest.raises(LibraryTorn, match=r"torn.*waymark ingest PATH --library"):
        Library.open(folder, SETTINGS, embedder)
    (folder / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryTorn, match="CURRENT"):
        Library.open(folder, SETTINGS, embedder)


def test_a_library_may_become_empty(folder: Path, embedder: Embedder) -> None:
    with open_writer(folder, SETTINGS, embedder) as writer:
        for origin in writer.origins():
            writer.forget(origin)
        report = writer.commit()
    assert (report.documents, report.passages) == (0, 0)
    library = Library.open(folder, SETTINGS, embedder)
    assert (library.current().count, library.documents()) == (0, ())
    library.close()


def test_a_disk_that_takes_no_more_leaves_the_old_library(folder: Path, embedder: Embedder) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from corpus.errors import LibraryError
from corpus.library import open_writer
from corpus.settings import Settings
settings = Settings.read({})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with open_writer(Path(sys.argv[1]), settings) as writer:
        writer.remove(next(iter(writer.origins().values())))
        writer.commit()
except LibraryError as error:
    print(error)
"""
    before = (folder / "CURRENT").read_bytes()
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=60)
    assert done.stdout.count("\n") == 1, done
    assert "as it was" in done.stdout or "cannot be used" in done.stdout
    assert (folder / "CURRENT").read_bytes() == before
    library = Library.open(folder, SETTINGS, embedder)
    assert titles(library) == ["Baker", "Sailor"]
    library.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A library of ten generated guides, 170 passages, to be copied and never written."""
    folder = tmp_path_factory.mktemp("many") / "library"
    with open_writer(folder, SETTINGS, Directions(embedder)) as writer:
        for number in range(10):
            put_guide(writer, *guide(number))
        writer.commit()
    return folder


def put_guide(writer: Writer, document: Document, passages: Sequence[Passage]) -> None:
    writer.put(document, passages, f"/home/{document.source}", "1")


def changed_guide(number: int) -> tuple[Document, list[Passage]]:
    """The guide with one word changed in its fourth passage, and its last passage gone."""
    document, passages = guide(number)
    word = passages[3].text.split()[1]
    new = "x" * len(word)
    passages[3] = replace(passages[3], text=passages[3].text.replace(word, new))
    return replace(document, text=document.text.replace(word, new)), passages[:-1]


def change(folder: Path, embedder: Embedder) -> CommitReport:
    """One guide changed and one new between the others."""
    with open_writer(folder, SETTINGS, Directions(embedder)) as writer:
        put_guide(writer, *changed_guide(4))
        document, passages = guide(99)
        put_guide(writer, replace(document, source="guide-000006-and-a-half.md"), passages[:3])
        return writer.commit()


def manifest_of(folder: Path, generation: str) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "generations" / generation / "manifest.json").read_text("utf-8"))
    return manifest


def test_a_generation_that_goes_on_answers_as_one_written_anew(tmp_path: Path, many: Path, embedder: Embedder) -> None:
    folder = shutil.copytree(many, tmp_path / "library")
    before = next((folder / "generations").iterdir())
    report = change(folder, embedder)
    assert report.embedded == 1 + 3
    assert manifest_of(folder, report.generation)["removed"] == 17, "it went on from the one before"
    verify(before, whole=True)

    anew = tmp_path / "anew"
    with open_writer(anew, SETTINGS, Directions(embedder)) as writer:
        for number in (9, 8, 7, 6, 5, 3, 2, 1, 0):
            put_guide(writer, *guide(number))
    whole = change(anew, embedder)
    assert manifest_of(anew, whole.generation)["removed"] == 0
    assert whole.generation == report.generation
    files = manifest_of(folder, report.generation)["files"]
    others = manifest_of(anew, whole.generation)["files"]
    same = {name for name in files if not name.startswith(("chroma", "records"))}
    assert {name: files[name] for name in same} == {name: others[name] for name in same}
    assert len(same) == 20

    ours, theirs = (Library.open(place, SETTINGS, embedder) for place in (folder, anew))
    assert ours.documents() == theirs.documents()
    for question in ("Bace fudi jelo?", *(document.title for document, _ in map(guide, range(10)))):
        query = Query(question, embedder.embed_query(question), query_terms(question))
        found = search(ours.current(), [query], 20)
        assert found == search(theirs.current(), [query], 20)
        assert found.hits
    ours.close()
    theirs.close()


def test_what_goes_on_is_written_anew_once_much_has_gone(tmp_path: Path, many: Path, embedder: Embedder) -> None:
    folder = shutil.copytree(many, tmp_path / "library")
    removed = []
    for gone in ([0], [1, 2]):
        with open_writer(folder, SETTINGS, Directions(embedder)) as writer:
            for number in gone:
                writer.forget(f"/home/guide-{number:06d}.md")
            removed.append(manifest_of(folder, writer.commit().generation)["removed"])
    assert removed == [17, 0], "51 of the 119 that are left would be too many"


def test_damage_to_the_generation_before_is_not_taken_over(tmp_path: Path, many: Path, embedder: Embedder) -> None:
    folder = shutil.copytree(many, tmp_path / "library")
    (sentences,) = folder.glob("generations/*/sentences.npy")
    data = bytearray(sentences.read_bytes())
    data[5_000] ^= 1
    sentences.write_bytes(data)
    report = change(folder, embedder)
    assert manifest_of(folder, report.generation)["removed"] == 0
    library = Library.open(folder, SETTINGS, embedder)
    assert (library.status, library.generation) == ("ok", report.generation)
    library.close()


def test_a_store_that_was_lost_is_filled_again(tmp_path: Path, many: Path, embedder: Embedder) -> None:
    folder = shutil.copytree(many, tmp_path / "library")
    (folder / "store.sqlite3").unlink()
    with open_writer(folder, SETTINGS, Directions(embedder)) as writer:
        for number in range(10):
            put_guide(writer, *(changed_guide(4) if number == 4 else guide(number)))
        assert writer.commit().embedded == 16, "those of the nine others stand in the index"
    with open_writer(folder, SETTINGS, Directions(embedder)) as writer:
        for number in range(4):
            writer.forget(f"/home/guide-{number:06d}.md")
        report = writer.commit()  # too much has gone: all is written anew, from vectors that the store had not
    assert (report.documents, manifest_of(folder, report.generation)["removed"]) == (6, 0)


@pytest.mark.parametrize("stage", ["indexing", "calibrating", "probing"])
def test_a_writer_killed_while_going_on_leaves_the_generation_before_untouched(
    tmp_path: Path, many: Path, embedder: Embedder, stage: str
) -> None:
    folder = shutil.copytree(many, tmp_path / "library")
    code = """
import os, sys
from pathlib import Path
from corpus.model_cache import open_embedder
from corpus.library import open_writer
from corpus.settings import Settings
from evals.generated import Directions
from tests.test_corpus_library import changed_guide, put_guide
def kill(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), 9)
settings = Settings.read({})
with open_writer(Path(sys.argv[1]), settings, Directions(open_embedder(settings))) as writer:
    put_guide(writer, *changed_guide(4))
    writer.commit(kill)
"""
    (before,) = (folder / "generations").iterdir()
    kept = {path: path.read_bytes() for path in before.rglob("*") if path.is_file()}
    done = subprocess.run([sys.executable, "-c", code, str(folder), stage], timeout=60, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert {path: path.read_bytes() for path in before.rglob("*") if path.is_file()} == kept
    library = Library.open(folder, SETTINGS, embedder)
    assert (library.status, library.generation) == ("ok", before.name)
    library.close()


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder)]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def test_the_vectors_may_live_in_a_chroma_server(tmp_path: Path, embedder: Embedder) -> None:
    folder = tmp_path / "library"
    with chroma_server(tmp_path / "server") as url:
        settings = replace(SETTINGS, chroma_url=url)
        first = write(folder, embedder, ["baker", "sailor"], settings)
        assert not (folder / "generations" / first.generation / "chroma").exists()
        library = Library.open(folder, settings, embedder)
        ((rows, cosines),) = library.current().dense(embedder.embed_query("who makes bread?")[None], 5)
        assert library.current().passage(int(rows[0])).title == "Baker"
        assert np.all(np.diff(cosines) <= 0)
        with pytest.raises(LibraryError, match="WAYMARK_CHROMA_URL"):
            Library.open(folder, SETTINGS, embedder)
        assert write(folder, embedder, ["tailor"], settings).changed
        assert titles(library) == ["Baker", "Sailor", "Tailor"]
        library.close()
    with pytest.raises(LibraryError, match="Chroma server at http"):
        Library.open(folder, settings, embedder)


QUESTIONS = ("Bace fudi jelo?", *(guide(number)[0].title for number in range(5)))


def answers(index: Index, embedder: Embedder) -> list[Found]:
    queries = [Query(text, embedder.embed_query(text), query_terms(text)) for text in QUESTIONS]
    return [search(index, [query], 10) for query in queries]


def test_two_readers_and_a_writer_share_a_server_and_answer_as_without_one(tmp_path: Path, embedder: Embedder) -> None:
    def fill(folder: Path, settings: Settings, number: int, *, also: bool) -> CommitReport:
        with open_writer(folder, settings, Directions(embedder)) as writer:
            put_guide(writer, *(changed_guide(number) if also else guide(number)))
            for other in () if also else (0, 1, 2, 3, 5):
                put_guide(writer, *guide(other))
            return writer.commit()

    alone, shared = tmp_path / "alone", tmp_path / "shared"
    expected: dict[str, list[Found]] = {}
    for also in (False, True):
        report = fill(alone, SETTINGS, 4, also=also)
        library = Library.open(alone, SETTINGS, embedder)
        expected[report.generation] = answers(library.current(), embedder)
        library.close()
    first, second = expected
    with chroma_server(tmp_path / "server") as url, ThreadPoolExecutor(2) as pool:
        settings = replace(SETTINGS, chroma_url=url)
        assert fill(shared, settings, 4, also=False).generation == first
        written = threading.Event()

        def read() -> list[str]:
            """Asks until the second generation has answered; the generations in the order that they answered."""
            library = Library.open(shared, settings, embedder)
            seen = []
            until = time.monotonic() + 60
            try:
                while time.monotonic() < until:
                    last = written.is_set()
                    index = library.current()
                    assert answers(index, embedder) == expected[index.generation]
                    seen.append(index.generation)
                    if last:
                        return list(dict.fromkeys(seen))
            finally:
                library.close()
            raise AssertionError("the writer did not finish")

        readers = [pool.submit(read) for _ in range(2)]
        assert fill(shared, settings, 4, also=True).generation == second
        written.set()
        assert [reader.result() for reader in readers] == [[first, second]] * 2


def test_a_generation_in_use_is_locked_against_deletion(folder: Path, embedder: Embedder) -> None:
    library = Library.open(folder, SETTINGS, embedder)
    in_use = folder / "generations" / library.generation / "in-use"
    with in_use.open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    library.close()
    with in_use.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_manifest_names_no_place_on_this_machine(folder: Path) -> None:
    generation = (folder / "CURRENT").read_text(encoding="ascii").strip()
    manifest = (folder / "generations" / generation / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(manifest)["hash"].startswith(generation)
    assert str(folder) not in manifest
    assert "/home/trades" not in manifest


def test_a_library_in_a_relative_folder_opens(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.waymark` in the working folder is what everybody starts with."""
    from ingest.pipeline import run
    from tests import shelf

    monkeypatch.chdir(tmp_path)
    run([str(shelf.write(tmp_path / "guides"))], Path(".waymark"), settings)
    library = Library.open(Path(".waymark"), settings)
    assert library.current().document_count == len(shelf.GUIDES)
    library.close()
