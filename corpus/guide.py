"""A guide as its author writes it: Markdown with front matter and footnote marks, read statement by statement.

Ingest reads anything; this reads our own guides strictly, with the line of each statement, so that a finding can name
its place. A statement is a sentence, a list item or a table row: the least that an answer can quote.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from corpus.errors import BadGuide, UnknownPath
from corpus.prose import sentence_spans

Kind = Literal["guide", "statistics", "comparison", "how-to"]
Confidence = Literal["D", "X", "S"]
Said = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True, pattern=r"^[^\n]+$")]

MARK = re.compile(r"\[\^([^\]\s]{1,80})\]")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\n]+)\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^(?P<signs>#{1,6})\s+(?P<text>.+?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
_RULE = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_EMPHASIS = re.compile(r"(?<![\w*])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*])|`")


class FrontMatter(BaseModel):
    """What a guide says of itself. `about` are other names of its topic; `questions` those that it answers; `asked`,
    by heading, other words in which people ask for what stands under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Said
    summary: Said
    kind: Kind
    region: Said
    published: datetime.date
    reviewed: datetime.date
    author: Said
    questions: tuple[Said, ...] = Field(min_length=4, max_length=12)
    about: tuple[Said, ...] = ()
    asked: dict[Said, tuple[Said, ...]] = Field(default_factory=dict)

    @field_validator("questions")
    @classmethod
    def _are_questions(cls, questions: tuple[str, ...]) -> tuple[str, ...]:
        for question in questions:
            if not question.endswith("?"):
                raise ValueError(f"{question!r} does not end with a question mark")
        if len({question.casefold() for question in questions}) < len(questions):
            raise ValueError("a question stands twice")
        return questions

    @model_validator(mode="after")
    def _in_order(self) -> FrontMatter:
        if self.reviewed < self.published:
            raise ValueError("reviewed is before published")
        return self


class Source(BaseModel):
    """A work of sources.toml. `date`: of the work or its edition; `confidence`: how it was read (D, X or S)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Said
    publisher: Said
    date: Said
    confidence: Confidence
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$")] | None = None
    licence: Said | None = None


StatementKind = Literal["heading", "sentence", "item", "row"]


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` without marks and emphasis; of a row, its cells joined as `label - header: value; ...`.

    `marks` are the keys of its footnotes; `lead` the sentence that introduces its list or table, "" elsewhere; `head`
    the table's header of a row; `cells` the row's own cells; `section` the headings above it, outermost first.
    """

    kind: StatementKind
    line: int
    text: str
    marks: tuple[str, ...] = ()
    lead: str = ""
    cells: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    introduces: bool = False

    @property
    def own_words(self) -> str:
        """What it says itself: of a row its cells, without the table's header."""
        return " | ".join(self.cells) if self.kind == "row" else self.text

    @property
    def context(self) -> tuple[str, ...]:
        """The words that it is read with: headings, lead-in, table header, and its own."""
        return (*self.section, self.lead, *self.head, self.text)


@dataclass(frozen=True, slots=True)
class Guide:
    """`raw` is the whole file, so that `raw.splitlines()[line - 1]` is what a statement's line number names."""

    path: Path
    raw: str
    front: FrontMatter
    statements: tuple[Statement, ...]

    @property
    def name(self) -> str:
        """The file's name, with its ending."""
        return self.path.name


def read_guide(path: Path) -> Guide:
    """Raises BadGuide, with the line, for front matter that does not fit the schema."""
    raw = path.read_text(encoding="utf-8")
    parts = re.match(r"---\n(.*?\n)---\n", raw, re.DOTALL)
    if parts is None:
        raise BadGuide(path.name, 1, "it has no front matter between two lines of ---")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(parts[1]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadGuide(path.name, mark.line + 2 if mark else 1, "its front matter is no YAML") from error
    except ValidationError as error:
        field, wrong = _first_error(error)
        lines = raw[: parts.end()].splitlines()
        line = next((n for n, text in enumerate(lines, 1) if field and text.startswith(f"{field}:")), 1)
        raise BadGuide(path.name, line, f"front matter, {field or 'as a whole'}: {wrong}") from error
    first = raw[: parts.end()].count("\n") + 1
    return Guide(path, raw, front, tuple(_statements(raw[parts.end() :].split("\n"), first)))


def read_sources(path: Path) -> dict[str, Source]:
    """The works by key. Raises UnknownPath where the file is missing, BadGuide where it does not fit the schema."""
    works: dict[str, Source] = {}
    for key, table in read_toml(path).items():
        try:
            works[key] = Source.model_validate(table)
        except ValidationError as error:
            field, wrong = _first_error(error)
            raise BadGuide(path.name, line_of(path, f"[{key}]"), f"{key}, {field}: {wrong}") from error
    return works


def read_toml(path: Path) -> dict[str, Any]:
    """Raises UnknownPath where there is no such file, BadGuide where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownPath(f"There is no file {path}; it belongs beside the guides or in their parent folder.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadGuide(path.name, 1, f"it is no TOML ({error})") from error


def line_of(path: Path, text: str) -> int:
    """The number of the first line that begins with `text`; 1 where none does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(text)), 1)


def _first_error(error: ValidationError) -> tuple[str, str]:
    first = error.errors()[0]
    return str(first["loc"][0]) if first["loc"] else "", first["msg"].removeprefix("Value error, ")


def plain(text: str) -> str:
    """Markdown's inline marks taken off: links as their words, emphasis and escapes gone."""
    kept = text.replace("\\*", "\0").replace("\\_", "\1")
    return _EMPHASIS.sub("", LINK.sub(r"\g<text>", kept)).replace("\0", "*").replace("\1", "_")


def _statements(lines: Sequence[str], first: int) -> Iterator[Statement]:
    """Line by line; a paragraph or item may be wrapped over several lines."""
    section: list[str] = []
    head: tuple[str, ...] = ()
    lead = ""
    for line, block in _blocks(lines, first):
        if heading := _HEADING.match(block):
            del section[max(0, len(heading["signs"]) - 2) :]
            section.append(plain(heading["text"]))
            lead, head = "", ()
            yield Statement("heading", line, section[-1], section=tuple(section))
        elif block.startswith("|"):
            if _RULE.match(block):
                continue
            cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", block.strip().strip("|")))
            if not head:
                head = tuple(plain(MARK.sub("", cell)) for cell in cells)
                continue
            yield _row(line, cells, head, lead, tuple(section))
        elif item := _ITEM.match(block):
            text, marks = _unmarked(plain(item["text"]))
            yield Statement("item", line, text, tuple(key for _, key in marks), lead, section=tuple(section))
        else:
            head = ()
            said = list(_sentences(line, block, tuple(section)))
            yield from said
            lead = said[-1].text if said and said[-1].introduces else ""


def _blocks(lines: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
    """(line number, text) of each heading, table line, item and paragraph; wrapped lines joined, code left out."""
    start, text = 0, ""
    fenced = False
    for number, line in enumerate(lines, first):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            line = ""
        alone = bool(_HEADING.match(line)) or line.startswith("|")
        if text and (not line.strip() or alone or _ITEM.match(line) or fenced):
            yield start, text
            text = ""
        if fenced or not line.strip():
            continue
        if alone:
            yield number, line
        else:
            start, text = (start, f"{text} {line.strip()}") if text else (number, line.rstrip())
    if text:
        yield start, text


def _sentences(line: int, block: str, section: tuple[str, ...]) -> Iterator[Statement]:
    """The sentences of a paragraph; a mark belongs to the sentence that it stands in or right behind."""
    text, marks = _unmarked(plain(block))
    for start, end in sentence_spans(text):
        said = text[start:end]
        mine = tuple(key for at, key in marks if start < at <= end)
        yield Statement("sentence", line, said, mine, section=section, introduces=said.endswith(":"))


def _row(line: int, cells: tuple[str, ...], head: tuple[str, ...], lead: str, section: tuple[str, ...]) -> Statement:
    own = [_unmarked(plain(cell)) for cell in cells]
    texts = tuple(text.strip() for text, _ in own)
    values = [f"{name}: {text}" for name, text in zip(head[1:], texts[1:], strict=False) if text]
    marks = tuple(key for _, found in own for _, key in found)
    return Statement("row", line, f"{texts[0]} - {'; '.join(values)}", marks, lead, texts, head, section)


def _unmarked(text: str) -> tuple[str, list[tuple[int, str]]]:
    """(text without footnote marks, where each stood with its key)."""
    marks: list[tuple[int, str]] = []
    kept: list[str] = []
    length = at = 0
    for match in MARK.finditer(text):
        kept.append(text[at : match.start()])
        length += match.start() - at
        at = match.end()
        marks.append((length, match[1]))
    return "".join((*kept, text[at:])), marks
