"""Requests made from the server's own description, such as fit it and such as do not: none ends in a server error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from corpus.settings import Settings
from tests.web import client, serving
from ui.opening import open_advisor_for

SEED = 20_261_128


@pytest.fixture(scope="module")
def address(library: Path, settings: Settings) -> Iterator[str]:
    with serving(settings, lambda: open_advisor_for(library, settings)) as at:
        yield at


def operations(description: dict[str, Any]) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def attack(address: str, count: int) -> dict[str, int]:
    """How often each answer was in each hundred ("2", "4"); fails at the first that is a server error or no answer."""
    seen: dict[str, int] = {}
    with client(address) as web:
        for operation in operations(web.get("/openapi.json").json()):
            for mode in GenerationMode:
                _try(operation, mode, count, web, seen)
        assert web.get("/health").json()["status"] == "ok"
    return seen


def _try(operation: Any, mode: GenerationMode, count: int, web: httpx.Client, seen: dict[str, int]) -> None:
    @seed(SEED)
    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        sent = case.as_transport_kwargs(base_url=str(web.base_url))
        status = case.call(base_url=str(web.base_url), timeout=20).status_code
        assert 200 <= status < 500, (SEED, mode, operation.label, status, sent)
        key = f"{mode.value} {status // 100}"
        seen[key] = seen.get(key, 0) + 1

    try:
        ask()
    except Unsatisfiable:
        # Nothing can be wrong about a request that says nothing, or anything at all.
        assert mode is GenerationMode.NEGATIVE, operation.label


def test_no_request_ends_in_a_server_error(address: str) -> None:
    seen = attack(address, 8)
    assert seen["positive 2"] > 20
    assert seen["negative 4"] > 20


@pytest.mark.long
@pytest.mark.timeout(900)
def test_no_request_of_very_many_ends_in_a_server_error(address: str) -> None:
    attack(address, 150)
