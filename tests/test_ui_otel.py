"""Traces, as a real collector address on loopback gets them over OTLP/HTTP: the spans, and what is not in them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from bot.advisor import Advisor
from bot.generate import generator_of
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.mock_model import mock_model
from tests.test_bot_generate import ASK, GOOD
from tests.web import client, serving
from ui.otel import Tracing
from ui.spans import Stage

KEY = "a-key-of-many-letters"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@dataclass
class Collector:
    """What came: the bodies as they were sent, and the paths that were asked."""

    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    hang: threading.Event | None = None

    def spans(self) -> list[Span]:
        sent = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [s for each in sent for of in each.resource_spans for scope in of.scope_spans for s in scope.spans]

    def resource(self) -> dict[str, str]:
        sent = ExportTraceServiceRequest.FromString(self.bodies[0])
        return {each.key: each.value.string_value for each in sent.resource_spans[0].resource.attributes}


@contextmanager
def collecting(hang: threading.Event | None = None) -> Iterator[tuple[str, Collector]]:
    """(address, what came) of a collector; `hang`: it answers nothing before that is set."""
    collector = Collector(hang=hang)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if collector.hang is not None:
                collector.hang.wait(30)
                return
            collector.paths.append(self.path)
            collector.bodies.append(body)
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def told(span: Span) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def families(spans: list[Span]) -> dict[str, list[Span]]:
    """A request's span by its name, each with the spans under it, in the order in which they began."""
    return {
        span.name: sorted((s for s in spans if s.parent_span_id == span.span_id), key=lambda s: s.start_time_unix_nano)
        for span in spans
        if span.kind == Span.SPAN_KIND_SERVER
    }


def test_a_request_its_search_its_answer_and_its_model_are_spans(advisor: Advisor, settings: Settings) -> None:
    with mock_model() as (address, script), collecting() as (url, collector):
        script.reply = GOOD
        configured = replace(settings, model="mock", model_url=address, otel_url=url)
        modelled = Advisor(advisor.library, configured, generator_of(configured))
        with serving(configured, lambda: modelled) as at, client(at) as web:
            parent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "x-request-id": "mine"}
            assert web.post("/ask", json=ASK, headers=parent).status_code == 200
            script.fault = "500"
            assert "event: done" in web.post("/ask/stream", json=ASK).text
            assert web.get("/search", params=ASK).status_code == 200
            assert web.get("/documents/unknown").status_code == 404
    found = families(collector.spans())
    asked = next(span for span in collector.spans() if span.name == "POST /ask")
    assert [span.name for span in found["POST /ask"]] == ["search", "answer", "model"]
    assert (asked.trace_id.hex(), asked.parent_span_id.hex()) == (TRACE, PARENT)
    assert told(asked)["waymark.request_id"] == "mine"
    assert told(asked)["http.response.status_code"] == 200
    assert {span.trace_id.hex() for span in found["POST /ask"]} == {TRACE}
    for before, after in zip(found["POST /ask"], found["POST /ask"][1:], strict=False):
        assert before.end_time_unix_nano <= after.start_time_unix_nano + 10_000_000
    assert asked.start_time_unix_nano <= found["POST /ask"][0].start_time_unix_nano + 10_000_000
    model = found["POST /ask/stream"][-1]
    assert (model.name, model.status.code) == ("model", Status.STATUS_CODE_ERROR)
    assert told(model)["gen_ai.request.model"] == "mock"
    assert [span.name for span in found["GET /search"]] == ["search"]
    assert found["GET /documents/{document_id}"] == []
    assert set(collector.paths) == {"/v1/traces"}
    assert collector.resource()["service.name"] == "waymark"


def test_no_span_tells_the_question_the_answer_the_person_or_a_key(settings: Settings) -> None:
    secrets = ["Ruritania", "welder", "Zenda", "steer", "sailing_1", KEY, "127.0.0.1", "Mozilla", "cookie-jar", "berth"]
    with collecting() as (url, collector):
        with serving(replace(settings, otel_url=url), FakeAdvisor) as at, client(at) as web:
            headers = {"authorization": f"Bearer {KEY}", "user-agent": "Mozilla", "cookie": "a=cookie-jar"}
            body = {
                "question": "How do I sail to Ruritania?",
                "history": [{"role": "user", "content": "I am a welder"}],
                "situation": {"region": "Zenda"},
            }
            assert web.post("/ask", json=body, headers=headers).status_code == 200
            assert web.post("/ask/stream", json=body, headers=headers).status_code == 200
            web.get("/ask", params={"question": "How do I sail to Ruritania?"})
            web.get("/documents/sailing_1?x=Ruritania")
            web.get("/Ruritania")
        assert {"POST /ask", "POST /ask/stream", "GET /ask", "GET other"} <= {span.name for span in collector.spans()}
        sent = b"".join(collector.bodies)
    assert [secret for secret in secrets if secret.encode() in sent] == []


def test_a_parent_that_is_no_address_is_passed_over(settings: Settings) -> None:
    with collecting() as (url, collector):
        with serving(replace(settings, otel_url=url), FakeAdvisor) as at, client(at) as web:
            for strange in ("Ruritania", f"00-{TRACE}-{PARENT}", f"00-{'0' * 32}-{PARENT}-01", "é" * 55):
                headers = [(b"traceparent", strange.encode()), (b"x-request-id", b"strange")]
                assert web.get("/documents/sailing_1", headers=headers).status_code == 200
        asked = [span for span in collector.spans() if told(span)["waymark.request_id"] == "strange"]
    assert len(asked) == 4
    assert {span.parent_span_id for span in asked} == {b""}


def test_an_answer_of_the_page_is_a_trace_of_its_own() -> None:
    with collecting() as (url, collector):
        tracing = Tracing(f"{url}/v1/traces")
        tracing.page((Stage("search", 10.0, 1.0), Stage("answer", 11.0, 2.0, {"waymark.status": "answered"})))
        tracing.close()
        root, *rest = sorted(collector.spans(), key=lambda span: span.parent_span_id)
    assert (root.name, root.start_time_unix_nano, root.end_time_unix_nano) == ("page", 10 * 10**9, 13 * 10**9)
    assert sorted(span.name for span in rest) == ["answer", "search"]
    assert collector.paths == ["/v1/traces"]


@pytest.mark.browser
def test_asking_on_the_page_makes_such_a_trace(settings: Settings, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    with collecting() as (url, collector):
        with serving(replace(settings, otel_url=url), FakeAdvisor) as at, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(at)
            for place, question in enumerate(("How do I sail to Ruritania?", "And back?")):
                page.fill("#wm-box textarea", question)
                page.keyboard.press("Enter")
                page.locator(".wm-guides").nth(place).wait_for()
            browser.close()
        spans = collector.spans()
        sent = b"".join(collector.bodies)
    pages = {span.span_id for span in spans if span.name == "page"}
    assert len(pages) == 2
    assert [span.parent_span_id in pages for span in spans if span.name == "answer"] == [True, True]
    assert b"Ruritania" not in sent


def test_the_variables_of_opentelemetry_name_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "careers")
    with collecting() as (url, collector):
        tracing = Tracing(url)
        tracing.page((Stage("answer", 1.0, 1.0),))
        tracing.close()
        assert collector.resource()["service.name"] == "careers"


def test_a_collector_that_hangs_or_is_gone_holds_nobody(settings: Settings) -> None:
    released = threading.Event()
    with collecting(released) as (url, _), serving(replace(settings, otel_url=url), FakeAdvisor) as at:
        with client(at) as web:
            assert web.post("/ask", json={"question": "How?"}).status_code == 200
        tracing = Tracing(url)
        tracing.page((Stage("answer", 1.0, 1.0),))
        began = time.monotonic()
        tracing.close()
        assert time.monotonic() - began < 5
        released.set()
    gone = Tracing(url)
    gone.page((Stage("answer", 1.0, 1.0),))
    gone.close()
