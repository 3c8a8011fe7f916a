"""Risk against coverage: how often the product would be wrong, were it to answer only what it is surest of.

Questions are put in the order of the product's own certainty (`bot.retriever.Found.answerable`). At each coverage, the
share of questions answered so far, the risk is the share of those that should have been declined, or for which no
relevant document is among the first hits (El-Yaniv and Wiener, 2010; the area under the curve after Geifman and
El-Yaniv, 2017). One setting serves every library, so the curves of two libraries show whether it carries over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answer import Question, Turn
from corpus.library import Library
from corpus.questions import QuestionSet
from evals.metrics import Unscorable, auroc, mean
from evals.retrieval import Ranked

if TYPE_CHECKING:
    from corpus.reranker import Reranker

# A relevant document must be among so many first hits.
FIRST = 3
RISKS = (0.05, 0.10)


@dataclass(frozen=True, slots=True)
class Sure:
    """One question: how sure the product is (0 to 1), whether it would answer, and whether that would be wrong.

    `answerable`: whether the library holds an answer at all; None where that is not told.
    """

    certainty: float
    answered: bool
    wrong: bool
    answerable: bool | None = None


@dataclass(frozen=True, slots=True)
class Point:
    coverage: float
    risk: float


def curve(sure: Sequence[Sure]) -> tuple[Point, ...]:
    """A point for each number of questions answered, surest first; equal certainty is answered together.

    Raises Unscorable without questions.
    """
    if not sure:
        raise Unscorable("there is no question")
    ranked = sorted(sure, key=lambda each: -each.certainty)
    points = []
    wrong = 0
    for place, each in enumerate(ranked, 1):
        wrong += each.wrong
        if place == len(ranked) or ranked[place].certainty != each.certainty:
            points.append(Point(place / len(ranked), wrong / place))
    return tuple(points)


def measures(sure: Sequence[Sure]) -> dict[str, Any]:
    """`n`, `wrong` (how many would be wrong), `area` under the curve and the least `area_best` that any order could
    give, `coverage@risk5` and `coverage@risk10`, `auroc_unanswerable` (null unless both kinds are there), and
    `coverage` and `risk` at the setting that the product ships with (risk null where it answers nothing)."""
    points = curve(sure)
    answered = [each for each in sure if each.answered]
    best = [Sure(1.0 - place / len(sure), True, each.wrong) for place, each in enumerate(sorted(sure, key=_wrong))]
    body: dict[str, Any] = {
        "n": len(sure),
        "wrong": sum(each.wrong for each in sure),
        "area": round(area(points), 6),
        "area_best": round(area(curve(best)), 6),
    }
    told = [each for each in sure if each.answerable is not None]
    try:
        ranked = auroc([-each.certainty for each in told], [not each.answerable for each in told])
        body["auroc_unanswerable"] = round(ranked, 6)
    except Unscorable:
        body["auroc_unanswerable"] = None
    for risk in RISKS:
        body[f"coverage@risk{risk * 100:.0f}"] = round(
            max((p.coverage for p in points if p.risk <= risk), default=0.0), 6
        )
    body["coverage"] = round(len(answered) / len(sure), 6)
    body["risk"] = round(mean([float(each.wrong) for each in answered]), 6) if answered else None
    return body


def area(points: Sequence[Point]) -> float:
    """The mean risk over all coverages from 0 to 1, each point holding from the one before on."""
    total, before = 0.0, 0.0
    for point in points:
        total += (point.coverage - before) * point.risk
        before = point.coverage
    return total


def of_questions(sets: Sequence[QuestionSet], library: Library, reranker: Reranker | None = None) -> tuple[Sure, ...]:
    """The questions of sets that expect an answer, with the documents that hold it, or none at all."""
    from bot.retriever import Retriever  # late: LangChain takes a while

    retriever = Retriever(library=library, reranker=reranker)
    sources = {document.id: document.source for document in library.documents()}
    found = []
    for case in (case for each in sets for case in each.cases):
        wanted = {each.document for each in case.relevant}
        if case.expect not in ("answered", "abstained") or (case.expect == "answered" and not wanted):
            continue
        history = tuple(Turn(turn.role, turn.content) for turn in case.history)
        each_found = retriever.find(Question(case.question, history), FIRST)
        shown = {sources[hit.passage.document_id] for hit in each_found.hits[:FIRST]}
        wrong = case.expect == "abstained" or not shown & wanted
        found.append(Sure(each_found.answerable, each_found.answered, wrong, case.expect == "answered"))
    return tuple(found)


def of_ranked(ranked: Sequence[Ranked]) -> tuple[Sure, ...]:
    """The queries of a retrieval set that has told which of them can be answered."""
    from bot.retriever import is_answered

    return tuple(
        Sure(
            each.answerable,
            is_answered(each.answerable),
            not each.query.answerable or not any(document in each.query.gains for document in each.documents[:FIRST]),
            each.query.answerable,
        )
        for each in ranked
        if each.query.answerable is not None
    )


def svg(curves: Sequence[tuple[str, Sequence[Point]]], width: int = 640, height: int = 360) -> str:
    """The curves in one drawing: coverage to the right, risk upwards."""
    colours = ("#1f5fa8", "#b3541e", "#2d7d46", "#7a3f98")
    left, low = 50, height - 40
    across, up = width - left - 20, low - 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12"><title>Risk against coverage</title>',
        f'<path d="M{left} 20V{low}H{width - 20}" fill="none" stroke="#555"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = left + across * tenth / 10, low - up * tenth / 10
        parts.append(f'<text x="{x:.0f}" y="{low + 16}" text-anchor="middle">{tenth / 10:g}</text>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{tenth / 10:g}</text>')
    for place, (name, points) in enumerate(curves):
        line = " ".join(f"{left + across * p.coverage:.1f},{low - up * p.risk:.1f}" for p in points)
        colour = colours[place % len(colours)]
        plain = name.replace("&", "&amp;").replace("<", "&lt;")
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{left + 10}" y="{34 + 16 * place}" fill="{colour}">{plain}</text>')
    return "".join(parts) + "</svg>\n"


def write(path: Path, curves: Sequence[tuple[str, Sequence[Point]]]) -> None:
    """The drawing as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg(curves), encoding="utf-8")


def _wrong(each: Sure) -> bool:
    return each.wrong
