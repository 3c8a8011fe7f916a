"""What can be checked of an answer without knowing what it should say: its citations, marks and own words; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answer import Answer, Citation, Claim
from corpus.errors import UnknownDocument

# The words of an answered reply that are not claims must be fewer than this share of all.
FRAME_SHARE = 0.25

# An escaped character is skipped whole, so that "\[3\]" of a source is no mark and "\\[3]" is one.
_MARK = re.compile(r"\\.|\[(\d+)\](?P<link>\(|:)?", re.DOTALL)
_LINE_START = re.compile(r"^[ \t]*(?:[-*+>]|#{1,6}|\d+[.)])[ \t]+", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")


class Documents(Protocol):
    """Where the reading texts are."""

    def text(self, document_id: str) -> str:
        """`text` of the document. Raises UnknownDocument."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Counts over one answer, and what broke the contract, as sentences.

    `valid` of `citations` quote their document exactly; `verbatim` of `claims` (the supported ones) stand word for word
    in their own quotes.
    """

    citations: int
    valid: int
    claims: int
    verbatim: int
    problems: tuple[str, ...]


def check(answer: Answer, documents: Documents) -> Checks:
    """All checks of one answer."""
    supported = [claim for claim in answer.claims if claim.verdict == "supported"]
    wrong = [problem for citation in answer.citations for problem in citation_problem(citation, documents)]
    return Checks(
        citations=len(answer.citations),
        valid=len(answer.citations) - len(wrong),
        claims=len(supported),
        verbatim=sum(is_verbatim(claim, answer.citations) for claim in supported),
        problems=(*wrong, *_numbering(answer), *_wording(answer), *_status(answer)),
    )


def citation_problem(citation: Citation, documents: Documents) -> tuple[str, ...]:
    """One sentence where `quote == document.text[start:end]` does not hold or the quote is empty; else nothing."""
    name = f"citation {citation.number}"
    try:
        text = documents.text(citation.document_id)
    except UnknownDocument:
        return (f"{name} cites a document that is not in the library",)
    if not citation.quote.strip():
        return (f"{name} quotes nothing",)
    if not 0 <= citation.start < citation.end <= len(text) or text[citation.start : citation.end] != citation.quote:
        return (f"the quote of {name} does not stand at its place in its document",)
    return ()


def is_verbatim(claim: Claim, citations: Sequence[Citation]) -> bool:
    """Whether the claim's text, white space aside, stands as whole words in one quote of its own citations."""
    text = " ".join(claim.text.split())
    if not text:
        return False
    # Where the text begins or ends with a word, that word must not go on in the quote.
    before, after = r"(?<!\w)" if text[0].isalnum() else "", r"(?!\w)" if text[-1].isalnum() else ""
    whole = re.compile(before + re.escape(text) + after)
    return any(whole.search(" ".join(each.quote.split())) for each in citations if each.number in claim.citations)


def marks(answer: str) -> tuple[tuple[int, ...], bool]:
    """The numbers of the marks in an answer's Markdown, in order, and whether one of them was made a link."""
    found = [match for match in _MARK.finditer(answer) if match[1]]
    return tuple(int(match[1]) for match in found), any(match["link"] for match in found)


def plain_words(markdown: str) -> tuple[str, ...]:
    """The words that a person reads: marks, escapes and decoration at the beginning of lines removed."""
    text = _LINE_START.sub("", markdown)
    text = _MARK.sub(lambda m: m[0] if m[0].startswith("\\") else " ", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("&amp;", "&")
    return tuple(_WORD.findall(text))


def _numbering(answer: Answer) -> Iterator[str]:
    """Marks, claims and citations are the same set of numbers, without duplicates."""
    marked, linked = marks(answer.answer)
    numbers = [citation.number for citation in answer.citations]
    claimed = [number for claim in answer.claims for number in claim.citations]
    if linked:
        yield "a mark in the answer is a link"
    if len(set(numbers)) != len(numbers):
        yield "two citations have the same number"
    if not set(marked) == set(claimed) == set(numbers):
        yield (
            f"the marks {sorted(set(marked))}, the claims' numbers {sorted(set(claimed))} "
            f"and the citations' {sorted(set(numbers))} differ"
        )
    for place, claim in enumerate(answer.claims, start=1):
        if len(set(claim.citations)) != len(claim.citations):
            yield f"claim {place} cites the same number twice"
        if claim.verdict == "supported" and not claim.citations:
            yield f"claim {place} is supported by no citation"
        if claim.verdict == "unsupported" and claim.citations:
            yield f"claim {place} is unsupported and has citations"


def _wording(answer: Answer) -> Iterator[str]:
    """The answer is its supported claims in their order, with frame text around them."""
    body = plain_words(answer.answer)
    at, covered = 0, 0
    shown: list[tuple[str, ...]] = []
    for place, claim in enumerate(answer.claims, start=1):
        if claim.verdict != "supported":
            continue
        said = tuple(_WORD.findall(claim.text))
        start = _find(body, said, at)
        if not said or start is None:
            yield f"claim {place} does not stand in the answer in its order"
            continue
        at, covered = start + len(said), covered + len(said)
        shown.append(said)
    for place, claim in enumerate(answer.claims, start=1):
        said = tuple(_WORD.findall(claim.text))
        if claim.verdict == "supported" or not said or _find(body, said, 0) is None:
            continue
        # The same words may rightly stand in a supported claim.
        if all(_find(each, said, 0) is None for each in shown):
            yield f"claim {place} is unsupported and stands in the answer"
    if answer.status == "answered" and body and len(body) - covered >= FRAME_SHARE * len(body):
        yield f"{len(body) - covered} of {len(body)} words of the answer are no claim"


def _status(answer: Answer) -> Iterator[str]:
    """What each status promises of the other fields."""
    supported = any(claim.verdict == "supported" for claim in answer.claims)
    if answer.status in ("answered", "partial") and not supported:
        yield f"the status is {answer.status} and nothing is claimed"
    if answer.status in ("abstained", "clarify") and (supported or answer.citations):
        yield f"the status is {answer.status} and something is claimed"
    if answer.status in ("abstained", "partial") and not answer.missing:
        yield f"the status is {answer.status} and nothing is said to be missing"
    if answer.status == "clarify" and not 2 <= len(answer.options) <= 4:
        yield f"it asks back with {len(answer.options)} options instead of two to four"


def _find(body: Sequence[str], wanted: Sequence[str], at: int) -> int | None:
    """The first place from `at` on where `wanted` stands in `body`; None where it does not."""
    size = len(wanted)
    return next(
        (i for i in range(at, len(body) - size + 1) if tuple(body[i : i + size]) == tuple(wanted)),
        None,
    )
