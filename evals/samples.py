"""Ten answers as they come out, for docs/answers.md: question, answer with marks, and what each mark stands on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.answer import Answer, Citation, Question, Situation, Turn
from bot.render import escape
from corpus.models import Reference

_HEAD = """# Ten answers, as they come out

Written by `evals samples docs/answers.md`, without a language model, from the guides that ship. The questions were
chosen for the situations that they stand for. Under each answer stand the words of the guides that its marks point to,
and the works on which the guides rest there.
"""
_QUOTED = re.compile(r"^   > ?(.*)$")


@dataclass(frozen=True, slots=True)
class Sample:
    """A question and who asks it; `before` was asked first, and its answer is the conversation so far."""

    who: str
    question: str
    before: str = ""
    situation: Situation = field(default_factory=Situation)


SAMPLES = (
    Sample("Changing career", "I'm a teacher in my forties and want to work with data. Where do I start?"),
    Sample("A student", "I can't get an internship. What can stand in for one?"),
    Sample("Laid off", "I was laid off yesterday. What should I do in the first week?"),
    Sample(
        "A nurse", "What should a nurse learn first for a data job?", situation=Situation("nurse", "United States", 6)
    ),
    Sample("A comparison", "Data analyst or data scientist: how do the jobs differ?"),
    Sample("Figures that disagree", "Is data scientist growth in the US 34% or 36%?"),
    Sample("Nothing in the guides", "How do I get a mortgage as a freelancer?"),
    Sample("A case for a professional", "How long may I stay in the US after my H-1B job ends?"),
    Sample("A follow-up", "and how much do they earn in the US?", before="What does a data engineer do?"),
    Sample("An overview", "Tell me about machine learning engineers"),
)


def page(ask: Callable[[Question], Answer], samples: Sequence[Sample] = SAMPLES) -> str:
    """The page in Markdown; `ask` gives the answer to a question, follow-ups with what was said before."""
    return "\n".join([_HEAD, *(_section(sample, ask) for sample in samples)])


def quotes(text: str) -> list[str]:
    """The quotes that stand on a page, as plain text with a line an item, in their order."""
    found: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        match = _QUOTED.match(line)
        if match:
            if not inside:
                found.append([])
            found[-1].append(_unescaped(match[1]))
        inside = match is not None
    return ["\n".join(lines).strip() for lines in found]


def _section(sample: Sample, ask: Callable[[Question], Answer]) -> str:
    history: tuple[Turn, ...] = ()
    parts = [f"## {sample.who}"]
    if sample.before:
        first = ask(Question(sample.before, situation=sample.situation))
        history = (Turn("user", sample.before), Turn("assistant", first.answer))
        parts.append(f"*Asked before: {escape(sample.before)}*")
    if told := _told(sample.situation):
        parts.append(f"*Known of the person: {told}*")
    answer = ask(Question(sample.question, history, sample.situation))
    parts.append(f"**{escape(sample.question)}**")
    parts.append(textwrap.indent(answer.answer, "> ", lambda _: True))
    parts += [f"{label}: {'; '.join(escape(each) for each in told)}" for label, told in _beside(answer) if told]
    parts += [_citation(each) for each in answer.citations]
    return "\n\n".join(parts) + "\n"


def _told(situation: Situation) -> str:
    hours = f"{situation.hours_per_week:g} hours a week" if situation.hours_per_week else None
    told = (situation.background, situation.region, hours, situation.goal)
    return escape(", ".join(each for each in told if each))


def _beside(answer: Answer) -> tuple[tuple[str, Sequence[str]], ...]:
    """What stands beside the answer: what is missing, whom to ask, what to ask instead."""
    hand_on = answer.hand_on
    whom = [f"{hand_on.whom}{f', {hand_on.url}' if hand_on.url else ''}"] if hand_on else []
    return (
        ("Missing", answer.missing),
        ("Which is meant", answer.options),
        ("Whom to ask", whom),
        ("Notices", answer.notices),
        ("The library has", answer.suggestions),
    )


def _citation(citation: Citation) -> str:
    lines = [f'{citation.number}. *{escape(citation.title)}*, under "{escape(citation.section)}":', ""]
    lines += [f"   > {_quoted(line)}".rstrip() for line in citation.quote.splitlines()]
    if citation.references:
        lines += ["", "   Rests on:", *(f"   - {_reference(each)}" for each in citation.references)]
    return "\n".join(lines)


def _quoted(line: str) -> str:
    """A line of a quote; what begins an item stays a mark of a list, so that the list is seen as one."""
    begins = re.match(r"\s*(?:- |\d+[.)] )", line)
    return f"{begins[0]}{escape(line[begins.end() :])}" if begins else escape(line)


def _reference(reference: Reference) -> str:
    told = (reference.title, reference.publisher, reference.date)
    return escape(", ".join(each for each in told if each)) + (f", <{reference.url}>" if reference.url else "")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([^\w\s])", r"\1", text).replace("&amp;", "&")
