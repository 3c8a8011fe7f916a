"""The benchmark's part on building: embedding, ingest, refresh and retrieval beside sentence-transformers and Chroma.

Guides are made of the sentences of the project's own, drawn by chance, in passages of about 180 tokens. Embedding: the
same texts on both sides, slice by slice in turn. Ingest: a whole `waymark ingest` process, files read, sentence vectors
included, against a whole process that cuts the same texts, embeds them and fills a persisted Chroma.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.settings import Settings
from evals import processes
from evals.generated import PASSAGES_A_GUIDE, markdown
from evals.metrics import mean, median, ndcg

Tell = Callable[[str, int, int], None]

EMBEDDED = 400  # texts that both sides embed
SLICE = 40
REFRESHES = 3


def measure(passages: int, work: Path, settings: Settings, tell: Tell) -> dict[str, Any]:
    """Embedding, ingest and refresh of about so many passages. `work` may be filled."""
    guides, library, index = work / "guides", work / "library", work / "plain"
    guides.mkdir(parents=True)
    sentences = _sentences()
    for number in range(max(2, round(passages / PASSAGES_A_GUIDE))):
        (guides / f"guide-{number:04d}.md").write_text(markdown(number, sentences), encoding="utf-8")
    tell("ingesting", 0, 1)
    ours, report = _ingest(guides, library)
    from corpus.library import Library  # late: it loads models and indexes

    with closing(Library.open(library, replace(settings, chroma_url=None))) as opened:
        shown = opened.current()
        texts = [shown.passage(row).text for row in range(shown.count)]
        documents = [opened.document(each.id).text for each in opened.documents()]
        embedding = _embedding(texts[:EMBEDDED], opened.embedder.embed, work, tell)
    tell("ingesting with LangChain", 0, 1)
    started = time.perf_counter()
    chunks = int(processes.run(processes.python("evals.plain", "build", str(index)), json.dumps(documents)))
    plain = time.perf_counter() - started
    return {
        "texts": {"documents": len(documents), "passages": report["passages"], "plain_chunks": chunks},
        "embedding": embedding,
        "ingest": {"waymark_s": round(ours, 2), "plain_s": round(plain, 2), "times_faster": round(plain / ours, 2)},
        "refresh": _refresh(guides, library, tell),
    }


def _ingest(guides: Path, library: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of a whole process, and what it reports."""
    started = time.perf_counter()
    said = processes.run([processes.waymark(), "ingest", str(guides), "--library", str(library), "--json"])
    return time.perf_counter() - started, json.loads(said)


def _embedding(texts: Sequence[str], embed: Callable[[list[str]], Any], work: Path, tell: Tell) -> dict[str, Any]:
    """Passages a second, the same slices in turn; the first of each is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    slices = [list(texts[at : at + SLICE]) for at in range(0, len(texts), SLICE)]
    with processes.asked(processes.python("evals.plain", "embed"), work / "embed.log") as plain:
        for turn, part in enumerate([slices[0], *slices]):
            tell("embedding in turn", turn, len(slices) + 1)
            started = time.perf_counter()
            embed(part)
            mine, theirs = time.perf_counter() - started, float(plain(part))
            if turn:
                times[0].append(mine)
                times[1].append(theirs)
    ours, plainly = (len(texts) / sum(each) for each in times)
    return {
        "texts": len(texts),
        "waymark_per_s": round(ours, 1),
        "plain_per_s": round(plainly, 1),
        "times_faster": round(ours / plainly, 2),
    }


def _refresh(guides: Path, library: Path, tell: Tell) -> dict[str, Any]:
    """Median seconds of whole processes: nothing changed; one sentence of one guide changed."""
    unchanged, changed = [], []
    path = sorted(guides.iterdir())[len(list(guides.iterdir())) // 2]
    for turn in range(REFRESHES):
        tell("refreshing", turn, REFRESHES)
        unchanged.append(_ingest(guides, library)[0])
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}One more sentence says that this is change number {turn + 1}.\n", encoding="utf-8")
        seconds, report = _ingest(guides, library)
        assert report["changed"] == 1, report
        changed.append(seconds)
    return {"unchanged_s": round(median(unchanged), 2), "one_guide_changed_s": round(median(changed), 2)}


def quality(sets: Sequence[Path], work: Path, settings: Settings, tell: Tell) -> dict[str, Any]:
    """nDCG@10 on BEIR folders, ours with the history that a query has, the plain chain's with its last turn alone and
    with the turns before glued in front, whichever is better for it."""
    from evals import retrieval  # late: it loads the readers

    figures: dict[str, Any] = {}
    for folder in sets:
        read = retrieval.read_folder(folder)
        with closing(retrieval.open_library(read, settings, tell)) as library:
            ours = retrieval.measures(retrieval.rank(read, library))["ndcg@10"]
        judged = [query for query in read.queries if query.gains]
        alone = [query.question.text for query in judged]
        glued = [
            " ".join([t.content for t in q.question.history if t.role == "user"] + [q.question.text]) for q in judged
        ]
        tell("searching with LangChain", 0, 1)
        given = json.dumps({"documents": read.documents, "queries": [*alone, *glued]})
        ranked = json.loads(processes.run(processes.python("evals.plain", "rank", str(work / folder.name)), given))
        halves = ranked[: len(judged)], ranked[len(judged) :]
        plain = [mean([ndcg(r, q.gains, 10) for r, q in zip(half, judged, strict=True)]) for half in halves]
        figures[folder.name] = {
            "n": len(judged),
            "waymark_ndcg@10": ours,
            "plain_ndcg@10": round(plain[0], 6),
            "plain_with_history_ndcg@10": round(plain[1], 6),
        }
    return figures


def _sentences() -> Callable[[random.Random], str]:
    """Draws from the sentences of the project's guides, those of a middling length."""
    from ingest.readers.document import read_document
    from ingest.shipped import guides_folder
    from ingest.split import split

    found: list[str] = []
    for path in sorted(guides_folder().glob("*.md")):
        document = read_document(path.read_bytes(), path.name)
        for passage in split(document):
            texts = (passage.quote(each) for each in passage.sentences if each.kind == "sentence")
            found += [text for text in texts if 10 <= len(text.split()) <= 25]
    return lambda chance: chance.choice(found)
