"""A run as its files tell it: summary.json, results.jsonl, timings.json. Whatever is shown of a run is made of these.

summary.json and results.jsonl are the same bytes whenever the same questions get the same answers; what time a case
took is apart, in timings.json. The words around each quote are kept in the row, so that no library is needed again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.verify import verify
from corpus.errors import UnknownDocument, UnknownPath, UsageError
from corpus.questions import decoded_lines, read_bytes
from evals.board import case_values, cluster
from evals.checks import Documents
from evals.run import Run
from evals.scoring import Outcome, Score, wanted_nuggets

AROUND = 160  # characters of the document that are kept on each side of a quote
# Files have their keys in order; tables show these groups first.
_FIRST = ("tune", "test", "follow-ups")
# The code that a score depends on: what answers, and what judges.
_CODE = ("corpus", "bot", "evals")
_NEEDED = frozenset(
    "n states rates means mean_intervals groups sets controls confusion own code results_sha256".split()
)


@dataclass(frozen=True, slots=True)
class Record:
    """`summary` as in summary.json, a row a case as in results.jsonl, `timings` as in timings.json."""

    summary: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    timings: Mapping[str, Any]

    def results(self) -> str:
        """The text of results.jsonl."""
        return _lines(self.rows)

    def boards(self) -> dict[str, Mapping[str, Any]]:
        """The measures by group, beginning with "all"."""
        groups = self.summary["groups"]
        return {"all": self.summary, **{name: groups[name] for name in (*_FIRST, *groups) if name in groups}}

    def digests(self) -> list[str]:
        """The SHA-256 of every question set, sorted: two runs can be compared where these are the same."""
        return sorted(each["sha256"] for each in self.summary["sets"])


def of(run: Run, documents: Documents, own: bool = False) -> Record:
    """The record of a run; `documents` holds the texts that the answers cite. `own`: the project's own sets were put to
    a library of its guides, so that its own gates hold."""
    rows = tuple(_row(outcome, each, documents) for outcome, each in zip(run.outcomes, run.scores, strict=True))
    # As it is read again, so that nothing depends on whether it was.
    summary, kept, timings = map(_read_again, (_summary(run, _lines(rows), own), rows, run.latency()))
    return Record(summary, tuple(kept), timings)


def read(folder: Path) -> Record:
    """The run that was written into `folder`.

    Raises UnknownPath where there is none; UsageError, naming the file, where it is not whole: another version wrote
    it, or results.jsonl was changed since.
    """
    if not (folder / "summary.json").is_file():
        raise UnknownPath(f"There is no finished run in {folder}: it holds no summary.json. Name the folder of a run.")
    summary = read_object(folder / "summary.json")
    lacking = sorted(_NEEDED - summary.keys())
    if lacking:
        raise UsageError(
            f"{folder / 'summary.json'} lacks {lacking[0]!r}: another version of evals wrote it. "
            "Run the questions again."
        )
    path = folder / "results.jsonl"
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != summary["results_sha256"]:
        raise UsageError(f"{path} is not what summary.json beside it was made of. Run the questions again.")
    rows = tuple(json.loads(text) for _, text in decoded_lines(path, data))
    return Record(summary, rows, read_object(folder / "timings.json"))


def dumped(body: Mapping[str, Any]) -> str:
    """JSON for a file: indented, keys in order, no NaN."""
    return json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def code_digest() -> str:
    """SHA-256 over the code and the word lists by which questions are answered and judged; guides and sets apart."""
    digest = hashlib.sha256()
    for package in _CODE:
        for entry in sorted(files(package).iterdir(), key=lambda each: each.name):
            if entry.name.endswith((".py", ".toml", ".txt")):
                digest.update(f"{package}/{entry.name}\n".encode())
                digest.update(entry.read_bytes())
    return digest.hexdigest()


def _summary(run: Run, results: str, own: bool) -> dict[str, Any]:
    """The whole run in one object; the measures of all cases at the top, those of the groups under `groups`."""
    return {
        **run.boards["all"].to_dict(),
        "groups": {name: each.to_dict() for name, each in run.boards.items() if name != "all"},
        "sets": [{"name": each.name, "sha256": each.digest, "n": len(each.cases)} for each in run.sets],
        "controls": {each.name: {"passed": each.passed, "measured": each.measured} for each in run.controls},
        **run.described,
        "own": own,
        "code": code_digest(),
        "results_sha256": hashlib.sha256(results.encode()).hexdigest(),
    }


def _row(outcome: Outcome, each: Score, documents: Documents) -> dict[str, Any]:
    case, checks = each.case, each.checks
    return {
        "id": case.id,
        "question": case.question,
        "history": [{"role": turn.role, "content": turn.content} for turn in case.history],
        "tags": list(case.tags),
        "cluster": cluster(case),
        "expect": case.expect,
        "state": each.state,
        "trouble": each.trouble,
        "status": each.status,
        "passed": each.passed,
        "as_expected": each.as_expected,
        "measures": {name: round(value, 6) for name, value in case_values(each).items()},
        "nuggets": [
            {"any": list(phrases), "found": found, "found_within_120_words": short}
            for phrases, found, short in zip(wanted_nuggets(case), each.nuggets, each.nuggets_short, strict=True)
        ],
        "relevant": [{"document": named.document, "quote": named.quote} for named in case.relevant],
        "relevant_document": each.relevant,
        "relevant_quote": each.relevant_quote,
        "foreign": each.foreign,
        "words": each.words,
        "certainty": outcome.certainty,
        "citations": None if checks is None else {"n": checks.citations, "valid": checks.valid},
        "claims": None if checks is None else {"supported": checks.claims, "verbatim": checks.verbatim},
        "problems": [] if checks is None else list(checks.problems),
        "answer": _answer(outcome, documents),
    }


def _answer(outcome: Outcome, documents: Documents) -> dict[str, Any] | None:
    """The answer without its times; each claim with the checker's score, each citation with the words around it."""
    if outcome.answer is None:
        return None
    body = outcome.answer.to_dict()
    del body["timings_ms"]
    quotes = {citation["number"]: citation["quote"] for citation in body["citations"]}
    for claim in body["claims"]:
        cited = [quotes[number] for number in claim["citations"] if number in quotes]
        claim["score"] = verify(claim["text"], cited).score
    for citation in body["citations"]:
        citation["before"], citation["after"] = _around(citation, documents)
    return body


def _around(citation: Mapping[str, Any], documents: Documents) -> tuple[str, str]:
    """The words before and after a quote; none where its document is not at hand or says otherwise."""
    start, end = citation["start"], citation["end"]
    try:
        text = documents.text(citation["document_id"])
    except UnknownDocument:
        return "", ""
    if not 0 <= start < end <= len(text) or text[start:end] != citation["quote"]:
        return "", ""
    # Whole words only, unless a word is as long as what is kept.
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = re.sub(r"^\S+(?=\s)", "", before).lstrip()
    if end + AROUND < len(text):
        after = re.sub(r"(?<=\s)\S+$", "", after).rstrip()
    return before, after


def _read_again(body: Any) -> Any:
    return json.loads(json.dumps(body, sort_keys=True, allow_nan=False))


def _lines(rows: tuple[Mapping[str, Any], ...]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file of a run. Raises UnknownPath, and UsageError naming the file for anything else."""
    try:
        body = json.loads(read_bytes(path))
    except ValueError as error:
        raise UsageError(f"{path} cannot be read as JSON ({error}). Run the questions again.") from None
    if not isinstance(body, dict):
        raise UsageError(f"{path} is not a JSON object. Run the questions again.")
    return body
