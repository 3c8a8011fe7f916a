"""Question in, Answer out: frozen values. `Answer.to_dict()` is the JSON of POST /ask, to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.models import Reference, values_of

Mode = Literal["auto", "extractive", "generated"]
Status = Literal["answered", "partial", "abstained", "clarify"]
Verdict = Literal["supported", "unsupported"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What the person told of themselves. Kept by the caller, never on the server."""

    background: str | None = None
    region: str | None = None
    hours_per_week: float | None = None
    goal: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    history: tuple[Turn, ...] = ()
    situation: Situation = Situation()
    mode: Mode = "auto"

    @classmethod
    def of(cls, value: Question | Mapping[str, Any] | str) -> Question:
        """From a request body as the contract gives it, from a bare string, or unchanged."""
        if isinstance(value, Question):
            return value
        if isinstance(value, str):
            return cls(value)
        history = tuple(Turn(turn["role"], turn["content"]) for turn in value.get("history") or ())
        situation = Situation(**(value.get("situation") or {}))
        return cls(value["question"], history, situation, value.get("mode") or "auto")


@dataclass(frozen=True, slots=True)
class Citation:
    """`quote == document.text[start:end]`, in code points. Numbers start at 1 within one answer."""

    number: int
    document_id: str
    title: str
    author: str | None
    source: str
    section: str
    quote: str
    start: int
    end: int
    published: str | None = None
    region: str | None = None
    references: tuple[Reference, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence, list item or table row of an answer. Unsupported ones carry no citations and are not shown.

    `works` counts the independent works behind the citations: guides that quote the same survey are one.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    works: int = 0


@dataclass(frozen=True, slots=True)
class HandOn:
    topic: str
    whom: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: Status
    answer: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    missing: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    hand_on: HandOn | None = None
    situation: Situation = Situation()
    standalone_question: str = ""
    suggestions: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    mode: Literal["extractive", "generated"] = "extractive"
    model: str = ""
    generation: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The response body of POST /ask: plain dicts, lists, strings and numbers."""
        body: dict[str, Any] = _plain(self)
        body["situation"] = {k: v for k, v in body["situation"].items() if v is not None}
        return body


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """A checked claim with its citations, as soon as it is known; `markdown` is how the answer shows it."""

    claim: Claim
    citations: tuple[Citation, ...]
    markdown: str


@dataclass(frozen=True, slots=True)
class NoticeEvent:
    text: str


@dataclass(frozen=True, slots=True)
class DoneEvent:
    answer: Answer


Event = ClaimEvent | NoticeEvent | DoneEvent


def _plain(value: Any) -> Any:
    """A value of the kinds above as what JSON has (`dataclasses.asdict` takes several times as long)."""
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return {name: _plain(each) for name, each in values_of(value).items()}
