"""The ledger of a run under way: asked.jsonl in its folder, a line an answer, so that it can be taken up again.

The first line tells what is asked of what (the hashes of questions, library, settings and code); answers are taken from
it only where all of that is still the same. A finished run has no ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from corpus.errors import UsageError
from corpus.questions import Case
from evals.scoring import Outcome
from evals.systems import answer_of

NAME = "asked.jsonl"


@dataclass(frozen=True, slots=True)
class Ledger:
    """`kept`: the answers of a run that was broken off, by case id. Use it as a context: leaving it closes the file."""

    path: Path
    kept: Mapping[str, Outcome]
    file: TextIO

    def enter(self, outcome: Outcome) -> None:
        """Keep an outcome; it is in the file when this returns."""
        self.file.write(_line(outcome))
        self.file.flush()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.file.close()


def open_ledger(folder: Path, key: Mapping[str, str], cases: Sequence[Case], fresh: bool = False) -> Ledger:
    """The ledger in `folder`, made where missing. `key`: what the answers depend on, by name, to a hash.

    Cases without an answer (the server was away, say) are not kept: they are asked again. `fresh` forgets what is
    there.
    Raises UsageError where a run of other questions, or of another library, was broken off there, and where the folder
    cannot be written.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = {} if fresh else _read(path, key, {case.id: case for case in cases})
        # What is kept is written beside it first, so that it is not lost should this be interrupted.
        beside = path.with_suffix(".new")
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps({"key": dict(key)}) + "\n")
            for outcome in kept.values():
                file.write(_line(outcome))
        beside.replace(path)
        return Ledger(path, kept, path.open("a", encoding="utf-8", newline="\n"))
    except OSError as error:
        raise UsageError(
            f"The run cannot be written to {folder} ({error.strerror or error}); name another folder with --out."
        ) from None


def _line(outcome: Outcome) -> str:
    row = {
        "id": outcome.case.id,
        "answer": outcome.answer.to_dict() if outcome.answer else None,
        "total_ms": outcome.total_ms,
        "certainty": outcome.certainty,
    }
    return json.dumps(row) + "\n"


def _read(path: Path, key: Mapping[str, str], cases: Mapping[str, Case]) -> dict[str, Outcome]:
    """What is kept in a ledger; nothing where there is none. A line that was cut off while written is left out."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    rows = [row for line in lines[:-1] if isinstance(row := _row(line), dict)]
    if not rows:
        return {}
    was = rows[0].get("key")
    changed = [name for name in key if not isinstance(was, dict) or was.get(name) != key[name]]
    if changed:
        raise UsageError(
            f"{path.parent} holds a run that was broken off, of other {' and '.join(changed)}. Begin anew "
            "with --fresh, or name another folder with --out."
        )
    kept: dict[str, Outcome] = {}
    for row in rows[1:]:
        if row.get("id") in cases and row.get("answer") is not None:
            with suppress(ValueError):
                answer = answer_of(row["answer"])
                case = cases[row["id"]]
                kept[case.id] = Outcome(case, answer, total_ms=row.get("total_ms"), certainty=row.get("certainty"))
    return kept


def _row(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
