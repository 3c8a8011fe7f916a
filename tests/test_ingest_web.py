"""Fetching: what is refused before a connection is made, and real pages over real HTTP."""

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from corpus.errors import SourceAway, SourceError
from corpus.store import Fetched
from ingest.web import MOST_BYTES, Address, Web, is_public

PUBLIC = "93.184.216.34"
Answer = Callable[[BaseHTTPRequestHandler], None]


def page(request: httpx.Request) -> httpx.Response:
    return sent(f"<p>{request.url} {request.headers['host']}</p>".encode(), "text/html")


def sent(content: bytes, content_type: str) -> httpx.Response:
    """A response as it comes from the network: its body still to be read."""
    return httpx.Response(200, stream=httpx.ByteStream(content), headers={"content-type": content_type})


def web(addresses: dict[str, str] | None = None, answer: Callable[[httpx.Request], httpx.Response] = page) -> Web:
    """A Web whose names resolve as given (else to a public address) and whose requests reach `answer`."""
    return Web(lambda host, _: [(addresses or {}).get(host, PUBLIC)], transport=httpx.MockTransport(answer))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "168.63.129.16", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254",
        "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(SourceError, match="not a public address"):
        web({"nets.example": address}).fetch("https://nets.example/")


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:1.1.1.1"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/", "http://127.1:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/", "http://127.0.0.1.:{port}/", "http://①②⑦.⓪.⓪.①:{port}/",
        "http://0.0.0.0:{port}/", "http://user:word@127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "file:///etc/passwd",
        "http://nets.example@127.0.0.1:{port}/", "http:///x", "http://[::1", "gopher://127.0.0.1:{port}/",
    ],
)  # fmt: skip
def test_a_trap_on_this_machine_gets_no_connection(url: str) -> None:
    with trap() as (port, connections):
        with pytest.raises(SourceError):
            Web().fetch(url.format(port=port))
        assert connections == []


def test_a_redirect_into_the_machine_is_refused() -> None:
    with trap() as (port, connections):
        for target in (f"http://127.0.0.1:{port}/", f"http://inner.example:{port}/", "file:///etc/passwd"):
            headers = {"location": target}
            redirecting = web({"inner.example": "127.0.0.1"}, partial(redirect, headers))
            with pytest.raises(SourceError):
                redirecting.fetch("https://nets.example/")
        assert connections == []


def redirect(headers: dict[str, str], request: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers=headers)


def test_a_name_is_resolved_once_and_the_address_checked_is_asked() -> None:
    answers = iter([PUBLIC, "127.0.0.1"])
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return page(request)

    Web(lambda host, port: [next(answers)], transport=httpx.MockTransport(answer)).fetch("https://nets.example/a?b=c")
    (request,) = asked
    assert str(request.url) == f"https://{PUBLIC}/a?b=c"
    assert request.headers["host"] == "nets.example"
    assert request.extensions["sni_hostname"] == "nets.example"


def test_one_bad_address_among_good_ones_is_enough() -> None:
    mixed = Web(lambda host, port: [PUBLIC, "10.0.0.1"], transport=httpx.MockTransport(page))
    with pytest.raises(SourceError, match="not a public address"):
        mixed.fetch("https://nets.example/")


def test_redirects_are_followed_and_counted() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        step = int(request.url.path.strip("/"))
        return page(request) if step == 0 else httpx.Response(301, headers={"location": f"/{step - 1}"})

    assert web(answer=answer).fetch("https://nets.example/5").address == "https://nets.example/0"
    with pytest.raises(SourceError, match="more than 5 redirects"):
        web(answer=answer).fetch("https://nets.example/6")


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (httpx.Response(404), "answered 404"),
        (httpx.Response(500), "answered 500"),
        (sent(b"x", "image/png"), "image/png"),
        (sent(b"x", "application/json"), "application/json"),
        (
            sent(b"x" * (MOST_BYTES + 1), "text/html"),
            "more than 10 MB",
        ),
    ],
)
def test_answers_that_are_no_page(response: httpx.Response, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        web(answer=lambda _: response).fetch("https://nets.example/")


def test_what_may_pass_is_told_from_what_is_gone() -> None:
    for status in (400, 401, 403, 408, 429, 500, 502, 503, 504):
        with pytest.raises(SourceAway, match=f"answered {status}"):
            web(answer=lambda _, status=status: httpx.Response(status)).fetch("https://nets.example/")  # type: ignore[misc]
    for status in (404, 410, 451):
        with pytest.raises(SourceError, match=f"answered {status}") as told:
            web(answer=lambda _, status=status: httpx.Response(status)).fetch("https://nets.example/")  # type: ignore[misc]
        assert not isinstance(told.value, SourceAway)


KNOWN = Fetched("https://nets.example/page", '"v1"', "Tue, 05 Mar 2024 10:00:00 GMT")


def test_a_known_page_is_asked_for_only_if_it_changed() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == "/old":
            return httpx.Response(301, headers={"location": "/page"})
        return httpx.Response(304 if request.headers.get("if-none-match") == '"v1"' else 200, text="new")

    read = web(answer=answer).fetch("https://nets.example/old", KNOWN)
    assert (read.unchanged, read.data, read.address, read.etag) == (True, b"", KNOWN.address, '"v1"')
    # What one address said is not said to another.
    assert "if-none-match" not in asked[0].headers
    assert asked[1].headers["if-modified-since"] == KNOWN.modified


def test_a_server_that_says_unchanged_of_what_nobody_knows_is_not_believed() -> None:
    with pytest.raises(SourceAway, match="answered 304"):
        web(answer=lambda _: httpx.Response(304)).fetch("https://nets.example/")
    with pytest.raises(SourceAway, match="answered 304"):
        web(answer=lambda _: httpx.Response(304)).fetch("https://nets.example/other", KNOWN)


def test_the_guards_stand_for_known_pages_too() -> None:
    with trap() as (port, connections):
        with pytest.raises(SourceError, match="not a public address"):
            Web().fetch(f"http://127.0.0.1:{port}/", Fetched(f"http://127.0.0.1:{port}/", '"v1"', None))
        headers = {"location": f"http://127.0.0.1:{port}/"}
        with pytest.raises(SourceError, match="not a public address"):
            web(answer=partial(redirect, headers)).fetch("https://nets.example/page", KNOWN)
        assert connections == []


@pytest.mark.parametrize("etag", ["x" * 2_000, "caf\u00e9", ""])
def test_a_name_of_a_state_that_cannot_be_said_back_is_not_kept(etag: str) -> None:
    headers = [(b"content-type", b"text/html"), (b"etag", etag.encode())]
    response = httpx.Response(200, stream=httpx.ByteStream(b"<p>x</p>"), headers=headers)
    assert web(answer=lambda _: response).fetch("https://nets.example/").etag is None


def test_a_page_over_real_http() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=iso-8859-1")
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(gzip.compress("<p>Ünal</p>".encode("latin-1")))

    with server(answer) as port:
        fetched = here().fetch(f"http://nets.example:{port}/page#part")
    assert fetched.data.decode("latin-1") == "<p>Ünal</p>"
    assert (fetched.address, fetched.charset) == (f"http://nets.example:{port}/page#part", "iso-8859-1")


def test_a_bomb_in_gzip_is_refused() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(gzip.compress(b"x" * (MOST_BYTES * 4)))

    with server(answer) as port, pytest.raises(SourceError, match="more than 10 MB"):
        here().fetch(f"http://nets.example:{port}/")


def test_a_page_sent_drop_by_drop_ends_at_the_deadline() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    started = time.monotonic()
    with server(answer) as port, pytest.raises(SourceError, match="within 1 seconds"):
        here(deadline=1.0).fetch(f"http://nets.example:{port}/")
    assert time.monotonic() - started < 5


def test_a_host_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match="could not be fetched"):
        here().fetch(f"http://nets.example:{port}/")
    with pytest.raises(SourceError, match="not known"):
        Web().fetch("http://nets.invalid/")


def here(deadline: float = 10.0) -> Web:
    """A Web for which the one public address is this machine."""

    def only_this(address: Address) -> bool:
        return str(address) == "127.0.0.1"

    return Web(lambda host, port: ["127.0.0.1"], only_this, deadline=deadline)


@contextmanager
def trap() -> Iterator[tuple[int, list[object]]]:
    """A listener on this machine that counts who comes."""
    connections: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while True:
                try:
                    connection, address = listener.accept()
                except TimeoutError:  # nobody waits to be let in
                    if stop.is_set():
                        return
                    continue
                connections.append(address)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield listener.getsockname()[1], connections
        stop.set()
        thread.join()


@contextmanager
def server(answer: Answer) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served.server_address[1]
    finally:
        served.shutdown()
        served.server_close()
        thread.join()
