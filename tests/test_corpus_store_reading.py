"""The store as readers see it, beside a writer that is at work, and where there is none or a damaged one."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import LibraryTorn
from corpus.models import Document, Passage, Sentence
from corpus.store import FILE, Join, Joined, Quarantined, Store
from corpus.store_reading import read_document, read_ids, read_joined, read_quarantined

NETS = Document("nets", "Nets", "Nets hold fish.", "nets.md", ())
PASSAGE = Passage("nets-0", "nets", "Nets", (), 0, 15, "Nets hold fish.", (Sentence(0, 15),))


def test_readers_see_what_a_writer_has_written_while_it_is_open(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(NETS, [PASSAGE], "/harbour/nets.md", "d")
    store.put(Document("webs", "Webs", "Nets hold fish.", "webs.md", ()), [], "/harbour/webs.md", "d")
    store.join([Join("webs", "nets", "the same text", 1.0)])
    store.quarantine("torn.pdf", "It is locked.", "/harbour/torn.pdf")
    assert read_ids(tmp_path) == ("nets", "webs")
    assert read_document(tmp_path, "nets") == (NETS, (PASSAGE,))
    assert read_document(tmp_path, "ropes") is None
    assert read_joined(tmp_path) == (Joined("webs", "nets", "the same text", 1.0, "Webs", "webs.md"),)
    assert read_quarantined(tmp_path) == (Quarantined("torn.pdf", "It is locked."),)
    store.close()


def test_a_folder_without_a_store_has_nothing(tmp_path: Path) -> None:
    assert (read_quarantined(tmp_path), read_joined(tmp_path), read_ids(tmp_path)) == ((), (), ())
    assert read_document(tmp_path, "nets") is None
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all, but long enough to look at " * 100)
    with pytest.raises(LibraryTorn, match="is damaged"):
        read_quarantined(tmp_path)
