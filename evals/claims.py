"""Claims against evidence: how well the product's own check tells supported claims from the rest.

A claim set is JSONL: {"id", "claim", "evidence": [sentence, ...], "label"}; the label `supported` is the positive
class, every other label the negative one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.verify import Judgement, verify
from corpus.errors import BadQuestionSet
from corpus.questions import bad_line, read_rows
from evals.metrics import Unscorable, auroc, balanced_accuracy

SUPPORTED = "supported"


class _Claim(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    id: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    evidence: list[str]
    label: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    id: str
    claim: str
    evidence: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Judged:
    claim: LabelledClaim
    judgement: Judgement


def read_claims(path: Path) -> tuple[LabelledClaim, ...]:
    """Read a claim set. Raises UnknownPath; BadQuestionSet naming file and line, also for an id used twice."""
    claims: list[LabelledClaim] = []
    first: dict[str, int] = {}
    for line in read_rows(path, _Claim):
        row = line.row
        if row.id in first:
            raise bad_line(path, line.number, f"the id {row.id!r} was used on line {first[row.id]} already")
        first[row.id] = line.number
        claims.append(LabelledClaim(row.id, row.claim, tuple(row.evidence), row.label == SUPPORTED))
    if not claims:
        raise BadQuestionSet(f"{path} holds no claim; each line must be one claim as JSON.")
    return tuple(claims)


def judge(claims: Sequence[LabelledClaim], advance: Callable[[], None] = lambda: None) -> tuple[Judged, ...]:
    """The product's verdict on every claim; `advance` is called after each."""
    judged = []
    for claim in claims:
        judged.append(Judged(claim, verify(claim.claim, claim.evidence)))
        advance()
    return tuple(judged)


def measures(judged: Sequence[Judged]) -> dict[str, Any]:
    """`n`; `auroc` of the scores; `balanced_accuracy` of the verdicts, at the threshold that the product ships with.

    The last two are null where only one kind of claim is there.
    """
    positive = [each.claim.supported for each in judged]
    body: dict[str, Any] = {"n": len(judged)}
    try:
        body["auroc"] = round(auroc([each.judgement.score for each in judged], positive), 6)
        verdicts = [each.judgement.verdict == "supported" for each in judged]
        body["balanced_accuracy"] = round(balanced_accuracy(verdicts, positive), 6)
    except Unscorable:
        body |= {"auroc": None, "balanced_accuracy": None}
    return body
