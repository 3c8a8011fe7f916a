"""junit.xml: a run as build servers read test results, a test case a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# What XML 1.0 cannot hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(rows: Sequence[Mapping[str, Any]], why: Callable[[Mapping[str, Any]], Sequence[str]]) -> str:
    """The document: a case that did not pass is a failure, one without an answer to score an error, as `why` tells.

    Cases are grouped by what they expect. No times are told, so that the same answers give the same bytes.
    """
    root = Element("testsuites", {"name": "evals", **_counts(rows)})
    for expect in sorted({row["expect"] for row in rows}):
        part = [row for row in rows if row["expect"] == expect]
        suite = SubElement(root, "testsuite", {"name": f"expect {expect}", **_counts(part)})
        for row in part:
            told = SubElement(
                suite, "testcase", classname=f"evals.{expect}", name=_plain(f"{row['id']}: {row['question']}")
            )
            if not row["passed"]:
                reasons = _plain("; ".join(why(row)))
                kind = "error" if _errored(row) else "failure"
                SubElement(told, kind, message=reasons, type=row["state"]).text = _plain(_shown(row))
    indent(root)
    body: str = tostring(root, encoding="unicode")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + body + "\n"


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    failed = [row for row in rows if not row["passed"]]
    errors = sum(map(_errored, failed))
    return {"tests": str(len(rows)), "failures": str(len(failed) - errors), "errors": str(errors)}


def _errored(row: Mapping[str, Any]) -> bool:
    return row["state"] in ("errored", "unscorable")


def _shown(row: Mapping[str, Any]) -> str:
    return str(row["trouble"] if row["answer"] is None else row["answer"]["answer"])


def _plain(text: str) -> str:
    """Text without what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
