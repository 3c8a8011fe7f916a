"""The benchmark as a whole: what it refuses, and short runs of its parts against the real processes."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from corpus.errors import UnknownPath, UsageError
from corpus.settings import Settings
from evals import bench, bench_build, bench_pages
from evals.bench import Plan, machine, rows


def test_the_machine_is_described() -> None:
    about = machine()
    assert about["cores"] >= 1
    assert all(about[name] for name in ("processor", "system", "python"))


def test_without_langchain_huggingface_it_says_so(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="langchain-huggingface") as caught:
        bench.run(Plan(bench.PARTS), tmp_path / "out", settings)
    assert caught.value.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_what_it_does_not_know_is_refused(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(UsageError, match="no part 'speed'"):
        bench.run(Plan(("answers", "speed")), tmp_path / "out", settings)
    with pytest.raises(UnknownPath, match="nowhere"):
        bench.run(Plan(("quality",), sets=(tmp_path / "nowhere",)), tmp_path / "out", settings)


def test_pages_are_read_and_all_their_figures_found() -> None:
    figures = bench_pages.measure(3, lambda stage, done, total: None)
    assert figures["waymark_found"] == 1
    assert figures["figures"] > 1_000
    assert min(figures["waymark_per_s"], figures["plain_per_s"]) > 0


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_whole_run(tmp_path: Path, settings: Settings) -> None:
    from tests import shelf

    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    (beir / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "Bakers", "text": "Bakers start before dawn."}\n'
        '{"_id": "b", "title": "Sailors", "text": "Sailors read charts."}\n'
    )
    (beir / "queries.jsonl").write_text('{"_id": "q", "text": "When do bakers start?"}\n')
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n")
    plan = Plan(bench.PARTS, shelf.write(tmp_path / "guides"), passages=34, sets=(beir,), scale=2_000, pages=4)
    figures = bench.run(plan, tmp_path / "out", settings)
    assert json.loads((tmp_path / "out" / "bench.json").read_text()) == figures
    assert figures["answers"]["texts"]["documents"] == 3
    assert figures["answers"]["warm"]["questions"] == 50
    assert figures["quality"]["beir"]["plain_ndcg@10"] == figures["quality"]["beir"]["waymark_ndcg@10"] == 1
    assert figures["pages"]["waymark_found"] == 1
    assert len(rows(figures)) == 2 + 1 + 4 + 1 + 6 + 2  # answers, load, build, quality, scale, pages


@pytest.mark.timeout(300)
def test_a_short_run_of_building(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_build, "REFRESHES", 1)
    figures = bench.run(Plan(("build",), passages=34), tmp_path / "out", settings)
    assert set(figures) == {"machine", "build"}
    build = figures["build"]
    assert build["texts"]["documents"] == 2
    assert build["texts"]["passages"] >= 30
    assert all(build[kind]["times_faster"] > 0 for kind in ("embedding", "ingest"))
    assert set(build["refresh"]) == {"unchanged_s", "one_guide_changed_s"}
    assert [row[0].split()[0] for row in rows(figures)] == ["embedding", "ingest", "refresh,", "refresh,"]
