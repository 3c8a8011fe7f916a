"""What people thought of answers: a small SQLite database of its own, only where WAYMARK_FEEDBACK names its file, and
`waymark feedback export`, which makes a question set for `evals` of it.

Kept is what a person sends with the button under their note: the question, what was said before it, thumb, reason,
note and the day. Not kept: the situation card, addresses, names, the time of day.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from corpus.errors import FeedbackError, UsageError

if TYPE_CHECKING:
    import argparse

    from corpus.questions import Case, Expect

Thumb = Literal["up", "down"]

# The reasons offered for a thumb down, and what each says of the answer that was due (None: as it was given).
REASONS: dict[str, str | None] = {
    "Not what I asked": None,
    "Something is missing": None,
    "Something is wrong": None,
    "It should have answered": "answered",
    "It should have declined": "abstained",
}
LONGEST_NOTE = 1_000
# Bounds on what strangers can make the server keep: rows, turns before the question, characters of each text.
MOST_ROWS, MOST_TURNS, LONGEST_TEXT, MOST_CITED = 10_000, 12, 4_000, 12

_SCHEMA = """CREATE TABLE IF NOT EXISTS opinions (
    id INTEGER PRIMARY KEY, given TEXT NOT NULL, thumb TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    question TEXT NOT NULL, history TEXT NOT NULL, status TEXT NOT NULL, cited TEXT NOT NULL, generation TEXT NOT NULL
) STRICT"""


@dataclass(frozen=True, slots=True)
class Said:
    """One message before the question."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Cited:
    """What the answer stood on: the `source` of a guide and the words quoted of it."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """A thumb on an answer. `status` is the answer's, or `handed_on` where it named only whom to ask; `given` a day."""

    thumb: Thumb
    question: str
    status: str
    reason: str = ""
    note: str = ""
    history: tuple[Said, ...] = ()
    cited: tuple[Cited, ...] = ()
    generation: str = ""
    given: str = ""


def keep(file: Path, opinion: Opinion, today: date) -> None:
    """Adds an opinion, cut to the bounds above; the file is made where it is missing, readable to its owner alone.

    Raises FeedbackError where it cannot be written, is full, or the reason is none that is offered.
    """
    if opinion.reason and opinion.reason not in REASONS:
        raise FeedbackError("That reason is not one of those offered.")
    history = [{**asdict(turn), "content": turn.content[:LONGEST_TEXT]} for turn in opinion.history[-MOST_TURNS:]]
    cited = [{**asdict(each), "quote": each.quote[:LONGEST_TEXT]} for each in opinion.cited[:MOST_CITED]]
    row = (
        today.isoformat(),
        opinion.thumb,
        opinion.reason,
        opinion.note.strip()[:LONGEST_NOTE],
        opinion.question[:LONGEST_TEXT],
        json.dumps(history, ensure_ascii=False),
        opinion.status,
        json.dumps(cited, ensure_ascii=False),
        opinion.generation,
    )
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    with _opened(file) as database:
        database.execute(_SCHEMA)
        (rows,) = database.execute("SELECT count(*) FROM opinions").fetchone()
        if rows >= MOST_ROWS:
            raise FeedbackError("No more feedback is kept: export what is there, and remove the file.")
        columns = "given, thumb, reason, note, question, history, status, cited, generation"
        database.execute(f"INSERT INTO opinions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608


def kept(file: Path) -> tuple[Opinion, ...]:
    """Every opinion, oldest first. Raises FeedbackError where the file is missing or is no such database."""
    if not file.is_file():
        raise FeedbackError(f"There is no feedback at {file}. Set WAYMARK_FEEDBACK to the file that `serve` keeps.")
    with _opened(file) as database:
        rows = database.execute(
            "SELECT thumb, question, status, reason, note, history, cited, generation, given FROM opinions ORDER BY id"
        ).fetchall()
    return tuple(
        Opinion(
            row[0],
            row[1],
            row[2],
            reason=row[3],
            note=row[4],
            history=tuple(Said(**turn) for turn in json.loads(row[5])),
            cited=tuple(Cited(**each) for each in json.loads(row[6])),
            generation=row[7],
            given=row[8],
        )
        for row in rows
    )


def cases(opinions: tuple[Opinion, ...]) -> tuple[Case, ...]:
    """A question set of them. A thumb up makes what was given what is expected, with its quotes; a thumb down expects
    what its reason says, and no quote. Reason and note stand in the tags, to be read by whoever mends the set.
    """
    from corpus.questions import Case, Message, Relevant

    made = []
    for number, opinion in enumerate(opinions, 1):
        due = REASONS.get(opinion.reason) if opinion.thumb == "down" else None
        cited = opinion.cited if opinion.thumb == "up" else ()
        tags = ["feedback", opinion.thumb, opinion.reason, opinion.note and f"note: {opinion.note}"]
        made.append(
            Case(
                id=f"feedback-{number}",
                question=opinion.question,
                expect=cast("Expect", due or opinion.status),
                history=tuple(Message(turn.role, turn.content) for turn in opinion.history),
                relevant=tuple(dict.fromkeys(Relevant(each.document, each.quote) for each in cited)),
                tags=tuple(tag for tag in tags if tag),
            )
        )
    return tuple(made)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(file, timeout=5)) as database, database:
            yield database
    except (sqlite3.Error, OSError) as error:
        raise FeedbackError(f"The feedback in {file} cannot be read or written: {error}.") from None


def add_command(commands: Any) -> None:
    """`waymark feedback export FILE`, for the parser of `ui.cli`."""
    feedback = commands.add_parser("feedback", help="what people thought of answers, as a question set for evals")
    actions = feedback.add_subparsers(required=True, metavar="ACTION")
    export = actions.add_parser("export", help="write a question set (JSONL)")
    export.add_argument("file", type=Path, metavar="FILE", help="the question set to write")
    export.add_argument(
        "--database", type=Path, metavar="FILE", help="where feedback is kept (default: WAYMARK_FEEDBACK)"
    )
    export.set_defaults(run=_export)


def _export(arguments: argparse.Namespace) -> int:
    from corpus.questions import write_set
    from corpus.settings import Settings

    file = arguments.database or Settings.read().feedback
    if file is None:
        raise UsageError("Nothing says where feedback is kept: set WAYMARK_FEEDBACK, or give --database FILE.")
    made = cases(kept(file))
    try:
        write_set(arguments.file, made)
    except OSError as error:
        raise UsageError(f"{arguments.file} cannot be written: {error.strerror or error}.") from None
    print(f"{arguments.file}: {len(made)} questions")
    return 0
