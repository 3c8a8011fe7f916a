"""Asking back: when a question has several readings that the library could answer, and which those are; pure.

Most short questions are best answered as they stand, so one is asked back only where it names no subject at all
("how long does it take?" with nothing before it), or where what it names is too little to answer and the nearest
guides are about different things ("should I go back to school?").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot import phrases
from bot.answer import Question, Turn
from bot.questions import Facet, kind_of
from bot.retriever import Found
from corpus.index import Index
from corpus.models import Hit
from corpus.search import query_terms
from corpus.words import stem, term_set, words

LEAST_OPTIONS, MOST_OPTIONS = 2, 4
# Hits that are looked through for readings, and those among which the evidence must split.
DEPTH, TOP = 40, 8
# A question that names something is asked back where it would be declined, but not for want of anything near.
LEAST, SURE = 0.15, 0.5
# Such a question has at most so many content terms.
SHORT = 3
# Two readings that share this much of their terms are one.
SAME = 0.6

_TELLS_OF = re.compile(
    r"(?:(?:hi|hello|hey|so|well|ok)[\s,]+)*(?:i am|i'm|i’m|im|i work|i've been|i was|my (?:job|work) is)\b"
    r"(?!.*\b(?:how|what|which|where|when|why|who|can|could|should|want|wants|like|need|help|tell|looking)\b)",
    re.IGNORECASE,
)
# Words that ask for something about a subject and name none.
ASPECTS = frozenset(
    stem(word)
    for word in (
        "long time soon quick quickly fast pay pays paid salary salaries earn earning earnings money income wage wages "
        "cost costs price expensive cheap worth good bad better best hard harder difficult easy easier late early "
        "possible realistic chance chances odds outlook demand future grow growing growth need required requirement "
        "requirements enough idea safe stable prospects pros cons benefits downsides work works help option options "
        "compare difference matter matters necessary important hours week month year"
    ).split()
)


def unclear(question: Question, facets: Sequence[Facet], background: str, found: Found, index: Index) -> bool:
    """Whether a question should be asked back, if there are readings to offer.

    Never where the conversation or the question itself tells what is meant, or where the turn before was asked back.
    """
    if len(facets) != 1 or background or facets[0].sides or asked_back(question.history) or found.respelled:
        return False
    if any(index.document_frequency(term) for turn in _people(question.history) for term in query_terms(turn.content)):
        return False
    if told_alone(question) and not found.answered:
        return any(_is_about(question, hit) for hit in found.hits[:TOP])
    terms = query_terms(question.text)
    if any(not index.document_frequency(term) and term not in ASPECTS for term in terms):
        return False
    if subjectless(question.text):
        return len(words(question.text)) >= 3
    if len(terms) > SHORT or facets[0].kind not in ("yes_no", "broad", "how") or "i" not in words(question.text):
        return False
    return LEAST <= found.answerable < SURE and _split(found.hits[:TOP])


def subjectless(text: str) -> bool:
    """Whether a question names nothing that it could be about."""
    return all(term in ASPECTS for term in query_terms(text))


def told_alone(question: Question) -> bool:
    """Whether a message tells of the person's work and asks nothing: "I'm a nurse in Toronto"."""
    plain = question.text.strip().rstrip(".!")
    work = question.situation.background
    return bool(work) and not question.history and _TELLS_OF.match(plain) is not None and "?" not in question.text


def asked_back(history: Sequence[Turn]) -> bool:
    """Whether the last answer was a question back."""
    return bool(history) and history[-1].role == "assistant" and phrases.CLARIFY in history[-1].content


def readings(question: Question, found: Found) -> Iterator[str]:
    """Questions of the library that this one may mean, nearest first; whether each is answered is for others to see.

    A heading that is a question stands as it is; another one is read with the title of its document.
    """
    if told_alone(question):
        yield from dict.fromkeys(_reading(hit) for hit in found.hits[:DEPTH] if _is_about(question, hit))
        return
    open_ = subjectless(question.text)
    ranked = sorted(found.hits[:DEPTH], key=lambda hit: 0.0 if open_ else -hit.dense)
    given: list[frozenset[str]] = []
    seen: set[str] = set()
    # What asks for the same thing before what only wants the same kind of answer; one reading of each guide first.
    for wanted, again in ((2, False), (1, False), (2, True), (1, True)):
        for hit in ranked:
            if not hit.passage.section or (hit.passage.document_id in seen) != again:
                continue
            text = _reading(hit)
            subject = term_set(text) - ASPECTS
            if not subject or any(len(subject & other) >= SAME * min(len(subject), len(other)) for other in given):
                continue
            if open_ and _asks_alike(question.text, text) < wanted:
                continue
            given.append(subject)
            seen.add(hit.passage.document_id)
            yield text


def _asks_alike(question: str, heading: str) -> int:
    """How far a heading asks what a question without a subject asks: 2 for the same thing of it, 1 for the same kind
    of figure, 0 for neither."""
    aspects = query_terms(question)
    if aspects and set(aspects) & term_set(heading):
        return 2
    kind = kind_of(question)
    if kind == kind_of(heading) and (not aspects or kind in ("money", "growth", "duration", "count")):
        return 1
    return 0


def _is_about(question: Question, hit: Hit) -> bool:
    """Whether a passage stands under a heading that names the person's work."""
    work = set(query_terms(question.situation.background or ""))
    return bool(hit.passage.section) and bool(work & term_set(hit.passage.section[-1]))


def _reading(hit: Hit) -> str:
    heading = hit.passage.section[-1]
    return heading if heading.endswith("?") else f"{hit.passage.title}: {heading}"


def _split(hits: Sequence[Hit]) -> bool:
    """Whether the best hits stand in several guides, none far ahead."""
    near = {hit.passage.document_id for hit in hits if hit.score >= 0.75 * hits[0].score}
    return len(near) >= 3


def _people(history: Sequence[Turn]) -> Iterator[Turn]:
    return (turn for turn in history if turn.role == "user")
