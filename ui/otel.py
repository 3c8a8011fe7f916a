"""Requests and their stages as OpenTelemetry spans, sent over OTLP/HTTP. The one importer of its packages.

Spans are made after the fact, from `ui.requests.Request`: what is not in there (questions, answers, keys, addresses)
cannot be in a span. The provider is this object's own and never the process's: packages that would trace by
themselves, and what they would tell, find none.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ui.requests import Request
from ui.spans import Stage

_PATH = "/v1/traces"
# Seconds that one batch may take, and that the last one gets when the server is told to stop.
_SENDING, _LEAVING = 5.0, 1.0


class Tracing:
    """Sends to the collector at `url` from a thread of its own; what cannot be sent is dropped, with a line in the log.

    OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS are obeyed.
    """

    def __init__(self, url: str) -> None:
        address = url.rstrip("/").removesuffix(_PATH) + _PATH
        named = Resource.create({SERVICE_VERSION: version("waymark")})
        if str(named.attributes[SERVICE_NAME]).startswith("unknown_service"):  # no variable gives it another name
            named = named.merge(Resource({SERVICE_NAME: "waymark"}))
        self._provider = TracerProvider(resource=named, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address, timeout=_SENDING)))
        self._tracer = self._provider.get_tracer("waymark")
        self._propagator = TraceContextTextMapPropagator()

    def request(self, request: Request) -> None:
        """A span for a request that has ended, and under it one for each of its stages."""
        span = self._tracer.start_span(
            f"{request.method} {request.route}",
            context=self._propagator.extract({"traceparent": request.parent}, context=Context()),
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": request.method,
                "http.route": request.route,
                "http.response.status_code": request.status,
                "waymark.request_id": request.id,
            },
            start_time=_nanoseconds(request.began),
        )
        if request.status >= 500:
            span.set_status(StatusCode.ERROR)
        self._stages(request.stages, set_span_in_context(span, Context()))
        span.end(_nanoseconds(request.began + request.seconds))

    def page(self, stages: Sequence[Stage]) -> None:
        """The stages of an answer on the page, which no single request asks for and gets: a trace of their own."""
        if not stages:
            return
        first, last = stages[0], stages[-1]
        span = self._tracer.start_span("page", context=Context(), start_time=_nanoseconds(first.began))
        self._stages(stages, set_span_in_context(span, Context()))
        span.end(_nanoseconds(last.began + last.seconds))

    def _stages(self, stages: Sequence[Stage], within: Context) -> None:
        for stage in stages:
            told: Mapping[str, str | int] = stage.told
            began = _nanoseconds(stage.began)
            span = self._tracer.start_span(stage.name, context=within, attributes=told, start_time=began)
            if stage.failed:
                span.set_status(StatusCode.ERROR)
            span.end(_nanoseconds(stage.began + stage.seconds))

    def close(self) -> None:
        """Sends what is left, for a second at most: a collector that hangs holds no server."""
        leaving = threading.Thread(target=self._provider.shutdown, name="spans", daemon=True)
        leaving.start()
        leaving.join(_LEAVING)


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
