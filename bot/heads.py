"""The noun that a question asks for: the book in "best book on knots for somebody who hates maths"; pure."""

from __future__ import annotations

import re

from corpus.words import STOPWORDS, stem

_VERB = r"(?:is|are|was|were|do|does|did|can|could|should|would|will|pays?|gives?|has|have)"
_PLAIN = rf"(?!(?:{_VERB}|best|good|top|to|for|in|of|the|an?)\b)[\w+#/-]*[\w+#]"
_HEAD = re.compile(
    r"^(?:(?:so|and|but|ok|hi|hello|please|what(?:'s|s| is| are) the|which is the|is there an?|are there any|"
    r"recommend an?|any) )*(?:which|what|best|good|top|cheapest|easiest|right|recommended)\s+"
    rf"(?P<noun>(?:{_PLAIN}\s+){{0,3}}?{_PLAIN})(?=\s+(?:for|to|on|about|in|if|when|that|who|{_VERB})\b)",
    re.IGNORECASE,
)
# What stands for anything.
_ANY = frozenset("way ways thing things one ones time place kind kinds sort type types part person people".split())


def head_of(text: str) -> str | None:
    """The stem of the noun that is asked for; None where no plain shape tells."""
    match = _HEAD.match(text.strip())
    last = match["noun"].split()[-1].lower() if match else ""
    return stem(last) if last and last not in STOPWORDS | _ANY else None
