"""Documents and passages survive being written; a record file numbers passages and tells when it is torn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import LibraryTorn, UnknownDocument
from corpus.models import Block, Document, Footnote, Passage, Reference, Sentence
from corpus.records import (
    Records,
    RecordWriter,
    document_from_json,
    document_to_json,
    passage_from_json,
    passage_to_json,
)

text = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates too
maybe = st.none() | text
offsets = st.integers(0, 10_000)
documents = st.builds(
    Document,
    id=text,
    title=text,
    text=text,
    source=text,
    blocks=st.lists(st.builds(Block, st.sampled_from(["heading", "item"]), offsets, offsets, offsets)).map(tuple),
    url=maybe,
    author=maybe,
    publisher=maybe,
    published=maybe,
    region=maybe,
    language=maybe,
    summary=maybe,
    about=st.lists(text).map(tuple),
    questions=st.lists(text).map(tuple),
    footnotes=st.lists(st.builds(Footnote, offsets, st.builds(Reference, text, maybe, maybe, maybe))).map(tuple),
    dropped=st.lists(st.tuples(text, text)).map(tuple),
)
sentences = st.builds(
    Sentence,
    start=offsets,
    end=offsets,
    kind=st.sampled_from(["sentence", "item", "row"]),
    lead=st.none() | st.tuples(offsets, offsets),
    list_id=st.none() | offsets,
    level=offsets,
    promotional=st.booleans(),
)
passages = st.builds(
    Passage,
    id=text,
    document_id=text,
    title=text,
    section=st.lists(text).map(tuple),
    start=offsets,
    end=offsets,
    text=text,
    sentences=st.lists(sentences).map(tuple),
    leads=st.lists(text).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(documents)
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    written = document_to_json(document)
    assert document_from_json(written) == document
    assert written.isascii()
    assert document_to_json(document_from_json(written)) == written


@settings(max_examples=60, deadline=None)
@given(passages)
def test_a_passage_comes_back_as_it_was(passage: Passage) -> None:
    written = passage_to_json(passage)
    back = passage_from_json(written)
    assert back == passage
    assert hash(back) == hash(passage)
    assert written.isascii()


def sample(name: str, count: int) -> tuple[Document, list[Passage]]:
    document = Document(name, name.title(), "x" * count, f"{name}.md", (), author="A. Writer", about=("other",))
    return document, [
        Passage(f"{name}-{n}", name, document.title, ("Part",), n, n + 1, "x", (Sentence(n, n + 1),))
        for n in range(count)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "records.sqlite3"
    writer = RecordWriter(place)
    for name, count in (("salary", 3), ("empty", 0), ("visa", 2)):
        writer.add(*sample(name, count), f"digest of {name}")
    assert writer.rows == 5
    writer.close()
    return place


def test_rows_follow_the_order_of_writing(path: Path) -> None:
    records = Records(path)
    assert records.count == 5
    assert [list(records.rows_of(name)) for name in ("salary", "empty", "visa")] == [[0, 1, 2], [], [3, 4]]
    assert records.passage_ids() == ["salary-0", "salary-1", "salary-2", "visa-0", "visa-1"]
    assert records.passage(4) == sample("visa", 2)[1][1]
    assert records.document("visa") == sample("visa", 2)[0]
    assert [(info.id, info.passages, info.author, info.about) for info in records.infos] == [
        ("salary", 3, "A. Writer", ("other",)),
        ("empty", 0, "A. Writer", ("other",)),
        ("visa", 2, "A. Writer", ("other",)),
    ]
    records.close()


def test_documents_are_taken_over_as_they_are_and_numbered_anew(path: Path, tmp_path: Path) -> None:
    records = Records(path)
    held = records.held()
    assert [(each.id, each.content, each.first, each.count) for each in held.values()] == [
        ("salary", "digest of salary", 0, 3),
        ("empty", "digest of empty", 3, 0),
        ("visa", "digest of visa", 3, 2),
    ]
    records.close()
    before = path.read_bytes()
    writer = RecordWriter(tmp_path / "next.sqlite3", path)
    writer.add(*sample("new", 2), "digest of new")
    writer.keep([held["empty"], held["visa"]])
    assert (writer.documents, writer.rows) == (3, 4)
    writer.close()
    assert path.read_bytes() == before
    alone = RecordWriter(tmp_path / "alone.sqlite3")
    for name, count in (("new", 2), ("empty", 0), ("visa", 2)):
        alone.add(*sample(name, count), f"digest of {name}")
    alone.close()
    next_, whole = Records(tmp_path / "next.sqlite3"), Records(tmp_path / "alone.sqlite3")
    assert next_.held() == whole.held()
    assert next_.infos == whole.infos
    assert [next_.passage(row) for row in range(4)] == [whole.passage(row) for row in range(4)]
    assert next_.document("visa") == sample("visa", 2)[0]
    next_.close()
    whole.close()


def test_what_is_not_there_is_told(path: Path) -> None:
    records = Records(path)
    for ask in (records.document, records.rows_of):
        with pytest.raises(UnknownDocument, match="no document 'pension'"):
            ask("pension")
    for row in (-1, 5):
        with pytest.raises(IndexError, match=f"row {row}"):
            records.passage(row)
    records.close()


def test_many_threads_read_at_once(path: Path) -> None:
    records = Records(path)
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: records.passage(n % 5).id, range(200)))
    assert ids == [records.passage_ids()[n % 5] for n in range(200)]
    records.close()


@pytest.mark.parametrize("share", [0, 0.25, 0.5])
def test_a_torn_file_is_told(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(LibraryTorn, match="cannot be read"):
        Records(path).passage(4)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryTorn, match="cannot be read"):
        Records(tmp_path / "nothing.sqlite3")
    assert list(tmp_path.iterdir()) == []
