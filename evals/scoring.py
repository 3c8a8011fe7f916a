"""From an answer and what was expected of it to a score; pure. How scores are counted together: `evals.board`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.answer import Answer
from corpus.questions import Case
from evals import nuggets
from evals.checks import Checks, Documents, check
from evals.grounding import Grounding, grounding

State = Literal["scored", "empty", "errored", "unscorable"]
STATES: tuple[State, ...] = ("scored", "empty", "errored", "unscorable")
# Nuggets are looked for in the first words of an answer only, so that saying everything is no way to be right: in as
# many as the longest list given whole may have, and, more strictly, in what a short answer may have.
READ_WORDS = 250
SHORT_WORDS = 120
# The tag of questions with several readings: asking back is as right as what the case expects.
CLARIFY = "clarify"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking one case: an answer, or why there is none. `total_ms` is None where there is none, and so is
    `certainty`, how sure the product is that its library answers (0 to 1), where the system does not tell."""

    case: Case
    answer: Answer | None
    trouble: str = ""
    trouble_state: State = "errored"
    total_ms: float | None = None
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One case, scored. `nuggets` tells for each wanted nugget whether it was found, `nuggets_short` in the first
    `SHORT_WORDS` words; `relevant`, `relevant_quote` and `foreign` (it states what the case says it must never state)
    are None where the case names no such thing."""

    case: Case
    state: State
    trouble: str
    status: str
    as_expected: bool
    handed_on: bool
    checks: Checks | None
    nuggets: tuple[bool, ...]
    nuggets_short: tuple[bool, ...]
    relevant: bool | None
    relevant_quote: bool | None
    words: int
    extractive: bool
    grounding: Grounding | None = None
    foreign: bool | None = None

    @property
    def sound(self) -> bool:
        """There is an answer and it breaks nothing of the contract."""
        return self.checks is not None and not self.checks.problems

    @property
    def passed(self) -> bool:
        """As expected, all its nuggets, a relevant document where one is named, nothing foreign, and nothing broken."""
        right = self.as_expected and all(self.nuggets) and self.relevant is not False
        return right and self.sound and not self.foreign


def score(outcome: Outcome, documents: Documents) -> Score:
    """Score one case. Deterministic; timings play no part."""
    case, answer = outcome.case, outcome.answer
    wanted = wanted_nuggets(case)
    if answer is None:
        miss = (False,) * len(wanted)
        return Score(
            case, outcome.trouble_state, outcome.trouble, "", False, False, None, miss, miss,
            False if case.relevant else None, False if _quotes(case) else None, 0, False,
        )  # fmt: skip
    claimed = [claim.text for claim in answer.claims if claim.verdict == "supported"]
    empty = answer.status in ("answered", "partial") and (not claimed or not answer.answer.strip())
    cited = {(citation.source, citation.quote) for citation in answer.citations}
    sources = {source for source, _ in cited}
    return Score(
        case=case,
        state="empty" if empty else "scored",
        trouble="it says that it answers and claims nothing" if empty else "",
        status=answer.status,
        as_expected=not empty and _as_expected(case, answer),
        handed_on=answer.hand_on is not None,
        checks=check(answer, documents),
        nuggets=nuggets.found(nuggets.joined(claimed, READ_WORDS), wanted),
        nuggets_short=nuggets.found(nuggets.joined(claimed, SHORT_WORDS), wanted),
        relevant=any(each.document in sources for each in case.relevant) if case.relevant else None,
        relevant_quote=_quoted(case, cited) if _quotes(case) else None,
        words=sum(len(text.split()) for text in claimed),
        extractive=answer.mode == "extractive",
        grounding=grounding(answer),
        foreign=any(nuggets.found(nuggets.joined(claimed), [case.never])) if case.never else None,
    )


def wanted_nuggets(case: Case) -> tuple[tuple[str, ...], ...]:
    """The nuggets that are looked for: none where the right answer is to decline."""
    return () if case.expect == "abstained" else case.nuggets


def _as_expected(case: Case, answer: Answer) -> bool:
    if CLARIFY in case.tags and answer.status == "clarify":
        return True
    return answer.hand_on is not None if case.expect == "handed_on" else answer.status == case.expect


def _quotes(case: Case) -> list[tuple[str, str]]:
    return [(each.document, each.quote) for each in case.relevant if each.quote]


def _quoted(case: Case, cited: Iterable[tuple[str, str]]) -> bool:
    """Whether a citation of a relevant document holds the wanted words, or is held by them."""
    pairs = [(source, nuggets.tokens(quote), quote) for source, quote in cited]
    return any(
        document == source and (nuggets.holds(body, quote) or nuggets.holds(nuggets.tokens(quote), said))
        for document, quote in _quotes(case)
        for source, body, said in pairs
    )
