"""The score board in the docs: docs/scores.json holds the figures of one run, README.md and docs/scores.md show them.

Both are written by `evals scores RUN` and held together by a test: nobody types a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from evals.record import Record, dumped, read_object
from evals.report import INTERVALS, NOTHING, SHOWN, cells

BEGIN = "<!-- scores: written by `evals scores`, from docs/scores.json -->"
END = "<!-- end of scores -->"
# What README shows of it.
FEW = (
    "passed", "answered", "declined", "false_refusals", "decline_balanced_accuracy", "nugget_recall",
    "relevant_document", "citations_valid", "verbatim", "contract_kept",
)  # fmt: skip
_KEPT = ("n", "states", "rates", "means", "mean_intervals")


def scores_of(record: Record) -> dict[str, Any]:
    """The figures of a run that are committed: measures by group, the sets, and what was asked."""
    summary = record.summary
    return {
        "groups": {name: {key: board[key] for key in _KEPT} for name, board in record.boards().items()},
        "sets": summary["sets"],
        "controls": {"n": len(summary["controls"]), "passed": sum(c["passed"] for c in summary["controls"].values())},
        **{name: summary.get(name, "") for name in ("generation", "documents", "model", "code")},
    }


def block(scores: Mapping[str, Any], names: tuple[str, ...] = FEW) -> str:
    """The table of README: the measures of `names`, a column a group, between the marks that it is found by."""
    groups = _ordered(scores["groups"])
    labels = {label for name, label in SHOWN if name in names}
    told = [(label, row) for label, row in cells(groups) if label in labels]
    head = [f"{name} ({board['n']})" for name, board in groups.items()]
    lines = [BEGIN, "", f"| measure | {' | '.join(head)} |", f"|---|{'---|' * len(groups)}"]
    lines += [f"| {label} | {' | '.join(row[name] or NOTHING for name in groups)} |" for label, row in told]
    controls = scores["controls"]
    sets = ", ".join(f"{each['name']} {each['sha256'][:8]}" for each in scores["sets"])
    lines += [
        "",
        f"In brackets the 95 % interval: {INTERVALS}. Controls of the evaluator: {controls['passed']} of "
        f"{controls['n']} passed. Model: {scores['model'] or 'none, extractive'}. Sets: {sets}; library "
        f"{scores['generation']} of {scores['documents']} guides; code {scores['code'][:8]}.",
        "",
        END,
    ]
    return "\n".join(lines)


def page(scores: Mapping[str, Any]) -> str:
    """docs/scores.md: every measure."""
    told = block(scores, tuple(name for name, _ in SHOWN))
    return f"# Scores\n\nOf the project's own question sets on its guides.\n\n{told}\n"


def within(text: str, written: str, name: str) -> str:
    """`text` with what stands between the marks replaced. Raises UsageError where it has no marks, or not one pair."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(END) < text.index(BEGIN):
        raise UsageError(f"{name} has no place for the scores: it needs the lines {BEGIN!r} and {END!r}, once each.")
    return text[: text.index(BEGIN)] + written + text[text.index(END) + len(END) :]


def write(record: Record, root: Path) -> tuple[Path, ...]:
    """Write docs/scores.json and docs/scores.md under `root`, and the table into its README.md.

    Raises UsageError where README.md has no place for it or a file cannot be written, and for a run that is not of the
    project's own sets on its own guides.
    """
    if not record.summary["own"]:
        raise UsageError("The score board shows the project's own sets on its own guides; run `evals` alone for it.")
    scores, readme = scores_of(record), root / "README.md"
    try:
        told = within(readme.read_text(encoding="utf-8"), block(scores), str(readme))
        texts = {readme: told, root / "docs/scores.json": dumped(scores), root / "docs/scores.md": page(scores)}
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written ({error.strerror}); name the project's folder.") from None
    return tuple(texts)


def read(root: Path) -> dict[str, Any]:
    """docs/scores.json under `root`."""
    return read_object(root / "docs/scores.json")


def _ordered(groups: Mapping[str, Any]) -> dict[str, Any]:
    return {name: groups[name] for name in ("all", "tune", "test", *sorted(groups)) if name in groups}
