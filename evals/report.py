"""What is shown of a run to a person: the score table for a terminal, report.md, and all files of a run written.

summary.json, results.jsonl, report.md and junit.xml are the same bytes whenever the same questions get the same
answers; timings.json and report.html tell times, and what changed since the run before.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UsageError
from evals.junit import junit
from evals.page import page
from evals.record import Record, dumped, read_object

if TYPE_CHECKING:
    from rich.table import Table

# What the score table shows, in order: measure, how it is named for a person.
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

INTERVALS = "Wilson's for rates, with their counts beside; a bootstrap over guides and conversations for means"
CHANGES = "changes.json"
# Where a group has no case that a measure goes over.
NOTHING = "none"


def write(record: Record, folder: Path, since: Mapping[str, Any] | None = None) -> tuple[Path, ...]:
    """Write all files into `folder`, made where missing; `since` is what changed since the run before (the body of
    `evals compare`), kept in changes.json.

    Raises UsageError where it cannot be written.
    """
    written = {"results.jsonl": record.results(), "timings.json": dumped(record.timings)}
    if since is not None:
        written[CHANGES] = dumped(since)
    elif (folder / CHANGES).is_file():
        (folder / CHANGES).unlink()
    written |= shown(record, since)
    # Last: a folder without it holds no finished run.
    written["summary.json"] = dumped(record.summary)
    return _write(written, folder)


def write_shown(record: Record, folder: Path) -> tuple[Path, ...]:
    """Write the reports alone again. Raises UsageError where it cannot be written."""
    return _write(shown(record, changes(folder)), folder)


def shown(record: Record, since: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The reports that people and machines read, by the names of their files."""
    return {
        "report.md": markdown(record),
        "report.html": page(record, cells(record.boards()), SHOWN, since),
        "junit.xml": junit(record.rows, why),
    }


def changes(folder: Path) -> dict[str, Any] | None:
    """What changes.json keeps; None where there was no run before. Raises UsageError where it cannot be read."""
    return read_object(folder / CHANGES) if (folder / CHANGES).exists() else None


def _write(texts: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"The report cannot be written to {folder} ({error.strerror or error}); name another folder with --out."
        ) from None
    return tuple(folder / name for name in texts)


def cells(boards: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, dict[str, str]]]:
    """The score table: (name for a person, group -> what is shown) for every measure that is known in some group."""
    table = []
    for name, label in SHOWN:
        row = {group: _cell(each, name) for group, each in boards.items()}
        if any(told != NOTHING for told in row.values()):
            table.append((label, row))
    return table


def _cell(board: Mapping[str, Any], name: str) -> str:
    rate = board["rates"].get(name)
    if rate is not None and rate["n"]:
        return f"{rate['value']:.3f} [{rate['low']:.2f}, {rate['high']:.2f}] {rate['hits']}/{rate['n']}"
    if name not in board["means"]:
        return NOTHING
    digits = 1 if name == "answer_words" else 3
    interval = board["mean_intervals"].get(name)
    told = "" if interval is None else f" [{interval['low']:.{digits}f}, {interval['high']:.{digits}f}]"
    return f"{board['means'][name]:.{digits}f}{told}"


def markdown(record: Record) -> str:
    """report.md: the table, the controls, and every case that did not pass."""
    summary, boards = record.summary, record.boards()
    names = list(boards)
    lines = ["# Evaluation", "", _described(summary), ""]
    lines += [f"| measure | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines.append("| Cases | " + " | ".join(str(board["n"]) for board in boards.values()) + " |")
    lines += [f"| {label} | {' | '.join(row[name] for name in names)} |" for label, row in cells(boards)]
    states = ", ".join(f"{name} {count}" for name, count in summary["states"].items())
    lines += ["", f"In brackets the 95 % interval: {INTERVALS}. States: {states}."]
    lines += ["", "## Expected against got", ""]
    for expect, row in summary["confusion"].items():
        lines.append(f"- {expect}: " + ", ".join(f"{got} {count}" for got, count in row.items()))
    if summary["controls"]:
        lines += ["", "## Controls of the evaluator", ""]
        for name, told in summary["controls"].items():
            lines.append(f"- {'passed' if told['passed'] else 'FAILED'}: {name}: {_safe(told['measured'])}")
    failed = [row for row in record.rows if not row["passed"]]
    lines += ["", f"## Cases that did not pass: {len(failed)}", ""]
    lines += [f"- `{_safe(row['id'])}` {_safe(row['question'])} ({'; '.join(map(_safe, why(row)))})" for row in failed]
    return "\n".join(lines) + "\n"


def why(row: Mapping[str, Any]) -> list[str]:
    """What kept a case from passing, in a few words each."""
    said = [f"{row['state']}: {row['trouble']}"] if row["state"] != "scored" else []
    if row["state"] == "scored" and not row["as_expected"]:
        said.append(f"expected {row['expect']}, got {row['status']}")
    lacking = [each["any"][0] for each in row["nuggets"] if not each["found"]]
    if lacking:
        said.append("not found: " + ", ".join(lacking))
    if row["foreign"]:
        said.append("states what belongs to something else")
    if row["relevant_document"] is False:
        said.append("cites no relevant document")
    return said + list(row["problems"])


def table(record: Record) -> Table:
    """The score table for a terminal, latency included."""
    from rich.table import Table  # late: only a terminal needs it

    boards = record.boards()
    told = Table(title=f"{record.summary['n']} questions, library {record.summary.get('generation', '')}")
    told.add_column("measure")
    for name, board in boards.items():
        told.add_column(f"{name} ({board['n']})", justify="right")
    for label, row in cells(boards):
        told.add_row(label, *(row[name] for name in boards))
    latency = record.timings
    if latency["n"]:
        times = f"{latency['median_ms']:.1f} / {latency['p95_ms']:.1f} ms"
        told.add_row("Latency, median / 95th percentile", times, *([""] * (len(boards) - 1)))
    return told


def _described(summary: Mapping[str, Any]) -> str:
    sets = ", ".join(f"{_safe(s['name'])} ({s['n']}, SHA-256 {s['sha256'][:12]})" for s in summary["sets"])
    names = ("system", "generation", "documents", "model", "settings")
    told = [f"{name} {_safe(str(summary[name]))}" for name in names if summary.get(name) not in (None, "")]
    told.append(f"code {summary['code'][:12]}")
    return f"Questions: {sets}. Asked of: {', '.join(told)}."


def _safe(text: str) -> str:
    """Text as one line of Markdown that starts no markup."""
    plain = " ".join(text.split())
    return "".join("\\" + sign if sign in "\\`*_[]<>|#~!" else sign for sign in plain)
