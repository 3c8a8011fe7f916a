"""The benchmark's part on size: a library of generated guides and vectors, beside one of 1,000 passages.

    python -m evals.bench_scale build LIBRARY PASSAGES   puts and commits them; prints seconds and peak memory as JSON
    python -m evals.bench_scale search LIBRARY           searches once each question on stdin (a JSON list)
    python -m evals.bench_scale answer LIBRARY           answers the first of them, and no more

Each step is a process of its own, whose peak memory (resident, mapped files included) is its own. Cold: from opening
the library to the first answer, with what is loaded only then (Chroma, the model); and a whole `waymark ask` process,
from its start to its end, most of which are imports.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.settings import Settings
from evals import processes
from evals.generated import Directions, guides, sentence
from evals.metrics import median, percentile

SMALL = 1_000
QUESTIONS = 50
COLD_RUNS = 3
Tell = Callable[[str, int, int], None]


def measure(passages: int, work: Path, tell: Tell) -> dict[str, Any]:
    """Building, searching and a cold answer at `SMALL` and at so many passages. `work` may be filled."""
    chance = random.Random(7)  # noqa: S311 - no secret
    questions = [" ".join(sentence(chance).split()[:7]) for _ in range(QUESTIONS)]
    sizes = {}
    for size in (SMALL, passages):
        tell(f"a library of {size} passages", 0, 1)
        library = work / f"of-{size}"
        built = json.loads(processes.run(processes.python("evals.bench_scale", "build", str(library), str(size))))
        command = processes.python("evals.bench_scale", "search", str(library))
        searched = json.loads(processes.run(command, json.dumps(questions)))
        sizes[str(size)] = {
            "build": built,
            "search": searched,
            "first_answer_s": _first_answer(library, questions),
            "cold_answer_s": _cold(library, questions[0]),
        }
    ratio = sizes[str(passages)]["search"]["median_ms"] / sizes[str(SMALL)]["search"]["median_ms"]
    return {"sizes": sizes, "search_ratio": round(ratio, 2)}


def _first_answer(library: Path, questions: Sequence[str]) -> float:
    """Median seconds of processes of their own; one that is not counted comes first."""
    command = processes.python("evals.bench_scale", "answer", str(library))
    runs = [json.loads(processes.run(command, json.dumps(questions))) for _ in range(COLD_RUNS + 1)]
    return float(median([run["first_answer_s"] for run in runs[1:]]))


def _cold(library: Path, question: str) -> float:
    """Median seconds; one run that is not counted comes first."""
    times = []
    for _ in range(COLD_RUNS + 1):
        started = time.perf_counter()
        processes.run([processes.waymark(), "ask", question, "--library", str(library)])
        times.append(time.perf_counter() - started)
    return round(median(times[1:]), 2)


def main(words: Sequence[str]) -> int:
    """One of the commands above."""
    command, folder = words[0], Path(words[1])
    settings = replace(Settings.read(), chroma_url=None)
    if command == "build":
        told = _build(folder, int(words[2]), settings)
    else:
        told = (_search if command == "search" else _answer)(folder, settings, json.load(sys.stdin))
    print(json.dumps({**told, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
    return 0


def _build(folder: Path, passages: int, settings: Settings) -> dict[str, Any]:
    from corpus.library import open_writer
    from corpus.model_cache import open_embedder

    started = time.perf_counter()
    with open_writer(folder, settings, Directions(open_embedder(settings))) as writer:
        for document, parts in guides(passages):
            writer.put(document, parts, f"/generated/{document.source}", "1")
        report = writer.commit()
    return {"passages": report.passages, "seconds": round(time.perf_counter() - started, 1)}


def _answer(folder: Path, settings: Settings, questions: Sequence[str]) -> dict[str, Any]:
    from bot.advisor import open_advisor

    started = time.perf_counter()
    open_advisor(folder, settings).invoke(questions[0])
    return {"first_answer_s": round(time.perf_counter() - started, 2)}


def _search(folder: Path, settings: Settings, questions: Sequence[str]) -> dict[str, Any]:
    from corpus.library import Library
    from corpus.search import Query, query_terms, search
    from corpus.word_vectors import read_question

    started = time.perf_counter()
    library = Library.open(folder, settings)
    opened = time.perf_counter() - started
    times = []
    for turn in range(2):  # the first round fills the caches
        for question in questions:
            started = time.perf_counter()
            vector, words = read_question(library.embedder, question)
            search(library.current(), [Query(question, vector, query_terms(question), words=words)], 10)
            if turn:
                times.append((time.perf_counter() - started) * 1e3)
    library.close()
    return {
        "open_s": round(opened, 2),
        "median_ms": round(median(times), 2),
        "p95_ms": round(percentile(times, 0.95), 2),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
