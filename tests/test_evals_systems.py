"""What is asked: the real advisor, and servers over real HTTP, good and broken ones."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.advisor import Advisor
from bot.answer import Answer
from corpus.errors import UnknownDocument, UsageError
from corpus.questions import Case, Message
from evals import control_world as world
from evals.scoring import score
from evals.systems import Local, Server, answer_of

CASE = Case("a", "How many people work there?", "answered", history=(Message("user", "The bakery?"),))
ANSWER = replace(
    world.answered(("baking", "The bakery on Mill Street employs 25 people.")),
    timings_ms={"total": 4.5},
    generation="g1",
)


@dataclass
class Stub:
    """A server on loopback that says what it is told to, and remembers what it was asked."""

    replies: dict[str, tuple[int, Any]]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@pytest.fixture
def stub() -> Iterator[Stub]:
    told = Stub(
        {
            "/health": (200, {"status": "ok", "generation": "g1", "documents": 3, "passages": 9, "model": None}),
            "/ask": (200, {**ANSWER.to_dict(), "a_new_field": 1}),
            "/documents/baking": (200, {"document_id": "baking", "text": world.TEXTS["baking"]}),
        }
    )

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            told.paths.append(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            if size:
                told.asked.append(json.loads(self.rfile.read(size)))
            status, body = told.replies.get(
                self.path, (404, {"title": "Not Found", "detail": "There is no such thing."})
            )
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server(stub: Stub) -> Iterator[Server]:
    opened = Server(stub.url)
    yield opened
    opened.close()


def test_a_server_is_asked_as_the_contract_has_it_and_its_documents_are_fetched_once(
    stub: Stub, server: Server
) -> None:
    outcome = server.ask(CASE)
    assert outcome.answer == ANSWER
    assert outcome.total_ms == 4.5
    assert stub.asked == [
        {"question": CASE.question, "history": [{"role": "user", "content": "The bakery?"}], "mode": "auto"}
    ]
    assert score(outcome, server).passed
    assert score(outcome, server).passed
    assert stub.paths.count("/documents/baking") == 1
    described = server.describe()
    assert (described["generation"], described["documents"], described["model"]) == ("g1", 3, "")


def test_an_unknown_document_makes_the_citation_invalid(stub: Stub, server: Server) -> None:
    del stub.replies["/documents/baking"]
    checks = score(server.ask(CASE), server).checks
    assert checks is not None
    assert checks.valid == 0
    stub.replies["/documents/x"] = (200, {"title": "no text"})
    for id_ in ("x", "y/../baking"):
        with pytest.raises(UnknownDocument):
            server.text(id_)


@pytest.mark.parametrize(
    ("status", "body", "state", "word"),
    [
        (503, {"title": "Busy", "detail": "Ask again later."}, "errored", "503: Ask again later."),
        (500, b"oops", "errored", "500: oops"),
        (200, b"<html>", "unscorable", ""),
        (200, [1], "unscorable", "not a JSON object"),
        (200, {"status": "answered"}, "unscorable", "lacks the field"),
        (200, {**ANSWER.to_dict(), "status": "fine"}, "unscorable", "'status'"),
        (200, {**ANSWER.to_dict(), "claims": [{"text": "x"}]}, "unscorable", "'claims.0.citations'"),
        (200, {**ANSWER.to_dict(), "timings_ms": {"total": "NaN"}}, "unscorable", "timings_ms"),
    ],
)
def test_what_a_server_does_wrong_is_a_state_of_the_case(
    stub: Stub, server: Server, status: int, body: Any, state: str, word: str
) -> None:
    stub.replies["/ask"] = (status, body)
    outcome = server.ask(CASE)
    assert outcome.answer is None
    assert outcome.trouble_state == state
    assert word in outcome.trouble
    assert score(outcome, server).state == state


def test_no_server_and_a_server_that_is_not_ready_are_usage_errors(stub: Stub) -> None:
    stub.replies["/health"] = (503, {"title": "Starting"})
    for url in (stub.url, "http://127.0.0.1:9", "not an address", "http://[bad"):
        with pytest.raises(UsageError, match="No Waymark server answers") as caught:
            Server(url)
        assert caught.value.exit_code == 2


def test_a_server_that_leaves_in_the_middle_is_an_errored_case(stub: Stub, server: Server) -> None:
    gone = Server(stub.url)
    gone._url = gone._url.copy_with(port=9)
    assert gone.ask(CASE).trouble_state == "errored"
    gone.close()


def test_an_answer_survives_its_own_json() -> None:
    full = replace(world.handed(), options=("a",), suggestions=("b",), timings_ms={"total": 1.0})
    for answer in (ANSWER, full, Answer("abstained", "No.")):
        assert answer_of(json.loads(json.dumps(answer.to_dict()))) == answer


def test_the_real_advisor_is_asked_and_checked(advisor: Advisor) -> None:
    system = Local(advisor)
    outcome = system.ask(Case("a", "How much does a data engineer earn?", "answered", nuggets=(("84,500",),)))
    assert outcome.answer is not None
    assert outcome.total_ms is not None
    assert outcome.total_ms > 0
    scored = score(outcome, system)
    assert scored.checks is not None
    assert scored.checks.problems == ()
    assert scored.nuggets == (True,)
    described = system.describe()
    assert described["documents"] == 3
    assert described["generation"] == outcome.answer.generation


def test_an_unusable_question_is_an_errored_case(advisor: Advisor) -> None:
    outcome = Local(advisor).ask(Case("a", "why? " * 4000, "abstained"))
    assert outcome.trouble.startswith("QuestionError: ")
    assert score(outcome, Local(advisor)).state == "errored"


def test_a_crash_in_a_case_is_data(advisor: Advisor) -> None:
    class Broken:
        def invoke(self, question: Any) -> Answer:
            raise KeyError("lost")

    outcome = Local(Broken()).ask(CASE)  # type: ignore[arg-type]
    assert outcome.trouble == "KeyError: 'lost'"
