"""What the chat page keeps of a conversation, and what is read back of it when the page sends it along.

The server keeps nothing of it. What a browser sends may be anything: what is no conversation is none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.answer import Answer, Situation, Turn
from ui.bodies import SituationBody, Text
from ui.feedback import Cited, Opinion, Said
from ui.text import whole

# The turns that are sent with a question; older ones are shown but no longer read.
_TURNS = 12


class CitedBody(BaseModel):
    """A guide's `source` and the words of it that an answer quoted."""

    document: Text
    quote: Text


class Exchange(BaseModel):
    """One question with its answer, as the page keeps it. `status`, `cited` and `generation` are for feedback alone."""

    question: Text = Field(max_length=4_000)
    answer: Text
    html: Text
    status: Literal["answered", "partial", "abstained", "handed_on", ""] = ""
    cited: list[CitedBody] = []
    generation: Text = ""


class Asked(BaseModel):
    """The last question, as the page keeps it, answered or not; `before`: how many exchanges stood before it."""

    question: Text
    before: int = Field(ge=0)


_talk = TypeAdapter(list[Exchange])


def read(talk: Any) -> list[Exchange]:
    """What the page kept. A page that sends something else starts anew."""
    try:
        return _talk.validate_python(talk or [])
    except ValidationError:
        return []


def made(question: str, answer: Answer, html: str, kept: bool) -> Exchange:
    """A question and its answer, as drawn in `html`.

    `kept`: with what feedback on it would need; a question that was asked back takes none.
    """
    if not kept or answer.status == "clarify":
        return Exchange(question=question, answer=answer.answer, html=html)
    status = "handed_on" if answer.hand_on and answer.status == "abstained" else answer.status
    cited = [CitedBody(document=citation.source, quote=citation.quote) for citation in answer.citations]
    return Exchange(
        question=question, answer=answer.answer, html=html, status=status, cited=cited, generation=answer.generation
    )


def opinion(before: Sequence[Exchange], thumb: str, reason: str | None, note: str | None) -> Opinion | None:
    """What a person thinks of the last of `before`; None where that takes no opinion."""
    if not before or not before[-1].status or thumb not in ("up", "down"):
        return None
    last = before[-1]
    return Opinion(
        "up" if thumb == "up" else "down",
        last.question,
        last.status,
        reason=whole(reason or "") if thumb == "down" else "",
        note=whole(note or ""),
        history=tuple(Said(turn.role, turn.content) for turn in turns(before[:-1])),
        cited=tuple(Cited(each.document, each.quote) for each in last.cited),
        generation=last.generation,
    )


def last_asked(last: Any, talk: Any) -> tuple[str, list[Exchange]]:
    """The last question and what stood before it; "" where there is none."""
    try:
        asked = Asked.model_validate(last)
    except ValidationError:
        return "", read(talk)
    return asked.question, read(talk)[: asked.before]


def dumped(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """As the page keeps them: JSON."""
    return [value.model_dump() for value in exchanges]


def turns(before: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The last of them, as a question's history."""
    said = [turn for e in before for turn in (Turn("user", e.question), Turn("assistant", e.answer))]
    return tuple(said[-_TURNS:])


def situation(background: str, region: str, hours: str, goal: str) -> Situation:
    """What stands in the fields, read as the HTTP interface reads it; a field that cannot be used is left out."""
    given = {"background": background, "region": region, "hours_per_week": hours, "goal": goal}
    read = {}
    for name, text in given.items():
        with contextlib.suppress(ValidationError):
            read[name] = getattr(SituationBody.model_validate({name: (text or "").strip() or None}), name)
    return Situation(**read)
