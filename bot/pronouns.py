"""What a later part of a question points back to with "it" or "they", put in the pronoun's place; pure.

"How much does a master's cost, and is it worth it?" asks two things of one, and its second half names neither. Only the
plainest shapes are read; a pronoun that they do not explain stays. Jobs are carried as jobs (`bot.questions`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.subject import is_doer
from corpus.words import STOPWORDS, words

# A name for what is asked about: few words, none of which asks or does.
_WORD = (
    r"(?!(?:i|we|you|he|she|it|they|them|this|that|there|do|does|did|is|are|was|were|can|could|should|would|will|must|"
    r"what|how|why|when|who|whom|if|and|or|but|to|cost|costs|take|takes|last|pay|pays|earn|make|need|needs|require|"
    r"involve|involves|work|works|teach|lead|leads|apply|begin|start|open|worth|get|become|learn|study)\b)"
    r"[\w+#./'’&-]*[\w+#]"
)
_THING = rf"(?P<thing>(?:{_WORD}\s+){{0,7}}{_WORD})"
_LEAD = r"^(?:(?:and|so|but|ok|okay|hi|hello|well)[\s,]+)*"
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "How much does a bootcamp cost", "What is a returnship", "How long is a part-time master's"
        rf"{_LEAD}(?:how\s+(?:much|long|many\s+\w+|hard|difficult|expensive)|what|when|where)\s+"
        rf"(?:do|does|did|is|are|was|were|will|would|can|could)\s+{_THING}"
        r"(?:\s+(?:cost|take|last|pay|need|require|involve|work|teach|lead|apply|do|begin|start|open)\b.*)?$",
        # "Is a PhD worth it", "Are bootcamps any good"
        rf"{_LEAD}(?:is|are)\s+(?!there\b){_THING}\s+(?:worth|any|still|good|hard|free|real)\b.*$",
        # "Are there apprenticeships in England"
        rf"{_LEAD}(?:is|are)\s+there\s+(?:any\s+)?{_THING}$",
        # "Should I do a master's", "Do I need a degree"
        rf"{_LEAD}(?:do|should|can|could|must|would)\s+i\s+(?:even\s+|really\s+|also\s+)?"
        rf"(?:do|get|take|need|have|learn|use|buy|join|start)\s+{_THING}$",
    )
)
_IT = re.compile(r"\b(?:(?P<one>it)|(?P<many>they|them))\b", re.IGNORECASE)
# "Is it true that ..." points at nothing.
_SPOKEN = re.compile(r"^(?:is|was)\s+it\s+(?:true|possible|normal|ok|okay|legal|better|too|a good idea)\b", re.I)
_MANY = re.compile(r"^(?!(?:an?|one|each|every|this|that)\b)", re.IGNORECASE)
# Where a pronoun is what is asked about, it stands near the beginning.
BEFORE = 4


def named(parts: Sequence[str]) -> list[str]:
    """The parts of one question, the first pronoun of each later one put as what the parts before it are about."""
    done: list[str] = []
    thing = ""
    for part in parts:
        done.append(_with(part, thing) if thing else part)
        thing = thing_of(done[-1]) or thing
    return done


def thing_of(part: str) -> str:
    """What a part of a question is about, as it stands, with its article; "" where no plain shape tells, or where it is
    a job."""
    plain = part.strip().rstrip("?!. ")
    match = next((match for shape in _SHAPES if (match := shape.search(plain))), None)
    said = words(match["thing"]) if match else ()
    if match is None or all(word in STOPWORDS for word in said) or any(map(is_doer, said)):
        return ""
    return match["thing"]


def _with(part: str, thing: str) -> str:
    """A part with the thing in the place of its first pronoun; as it is where that is not what it asks about."""
    match = _IT.search(part)
    if match is None or _SPOKEN.match(part) or len(words(part[: match.start()])) > BEFORE:
        return part
    if match["many"] and not _MANY.match(thing):
        return part
    return f"{part[: match.start()]}{thing}{part[match.end() :]}"
