"""The benchmark's part on answers: how long a question takes, warm and cold, beside plain LangChain retrieval.

Warm: the median server-side time of an extractive answer, `timings_ms.total`, against one similarity search without an
answer, in rounds that alternate, so that what else the machine does falls on both. Cold: the wall time of a whole
`waymark ask` process against a whole process that opens a persisted Chroma and searches once; the median of some runs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.settings import Settings
from evals import processes
from evals.metrics import median, percentile
from evals.run import all_cases, read_sets

if TYPE_CHECKING:
    from bot.advisor import Advisor

QUESTIONS = 50
ROUNDS = 3
COLD_RUNS = 3
Tell = Callable[[str, int, int], None]


def measure(folder: Path | None, work: Path, settings: Settings, tell: Tell) -> dict[str, Any]:
    """`folder`: texts to ask about, the project's guides where it is None. `work` may be filled."""
    library, index = work / "library", work / "plain"
    settings = replace(settings, library=library, model=None, chroma_url=None)
    questions = pick([case.question for case in all_cases(read_sets(None)) if not case.history], QUESTIONS)
    build_library(folder, library, settings, tell)
    from bot.advisor import open_advisor  # late: it loads LangChain

    advisor = open_advisor(library, settings)
    with closing(advisor.library):
        documents = [advisor.library.document(each.id) for each in advisor.library.documents()]
        tell("building the plain index", 0, 1)
        texts = json.dumps([document.text for document in documents])
        chunks = int(processes.run(processes.python("evals.plain", "build", str(index)), texts))
        warm = _warm(advisor, index, questions, work, tell)
    cold = _cold([processes.waymark(), "ask", questions[0], "--library", str(library)], index, questions[0], tell)
    return {"texts": {"documents": len(documents), "plain_chunks": chunks}, "warm": warm, "cold": cold}


def build_library(folder: Path | None, library: Path, settings: Settings, tell: Tell) -> None:
    """The library of `folder`, or of the project's guides. Raises what an ingest raises."""
    from ingest.pipeline import run as ingest
    from ingest.shipped import ensure_default_library

    if folder is None:
        ensure_default_library(library, settings, tell)
    else:
        ingest([str(folder)], library, settings, tell)


def pick(questions: Sequence[str], most: int) -> list[str]:
    """At most `most` different questions, evenly spread over all."""
    different = list(dict.fromkeys(questions))
    size = min(most, len(different))
    return [different[i * len(different) // size] for i in range(size)]


def _warm(advisor: Advisor, index: Path, questions: Sequence[str], work: Path, tell: Tell) -> dict[str, Any]:
    """Milliseconds a question; a round of each that is not counted comes first."""
    ours: list[float] = []
    plain: list[float] = []
    with processes.asked(processes.python("evals.plain", "warm", str(index)), work / "plain.log") as search:
        for turn in range(ROUNDS + 1):
            tell("warm rounds", turn, ROUNDS + 1)
            mine = [advisor.invoke({"question": q, "mode": "extractive"}).timings_ms["total"] for q in questions]
            theirs = search(list(questions))
            if turn:
                ours += mine
                plain += theirs
    worst = {"waymark_p95_ms": round(percentile(ours, 0.95), 3), "plain_p95_ms": round(percentile(plain, 0.95), 3)}
    return {"questions": len(questions), "rounds": ROUNDS, **_compared(ours, plain, "ms"), **worst}


def _cold(ours: Sequence[str], index: Path, question: str, tell: Tell) -> dict[str, Any]:
    """Seconds a process, by turns; one run of each that is not counted comes first and fills the file cache."""
    plain = processes.python("evals.plain", "search", str(index), question)
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(COLD_RUNS + 1):
        tell("cold processes", turn, COLD_RUNS + 1)
        for command, kept in zip((ours, plain), times, strict=True):
            started = time.perf_counter()
            processes.run(command)
            if turn:
                kept.append(time.perf_counter() - started)
    return {"runs": COLD_RUNS, **_compared(*times, "s")}


def _compared(ours: Sequence[float], plain: Sequence[float], unit: str) -> dict[str, Any]:
    a, b = median(ours), median(plain)
    return {f"waymark_median_{unit}": round(a, 3), f"plain_median_{unit}": round(b, 3), "ratio": round(a / b, 3)}
