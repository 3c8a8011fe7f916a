"""The store: what is put is what is found, whatever happens between."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus import store as store_module
from corpus.embedding import PassageVectors
from corpus.errors import LibraryError, LibraryTorn
from corpus.models import Document, Passage, Sentence
from corpus.store import FILE, Fetched, Join, Joined, Quarantined, Store
from corpus.store_reading import read_joined, read_quarantined

SETTINGS = {"model": "m1", "format": 1}


def sample(name: str, words: str = "Plumbers earn well.") -> tuple[Document, list[Passage]]:
    document = Document(name, name.title(), words, f"{name}.md", ())
    return document, [Passage(f"{name}-0", name, document.title, (), 0, len(words), words, (Sentence(0, len(words)),))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path)
    yield opened
    opened.close()


def made(rows: NDArray[Any], token: int = 0) -> PassageVectors:
    """What a model might make of a passage with one token."""
    return PassageVectors(np.asarray(rows, np.float32), np.array([[token % 256]], np.uint8))


def put(store: Store, name: str, words: str = "Plumbers earn well.", digest: str = "d") -> None:
    store.put(*sample(name, words), f"/somewhere/{name}.md", digest)


def held(store: Store) -> list[str]:
    return [document.id for document, _ in store.documents()]


def test_what_is_put_is_found_after_reopening(tmp_path: Path) -> None:
    first = Store(tmp_path)
    put(first, "plumber", digest="d1")
    first.close()
    second = Store(tmp_path)
    document, passages = sample("plumber")
    assert list(second.documents()) == [(document, tuple(passages))]
    assert second.digest("/somewhere/plumber.md") == "d1"
    assert second.digest("/somewhere/else.md") is None
    assert second.origins() == {"/somewhere/plumber.md": "plumber"}
    second.close()


def test_putting_again_replaces(store: Store) -> None:
    put(store, "plumber", "Old words.", "d1")
    put(store, "plumber", "New words.", "d2")
    ((document, passages),) = store.documents()
    assert (document.text, [p.text for p in passages]) == ("New words.", ["New words."])
    assert store.digest("/somewhere/plumber.md") == "d2"


def test_an_origin_has_one_document_even_under_a_new_id(store: Store) -> None:
    store.put(*sample("before"), "/x.md", "d1")
    store.put(*sample("after"), "/x.md", "d2")
    assert held(store) == ["after"]
    assert store.id_of("/x.md") == "after"


def test_quarantine_takes_the_document_out_and_reading_it_again_brings_it_back(store: Store, tmp_path: Path) -> None:
    put(store, "plumber")
    store.quarantine("plumber.md", "it is encrypted", "/somewhere/plumber.md")
    assert held(store) == []
    assert store.digest("/somewhere/plumber.md") is None
    assert store.quarantined() == read_quarantined(tmp_path) == (Quarantined("plumber.md", "it is encrypted"),)
    put(store, "plumber")
    assert store.quarantined() == ()
    store.quarantine("lost.md", "gone", "/lost.md")
    store.release("/lost.md")
    assert store.quarantined() == ()


def test_a_put_that_fails_changes_nothing(store: Store) -> None:
    put(store, "plumber")
    before = store.manifest_hash(SETTINGS)
    document, passages = sample("welder")
    with pytest.raises(LibraryError, match="UNIQUE"):
        store.put(document, passages * 2, "/welder.md", "d")
    assert held(store) == ["plumber"]
    assert store.manifest_hash(SETTINGS) == before
    put(store, "welder")  # and the store goes on working
    assert held(store) == ["plumber", "welder"]


def test_the_hash_is_of_content_and_settings_not_of_order_or_place(tmp_path: Path) -> None:
    names = [f"role-{n}" for n in range(6)]
    hashes = set()
    for seed in range(3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        store = Store(folder)
        for name in random.Random(seed).sample(names, len(names)):
            store.put(*sample(name), f"/{seed}/{name}.md", f"read {seed}")
        store.keep_vectors([b"t"], [made(np.full((1, 4), seed))], "m1")
        hashes.add(store.manifest_hash(SETTINGS))
        store.close()
    assert len(hashes) == 1


def test_the_hash_changes_with_every_part(store: Store) -> None:
    put(store, "plumber")
    seen = [store.manifest_hash(SETTINGS), store.manifest_hash({**SETTINGS, "model": "m2"})]
    document, (passage,) = sample("plumber")
    for other in (
        (document, [replace(passage, section=("Pay",))]),
        (replace(document, published="2026-01-01"), [passage]),
        (document, []),
    ):
        store.put(*other, "/somewhere/plumber.md", "d")
        seen.append(store.manifest_hash(SETTINGS))
    store.remove("plumber")
    seen.append(store.manifest_hash(SETTINGS))
    assert len(set(seen)) == len(seen)


def test_vectors_are_kept_by_text_and_model(store: Store) -> None:
    texts = [hashlib.sha256(str(n).encode()).digest() for n in range(1_200)]
    vectors = np.random.default_rng(1).normal(size=(1_200, 8)).astype(np.float32)
    assert store.missing(texts + texts, "m1") == texts
    store.keep_vectors(texts, [made(each[None], n) for n, each in enumerate(vectors)], "m1")
    assert store.missing([*texts, b"new"], "m1") == [b"new"]
    assert store.missing(texts[:2], "m2") == texts[:2]
    asked = [texts[7], texts[3], texts[7], texts[1_100]]
    kept = store.vectors(asked, "m1", 8)
    assert np.concatenate([each.rows for each in kept]) == pytest.approx(vectors[[7, 3, 7, 1_100]], abs=2e-3)
    assert [each.tokens.tolist() for each in kept] == [[[7]], [[3]], [[7]], [[1_100 % 256]]]
    assert store.vectors([], "m1", 8) == []


def test_unused_vectors_go_once_they_are_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "KEEP_UNUSED_VECTORS", 3)
    texts = [bytes([n]) for n in range(6)]
    store.keep_vectors(texts, [made(np.ones((1, 2)))] * 6, "m1")
    used = set(texts[:3])
    assert store.drop_unused_vectors(used, "m1") == 0  # three unused may stay
    store.keep_vectors(texts[:1], [made(np.ones((1, 2)))], "m0")
    assert store.drop_unused_vectors(used, "m1") == 4
    assert store.missing(texts, "m1") == texts[3:]


def test_joined_documents_are_kept_but_not_shown(store: Store, tmp_path: Path) -> None:
    put(store, "plumber")
    alone = store.manifest_hash(SETTINGS)
    put(store, "pipefitter")
    join = Join("pipefitter", "plumber", "the same text", 1.0)
    store.join([join])
    assert held(store) == ["plumber"]
    assert store.manifest_hash(SETTINGS) == alone
    assert store.digest("/somewhere/pipefitter.md") == "d"
    assert store.joins() == (join,)
    assert read_joined(tmp_path) == (Joined(**asdict(join), title="Pipefitter", source="pipefitter.md"),)
    changes = store._base.total_changes
    store.join([join])
    assert store._base.total_changes == changes
    store.remove("plumber")
    assert (held(store), store.joins(), read_joined(tmp_path)) == (["pipefitter"], (), ())


def test_what_a_server_said_goes_with_its_document(store: Store) -> None:
    said = Fetched("https://nets.example/", '"v1"', None)
    store.put(*sample("nets"), "https://nets.example/", "d", "outline", said)
    assert store.fetched("https://nets.example/") == said
    assert store.outlines() == {"nets": "outline"}
    changes = store._base.total_changes
    store.note_fetched("https://nets.example/", said)
    assert store._base.total_changes == changes
    store.note_fetched("https://nets.example/", replace(said, etag='"v2"'))
    assert store.fetched("https://nets.example/") == replace(said, etag='"v2"')
    store.quarantine("nets", "gone", "https://nets.example/")
    assert store.fetched("https://nets.example/") is None
    changes = store._base.total_changes
    store.quarantine("nets", "gone", "https://nets.example/")
    assert store._base.total_changes == changes, "nothing is written where nothing changes"


def test_a_scratch_store_holds_the_same_and_leaves_the_file(store: Store, tmp_path: Path) -> None:
    put(store, "plumber")
    store.keep_vectors([b"t"], [made(np.ones((1, 2)))], "m1")
    store.close()
    before = (tmp_path / FILE).read_bytes()
    scratch = Store(tmp_path, scratch=True)
    assert held(scratch) == ["plumber"]
    assert scratch.missing([b"t", b"u"], "m1") == [b"u"]
    put(scratch, "welder")
    scratch.close()
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    empty = Store(tmp_path / "none", scratch=True)
    assert held(empty) == []
    empty.close()
    assert not (tmp_path / "none").exists()


def test_names_that_are_no_text_are_taken(store: Store) -> None:
    name = "bad-\udcff.md"
    store.quarantine(name, "reason \ud800", "/" + name)
    store.put(Document("a", "A", "t \ud800", name, ()), [], "/b" + name, "d")
    assert store.digest("/b" + name) == "d"
    assert store.quarantined() == (Quarantined("bad-\\udcff.md", "reason \\ud800"),)
    assert next(store.documents())[0].text == "t \ud800"


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all, but long enough to look at " * 100)
    with pytest.raises(LibraryTorn, match="is damaged"):
        Store(tmp_path)
