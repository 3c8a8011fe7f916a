"""junit.xml: well-formed whatever the text, and its counts add up."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from evals.junit import junit


def _row(
    name: str, passed: bool, state: str = "scored", expect: str = "answered", said: str = "text"
) -> dict[str, Any]:
    answer = None if state == "errored" else {"answer": said}
    return {
        "id": name, "question": "Why?", "expect": expect, "passed": passed, "state": state, "answer": answer,
        "trouble": "away",
    }  # fmt: skip


def test_failures_errors_and_passes_are_told_apart() -> None:
    rows = [_row("a", True), _row("b", False), _row("c", False, "errored"), _row("d", False, "empty", "abstained")]
    root = ElementTree.fromstring(junit(rows, lambda row: [f"reason {row['id']}", "more"]).encode())
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1")
    suites = {suite.get("name"): suite for suite in root}
    assert suites["expect answered"].get("errors") == "1"
    assert suites["expect abstained"].get("failures") == "1"
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert len(cases["a: Why?"]) == 0
    (failure,) = cases["b: Why?"]
    assert (failure.tag, failure.get("message"), failure.text) == ("failure", "reason b; more", "text")
    (error,) = cases["c: Why?"]
    assert (error.tag, error.text) == ("error", "away")


def test_hostile_text_stays_text() -> None:
    said = "]]></failure><x a='\"'>\x00\x08\ufffe\ud800 & \U0001f600"
    root = ElementTree.fromstring(junit([_row("<&>", False, said=said)], lambda row: [said]).encode())
    (failure,) = root.iter("failure")
    assert failure.text == said.translate(dict.fromkeys([0, 8, 0xFFFE, 0xD800], "\ufffd"))
    assert failure.get("message") == failure.text
