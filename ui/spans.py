"""What the time of an answer went into, as stages that a trace can show: names and figures, no words of anybody.

Nothing here knows OpenTelemetry; `ui.otel` does, and is imported only where WAYMARK_OTEL_URL is set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.answer import Answer
from corpus.errors import BadSetting
from corpus.settings import Settings

if TYPE_CHECKING:
    from ui.otel import Tracing

EXPORTER = "opentelemetry.exporter.otlp.proto.http"
INSTALL = "pip install --constraint requirements.lock --editable '.[otel]'"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of work. `began` in seconds since 1970; `told` are the attributes of its span."""

    name: str
    began: float
    seconds: float
    told: Mapping[str, str | int] = field(default_factory=dict)
    failed: bool = False


def stages_of(answer: Answer, ended: float, model: str | None) -> tuple[Stage, ...]:
    """Search, answer and, where one was asked, model, from the answer's own times. `ended` in seconds since 1970.

    `model` is the name of the language model that is set up. It failed where it took time and the guides' own words
    came.
    """
    spent = {name: value / 1e3 for name, value in answer.timings_ms.items()}
    began = ended - spent.get("total", 0.0)
    searched = spent.get("search", 0.0)
    answered = spent.get("answer", spent.get("total", 0.0))
    told: dict[str, str | int] = {
        "waymark.status": answer.status,
        "waymark.mode": answer.mode,
        "waymark.claims": len(answer.claims),
        "waymark.citations": len(answer.citations),
        "waymark.generation": answer.generation,
    }
    stages = [Stage("search", began, searched)] if "search" in spent else []
    stages.append(Stage("answer", began + searched, answered, told))
    if "model" in spent:
        named = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model or answer.model}
        stages.append(Stage("model", ended - spent["model"], spent["model"], named, answer.mode != "generated"))
    return tuple(stages)


def installed() -> bool:
    """Whether the packages of the extra `otel` are there."""
    try:
        return find_spec(EXPORTER) is not None
    except ModuleNotFoundError:  # not even the packages above it
        return False


def check_installed(settings: Settings, there: Callable[[], bool] = installed) -> None:
    """Raises BadSetting where traces are switched on and the packages that send them are missing."""
    if settings.otel_url and not there():
        raise BadSetting(f"WAYMARK_OTEL_URL needs the extra `otel`: {INSTALL}.")


def open_tracing(settings: Settings) -> Tracing | None:
    """What sends traces where the settings say; None where they do not, and then nothing of it is imported."""
    if not settings.otel_url:
        return None
    check_installed(settings)
    from ui.otel import Tracing

    return Tracing(settings.otel_url)


def ignored(_: Sequence[Stage]) -> None:
    """Takes stages where nobody wants them."""
