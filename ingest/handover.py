"""What crosses between the ingest and the processes that read for it: plain data, framed by its length.

The reading side works on files that may be hostile, so what it sends is never taken for more than data: JSON, whose
types and offsets are checked before values are made of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import attrgetter, le
from typing import IO, Any, get_args

from corpus.models import Block, BlockKind, Document, Footnote, Passage, Reference, Sentence, SentenceKind, values_of
from ingest.split import asked_of

# No document makes more; a sender that says so is not believed.
LARGEST_FRAME = 512 * 1024 * 1024
_BLOCK_KINDS = frozenset(get_args(BlockKind))
_SENTENCE_KINDS = frozenset(get_args(SentenceKind))
# A document has hundreds of blocks and sentences. They cross as columns, which are checked as a whole.
_BLOCK_FIELDS = ("kind", "start", "end", "level")
_SENTENCE_FIELDS = ("start", "end", "kind", "lead", "list_id", "level", "promotional")


@dataclass(frozen=True, slots=True)
class Request:
    """One source to read: its bytes, and what is known of it (see readers.document.read_document). `works`: the bytes
    of the sources.toml that applies, b"" for none."""

    data: bytes
    source: str
    works: bytes = b""
    address: str | None = None
    content_type: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source as read: its document, whose id is still empty, and the passages that it is cut into."""

    document: Document
    passages: tuple[Passage, ...]

    def named(self, document_id: str) -> ReadSource:
        """The same under an id; passages are numbered within it."""
        return ReadSource(
            replace(self.document, id=document_id),
            tuple(
                replace(passage, id=f"{document_id}-{number:04d}", document_id=document_id)
                for number, passage in enumerate(self.passages, start=1)
            ),
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a source cannot be read, in a sentence. `last`: the process that says so ends with it."""

    reason: str
    last: bool = False


def write_request(pipe: IO[bytes], request: Request) -> None:
    """Send one. Raises OSError where the other side is gone."""
    head = (request.source, request.address, request.content_type, request.charset)
    for part in (json.dumps(head).encode(), request.works, request.data):
        _write(pipe, part)
    pipe.flush()


def read_request(pipe: IO[bytes]) -> Request | None:
    """The next one; None where the other side has closed the pipe."""
    head = _read(pipe)
    if head is None:
        return None
    works, data = _read(pipe), _read(pipe)
    if works is None or data is None:
        return None
    source, address, content_type, charset = json.loads(head)
    return Request(data, source, works, address, content_type, charset)


def write_answer(pipe: IO[bytes], answer: ReadSource | Refusal) -> None:
    """Send what was read, or why nothing was."""
    if isinstance(answer, Refusal):
        _write(pipe, json.dumps({"refused": answer.reason, "last": answer.last}).encode())
    else:
        said = [sentence for passage in answer.passages for sentence in passage.sentences]
        values = {
            "document": {**values_of(answer.document), "blocks": _columns(_BLOCK_FIELDS, answer.document.blocks)},
            # Without what the document already says.
            "passages": [[p.section, p.start, p.end, len(p.sentences)] for p in answer.passages],
            "sentences": _columns(_SENTENCE_FIELDS, said),
        }
        # ASCII only: a lone surrogate crosses, too.
        _write(pipe, json.dumps(values, separators=(",", ":"), default=values_of).encode("ascii"))
    pipe.flush()


def read_answer(pipe: IO[bytes]) -> ReadSource | Refusal | None:
    """What was read, or why nothing was; None where the pipe ended. Raises ValueError for all else."""
    frame = _read(pipe)
    if frame is None:
        return None
    try:
        values = json.loads(frame)
        if "refused" in values:
            return Refusal(_text(values["refused"]), bool(values["last"]))
        document = _document(values["document"])
        return ReadSource(document, _passages(document, values["passages"], values["sentences"]))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"no answer of a reader: {error}") from error


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(8, "big"))
    pipe.write(data)


def _read(pipe: IO[bytes]) -> bytes | None:
    size = pipe.read(8)
    if len(size) < 8:
        return None
    length = int.from_bytes(size, "big")
    if length > LARGEST_FRAME:
        raise ValueError(f"a frame of {length} bytes")
    data = pipe.read(length)
    return data if len(data) == length else None


def _columns(fields: Sequence[str], records: Sequence[Any]) -> list[Sequence[Any]]:
    """The values of each field in the order of the records."""
    return list(zip(*map(attrgetter(*fields), records), strict=True)) or [[] for _ in fields]


def _passages(document: Document, entries: Sequence[Any], columns: Sequence[Any]) -> tuple[Passage, ...]:
    """`entries`: section, start, end and number of sentences of each; `columns`: as `_SENTENCE_FIELDS`."""
    sentences = _sentences(columns, len(document.text))
    counts = [count for _, _, _, count in entries]
    _check_numbers(counts)
    if sum(counts) != len(sentences):
        raise TypeError("sentences of no passage")
    return tuple(
        _passage(document, entry, sentences[upto - entry[3] : upto])
        for entry, upto in zip(entries, accumulate(counts), strict=True)
    )


def _passage(document: Document, entry: Sequence[Any], sentences: tuple[Sentence, ...]) -> Passage:
    section, start, end, _ = entry
    text = document.text
    _check_spans([start], [end], len(text))
    section = tuple(map(_text, section))
    return Passage(
        id="",
        document_id="",
        title=document.title,
        section=section,
        start=start,
        end=end,
        text=text[start:end],
        sentences=sentences,
        leads=tuple([text[s.lead[0] : s.lead[1]] if s.lead else "" for s in sentences]),
        asked=asked_of(document, section),
    )


def _sentences(columns: Sequence[Any], length: int) -> tuple[Sentence, ...]:
    starts, ends, kinds, leads, list_ids, levels, promotional = columns
    _check_spans(starts, ends, length)
    if not _SENTENCE_KINDS.issuperset(kinds):
        raise TypeError("an unknown kind")
    led = [None if lead is None else (lead[0], lead[1]) for lead in leads]
    _check_spans([lead[0] for lead in led if lead], [lead[1] for lead in led if lead], length)
    _check_numbers([list_id for list_id in list_ids if list_id is not None])
    _check_numbers(levels)
    _check_lengths(columns)
    return tuple(map(Sentence, starts, ends, kinds, led, list_ids, levels, map(bool, promotional)))


def _blocks(columns: Sequence[Any], length: int) -> tuple[Block, ...]:
    kinds, starts, ends, levels = columns
    _check_spans(starts, ends, length)
    if not _BLOCK_KINDS.issuperset(kinds):
        raise TypeError("an unknown kind")
    _check_numbers(levels)
    _check_lengths(columns)
    return tuple(map(Block, kinds, starts, ends, levels))


def _document(values: dict[str, Any]) -> Document:
    text = _text(values["text"])
    footnotes = tuple(Footnote(_number(n["at"]), _reference(n["reference"])) for n in values["footnotes"])
    plain = ("url", "author", "publisher", "published", "region", "language", "summary")
    return Document(
        id="",
        title=_text(values["title"]),
        text=text,
        source=_text(values["source"]),
        blocks=_blocks(values["blocks"], len(text)),
        about=tuple(map(_text, values["about"])),
        questions=tuple(map(_text, values["questions"])),
        asked=tuple((_text(heading), tuple(map(_text, said))) for heading, said in values["asked"]),
        footnotes=footnotes,
        dropped=tuple((_text(reason), _text(what)) for reason, what in values["dropped"]),
        **{name: _optional(values[name]) for name in plain},
    )


def _reference(values: dict[str, Any]) -> Reference:
    publisher, url, date = (_optional(values[name]) for name in ("publisher", "url", "date"))
    return Reference(_text(values["title"]), publisher, url, date)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError("no number")
    return value


def _check_lengths(columns: Sequence[Any]) -> None:
    if len(set(map(len, columns))) != 1:
        raise TypeError("columns of different lengths")


def _check_numbers(values: Sequence[Any]) -> None:
    if not {int}.issuperset(map(type, values)) or min(values, default=0) < 0:
        raise TypeError("no number")


def _check_spans(starts: Sequence[Any], ends: Sequence[Any], length: int) -> None:
    _check_numbers(starts)
    _check_numbers(ends)
    if len(starts) != len(ends) or not all(map(le, starts, ends)) or max(ends, default=0) > length:
        raise TypeError("no span of the text")
