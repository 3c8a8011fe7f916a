"""Archives: what is counted, what is looked up, which XML is taken."""

import pytest

from corpus.errors import SourceError
from ingest.readers import archive
from ingest.readers.archive import Archive, parse_xml
from tests.papers import packed


def test_members_are_read_by_name_and_references_stay_inside() -> None:
    opened = Archive(packed({"a/b.xml": "<b/>", "c d.xml": "<c/>"}))
    assert opened.read("a/b.xml") == b"<b/>"
    assert opened.read("a/none.xml") == b""
    assert opened.xml("a/none.xml") is None
    assert opened.resolve("a/b.xml", "../c%20d.xml#part") == "c d.xml"
    assert opened.resolve("a/b.xml", "b.xml") == "a/b.xml"
    for outside in ("../../etc/passwd", "/etc/passwd", "file:///etc/passwd", ""):
        assert opened.resolve("a/b.xml", outside) == ""


def test_all_that_is_inflated_is_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    opened = Archive(packed({"a": "x" * 600, "b": "x" * 600}))
    assert len(opened.read("a")) == 600
    with pytest.raises(SourceError, match="ZIP bomb"):
        opened.read("b")


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    with pytest.raises(SourceError, match="more than 3 parts"):
        Archive(packed({str(n): "" for n in range(4)}))


def test_a_damaged_member_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"a": "nets " * 100})
    at = data.index(b"a", 30) + 5
    with pytest.raises(SourceError, match="broken archive"):
        Archive(data[:at] + b"\xff" * 6 + data[at + 6 :]).read("a")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "entities"),
        (b"<a><b></a>", "broken"),
        (b"nets", "broken"),
    ],
)
def test_xml_that_is_not_taken(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        parse_xml(data)
