"""A tiny world for the controls: documents whose every word is known, and answers known to be right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.answer import Answer, Citation, Claim, HandOn
from corpus.errors import UnknownDocument
from corpus.questions import Case, Expect, Relevant
from evals.scoring import Outcome

TEXTS = {
    "baking": (
        "Working in a bakery\n"
        "A baker in the valley starts work at 4 in the morning. The bakery on Mill Street employs 25 people. "
        "An apprenticeship in baking takes 3 years. A trained baker earns 31,400 dollars a year. "
        "The night shift pays 12% more than the day shift."
    ),
    "sailing": (
        "Working on a sailing boat\n"
        "A deckhand spends 40 weeks of the year at sea. The harbour school admits 18 pupils each spring. "
        "A skipper needs a licence for boats above 9 metres. Most crews sleep in shifts of 6 hours. "
        "The summer season begins in May."
    ),
    "clocks": (
        "Repairing clocks\n"
        "A clockmaker keeps a workshop with good light. The guild has 250 members in the country. "
        "Restoring a tower clock takes about 14 months. Customers pay half of the price in advance. "
        "Old clocks are cleaned with mild oil."
    ),
    "glass": (
        "Working in a glass house\n"
        "Elena Brusk founded the glass house in Tarkwell. Jonas Ferrel runs the furnace in Pellworth. "
        "Marta Quillon teaches cutting at the Ostmark Institute. Petra Holm trained Ivo Lund in engraving. "
        "The glass house in Tarkwell buys its sand from the quarry in Veldenau."
    ),
}

# For each document what can be asked of it, and the words of it that answer.
ASKED = {
    "baking": (
        ("How many people does the bakery on Mill Street employ?", "employs 25 people"),
        ("How long does an apprenticeship in baking take?", "takes 3 years"),
        ("How much does a trained baker earn?", "31,400 dollars"),
    ),
    "sailing": (
        ("How many pupils does the harbour school admit?", "18 pupils"),
        ("When does a skipper need a licence?", "above 9 metres"),
        ("How many weeks does a deckhand spend at sea?", "40 weeks"),
    ),
    "clocks": (
        ("How many members does the guild have?", "250 members"),
        ("How long does restoring a tower clock take?", "14 months"),
        ("What are old clocks cleaned with?", "mild oil"),
    ),
}

# Two names of one sentence exchanged: every word of it still stands in the source.
EXCHANGED = (
    ("Petra Holm trained Ivo Lund in engraving.", "Ivo Lund trained Petra Holm in engraving."),
    (
        "The glass house in Tarkwell buys its sand from the quarry in Veldenau.",
        "The glass house in Veldenau buys its sand from the quarry in Tarkwell.",
    ),
)
# What is named in the sentences of "glass", so that two sentences can exchange it.
NAMES = ("Elena Brusk", "Jonas Ferrel", "Marta Quillon", "Petra Holm")


@dataclass(frozen=True, slots=True)
class Twisted:
    """A sentence that stands in a source, and what it becomes with another number and with a negation."""

    stands: str
    number: str
    negated: str


TWISTED = (
    Twisted(
        "The bakery on Mill Street employs 25 people.",
        "The bakery on Mill Street employs 52 people.",
        "The bakery on Mill Street does not employ 25 people.",
    ),
    Twisted(
        "An apprenticeship in baking takes 3 years.",
        "An apprenticeship in baking takes 5 years.",
        "An apprenticeship in baking never takes 3 years.",
    ),
    Twisted(
        "A trained baker earns 31,400 dollars a year.",
        "A trained baker earns 34,100 dollars a year.",
        "A trained baker does not earn 31,400 dollars a year.",
    ),
    Twisted(
        "The night shift pays 12% more than the day shift.",
        "The night shift pays 21% more than the day shift.",
        "The night shift does not pay 12% more than the day shift.",
    ),
    Twisted(
        "A deckhand spends 40 weeks of the year at sea.",
        "A deckhand spends 14 weeks of the year at sea.",
        "A deckhand does not spend 40 weeks of the year at sea.",
    ),
    Twisted(
        "The harbour school admits 18 pupils each spring.",
        "The harbour school admits 80 pupils each spring.",
        "The harbour school does not admit 18 pupils each spring.",
    ),
    Twisted(
        "Most crews sleep in shifts of 6 hours.",
        "Most crews sleep in shifts of 8 hours.",
        "Most crews do not sleep in shifts of 6 hours.",
    ),
    Twisted(
        "The guild has 250 members in the country.",
        "The guild has 25 members in the country.",
        "The guild has no 250 members in the country.",
    ),
    Twisted(
        "Restoring a tower clock takes about 14 months.",
        "Restoring a tower clock takes about 41 months.",
        "Restoring a tower clock does not take about 14 months.",
    ),
)


class World:
    """The documents; `text` as a library gives it."""

    def text(self, document_id: str) -> str:
        if document_id not in TEXTS:
            raise UnknownDocument(f"There is no document {document_id}.")
        return TEXTS[document_id]


@dataclass(frozen=True, slots=True)
class Replies(World):
    """A system that gives prepared outcomes, by case id."""

    outcomes: dict[str, Outcome]

    def ask(self, each: Case) -> Outcome:
        return self.outcomes[each.id]

    def sources(self) -> None:
        return None

    def describe(self) -> dict[str, Any]:
        return {"system": "control", "generation": "control", "documents": len(TEXTS)}


def cite(document_id: str, quote: str, number: int) -> Citation:
    """The citation of words that stand in a document."""
    start = TEXTS[document_id].index(quote)
    title = TEXTS[document_id].split("\n", 1)[0]
    return Citation(number, document_id, title, None, f"{document_id}.md", "", quote, start, start + len(quote))


def sentences(document_id: str) -> list[str]:
    body = TEXTS[document_id].split("\n", 1)[1]
    return [part.rstrip(".") + "." for part in body.split(". ")]


def answered(*said: tuple[str, str]) -> Answer:
    """The sound answer that says each (document, its sentence), word for word, each with a citation of its own."""
    citations = tuple(cite(document, quote, number) for number, (document, quote) in enumerate(said, 1))
    claims = tuple(Claim(each.quote, (each.number,), "supported") for each in citations)
    return rendered(Answer("answered", "", claims, citations))


def rendered(answer: Answer) -> Answer:
    """The same with its Markdown made anew from its supported claims."""
    text = " ".join(
        f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}"
        for claim in answer.claims
        if claim.verdict == "supported"
    )
    return replace(answer, answer=text)


def declined() -> Answer:
    return Answer("abstained", "The guides do not say.", missing=("what was asked",))


def handed() -> Answer:
    return replace(declined(), hand_on=HandOn("legal", "a lawyer"))


def case(name: str, expect: Expect = "answered", *nuggets: Sequence[str], **more: Any) -> Case:
    relevant = tuple(Relevant(source) for source in more.get("relevant", ()))
    return Case(name, f"What about {name}?", expect, nuggets=tuple(map(tuple, nuggets)), relevant=relevant)


def asked(each: Case, answer: Answer | None, trouble: str = "", total_ms: float | None = 5.0) -> Outcome:
    return Outcome(each, answer, trouble, total_ms=total_ms if answer else None)
