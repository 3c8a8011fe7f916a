"""Errors over HTTP: RFC 9457 problem documents, one sentence each, never a traceback and never the input echoed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import WaymarkError
from ui.requests import request_id
from ui.text import to_json

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"

_log = logging.getLogger("waymark")

_SENTENCES = {
    404: "There is nothing at this address. /docs lists what there is.",
    405: "This address does not take that method. /docs tells which it takes.",
    401: "A key is needed: send it as `Authorization: Bearer KEY`, or as `X-API-Key: KEY`.",
    408: "The request took too long to arrive.",
    413: "The request is too large: at most 1 MB is read.",
    429: "That is more than may be asked in a minute. Retry-After tells when to come back.",
    500: "Something went wrong in the server; its log tells more. The question can be asked again.",
}


# (type, code) of the OpenAI protocol.
_PROTOCOL = {
    401: ("invalid_request_error", "invalid_api_key"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    503: ("server_error", "overloaded"),
}


class Problem(BaseModel):
    """The body of every error."""

    type: str = "about:blank"
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what is wrong and what to do")
    request_id: str | None = Field(None, description="the X-Request-ID of the response, under which the log knows it")
    errors: list[dict[str, str]] | None = Field(None, description="for a request that cannot be read: where and what")


def refusal(
    path: str,
    status: int,
    detail: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; under /v1 the error that clients of the OpenAI protocol understand."""
    made = problem(status, detail, errors, headers)
    if not path.startswith("/v1/"):
        return made
    told = protocol_error(status, detail, errors)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST  # as OpenAI answers what it cannot read
    kept = {name: value for name, value in made.headers.items() if name not in ("content-type", "content-length")}
    return Response(to_json(told), status, kept, media_type="application/json")


def protocol_error(status: int, detail: str = "", errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The error shape of the OpenAI protocol, with the codes that its clients look for."""
    message = detail or _SENTENCES.get(status, f"{HTTPStatus(status).phrase}.")
    if errors:
        message = f"{message} {errors[0]['where']}: {errors[0]['message']}"
    kind, code = _PROTOCOL.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
    if status == HTTPStatus.NOT_FOUND and detail:
        code = "model_not_found"  # nothing else that can be missing there has a sentence of its own
    param = errors[0]["where"].removeprefix("body.") if errors else None
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def problem(
    status: int, detail: str = "", errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document; a 503 always tells when to come back."""
    body = problem_body(status, detail, errors)
    headers = {**(headers or {}), "cache-control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = RETRY_AFTER
    return Response(to_json(body), status, headers, media_type=MEDIA_TYPE)


def problem_body(status: int, detail: str = "", errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The document itself, as POST /ask/stream sends it in an `error` event."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    body["detail"] = detail or _SENTENCES.get(status, title + ".")
    if id_ := request_id():
        body["request_id"] = id_
    if errors:
        body["errors"] = [dict(error) for error in errors]
    return body


def body_of(error: Exception) -> dict[str, Any]:
    """The problem that an exception is: Waymark's own errors speak, anything else is logged and stays inside."""
    if isinstance(error, WaymarkError):
        return problem_body(error.status, str(error))
    _log.error("An answer failed (request %s).", request_id() or "unknown", exc_info=error)
    return problem_body(500)


def install(app: FastAPI) -> None:
    """Every error of `app` becomes a problem document."""

    @app.exception_handler(WaymarkError)
    async def _ours(request: Request, error: WaymarkError) -> Response:
        return refusal(request.url.path, error.status, str(error))

    @app.exception_handler(RequestValidationError)
    async def _unreadable(request: Request, error: RequestValidationError) -> Response:
        detail = "The request cannot be read as it stands; `errors` tells where."
        if request.url.path.startswith("/v1/"):
            detail = "The request cannot be read as it stands."
        return refusal(request.url.path, 422, detail, _places(error))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.BAD_REQUEST:
            # How FastAPI calls a body that is no text, or nested or long beyond what can be read.
            return refusal(request.url.path, 422, "The body cannot be read: send JSON, encoded in UTF-8.")
        return refusal(request.url.path, error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, __: Exception) -> Response:
        return refusal(request.url.path, 500)


def _places(error: RequestValidationError) -> list[dict[str, str]]:
    """Where and what, without the input: it may be long, and may be private."""
    return [
        {"where": ".".join(str(part) for part in found["loc"][:8]), "message": str(found["msg"])[:300]}
        for found in error.errors()[:20]
    ]
