"""The table of contents of a PDF: it names places in the file and answers nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.pdf_layout import Item, TextLine

_LED = re.compile(r"\S(?:\s*\.){4,}\s*(?P<page>\d{1,4}|[ivxl]{1,6})$")
# Between entries with dots stand those of chapters, which have none, and the second lines of long ones.
_BARE = re.compile(r"[^\W\d].*\s(?P<page>\d{1,4})$")
_FEWEST = 4
_MOST_BETWEEN = 2
# Pages may be counted from another one than the first sheet.
_BEYOND = 20


def contents_lines(items: Sequence[Item], sheets: int) -> list[TextLine]:
    """The lines of a page that are a table of contents: dots lead to numbers that rise and that the file can have.

    `sheets`: how many pages the file has. Figures in a table behind dots hardly rise from row to row.
    """
    found: list[TextLine] = []
    run: list[TextLine] = []
    between: list[TextLine] = []
    led = last = 0
    for item in [*items, None]:
        page = _page(item, run=bool(run)) if isinstance(item, TextLine) else None
        if isinstance(item, TextLine) and page is not None and (not page or last <= page <= sheets + _BEYOND):
            run += [*between, item]
            between = []
            led += bool(_LED.search(item.text))
            last = page or last
        elif isinstance(item, TextLine) and run and len(between) < _MOST_BETWEEN and len(item.text.split()) <= 16:
            between.append(item)
        else:
            found += run if led >= _FEWEST else []
            run, between, led, last = [], [], 0, 0
    return found


def _page(line: TextLine, *, run: bool) -> int | None:
    """The page that an entry names, 0 for a Roman one; None where the line is no entry."""
    match = _LED.search(line.text) or (_BARE.search(line.text) if run else None)
    if match is None:
        return None
    return int(match["page"]) if match["page"].isdigit() else 0
