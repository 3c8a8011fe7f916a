"""A stand-in at the seam between `ui` and `bot`: an advisor over one short guide, with the odd cases on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.answer import Answer, Citation, Claim, ClaimEvent, DoneEvent, Event, HandOn, NoticeEvent, Question
from bot.phrases import DISAGREE_PERIOD
from bot.render import Line, answer_text, piece
from corpus.errors import QuestionError, UnknownDocument
from corpus.models import Block, BlockKind, Document, Footnote, Reference
from corpus.records import DocumentInfo

_LINES: tuple[tuple[BlockKind, int, str], ...] = (
    ("title", 0, "Learning to sail 🛶 by yourself"),
    ("byline", 0, "Ada Example, Harbour School, 2025-02-18"),
    ("heading", 1, "What to learn first"),
    ("paragraph", 0, "Learn to read the wind before you learn to steer. Most beginners need twelve weeks."),
    ("item", 0, "- Knots: the bowline and the cleat hitch"),
    ("item", 0, "- Weather: clouds, pressure and tides"),
    ("heading", 2, "Money"),
    ("row", 0, "Learning to sail - Dinghy: price $1,200; weight 59 kg"),
    (
        "paragraph",
        0,
        "<script>window.hacked=1</script><img src=x onerror=window.hacked=1> is text here. [1] https://evil.example",
    ),
)
_FILLER: tuple[tuple[BlockKind, int, str], ...] = tuple(
    ("paragraph", 0, f"Paragraph {n} speaks of the sea at length, so that the text is long enough to be scrolled.")
    for n in range(40)
)


def _document() -> Document:
    text, blocks = "", []
    for kind, level, line in (*_LINES[:2], *_FILLER[:20], *_LINES[2:], *_FILLER[20:]):
        start = len(text)
        text += line
        blocks.append(Block(kind, start, len(text), level))
        text += "\n\n"
    note = text.index("learn to steer.") + len("learn to steer.")
    return Document(
        id="sailing_1",
        title="Learning to sail 🛶 by yourself",
        text=text.rstrip(),
        source="sailing.md",
        blocks=tuple(blocks),
        url="https://harbour.example/sailing",
        author="Ada Example",
        publisher="Harbour School",
        published="2025-02-18",
        region="General",
        footnotes=(Footnote(note, Reference("The wind book", "Sea Press", "https://sea.example/wind", "2019")),),
    )


DOCUMENT = _document()


def citation(number: int, quote: str) -> Citation:
    start = DOCUMENT.text.index(quote)
    end = start + len(quote)
    return Citation(
        number,
        DOCUMENT.id,
        DOCUMENT.title,
        DOCUMENT.author,
        DOCUMENT.source,
        "What to learn first",
        quote,
        start,
        end,
        DOCUMENT.published,
        DOCUMENT.region,
        DOCUMENT.references(start, end),
        DOCUMENT.url,
    )


def answer(question: Question) -> Answer:
    """Two sentences and two items, all four cited."""
    quotes = (
        "Learn to read the wind before you learn to steer.",
        "Most beginners need twelve weeks.",
        "Knots: the bowline and the cleat hitch",
        "<script>window.hacked=1</script><img src=x onerror=window.hacked=1> is text here. [1] https://evil.example",
    )
    claims = tuple(Claim(quote, (number,), "supported") for number, quote in enumerate(quotes, 1))
    lines = [Line(claims[0]), Line(claims[1]), Line(claims[2], "item", fresh=True), Line(claims[3], "item")]
    return Answer(
        "partial",
        answer_text(lines),
        (*claims, Claim("Sailors earn $900,000.", (), "unsupported", ("the number 900,000 is in no quote",))),
        tuple(citation(number, quote) for number, quote in enumerate(quotes, 1)),
        missing=("the price of a berth",),
        hand_on=HandOn("safety", "a sailing instructor near you", "https://instructors.example/find"),
        situation=question.situation,
        standalone_question="learning to sail",
        suggestions=("What does a dinghy cost?", "Which knots come first?"),
        notices=("Some words were read as other spellings.",),
        generation="g1",
        timings_ms={"total": 1.5},
    )


def differing() -> Answer:
    """Two figures that guides set side by side: an old one, and one that two guides take from one work."""
    old = Claim("A berth cost $900 in 2012.", (1,), "supported", works=1)
    new = Claim("A berth costs $1,200.", (2, 3), "supported", works=1)
    quoted = [citation(number, "Learning to sail - Dinghy: price $1,200; weight 59 kg") for number in (1, 2, 3)]
    quoted[2] = replace(quoted[2], document_id="other_1")
    lines = [Line(old, "item", frame=DISAGREE_PERIOD), Line(new, "item")]
    return Answer("answered", answer_text(lines), (old, new), tuple(quoted), generation="g1")


@dataclass(frozen=True)
class FakeIndex:
    generation: str = "g1"
    count: int = 12
    document_count: int = 1

    def document(self, document_id: str) -> Document:
        return FakeLibrary().document(document_id)

    def documents(self) -> tuple[DocumentInfo, ...]:
        made = DOCUMENT
        about = (made.url, made.author, made.published, made.region)
        return (DocumentInfo(made.id, made.title, made.source, *about, self.count, (), ()),)


class FakeLibrary:
    status = "ok"

    def current(self) -> FakeIndex:
        return FakeIndex()

    def is_current(self) -> bool:
        return True

    def document(self, document_id: str) -> Document:
        if document_id != DOCUMENT.id:
            raise UnknownDocument(f"There is no document {document_id} in this library.")
        return DOCUMENT

    def close(self) -> None:
        pass


@dataclass
class FakeAdvisor:
    """`pause`: seconds before each event. `gate`: answers wait for it. `asked` and `left` tell what happened."""

    pause: float = 0.0
    gate: threading.Event | None = None
    fault: Exception | None = None
    clarify: bool = False
    differ: bool = False
    library: FakeLibrary = field(default_factory=FakeLibrary)
    asked: list[Question] = field(default_factory=list)
    left: int = 0
    generator: None = None

    def invoke(self, question: Question | Mapping[str, Any]) -> Answer:
        return next(event.answer for event in self.events(Question.of(question)) if isinstance(event, DoneEvent))

    def answer(self, question: Question) -> Answer:
        return self.invoke(question)

    def events(self, question: Question) -> Iterator[Event]:
        self.asked.append(question)
        if not question.text.strip() or len(question.text) > 4_000:
            raise QuestionError("The question is empty or too long.")
        if self.gate is not None:
            assert self.gate.wait(20)
        made = self._answer(question)
        try:
            yield from self._events(made)
        finally:
            self.left += 1

    def _events(self, made: Answer) -> Iterator[Event]:
        for notice in made.notices:
            yield NoticeEvent(notice)
        by_number = {c.number: c for c in made.citations}
        for place, claim in enumerate(c for c in made.claims if c.verdict == "supported"):
            time.sleep(self.pause)
            text = piece(Line(claim, "sentence" if place < 2 else "item", fresh=place == 2), first=place == 0)
            yield ClaimEvent(claim, tuple(by_number[n] for n in claim.citations), text)
        if self.fault is not None:
            raise self.fault
        yield DoneEvent(made)

    def _answer(self, question: Question) -> Answer:
        if self.clarify and not question.history:
            return Answer("clarify", "Which one do you mean?", options=("Sailing a dinghy", "Sailing a yacht"))
        made = differing() if self.differ else answer(question)
        # Said back as the bot does, to see that it comes through whole, with what the person said in passing.
        told = question.situation.background or ("nurse" if "I'm a nurse" in question.text else None)
        return replace(made, situation=replace(question.situation, background=told))
