"""What people see of an ingest: lines where errors go to a file, bars on a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ingest.progress import LINE_SECONDS, Lines, shown_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines_of(seconds: Iterator[float], told: list[tuple[str, int, int]]) -> list[str]:
    stream = io.StringIO()
    lines = Lines(stream, lambda: next(seconds))
    for one in told:
        lines.tell(*one)
    return stream.getvalue().splitlines()


def test_short_stages_say_nothing() -> None:
    told = [("reading", n, 3) for n in range(4)] + [("embedding", 1, 1)]
    assert lines_of(iter([0.0, 0.1, 0.2, 0.3, 4.0, 8.0]), told) == []


def test_long_stages_say_now_and_then_how_far_they_are() -> None:
    seconds = iter([0.0, *(n / 10 for n in range(201))])
    lines = lines_of(seconds, [("embedding", n * 10, 4_000) for n in range(201)])
    assert len(lines) == 20 / LINE_SECONDS
    assert lines[0] == "Embedding: 500 of 4,000, 100/s, about 35 s left"
    assert lines[-1] == "Embedding: 2,000 of 4,000, 100/s, about 20 s left"


def test_a_stage_that_does_not_move_has_no_rate() -> None:
    assert lines_of(iter([0.0, 0.0, 6.0]), [("probing", 0, 1)] * 2) == ["Checking: 0 of 1"]


def test_a_terminal_gets_bars() -> None:
    stream = Terminal()
    with shown_on(stream) as tell:
        tell("reading", 1, 2)
        tell("reading", 2, 2)
        tell("indexing", 5, 5)
    shown = stream.getvalue()
    assert "Reading" in shown
    assert "Indexing" in shown
    assert "5/5" in shown
