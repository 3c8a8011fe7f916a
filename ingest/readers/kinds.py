"""What a file is, told by its content first and its name second."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from corpus.errors import SourceError

Kind = Literal["html", "text"]

# The names that files with a reader go by; Markdown and plain text are told apart by what is in them.
TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
READABLE = TEXT_SUFFIXES | HTML_SUFFIXES
LARGEST = 20 * 1024 * 1024

_BINARY = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"RIFF", "a sound, film or image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound"),
)
_HTML_HEAD = re.compile(
    r"\A(?:\s|<!--.*?-->|<\?xml[^>]{0,300}\?>)*<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(r"<(?:p|div|table|h[1-6]|ul|ol|section|article|main|span|br|a|td)\b[^<>]{0,500}>", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raises SourceError for a name whose type is not read; a name without a suffix passes."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix and suffix not in READABLE and re.fullmatch(r"\.[a-z][a-z0-9]{0,9}", suffix):
        raise SourceError(
            f"Files of the type {suffix} are not read yet; save it as Markdown, plain text or HTML and ingest that."
        )


def check_bytes(data: bytes) -> None:
    """Raises SourceError for what no reader takes: nothing at all, too much, or a binary format."""
    if not data.strip():
        raise SourceError("The file is empty.")
    if len(data) > LARGEST:
        raise SourceError(too_large(len(data)))
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise SourceError(f"The file is {what}, which is not read yet; save its text and ingest that.")


def too_large(size: int) -> str:
    """Why a file of so many bytes is not read."""
    return f"The file has {size / 2**20:.0f} MB; more than {LARGEST // 2**20} MB is not read."


def kind_of(text: str, name: str, content_type: str | None = None) -> Kind:
    """Whether a text is HTML, whatever its name; `content_type`: what the server said of a page."""
    if _HTML_HEAD.match(text[:20_000]):
        return "html"
    html_name = PurePosixPath(name).suffix.lower() in HTML_SUFFIXES
    said = (content_type or "").split(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
    if (html_name or said) and _TAGS.search(text):
        return "html"
    # A fragment of a page under another name: hardly a line without a tag.
    lines = [line for line in text[:50_000].splitlines() if line.strip()]
    tagged = sum(line.lstrip().startswith("<") for line in lines)
    return "html" if len(lines) > 3 and tagged > 0.8 * len(lines) and len(_TAGS.findall(text[:50_000])) > 5 else "text"
