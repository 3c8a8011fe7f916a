"""What an HTML page tells of itself: title, author, publisher, dates, language, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.clean import tidy
from ingest.readers.dates import iso_date
from ingest.readers.html_inline import line_of
from ingest.readers.html_tree import Tag
from ingest.readers.parts import Meta

_SEPARATOR = re.compile(r"\s+[|»›·•–—-]\s+|\s*::?\s+:?\s*(?=[A-Z])|\s+:+\s+")
_PAGE_TYPES = re.compile(
    r"article|page|post|report|course|occupation|guide|faq|howto|news|blog|scholarly|webpage|dataset", re.IGNORECASE
)
_MOST_JSON = 500_000
# Names of meta elements that tell a date, the most telling first.
_DATE_NAMES = (
    "article:published_time citation_publication_date dcterms.issued dc.date.issued dc.date dcterms.date date pubdate "
    "publish_date article:modified_time dcterms.modified last-modified og:updated_time"
).split()
_STRUCTURED = (
    ("headline", ("headline",)),
    ("author", ("author", "creator")),
    ("publisher", ("publisher",)),
    ("published", ("datePublished", "dateModified")),
    ("alternate", ("alternateName",)),
)


# What programs that publish pages put where nobody gave a name.
_NO_AUTHOR = re.compile(
    r"^(?:https?://.*|admin(?:istrator)?|super ?user|root|user|webmaster|author|editor|staff|guest|unknown|none|"
    r"wordpress)$",
    re.IGNORECASE,
)
_SAME_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": " "})


@dataclass(frozen=True, slots=True)
class PageTitle:
    """The title, and the heading element that it stands in, if any: that one is not repeated in the text."""

    text: str | None
    heading: Tag | None


def read_meta(root: Tag, address: str | None) -> Meta:
    """What head and structured data say. To be read before anything is taken out of the tree.

    `address`: where the page was fetched; relative links are resolved against it.
    """
    tags = _meta_tags(root)
    told = _structured(root)

    def first(*names: str) -> str | None:
        return next((tags[name] for name in names if tags.get(name)), None)

    html = root.first("html")
    title = _document_title(root)
    published = told.get("published") or first(*_DATE_NAMES)
    site = first(
        "og:site_name", "application-name", "citation_publisher", "dc.publisher", "dcterms.publisher", "publisher"
    )
    publisher = told.get("publisher") or site
    author = told.get("author") or first(
        "author", "article:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author"
    )
    return Meta(
        title=told.get("headline") or first("og:title", "citation_title", "dc.title", "dcterms.title") or title,
        author=author if author and not _NO_AUTHOR.match(author) else None,
        publisher=publisher if publisher and "://" not in publisher else _site_of_title(title, root),
        published=iso_date(published or "") or _time_element(root),
        region=first("geo.placename", "geo.country", "dcterms.spatial", "dc.coverage"),
        language=((html.get("lang") or html.get("xml:lang")) or None) if html is not None else None,
        url=_own_address(root, tags, address),
        summary=first("description", "og:description", "dcterms.description", "dc.description", "twitter:description"),
        about=tuple(filter(None, [told.get("alternate")])),
    )


def page_title(root: Tag, meta: Meta) -> PageTitle:
    """The page's title: the h1 that names the page, not the site; else what the head says without the site's name."""
    named = (_document_title(root) or "").casefold()
    site = (meta.publisher or "").casefold()
    best: tuple[int, Tag] | None = None
    site_heading = ""
    first_page = meta.url is not None and urlsplit(meta.url).path in ("", "/")
    for place, tag in enumerate(root.all("h1")[:20]):
        text = line_of(tag)
        if not text or len(text.split()) > 30:
            continue
        if not first_page and _leads_home(tag):
            # The site's name over each of its pages.
            site_heading = text
            continue
        score = 3 * named.startswith(text.casefold()) + (text.casefold() in named) - 5 * (text.casefold() == site)
        score += 2 * (tag.around("main", "article") is not None) - 2 * (tag.around("header", "nav") is not None)
        score += meta.title is not None and text.casefold() == meta.title.casefold()
        if best is None or score > best[0] or (score == best[0] and place == 0):
            best = (score, tag)
    known = without_site(meta.title, site_heading or meta.publisher) if meta.title else None
    if best is None or best[0] <= -4 or line_of(best[1]).casefold() not in _plain(f"{meta.title} {named}"):
        # The head names the page, and a lower heading says the same: an h1 that says something else is not its name.
        lower = _heading_of(root, known)
        if lower is not None:
            return PageTitle(line_of(lower), lower)
    if best is not None and best[0] > -4:
        return PageTitle(_without_code(line_of(best[1]), _document_title(root) or ""), best[1])
    return PageTitle(known, None)


def _leads_home(heading: Tag) -> bool:
    """Whether a heading is a link to the first page of its site and nothing else."""
    links = [link for link in heading.all("a") if "href" in link.attrs]
    if len(links) != 1 or line_of(links[0]) != line_of(heading):
        return False
    address = urlsplit(links[0].get("href").strip())
    return address.path in ("", "/", "/index.html") and not address.query and not address.fragment


def _heading_of(root: Tag, title: str | None) -> Tag | None:
    """The h2 or h3 that says just what the head calls the page, where one does."""
    wanted = _plain(title or "")
    if len(wanted.split()) < 2:
        return None
    return next((tag for tag in root.all("h2", "h3")[:40] if _plain(line_of(tag)) == wanted), None)


def _plain(text: str) -> str:
    """For comparing titles: case and the kinds of quotes and dashes aside."""
    return " ".join(text.casefold().translate(_SAME_SIGNS).split())


def _without_code(heading: str, title: str) -> str:
    """A heading without the number behind it, where the document's title names the thing without."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    named = [
        part for part in parts if heading.startswith(f"{part} ") and re.fullmatch(r"[\s\d.()-]+", heading[len(part) :])
    ]
    return max(named, key=len, default=heading)


def without_site(title: str, site: str | None) -> str:
    """`Data Scientists : Handbook : Bureau` -> `Data Scientists`; a part that is the site's name is never the title."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    kept = [part for part in parts if not site or part.casefold() != site.casefold()]
    if len(parts) == len(kept) and len(parts) == 2 and len(parts[0].split()) == 1 and len(parts[1].split()) > 2:
        return parts[1]
    return kept[0] if kept else title


def _document_title(root: Tag) -> str | None:
    tag = root.first("title")
    return tidy(tag.text()) or None if tag is not None else None


def _site_of_title(title: str | None, root: Tag) -> str | None:
    """The part of `Page | Site` that names the site: the last one, where no heading of the page says it; else the
    first one on the same terms, for sites that name themselves first."""
    parts = [part.strip(" :") for part in _SEPARATOR.split(title or "") if part.strip(" :")]
    if len(parts) < 2:
        return None
    own = [_plain(line_of(tag)) for tag in root.all("h1")[:20] if not _leads_home(tag)]
    lower = {_plain(line_of(tag)) for tag in root.all("h2", "h3")[:40]}

    def of_the_page(part: str) -> bool:
        plain = _plain(part)
        long = len(plain.split()) > 2
        return any(heading.startswith(plain) or (long and plain in heading) for heading in own) or (
            long and plain in lower
        )

    if not of_the_page(parts[-1]):
        return parts[-1] if len(parts[-1].split()) <= 8 else None
    # `Pay: what menders earn`, with a heading of the second half: a colon names a topic more often than a site.
    named = (title or "").partition(parts[0])[2].lstrip()[:1] != ":" and len(parts[0].split()) > 1
    return parts[0] if named and not of_the_page(parts[0]) and len(parts[0].split()) <= 8 else None


def _meta_tags(root: Tag) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag in root.all("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop")).lower()
        value = tidy(tag.get("content"))
        if name and value:
            tags.setdefault(name, value)
    return tags


def _structured(root: Tag) -> dict[str, str]:
    """What JSON-LD says of the page: headline, author, publisher, published, alternate."""
    told: dict[str, str] = {}
    for script in root.all("script"):
        if "ld+json" not in script.get("type").lower():
            continue
        try:
            data = json.loads(script.text()[:_MOST_JSON])
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kind = node.get("@type")
            kinds = " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")
            if not _PAGE_TYPES.search(kinds):
                continue
            for name, keys in _STRUCTURED:
                value = next((text for key in keys if (text := _name(node.get(key)))), "")
                if value:
                    told.setdefault(name, value)
    return told


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """The top nodes of a JSON-LD value, those of lists and of @graph."""
    if isinstance(data, dict):
        yield data
        yield from _nodes(data.get("@graph"))
    elif isinstance(data, list):
        for entry in data[:200]:
            if isinstance(entry, dict):
                yield from _nodes(entry)


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return _name(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:10])))
    # Many write entities here as they do in the page.
    return tidy(unescape(value))[:300] if isinstance(value, str) else ""


def _time_element(root: Tag) -> str | None:
    """The date of a <time> near the head of the text: the first one with a full date."""
    for tag in root.all("time")[:5]:
        if found := iso_date(tag.get("datetime") or line_of(tag)):
            return found
    return None


def _own_address(root: Tag, tags: dict[str, str], address: str | None) -> str | None:
    """The page's own address where it tells one, else where it was fetched; only of the web."""
    links = [link.get("href") for link in root.all("link") if "canonical" in link.get("rel").lower().split()]
    told = next(filter(None, links), None) or tags.get("og:url")
    url = urljoin(address or "", told) if told else address
    return url if url and urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc else None
