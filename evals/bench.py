"""Speed of the product beside plain LangChain retrieval (`evals.plain`), in one run on one machine.

Warm: the median server-side time of an extractive answer, `timings_ms.total`, against one similarity search without an
answer, in rounds that alternate, so that what else the machine does falls on both. Cold: the wall time of a whole
`waymark ask` process against a whole process that opens a persisted Chroma and searches once; the median of some runs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UnknownPath, UsageError, WaymarkError
from corpus.settings import Settings
from evals.metrics import median, percentile
from evals.progress import stages
from evals.run import all_cases, read_sets

if TYPE_CHECKING:
    from rich.table import Table

    from bot.advisor import Advisor

QUESTIONS = 50
ROUNDS = 3
COLD_RUNS = 3
SECONDS = 600.0  # longest wait for a process of the benchmark


def run(folder: Path | None, out: Path, settings: Settings) -> dict[str, Any]:
    """All figures; written to `out`/bench.json as well.

    `folder`: texts to ask about, the project's guides where it is None. Raises UsageError where langchain-huggingface
    or the command `waymark` is not installed or `out` cannot be written, UnknownPath, and what building a library does.
    """
    if importlib.util.find_spec("langchain_huggingface") is None:
        raise UsageError(
            "The benchmark compares with LangChain's HuggingFaceEmbeddings, which is not installed; "
            "run `make bench`, or `pip install langchain-huggingface`."
        )
    waymark = Path(sys.executable).with_name("waymark")
    if not waymark.exists():
        raise UsageError(f"The command {waymark} is not installed; run `make install`.")
    if folder is not None and not folder.is_dir():
        raise UnknownPath(f"There is no folder {folder} to ask about.")
    questions = pick([case.question for case in all_cases(read_sets(None)) if not case.history], QUESTIONS)
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as work, stages("Benchmark") as tell:
        figures = _measure(folder, questions, waymark, Path(work), settings, tell)
    figures = {"machine": machine(), **figures}
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out / 'bench.json'} cannot be written ({error.strerror or error}); name --out.") from None
    return figures


Tell = Callable[[str, int, int], None]


def _measure(
    folder: Path | None, questions: Sequence[str], waymark: Path, work: Path, settings: Settings, tell: Tell
) -> dict[str, Any]:
    library, index = work / "library", work / "plain"
    settings = replace(settings, library=library, model=None, chroma_url=None)
    build_library(folder, library, settings, tell)
    from bot.advisor import open_advisor  # late: it loads LangChain

    advisor = open_advisor(library, settings)
    with closing(advisor.library):
        documents = [advisor.library.document(each.id) for each in advisor.library.documents()]
        tell("building the plain index", 0, 1)
        chunks = int(_plain(["build", str(index)], json.dumps([document.text for document in documents])))
        warm = _warm(advisor, index, questions, work, tell)
    cold = _cold([str(waymark), "ask", questions[0], "--library", str(library)], index, questions[0], tell)
    return {"texts": {"documents": len(documents), "plain_chunks": chunks}, "warm": warm, "cold": cold}


def build_library(folder: Path | None, library: Path, settings: Settings, tell: Tell) -> None:
    """The library of `folder`, or of the project's guides. Raises what an ingest raises."""
    from ingest.pipeline import ensure_default_library
    from ingest.pipeline import run as ingest

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
    asked = work / "questions.json"
    asked.write_text(json.dumps(list(questions)), encoding="utf-8")
    ours: list[float] = []
    plain: list[float] = []
    with _searcher(index, asked) as search:
        for turn in range(ROUNDS + 1):
            tell("warm rounds", turn, ROUNDS + 1)
            mine = [advisor.invoke({"question": q, "mode": "extractive"}).timings_ms["total"] for q in questions]
            theirs = search()
            if turn:
                ours += mine
                plain += theirs
    worst = {"waymark_p95_ms": round(percentile(ours, 0.95), 3), "plain_p95_ms": round(percentile(plain, 0.95), 3)}
    return {"questions": len(questions), "rounds": ROUNDS, **_compared(ours, plain, "ms"), **worst}


@contextmanager
def _searcher(index: Path, asked: Path) -> Iterator[Callable[[], list[float]]]:
    """A warm plain process; each call searches all questions once and gives their milliseconds."""
    command = [sys.executable, "-W", "ignore", "-m", "evals.plain", "warm", str(index), str(asked)]
    told = asked.with_suffix(".log")
    with (
        told.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=_offline()
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        asks, replies = process.stdin, process.stdout

        def search() -> list[float]:
            asks.write("\n")
            asks.flush()
            line = replies.readline()
            if not line:
                last = (told.read_text(encoding="utf-8").strip() or "it said nothing").splitlines()[-1]
                raise WaymarkError(f"The plain LangChain process ended early: {last}")
            return [float(each) for each in json.loads(line)]

        try:
            yield search
        finally:
            asks.close()


def _cold(ours: Sequence[str], index: Path, question: str, tell: Tell) -> dict[str, Any]:
    """Seconds a process, by turns; one run of each that is not counted comes first and fills the file cache."""
    plain = [sys.executable, "-W", "ignore", "-m", "evals.plain", "search", str(index), question]
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(COLD_RUNS + 1):
        tell("cold processes", turn, COLD_RUNS + 1)
        for command, kept in zip((ours, plain), times, strict=True):
            started = time.perf_counter()
            _process(command)
            if turn:
                kept.append(time.perf_counter() - started)
    return {"runs": COLD_RUNS, **_compared(*times, "s")}


def _compared(ours: Sequence[float], plain: Sequence[float], unit: str) -> dict[str, Any]:
    a, b = median(ours), median(plain)
    return {f"waymark_median_{unit}": round(a, 3), f"plain_median_{unit}": round(b, 3), "ratio": round(a / b, 3)}


def _plain(words: Sequence[str], given: str) -> str:
    return _process([sys.executable, "-W", "ignore", "-m", "evals.plain", *words], given)


def _process(command: Sequence[str], given: str = "") -> str:
    """What a process prints. Raises WaymarkError with its last line where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - our own commands
            command, input=given, capture_output=True, text=True, timeout=SECONDS, env=_offline()
        )
    except subprocess.TimeoutExpired:
        raise WaymarkError(f"`{command[0]}` took longer than {SECONDS:.0f} s; the benchmark was given up.") from None
    if done.returncode != 0:
        last = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise WaymarkError(f"A process of the benchmark failed ({' '.join(command[:5])} ...): {last}")
    return done.stdout


def _offline() -> dict[str, str]:
    """The environment of both sides: no look at the network, and no language model, whatever is configured."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_MODEL", "WAYMARK_CHROMA"))
    }
    return {**kept, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}


def machine() -> dict[str, Any]:
    """What it ran on: processor, cores that may be used, system, Python."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.exists() else []  # fmt: skip
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": cores,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def table(figures: dict[str, Any]) -> Table:
    """For a terminal."""
    from rich.table import Table  # late: only a terminal needs it

    about = figures["machine"]
    shown = Table(title=f"{about['processor']}, {about['cores']} cores; {figures['texts']['documents']} documents")
    for name in ("median", "Waymark", "plain LangChain", "ratio"):
        shown.add_column(name, justify="left" if name == "median" else "right")
    for what, kind, unit in (("warm: whole answer / search alone", "warm", "ms"), ("cold process", "cold", "s")):
        part = figures[kind]
        shown.add_row(
            what,
            f"{part[f'waymark_median_{unit}']:.2f} {unit}",
            f"{part[f'plain_median_{unit}']:.2f} {unit}",
            f"{part['ratio']:.2f}",
        )
    return shown
