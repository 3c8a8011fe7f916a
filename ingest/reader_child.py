"""The process that reads: takes one source after another from its standard input, under limits that it sets itself.

Files may be hostile, and readers have faults. Here they meet neither the library nor a key: this process
imports the readers alone, may write no file, and is ended by the system when it takes too much.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from functools import lru_cache
from typing import IO

from corpus.errors import SourceError
from corpus.models import Reference
from ingest.handover import ReadSource, Refusal, Request, read_request, write_answer
from ingest.readers.document import read_document
from ingest.readers.notes import read_works
from ingest.split import split


def main(memory: int, seconds: int) -> None:
    """Answer requests until the input ends. `memory`: bytes of address space; `seconds`: of processor a source."""
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints is no answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    # Trees are large and live to the end of their document: looking for garbage among them early is wasted.
    gc.freeze()
    gc.set_threshold(200_000, 10, 10)
    requests = sys.stdin.buffer
    while (request := read_request(requests)) is not None:
        _allow(seconds)
        _answer(answers, request, memory)


def _answer(answers: IO[bytes], request: Request, memory: int) -> None:
    """Send what one source holds, or why it cannot be read; end where memory ran out, since it is in pieces then."""
    try:
        write_answer(answers, _read(request))
    except SourceError as error:
        write_answer(answers, Refusal(str(error)))
    except MemoryError:
        write_answer(answers, Refusal(too_much_memory(memory), last=True))
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the edge of a process: the rest of the sources is to be read
        fault = f"The file trips a fault in the reader ({type(error).__name__}); save it anew in another format."
        write_answer(answers, Refusal(fault))


def _read(request: Request) -> ReadSource:
    document = read_document(
        request.data,
        request.source,
        works=_works(request.works) if request.works else {},
        address=request.address,
        content_type=request.content_type,
        charset=request.charset,
    )
    return ReadSource(document, split(document))


def too_much_memory(memory: int) -> str:
    """The sentence for a source that needs more than `memory` bytes."""
    return f"Reading the file takes more than {memory // 2**20:,} MB of memory; split it up."


@lru_cache(maxsize=2)
def _works(data: bytes) -> dict[str, Reference]:
    """The works of a sources.toml, read once for all the files that it applies to."""
    return dict(read_works(data))


def _limit(what: int, most: int) -> None:
    """Set a limit where the system lets us; never above one that is there already."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _allow(seconds: int) -> None:
    """So many seconds of processor from now on; past them the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
