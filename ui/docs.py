"""The page at /docs: the HTTP interface in words, made from its OpenAPI description, with nothing from another host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_EXAMPLE = """curl -s http://127.0.0.1:7860/ask \\
  -H 'content-type: application/json' \\
  -d '{"question": "What should I learn first for machine learning?"}'"""


def docs_page(openapi: Mapping[str, Any]) -> str:
    """A whole HTML page without scripts. `openapi` is what /openapi.json serves."""
    schemas = openapi["components"]["schemas"]
    parts = [
        _operation(method, path, operation, schemas)
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    ]
    info = openapi["info"]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Waymark: the HTTP interface</title>
<link rel="icon" href="/panel/icon.svg"><link rel="stylesheet" href="/panel/docs.css"></head>
<body><main><p><a href="/">Back to the chat</a></p>
<h1>Waymark {escape(info["version"])}: the HTTP interface</h1><p>{escape(info["summary"])}
The same description for programs is at <a href="/openapi.json">/openapi.json</a>.</p>
<pre>{escape(_EXAMPLE)}</pre>
<p>Every error is a problem document (RFC 9457, <code>application/problem+json</code>) whose <code>detail</code> says
what to do. A question has at most 4,000 characters, a body at most 1 MB. A 503 tells in <code>Retry-After</code>
when to come back. Under <code>/v1</code> errors have the shape of the OpenAI protocol instead.</p>
{"".join(parts)}</main></body></html>"""


def _operation(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    given = [
        _parameters(operation.get("parameters", ())),
        _body("Request", operation.get("requestBody", {}), schemas),
        _body("Response", operation["responses"]["200"], schemas),
    ]
    text = escape(operation.get("description", operation.get("summary", "")))
    heading = f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    return f"<section>{heading}<p>{text}</p>{''.join(given)}</section>"


def _parameters(given: Sequence[Mapping[str, Any]]) -> str:
    rows = [(one["name"], one["schema"], one.get("description", "")) for one in given]
    return f"<h3>Parameters</h3>{_rows(rows)}" if rows else ""


def _body(title: str, body: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    content = body.get("content", {})
    if "application/json" not in content:
        return ""
    return f"<h3>{title}</h3>{_fields(content['application/json']['schema'], schemas, depth=0)}"


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int) -> str:
    properties = _resolved(schema, schemas).get("properties", {})
    rows = []
    for name, value in properties.items():
        inner = _inner(value)
        nested = _fields(inner, schemas, depth + 1) if inner is not None and depth < 2 else ""
        rows.append((name, value, value.get("description", ""), nested))
    return (
        "<dl>"
        + "".join(
            f"<dt><code>{escape(name)}</code> <span>{escape(_kind(value))}</span></dt><dd>{escape(text)}{nested}</dd>"
            for name, value, text, nested in rows
        )
        + "</dl>"
    )


def _rows(rows: Any) -> str:
    return (
        "<dl>"
        + "".join(
            f"<dt><code>{escape(name)}</code> <span>{escape(_kind(schema))}</span></dt><dd>{escape(text)}</dd>"
            for name, schema, text in rows
        )
        + "</dl>"
    )


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    return schemas[reference.rsplit("/", 1)[-1]] if reference else schema


def _inner(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The object that a field holds, by itself, in a list, or as one of its forms."""
    for part in (schema, schema.get("items", {}), *schema.get("anyOf", ())):
        if "$ref" in part:
            return part  # type: ignore[no-any-return]
        if "$ref" in part.get("items", {}):
            return part["items"]  # type: ignore[no-any-return]
    return None


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if "$ref" in schema:
        return "object"
    kind = str(schema.get("type", "value"))
    return f"list of {_kind(schema['items'])}" if kind == "array" and "items" in schema else kind
