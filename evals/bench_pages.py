"""The benchmark's part on saved web pages: made-up ones of 100 KB with menus, tables and fact boxes (`evals.pages`).

Reading them is what an ingest does: two processes under their limits, from bytes to a document with its passages.
Beside it stands bs4, which tells no menu from a table, in as many processes. Of each figure it is asked whether it
stands on one line with its label in what ours read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from evals.pages import Page, pages

Tell = Callable[[str, int, int], None]

PROCESSES = 2
SIZE = 100_000
WARMING = 8  # pages read before the clock starts: both sides have loaded what they need


def measure(count: int, tell: Tell) -> dict[str, Any]:
    """Pages a second of both sides, and the share of the pages' figures that ours sets on a line with their label."""
    made = list(pages(count, SIZE))
    ours, found = _ours(made, tell)
    tell("reading pages with bs4", 0, 1)
    plain = _plain(made)
    figures = sum(len(page.figures) for page in made)
    return {
        "pages": count,
        "bytes": round(sum(len(page.html.encode()) for page in made) / count),
        "processes": PROCESSES,
        "waymark_per_s": round(count / ours, 1),
        "plain_per_s": round(count / plain, 1),
        "figures": figures,
        "waymark_found": round(found / figures, 4),
    }


def _ours(made: Sequence[Page], tell: Tell) -> tuple[float, int]:
    """Seconds of reading, and how many figures were found."""
    from ingest.handover import ReadSource, Request
    from ingest.limited import LimitedReaders

    def request(page: Page) -> Request:
        return Request(page.html.encode(), page.name)

    found = 0
    with LimitedReaders(PROCESSES) as readers:
        for _ in readers.read_all(made[:WARMING], request):
            pass
        read: list[ReadSource] = []
        started = time.perf_counter()
        for done, (_, answer) in enumerate(readers.read_all(made, request)):
            assert isinstance(answer, ReadSource), answer
            read.append(answer)
            tell("reading pages", done + 1, len(made))
        seconds = time.perf_counter() - started
    for page, answer in zip(made, read, strict=True):
        found += _findable(page, answer.document.text.splitlines())
    return seconds, found


def _plain(made: Sequence[Page]) -> float:
    """Seconds that bs4 takes."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_bs4_text, [page.html for page in made[:WARMING]]))
        started = time.perf_counter()
        list(pool.map(_bs4_text, [page.html for page in made]))
        return time.perf_counter() - started


def _bs4_text(html: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "lxml").get_text("\n")


def _findable(page: Page, lines: Sequence[str]) -> int:
    """How many figures of the page stand on a line with their label or row."""
    labelled = {label: "\n".join(line for line in lines if label in line) for label, _ in page.figures}
    return sum(value in labelled[label] for label, value in page.figures)
