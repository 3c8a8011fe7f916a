"""A language-model server on loopback that speaks the OpenAI chat protocol over real HTTP, with scripted behaviour."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """What the server does next. `reply` is streamed word by word, or the first of `replies`, each once, or what
    `reply_to` makes of the request; `fault` names a way to go wrong, as does the first of `faults`, each once ("" for
    none)."""

    reply: str = ""
    replies: list[str] = field(default_factory=list)
    reply_to: Callable[[dict[str, Any]], str] | None = None
    fault: str = ""
    faults: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


@contextmanager
def mock_model() -> Iterator[tuple[str, Script]]:
    """(address ending in /v1, script) of a running server; hanging replies are released on leaving."""
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            request = json.loads(self.rfile.read(length))
            script.requests.append(request)
            try:
                _answer(self, script, request)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", script
    finally:
        script.release.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _answer(handler: BaseHTTPRequestHandler, script: Script, request: dict[str, Any]) -> None:
    fault = script.faults.pop(0) if script.faults else script.fault
    if fault.isdigit():
        body = json.dumps({"error": {"message": "scripted", "type": "scripted"}}).encode()
        handler.send_response(int(fault))
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        return
    if fault == "hang":
        script.release.wait(30)
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    if fault == "not json":
        handler.wfile.write(b"data: this is no JSON\n\ndata: {{{\n\n")
        return
    pieces = ["word " * 200] * 100_000 if fault == "endless" else _next(script, request).split(" ")
    for place, piece in enumerate(pieces):
        text = piece if place == 0 or fault == "endless" else f" {piece}"
        if fault == "NUL":
            text = f"\0{text}\0"
        handler.wfile.write(_chunk(text))
        handler.wfile.flush()
        if fault == "stall" and place == 3:
            script.release.wait(30)
        if fault == "cut" and place == 3:
            return
        if fault == "drip":
            time.sleep(0.3)
    handler.wfile.write(_chunk("", "stop") + b"data: [DONE]\n\n")


def _next(script: Script, request: dict[str, Any]) -> str:
    if script.reply_to is not None:
        return script.reply_to(request)
    return script.replies.pop(0) if script.replies else script.reply


def _chunk(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "mock", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n".encode()
