"""The bodies of the HTTP interface: what a request may hold and what a response is, for /docs and /openapi.json too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.answer import Question, Situation, Turn
from corpus.models import Document, Hit
from ui.text import whole

if TYPE_CHECKING:
    from bot.retriever import Found
    from corpus.index import Index

Text = Annotated[str, BeforeValidator(lambda value: whole(value) if isinstance(value, str) else value)]


class TurnBody(BaseModel):
    role: Literal["user", "assistant"]
    content: Text


class SituationBody(BaseModel):
    """What the person told of themselves. Every field may be left out."""

    background: Text | None = None
    region: Text | None = None
    hours_per_week: Annotated[float, Field(ge=0, le=168, allow_inf_nan=False)] | None = None
    goal: Text | None = None


class AskBody(BaseModel):
    """A question, with what was said before it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "What should I learn first for machine learning?"}]}
    )

    question: Text = Field(description="1 to 4,000 characters")
    history: list[TurnBody] | None = Field(None, description="the conversation so far, oldest first")
    situation: SituationBody | None = None
    mode: Literal["auto", "extractive", "generated"] = "auto"

    def question_value(self) -> Question:
        situation = self.situation or SituationBody()
        return Question(
            self.question,
            tuple(Turn(turn.role, turn.content) for turn in self.history or ()),
            Situation(situation.background, situation.region, situation.hours_per_week, situation.goal),
            self.mode,
        )


class ReferenceBody(BaseModel):
    title: str
    publisher: str | None
    url: str | None
    date: str | None


class CitationBody(BaseModel):
    number: int
    document_id: str
    title: str
    author: str | None
    source: str
    section: str = Field(description="Heading > Subheading")
    quote: str = Field(description="text[start:end] of the document, in Unicode code points")
    start: int
    end: int
    published: str | None
    region: str | None
    references: list[ReferenceBody] = Field(description="the primary works behind the quote")
    url: str | None


class ClaimBody(BaseModel):
    text: str
    citations: list[int]
    verdict: Literal["supported", "unsupported"]
    reasons: list[str]


class HandOnBody(BaseModel):
    topic: str
    whom: str
    url: str | None


class AnswerBody(BaseModel):
    """One answer. The marks in `answer`, the numbers in `claims` and those in `citations` are the same set."""

    status: Literal["answered", "partial", "abstained", "clarify"]
    answer: str = Field(description="Markdown with [1] marks")
    claims: list[ClaimBody]
    citations: list[CitationBody]
    missing: list[str] = Field(description="what was asked for and not found")
    options: list[str] = Field(description="the readings of a question that is asked back")
    hand_on: HandOnBody | None = Field(description="who should be asked as well")
    situation: SituationBody = Field(description="as understood so far; kept by the caller, never on the server")
    standalone_question: str
    suggestions: list[str] = Field(description="what the library has nearby")
    notices: list[str]
    mode: Literal["extractive", "generated"]
    model: str
    generation: str = Field(description="the state of the library that the whole answer comes from")
    timings_ms: dict[str, float]


class SectionBody(BaseModel):
    heading: str
    level: int
    start: int
    end: int


class DocumentBody(BaseModel):
    """A guide as it is read: plain text, with where its parts stand."""

    document_id: str
    title: str
    source: str
    url: str | None
    author: str | None
    publisher: str | None
    published: str | None
    region: str | None
    text: str
    sections: list[SectionBody]
    blocks: list[dict[str, Any]]
    footnotes: list[dict[str, Any]]


class ShelfDocumentBody(BaseModel):
    """A guide as the list names it; GET /documents/{document_id} gives its text."""

    document_id: str
    title: str
    source: str
    url: str | None
    author: str | None
    published: str | None
    region: str | None
    passages: int


class ShelfBody(BaseModel):
    """One page of the list of guides, in the order of their sources."""

    generation: str
    total: int = Field(description="guides in the library")
    offset: int
    limit: int
    next_offset: int | None = Field(description="where the next page begins; null behind the last one")
    documents: list[ShelfDocumentBody]


class SpanBody(BaseModel):
    """A sentence, list item or table row of a passage."""

    start: int
    end: int
    score: float = Field(description="cosine to the question, -1 to 1")


class HitBody(BaseModel):
    """A passage that was found: `text` stands at `start` to `end` of its document, in Unicode code points."""

    passage_id: str
    document_id: str
    title: str
    section: str = Field(description="Heading > Subheading")
    source: str
    url: str | None
    published: str | None
    region: str | None
    text: str
    start: int
    end: int
    score: float = Field(description="what ranks the hits; comparable within one search only")
    dense: float = Field(description="cosine of the passage to the question, -1 to 1")
    lexical: float = Field(description="BM25, 0 and up")
    sentences: list[SpanBody]


class SearchBody(BaseModel):
    """The passages that fit a question best, best first."""

    question: str = Field(description="the question as it was searched, spelling repaired")
    generation: str
    answered: bool = Field(description="whether this is evidence enough to answer from")
    answerable: float = Field(description="how sure that is, 0 to 1, measured against this library")
    missing: list[str] = Field(description="words of the question that stand nowhere in the library")
    hits: list[HitBody]


class HealthBody(BaseModel):
    status: Literal["ok", "degraded"]
    generation: str
    documents: int
    passages: int
    model: str


def document_value(document: Document) -> dict[str, Any]:
    """The body of GET /documents/{id}. Every `start`, `end` and `at` counts Unicode code points of `text`."""
    return {
        "document_id": document.id,
        "title": document.title,
        "source": document.source,
        "url": document.url,
        "author": document.author,
        "publisher": document.publisher,
        "published": document.published,
        "region": document.region,
        "text": document.text,
        "sections": _sections(document),
        "blocks": [
            {"kind": block.kind, "start": block.start, "end": block.end, "level": block.level}
            for block in document.blocks
        ],
        "footnotes": [
            {
                "at": note.at,
                "title": note.reference.title,
                "publisher": note.reference.publisher,
                "url": note.reference.url,
                "date": note.reference.date,
            }
            for note in document.footnotes
        ],
    }


def shelf_value(index: Index, offset: int, limit: int) -> dict[str, Any]:
    """The body of GET /documents."""
    infos = sorted(index.documents(), key=lambda info: (info.source, info.id))
    part = infos[offset : offset + limit]
    return {
        "generation": index.generation,
        "total": len(infos),
        "offset": offset,
        "limit": limit,
        "next_offset": offset + limit if offset + limit < len(infos) else None,
        "documents": [
            {
                "document_id": info.id,
                "title": info.title,
                "source": info.source,
                "url": info.url,
                "author": info.author,
                "published": info.published,
                "region": info.region,
                "passages": info.passages,
            }
            for info in part
        ],
    }


def search_value(found: Found, index: Index, k: int) -> dict[str, Any]:
    """The body of GET /search: the best `k` of what was found in `index`."""
    return {
        "question": found.query,
        "generation": index.generation,
        "answered": found.answered,
        "answerable": found.answerable,
        "missing": list(found.missing),
        "hits": [_hit(hit, index.document(hit.passage.document_id)) for hit in found.hits[:k]],
    }


def _hit(hit: Hit, document: Document) -> dict[str, Any]:
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "document_id": document.id,
        "title": document.title,
        "section": " > ".join(passage.section),
        "source": document.source,
        "url": document.url,
        "published": document.published,
        "region": document.region,
        "text": document.text[passage.start : passage.end],
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "dense": hit.dense,
        "lexical": hit.lexical,
        "sentences": [
            {"start": sentence.start, "end": sentence.end, "score": score}
            for sentence, score in zip(passage.sentences, hit.sentence_scores, strict=True)
        ],
    }


def _sections(document: Document) -> list[dict[str, Any]]:
    """Each heading with the span from it to the next heading of its level or above."""
    headings = [block for block in document.blocks if block.kind == "heading"]
    sections = []
    for place, heading in enumerate(headings):
        after = (later.start for later in headings[place + 1 :] if later.level <= heading.level)
        sections.append(
            {
                "heading": document.text[heading.start : heading.end].lstrip("# ").strip(),
                "level": heading.level,
                "start": heading.start,
                "end": next(after, len(document.text)),
            }
        )
    return sections
