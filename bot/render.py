"""Claims with their marks as Markdown: what a person reads. Text of guides and models is escaped, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answer import Claim

Shape = Literal["sentence", "item", "row"]

# Underscores inside a word ("a_b") are no emphasis; a run at a word's edge is.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_+|_+(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]\s))")


@dataclass(frozen=True, slots=True)
class Line:
    """A claim and how it stands on the page; `fresh` begins a new paragraph or list; `near` is offered in place of what
    was asked for, and said to be. `frame` is a sentence of the bot's own that introduces it."""

    claim: Claim
    shape: Shape = "sentence"
    level: int = 0
    fresh: bool = False
    near: bool = False
    frame: str = ""


def escape(text: str) -> str:
    """Text that Markdown shows as it stands: a "[3]" of a source is no mark, a "<b>" no markup."""
    text = _SPECIAL.sub(lambda m: "&amp;" if m[0] == "&" else "".join(f"\\{c}" for c in m[0]), " ".join(text.split()))
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2].isdigit() else f"{m[1]}{m[2]}\\", text)


def marked(claim: Claim) -> str:
    """One claim with its marks: `Words of the guide. [1][2]`."""
    return f"{escape(claim.text)} {''.join(f'[{number}]' for number in claim.citations)}"


def piece(line: Line, first: bool) -> str:
    """What a line adds to the answer so far, its white space in front included; `first` where nothing stands before."""
    text = marked(line.claim)
    if line.frame:
        return f"{'' if first else chr(10) * 2}{line.frame}\n\n{piece(replace(line, frame=''), first=True)}"
    if line.shape == "sentence":
        return text if first else f"\n\n{text}" if line.fresh else f" {text}"
    # Rows are set as list items too: each can be read alone.
    bullet = "  " * line.level + "- "
    return f"{bullet}{text}" if first else f"\n\n{bullet}{text}" if line.fresh else f"\n{bullet}{text}"


def answer_text(lines: Sequence[Line], before: str = "", after: str = "") -> str:
    """The whole answer: frame text, the supported claims in their order, frame text."""
    body = ""
    for line in lines:
        body += piece(line, first=not body)
    return "\n\n".join(part for part in (before, body, after) if part)
