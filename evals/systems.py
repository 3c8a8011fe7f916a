"""What is asked: the advisor in this process, or a Waymark server over HTTP. Both give Answers and reading texts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from bot.answer import Answer, Question, Turn
from corpus.errors import UnknownDocument, UsageError, WaymarkError
from corpus.questions import Case
from evals.scoring import Outcome

if TYPE_CHECKING:
    from bot.advisor import Advisor  # heavy; a server or a control is evaluated without it

SECONDS = 120.0  # longest wait for one answer of a server
_REQUIRED = frozenset(
    "status answer claims citations missing options hand_on situation standalone_question suggestions notices mode "
    "model generation timings_ms".split()
)
# A crash inside the system under test is data about that case; the run goes on. What is not listed (an interrupt, an
# exhausted memory, an assertion of ours) ends it.
FAULTS = (
    WaymarkError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


class System(Protocol):
    """What can be evaluated."""

    def ask(self, case: Case) -> Outcome:
        """One case; what goes wrong in it is in the outcome, never raised."""

    def text(self, document_id: str) -> str:
        """The reading text of a document. Raises UnknownDocument."""

    def sources(self) -> Mapping[str, Sequence[str]] | None:
        """The ids of the documents by their `source`; None where the system does not list them."""

    def describe(self) -> dict[str, Any]:
        """What was evaluated, for the summary: kind, generation, documents, model. No times, no folders."""


@dataclass(frozen=True, slots=True)
class Local:
    """The advisor in this process."""

    advisor: Advisor

    def ask(self, case: Case) -> Outcome:
        question = Question(case.question, tuple(Turn(each.role, each.content) for each in case.history))
        try:
            answer = self.advisor.invoke(question)
            # As `evals.risk` asks it: an answer does not carry how sure the search was.
            certainty = self.advisor.retriever.find(question).answerable
        except FAULTS as error:
            return Outcome(case, None, f"{type(error).__name__}: {error}")
        return Outcome(case, answer, total_ms=answer.timings_ms.get("total"), certainty=round(certainty, 6))

    def text(self, document_id: str) -> str:
        return self.advisor.library.document(document_id).text

    def sources(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for document in self.advisor.library.documents():
            found.setdefault(document.source, []).append(document.id)
        return found

    def describe(self) -> dict[str, Any]:
        settings = self.advisor.settings
        return {
            "system": "advisor",
            "generation": self.advisor.library.generation,
            "documents": len(self.advisor.library.documents()),
            "model": settings.model or "",
            "settings": settings.answer_fingerprint(),
        }


class Server:
    """A Waymark server. Documents are fetched once each; close it when done."""

    def __init__(self, url: str) -> None:
        """Raises UsageError where no Waymark server answers at `url`."""
        self._texts: dict[str, str] = {}
        self._client = httpx.Client(timeout=SECONDS, trust_env=False)
        try:
            self._url = httpx.URL(url.rstrip("/") + "/")
            self._health = _mapping(self._client.get(self._url.join("health")))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            self._client.close()
            raise UsageError(f"No Waymark server answers at {url} ({error}); start one with `waymark serve`.") from None

    def ask(self, case: Case) -> Outcome:
        body = {
            "question": case.question,
            "history": [{"role": each.role, "content": each.content} for each in case.history],
            "mode": "auto",
        }
        try:
            response = self._client.post(self._url.join("ask"), json=body)
        except httpx.HTTPError as error:
            return Outcome(case, None, f"{type(error).__name__}: {error}")
        if response.status_code != 200:
            return Outcome(case, None, f"HTTP {response.status_code}: {_detail(response)}")
        try:
            answer = answer_of(_mapping(response))
        except ValueError as error:
            return Outcome(case, None, str(error), "unscorable")
        return Outcome(case, answer, total_ms=answer.timings_ms.get("total"))

    def text(self, document_id: str) -> str:
        if document_id not in self._texts:
            self._texts[document_id] = self._fetch(document_id)
        return self._texts[document_id]

    def sources(self) -> None:
        return None

    def describe(self) -> dict[str, Any]:
        return {
            "system": "server",
            "generation": str(self._health.get("generation", "")),
            "documents": self._health.get("documents", 0),
            "model": str(self._health.get("model") or ""),
            "settings": "",
        }

    def close(self) -> None:
        self._client.close()

    def _fetch(self, document_id: str) -> str:
        try:
            response = self._client.get(self._url.join("documents/" + quote(document_id, safe="")))
            text = _mapping(response).get("text")
        except (httpx.HTTPError, ValueError) as error:
            raise UnknownDocument(f"The server gives no document {document_id}: {error}") from None
        if not isinstance(text, str):
            raise UnknownDocument(f"The server gives no text for document {document_id}.")
        return text


def answer_of(body: Mapping[str, Any]) -> Answer:
    """The body of POST /ask as an Answer; fields that it may have gained are ignored.

    Raises ValueError, naming the field, where it has not the shape of the contract.
    """
    lacking = sorted(_REQUIRED - body.keys())
    if lacking:
        raise ValueError(f"the answer lacks the field {lacking[0]!r}")
    try:
        answer = _ANSWER.validate_python(dict(body))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"the answer's field {where!r} has not the shape of the contract: {first['msg']}") from None
    if not all(math.isfinite(each) for each in answer.timings_ms.values()):
        raise ValueError("the answer's field 'timings_ms' holds what is no number")
    return answer


_ANSWER = TypeAdapter(Answer)


def _mapping(response: httpx.Response) -> dict[str, Any]:
    """The response's JSON object. Raises httpx.HTTPError for another status than 200, ValueError for another body."""
    response.raise_for_status()
    body = response.json()
    if not isinstance(body, dict):
        raise ValueError("the reply is not a JSON object")
    return body


def _detail(response: httpx.Response) -> str:
    """What a problem document says, or the beginning of the body."""
    try:
        body = response.json()
    except ValueError:
        return response.text[:200]
    return str(body.get("detail") or body.get("title") or "")[:500] if isinstance(body, dict) else ""
