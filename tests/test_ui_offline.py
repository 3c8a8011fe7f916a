"""Once installed, the product works with no network: every connection that would leave this machine is refused and
noted by `offline.c`, loaded before libc, whichever part of the product tries it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import shelf
from tests.test_ui_cli import environment, waymark
from tests.test_ui_crowd import served
from tests.web import client


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    built = tmp_path_factory.mktemp("offline") / "offline.so"
    source = Path(__file__).with_name("offline.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(built), str(source), "-ldl"], check=True)
    return built


def test_ingest_asking_and_serving_connect_to_nobody(refusing: Path, tmp_path: Path) -> None:
    log, library = tmp_path / "log", tmp_path / "library"
    # In float32 onnxruntime runs the model, whatever the processor.
    offline = {"LD_PRELOAD": str(refusing), "OFFLINE_LOG": str(log), "WAYMARK_PRECISION": "float32"}
    guides = shelf.write(tmp_path / "guides")
    ingested = waymark("ingest", str(guides), "--library", str(library), **offline)
    assert ingested.returncode == 0, ingested.stderr
    answered = waymark("ask", "How much does a data engineer earn?", "--library", str(library), **offline)
    assert "84,500" in answered.stdout, answered.stderr
    with served(library, WAYMARK_PAGE="yes", **offline) as server, client(server.address) as web:
        assert web.post("/ask", json={"question": "How do interviews run?"}).json()["status"] == "answered"
        time.sleep(14)  # left to itself, onnxruntime asks for its makers' server some nine seconds after it is opened
        for path in ("/", "/docs", "/openapi.json", "/documents", "/metrics", "/config", "/panel/icon.svg"):
            assert web.get(path).status_code == 200, path
    assert not log.exists(), log.read_text()


@pytest.mark.parametrize("where", ["192.0.2.1", "2001:db8::1", "harbour.example"])
def test_what_would_leave_is_refused_and_noted(refusing: Path, tmp_path: Path, where: str) -> None:
    log = tmp_path / "log"
    tried = f"import socket; socket.create_connection(({where!r}, 80), 5)"
    variables = environment(LD_PRELOAD=str(refusing), OFFLINE_LOG=str(log))
    done = subprocess.run([sys.executable, "-c", tried], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "create_connection" in done.stderr
    assert where in log.read_text()
