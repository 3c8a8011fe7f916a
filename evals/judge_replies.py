"""Asking a judge: what it said is kept in a file, so that nothing is asked twice and a break costs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from bot.generate import Generator
from corpus.errors import ModelError, UsageError
from evals.judge import Item, Judged, Reply, read_reply

NAME = "judge-asked.jsonl"
# A judge that fails so often in a row is away; whoever waits for it is told instead of waiting through every item.
MOST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Cache:
    """Replies word for word by `Item.key`; use `open_cache`."""

    known: dict[str, str]
    file: TextIO

    def keep(self, key: str, text: str) -> None:
        """It is in the file when this returns."""
        self.known[key] = text
        self.file.write(json.dumps({"key": key, "reply": text}) + "\n")
        self.file.flush()


@contextmanager
def open_cache(folder: Path, fresh: bool = False) -> Iterator[Cache]:
    """The cache in the folder of a run; `fresh` forgets what is there. Raises UsageError where it cannot be used."""
    path = folder / NAME
    try:
        known = {} if fresh or not path.exists() else dict(_rows(path))
        # Written anew, so that a line that was cut off does not join the next.
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for key, text in known.items():
                file.write(json.dumps({"key": key, "reply": text}) + "\n")
            file.flush()
            yield Cache(known, file)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be used ({error.strerror or error}); name a run in a folder of yours."
        ) from None


def judge(
    judge_: Generator,
    url: str | None,
    items: Sequence[Item],
    repeats: int,
    cache: Cache,
    workers: int = 1,
    advance: Callable[[], None] = lambda: None,
) -> tuple[Judged, ...]:
    """Every item `repeats` times; `advance` is called for each, in the cache or asked.

    A failed call is a reply of its own state and is not kept, so that it is made again next time. Raises ModelError
    where MOST_FAILURES come in a row; what was said until then is kept.
    """
    asked = [[item.key(judge_.name, url, repeat) for repeat in range(repeats)] for item in items]
    # The same words in two answers are one thing to judge.
    every = {key: item for item, keys in zip(items, asked, strict=True) for key in keys}
    wanted = {key: item for key, item in every.items() if key not in cache.known}
    for _ in range(len(items) * repeats - len(wanted)):
        advance()
    failed = _ask(judge_, wanted, cache, workers, advance)
    return tuple(
        Judged(item, tuple(_reply(key, cache, failed) for key in keys)) for item, keys in zip(items, asked, strict=True)
    )


def _ask(
    judge_: Generator, wanted: Mapping[str, Item], cache: Cache, workers: int, advance: Callable[[], None]
) -> dict[str, str]:
    """Ask, `workers` at once; the failures by key, with what was wrong."""
    failed: dict[str, str] = {}
    in_a_row = 0
    waiting = iter(wanted.items())
    pool = ThreadPoolExecutor(workers, thread_name_prefix="waymark-judge")
    running: dict[Future[str], str] = {}
    try:
        while True:
            for key, item in islice(waiting, workers - len(running)):
                running[pool.submit(judge_.reply, item.messages(), judge_.deadline)] = key
            if not running:
                return failed
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                key = running.pop(future)
                try:
                    cache.keep(key, future.result())
                    in_a_row = 0
                except ModelError as error:
                    failed[key] = str(error)
                    in_a_row += 1
                    if in_a_row >= MOST_FAILURES:
                        raise ModelError(
                            f"The judge failed {in_a_row} times in a row ({error}). What it said until then is kept; "
                            "the same command goes on from there.",
                            retryable=True,
                        ) from None
                advance()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _reply(key: str, cache: Cache, failed: Mapping[str, str]) -> Reply:
    return Reply("failed", failed[key]) if key in failed else read_reply(cache.known[key])


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """The whole lines of the file; one that was cut off while written is left out."""
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            row: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("key"), str) and isinstance(row.get("reply"), str):
            yield row["key"], row["reply"]
