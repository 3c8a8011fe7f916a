"""What crosses between processes: it comes back as it went, and nothing else is taken for an answer."""

import io
import json
from typing import Any

import pytest

from ingest.handover import ReadSource, Refusal, Request, read_answer, read_request, write_answer, write_request
from ingest.readers.document import read_document
from ingest.split import split
from tests.papers import PROSE


def _answer() -> dict[str, Any]:
    """A frame's values, as a reading process sends them."""
    document = read_document(f"# Nets\n\n{PROSE[0]}\n\n- twine\n- a needle\n".encode(), "nets.md")
    pipe = io.BytesIO()
    write_answer(pipe, ReadSource(document, split(document)))
    values: dict[str, Any] = json.loads(pipe.getvalue()[8:])
    return values


def _framed(values: object) -> io.BytesIO:
    data = json.dumps(values).encode()
    return io.BytesIO(len(data).to_bytes(8, "big") + data)


def test_requests_and_refusals_come_back_as_they_went() -> None:
    request = Request(b"\x00\xff" * 9, "a/n\u00e9ts.md", b"[a]\n", "https://n.example/", "text/html", "utf-8")
    pipe = io.BytesIO()
    write_request(pipe, request)
    pipe.seek(0)
    assert read_request(pipe) == request
    assert read_request(pipe) is None
    pipe = io.BytesIO()
    write_answer(pipe, Refusal("It is gone.", last=True))
    pipe.seek(0)
    assert read_answer(pipe) == Refusal("It is gone.", last=True)
    assert read_answer(pipe) is None


def test_a_document_with_its_passages_comes_back_as_it_went() -> None:
    text = f"# Nets\n\n{PROSE[0]}\n\n- twine[^1]\n- \ud83e\udda2 needle\n\n[^1]: Twine, Sund, 2020\n"
    document = read_document(text.encode("utf-8", "surrogatepass"), "nets.md")
    pipe = io.BytesIO()
    write_answer(pipe, ReadSource(document, split(document)))
    pipe.seek(0)
    read = read_answer(pipe)
    assert isinstance(read, ReadSource)
    assert read.document == document
    assert read.named("").passages == split(document)


@pytest.mark.parametrize(
    "forge",
    [
        lambda values: values["document"].update(text=7),
        lambda values: values["document"].update(title=None),
        lambda values: values["document"]["blocks"][0].__setitem__(0, "script"),
        lambda values: values["document"]["blocks"][2].__setitem__(0, 10**9),
        lambda values: values["document"]["blocks"][1].__setitem__(0, -1),
        lambda values: values["document"]["blocks"][3].pop(),
        lambda values: values["document"].update(url=["x"]),
        lambda values: values["passages"][0].__setitem__(1, 10**6),
        lambda values: values["passages"][0].__setitem__(3, 10**6),
        lambda values: values["passages"][0].__setitem__(3, 0),
        lambda values: values["sentences"][0].__setitem__(0, 10**6),
        lambda values: values["sentences"][0].__setitem__(0, "0"),
        lambda values: values["sentences"][1].__setitem__(0, -1),
        lambda values: values["sentences"][2].__setitem__(0, "heading"),
        lambda values: values["sentences"][3].__setitem__(-1, [0, 10**6]),
        lambda values: values["sentences"][3].__setitem__(-1, [5, 2]),
        lambda values: values["sentences"][4].__setitem__(-1, -1),
        lambda values: values["sentences"][5].__setitem__(0, None),
        lambda values: values["sentences"][6].pop(),
        lambda values: values["sentences"].pop(),
        lambda values: values["passages"][0].__setitem__(0, [1]),
        lambda values: values["passages"].append([]),
        lambda values: values.pop("document"),
    ],
)
def test_what_is_no_document_is_not_taken_for_one(forge: Any) -> None:
    values = _answer()
    assert isinstance(read_answer(_framed(values)), ReadSource)
    forge(values)
    with pytest.raises(ValueError, match=r"no answer of a reader|not enough values"):
        read_answer(_framed(values))


@pytest.mark.parametrize("frame", [[1], "text", None])
def test_other_data_is_no_answer(frame: object) -> None:
    with pytest.raises(ValueError, match="no answer"):
        read_answer(_framed(frame))


def test_a_frame_beyond_all_measure_is_not_waited_for() -> None:
    with pytest.raises(ValueError, match="a frame of"):
        read_answer(io.BytesIO((2**60).to_bytes(8, "big")))
    assert read_answer(io.BytesIO((9).to_bytes(8, "big") + b"short")) is None
