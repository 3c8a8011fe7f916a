"""`evals bench`: the product's figures beside a plain LangChain chain (`evals.plain`), in one run on one machine.

The parts: `answers` (evals.bench_answers), `build` (embedding, ingest, refresh) and `quality` (evals.bench_build),
`scale` (evals.bench_scale), `pages` (evals.bench_pages), `load` (evals.bench_load).
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UnknownPath, UsageError
from corpus.settings import Settings
from evals import bench_answers, bench_build, bench_load, bench_pages, bench_scale, processes
from evals.progress import stages

if TYPE_CHECKING:
    from rich.table import Table

PARTS = ("answers", "load", "build", "quality", "scale", "pages")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured. `folder`: texts for `answers` and `load`, the project's guides where it is None; `passages` of
    `build`; `sets`: BEIR folders of `quality`; `scale`: the larger number of passages of `scale`; `pages`: how many
    web pages `pages` reads."""

    parts: tuple[str, ...]
    folder: Path | None = None
    passages: int = 5_000
    sets: tuple[Path, ...] = ()
    scale: int = 100_000
    pages: int = 300


def run(plan: Plan, out: Path, settings: Settings) -> dict[str, Any]:
    """All figures; written to `out`/bench.json as well.

    Raises UsageError where langchain-huggingface or the command `waymark` is not installed, a part is unknown or `out`
    cannot be written, UnknownPath, and what building a library does.
    """
    _check(plan)
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as work, stages("Benchmark") as tell:
        steps: dict[str, Callable[[Path], dict[str, Any]]] = {
            "answers": lambda place: bench_answers.measure(plan.folder, place, settings, tell),
            "load": lambda place: bench_load.measure(plan.folder, place, settings, tell),
            "build": lambda place: bench_build.measure(plan.passages, place, settings, tell),
            "quality": lambda place: bench_build.quality(plan.sets, place, settings, tell),
            "scale": lambda place: bench_scale.measure(plan.scale, place, tell),
            "pages": lambda _: bench_pages.measure(plan.pages, tell),
        }
        figures: dict[str, Any] = {"machine": machine()}
        for part in PARTS:
            if part in plan.parts:
                (Path(work) / part).mkdir()
                figures[part] = steps[part](Path(work) / part)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out / 'bench.json'} cannot be written ({error.strerror or error}); name --out.") from None
    return figures


def _check(plan: Plan) -> None:
    if unknown := [part for part in plan.parts if part not in PARTS]:
        raise UsageError(f"There is no part {unknown[0]!r} of the benchmark; the parts are {', '.join(PARTS)}.")
    if importlib.util.find_spec("langchain_huggingface") is None:
        raise UsageError(
            "The benchmark compares with LangChain's HuggingFaceEmbeddings, which is not installed; "
            "run `make bench`, or `pip install langchain-huggingface`."
        )
    processes.waymark()
    for folder in (*plan.sets, *([plan.folder] if plan.folder else [])):
        if not folder.is_dir():
            raise UnknownPath(f"There is no folder {folder} to ask about.")


def machine() -> dict[str, Any]:
    """What it ran on: processor, cores that may be used, how busy it was, system, Python."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.exists() else []  # fmt: skip
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": cores,
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def table(figures: dict[str, Any]) -> Table:
    """For a terminal."""
    from rich.table import Table  # late: only a terminal needs it

    about = figures["machine"]
    shown = Table(title=f"{about['processor']}, {about['cores']} cores, load {about['load']} at the beginning")
    for name in ("measure", "Waymark", "plain LangChain", "ratio"):
        shown.add_column(name, justify="left" if name == "measure" else "right")
    for row in rows(figures):
        shown.add_row(*row)
    return shown


def rows(figures: dict[str, Any]) -> Sequence[tuple[str, str, str, str]]:
    """Measure, ours, the plain chain's, the ratio of both ("" where there is none)."""
    found: list[tuple[str, str, str, str]] = []
    if answers := figures.get("answers"):
        for what, kind, unit in (("warm: whole answer / search alone", "warm", "ms"), ("cold process", "cold", "s")):
            ours, plain = (f"{answers[kind][f'{side}_median_{unit}']:.2f} {unit}" for side in ("waymark", "plain"))
            found.append((what, ours, plain, f"{answers[kind]['ratio']:.2f}"))
    if load := figures.get("load"):
        name = f"{load['clients']} clients at once, {load['processes']} processes, {load['errors']} errors"
        found.append((name, f"{load['answers_per_s']:.0f} answers/s", "", ""))
    if build := figures.get("build"):
        part = build["embedding"]
        ours, plain = (f"{part[f'{side}_per_s']:.0f}/s" for side in ("waymark", "plain"))
        found.append((f"embedding {part['texts']} passages", ours, plain, f"{part['times_faster']:.2f} times"))
        part = build["ingest"]
        ours, plain = (f"{part[f'{side}_s']:.1f} s" for side in ("waymark", "plain"))
        name = f"ingest of {build['texts']['passages']} passages"
        found.append((name, ours, plain, f"{part['times_faster']:.2f} times"))
        found += [
            ("refresh, nothing changed", f"{build['refresh']['unchanged_s']:.2f} s", "", ""),
            ("refresh, one guide changed", f"{build['refresh']['one_guide_changed_s']:.2f} s", "", ""),
        ]
    for name, part in figures.get("quality", {}).items():
        best = max(part["plain_ndcg@10"], part["plain_with_history_ndcg@10"])
        found.append((f"nDCG@10, {name}", f"{part['waymark_ndcg@10']:.3f}", f"{best:.3f}", ""))
    if scale := figures.get("scale"):
        for size, part in scale["sizes"].items():
            memory = max(part["build"]["peak_mb"], part["search"]["peak_mb"])
            found += [
                (f"search in {size} passages", f"{part['search']['median_ms']:.1f} ms", "", ""),
                (f"first answer after opening {size} passages", f"{part['first_answer_s']:.2f} s", "", ""),
                (f"whole cold process, {size} passages", f"{part['cold_answer_s']:.2f} s", "", ""),
                (f"peak memory with {size} passages", f"{memory} MB", "", ""),
            ]
    if part := figures.get("pages"):
        ours, plain = (f"{part[f'{side}_per_s']:.1f}/s" for side in ("waymark", "plain"))
        found += [
            (f"reading {part['pages']} pages of {part['bytes'] / 1e3:.0f} KB / bs4's text alone", ours, plain, ""),
            (f"their {part['figures']} figures findable", f"{part['waymark_found']:.1%}", "", ""),
        ]
    return found
