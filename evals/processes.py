"""Processes that a benchmark starts: each side in one of its own, without network and without a language model."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.errors import UsageError, WaymarkError

SECONDS = 1_800.0  # longest wait for a process of the benchmark
SECONDS_TO_START = 120.0  # and for a server to be ready

_READY = re.compile(r"Waymark is ready: (\S+)")


def waymark() -> str:
    """The installed command. Raises UsageError where there is none."""
    command = Path(sys.executable).with_name("waymark")
    if not command.exists():
        raise UsageError(f"The command {command} is not installed; run `make install`.")
    return str(command)


def python(module: str, *words: str) -> list[str]:
    """The command of a module of ours under this interpreter."""
    return [sys.executable, "-W", "ignore", "-m", module, *words]


def run(command: Sequence[str], given: str = "") -> str:
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


@contextmanager
def asked(command: Sequence[str], log: Path) -> Iterator[Callable[[Any], Any]]:
    """A process that stays; each call gives it one JSON line and returns the JSON line that it answers.

    What it says besides goes to `log`.
    """
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True, env=_offline()
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        asks, replies = process.stdin, process.stdout

        def ask(value: Any) -> Any:
            asks.write(json.dumps(value) + "\n")
            asks.flush()
            line = replies.readline()
            if not line:
                last = (log.read_text(encoding="utf-8").strip() or "it said nothing").splitlines()[-1]
                raise WaymarkError(f"The plain LangChain process ended early: {last}")
            return json.loads(line)

        try:
            yield ask
        finally:
            asks.close()


@contextmanager
def serving(command: Sequence[str], log: Path) -> Iterator[str]:
    """The address of a `waymark serve` that is ready; it is told to stop on leaving. What it says goes to `log`.

    Raises WaymarkError where it ends, or is not ready in time.
    """
    # Whatever a person set for a server of their own, everybody may ask this one as often as they like.
    open_to_all = dict.fromkeys(("WAYMARK_API_KEYS", "WAYMARK_RATE", "WAYMARK_LOG"), "")
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=_offline() | open_to_all
        ) as process,
    ):
        try:
            yield _ready(process, log)
        finally:
            process.terminate()


def _ready(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        if found := _READY.search(log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.1)
    last = (log.read_text(encoding="utf-8").strip() or "it said nothing").splitlines()[-1]
    raise WaymarkError(f"The server of the benchmark did not get ready: {last}")


def _offline() -> dict[str, str]:
    """The environment of both sides: no look at the network, and no language model, whatever is configured."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_MODEL", "WAYMARK_CHROMA"))
    }
    return {**kept, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
