"""Reading processes: what they hand over, what happens to a source that takes too much, order, and what they may do."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import SourceError
from ingest.handover import ReadSource, Request
from ingest.limited import LimitedReaders, Limits
from ingest.readers.document import read_document
from ingest.split import split
from tests.papers import PROSE

NETS = f"# Nets\n\n{' '.join(PROSE)}\n\nThey need:\n\n- twine[^1]\n- a needle\n\n[^1]: Twine, Sund, 2020\n".encode()


@pytest.fixture(scope="module")
def readers() -> Iterator[LimitedReaders]:
    with LimitedReaders(2) as made:
        yield made


def test_a_process_reads_as_we_would(readers: LimitedReaders) -> None:
    read = readers.read(Request(NETS, "nets.md")).named("nets-1")
    document = read_document(NETS, "nets.md")
    assert read.document.id == "nets-1"
    assert (read.document.text, read.document.blocks) == (document.text, document.blocks)
    assert (read.document.footnotes, read.document.dropped) == (document.footnotes, document.dropped)
    ours = split(read.document)
    assert read.passages == ours
    assert [passage.id for passage in read.passages] == ["nets-1-0001"]


def test_works_and_addresses_cross(readers: LimitedReaders) -> None:
    works = b'[pay]\ntitle = "Pay at Sea"\n'
    page = Request(
        b"<p>Nets hold fish, it is said.", "https://n.example/a", works, "https://n.example/a", "text/html", "utf-8"
    )
    assert readers.read(page).document.url == "https://n.example/a"
    cited = readers.read(Request(b"# Nets\n\nThey hold.[^pay]\n", "nets.md", works)).document
    assert [note.reference.title for note in cited.footnotes] == ["Pay at Sea"]


def test_a_refusal_crosses_and_the_process_goes_on(readers: LimitedReaders) -> None:
    with pytest.raises(SourceError, match="empty"):
        readers.read(Request(b" ", "nets.md"))
    assert readers.read(Request(NETS, "nets.md")).document.title == "Nets"


def test_results_come_in_the_order_of_the_sources(readers: LimitedReaders) -> None:
    sizes = [4_000, 1, 300, 2, 1_000, 5]
    asked: list[int] = []

    def request(size: int) -> Request | None:
        asked.append(size)
        if size == 2:
            return None
        if size == 5:
            raise SourceError("It is gone.")
        return Request(f"# Size {size}\n\n{'They hold fish. ' * size}".encode(), "nets.md")

    found = list(readers.read_all(sizes, request))
    assert [size for size, _ in found] == sizes == asked
    titles = [read.document.title if isinstance(read, ReadSource) else str(read) for _, read in found]
    assert titles == ["Size 4000", "Size 1", "Size 300", "None", "Size 1000", "It is gone."]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(memory=90 * 2**20), "more than 90 MB of memory"),
        (Limits(seconds=0), "more than 0 s of computing"),
        (Limits(wall=0.4), "more than 0 s and was stopped"),
    ],
    ids=["memory", "processor", "wall"],
)
def test_a_source_that_takes_too_much_is_refused_and_the_rest_goes_on(limits: Limits, reason: str) -> None:
    heavy = b"<html><body>" + b"<p>Nets <b>hold</b> fish.</p>" * 60_000
    with LimitedReaders(1, limits) as readers:
        with pytest.raises(SourceError, match=reason):
            readers.read(Request(heavy, "nets.html"))
        if limits.wall > 1:
            assert readers.read(Request(NETS, "nets.md")).document.title == "Nets"


def test_a_process_that_is_killed_from_outside_is_replaced(readers: LimitedReaders) -> None:
    readers.read(Request(NETS, "nets.md"))
    child = readers._idle[-1]._process
    child.kill()
    child.wait()
    assert readers.read(Request(NETS, "nets.md")).document.title == "Nets"


def test_closing_does_not_wait_for_a_long_reading() -> None:
    heavy = Request(b"<html><body>" + b"<p>Nets <b>hold</b> fish.</p>" * 200_000, "nets.html")
    readers = LimitedReaders(1)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(readers.read, heavy)
        while not readers._busy:
            time.sleep(0.01)
        readers.close()
        with pytest.raises(SourceError):
            reading.result()


def test_processes_end_with_their_owner_and_leave_nothing() -> None:
    before = _open_files()
    with LimitedReaders(1) as readers:
        readers.read(Request(NETS, "nets.md"))
        child = readers._idle[-1]._process
    assert child.poll() is not None
    assert _open_files() <= before


def _open_files() -> set[str]:
    """The numbers of this process's open files, where the system tells them."""
    folder = Path("/proc/self/fd")
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def test_a_reading_process_loads_no_model_and_no_index_and_sees_no_key() -> None:
    code = (
        "import ingest.reader_child, ingest.readers.pdf, ingest.readers.docx, ingest.readers.epub, sys;"
        "heavy = ('torch', 'chromadb', 'onnxruntime', 'httpx', 'langchain_core', 'sqlite3');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_keys_do_not_reach_a_reading_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with LimitedReaders(1) as readers:
        readers.read(Request(NETS, "nets.md"))
        process = Path(f"/proc/{readers._idle[-1]._process.pid}/environ")
        if not process.exists():
            pytest.skip("no /proc on this system")
        assert b"secret" not in process.read_bytes()
