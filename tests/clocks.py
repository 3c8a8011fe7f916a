"""One small generation, of twelve clocks, for the tests of what a generation consists of, its probe and its life."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.embedding import Embedder
from corpus.generations import build
from corpus.index import Index
from corpus.index_writer import Content
from corpus.models import Document, Passage, Sentence
from corpus.settings import Settings

HASH = "0123456789ab" + "c" * 52
NAME = HASH[:12]


def content(embedder: Embedder) -> Content:
    documents = []
    for n in range(12):
        text = f"Clock number {n} chimes. It is {n} years old."
        end = text.index(".") + 1
        spans = (Sentence(0, end), Sentence(end + 1, len(text)))
        passage = Passage(f"clock-{n}-0", f"clock-{n}", f"Clock {n}", ("Age",), 0, len(text), text, spans)
        documents.append((Document(f"clock-{n}", f"Clock {n}", text, f"{n}.md", ()), [passage]))
    by_id = {document.id: (document, passages) for document, passages in documents}
    return Content(
        {id_: id_ for id_ in by_id},
        12,
        embedder.dimension,
        lambda ids: [by_id[id_] for id_ in ids],
        embedder.embed_passages,
    )


def quiet(stage: str, done: int, total: int) -> None:
    pass


def fixed(index: Index, embedder: Embedder) -> Mapping[str, Any]:
    """Stands in for the search's measuring, and shows what it is given."""
    return {"passages": index.count, "model": embedder.name}


def build_in(library: Path, embedder: Embedder, settings: Settings) -> None:
    assert build(library, HASH, content(embedder), embedder, settings, quiet, fixed) == NAME
