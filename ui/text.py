"""Text at the edges: what may come in, and how values go out as JSON. Light: every other file of `ui` may import it."""

from __future__ import annotations

import json
import re
from typing import Any

# Everything that a terminal would obey rather than show: C0 without tab and newline, DEL, C1, and the marks that turn
# the direction of writing.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def whole(text: str) -> str:
    """`text` with lone surrogates (half a character, as JSON's `\\ud800` can make) replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Two halves that belong together become their character.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def printable(text: str) -> str:
    """`text` without the characters that steer a terminal: a source must not move the cursor or colour the screen."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", whole(text))


def understood(standalone: str, question: str) -> str:
    """What to say back as "You asked about": the question as it was read, "" where that is what was asked."""
    same = re.findall(r"\w+", standalone.casefold()) == re.findall(r"\w+", question.casefold())
    return "" if same else standalone.strip()


def to_json(value: Any) -> str:
    """The one way values are written: UTF-8 text, keys in their own order, no NaN. POST /ask and `--json` share it."""
    return whole(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
