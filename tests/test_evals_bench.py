"""The benchmark: its parts, what it refuses, and (long) one whole run."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UsageError, WaymarkError
from corpus.settings import Settings
from evals import bench
from evals.bench import machine, pick
from evals.plain import CHUNK, OVERLAP, chunks


@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=30), st.integers(1, 12))
def test_picked_questions_are_different_in_order_and_as_many_as_there_are(given: list[str], most: int) -> None:
    picked = pick(given, most)
    different = list(dict.fromkeys(given))
    assert len(picked) == len(set(picked)) == min(most, len(different))
    assert [each for each in different if each in picked] == picked


def test_picked_questions_are_spread_over_all() -> None:
    assert pick([str(i) for i in range(10)], 5) == ["0", "2", "4", "6", "8"]


@given(st.text(st.sampled_from("ab .\n"), max_size=6000))
def test_plain_chunks_are_bounded_and_lose_nothing(text: str) -> None:
    cut = chunks(text)
    assert all(len(chunk) <= CHUNK for chunk in cut)
    at = 0
    for chunk in cut:
        found = text.find(chunk, max(0, at - OVERLAP - 1))
        assert found >= 0
        assert text[at:found].strip() == "" or found <= at
        at = max(at, found + len(chunk))
    assert text[at:].strip() == ""


def test_the_machine_is_described() -> None:
    about = machine()
    assert about["cores"] >= 1
    assert all(about[name] for name in ("processor", "system", "python"))


def test_without_langchain_huggingface_it_says_so(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="langchain-huggingface") as caught:
        bench.run(None, tmp_path / "out", settings)
    assert caught.value.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_process_that_fails_is_told_with_its_last_words() -> None:
    import sys

    with pytest.raises(WaymarkError, match="ValueError: so it is"):
        bench._process([sys.executable, "-c", "raise ValueError('so it is')"])


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_whole_run(tmp_path: Path, settings: Settings) -> None:
    from tests import shelf

    figures = bench.run(shelf.write(tmp_path / "guides"), tmp_path / "out", settings)
    assert json.loads((tmp_path / "out" / "bench.json").read_text()) == figures
    assert figures["texts"]["documents"] == 3
    assert figures["warm"]["questions"] == 50
    for kind in ("warm", "cold"):
        assert figures[kind]["ratio"] > 0
