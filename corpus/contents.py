"""What stands in a library, as plain values: what `waymark library` and `python -m corpus` print with --json."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from corpus.errors import UnknownDocument, UnknownLibrary
from corpus.models import Document, Passage
from corpus.settings import Settings

_TOLD = ("title", "source", "url", "author", "published", "region", "passages")


def library_contents(folder: Path, settings: Settings) -> dict[str, Any]:
    """Counts, documents, what is joined with them, and quarantined sources with their reasons.

    Raises what `Library.open` raises.
    """
    from corpus.library import Library  # late: `--help` needs no model
    from corpus.store_reading import read_joined

    library = Library.open(folder, settings)
    try:
        index = library.current()
        return {
            "library": str(folder),
            "status": library.status,
            "generation": index.generation,
            "model": library.embedder.name,
            "documents": index.document_count,
            "passages": index.count,
            "contents": [
                {"document_id": info.id, **{name: getattr(info, name) for name in _TOLD}} for info in index.documents()
            ],
            "joined": [
                {
                    "document_id": joined.document_id,
                    "title": joined.title,
                    "source": joined.source,
                    "joined_to": joined.kept_id,
                    "reason": joined.reason,
                    "likeness": joined.likeness,
                }
                for joined in read_joined(folder)
            ],
            "quarantined": [asdict(source) for source in library.quarantined()],
        }
    finally:
        library.close()


def document_contents(folder: Path, document_id: str) -> dict[str, Any]:
    """One document as it was last read: what it tells of itself, its sections with their passages, what was dropped
    and why, and which documents it answers for or which one answers for it.

    Needs no model. Raises UnknownLibrary, UnknownDocument (naming ids that are near), LibraryError.
    """
    from corpus.store_reading import read_document, read_ids, read_joined

    check_library(folder)
    found = read_document(folder, document_id)
    if found is None:
        raise unknown_document(document_id, read_ids(folder))
    document, passages = found
    joined = read_joined(folder)
    told = ("title", "source", "url", "author", "publisher", "published", "region", "language", "summary")
    return {
        "document_id": document.id,
        **{name: getattr(document, name) for name in told},
        "about": list(document.about),
        "characters": len(document.text),
        "passages": len(passages),
        "sections": _sections(passages),
        "references": [asdict(reference) for reference in document.references(0, len(document.text))],
        "dropped": [{"reason": reason, "text": text} for reason, text in document.dropped],
        "joined": [
            {"document_id": j.document_id, "source": j.source, "reason": j.reason, "likeness": j.likeness}
            for j in joined
            if j.kept_id == document.id
        ],
        "joined_to": next((j.kept_id for j in joined if j.document_id == document.id), None),
        "only_here": _only_here(folder, document, [j.kept_id for j in joined if j.document_id == document.id]),
    }


def check_library(folder: Path) -> None:
    """Raises UnknownLibrary where nothing was ever ingested into the folder."""
    if not (folder / "CURRENT").exists():
        raise UnknownLibrary(
            f"There is no library in {folder}; make one with `waymark ingest PATH --library {folder}`."
        )


def unknown_document(document_id: str, known: Iterable[str]) -> UnknownDocument:
    """The error for an id that the library does not hold, with up to three ids that are near."""
    near = get_close_matches(document_id, sorted(known), 3, 0.4)
    hint = f"the nearest: {', '.join(near)}" if near else "`waymark library` lists them"
    return UnknownDocument(f"There is no document {document_id!r} in this library; {hint}.")


def _sections(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    for passage in passages:
        name = " > ".join(passage.section)
        if not sections or sections[-1]["section"] != name:
            sections.append({"section": name, "passages": []})
        sections[-1]["passages"].append(
            {
                "id": passage.id,
                "start": passage.start,
                "end": passage.end,
                "sentences": len(passage.sentences),
                "text": passage.text,
            }
        )
    return sections


def _only_here(folder: Path, document: Document, kept: list[str]) -> list[str]:
    """The lines of a joined document that the one that answers for it does not have."""
    from corpus.store_reading import read_document

    others = [found[0].text for id_ in kept if (found := read_document(folder, id_))]
    if not others:
        return []
    there = {" ".join(line.split()) for text in others for line in text.splitlines()}
    return [line for line in document.text.splitlines() if line.strip() and " ".join(line.split()) not in there]
