"""Several processes on one port and one library: many clients at once, a process that dies, and the end of all."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.test_ui_cli import environment, waymark
from tests.test_ui_metrics import figures
from tests.web import client, wait_for

SUBJECTS = ("a data engineer earn", "a data analyst earn", "a statistician earn", "interviews take", "a degree help")


def questions(count: int) -> list[str]:
    """Each another one."""
    return [f"How much does {SUBJECTS[n % len(SUBJECTS)]} in {1900 + n}?" for n in range(count)]


def children_of(process: int) -> list[int]:
    """The processes that serve: those that listen, not the helpers of multiprocessing."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def test_processes_share_the_port_and_the_library(library: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "serve", "--processes", "2", "--port", "0", "--library", str(library)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.fullmatch(r"Waymark is ready: (\S+) \(2 processes, without the page\)\n", line)
            assert found, (line, server.poll())
            address = found[1]

            def ask(question: str) -> tuple[int, str]:
                with client(address) as web:
                    response = web.post("/ask", json={"question": question})
                    return response.status_code, response.json().get("generation", "")

            with ThreadPoolExecutor(50) as people:
                got = list(people.map(ask, questions(100)))
            assert {status for status, _ in got} == {200}
            assert len({generation for _, generation in got}) == 1
            with client(address) as web:
                assert web.get("/").status_code == 404
            count = ("waymark_requests_total", "POST", "/ask", "200")
            with client(address) as web:
                # Whichever process is asked tells the sum.
                wait_for(lambda: figures(web.get("/metrics").text).get(count) == 100)
                assert figures(web.get("/metrics").text)["waymark_places",] == 2 * (4 + 64)

            before = children_of(server.pid)
            assert len(before) == 2
            os.kill(before[0], signal.SIGKILL)
            wait_for(lambda: len(set(children_of(server.pid)) - set(before)) == 1)
            assert ask("How much does a data engineer earn?")[0] == 200

            statuses: list[int] = []
            asking = [threading.Thread(target=lambda q=q: statuses.append(ask(q)[0])) for q in questions(8)]
            for thread in asking:
                thread.start()
            for thread in asking:
                thread.join(20)
            assert statuses == [200] * 8
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            assert server.wait(20) == 0
            assert time.monotonic() - began < 20
            assert server.stderr is not None
            assert "Traceback" not in server.stderr.read()
            assert all(not Path(f"/proc/{child}").exists() for child in before)
        finally:
            server.kill()


def test_a_library_that_does_not_open_ends_them_all(tmp_path: Path) -> None:
    ended = waymark("serve", "--processes", "2", "--port", "0", "--library", str(tmp_path))
    assert ended.returncode == 2
    assert str(tmp_path) in ended.stderr
    assert "Traceback" not in ended.stderr
