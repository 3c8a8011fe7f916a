"""README, ARCHITECTURE and docs/ are held to the tree: files, targets, commands and settings that they name exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "ARCHITECTURE.md"]
DOCS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_files_that_are_named_exist(name: str) -> None:
    named = re.findall(r"`((?:corpus|ingest|bot|ui|evals|tests|docs)/[\w./*-]*)`", page(name))
    named += re.findall(r"\]\((?!https?:)([\w./-]+)\)", page(name))
    assert named
    missing = [path for path in named if not list(ROOT.glob(path.rstrip("/"))) and path != "tests/"]
    assert missing == []


@pytest.mark.parametrize("name", PAGES + DOCS)
def test_make_targets_that_are_named_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)\b|^    make ([a-z-]+)\b", page(name), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


def test_the_two_commands_stand_in_the_readme() -> None:
    assert "make serve" in page("README.md")
    assert "make test" in page("README.md")


def test_settings_that_are_named_exist() -> None:
    known = {name for name, _, _ in Settings.table()}
    named = set(re.findall(r"\bWAYMARK_[A-Z_]+\b", "".join(page(name) for name in PAGES + DOCS)))
    assert named
    assert named <= known | {"WAYMARK_REQUIRE_BROWSER", "WAYMARK_DEBUG"}


@pytest.mark.parametrize("command", ["serve", "ask", "chat", "mcp", "ingest", "library", "settings", "doctor"])
def test_commands_of_the_readme_have_help(command: str) -> None:
    assert re.search(rf"waymark {command}\b", page("README.md"))
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", command, "--help"], capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def test_make_help_lists_every_documented_target() -> None:
    shown = subprocess.run(["make", "help"], capture_output=True, text=True, timeout=20, cwd=ROOT, check=True).stdout
    for target in ("docs", "install", "serve", "test", "test-long", "lint", "bench", "help"):
        assert re.search(rf"^{target}\s+\w", shown, re.MULTILINE), target


def test_the_lock_pins_everything_that_the_project_names() -> None:
    pinned = {re.split(r"==", line)[0].lower() for line in page("requirements.lock").splitlines() if "==" in line}
    named = re.findall(r'^  "([A-Za-z0-9_.-]+)(?:[<>=].*)?",?', page("pyproject.toml"), re.MULTILINE)
    wanted = {name.lower().replace("_", "-") for name in named if not re.fullmatch(r"[A-Z]+\d+|browser|long", name)}
    assert wanted
    assert wanted <= {name.replace("_", "-") for name in pinned}
