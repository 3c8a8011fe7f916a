"""Question in, passages out: spelling, follow-ups and facets made into queries. Also a LangChain retriever."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict, PrivateAttr

from bot.aim import has_page
from bot.answer import Question
from bot.conversation import Carried, carry, leans, standalone
from bot.kinds import FIGURED, asking, tells
from bot.names import rename
from bot.places import ANYWHERE, country_of, fit, places
from bot.questions import kind_of, tidy
from bot.spelling import respell
from corpus.calibration import score
from corpus.index import Index
from corpus.library import Library
from corpus.models import Hit
from corpus.reranker import rerank
from corpus.search import Evidence, Query, coverage, query_terms, search, weigh
from corpus.word_vectors import WordVectors, read_question
from corpus.words import stem, term_set, words

# Log-odds from which a question is taken to be answered. Under 0, where the regression was balanced: people ask in many
# more words than the sets that it was fitted on, and strangers are held to more (`bot.draft.STRANGE`).
ANSWERED = -0.6
# How much the search with carried terms counts beside the question alone, at a gate of 1.
CARRY_WEIGHT = 2.2
# How much the whole question counts beside one of its facets.
WHOLE_WEIGHT = 0.8
# And where the facet points back to the rest ("Will that hold me back?").
LEANING_WEIGHT = 1.3
# How far a passage's score is moved by its being about the person's work or goal, and about their country or another.
BY_WORK, BY_COUNTRY = 0.3, 0.2
# What a term of their work or goal tells, beside one that was asked.
OWN_SHARE = 0.5
# What a term counts that the rest of the question tells, beside one that was asked.
TOLD = 0.75
# From this certainty on a question is answered, whatever hangs on words that the library does not know.
SURE = 0.70
# Unknown terms that are looked at for what hangs on them.
MOST_HINGES = 4
# "I have a criminal record. Can I still work in tech?" asks about the record, "I fix roofs. Am I kidding myself with
# AI?" about the roofs: both are searched and judged as a whole.
_BOUND = re.compile(
    r"\b(?:can|could|may|will|would|should|do) (?:i|we|they|he|she) still\b"
    r"|\b(?:am|are) (?:i|we) (?:just |only |totally )?(?:kidding|fooling|deluding|dreaming|crazy|mad|wasting)\b"
    r"|\b(?:do|would|will) (?:i|we) (?:even |really )?(?:have|stand) (?:a|any) chance\b"
    r"|\b(?:anyway|even so|regardless|nonetheless|despite (?:that|this|it))\b",
    re.IGNORECASE,
)
# What it costs the odds that a sum or a time is asked for, and the three best passages tell none.
UNTOLD = 2.0
_ADVICE = re.compile(r"\b(?:how (?:do|should|can|could|to|would)|when|why|where|should|can|could|may)\b", re.IGNORECASE)
# A facet with at most so many content terms is searched by its whole question first.
BARE = 1


@dataclass(frozen=True, slots=True)
class Found:
    """`query`: the question completed. `answerable`: 0 to 1, calibrated for this library, and `answered`
    whether that is enough. `missing`: terms of the
    question that stand nowhere in the library. `respelled`: misspelt word -> word it was read as.
    `hinges`: how much of the question's sense hangs on the most telling of them, 0 to 1 (see `Retriever._hinges`); 0
    where nothing depends on it: the question is declined anyway, or the certainty is above SURE.
    `stems`: content terms of what was asked; `weights`: how much
    each term tells, those that the rest of the question or the conversation lends included. `shown`: sentences, as
    (document id, start), that an answer of this conversation said already and that this one leaves out."""

    query: str
    hits: tuple[Hit, ...]
    answerable: float
    answered: bool
    missing: tuple[str, ...]
    hinges: float
    respelled: dict[str, str]
    evidence: Evidence
    stems: tuple[str, ...]
    weights: Mapping[str, float]
    shown: frozenset[tuple[str, int]] = frozenset()


class Retriever(BaseRetriever):
    """`invoke("question")` gives LangChain documents; `find` gives Waymark's own hits with their evidence."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = 8
    reranker: Any = None  # a `corpus.reranker.Reranker`, or None
    _read: Callable[[str], tuple[NDArray[np.float32], WordVectors | None]] = PrivateAttr()

    def model_post_init(self, _: Any) -> None:
        # The whole question is searched with beside each of its facets: one answer may ask for its vector again.
        self._read = lru_cache(maxsize=16)(partial(read_question, self.library.embedder))

    def find(
        self,
        question: Question,
        k: int = 50,
        part: str | None = None,
        index: Index | None = None,
        *,
        alone: bool = False,
    ) -> Found:
        """The `k` best passages for the question, or for the `part` of it that one facet asks.

        `alone` says that it is the one facet, which may be judged with all that the question tells besides. `index`
        pins the generation, so that one answer never mixes two. Raises QuestionError for an unusable question.
        """
        index = index or self.library.current()
        vocabulary = index.vocabulary()
        paged = partial(has_page, index)
        text = rename(tidy(question.text), vocabulary, paged)
        text, respelled = respell(text, vocabulary, index.document_frequency)
        carried = carry(text, question.history, lambda term: _tells(index, term))
        if part and _BOUND.search(part):
            part = None
        part = respell(rename(part, vocabulary, paged), vocabulary, index.document_frequency)[0] if part else None
        queries = self._queries(text, part, carried)
        found = search(index, queries, k)
        odds = score(found.evidence, index.calibration)
        if odds <= ANSWERED and part and len(queries) > 1 and (alone or len(query_terms(part)) <= BARE):
            # The other way round: "I'm scared of maths. Where do I start?" is answered well by its second half alone,
            # "I have a design interview. How do I structure my answer?" only by both.
            turned = [*queries[1:], queries[0]]
            again = search(index, turned, k)
            if score(again.evidence, index.calibration) > ANSWERED:
                found, queries, odds = again, turned, score(again.evidence, index.calibration)
        if _untold(part or text, found.hits[:3]):
            odds -= UNTOLD
        hits = rerank(self.reranker, part or text, found.hits) if self.reranker is not None else found.hits
        # Only what is asked can be missing, not what is told besides.
        asked = query_terms(part) if part else queries[0].stems
        missing = tuple(term for term in asked if not index.document_frequency(term))
        mine = _own(index, question, part or question.text)
        certainty = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
        return Found(
            query=standalone(text, carried),
            hits=_steered(index, hits, question, mine),
            answerable=certainty,
            answered=odds > ANSWERED and bool(found.hits),
            missing=missing,
            hinges=self._hinges(part or text, missing) if odds > ANSWERED and certainty < SURE else 0.0,
            respelled=respelled,
            evidence=found.evidence,
            stems=queries[0].stems,
            weights={**mine, **_blended(index, queries)},
        )

    def _hinges(self, asked: str, missing: Sequence[str]) -> float:
        """How much of the question's sense hangs on a term that the library does not know: how far its vector turns
        when the word is left out, at the most. "Why bother with networking at all?" says the same without "bother", and
        "How do I negotiate it up?" nothing without "negotiate"; rarity cannot tell the two."""
        if not missing:
            return 0.0
        whole, said = self._read(asked)[0], asked.split()
        turned = [0.0]
        for term in missing[:MOST_HINGES]:
            rest = " ".join(word for word in said if term not in map(stem, words(word)))
            turned.append(1.0 - float(whole @ self._read(rest)[0]) if rest else 1.0)
        return max(turned)

    def _queries(self, text: str, part: str | None, carried: Carried) -> list[Query]:
        """The question (or its facet) first, then what is blended with it."""
        asked: list[tuple[str, float]] = [(part or text, 1.0)]
        if part and part != text and len(query_terms(part)) <= BARE:
            # "What should I ask them?" cannot stand without the sentences around it.
            asked = [(text, 1.0), (part, 1.0)]
        elif part and part != text:
            asked.append((text, LEANING_WEIGHT if leans(part) else WHOLE_WEIGHT))
        if carried.words and carried.gate > 0:
            asked.append((f"{part or text} {' '.join(carried.words)}", CARRY_WEIGHT * carried.gate))
        read = [self._read(each) for each, _ in asked]
        return [
            Query(each, vector, query_terms(each), weight, words)
            for (each, weight), (vector, words) in zip(asked, read, strict=True)
        ]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        del run_manager
        return [as_langchain(hit) for hit in self.find(Question(query), self.k).hits]


def _untold(text: str, hits: Sequence[Hit]) -> bool:
    """Whether a sum or a time is asked for by its name, and none of the best hits has any. "How much does experience
    matter?" asks for no sum, nor does "when should I mention salary?"."""
    kind = kind_of(text)
    if kind not in FIGURED or asking(kind).isdisjoint(map(stem, words(text))) or _ADVICE.search(text):
        return False
    return not any(tells(kind, hit.passage.text) for hit in hits)


def _own(index: Index, question: Question, asked_in: str) -> dict[str, float]:
    """The terms of the person's work and goal that what is asked does not name itself, with their weights."""
    told = f"{question.situation.background or ''} {question.situation.goal or ''}"
    asked = set(query_terms(asked_in))
    known = [term for term in query_terms(told) if index.document_frequency(term) and term not in asked]
    return {term: OWN_SHARE * weight for term, weight in weigh(index, known).items()}


def _steered(index: Index, hits: Sequence[Hit], question: Question, mine: Mapping[str, float]) -> tuple[Hit, ...]:
    """Hits a little up or down by the person's situation: what is headed by their work or goal, or is about their
    country, before what is about another country. Nothing is taken out, and the evidence stays that of the question."""
    country = None if places(question.text) else country_of(question.situation.region)
    if not hits or not (mine or country):
        return tuple(hits)

    def moved(hit: Hit) -> float:
        passage = hit.passage
        share = coverage(mine, term_set(" ".join((passage.context, *passage.asked)))) if mine else 0.0
        region = index.document(passage.document_id).region
        at = fit(country, region, *reversed(passage.section)) if country else ANYWHERE
        return hit.score * (1 + BY_WORK * share + BY_COUNTRY * (at - ANYWHERE))

    steered = [replace(hit, score=moved(hit)) for hit in hits]
    return tuple(sorted(steered, key=lambda hit: -hit.score))


def _blended(index: Index, queries: Sequence[Query]) -> dict[str, float]:
    """The terms of all queries with their weights, a term of several counting by the one that weighs most."""
    blended: dict[str, float] = {}
    for query in queries:
        for term, weight in weigh(index, query.stems).items():
            share = 1.0 if query is queries[0] else _share(query)
            blended[term] = max(blended.get(term, 0.0), share * weight)
    return blended


def _share(query: Query) -> float:
    """What a term counts of a query beside what was asked: what that leans on nearly as much, the rest of the question
    less, the conversation half."""
    if query.weight > LEANING_WEIGHT - 0.1:
        return 0.9
    return (TOLD if query.weight == WHOLE_WEIGHT else 0.5) * min(1.0, query.weight)


def _tells(index: Index, term: str) -> float:
    """How much a term of the conversation tells in this library; nothing where the library does not know it."""
    return weigh(index, (term,))[term] if index.document_frequency(term) else 0.0


def is_answered(answerable: float) -> bool:
    """Whether a certainty (`Found.answerable`) is enough to answer."""
    return answerable > 1 / (1 + math.exp(-ANSWERED))


def as_langchain(hit: Hit) -> LangChainDocument:
    """A hit as a LangChain document; the metadata leads back to the exact place in the guide."""
    passage = hit.passage
    metadata: dict[str, Any] = {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": passage.title,
        "section": " > ".join(passage.section),
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
    }
    return LangChainDocument(page_content=passage.text, metadata=metadata, id=passage.id)
