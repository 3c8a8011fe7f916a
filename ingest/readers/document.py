"""Bytes of any known format become a Document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from corpus.errors import SourceError
from corpus.models import Document, Reference
from ingest.clean import decode, repair
from ingest.readers.assemble import assemble
from ingest.readers.front_matter import read_front_matter, split_front_matter
from ingest.readers.html import read_html
from ingest.readers.kinds import FileKind, check_name, file_kind, kind_of
from ingest.readers.markdown import is_markdown, read_markdown
from ingest.readers.parts import Reading
from ingest.readers.plain import read_plain


def read_document(
    data: bytes,
    source: str,
    *,
    works: Mapping[str, Reference] | None = None,
    address: str | None = None,
    content_type: str | None = None,
    charset: str | None = None,
) -> Document:
    """The Document that bytes hold; its id is still empty.

    `source`: the name to show, which also tells the type where the content leaves it open. `works`: references by
    footnote key, for marks that the file does not define itself. `address`, `content_type`, `charset`: where a page
    was fetched and what its server said. Raises SourceError, in a sentence, for what cannot be read.
    """
    name = PurePosixPath(source).name
    kind = file_kind(data)
    try:
        if kind == "text":
            if address is None:
                check_name(name)
            reading = _text(data, name, address, content_type, charset)
        else:
            reading = _packed(data, name, kind)
    except RecursionError:
        raise SourceError("The file is nested too deeply to be read.") from None
    meta = reading.meta
    if address and not meta.url:
        reading = replace(reading, meta=replace(meta, url=address))
    return assemble(reading, meta.title or "Untitled text", source, works or {})


def _packed(data: bytes, name: str, kind: FileKind) -> Reading:
    """Readers of formats that are no text; each loads a library of its own, which folders of text do without."""
    if kind == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(data, name)
    if kind == "docx":
        from ingest.readers.docx import read_docx

        return read_docx(data, name)
    from ingest.readers.epub import read_epub

    return read_epub(data, name)


def _text(data: bytes, name: str, address: str | None, content_type: str | None, charset: str | None) -> Reading:
    text = repair(decode(data, charset))
    if not text.strip():
        raise SourceError("The file holds no text to read.")
    if kind_of(text, name, content_type) == "html":
        return read_html(text, name, address)
    inside, body = split_front_matter(text)
    meta = read_front_matter(inside) if inside is not None else None
    named = PurePosixPath(name).suffix.lower() in (".md", ".markdown")
    if is_markdown(body, named=named or inside is not None):
        return read_markdown(body, name, meta)
    return read_plain(body, name, meta)
