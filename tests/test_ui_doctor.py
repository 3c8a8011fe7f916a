"""What the doctor says of an installation: sound, and broken in each of the ways that it knows."""

from __future__ import annotations

import io
import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from tests.test_ui_cli import waymark
from ui.doctor import Finding, _packages, as_json, examine, show


@contextmanager
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free() -> str:
    with taken() as port:
        return str(port)


def findings(library: Path | None, **environment: str) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine({"WAYMARK_PORT": free(), **environment}, library)}


def test_a_sound_installation_has_nothing_wrong(library: Path) -> None:
    found = findings(library)
    assert [name for name, finding in found.items() if finding.state != "ok"] == []
    assert {"python", "packages", "settings", "embedder", "library", "generation", "disk", "model", "port"} == set(
        found
    )
    assert "3 documents" in found["library"].told


def test_every_setting_that_cannot_be_used_is_told() -> None:
    wrong = [
        finding
        for finding in examine({"WAYMARK_PORT": "many", "WAYMARK_COLOUR": "red", "WAYMARK_QUEUE": "-1"}, None)
        if finding.name == "settings"
    ]
    assert {finding.state for finding in wrong} == {"wrong"}
    assert {finding.told.split()[0] for finding in wrong} == {"WAYMARK_PORT", "WAYMARK_COLOUR", "WAYMARK_QUEUE"}
    assert all("waymark settings" in finding.do for finding in wrong)


def test_a_library_that_is_missing_is_wrong_only_where_it_was_named(tmp_path: Path) -> None:
    assert findings(None, WAYMARK_LIBRARY=str(tmp_path / "none"))["library"].state == "note"
    named = findings(tmp_path)["library"]
    assert (named.state, str(tmp_path) in named.told) == ("wrong", True)
    assert list(tmp_path.iterdir()) == []


def test_a_torn_library_and_another_model_are_told(library: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    shutil.copytree(library, torn)
    for file in torn.rglob("records.sqlite3"):
        file.write_bytes(file.read_bytes()[:100])
    found = findings(torn)["library"]
    assert found.state == "wrong"
    assert "waymark ingest" in found.told
    other = findings(library, WAYMARK_EMBEDDER=str(tmp_path / "no-model"))
    assert other["embedder"].state == "wrong"


def test_servers_that_do_not_answer_are_told(library: Path) -> None:
    nobody = f"http://127.0.0.1:{free()}"
    found = findings(None, WAYMARK_CHROMA_URL=nobody, WAYMARK_MODEL="m", WAYMARK_MODEL_URL=f"{nobody}/v1")
    assert found["chroma"].state == found["model"].state == "wrong"
    assert "chroma run" in found["chroma"].do
    assert "WAYMARK_MODEL_URL" in found["model"].do
    with taken() as port:
        found = findings(None, WAYMARK_MODEL="m", WAYMARK_MODEL_URL=f"http://127.0.0.1:{port}/v1")
        assert found["model"].state == "ok"


@pytest.mark.parametrize("model", ["nobody:nothing", "openai:gpt-5-mini"])
def test_a_model_that_cannot_be_set_up_is_told(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    found = findings(None, WAYMARK_MODEL=model)["model"]
    assert found.state == "wrong"
    assert "\n" not in found.told


def test_a_busy_port_is_told() -> None:
    with taken() as port:
        found = findings(None, WAYMARK_PORT=str(port))["port"]
    assert (found.state, str(port) in found.told, "--port" in found.do) == ("wrong", True, True)


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = ["no-such-package>=1", "pydantic>=999", "rich>=14", "never; extra == 'dev'"]
    monkeypatch.setattr("importlib.metadata.requires", lambda name: needs)
    found = _packages()
    assert found.state == "wrong"
    assert "no-such-package" in found.told
    assert "pydantic" in found.told
    assert "rich" not in found.told
    assert "never" not in found.told


def test_the_command_prints_it_and_exits_with_1_where_something_is_wrong(library: Path) -> None:
    good = waymark("doctor", "--json", "--library", str(library), WAYMARK_PORT=free())
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["ok"] is True
    bad = waymark("doctor", "--library", str(library), WAYMARK_PORT=free(), WAYMARK_COLOUR="red")
    assert bad.returncode == 1
    assert "WAYMARK_COLOUR is not a setting" in bad.stdout
    assert "Traceback" not in bad.stderr


def test_names_and_what_is_told_of_them_stand_apart() -> None:
    told = io.StringIO()
    findings = (Finding("disk", "ok", "75 GB free"), Finding("generation", "wrong", "45015de8680d", "Ingest again."))
    show(findings, Console(file=told, width=80))
    assert [line.rstrip() for line in told.getvalue().splitlines()] == [
        "ok    disk        75 GB free",
        "wrong generation  45015de8680d",
        "                  Ingest again.",
    ]


def test_what_is_wrong_makes_it_not_ok() -> None:
    assert as_json((Finding("a", "note", "x"), Finding("b", "ok", "y")))["ok"] is True
    assert as_json((Finding("a", "wrong", "x", "do"),))["ok"] is False


def test_a_collector_that_does_not_answer_or_cannot_be_sent_to_is_told(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = findings(library, WAYMARK_OTEL_URL=f"http://127.0.0.1:{free()}")["traces"]
    assert (nobody.state, "WAYMARK_OTEL_URL" in nobody.do) == ("wrong", True)
    with taken() as port:
        assert findings(library, WAYMARK_OTEL_URL=f"http://127.0.0.1:{port}")["traces"].state == "ok"
        monkeypatch.setattr("ui.doctor.installed", lambda: False)
        missing = findings(library, WAYMARK_OTEL_URL=f"http://127.0.0.1:{port}")["traces"]
    assert (missing.state, "[otel]" in missing.do) == ("wrong", True)
