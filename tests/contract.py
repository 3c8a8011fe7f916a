"""What always holds of an answer, as code: the list under "What always holds" of the HTTP contract.

`violations` works on the JSON of /ask alone, with a function that fetches a document, so that it judges the library,
a server or a terminal alike.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from bot import phrases

_MARK = re.compile(r"(?<!\\)\[(\d+)\]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
FRAMES = tuple(value for name, value in inspect.getmembers(phrases) if name.isupper() and isinstance(value, str))


def plain(text: str) -> str:
    """White space aside."""
    return " ".join(text.split())


def shown(markdown: str) -> str:
    """Markdown as it reads: bullets, heading marks, indents and escapes gone, marks kept."""
    lines = [re.sub(r"^\s*(?:- |#+ )", "", line) for line in markdown.split("\n")]
    return plain(_ESCAPED.sub(r"\1", "\n".join(lines)).replace("&amp;", "&"))


def violations(body: dict[str, Any], document: Callable[[str], dict[str, Any]]) -> list[str]:
    """Every way in which an answer breaks the contract, as sentences; empty where it holds."""
    found: list[str] = []
    claims, citations = body["claims"], body["citations"]
    supported = [claim for claim in claims if claim["verdict"] == "supported"]
    numbers = [citation["number"] for citation in citations]
    used = {number for claim in supported for number in claim["citations"]}
    marks = {int(number) for number in _MARK.findall(body["answer"])}
    if len(set(numbers)) != len(numbers) or set(numbers) != used or used != marks:
        found.append(f"marks {marks}, claims {used} and citations {numbers} are not the same set")
    for citation in citations:
        text = document(citation["document_id"])["text"]
        if not citation["quote"] or text[citation["start"] : citation["end"]] != citation["quote"]:
            found.append(f"quote {citation['number']} does not stand at its offsets")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", citation["document_id"]):
            found.append(f"document id {citation['document_id']!r}")
    quotes = {citation["number"]: citation["quote"] for citation in citations}
    for claim in claims:
        if claim["verdict"] == "unsupported":
            if claim["citations"]:
                found.append(f"unsupported claim with citations: {claim['text']}")
            continue
        if not claim["citations"]:
            found.append(f"supported claim without a citation: {claim['text']}")
        if body["mode"] == "extractive" and not any(
            plain(claim["text"]) in plain(quotes.get(number, "")) for number in claim["citations"]
        ):
            found.append(f"claim is not verbatim: {claim['text']}")
    found += _frame(body, supported)
    if body["status"] == "abstained" and (claims or citations or not body["missing"]):
        found.append("abstained with claims or without saying what is missing")
    if body["status"] == "partial" and not body["missing"]:
        found.append("partial without saying what is missing")
    if body["status"] == "answered" and not supported:
        found.append("answered without a claim")
    if body["status"] == "clarify" and not (2 <= len(body["options"]) <= 4 and not claims and not citations):
        found.append("clarify needs two to four options and no claims")
    if len(set(body["options"])) != len(body["options"]) or not all(plain(option) for option in body["options"]):
        found.append(f"options are empty or given twice: {body['options']}")
    if body["options"] and body["status"] != "clarify":
        found.append(f"options beside an answer that is {body['status']}")
    return found


def _frame(body: dict[str, Any], supported: list[dict[str, Any]]) -> list[str]:
    """The claims in order with their marks, and nothing else but known frame sentences."""
    rest = shown(body["answer"])
    found = []
    frame = ""
    for claim in supported:
        wanted = f"{plain(claim['text'])} " + "".join(f"[{number}]" for number in claim["citations"])
        before, hit, rest = rest.partition(wanted)
        if not hit:
            return [f"claim with its marks is not in the answer, or out of order: {wanted}"]
        frame += f" {before}"
    frame = plain(f"{frame} {rest}")
    left = frame
    for sentence in sorted(FRAMES, key=len, reverse=True):
        left = left.replace(sentence, "")
    if left.strip():
        found.append(f"frame text from elsewhere: {left.strip()!r}")
    if re.search(r"\d", frame):
        found.append(f"frame text with a figure: {frame!r}")
    if body["status"] == "answered" and len(frame.split()) * 4 >= len(shown(body["answer"]).split()):
        found.append("frame text is a quarter of the answer or more")
    return found
