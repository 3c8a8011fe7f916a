"""The job that a question asks about, and whether a text names it; pure.

"What does a data engineer do?" is not answered by sentences on data scientists and ML engineers, however many words
they share with it: the name has to stand there as a name, its words side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.places import without
from corpus.words import STOPWORDS, stem, words

# The last word of a job's name: somebody who does something.
_DOER = (
    r"(?:\w{2,}(?:er|or|ist|ian|yst|ant|ect|eur|man|men|woman|women)s?"
    r"|\w*(?:nurse|clerk|guard|judge|cook|chef|pilot|coach|scribe|mechanic|medic|critic|trainee|"
    r"warden|maid|aide|smith|wright)s?)"
)
_PLAIN = r"(?!(?:an?|the|as|is|are|do|does|of|for|with|you|i|we|they|people|it|someone|one)\b)[\w+#&'-]+"
_NAME = rf"(?:(?:an?|the)\s+)?((?:{_PLAIN}\s+){{0,2}}?{_DOER})"
# Whoever earns or does something is somebody, whatever the name ends in.
_ANYBODY = rf"(?:(?:an?|the)\s+)?((?:{_PLAIN}\s+){{0,2}}?{_PLAIN})"
_END = (
    r"(?=\s*$|\s+(?:in|at|on|per|with|without|for|from|and|or|as|by|than|who|these|today|now|right|exactly|actually|"
    r"all|are|is|was|were|will|would|do|does|need|grow|there|expected|projected|each|every)\b)"
)
_OFTEN = r"(?:really\s+|actually\s+|even\s+|typically\s+|usually\s+|generally\s+)?"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bwhat\s+(?:do|does|would|did)\s+{_ANYBODY}(?:\s+(?:for|in|at|with)\s+(?:[\w-]+\s+){{0,2}}?[\w-]+)?\s+"
        rf"{_OFTEN}(?:do|earn|make|get)\b",
        rf"\bhow\s+much\s+(?:\w+\s+)?(?:do|does|can|could|would|will|is|are)\s+{_ANYBODY}\s+{_OFTEN}"
        r"(?:earn|make|get|charge|paid)\b",
        rf"\bwhat(?:'s|\s+is|\s+are)\s+{_NAME}{_END}",
        r"\b(?:salary|salaries|pay|wages?|earnings|outlook|demand|growth|employment|jobs|openings|vacancies|positions)\s+"
        rf"(?:of|for)\s+{_NAME}{_END}",
        rf"^\s*{_NAME}(?:'s|s')?\s+(?:salary|salaries|pay|wages?|earnings|outlook)\b",
        rf"\bhow\s+many\s+{_NAME}{_END}",
        # "I lost my job as an analyst" tells of a job and does not ask about it.
        r"(?<!\bmy )\b"
        rf"(?:become|becoming|(?:work|working|job|jobs|career|start|starting|qualify)\s+as)\s+{_NAME}{_END}",
        rf"\b(?:replac\w+|automat\w+|get(?:ting)? rid of)\s+{_NAME}{_END}",
        r"\b(?:tell me (?:more |all |something |everything )?about|overview of|info(?:rmation)? (?:on|about))\s+"
        rf"{_NAME}{_END}",
        rf"^(?:and|or|what about|how about|and what about)\s+(?:for\s+|of\s+)?{_NAME}$",
    )
)
# Words that tell of a job how high or where, and are no part of its name.
LOOSE = frozenset(
    "junior senior entry level lead new young good best average typical median first future successful us usa american "
    "british working qualified experienced real normal full part time remote certified self taught".split()
)
# What ends like a job or earns, and is none.
_NOBODY = frozenset(
    "people graduate graduates grad grads beginner beginners newcomer newcomers worker workers employee employees "
    "professional professionals specialist specialists expert experts fresher freshers intern interns trainee trainees "
    "juniors seniors employer employers company companies woman women man men person anybody everyone better other "
    "another others changer changers contributor mentor number matter paper letter offer career order computer "
    "server".split()
)


_A_DOER = re.compile(_DOER, re.IGNORECASE)


def is_doer(word: str) -> bool:
    """Whether a word ends as the name of a job does."""
    return _A_DOER.fullmatch(word) is not None and word.lower() not in _NOBODY


@lru_cache(maxsize=4096)
def subject_of(text: str) -> tuple[str, ...]:
    """The stems of the job's name that a question asks about, in order; () where it names none."""
    plain = without(text)
    span = span_of(plain)
    said = words(plain[span[0] : span[1]]) if span else ()
    return tuple(stem(word) for word in said if word not in STOPWORDS and word not in LOOSE)


def span_of(text: str) -> tuple[int, int] | None:
    """Where the name of the job that a question asks about begins and ends, without its article; None where it names
    none."""
    plain = text.rstrip("?!. ")
    match = next((match for pattern in _ASKED if (match := pattern.search(plain))), None)
    said = words(match[1]) if match else ()
    return match.span(1) if match and said and said[-1] not in _NOBODY else None


def only_names(text: str) -> bool:
    """Whether a message names a job and asks nothing of it: "And a data scientist?"."""
    return _ASKED[-1].match(text.rstrip("?!. ").strip()) is not None and span_of(text) is not None


def names(subject: Sequence[str], texts: Iterable[str]) -> bool:
    """Whether one of the texts holds the subject's words side by side, in their order or turned about a comma
    ("Managers, data science"). A name of three words and more may have one more in it ("computer and information
    research scientists")."""
    return any(_stands(tuple(subject), text) for text in texts)


@lru_cache(maxsize=65_536)
def _stands(subject: tuple[str, ...], text: str) -> bool:
    said = [stem(word) for word in words(text) if word not in STOPWORDS and len(word) <= 64]
    if "," in text and len(text) < 80 and set(subject) <= set(said):
        return True
    room = len(subject) + (len(subject) > 2)
    return any(
        said[at] == subject[0] and _in_order(subject, said[at : at + room])
        for at in range(len(said) - len(subject) + 1)
    )


def _in_order(subject: Sequence[str], said: Sequence[str]) -> bool:
    rest = iter(said)
    return all(word in rest for word in subject)
