"""The figures at GET /metrics, for Prometheus: counts and times, nothing of any person. The one importer of its client.

Where several processes serve, each writes its figures into the folder that PROMETHEUS_MULTIPROC_DIR names, and any of
them tells the sum.
"""

from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from bot.answer import Answer
from ui.requests import Request

MEDIA_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


def forget(process: int) -> None:
    """A process that has ended takes no places any more; what it counted stays counted."""
    mark_process_dead(process)  # type: ignore[no-untyped-call]


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "waymark_requests", "requests answered", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "waymark_request_seconds",
            "seconds from a request's headers to the end of its response",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter("waymark_answers", "answers given", ("status", "mode"), registry=registry)
        self._places = Gauge(
            "waymark_places", "answers that can be worked on or wait", registry=registry, multiprocess_mode="livesum"
        )
        self._taken = Gauge(
            "waymark_places_taken",
            "answers being worked on or waiting",
            registry=registry,
            multiprocess_mode="livesum",
        )

    def request(self, request: Request) -> None:
        """Counts a request that has ended."""
        self._requests.labels(request.method, request.route, str(request.status)).inc()
        self._seconds.labels(request.route).observe(request.seconds)

    def answer(self, answer: Answer) -> None:
        """Counts an answer, by its status and by who wrote it."""
        self._answers.labels(answer.status, answer.mode).inc()

    def places(self, places: int, taken: int) -> None:
        """Notes how many places there are, and how many are taken now."""
        self._places.set(places)
        self._taken.set(taken)

    def text(self) -> bytes:
        """All figures in Prometheus' text format, those of the other processes too."""
        registry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
