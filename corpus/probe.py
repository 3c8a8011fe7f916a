"""The probe: a process of its own that opens an index before readers do, since a torn one may end a process.

`Probe` is the writer's side; `python -m corpus.probe` is the process.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from corpus import dense
from corpus.errors import LibraryError, LibraryTorn
from corpus.index import Index
from corpus.manifest import read_ahead, verify

PROBE_SECONDS = 120

_COMPARE = "compare"


class Probe:
    """The writer's side: a process of its own opens and queries the index, then compares its files.

    It starts at once, so that it has loaded what it needs by the time that the index is written, and works while this
    process goes on: `begin`, `wait`, `compare`, `end`, in that order. It leaves with this process, whatever
    happens to that: its standard input ends then.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-m", "corpus.probe"]
        # It multiplies no matrices, and numpy's threads for that would spin while they wait for some.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self._folder = Path()

    def begin(self, folder: Path, generation: str, chroma_url: str | None) -> None:
        """Open and query the index that is written in `folder`, with or without its manifest."""
        self._folder = folder
        self._say(json.dumps([str(folder), generation, chroma_url]))

    def wait(self) -> None:
        """Until the index has been queried and closed. Raises LibraryTorn where it does not answer."""
        answers = self._process.stdout
        assert answers is not None
        ready, _, _ = select.select([answers], [], [], PROBE_SECONDS)
        if not ready:
            raise self._late()
        if not answers.readline():
            self.end()
            raise LibraryTorn(f"The index in {self._folder} does not answer: its probe ended without a word.")

    def compare(self) -> None:
        """Compare every byte with the manifest, which is written by now."""
        self._say(_COMPARE)

    def end(self) -> None:
        """Let it come to its end. Raises LibraryTorn where it found anything amiss, or the index ended it."""
        try:
            _, told = self._process.communicate(timeout=PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            raise self._late() from None
        if self._process.returncode != 0:
            last = (told.strip() or f"exit code {self._process.returncode}").splitlines()[-1]
            raise LibraryTorn(f"The index in {self._folder} does not answer: {last}")

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # `end` tells why it is gone
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def _late(self) -> LibraryTorn:
        return LibraryTorn(f"The index in {self._folder} did not answer within {PROBE_SECONDS} s.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.communicate()


def main() -> int:
    """The probe's process: exit code 0 where the index answers, else 1 and the reason on standard error."""
    gc.disable()  # what it loads stays to its end
    atexit.register(gc.freeze)
    dense.load()  # while the index is still being written
    order = sys.stdin.readline()
    if not order:  # the writer has gone
        return 1
    folder, generation, chroma_url = json.loads(order)
    try:
        index = Index(Path(folder), generation, chroma_url)
        index.check()
        index.close()
        print("answers", flush=True)
        known = read_ahead(Path(folder))  # while the index is still being calibrated
        if sys.stdin.readline().strip() == _COMPARE:
            verify(Path(folder), whole=True, known=known)
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
