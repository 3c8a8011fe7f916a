"""The page first, then its lines: where a question names a job that has a page and wants one thing of it.

On pages that look alike, likeness alone finds rows of other jobs and branches; choosing the page by its title and then
the line by what it tells is surer (see docs/measured-answers.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bot.measures import Measure, asked, label_of, labelled, told
from bot.numbers import numbers
from bot.titles import Named, Titles, named, titles_of, without_names
from corpus.index import Index
from corpus.models import Hit, Passage
from corpus.words import STOPWORDS, stem, term_set, words

# Measures of which two jobs can be compared, as a question on one of them.
_ONE: dict[Measure, str] = {
    "pay": "How much do {} earn?",
    "growth": "What is the job outlook for {}?",
    "number": "How many jobs are there for {}?",
    "openings": "How many openings are there for {} each year?",
    "education": "What education do {} need?",
}
# Pages and their passages that are looked through.
_MOST_PAGES, _MOST_ROWS = 3, 80
# A page that has so many measures as rows of its own is one of a handbook.
_LEAST_TOLD = 2
_facts: WeakKeyDictionary[Index, dict[str, bool]] = WeakKeyDictionary()
_COMPARES = re.compile(
    r"\b(?:more|less|better|higher|lower|faster|vs|versus|than|or|compared?|difference|between)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Aim:
    """`documents`: ids of the pages on the job; `name`: its stems as asked; `wanted`: stems of the whole question."""

    measure: Measure
    documents: tuple[str, ...]
    name: tuple[str, ...]
    wanted: frozenset[str]
    titles: Titles

    def weigh(self, passage: Passage, text: str) -> float:
        """How much speaks for or against a line; minus infinity where it stands elsewhere or is about another job."""
        if passage.document_id not in self.documents:
            return float("-inf")
        _, label = label_of(passage.title, text)
        name = tuple(stem(word) for word in words(label) if word not in STOPWORDS)
        pages = self.titles.pages.get(name, ())
        if pages and not set(pages) & set(self.documents):
            return float("-inf")
        return told(self.measure, passage, text, self.name, self.wanted)

    def hits(self, index: Index, found: Sequence[Hit]) -> tuple[Hit, ...]:
        """What was found on the job's pages, then the rest of them, with scores of 0: a label tells by itself."""
        mine = [hit for hit in found if hit.passage.document_id in self.documents]
        have = {hit.passage.id for hit in mine}
        rest = [
            passage
            for document in self.documents[:_MOST_PAGES]
            for passage in map(index.passage, index.rows_of(document)[:_MOST_ROWS])
            if passage.id not in have
        ]
        return (*mine, *(Hit(passage, 0.0, 0.0, 0.0, (0.0,) * len(passage.sentences)) for passage in rest))


def aim_of(index: Index, text: str) -> Aim | None:
    """The page and the measure that a question aims at; None where it names none, or several jobs with pages."""
    titles = titles_of(index)
    jobs = named(text, titles)
    measure = asked(without_names(text, jobs)) if jobs else None
    if measure is None:
        return None
    if len({job.documents for job in jobs}) != 1 or not all(has_facts(index, page) for page in jobs[0].documents):
        return None
    return Aim(measure, jobs[0].documents, jobs[0].stems, term_set(text), titles)


def compared(index: Index, text: str) -> tuple[str, ...]:
    """A question that compares two jobs with a page each, as a question on each; () for any other question."""
    if not _COMPARES.search(text):
        return ()
    jobs = _distinct(named(text, titles_of(index)))
    measure = asked(without_names(text, jobs))
    if measure not in _ONE:
        return ()
    if len(jobs) != 2 or not all(has_facts(index, job.documents[0]) for job in jobs):
        return ()
    return tuple(_ONE[measure].format(index.document(job.documents[0]).title) for job in jobs)


def has_page(index: Index, name: tuple[str, ...]) -> bool:
    """Whether a library has a handbook's page on the job of this name (its stems in order)."""
    return any(has_facts(index, page) for page in titles_of(index).pages.get(name, ()))


def has_facts(index: Index, document_id: str) -> bool:
    """Whether a page tells figures of its job in rows of its own: a handbook's page, and no guide in prose."""
    known = _facts.setdefault(index, {})
    if document_id not in known:
        known[document_id] = _has_facts(index, document_id)
    return known[document_id]


def _has_facts(index: Index, document_id: str) -> bool:
    told: set[Measure] = set()
    for row in index.rows_of(document_id)[:_MOST_ROWS]:
        passage = index.passage(row)
        for sentence in passage.sentences:
            if sentence.kind == "row":
                text = passage.quote(sentence)
                caption, label = label_of(passage.title, text)
                # A row of several columns belongs to a table, which any guide may have.
                told |= labelled(label) if label and not caption and "; " not in text else set()
        if len(told) >= _LEAST_TOLD:
            return True
    return False


def _distinct(jobs: Sequence[Named]) -> tuple[Named, ...]:
    return tuple({job.documents: job for job in jobs if len(job.documents) == 1}.values())


def adds(text: str, before: Sequence[str]) -> bool:
    """Whether a line has a figure that none of the lines before it has."""
    known = {(number.value, number.unit) for line in before for number in numbers(line)}
    return any((number.value, number.unit) not in known for number in numbers(text))
