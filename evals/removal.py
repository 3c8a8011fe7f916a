"""Controls on a real library: with the passage that answers taken out, the product must decline; twice the same, alike.

The tiny world of the other controls becomes libraries through the real splitter, embedder and index, with all of its
documents and with each one left out. They are kept in the cache, as those of `evals retrieval` are, so that only the
first run after a change of the code builds them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from corpus.embedding import Embedder
from corpus.model_cache import open_embedder
from corpus.questions import Case, QuestionSet, Relevant
from corpus.settings import Settings
from evals import control_world as world
from evals import record, report
from evals.controls import SEEDS, together
from evals.retrieval import RetrievalSet, open_library
from evals.run import Control, Run, evaluate
from evals.systems import Local

Progress = Callable[[str, int, int], None]  # stage, done, total


def run_all(settings: Settings, seeds: Sequence[int] = SEEDS, progress: Progress | None = None) -> tuple[Control, ...]:
    """Every control on a real library. Raises LibraryError and EmbeddingError where none can be made."""
    settings = replace(settings, model=None, reranker=None, chroma_url=None)
    cases = tuple(each for document in world.ASKED for each in _cases(document))
    ask = _Asking(settings, open_embedder(settings), progress)
    first, second = (ask(cases, tuple(world.TEXTS)) for _ in range(2))
    return (
        together([gold_removed(seed, first, ask) for seed in seeds]),
        same_library_same_bytes(first, second),
    )


def gold_removed(seed: int, whole: Run, ask: _Asking) -> Control:
    """Asked of the `whole` library, every question on a document is answered by it; without it every one is declined.

    The seed draws the document.
    """
    gone = random.Random(seed).choice(sorted(world.ASKED))  # noqa: S311 - a repeatable draw, no secret
    answered = [each.passed for each in whole.scores if each.case.id.startswith(f"{gone}-")]
    declining = tuple(
        replace(each, expect="abstained", relevant=(), nuggets=(), never=each.nuggets[0]) for each in _cases(gone)
    )
    without = tuple(each for each in world.TEXTS if each != gone)
    declined = [each.passed for each in ask(declining, without).scores]
    n = len(world.ASKED[gone])
    measured = f"{gone}: {sum(answered)} of {n} answered with it, {sum(declined)} of {n} declined without"
    return Control("gold_removed", sum(answered) == sum(declined) == n, measured)


def same_library_same_bytes(first: Run, second: Run) -> Control:
    """The same questions asked twice of the same library, opened anew: summary, results and report byte for byte."""
    same = _bytes(first) == _bytes(second)
    return Control("same_library_same_bytes", same, "the same" if same else "different")


def _cases(document: str) -> tuple[Case, ...]:
    return tuple(
        Case(f"{document}-{place}", question, "answered", relevant=(Relevant(f"{document}.md"),), nuggets=((words,),))
        for place, (question, words) in enumerate(world.ASKED[document], 1)
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks cases of libraries that are opened for it, with one embedder for all of them."""

    settings: Settings
    embedder: Embedder
    progress: Progress | None

    def __call__(self, cases: Sequence[Case], documents: Sequence[str]) -> Run:
        """The cases asked of the library of these documents, in this order."""
        from bot.advisor import Advisor  # late: LangChain takes a while, and --help needs none

        parts = ((each, world.TEXTS[each].partition("\n")) for each in documents)
        texts = tuple((f"{each}.md", title, body) for each, (title, _, body) in parts)
        read = RetrievalSet(texts, (), hashlib.sha256(repr(texts).encode()).hexdigest())
        with closing(open_library(read, self.settings, self.progress, self.embedder)) as library:
            advisor = Advisor(library, self.settings)
            return evaluate(Local(advisor), [QuestionSet("control.jsonl", tuple(cases), "0" * 64)])


def _bytes(run: Run) -> tuple[Any, ...]:
    told = record.of(run, world.World())
    return record.dumped(told.summary), told.results(), report.markdown(told)
