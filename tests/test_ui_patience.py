"""Connections that never say what they want are closed; the others are not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from starlette.responses import PlainTextResponse

from tests.web import running
from ui import patience

_REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    patch = pytest.MonkeyPatch()
    patch.setattr(patience, "HEADER_SECONDS", 0.5)
    with running(PlainTextResponse("hello")) as at:
        yield at
    patch.undo()


def closed_within(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        return connection.recv(10) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", b"G", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_a_connection_that_does_not_finish_its_headers_is_closed(place: tuple[str, int], said: bytes) -> None:
    with socket.create_connection(place) as connection:
        connection.sendall(said)
        assert closed_within(connection, 5)


def test_dripping_headers_do_not_win_time(place: tuple[str, int]) -> None:
    began = time.monotonic()
    with socket.create_connection(place) as connection:
        try:
            while time.monotonic() - began < 5:
                connection.sendall(b"X")
                time.sleep(0.05)
        except OSError:
            return
    pytest.fail("the connection was never closed")


def test_headers_without_end_are_cut(place: tuple[str, int]) -> None:
    with socket.create_connection(place) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        try:
            for _ in range(100):
                connection.sendall(b"x" * 10_000)
        except OSError:
            return
        assert closed_within(connection, 0.3)


def test_two_requests_on_one_connection_are_answered(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=5) as connection:
        for turn in range(2):
            if turn:
                time.sleep(0.7)  # longer than headers may take: an idle connection is no slow one
            connection.sendall(_REQUEST)
            answer = b""
            while b"hello" not in answer:  # head and body may come in two pieces
                piece = connection.recv(4_000)
                assert piece, answer
                answer += piece
