"""Bodies that are too large or too slow, and the headers that every response carries, over real sockets."""

from __future__ import annotations

import base64
import hashlib
import resource
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from tests.web import running
from ui.guard import MAX_BODY, Guard, policy

_PAGE = "<html><script src='/a.js'></script><script>one()</script><p>x</p><script type=module>\ntwo()\n</script></html>"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells how many bytes came; at /page an HTML page, at /early an answer that does not wait for the body."""
    request = Request(scope, receive)
    response: Response = HTMLResponse(_PAGE)
    if scope["path"] == "/":
        try:
            response = PlainTextResponse(str(len(await request.body())))
        except ClientDisconnect:
            response = PlainTextResponse("never seen")
    elif scope["path"] == "/early":
        response = PlainTextResponse("early")
    await response(scope, receive, send)


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    with running(Guard(app, seconds=0.6)) as at:
        yield at


def ask(place: tuple[str, int], **request: object) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=20) as web:
        return web.request("POST", f"http://{place[0]}:{place[1]}/", **request)  # type: ignore[arg-type]


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 10_000):
        yield b"x" * 10_000


@pytest.mark.parametrize("size", [0, 1, MAX_BODY])
def test_a_body_up_to_the_limit_is_read(place: tuple[str, int], size: int) -> None:
    assert ask(place, content=b"x" * size).text == str(size)


def test_a_body_one_byte_over_the_limit_is_refused(place: tuple[str, int]) -> None:
    response = ask(place, content=b"x" * (MAX_BODY + 1))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 413


@pytest.mark.parametrize("announced", [True, False])
def test_ten_megabytes_are_refused_without_being_kept(place: tuple[str, int], announced: bool) -> None:
    headers = {"content-length": "10000000"} if announced else {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = ask(place, content=chunks(10_000_000), headers=headers)
    assert response.status_code == 413
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


def test_a_body_that_drips_is_cut_at_the_deadline(place: tuple[str, int]) -> None:
    began = time.monotonic()
    with socket.create_connection(place, timeout=10) as dripping:
        dripping.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        dripping.sendall(b"x")
        assert dripping.recv(1_000).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 5
    assert ask(place, content=b"abc").text == "3"


def test_an_answer_that_does_not_wait_for_the_body_is_left_alone(place: tuple[str, int]) -> None:
    with httpx.Client(trust_env=False) as web:
        assert web.post(f"http://{place[0]}:{place[1]}/early", content=b"abc").text == "early"


def test_every_response_is_fenced(place: tuple[str, int]) -> None:
    for response in (ask(place, content=b"x"), ask(place, content=b"x" * (MAX_BODY + 1))):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self' ;" in response.headers["content-security-policy"]


def test_a_page_may_run_its_own_inline_scripts_and_no_others(place: tuple[str, int]) -> None:
    with httpx.Client(trust_env=False) as web:
        response = web.get(f"http://{place[0]}:{place[1]}/page")
    assert response.text == _PAGE
    csp = response.headers["content-security-policy"]
    for script in (b"one()", b"\ntwo()\n"):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" in csp
    assert csp.count("sha256-") == 2
    for never in ("unsafe-eval", "script-src 'self' 'unsafe-inline'", "http:", "https:", "*"):
        assert never not in csp
    assert policy().decode().count("'none'") >= 3
