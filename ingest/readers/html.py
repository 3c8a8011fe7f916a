"""HTML pages: the content that a person sees, menus left out, every table row and fact a line of its own."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

from ingest.readers.dates import iso_date
from ingest.readers.finish import finished
from ingest.readers.html_blocks import parts_of
from ingest.readers.html_hidden import remove_hidden
from ingest.readers.html_inline import parsed
from ingest.readers.html_meta import page_title, read_meta
from ingest.readers.html_prune import TITLE_MARK, prune
from ingest.readers.parts import Part, Reading

_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]*\?>")


def read_html(text: str, name: str, address: str | None = None) -> Reading:
    """The parts of a page. `name`: its file's name; `address`: where it was fetched, None for a file."""
    with warnings.catch_warnings():
        # XHTML is read as HTML on purpose: few pages that call themselves XML are.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(_PROLOGUE.sub("", text), "lxml")
    meta = read_meta(soup, address)
    remove_hidden(soup)
    title = page_title(soup, meta)
    if title.heading is not None:
        title.heading[TITLE_MARK] = "1"
    for tag in soup.find_all(["title", "head"]):
        tag.decompose()
    pruned = prune(soup)
    meta = replace(meta, title=title.text, published=meta.published or iso_date(pruned.updated))
    reading = finished(parts_of(soup), name, meta)
    return replace(reading, dropped=(*pruned.dropped, *reading.dropped))


def parts_of_fragment(markup: str) -> list[Part]:
    """The parts of a piece of HTML inside another text."""
    soup = parsed(markup)
    remove_hidden(soup)
    return parts_of(soup)
