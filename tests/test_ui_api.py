"""The HTTP interface over real HTTP: the contract's shapes, every refusal, hostile text, and a full house."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.answer import Question
from corpus.settings import Settings
from tests.fakes import DOCUMENT, FakeAdvisor, answer
from tests.web import client, serving, wait_for
from ui.work import Workers


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(settings, FakeAdvisor) as at:
        yield at


@pytest.fixture
def web(address: str) -> Iterator[httpx.Client]:
    with client(address) as asking:
        yield asking


def is_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"].endswith((".", "?"))
    return body


def events(text: str) -> list[tuple[str, Any]]:
    """(event, data) of a stream of server-sent events."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_ask_returns_the_answer_of_the_contract(web: httpx.Client) -> None:
    response = web.post("/ask", json={"question": "How do I sail?"})
    assert response.headers["content-type"] == "application/json"
    assert response.json() == answer(Question("How do I sail?")).to_dict()
    assert web.get("/ask", params={"question": "How do I sail?"}).content == response.content


def test_the_whole_request_reaches_the_advisor(settings: Settings) -> None:
    advisor = FakeAdvisor()
    body = {
        "question": "And then?",
        "history": [{"role": "user", "content": "How do I sail?"}, {"role": "assistant", "content": "Learn. [1]"}],
        "situation": {"region": "Ruritania", "hours_per_week": 7.5},
        "mode": "extractive",
        "from a later version": True,
    }
    with serving(settings, lambda: advisor) as at, client(at) as web:
        assert web.post("/ask", json=body).json()["situation"] == body["situation"]
        assert web.post("/ask", json={**body, "history": None, "situation": None}).status_code == 200
    assert advisor.asked[-2] == Question.of({k: v for k, v in body.items() if " " not in k})
    assert advisor.asked[-1].history == ()


def test_the_stream_ends_with_the_body_of_ask(web: httpx.Client) -> None:
    with web.stream("POST", "/ask/stream", json={"question": "How do I sail?"}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        got = events(response.read().decode())
    assert [name for name, _ in got] == ["notice", "claim", "claim", "claim", "claim", "done"]
    done = got[-1][1]
    assert done == web.post("/ask", json={"question": "How do I sail?"}).json()
    claims = [data for name, data in got if name == "claim"]
    assert [claim["text"] for claim in claims] == [c["text"] for c in done["claims"] if c["verdict"] == "supported"]
    assert [cited["number"] for claim in claims for cited in claim["citations"]] == [1, 2, 3, 4]
    assert "".join(claim["markdown"] for claim in claims) == done["answer"]


def test_an_answer_that_fails_in_mid_stream_ends_in_an_error_event(settings: Settings) -> None:
    advisor = FakeAdvisor()
    with serving(settings, lambda: advisor) as at, client(at) as web:
        advisor.fault = ZeroDivisionError("secret inner matter")
        got = events(web.post("/ask/stream", json={"question": "How do I sail?"}).text)
        assert [name for name, _ in got][-2:] == ["claim", "error"]
        assert got[-1][1]["status"] == 500
        assert "secret" not in json.dumps(got[-1][1])
        assert "secret" not in is_problem(web.post("/ask", json={"question": "How?"}), 500)["detail"]


@pytest.mark.parametrize("path", ["/ask", "/ask/stream"])
@pytest.mark.parametrize("question", ["", "  \n", "x" * 4_001])
def test_an_empty_or_overlong_question_is_refused(web: httpx.Client, path: str, question: str) -> None:
    is_problem(web.post(path, json={"question": question}), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"question"',
        b'{"question": 3}',
        b'{"question": null}',
        b'{"history": []}',
        b'{"question": "a?", "history": {}}',
        b'{"question": "a?", "history": [{"role": "system", "content": "b"}]}',
        b'{"question": "a?", "mode": "fast"}',
        b'{"question": "a?", "situation": {"hours_per_week": NaN}}',
        b'{"question": "a?", "situation": {"hours_per_week": 1e999}}',
        b'{"question": "a?", "situation": {"hours_per_week": -1}}',
        b'{"question": "a?", "situation": []}',
        b'{"question": ' + b"9" * 5_000 + b"}",
        b"[" * 200_000,
        b'{"question":' * 50_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_cannot_be_read_is_a_422(web: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    problem = is_problem(web.post("/ask", content=body, headers=headers), 422)
    assert len(json.dumps(problem)) < 10_000


@pytest.mark.parametrize(
    "question",
    [
        "a\x00b?",
        "half a character \ud83d",
        "\udc00\ud800 the wrong way round",
        "\u202eright to left\u202c and \u200b\ufeff nothing",
        "e" + "\u0301" * 3_000,
        "word " * 799,
        "🛶" * 1_000,
        "</script><script>alert(1)</script>",
    ],
)
def test_hostile_text_gives_stable_json(web: httpx.Client, question: str) -> None:
    raw = json.dumps({"question": question, "history": [{"role": "user", "content": question}]})
    headers = {"content-type": "application/json"}
    answers = {web.post("/ask", content=raw, headers=headers).content for _ in range(2)}
    assert len(answers) == 1
    assert json.loads(answers.pop().decode("utf-8"))["status"] == "partial"


def test_two_halves_of_one_character_are_that_character(settings: Settings) -> None:
    advisor = FakeAdvisor()
    with serving(settings, lambda: advisor) as at, client(at) as web:
        web.post("/ask", content=b'{"question": "\\ud83d\\udef6?"}', headers={"content-type": "application/json"})
        web.post("/ask", content=b'{"question": "\\udef6?"}', headers={"content-type": "application/json"})
    assert [asked.text for asked in advisor.asked[-2:]] == ["🛶?", "\ufffd?"]


def test_a_document_holds_its_quotes_at_their_offsets(web: httpx.Client) -> None:
    body = web.get("/documents/sailing_1").json()
    for cited in web.post("/ask", json={"question": "How?"}).json()["citations"]:
        assert body["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert {key: body[key] for key in ("document_id", "title", "author", "published")} == {
        "document_id": DOCUMENT.id,
        "title": DOCUMENT.title,
        "author": "Ada Example",
        "published": "2025-02-18",
    }
    first, second = body["sections"]
    assert (first["heading"], second["heading"]) == ("What to learn first", "Money")
    assert first["start"] < second["start"] < second["end"] == first["end"] == len(body["text"])


@pytest.mark.parametrize("path", ["/documents/unknown", "/documents/..%2f..%2fetc", "/documents/a%00b", "/documents/é"])
def test_an_unknown_document_is_a_404(web: httpx.Client, path: str) -> None:
    is_problem(web.get(path), 404)


def test_the_list_of_documents_names_the_guide(web: httpx.Client) -> None:
    body = web.get("/documents").json()
    assert (body["total"], body["offset"], body["limit"], body["next_offset"]) == (1, 0, 50, None)
    assert [(one["document_id"], one["passages"]) for one in body["documents"]] == [(DOCUMENT.id, 12)]
    assert web.get("/documents", params={"offset": 1}).json()["documents"] == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/documents", "limit=0"),
        ("/documents", "limit=201"),
        ("/documents", "offset=-1"),
        ("/documents", "offset=" + "9" * 5_000),
        ("/documents", "limit=many"),
        ("/search", ""),
        ("/search", "question=a&k=0"),
        ("/search", "question=a&k=51"),
        ("/search", "question=a&k=1.5"),
    ],
)
def test_a_list_or_search_out_of_bounds_is_refused(web: httpx.Client, path: str, query: str) -> None:
    assert is_problem(web.get(f"{path}?{query}"), 422)["errors"]


@pytest.mark.parametrize("path", ["/nothing", "/documents/", "/documents/a/b", "/ask/"])
def test_an_unknown_address_is_a_404(web: httpx.Client, path: str) -> None:
    is_problem(web.get(path), 404)


def test_a_wrong_method_is_a_405(web: httpx.Client) -> None:
    assert is_problem(web.get("/ask/stream"), 405)
    assert is_problem(web.put("/ask", json={}), 405)
    assert is_problem(web.post("/health"), 405)


def test_health_tells_the_state_of_the_library(web: httpx.Client) -> None:
    assert web.get("/health").json() == {
        "status": "ok",
        "generation": "g1",
        "documents": 1,
        "passages": 12,
        "model": "",
    }


def test_until_it_is_ready_everything_is_a_503(settings: Settings) -> None:
    gate = threading.Event()

    def opening() -> FakeAdvisor:
        assert gate.wait(20)
        return FakeAdvisor()

    with serving(settings, opening, ready=False) as at, client(at) as web:
        wait_for(lambda: web.get("/health").status_code == 503)
        for response in (
            web.get("/health"),
            web.post("/ask", json={"question": "a?"}),
            web.get("/documents/sailing_1"),
        ):
            is_problem(response, 503)
            assert int(response.headers["retry-after"]) > 0
        page = web.get("/")
        assert page.status_code == 503
        assert "getting ready" in page.text
        gate.set()
        wait_for(lambda: web.get("/health").status_code == 200)
        assert web.get("/").status_code == 200


def test_a_full_house_is_a_503_and_health_still_answers(settings: Settings) -> None:
    advisor, workers = FakeAdvisor(), Workers(1, 1)
    with serving(settings, lambda: advisor, workers=workers) as at, client(at) as web:
        advisor.gate = threading.Event()
        statuses: list[int] = []

        def ask() -> None:
            with client(at) as asking:
                statuses.append(asking.post("/ask", json={"question": "How?"}).status_code)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        wait_for(lambda: workers.taken == 2)  # one is worked on, one waits
        is_problem(web.post("/ask", json={"question": "How?"}), 503)
        refused = web.post("/ask/stream", json={"question": "How?"})
        is_problem(refused, 503)
        assert int(refused.headers["retry-after"]) > 0
        assert web.get("/health").status_code == 200
        advisor.gate.set()
        for thread in threads:
            thread.join(20)
        assert statuses == [200, 200]
        assert web.post("/ask", json={"question": "How?"}).status_code == 200


def test_a_client_that_leaves_gives_its_place_back(settings: Settings) -> None:
    advisor = FakeAdvisor()
    with serving(settings, lambda: advisor, workers=Workers(1, 0)) as at, client(at) as web:
        advisor.pause = 0.1
        left = advisor.left
        for _ in range(3):
            with web.stream("POST", "/ask/stream", json={"question": "How?"}) as response:
                assert response.status_code == 200
                next(response.iter_lines())
            wait_for(lambda: web.post("/ask", json={"question": "How?"}).status_code == 200)
        assert advisor.left >= left + 6


def test_the_description_names_every_address(web: httpx.Client) -> None:
    paths = web.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/ask",
        "/ask/stream",
        "/search",
        "/documents",
        "/documents/{document_id}",
        "/health",
        "/metrics",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/chat/completions",
    }
    page = web.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for path in paths:
        assert path in page.text
    assert "standalone_question" in page.text
    assert "<script" not in page.text
