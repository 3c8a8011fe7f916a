"""What to ask next: questions that the nearest guides answer themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer import Citation
from bot.retriever import Found
from corpus.models import Hit
from corpus.words import terms

MOST = 3
# A passage is near with this share of the best one's score; so many of the nearest are offered before anything else.
NEAR, FIRST = 0.5, 4
# Headings that promise nothing.
_EMPTY = re.compile(
    r"^(?:(?:in )?conclusions?|introduction|summary|overview|about|contents|table of contents|final (?:thoughts|words)|"
    r"closing|key takeaways|takeaways|references|sources|further reading|the road ahead|next steps|faqs?)\b",
    re.IGNORECASE,
)


def suggestions(found: Sequence[Found], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Up to three headings of the guides that were found, none of them already answered here.

    A heading that several guides have ("Pay") is offered with its guide's title.
    """
    shown = {(citation.document_id, citation.section) for citation in citations}
    cited = {citation.document_id for citation in citations}
    asked = [set(each.stems) for each in found]
    hits = [hit for each in found for hit in each.hits[:20]]
    near = [hit for each in found for hit in each.hits[:20] if hit.score >= NEAR * each.hits[0].score]
    # What else the cited guides tell is nearer than what the search found last.
    near = near[:FIRST] + [hit for hit in hits if hit.passage.document_id in cited] + near[FIRST:]
    owners: dict[str, set[str]] = {}
    for hit in hits:
        owners.setdefault(_heading(hit), set()).add(hit.passage.document_id)
    offered: list[str] = []
    for hit in near:
        heading = _heading(hit)
        if not heading or _EMPTY.match(heading) or (hit.passage.document_id, " > ".join(hit.passage.section)) in shown:
            continue
        offer = heading if len(owners[heading]) == 1 else f"{hit.passage.title}: {heading}"
        own = set(terms(offer))
        if len(own) < 2 or any(own <= terms_asked for terms_asked in asked) or offer in offered:
            continue
        offered.append(offer)
        if len(offered) == MOST:
            break
    return tuple(offered)


def _heading(hit: Hit) -> str:
    return hit.passage.section[-1] if hit.passage.section else ""
