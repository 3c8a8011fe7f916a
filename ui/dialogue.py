"""`waymark chat`: a conversation in the terminal. What was said and who asks live in memory, and end with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from bot.answer import Answer, ClaimEvent, DoneEvent, NoticeEvent, Question, Situation, Turn
from corpus.errors import QuestionError
from ui.terminal import show_answer, show_line
from ui.text import printable, whole

if TYPE_CHECKING:
    from rich.console import Console

    from bot.advisor import Advisor

# As many turns as the page sends with a question.
_TURNS = 12
HELP = (
    "Ask a question, or a number where you are asked back. Commands: /me tells what is known of you, "
    "/me region=Canada sets it (background, region, hours, goal), /new starts anew, /quit ends."
)
NOTHING_KNOWN = Situation()
_NAMES = {"background": "background", "region": "region", "hours": "hours_per_week", "goal": "goal"}


@dataclass(frozen=True, slots=True)
class Said:
    """The conversation so far; `options` are what the last answer asked back with."""

    history: tuple[Turn, ...] = ()
    situation: Situation = NOTHING_KNOWN
    options: tuple[str, ...] = ()


def talk(advisor: Advisor, console: Console, next_line: Callable[[], str]) -> None:
    """Answers each line until `next_line` raises EOFError, or a line says /quit."""
    _tell(console, HELP)
    said = Said()
    while True:
        try:
            line = whole(next_line()).strip()
        except EOFError:
            return
        if line in ("/quit", "/exit"):
            return
        if line:
            said = _command(line, said, console) if line.startswith("/") else _answer(advisor, line, said, console)


def _command(line: str, said: Said, console: Console) -> Said:
    word, _, rest = line.partition(" ")
    if word == "/new":
        _tell(console, "A new conversation; what is known of you stays. /me forget forgets it.")
        return Said(situation=said.situation)
    if word != "/me":
        _tell(console, HELP)
        return said
    if rest:
        try:
            said = replace(said, situation=_situation(rest.strip(), said.situation))
        except ValueError as error:
            _tell(console, str(error))
            return said
    known = ", ".join(
        f"{name}: {value}" for name, field in _NAMES.items() if (value := getattr(said.situation, field)) is not None
    )
    _tell(console, known or "Nothing is known of you.")
    return said


def _situation(text: str, before: Situation) -> Situation:
    """`before` with one thing set, or without anything. Raises ValueError with a sentence to show."""
    if text == "forget":
        return Situation()
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or name not in _NAMES:
        raise ValueError(f"Write one of {', '.join(f'/me {known}=...' for known in _NAMES)}, or /me forget.")
    if name != "hours":
        told: dict[str, Any] = {name: value or None}
        return replace(before, **told)
    try:
        hours = float(value) if value else None
    except ValueError:
        hours = -1.0
    if hours is not None and not 0 <= hours <= 168:
        raise ValueError("The hours are those of a week: a number from 0 to 168.")
    return replace(before, hours_per_week=hours)


def _answer(advisor: Advisor, line: str, said: Said, console: Console) -> Said:
    """Shows the answer, a model's as it comes, and returns the conversation with it."""
    if line.isdigit() and 1 <= int(line) <= len(said.options):
        line = said.options[int(line) - 1]
    question = Question(line, said.history, said.situation)
    streamed, answer = "", None
    try:
        for event in advisor.events(question):
            match event:
                case ClaimEvent() if advisor.generator is not None:
                    streamed += event.markdown
                    show_line(event.markdown, console)
                case DoneEvent():
                    answer = event.answer
                case ClaimEvent() | NoticeEvent():
                    pass
    except QuestionError as error:
        _tell(console, str(error))
        return said
    assert answer is not None, "every stream of events ends with the whole answer"
    told = streamed and streamed == answer.answer
    show_answer(replace(answer, answer="") if told else _numbered(answer), line, console)
    console.print()
    turns = (*said.history, Turn("user", line), Turn("assistant", answer.answer))
    return Said(turns[-_TURNS:], _joined(said.situation, answer.situation), answer.options)


def _numbered(answer: Answer) -> Answer:
    """With the numbers by which an option can be chosen."""
    return replace(answer, options=tuple(f"{place}: {option}" for place, option in enumerate(answer.options, 1)))


def _joined(before: Situation, now: Situation) -> Situation:
    """What was understood in this turn, over what was known."""
    news = {field.name: getattr(now, field.name) for field in fields(Situation)}
    return replace(before, **{name: value for name, value in news.items() if value is not None})


def _tell(console: Console, text: str) -> None:
    from rich.text import Text

    console.print(Text(printable(text), style="dim"))
