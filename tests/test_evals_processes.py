"""Processes of a benchmark: what they say, and what is said of them when they fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corpus.errors import WaymarkError
from evals import processes

ECHO = "import sys, json\nfor line in sys.stdin: print(json.dumps([json.loads(line)]), flush=True)"


def test_a_process_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(WaymarkError, match="ValueError: so it is"):
        processes.run([sys.executable, "-c", "raise ValueError('so it is')"])


def test_a_process_that_stays_is_asked_line_by_line(tmp_path: Path) -> None:
    with processes.asked([sys.executable, "-c", ECHO], tmp_path / "log") as ask:
        assert [ask({"a": 1}), ask(["b"])] == [[{"a": 1}], [["b"]]]


def test_a_process_that_leaves_early_is_told(tmp_path: Path) -> None:
    gone = [sys.executable, "-c", "import sys; sys.stdin.readline(); sys.exit('no more')"]
    with processes.asked(gone, tmp_path / "log") as ask, pytest.raises(WaymarkError, match="no more"):
        ask(1)
