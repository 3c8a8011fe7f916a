"""What a file is, told by its content first and its name second."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from corpus.errors import SourceError
from ingest.readers.archive import Archive

Kind = Literal["html", "text"]
FileKind = Literal["pdf", "docx", "epub", "text"]

# The names that text files go by; Markdown, plain text and HTML are told apart by what is in them. What tells its type
# by its first bytes (PDF, DOCX, EPUB) is read under any name.
TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
LARGEST = 20 * 1024 * 1024
# PDF, DOCX and EPUB files hold pictures, too, which are not read.
LARGEST_PACKED = 64 * 1024 * 1024

_OTHERS = (
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
    (b"\x00\x00\x00\x18ftyp", "a film"),
    (b"\x00\x00\x00\x20ftyp", "a film"),
)
_SAVE_AS = {
    ".doc": "open it in a word processor and save it as .docx",
    ".odt": "open it in a word processor and save it as .docx",
    ".rtf": "open it in a word processor and save it as .docx",
    ".pages": "open it in a word processor and save it as .docx",
    ".ppt": "export the slides as PDF",
    ".pptx": "export the slides as PDF",
    ".odp": "export the slides as PDF",
    ".xls": "export the sheets as HTML",
    ".xlsx": "export the sheets as HTML",
    ".ods": "export the sheets as HTML",
    ".mobi": "convert it to EPUB",
    ".azw3": "convert it to EPUB",
}
_PACKED = (
    ("xl/workbook.xml", ".xlsx"),
    ("ppt/presentation.xml", ".pptx"),
    ("word/document.xml", ".docx"),
    ("META-INF/container.xml", ".epub"),
)
_OPEN_DOCUMENT = {b"text": ".odt", b"presentation": ".odp", b"spreadsheet": ".ods"}
_HTML_HEAD = re.compile(
    r"\A(?:\s|<!--.*?-->|<\?xml[^>]{0,300}\?>)*<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(r"<(?:p|div|table|h[1-6]|ul|ol|section|article|main|span|br|a|td)\b[^<>]{0,500}>", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raises SourceError for a text whose name says that it is none to read; a name without a suffix passes."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix and suffix not in TEXT_SUFFIXES | HTML_SUFFIXES and re.fullmatch(r"\.[a-z][a-z0-9]{0,9}", suffix):
        if suffix in (".pdf", ".docx", ".epub"):
            raise SourceError(f"The file is named {suffix} and is none; rename it to what it is, or save it anew.")
        raise SourceError(_unread(suffix))


def file_kind(data: bytes) -> FileKind:
    """What the bytes of a file are: a PDF, Word or EPUB file, or text of some kind (which may yet prove binary).

    Raises SourceError for what no reader takes: nothing at all, too much, or another format, saying what to do.
    """
    if not data.strip():
        raise SourceError("The file is empty.")
    if len(data) > LARGEST_PACKED:
        raise SourceError(too_large(len(data), LARGEST_PACKED))
    if data.lstrip()[:5] == b"%PDF-" or (b"%PDF-" in data[:1024] and b"\x00" in data[:4096]):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _packed_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SourceError("The file is locked with a password; save a copy without one and ingest that.")
        raise SourceError(
            "The file is in an old Office format (.doc, .xls or .ppt), which is not read; "
            "open it in an office program, save it as .docx or PDF and ingest that."
        )
    if data.startswith(b"{\\rtf"):
        raise SourceError(_unread(".rtf"))
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise SourceError(
                f"The file is {what}, which is not read; if there is text in it, save that and ingest it."
            )
    if len(data) > LARGEST:
        raise SourceError(too_large(len(data)))
    return "text"


def _packed_kind(data: bytes) -> FileKind:
    """What a ZIP archive holds: a Word file, a book, or something else, which is refused."""
    archive = Archive(data)
    suffix = next((suffix for name, suffix in _PACKED if name in archive.names), "")
    if not suffix and "mimetype" in archive.names:
        kind = archive.read("mimetype").strip()
        suffix = ".epub" if kind == b"application/epub+zip" else _OPEN_DOCUMENT.get(kind.rpartition(b".")[2], "")
    if suffix == ".docx":
        return "docx"
    if suffix == ".epub":
        return "epub"
    raise SourceError(_unread(suffix) if suffix else "The file is a ZIP archive; unpack it and ingest what it holds.")


def too_large(size: int, most: int = LARGEST) -> str:
    """Why a file of so many bytes is not read."""
    return f"The file has {size / 2**20:.0f} MB; more than {most // 2**20} MB is not read. Split it up."


def _unread(suffix: str) -> str:
    what = _SAVE_AS.get(suffix, "save it as Markdown, plain text, HTML, PDF or .docx")
    return f"Files of the type {suffix} are not read; {what} and ingest that."


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
