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
from ingest.readers.kinds import check_bytes, check_name, kind_of
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
    check_bytes(data)
    if address is None:
        check_name(name)
    text = repair(decode(data, charset))
    if not text.strip():
        raise SourceError("The file holds no text to read.")
    try:
        reading = _reading(text, name, address, content_type)
    except RecursionError:
        raise SourceError("The file is nested too deeply to be read.") from None
    meta = reading.meta
    if address and not meta.url:
        reading = replace(reading, meta=replace(meta, url=address))
    return assemble(reading, meta.title or "Untitled text", source, works or {})


def _reading(text: str, name: str, address: str | None, content_type: str | None) -> Reading:
    if kind_of(text, name, content_type) == "html":
        return read_html(text, name, address)
    inside, body = split_front_matter(text)
    meta = read_front_matter(inside) if inside is not None else None
    named = PurePosixPath(name).suffix.lower() in (".md", ".markdown")
    if is_markdown(body, named=named or inside is not None):
        return read_markdown(body, name, meta)
    return read_plain(body, name, meta)
