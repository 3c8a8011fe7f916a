"""Books as EPUB files: their chapters in the order of the spine, read as pages; the title from the package file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from corpus.errors import SourceError
from ingest.clean import decode, repair, tidy
from ingest.readers.archive import Archive, attribute, child, local
from ingest.readers.dates import iso_date
from ingest.readers.finish import finished
from ingest.readers.html import parts_of_chapter
from ingest.readers.html_inline import visible_text
from ingest.readers.parts import Meta, Part, Reading

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_MOST_CHAPTERS = 2_000


def read_epub(data: bytes, name: str) -> Reading:
    """The parts of a book. `name`: its file's name. Raises SourceError for one that is broken or protected."""
    archive = Archive(data)
    place = package_of(archive)
    package = archive.xml(place) if place else None
    if package is None:
        raise SourceError("The EPUB is broken: it names no package file; convert it to EPUB anew and ingest that.")
    locked = _locked(archive)
    parts: list[Part] = []
    dropped: list[tuple[str, str]] = []
    for chapter in _chapters(archive, place, package):
        if chapter in locked:
            raise SourceError("The EPUB is protected against copying (DRM) and cannot be read.")
        page = archive.read(chapter)
        if not page.strip():
            continue
        found = parts_of_chapter(repair(decode(page)))
        parts += found.parts
        dropped += found.dropped
    reading = finished(parts, name, _meta(package))
    return Reading(reading.meta, reading.parts, reading.notes, (*dropped, *reading.dropped))


def package_of(archive: Archive) -> str:
    """The package file that META-INF/container.xml names, "" where there is none."""
    container = archive.xml("META-INF/container.xml")
    for node in container.iter() if container is not None else ():
        if local(node) == "rootfile" and (found := archive.resolve("", attribute(node, "full-path"))):
            return found
    return ""


def _chapters(archive: Archive, place: str, package: etree._Element) -> Iterator[str]:
    """The members with the book's text in reading order; without its table of contents."""
    entries = {attribute(item, "id"): item for item in package.iter() if local(item) == "item"}
    spine = [node for node in package.iter() if local(node) == "itemref"]
    if len(spine) > _MOST_CHAPTERS:
        raise SourceError(f"The EPUB has {len(spine):,} chapters; more than {_MOST_CHAPTERS:,} are not read.")
    for reference in spine:
        item = entries.get(attribute(reference, "idref"))
        if item is None or "nav" in attribute(item, "properties").split():
            continue
        if attribute(item, "media-type") in _PAGES and (found := archive.resolve(place, attribute(item, "href"))):
            yield found


def _locked(archive: Archive) -> frozenset[str]:
    """Members that are encrypted; fonts often are, and are not read anyway."""
    root = archive.xml("META-INF/encryption.xml")
    return frozenset(
        archive.resolve("", attribute(node, "URI"))
        for node in (root.iter() if root is not None else ())
        if local(node) == "CipherReference"
    )


def _meta(package: etree._Element) -> Meta:
    told: dict[str, list[str]] = {}
    metadata = child(package, "metadata")
    for node in metadata if metadata is not None else ():
        told.setdefault(local(node), []).append(tidy(visible_text(node.text or "") if node.text else ""))

    def first(name: str) -> str | None:
        return next(filter(None, told.get(name, [])), None)

    address = next(
        (a for a in (*told.get("source", []), *told.get("identifier", [])) if re.match(r"https?://\S+$", a)), None
    )
    return Meta(
        title=first("title"),
        author=", ".join(filter(None, told.get("creator", []))) or None,
        publisher=first("publisher"),
        published=iso_date(first("date") or ""),
        region=first("coverage"),
        language=first("language"),
        url=address,
        summary=first("description"),
    )
