"""The examples of the docs, run as they stand against a real server; commands, read by the real parsers."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.advisor import Advisor
from corpus.settings import Settings
from ingest.__main__ import _parser as ingest_parser
from tests.test_ui_cli import environment
from tests.web import serving
from ui.cli import _parser as waymark_parser

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
ADDRESS = "http://127.0.0.1:7860"


def blocks(page: Path, *languages: str) -> list[str]:
    """The fenced examples of a page in these languages, without their indentation."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^( *)```(\w+)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, language, body in found if language in languages]


API = ROOT / "docs" / "api.md"
CURL = [block for block in blocks(API, "sh") if block.startswith("curl")]
PYTHON = blocks(API, "python")
SCRIPT = blocks(API, "js")


@pytest.fixture(scope="module")
def address(settings: Settings, advisor: Advisor) -> Iterator[str]:
    with serving(settings, lambda: advisor) as at:
        yield at


def run(command: list[str], example: str, address: str, **variables: str) -> str:
    """What an example prints; it must end well, and print what it says that it prints."""
    done = subprocess.run(
        [*command, example.replace(ADDRESS, address)],
        env={**environment(), "NO_PROXY": "127.0.0.1", **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for said in re.findall(r"(?:#|//) prints: (.+)", example):
        assert said in done.stdout.splitlines()
    assert done.stdout.strip()
    return done.stdout


def test_there_are_examples_of_each_kind() -> None:
    assert len(CURL) >= 4
    assert len(PYTHON) >= 4
    assert len(SCRIPT) >= 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("example", CURL, ids=range(len(CURL)))
def test_curl(example: str, address: str) -> None:
    shown = run(["bash", "-euc"], example, address)
    assert '"type":"about:blank"' not in shown
    if "/ask" in example:
        assert re.search(r'"status":"(?:answered|partial)"', shown)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("example", SCRIPT, ids=range(len(SCRIPT)))
def test_javascript(example: str, address: str) -> None:
    run(["node", "--input-type=module", "-e"], example, address)


@pytest.mark.parametrize("example", PYTHON, ids=range(len(PYTHON)))
def test_python(example: str, address: str, library: Path) -> None:
    run([sys.executable, "-c"], example, address, WAYMARK_LIBRARY=str(library), PYTHONPATH=str(ROOT))


def commands() -> list[tuple[str, list[str]]]:
    """(page, arguments) of every `waymark ...` in an example."""
    found = []
    for page in [*DOCS, ROOT / "README.md"]:
        text = page.read_text(encoding="utf-8")
        lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
        lines += re.findall(r"^    (\S.*)", text, re.MULTILINE) if page.name == "README.md" else []
        for line in lines:
            if call := re.match(r"(?:\w+=\S+ )*(?:\.venv/bin/)?waymark (.+)", re.split(r" {3,}", line)[0]):
                found.append((page.name, shlex.split(call[1])))
    return found


@pytest.mark.parametrize(("page", "arguments"), commands(), ids=lambda value: "-".join(value).replace("/", "."))
def test_commands_are_read_by_the_real_parsers(page: str, arguments: list[str]) -> None:
    if arguments[0] == "ingest":
        ingest_parser().parse_args(arguments[1:])
    else:
        waymark_parser().parse_args(arguments)


def test_variables_of_settings_files_can_be_read() -> None:
    read = 0
    for page in DOCS:
        for block in blocks(page, "ini"):
            lines = (line.partition("=") for line in block.splitlines() if line.startswith("WAYMARK_"))
            given = {name: value for name, _, value in lines}
            read += bool(given)
            Settings.read(given)
    assert read >= 7
