"""What a reader makes of a file, before it becomes a Document: its parts in order and what it tells of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.models import Reference

PartKind = Literal["heading", "paragraph", "item", "row", "fact"]


@dataclass(frozen=True, slots=True)
class Part:
    """One block to be. Its text is one line, unless `verbatim` (code), and may hold footnote marks `[^key]`.

    `level`: as in Block. `number` of an item: what its list counts it as, None for a bullet. A row's or fact's text is
    `Row: column value; column value` or `Label: value`; the title is put in front when the title is known, together
    with `caption` where that says more than the title.
    """

    kind: PartKind
    text: str
    level: int = 0
    number: int | None = None
    caption: str = ""
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Meta:
    """What a source tells of itself. `published` is an ISO date, or a part of one (`2025`, `2025-02`)."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    region: str | None = None
    language: str | None = None
    url: str | None = None
    summary: str | None = None
    about: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. `notes`: the references that the file itself defines, by footnote key."""

    meta: Meta
    parts: tuple[Part, ...]
    notes: Mapping[str, Reference] = field(default_factory=dict)
    dropped: tuple[tuple[str, str], ...] = ()
