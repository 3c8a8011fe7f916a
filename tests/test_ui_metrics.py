"""The figures at /metrics, read by Prometheus' own parser."""

from __future__ import annotations

import threading
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import client, serving, wait_for
from ui.work import Workers


def figures(text: str) -> dict[tuple[str, ...], float]:
    """(name, label values in the order of their names) -> value."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_answers_and_places_are_counted(settings: Settings) -> None:
    advisor, workers = FakeAdvisor(), Workers(2, 3)
    with serving(settings, lambda: advisor, workers=workers) as at, client(at) as web:
        web.post("/ask", json={"question": "How do I sail?"})
        web.post("/ask/stream", json={"question": "How do I sail?"})
        web.post("/ask", json={"question": ""})
        web.get("/documents/sailing_1")
        web.get("/documents/unknown")
        for number in range(5):
            web.get(f"/strange/{number}")
        wait_for(lambda: figures(web.get("/metrics").text).get(("waymark_requests_total", "GET", "other", "404")) == 5)
        response = web.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain")
        told = figures(response.text)
        assert told["waymark_requests_total", "POST", "/ask", "200"] == 1
        assert told["waymark_requests_total", "POST", "/ask", "422"] == 1
        assert told["waymark_requests_total", "GET", "/documents/{document_id}", "404"] == 1
        assert told["waymark_request_seconds_count", "/ask"] == 2
        assert told["waymark_answers_total", "extractive", "partial"] == 2
        assert told["waymark_places",] == 5
        assert told["waymark_places_taken",] == 0
        assert "sail" not in response.text
        advisor.gate = threading.Event()

        def ask() -> None:
            with client(at) as asking:
                asking.post("/ask", json={"question": "How?"})

        waiting = threading.Thread(target=ask)
        waiting.start()
        wait_for(lambda: figures(web.get("/metrics").text)["waymark_places_taken",] == 1)
        advisor.gate.set()
        waiting.join(20)
        wait_for(lambda: figures(web.get("/metrics").text)["waymark_places_taken",] == 0)


def test_figures_need_a_key_where_there_are_keys(settings: Settings) -> None:
    key = "a-key-of-many-letters"
    with serving(replace(settings, api_keys=SecretStr(key)), FakeAdvisor) as at, client(at) as web:
        assert web.get("/metrics").status_code == 401
        assert web.get("/metrics", headers={"authorization": f"Bearer {key}"}).status_code == 200
