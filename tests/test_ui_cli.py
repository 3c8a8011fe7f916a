"""The command in processes of its own: what it prints, how it ends, and what it does not load."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.advisor import Advisor
from corpus.errors import BadSetting, ControlFailed, LibraryTorn, WaymarkError
from corpus.settings import Settings
from tests.web import health, wait_for
from ui.cli import _guarded, main

QUESTION = "Which entry-level jobs lead into data work?"
HEAVY = (
    "torch",
    "gradio",
    "chromadb",
    "sentence_transformers",
    "transformers",
    "langchain_core",
    "onnxruntime",
    "fastapi",
)
_LOADED = """
import sys
from ui.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("LOADED", *sys.modules)
"""


def environment(**more: str) -> dict[str, str]:
    """The person's own, without their settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    return {**kept, "COLUMNS": "200", **more}


def waymark(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *arguments]
    return subprocess.run(command, env=environment(**more), capture_output=True, text=True, timeout=120, check=False)


def waymark_fed(lines: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with `lines` on its standard input."""
    command = [sys.executable, "-m", "ui.cli", *arguments]
    return subprocess.run(
        command, input=lines, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )


def loaded(*arguments: str) -> tuple[str, set[str]]:
    """What a command prints, and the modules that it has loaded when it ends."""
    command = [sys.executable, "-c", _LOADED, *arguments]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=True)
    printed, _, modules = ended.stdout.rpartition("LOADED")
    return printed, set(modules.split())


def is_a_sentence(ended: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    assert ended.returncode == code, ended
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1
    for part in parts:
        assert part in ended.stderr


def test_help_loads_nothing_heavy() -> None:
    for command in (["--help"], ["serve", "--help"]):
        printed, modules = loaded(*command)
        assert printed.startswith("usage: waymark")
        assert modules.isdisjoint(HEAVY)


def test_help_names_every_command() -> None:
    ended = waymark("--help")
    assert ended.returncode == 0
    for command in ("serve", "ask", "chat", "mcp", "ingest", "library", "settings", "doctor"):
        assert command in ended.stdout


def test_json_is_what_the_interface_returns_and_asking_never_loads_torch(library: Path, advisor: Advisor) -> None:
    printed, modules = loaded("ask", QUESTION, "--library", str(library), "--json")
    body, expected = json.loads(printed), advisor.invoke({"question": QUESTION}).to_dict()
    assert body.pop("timings_ms").keys() == expected.pop("timings_ms").keys()
    assert body == expected
    assert modules.isdisjoint({"torch", "gradio", "sentence_transformers", "transformers", "fastapi", "uvicorn"})


def test_an_answer_is_shown_with_its_quotes(library: Path, advisor: Advisor) -> None:
    ended = waymark("ask", QUESTION, "--library", str(library))
    assert ended.returncode == 0
    assert ended.stderr == ""
    answer = advisor.invoke({"question": QUESTION})
    assert answer.citations
    for citation in answer.citations:
        assert f"[{citation.number}]" in ended.stdout
        assert " ".join(citation.quote.split())[:60] in " ".join(ended.stdout.split())


def test_the_library_is_listed(library: Path, advisor: Advisor) -> None:
    value = json.loads(waymark("library", "--library", str(library), "--json").stdout)
    index = advisor.library.current()
    assert (value["documents"], value["passages"]) == (index.document_count, index.count) == (3, value["passages"])
    assert value["generation"] == index.generation
    assert {book["document_id"] for book in value["contents"]} == {info.id for info in advisor.library.documents()}
    assert value["quarantined"] == []
    shown = waymark("library", "--library", str(library))
    assert shown.returncode == 0
    assert all(book["title"] in shown.stdout for book in value["contents"])


def test_a_document_is_shown_and_unknown_ones_are_told_with_what_is_near(
    library: Path, advisor: Advisor, capsys: pytest.CaptureFixture[str]
) -> None:
    info = next(one for one in advisor.library.documents() if one.source == "pay.md")
    here = ["--library", str(library)]
    for command in (["library", "show", info.id, "--json", *here], ["library", *here, "--json", "show", info.id]):
        assert main(command) == 0
        value = json.loads(capsys.readouterr().out)
        assert (value["title"], value["source"], value["region"]) == (info.title, "pay.md", "Ruritania")
        assert value["passages"] == info.passages == sum(len(section["passages"]) for section in value["sections"])
        text = advisor.library.document(info.id).text
        for section in value["sections"]:
            assert all(text[part["start"] : part["end"]] == part["text"] for part in section["passages"])
    assert main(["library", "show", info.id, *here]) == 0
    shown = capsys.readouterr().out
    assert "Pay in data jobs" in shown
    assert "Wage Survey" in shown
    for word in ("show", "remove"):
        assert main(["library", word, info.id[:-1], *here]) == 2
        assert info.id in capsys.readouterr().err


def test_documents_are_removed_and_the_copy_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    folder, here = tmp_path / "guides", ["--library", str(tmp_path / "library")]
    folder.mkdir()
    for name in ("nets.md", "copy of nets.md"):
        (folder / name).write_text("# Nets\n\nNets hold fish.\n\nShare this page\n")
    assert main(["ingest", str(folder), "--json", *here]) == 0
    (joined,) = json.loads(capsys.readouterr().out)["joined"]
    assert main(["library", *here]) == 0
    shown = capsys.readouterr().out
    assert "Joined: others answer for these" in shown
    assert "copy of nets.md" in shown
    assert main(["library", "show", joined["joined_to"], *here]) == 0
    shown = capsys.readouterr().out
    assert "Joined with it" in shown
    assert "Share this page" in shown, "what was dropped is listed"
    assert main(["library", "show", joined["document_id"], *here]) == 0
    assert joined["joined_to"] in capsys.readouterr().out
    assert main(["library", "remove", joined["joined_to"], "--json", *here]) == 0
    removal = json.loads(capsys.readouterr().out)
    assert (removal["documents"], removal["removed"]) == (1, [joined["joined_to"]])
    assert removal["answering_now"] == [joined["document_id"]]
    assert main(["library", "remove", joined["document_id"], *here]) == 0
    assert "comes back when its source is ingested again" in capsys.readouterr().out
    assert main(["library", "--json", *here]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 0


@pytest.mark.parametrize(
    "command",
    [["ask", QUESTION], ["library"], ["library", "show", "x"], ["library", "remove", "x"], ["serve", "--port", "0"]],
)
def test_a_folder_that_is_no_library_is_told(tmp_path: Path, command: Sequence[str]) -> None:
    is_a_sentence(waymark(*command, "--library", str(tmp_path)), 2, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("question", ["", "  ", "?!", "x" * 4_001])
def test_a_question_that_is_none_is_told_before_anything_is_opened(tmp_path: Path, question: str) -> None:
    is_a_sentence(waymark("ask", question, "--library", str(tmp_path / "none")), 2, "question")


def test_a_busy_port_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        is_a_sentence(waymark("serve", "--port", port, "--library", str(tmp_path)), 2, port, "--port")


@pytest.mark.parametrize(
    ("name", "value"), [("WAYMARK_PORT", "many"), ("WAYMARK_WORKERS", "0"), ("WAYMARK_COLOUR", "red")]
)
def test_a_wrong_setting_is_told_by_its_name(name: str, value: str) -> None:
    is_a_sentence(waymark("ask", QUESTION, **{name: value}), 2, name)


@pytest.mark.parametrize(
    "arguments", [[], ["sing"], ["ask"], ["ask", "a", "b"], ["serve", "--port", "70000"], ["ask", "--x"]]
)
def test_wrong_usage_exits_2(arguments: Sequence[str]) -> None:
    ended = waymark(*arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: waymark")
    assert "Traceback" not in ended.stderr


def test_a_terminal_with_few_letters_is_no_error(library: Path) -> None:
    ended = waymark("ask", QUESTION, "--library", str(library), PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert ended.returncode == 0
    assert "Sources" in ended.stdout


@pytest.mark.parametrize("command", [["settings"], ["library", "--json"]])
def test_a_reader_that_leaves_is_no_error(library: Path, command: Sequence[str]) -> None:
    command = [sys.executable, "-m", "ui.cli", *command]
    here = environment(WAYMARK_LIBRARY=str(library))
    with subprocess.Popen(command, env=here, stdout=PIPE, stderr=PIPE, text=True) as asking:
        assert asking.stdout is not None
        assert asking.stderr is not None
        asking.stdout.close()
        assert asking.stderr.read() == ""
        assert asking.wait(60) == 0


def test_the_settings_are_listed() -> None:
    ended = waymark("settings")
    assert ended.returncode == 0
    assert all(variable in ended.stdout for variable, *_ in Settings.table())


def raising(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BadSetting("The sentence."), 2, "error: The sentence.\n"),
        (LibraryTorn("The sentence."), 1, "error: The sentence.\n"),
        (ControlFailed("The sentence."), 3, "error: The sentence.\n"),
        (WaymarkError("The sentence."), 1, "error: The sentence.\n"),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("by zero"), 1, "error: ZeroDivisionError: by zero. Set WAYMARK_DEBUG=1"),
    ],
)
def test_every_error_becomes_a_sentence_and_a_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYMARK_DEBUG", raising=False)
    assert _guarded(lambda: raising(error)) == code
    assert capsys.readouterr().err.startswith(said)


def test_debugging_shows_where_an_error_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        _guarded(lambda: raising(ZeroDivisionError()))


def test_serving_answers_and_ends_when_told(library: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--library", str(library)]
    with subprocess.Popen(command, env=environment(), stdout=PIPE, stderr=PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("Waymark is ready: http://127.0.0.1:"), server.stderr and server.stderr.read()
        wait_for(lambda: health(line.split(": ", 1)[1].strip()) == 200)
        began = time.monotonic()
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 0
        assert time.monotonic() - began < 10
        assert server.stderr is not None
        assert "Traceback" not in server.stderr.read()


def test_main_can_be_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    assert "WAYMARK_LIBRARY" in capsys.readouterr().out
