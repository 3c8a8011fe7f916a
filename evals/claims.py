"""Claims against evidence: how well the product's own check tells supported claims from the rest.

A claim set is JSONL: {"id", "claim", "evidence": [sentence, ...], "label"}; the label `supported` is the positive
class, every other label the negative one. The project's own sets (evals/claim_sets) also tell the `kind` of each row:
how a paraphrase says the same, or what was changed in a falsification.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.verify import Judgement, verify
from corpus.errors import BadQuestionSet
from corpus.questions import bad_line, read_rows
from evals.metrics import Rate, Unscorable, auroc, balanced_accuracy

SUPPORTED = "supported"


class _Claim(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    id: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    evidence: list[str]
    label: str = Field(min_length=1)
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    id: str
    claim: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str = ""


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
        claims.append(LabelledClaim(row.id, row.claim, tuple(row.evidence), row.label == SUPPORTED, row.kind))
    if not claims:
        raise BadQuestionSet(f"{path} holds no claim; each line must be one claim as JSON.")
    return tuple(claims)


def own_set(name: str) -> tuple[LabelledClaim, ...]:
    """One of the project's own sets: `tune`, `test` (other sentences), `other-fields` (other subjects), `wide-tune` and
    `wide-test` (many subjects, paraphrased more freely), `work-tune` and `work-test` (work of all kinds, as freely)."""
    with as_file(files("evals.claim_sets") / f"{name}.jsonl") as file:
        return read_claims(file)


def judge(claims: Sequence[LabelledClaim], advance: Callable[[], None] = lambda: None) -> tuple[Judged, ...]:
    """The product's verdict on every claim; `advance` is called after each."""
    judged = []
    for claim in claims:
        judged.append(Judged(claim, verify(claim.claim, claim.evidence)))
        advance()
    return tuple(judged)


def measures(judged: Sequence[Judged]) -> dict[str, Any]:
    """`n`; `auroc` of the scores; `balanced_accuracy` of the verdicts, at the threshold that the product ships with;
    both null where only one kind of claim is there.

    Where rows tell their kind also `passed`, the share of supported claims that are judged so, and `caught`, the
    share of the others that are not; and under `kinds`, for each kind, its `n` and the share that was judged rightly.
    """
    positive = [each.claim.supported for each in judged]
    body: dict[str, Any] = {"n": len(judged)}
    try:
        body["auroc"] = round(auroc([each.judgement.score for each in judged], positive), 6)
        verdicts = [each.judgement.verdict == "supported" for each in judged]
        body["balanced_accuracy"] = round(balanced_accuracy(verdicts, positive), 6)
    except Unscorable:
        body |= {"auroc": None, "balanced_accuracy": None}
    if any(each.claim.kind for each in judged):
        for name, supported in (("passed", True), ("caught", False)):
            mine = [each for each in judged if each.claim.supported is supported]
            if mine:
                body[name] = round(_rate(mine).value, 6)
        body["kinds"] = {
            f"{'paraphrase' if supported else 'swap'}: {kind or 'untold'}": {
                "n": len(mine),
                "rightly": round(_rate(mine).value, 6),
            }
            for supported in (True, False)
            for kind in sorted({each.claim.kind for each in judged})
            if (mine := [e for e in judged if e.claim.kind == kind and e.claim.supported is supported])
        }
    return body


def _rate(judged: Sequence[Judged]) -> Rate:
    """How many were judged rightly."""
    return Rate(sum((e.judgement.verdict == SUPPORTED) is e.claim.supported for e in judged), len(judged))
