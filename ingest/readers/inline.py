"""The words of a line of Markdown: emphasis and links become plain text, images and tags go, breaks are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from ingest.readers.html_inline import visible_text

_WIKI_LINK = re.compile(r"\[\[(?:[^\]|\n]{1,200}\|)?([^\]|\n]{1,200})\]\]")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}\n]{0,120}\}\s*$")
_TEMPLATE = re.compile(r"\{\{[<%].*?[%>]\}\}|\{%.*?%\}")


@dataclass(frozen=True, slots=True)
class InlineLine:
    """`strong`: the whole line is emphasised. `broken`: it ended with a hard break, not only with its source line."""

    text: str
    strong: bool
    broken: bool


def inline_lines(token: Token) -> list[InlineLine]:
    """The lines of an inline token, empty ones left out."""
    children = token.children or []
    if any(child.type == "html_inline" and not _is_break(child) for child in children):
        text = visible_text("".join(map(_as_html, children)))
        return [InlineLine(line, False, True) for line in map(_plain, text.split("\n")) if line]
    lines: list[InlineLine] = []
    text, strong_text, depth = "", "", 0
    for child in [*children, Token("softbreak", "", 0)]:
        if child.type in ("softbreak", "hardbreak") or _is_break(child):
            plain = _plain(text)
            if plain:
                strong = bool(strong_text.strip()) and len(strong_text.strip(" :")) >= len(plain.strip(" :"))
                lines.append(InlineLine(plain, strong, child.type != "softbreak"))
            text = strong_text = ""
            continue
        depth += child.type == "strong_open"
        depth -= child.type == "strong_close"
        words = _words(child)
        text += words
        strong_text += words if depth else ""
    return lines


def inline_text(token: Token) -> str:
    """All lines of an inline token as one."""
    return " ".join(line.text for line in inline_lines(token))


def _words(child: Token) -> str:
    return child.content if child.type in ("text", "code_inline", "text_special") else ""


def _is_break(child: Token) -> bool:
    return child.type == "html_inline" and child.content.lower().startswith("<br")


def _as_html(child: Token) -> str:
    if child.type == "html_inline":
        return child.content
    if child.type == "softbreak":
        return " "
    if child.type == "hardbreak":
        return "<br>"
    return _words(child).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    text = _TEMPLATE.sub("", _WIKI_LINK.sub(r"\1", text))
    return _ATTRIBUTES.sub("", text).strip()


def strong_throughout(lines: Sequence[InlineLine]) -> bool:
    return len(lines) == 1 and lines[0].strong
