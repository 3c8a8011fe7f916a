"""The stages of an answer, from its times; and that nothing of OpenTelemetry is touched unless it is switched on."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answer import Answer
from corpus.errors import BadSetting
from corpus.settings import Settings
from ui.spans import check_installed, open_tracing, stages_of

ROOT = Path(__file__).parents[1]
_TIMES = {"search": 10.0, "answer": 5.0, "model": 100.0, "total": 115.0}


def test_the_stages_follow_each_other_and_end_with_the_answer() -> None:
    answer = Answer("answered", "", mode="generated", model="m", timings_ms=_TIMES)
    search, answered, model = stages_of(answer, 1_000.0, "m")
    assert [search.name, answered.name, model.name] == ["search", "answer", "model"]
    assert search.began == pytest.approx(999.885)
    assert answered.began == pytest.approx(search.began + search.seconds)
    assert model.began == pytest.approx(answered.began + answered.seconds)
    assert model.began + model.seconds == pytest.approx(1_000.0)
    assert not model.failed
    assert model.told["gen_ai.request.model"] == "m"
    assert stages_of(replace(answer, mode="extractive", model=""), 1_000.0, "m")[2].failed


def test_an_answer_that_asks_back_has_one_stage() -> None:
    (stage,) = stages_of(Answer("clarify", "Which?", timings_ms={"total": 20.0}), 50.0, None)
    assert (stage.name, stage.seconds) == ("answer", 0.02)
    assert stage.began == pytest.approx(49.98)


def test_no_stage_holds_words_of_anybody() -> None:
    answer = Answer("partial", "secret", missing=("secret",), standalone_question="secret", timings_ms=_TIMES)
    assert "secret" not in repr(stages_of(answer, 1.0, "m"))


def test_a_missing_extra_is_told_only_where_traces_are_wanted(settings: Settings) -> None:
    check_installed(settings, lambda: False)
    wanted = replace(settings, otel_url="http://127.0.0.1:4318")
    check_installed(wanted, lambda: True)
    with pytest.raises(BadSetting, match=r"WAYMARK_OTEL_URL needs the extra `otel`: pip install .*\[otel\]"):
        check_installed(wanted, lambda: False)


# Our importer and the exporter are not loaded, and the process has no provider that any package could send to: what
# chromadb and mcp import of OpenTelemetry by themselves does nothing then.
_OFF = """
import sys
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import client, serving
settings = Settings.read({})
with serving(settings, FakeAdvisor) as at, client(at) as web:
    assert web.post("/ask", json={"question": "How?"}).status_code == 200
ours = ("ui.otel", "opentelemetry.exporter.otlp.proto.http")
loaded = [name for name in sys.modules if name.startswith(ours)]
assert loaded == [], loaded
if "opentelemetry.trace" in sys.modules:
    from opentelemetry import trace
    assert not hasattr(trace.get_tracer_provider(), "add_span_processor"), trace.get_tracer_provider()
"""


def test_by_default_nothing_is_imported_even_where_its_own_variables_are_set(settings: Settings) -> None:
    assert open_tracing(settings) is None
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "otlp"}
    done = subprocess.run(
        [sys.executable, "-c", _OFF], cwd=ROOT, env=_environment(variables), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def _environment(variables: dict[str, str]) -> dict[str, str]:
    from tests.test_ui_cli import environment

    return {**environment(), **variables, "PYTHONPATH": str(ROOT)}
