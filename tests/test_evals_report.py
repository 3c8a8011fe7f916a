"""What a run leaves behind: complete, the same bytes for the same answers, and safe to open."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from bot.answer import Answer, Claim
from corpus.errors import UsageError
from corpus.questions import Case, Message, QuestionSet
from evals import control_world as world
from evals import record, report
from evals.compare import compare
from evals.control_world import Replies, asked, case
from evals.record import Record
from evals.run import Control, Run, evaluate

FILES = ["junit.xml", "report.html", "report.md", "results.jsonl", "summary.json", "timings.json"]
HOSTILE = "<script>alert(1)</script>|`x`\n[go](javascript:alert(1)) <img src=x onerror=alert(2)>"


def _run(speed: float = 5.0, trouble: str = "it broke") -> Run:
    good = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
    taken = Claim(HOSTILE, (), "unsupported", (HOSTILE,))
    pairs: list[tuple[Case, Answer | None]] = [
        (case("good", "answered", ["25 people"], relevant=["baking.md"]), replace(good, claims=(*good.claims, taken))),
        (replace(case("silent", "abstained"), tags=("test",)), world.declined()),
        (replace(case("lost", "answered", ["x"]), tags=("tune",)), None),
        (Case("hostile", HOSTILE, "handed_on", history=(Message("user", HOSTILE),)), replace(good, answer=HOSTILE)),
        (case("none"), Answer("answered", "")),
    ]
    outcomes = {each.id: asked(each, answer, "" if answer else trouble, speed) for each, answer in pairs}
    sets = [QuestionSet("set.jsonl", tuple(each for each, _ in pairs), "ab" * 32)]
    return evaluate(Replies(outcomes), sets, [Control("one", True, "1 < 2")])


def _record(speed: float = 5.0, trouble: str = "it broke") -> Record:
    return record.of(_run(speed, trouble), world.World())


def test_all_files_are_written_and_hold_what_they_promise(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    written = report.write(_record(), folder)
    assert sorted(path.name for path in written) == sorted(path.name for path in folder.iterdir()) == FILES
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["n"] == 5
    assert summary["states"] == {"scored": 3, "empty": 1, "errored": 1, "unscorable": 0}
    assert summary["sets"] == [{"name": "set.jsonl", "sha256": "ab" * 32, "n": 5}]
    assert summary["generation"] == "control"
    assert summary["controls"] == {"one": {"passed": True, "measured": "1 < 2"}}
    assert set(summary["groups"]) == {"tune", "test", "follow-ups"}
    assert summary["rates"]["nuggets_all"]["hits"] == 1
    assert summary["rates"]["nuggets_all"]["n"] == 2
    rows = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["good", "silent", "lost", "hostile", "none"]
    good, lost = rows[0], rows[2]
    assert [claim["score"] for claim in good["answer"]["claims"]] == [1.0, 0.0]
    assert [claim["verdict"] for claim in good["answer"]["claims"]] == ["supported", "unsupported"]
    assert good["nuggets"] == [{"any": ["25 people"], "found": True, "found_within_120_words": True}]
    assert (lost["state"], lost["trouble"], lost["answer"]) == ("errored", "it broke", None)
    timings = json.loads((folder / "timings.json").read_text())
    assert (timings["n"], timings["median_ms"], timings["p95_ms"]) == (4, 5.0, 5.0)


def test_only_what_tells_times_differs_between_a_fast_and_a_slow_run(tmp_path: Path) -> None:
    for name, speed in (("fast", 1.0), ("slow", 900.0)):
        report.write(_record(speed), tmp_path / name)
    same = {
        name for name in FILES if (tmp_path / "fast" / name).read_bytes() == (tmp_path / "slow" / name).read_bytes()
    }
    assert same == set(FILES) - {"timings.json", "report.html"}


def test_without_any_time_the_latency_is_null() -> None:
    run = _run()
    assert replace(run, outcomes=tuple(replace(each, total_ms=None) for each in run.outcomes)).latency() == {
        "n": 0,
        "median_ms": None,
        "p95_ms": None,
        "cases": {},
    }


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marked = ""
        self._in_mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_mark = tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = False

    def handle_data(self, data: str) -> None:
        self.marked += data if self._in_mark else ""


def test_the_page_escapes_everything_and_needs_nothing_else(tmp_path: Path) -> None:
    report.write(_record(trouble=HOSTILE), tmp_path)
    text = (tmp_path / "report.html").read_text()
    page = _Elements()
    page.feed(text)
    names = [name for name, _ in page.tags]
    assert names.count("script") == 1
    assert "img" not in names
    assert "a" not in names
    assert not any(key.startswith("on") or key in ("src", "href") for _, attrs in page.tags for key in attrs)
    assert "http:" not in text
    assert "https:" not in text
    assert "default-src 'none'" in text
    assert [attrs.get("class") for name, attrs in page.tags if name == "details"].count("case") == 5
    assert "The bakery on Mill Street employs 25 people." in page.marked
    assert "A baker in the valley starts work at 4 in the morning." in text  # the words around the quote


def test_markdown_report_names_what_failed_and_starts_no_markup() -> None:
    text = report.markdown(_record(trouble=HOSTILE))
    assert "Cases that did not pass: 3" in text
    assert "`lost`" in text
    assert "expected handed\\_on, got answered" in text or "expected handed_on, got answered" in text
    assert not re.search(r"(?<!\\)<(script|img)", text)
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert text.count("| Cases |") == 1


def test_the_terminal_table_shows_every_group_and_the_latency() -> None:
    from rich.console import Console

    console = Console(width=200, record=True, file=StringIO())
    console.print(report.table(_record()))
    text = console.export_text()
    for word in (
        "all (5)",
        "tune (1)",
        "test (1)",
        "Answered",
        "Declined",
        "All citations valid",
        "Latency",
        "5.0 / 5.0 ms",
    ):
        assert word in text


def test_faults_name_cases_without_an_answer_and_broken_contracts() -> None:
    faults = _run().faults
    assert "lost: errored: it broke" in faults
    assert any(fault.startswith("none: empty") for fault in faults)
    assert any(fault.startswith("hostile: ") for fault in faults)
    assert not any(fault.startswith(("good", "silent")) for fault in faults)


def test_a_folder_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--out"):
        report.write(_record(), tmp_path / "file")


def test_reports_are_written_again_from_the_results_alone(tmp_path: Path) -> None:
    since = compare(_record(), _record()).to_dict()
    report.write(_record(), tmp_path, since)
    was = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name in ("report.md", "report.html", "junit.xml"):
        (tmp_path / name).unlink()
    report.write_shown(record.read(tmp_path), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == was


def test_the_page_tells_what_changed_since_the_run_before(tmp_path: Path) -> None:
    worse = _record()
    rows = [{**row, "measures": {**row["measures"], "passed": 1.0}} for row in worse.rows]
    since = compare(replace(worse, rows=tuple(rows)), worse).to_dict()
    report.write(worse, tmp_path, since)
    text = (tmp_path / "report.html").read_text()
    assert "cases 0 better, 3 worse, 0 mixed" in text
    assert "to the run before" in text
    assert text.count('data-moved="worse"') == 3
    report.write(worse, tmp_path)
    assert "No earlier run" in (tmp_path / "report.html").read_text()
    assert not (tmp_path / "changes.json").exists()
