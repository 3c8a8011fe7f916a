"""Ids and log lines of requests, over a real server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import client, serving
from ui.requests import Request, log_line

QUESTION = "How do I sail to Ruritania?"


def test_every_response_has_an_id_and_a_problem_names_it(settings: Settings) -> None:
    with serving(settings, FakeAdvisor) as at, client(at) as web:
        ids = {web.get("/health").headers["x-request-id"] for _ in range(3)}
        assert len(ids) == 3
        mine = web.get("/documents/unknown", headers={"x-request-id": "my-own.id:1"})
        assert mine.headers["x-request-id"] == mine.json()["request_id"] == "my-own.id:1"
        large = web.post("/ask", content=b"x" * 1_000_001)
        assert large.json()["request_id"] == large.headers["x-request-id"]
        for strange in ("", "a b", "x" * 101, "a\tb", "é"):
            given = web.get("/health", headers=[(b"x-request-id", strange.encode())])
            assert given.headers["x-request-id"] != strange
            assert given.headers["x-request-id"].isalnum()


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("log", ["none", "requests", "questions"])
def test_a_line_for_each_request_tells_no_question_unless_asked_to(
    settings: Settings, capfd: pytest.CaptureFixture[str], log: str
) -> None:
    with serving(replace(settings, log=log), FakeAdvisor) as at, client(at) as web:
        capfd.readouterr()
        web.post("/ask", json={"question": QUESTION}, headers={"x-request-id": "one", "authorization": "Bearer hush"})
        web.get("/documents/sailing_1?x=Ruritania")
        web.post("/ask/stream", json={"question": QUESTION})
        web.get("/panel/docs.css")
        web.get("/Ruritania/" + "x" * 100)
    told = capfd.readouterr().err
    found = lines(told)
    if log == "none":
        assert found == []
        return
    # A line may be written after the client has its answer: the order is not that of the requests.
    assert sorted((line["method"], line["route"], line["status"]) for line in found if line["route"] != "/health") == [
        ("GET", "/documents/{document_id}", 200),
        ("GET", "/panel/*", 200),
        ("GET", "other", 404),
        ("POST", "/ask", 200),
        ("POST", "/ask/stream", 200),
    ]
    one = next(line for line in found if line["id"] == "one")
    assert set(one) >= {"time", "id", "method", "route", "status", "ms"}
    assert one["ms"] >= 0
    assert "hush" not in told
    written = "\n".join(line for line in told.splitlines() if line.startswith("{"))
    assert ("Ruritania" in written) is (log == "questions")
    if log == "questions":
        assert [line["question"] for line in found if "question" in line] == [QUESTION] * 2


def test_a_question_cannot_write_a_line_of_its_own() -> None:
    line = log_line(Request("1", "POST", "/ask", 200, 0.01, 'a\n{"id": 2}\x1b[2J\u202e'), questions=True)
    assert line.count("\n") == 0
    assert "\x1b" not in line
    assert "\u202e" not in line
