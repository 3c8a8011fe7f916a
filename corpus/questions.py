"""Question sets: JSONL files of questions with what a good answer must do. Read by `evals`, written by feedback.

One JSON object a line:

    {"id": str, "question": str, "history"?: [{"role": "user"|"assistant", "content": str}],
     "relevant"?: [{"document": <source>, "quote"?: str}], "nuggets"?: [[phrase, ...], ...],
     "never"?: [phrase, ...], "expect": "answered"|"partial"|"abstained"|"handed_on", "tags"?: [str]}

`nuggets`: every inner list must be met, by any of its phrases. `never`: none of these may be stated, such as the
figures of another thing. `handed_on` expects the answer to name whom to ask. The tag `clarify` says that the question
has several readings, so that asking back is right too.
`read_rows` is also how the other evaluation files (BEIR folders, claim sets) are read: one way of naming a wrong line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.functional_validators import AfterValidator

from corpus.errors import BadQuestionSet, UnknownPath

Expect = Literal["answered", "partial", "abstained", "handed_on"]
Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One earlier message of the conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Relevant:
    """A document that answers, by its `source`, and perhaps the words in it that do."""

    document: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is expected of its answer. `history` is oldest first."""

    id: str
    question: str
    expect: Expect
    history: tuple[Message, ...] = ()
    relevant: tuple[Relevant, ...] = ()
    nuggets: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """`cases` in the order of the file, `lines` the number of the line of each, from 1; `digest` is the SHA-256 of the
    file's bytes. A set that was made in memory has no lines."""

    name: str
    cases: tuple[Case, ...]
    digest: str
    lines: tuple[int, ...] = ()


Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Line(Generic[Row]):
    """A row with the number of the line that it stands on, from 1."""

    number: int
    row: Row


def _said(text: str) -> str:
    """Text with at least one letter or digit; anything else would match everywhere or nowhere."""
    if not any(character.isalnum() for character in text):
        raise ValueError("it holds no letter and no digit")
    return text


_Text = Annotated[str, AfterValidator(_said)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Message(_Strict):
    role: Role
    content: str


class _Relevant(_Strict):
    document: _Text
    quote: _Text | None = None


class _Case(_Strict):
    """The edge: one line as the contract has it."""

    id: str = Field(min_length=1, max_length=200)
    question: _Text
    history: list[_Message] | None = None
    relevant: list[_Relevant] | None = None
    nuggets: list[Annotated[list[_Text], Field(min_length=1)]] | None = None
    never: list[_Text] | None = None
    expect: Expect
    tags: list[_Text] | None = None

    def case(self) -> Case:
        return Case(
            id=self.id,
            question=self.question,
            expect=self.expect,
            history=tuple(Message(each.role, each.content) for each in self.history or ()),
            relevant=tuple(Relevant(each.document, each.quote) for each in self.relevant or ()),
            nuggets=tuple(tuple(phrases) for phrases in self.nuggets or ()),
            tags=tuple(self.tags or ()),
            never=tuple(self.never or ()),
        )


def read_set(path: Path) -> QuestionSet:
    """Read one question set.

    Raises UnknownPath where there is no such file; BadQuestionSet, naming file and line, for broken JSON, unknown or
    missing fields, an id used twice, and a file without a question.
    """
    data = read_bytes(path)
    cases: list[Case] = []
    first: dict[str, int] = {}
    for line in _lines(path, data, _Case):
        case = line.row.case()
        if case.id in first:
            raise bad_line(path, line.number, f"the id {case.id!r} was used on line {first[case.id]} already")
        first[case.id] = line.number
        cases.append(case)
    if not cases:
        raise BadQuestionSet(f"{path} holds no question; each line must be one question as JSON.")
    return QuestionSet(path.name, tuple(cases), hashlib.sha256(data).hexdigest(), tuple(first.values()))


def write_set(path: Path, cases: Sequence[Case]) -> None:
    """Write a question set; reading it again gives the same cases. Raises BadQuestionSet for an id used twice."""
    ids = [case.id for case in cases]
    if len(set(ids)) != len(ids):
        twice = next(each for each in ids if ids.count(each) > 1)
        raise BadQuestionSet(f"The id {twice!r} is used twice; {path} was not written.")
    path.write_text("".join(line_of(case) + "\n" for case in cases), encoding="utf-8")


def line_of(case: Case) -> str:
    """One case as its line of JSON, without the line break; optional fields that are empty are left out."""
    body: dict[str, Any] = {"id": case.id, "question": case.question}
    if case.history:
        body["history"] = [{"role": each.role, "content": each.content} for each in case.history]
    if case.relevant:
        body["relevant"] = [
            {"document": each.document} | ({"quote": each.quote} if each.quote is not None else {})
            for each in case.relevant
        ]
    if case.nuggets:
        body["nuggets"] = [list(phrases) for phrases in case.nuggets]
    if case.never:
        body["never"] = list(case.never)
    body["expect"] = case.expect
    if case.tags:
        body["tags"] = list(case.tags)
    return json.dumps(body, ensure_ascii=False)


def read_rows(path: Path, model: type[Row]) -> tuple[Line[Row], ...]:
    """Every line of a JSONL file as `model`, blank lines left out. Raises UnknownPath and BadQuestionSet."""
    return tuple(_lines(path, read_bytes(path), model))


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises UnknownPath, saying what is wrong."""
    if path.is_dir():
        raise UnknownPath(f"{path} is a folder; name a file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnknownPath(f"{path} cannot be read: {error.strerror or error}.") from None


def decoded_lines(path: Path, data: bytes) -> Iterator[tuple[int, str]]:
    """(number from 1, text) of every line that is not blank. Raises BadQuestionSet for a line that is not UTF-8."""
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise bad_line(path, number, "it is not UTF-8") from None
        if text:
            yield number, text


def bad_line(path: Path | str, number: int, what: str) -> BadQuestionSet:
    """The error for one line: file, line, what is wrong with it."""
    return BadQuestionSet(f"{path}, line {number}: {what}. Correct that line and run again.")


def _lines(path: Path, data: bytes, model: type[Row]) -> Iterator[Line[Row]]:
    for number, text in decoded_lines(path, data):
        try:
            body = json.loads(text, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise bad_line(path, number, f"it cannot be read as JSON ({what})") from None
        if "\\ud" in text.lower() and not _encodable(body):
            raise bad_line(path, number, "it holds half a character (a lone surrogate)")
        try:
            yield Line(number, model.model_validate(body))
        except ValidationError as error:
            raise bad_line(path, number, first_wrong(error)) from None


def _encodable(body: object) -> bool:
    """Whether the text in it can be written as UTF-8 again."""
    try:
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are each used once; the usual reader would keep the last without a word."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        if name in body:
            raise ValueError(f"the field {name!r} stands twice")
        body[name] = value
    return body


def first_wrong(error: ValidationError) -> str:
    """The first thing that is wrong with a row, for a person."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the line"
    if first["type"] == "extra_forbidden":
        return f"{where!r} is not a field of this format"
    if first["type"] == "missing":
        return f"the field {where!r} is missing"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
