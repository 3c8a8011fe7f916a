"""What to ask next: questions that the nearest guides answer themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Citation
from bot.retriever import Found
from corpus.words import terms

MOST = 3


def suggestions(found: Sequence[Found], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Up to three headings or listed questions of the guides that were found, none of them already answered here."""
    shown = {(citation.document_id, citation.section) for citation in citations}
    asked = [set(each.stems) for each in found]
    offered: list[str] = []
    for hit in (hit for each in found for hit in each.hits[:20]):
        passage = hit.passage
        if not passage.section or (passage.document_id, " > ".join(passage.section)) in shown:
            continue
        heading = passage.section[-1]
        own = set(terms(heading))
        if len(own) < 2 or any(own <= terms_asked for terms_asked in asked) or heading in offered:
            continue
        offered.append(heading)
        if len(offered) == MOST:
            break
    return tuple(offered)
