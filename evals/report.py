"""What a run leaves behind: results.jsonl, summary.json, report.md, report.html, and timings.json apart.

All but timings.json are the same bytes whenever the same questions get the same answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.verify import verify
from corpus.errors import UnknownDocument, UsageError
from evals.board import Board
from evals.checks import Documents
from evals.page import page
from evals.run import Run
from evals.scoring import Outcome, Score, wanted_nuggets

if TYPE_CHECKING:
    from rich.table import Table

# What the score table shows, in order: measure, how it is named for a person, whether less is better.
SHOWN: tuple[tuple[str, str], ...] = (
    ("passed", "Passed in all"),
    ("answered", "Answered, where an answer was due"),
    ("partial", "Partial, where part is missing"),
    ("declined", "Declined, where the guides are silent"),
    ("handed_on", "Handed on, where a professional was due"),
    ("clarified", "Asked back, where the question has several readings"),
    ("clarified_needlessly", "Asked back without need (less is better)"),
    ("false_refusals", "False refusals (less is better)"),
    ("decline_precision", "Declining, precision"),
    ("decline_f1", "Declining, F1"),
    ("decline_balanced_accuracy", "Declining, balanced accuracy"),
    ("nugget_recall", "Nugget recall, mean"),
    ("nuggets_all", "All nuggets found"),
    ("nuggets_all@120", "All nuggets within 120 words"),
    ("relevant_document", "Cites a relevant document"),
    ("relevant_quote", "Cites the relevant words"),
    ("citations_valid", "All citations valid"),
    ("verbatim", "All claims verbatim (extractive)"),
    ("citation_recall", "Citation recall (ALCE, by our own check)"),
    ("citation_precision", "Citation precision (ALCE, by our own check)"),
    ("unsupported", "Unsupported claims (less is better)"),
    ("figure_fidelity", "Figures that stand in the cited words"),
    ("name_fidelity", "Names that stand in the cited words"),
    ("nothing_foreign", "Never another thing's figure"),
    ("contract_kept", "Contract kept"),
    ("answer_words", "Words an answer, mean"),
)


_INTERVAL = re.compile(r" \[[^\]]*\]")
# Where a group has no case that a measure goes over.
NOTHING = "none"


def write(run: Run, folder: Path, context: Mapping[str, str]) -> tuple[Path, ...]:
    """Write all files into `folder`, made where missing; `context` holds the texts of the documents that were cited.

    Raises UsageError where it cannot be written.
    """
    written = {
        "summary.json": dumped(summary(run)),
        "results.jsonl": "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows(run)),
        "report.md": markdown(run),
        "report.html": page(summary(run), rows(run), cells(run.boards), context),
        "timings.json": dumped(run.latency()),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"The report cannot be written to {folder} ({error.strerror or error}); name another folder with --out."
        ) from None
    return tuple(folder / name for name in written)


def cited_texts(run: Run, documents: Documents) -> dict[str, str]:
    """The reading texts of all documents that the answers cite, by id; those that are not there are left out."""
    texts: dict[str, str] = {}
    for outcome in run.outcomes:
        for citation in outcome.answer.citations if outcome.answer else ():
            with suppress(UnknownDocument):
                texts[citation.document_id] = documents.text(citation.document_id)
    return texts


def dumped(body: Mapping[str, Any]) -> str:
    """JSON for a file: indented, keys in order, no NaN."""
    return json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def summary(run: Run) -> dict[str, Any]:
    """The whole run in one object; the measures of all cases at the top, those of the groups under `groups`."""
    return {
        **run.boards["all"].to_dict(),
        "groups": {name: each.to_dict() for name, each in run.boards.items() if name != "all"},
        "sets": [{"name": each.name, "sha256": each.digest, "n": len(each.cases)} for each in run.sets],
        "controls": {each.name: {"passed": each.passed, "measured": each.measured} for each in run.controls},
        **run.described,
    }


def rows(run: Run) -> list[dict[str, Any]]:
    """A row a case: what was wanted, what came, and how it scored."""
    return [_row(outcome, each) for outcome, each in zip(run.outcomes, run.scores, strict=True)]


def _row(outcome: Outcome, each: Score) -> dict[str, Any]:
    case, checks = each.case, each.checks
    row: dict[str, Any] = {
        "id": case.id,
        "question": case.question,
        "history": [{"role": turn.role, "content": turn.content} for turn in case.history],
        "tags": list(case.tags),
        "expect": case.expect,
        "state": each.state,
        "trouble": each.trouble,
        "status": each.status,
        "passed": each.passed,
        "as_expected": each.as_expected,
        "nuggets": [
            {"any": list(phrases), "found": found, "found_within_120_words": short}
            for phrases, found, short in zip(wanted_nuggets(case), each.nuggets, each.nuggets_short, strict=True)
        ],
        "relevant_document": each.relevant,
        "relevant_quote": each.relevant_quote,
        "words": each.words,
        "citations": None if checks is None else {"n": checks.citations, "valid": checks.valid},
        "claims": None if checks is None else {"supported": checks.claims, "verbatim": checks.verbatim},
        "problems": [] if checks is None else list(checks.problems),
        "answer": None,
    }
    if outcome.answer is not None:
        body = outcome.answer.to_dict()
        del body["timings_ms"]
        quotes = {citation["number"]: citation["quote"] for citation in body["citations"]}
        for claim in body["claims"]:
            cited = [quotes[number] for number in claim["citations"] if number in quotes]
            claim["score"] = verify(claim["text"], cited).score
        row["answer"] = body
    return row


def cells(boards: Mapping[str, Board]) -> list[tuple[str, dict[str, str]]]:
    """The score table: (name for a person, group -> what is shown) for every measure that is known in some group."""
    table = []
    for name, label in SHOWN:
        row = {group: _cell(each, name) for group, each in boards.items()}
        if any(shown != NOTHING for shown in row.values()):
            table.append((label, row))
    return table


def _cell(board: Board, name: str) -> str:
    rate = board.rates.get(name)
    if rate is not None and rate.n:
        low, high = rate.interval()
        return f"{rate.value:.3f} [{low:.2f}, {high:.2f}] {rate.hits}/{rate.n}"
    if name in board.means:
        value = board.means[name]
        return f"{value:.1f}" if name == "answer_words" else f"{value:.3f}"
    return NOTHING


def markdown(run: Run) -> str:
    """report.md: the table, the controls, and every case that did not pass."""
    names = list(run.boards)
    lines = ["# Evaluation", "", _described(run), ""]
    lines += [f"| measure | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines.append("| Cases | " + " | ".join(str(board.n) for board in run.boards.values()) + " |")
    lines += [f"| {label} | {' | '.join(row[name] for name in names)} |" for label, row in cells(run.boards)]
    lines += ["", "Rates with their 95 % Wilson interval and counts. " + _states(run.boards["all"]), ""]
    lines += ["## Expected against got", ""]
    for expect, row in run.boards["all"].confusion.items():
        lines.append(f"- {expect}: " + ", ".join(f"{got} {count}" for got, count in row.items()))
    if run.controls:
        lines += ["", "## Controls of the evaluator", ""]
        lines += [f"- {'passed' if c.passed else 'FAILED'}: {c.name}: {_safe(c.measured)}" for c in run.controls]
    failed = [each for each in run.scores if not each.passed]
    lines += ["", f"## Cases that did not pass: {len(failed)}", ""]
    lines += [f"- `{_safe(each.case.id)}` {_safe(each.case.question)} ({'; '.join(why(each))})" for each in failed]
    return "\n".join(lines) + "\n"


def why(each: Score) -> list[str]:
    """What kept a case from passing, in a few words each."""
    said = [f"{each.state}: {_safe(each.trouble)}"] if each.state != "scored" else []
    if each.state == "scored" and not each.as_expected:
        said.append(f"expected {each.case.expect}, got {each.status}")
    if not all(each.nuggets):
        wanted = wanted_nuggets(each.case)
        lacking = [phrases[0] for phrases, found in zip(wanted, each.nuggets, strict=True) if not found]
        said.append("not found: " + ", ".join(_safe(phrase) for phrase in lacking))
    if each.foreign:
        said.append("states what belongs to something else")
    if each.relevant is False:
        said.append("cites no relevant document")
    if each.checks is not None:
        said += [_safe(problem) for problem in each.checks.problems]
    return said


def table(run: Run) -> Table:
    """The score table for a terminal, latency included."""
    from rich.table import Table  # late: only a terminal needs it

    shown = Table(title=f"{run.boards['all'].n} questions, library {run.described.get('generation', '')}")
    shown.add_column("measure")
    for name, board in run.boards.items():
        shown.add_column(f"{name} ({board.n})", justify="right")
    for label, row in cells(run.boards):
        shown.add_row(label, *(row[name] or "none" for name in run.boards))
    latency = run.latency()
    if latency["n"]:
        times = f"{latency['median_ms']:.1f} / {latency['p95_ms']:.1f} ms"
        shown.add_row("Latency, median / 95th percentile", times, *([""] * (len(run.boards) - 1)))
    return shown


def _described(run: Run) -> str:
    sets = ", ".join(f"{_safe(each.name)} ({len(each.cases)}, SHA-256 {each.digest[:12]})" for each in run.sets)
    told = ", ".join(f"{name} {_safe(str(value))}" for name, value in run.described.items() if value != "")
    return f"Questions: {sets}. Asked of: {told}."


def _states(board: Board) -> str:
    return "States: " + ", ".join(f"{name} {count}" for name, count in board.states.items()) + "."


def _safe(text: str) -> str:
    """Text as one line of Markdown that starts no markup."""
    plain = " ".join(text.split())
    return "".join("\\" + sign if sign in "\\`*_[]<>|#~!" else sign for sign in plain)
