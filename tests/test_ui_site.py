"""What can be reached on the one address, and what cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import client, serving


@pytest.fixture(scope="module")
def web(settings: Settings) -> Iterator[httpx.Client]:
    with serving(settings, FakeAdvisor) as at, client(at) as asking:
        yield asking


def test_the_chat_stands_at_the_root(web: httpx.Client) -> None:
    page = web.get("/")
    assert page.status_code == 200
    assert "<title>" in page.text or "Waymark" in page.text
    assert web.get("/config").json()["title"] == "Waymark"


def test_the_page_may_only_run_what_it_came_with(web: httpx.Client) -> None:
    page = web.get("/", headers={"accept-encoding": "br, gzip"})
    inline = re.findall(r"<script(?![^>]*\ssrc=)", page.text)
    assert page.headers["content-security-policy"].count("'sha256-") == len(inline) > 0


@pytest.mark.parametrize("name", ["panel.js", "page.js", "chat.css", "docs.css", "icon.svg"])
def test_our_own_files_are_served(web: httpx.Client, name: str) -> None:
    assert web.get(f"/panel/{name}").status_code == 200
    assert web.get(f"/panel/{name}").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/vibe-edit",
        "/gradio_api/vibe-code",
        "/gradio_api/dev/reload",
        "/gradio_api/call/converse",
        "/gradio_api/openapi.json",
        "/gradio_api/process_recording",
        "/gradio_api/runs",
        "/gradio_api/token",
        "/gradio_api/deep_link",
        "/monitoring",
        "/login",
        "/panel/../api.py",
        "/panel/%2e%2e/api.py",
        "/panel/nothing.js",
        "/config/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_page_does_not_need_is_not_there(web: httpx.Client, path: str, method: str) -> None:
    response = web.request(method, path)
    assert response.status_code in (404, 405)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/static/../../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/routes.py", "/static//etc/passwd"]
)
def test_no_path_leads_out_of_the_files_of_the_chat(web: httpx.Client, path: str) -> None:
    response = web.get(path)
    assert response.status_code in (403, 404)
    assert "root:" not in response.text
    assert "import" not in response.text


def test_no_answer_is_given_past_the_queue(web: httpx.Client) -> None:
    response = web.post("/gradio_api/run/converse", json={"data": ["How?", [], "", "", "", ""]})
    assert response.status_code == 404
    assert web.post("/gradio_api/run/stopped", json={"data": []}).status_code == 200


def test_a_large_body_is_refused_by_the_chat_too(web: httpx.Client) -> None:
    assert web.post("/gradio_api/queue/join", content=b"x" * 1_000_001).status_code == 413


def test_a_web_socket_is_not_spoken(web: httpx.Client) -> None:
    headers = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    assert web.get("/", headers=headers).status_code == 200
