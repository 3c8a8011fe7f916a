"""The container file and the compose file: what they name is there, and their commands do what they are there for."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.settings import Settings
from tests import shelf
from tests.test_ui_cli import environment
from tests.web import client, wait_for

ROOT = Path(__file__).parents[1]
CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
CHROMA, WAYMARK = COMPOSE["services"]["chroma"], COMPOSE["services"]["waymark"]


def instructions(name: str) -> list[str]:
    """What stands behind an instruction, wherever it is given."""
    return [" ".join(found.split()) for found in re.findall(rf"^{name} +(.+)$", CONTAINER, re.MULTILINE)]


def variables() -> dict[str, str]:
    """What the container file sets, and over it the compose file."""
    pairs = [pair.split("=", 1) for line in instructions("ENV") for pair in line.split()]
    return {**dict(pairs), **WAYMARK["environment"]}


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def here(command: Sequence[str]) -> list[str]:
    """A command of a container as it runs on this machine: the programs are those beside this Python."""
    program, *rest = command
    return [sys.executable if program == "python" else str(Path(sys.executable).parent / program), *rest]


@contextmanager
def running(command: Sequence[str], **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    nothing = subprocess.DEVNULL
    started = subprocess.Popen(here(command), env=environment(**settings), stdout=nothing, stderr=nothing, cwd=ROOT)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def healthy(command: Sequence[str]) -> bool:
    return subprocess.run(here(command), env=environment(), capture_output=True, check=False).returncode == 0


def test_what_is_copied_is_there_and_is_not_ignored() -> None:
    copied = [source for line in instructions("COPY") for source in line.split()[:-1]]
    assert {"requirements.lock", "pyproject.toml", "corpus", "ui"} <= set(copied)
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert kept == set(copied)
    assert all((ROOT / source).exists() for source in copied)
    listed = re.findall(r"^packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    packages = re.findall(r'"(\w+)[\w.]*"', listed[0])
    assert packages
    assert set(packages) <= set(copied)


def test_every_setting_can_be_used_and_nothing_runs_as_root() -> None:
    settings = Settings.read(variables())
    assert (settings.host, settings.port, settings.chroma_url) == ("0.0.0.0", 7860, "http://chroma:8000")
    assert str(settings.library).startswith("/data/")
    assert str(settings.cache).startswith("/data/")
    assert instructions("USER") == ["waymark"]
    assert CONTAINER.index("\nUSER ") < CONTAINER.index("\nCMD ")
    assert {volume.split(":")[1] for service in (CHROMA, WAYMARK) for volume in service["volumes"]} == {"/data"}
    assert {volume.split(":")[0] for service in (CHROMA, WAYMARK) for volume in service["volumes"]} == set(
        COMPOSE["volumes"]
    )
    assert all(service["build"]["dockerfile"] == "Containerfile" for service in (CHROMA, WAYMARK))
    assert all(port.startswith("127.0.0.1:") for port in WAYMARK["ports"])


def test_the_commands_start_a_chroma_server_and_waymark_beside_it(tmp_path: Path, settings: Settings) -> None:
    at, port = free_port(), free_port()
    places = {"0.0.0.0": "127.0.0.1", "8000": str(at), "/data/chroma": str(tmp_path / "chroma")}
    alive = [part.replace(":8000/", f":{at}/") for part in CHROMA["healthcheck"]["test"][1:]]
    assert not healthy(alive)
    with running([places.get(part, part) for part in CHROMA["command"]]):
        wait_for(lambda: healthy(alive))
        address = f"http://127.0.0.1:{at}"
        library = shelf.build(tmp_path, replace(settings, chroma_url=address))
        assert WAYMARK["command"] == json.loads(instructions("CMD")[-1])
        ours = variables() | {
            "WAYMARK_HOST": "127.0.0.1",
            "WAYMARK_PORT": str(port),
            "WAYMARK_LIBRARY": str(library),
            "WAYMARK_CACHE": str(settings.cache),
            "WAYMARK_CHROMA_URL": address,
        }
        checked = [part.replace(":7860/", f":{port}/") for part in _health_check()]
        assert not healthy(checked)
        with running(WAYMARK["command"], **ours) as server:
            wait_for(lambda: healthy(checked))
            with client(f"http://127.0.0.1:{port}") as web:
                body = web.post("/ask", json={"question": "How much does a data engineer earn?"}).json()
            assert "84,500 crowns" in body["answer"]
            server.send_signal(signal.SIGTERM)
            assert server.wait(int(WAYMARK["stop_grace_period"].removesuffix("s"))) == 0


def _health_check() -> list[str]:
    found = re.search(r"^HEALTHCHECK .*?CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    assert found
    command: list[str] = json.loads(found[1])
    return command


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml"])
def test_the_readme_names_them(name: str) -> None:
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")
