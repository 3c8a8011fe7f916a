"""Which sentences say something by themselves, and may stand in an answer; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.models import SentenceKind

# "Pay stands in the guide on offers", "The chapter on visas says how": where the answer is, and not the answer.
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:in|to|see) the (?:guides?|chapters?|sections?|articles?|pages?) (?:on|about)\b"
    r"|^the (?:guide|chapter|section|article|page) (?:on|about)\b|\bhas a (?:guide|chapter|page) (?:of its own|or)\b",
    re.IGNORECASE,
)
_TELLS = (
    r"(?:also )?(?:discuss|explain|cover|explore|outline|share|describe|break|dive|look at|take a (?:closer )?look|"
    r"run through|walk (?:you )?through|talk about)\b"
)
# What a text says of itself or of its reader's next click, and not of its subject: "In this article we'll look at ...",
# "Find out more about ...", "Thanks to ... for feedback", "Photo by ...".
_ON_ITSELF = re.compile(
    r"^(?:in|throughout) th(?:is|e following) (?:article|guide|post|essay|blog(?: post)?|section|chapter|series|"
    r"interview)\b(?=.*\b(?:i|we|i['’]ll|we['’]ll|i['’]m|we['’]re|you['’]ll|you will)\b)"
    r"|^this (?:article|guide|post|essay|blog post|section|series) (?:will |is (?:meant|intended|a|for)|covers|"
    r"explains|discusses|describes|explores|looks|aims|shows)\b"
    rf"|^(?:here|below|first|firstly|next|now|finally|today),?\s+(?:i|we)(?:['’]ll| will)?\s+{_TELLS}"
    rf"|^(?:(?:first|firstly|next|now),?\s+)?(?:i['’]ll|we['’]ll|let['’]s|let us)\s+{_TELLS}"
    r"|^before we (?:dive|get|go|look|start|begin)\b"
    r"|^here['’]?(?:s| is| are) (?:everything|all|what) (?:you need|i wish|we)\b"
    r"|^(?:you can (?:also )?|to )?(?:find out more|(?:learn|read) more (?:about|on|here|in|at)|read on|see also|"
    r"click)\b"
    r"|^check out .{0,60}\b(?:blogs?|articles?|posts?|guides?|pages?|links?|newsletters?|podcasts?|videos?)\b"
    r"|^for (?:more|further) (?:information|details|tips|advice|on this)\b"
    r"|^(?:please )?(?:leave|post|share|drop) .{0,40}\bcomments?\b"
    r"|^thanks to .* for (?:the |their |his |her )?(?:feedback|comments|reading|reviewing|help)\b"
    r"|^photo(?:graph)? by\b",
    re.IGNORECASE,
)


# The same sentences are looked at for many questions, as in `corpus.words.term_set`.
@lru_cache(maxsize=32_768)
def citable(kind: SentenceKind, text: str) -> bool:
    """A question, a bare lead-in, a fragment or a word on where to read on says nothing by itself."""
    if text.endswith(("?", ":")) or (kind == "sentence" and len(text.split()) < 4):
        return False
    return _POINTS_ELSEWHERE.search(text) is None and _ON_ITSELF.search(text) is None
