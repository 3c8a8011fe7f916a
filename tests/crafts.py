"""A small index, of three guides on crafts, for the tests of the index and of its writer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.embedding import Embedder
from corpus.index_writer import Content, write
from corpus.models import Document, Passage, Sentence

GUIDES = {
    "Bees": ("Keeping", ["Hives need shade.", "Sting allergies call for care.", "Honey sells at markets."]),
    "Violins": ("Repair", ["A luthier mends violins.", "Bows are rehaired with horse hair."]),
    "Bridges": ("Pay", ["A bridge inspector earned 81,000 dollars in 2023.", "Shade matters little on bridges."]),
}
OTHER_NAMES = {"Violins": ("fiddle",)}


def guide(title: str, section: str, sentences: Sequence[str]) -> tuple[Document, list[Passage]]:
    """One passage for each two sentences."""
    text = "\n".join([title, *sentences])
    id_ = title.lower()
    passages = []
    for n in range(0, len(sentences), 2):
        part = sentences[n : n + 2]
        spans = [Sentence(text.index(s), text.index(s) + len(s)) for s in part]
        start, end = spans[0].start, spans[-1].end
        leads = tuple("What pays:" if "Honey" in s else "" for s in part)
        passages.append(Passage(f"{id_}-{n}", id_, title, (section,), start, end, text[start:end], tuple(spans), leads))
    return Document(id_, title, text, f"{id_}.md", (), about=OTHER_NAMES.get(title, ())), passages


def write_index(folder: Path, guides: Sequence[tuple[Document, list[Passage]]], embedder: Embedder) -> list[int]:
    told: list[int] = []
    passages = [passage for _, part in guides for passage in part]
    folder.mkdir()
    by_id = {document.id: (document, part) for document, part in guides}
    content = Content(
        {id_: id_ for id_ in by_id},
        len(passages),
        embedder.dimension,
        lambda ids: [by_id[id_] for id_ in ids],
        embedder.embed_passages,
    )
    assert write(folder, "0123456789ab", content, None, lambda stage, done, total: told.append(done)) == 0
    return told


def write_all(folder: Path, embedder: Embedder) -> list[int]:
    """The three guides; the numbers of passages that the writing told of on its way."""
    return write_index(folder, [guide(title, *rest) for title, rest in GUIDES.items()], embedder)
