"""Footnotes of Markdown: `[^key]: Title, Publisher, date. URL` becomes a Reference."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from corpus.errors import SourceError
from corpus.models import Reference
from ingest.clean import tidy
from ingest.readers.dates import find_date

_DEFINITION = re.compile(r"^ {0,3}\[\^(?P<key>[^\]\s]{1,80})\]:[ \t]*(?P<text>.*)$")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
_URL = re.compile(r"<?(?P<url>https?://[^\s<>\"]+)>?")
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<url>https?://[^\s)]+)[^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")


def take_notes(text: str) -> tuple[str, dict[str, str]]:
    """(the text without footnote definitions, the definitions by key). Indented lines under one belong to it."""
    kept: list[str] = []
    notes: dict[str, str] = {}
    key = ""
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _DEFINITION.match(line)
        if found:
            key = found["key"]
            notes[key] = found["text"]
        elif (key and line[:2] in ("  ", " \t")) or (key and line[:1] == "\t"):
            notes[key] += " " + line.strip()
        else:
            if line.strip():
                key = ""
            kept.append(line)
    return "\n".join(kept), notes


def reference(note: str) -> Reference:
    """A note as a work: its address, its date where one can be recognised, and the last of the rest as publisher."""
    url = None
    link = _LINK.search(note)
    if link:
        url = link["url"]
        note = note[: link.start()] + link["text"] + note[link.end() :]
    bare = _URL.search(note)
    if bare:
        url = url or bare["url"].rstrip(".,;:)")
        note = note[: bare.start()] + note[bare.end() :]
    note = tidy(_EMPHASIS.sub("", note))
    date = None
    if found := find_date(note):
        date, start, end = found
        note = note[:start] + note[end:]
    parts = [part.strip(" .,;()") for part in re.split(r",(?=\s|$)|\.\s|\s[|–—]\s|;", note)]
    parts = [part for part in parts if re.search(r"\w", part)]
    if not parts:
        return Reference(url or "Source", None, url, date)
    if len(parts) == 1:
        return Reference(parts[0], None, url, date)
    return Reference(", ".join(parts[:-1]), parts[-1], url, date)


def is_remark(note: str) -> bool:
    """Whether a note says something itself instead of naming a work: a sentence without address or date."""
    return not _URL.search(note) and find_date(note) is None and len(note.split()) >= 8


def read_works(data: bytes) -> Mapping[str, Reference]:
    """The works of a `sources.toml`: tables `[key]` with title, publisher, url, date. Raises SourceError if broken."""
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"The sources.toml beside it is no TOML ({error}); mend it or take it away.") from error
    return {key: _work(key, table) for key, table in tables.items() if isinstance(table, dict)}


def _work(key: str, table: Mapping[str, object]) -> Reference:
    def text(name: str) -> str | None:
        value = table.get(name)
        return tidy(str(value)) or None if value is not None else None

    return Reference(text("title") or key, text("publisher"), text("url"), text("date"))
