"""The score board in the docs: docs/scores.json holds the figures of one run, README.md and docs/scores.md show them.

Both are written by `evals scores RUN` and held together by a test: nobody types a figure. The board may be older than
the code, and says of which it is; but where a figure of it has left the interval of a run of today, `evals scores RUN
--check` fails: a change that moves a figure beyond chance writes the board anew, any other may leave it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from corpus.questions import read_bytes
from evals.record import Record, dumped, read_object
from evals.report import INTERVALS, NOTHING, SHOWN, cells

BEGIN = "<!-- scores: written by `evals scores`, from docs/scores.json -->"
END = "<!-- end of scores -->"
# What README shows of it.
FEW = (
    "passed", "answered", "declined", "false_refusals", "decline_balanced_accuracy", "nugget_recall",
    "relevant_document", "citations_valid", "verbatim", "contract_kept",
)  # fmt: skip
_ROUNDED = 1e-6  # figures of files are rounded
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


@dataclass(frozen=True, slots=True)
class Checked:
    """`wrong`: what must be mended. `older`: what the board is of and the run is not, of the same names."""

    wrong: tuple[str, ...]
    older: tuple[str, ...]


def check(record: Record, root: Path) -> Checked:
    """The board under `root` against a run of the project's own sets: are README.md and docs/scores.md what
    docs/scores.json says, byte for byte, and does each figure of it lie in the 95 % interval of the run?

    Raises UnknownPath and UsageError for a run of other sets and for files that cannot be read.
    """
    if not record.summary["own"]:
        raise UsageError("The score board is of the project's own sets on its own guides; run `evals` alone for it.")
    board, today = read(root), scores_of(record)
    wrong = []
    readme = read_bytes(root / "README.md").decode("utf-8")
    for name, text, due in (
        ("README.md", readme, within(readme, block(board), str(root / "README.md"))),
        ("docs/scores.md", read_bytes(root / "docs/scores.md").decode("utf-8"), page(board)),
    ):
        if text != due:
            wrong.append(f"{name} does not show what docs/scores.json says")
    for group, known in board["groups"].items():
        now = today["groups"].get(group)
        if now is None:
            wrong.append(f"the group {group} is no more")
            continue
        wrong += [f"{group}: {told}" for told in _left(known, now)]
    older = tuple(name for name in ("sets", "generation", "model", "code") if board.get(name) != today[name])
    return Checked(tuple(wrong), older)


def _left(board: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The measures of a board that lie outside the interval of the run, or that one of them lacks."""
    found = []
    for name, label in SHOWN:
        shown, interval = _figure(board, name), _interval(now, name)
        if shown is None and interval is None:
            continue
        if shown is None or interval is None:
            found.append(f"{label} is told by {'the run' if shown is None else 'the board'} alone")
        elif not interval[0] - _ROUNDED <= shown <= interval[1] + _ROUNDED:
            found.append(f"{label} is {shown:.3f} on the board, [{interval[0]:.3f}, {interval[1]:.3f}] today")
    return found


def _figure(board: Mapping[str, Any], name: str) -> float | None:
    rate = board["rates"].get(name)
    value = rate["value"] if rate is not None else board["means"].get(name)
    return None if value is None else float(value)


def _interval(board: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    each = board["rates"].get(name) or board["mean_intervals"].get(name)
    return None if each is None or each["low"] is None else (each["low"], each["high"])


def read(root: Path) -> dict[str, Any]:
    """docs/scores.json under `root`."""
    return read_object(root / "docs/scores.json")


def _ordered(groups: Mapping[str, Any]) -> dict[str, Any]:
    return {name: groups[name] for name in ("all", "tune", "test", *sorted(groups)) if name in groups}
