"""Menus, banners and other furniture taken out of a page's tree. When in doubt it stays; tables and facts always do.

What is taken out is told, so that nothing goes silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.furniture import bio_author
from ingest.readers.html_beside import above_title, beside, captions, cards, teasers
from ingest.readers.html_hidden import names_of
from ingest.readers.html_inline import line_of
from ingest.readers.html_prose import beside_prose
from ingest.readers.html_tree import Tag
from ingest.readers.html_weigh import holds_data, link_share, links_in, says_something, titled, words_in

_MENU_ROLES = frozenset("navigation search menu menubar dialog alertdialog alert toolbar tablist".split())
_MENU_NAMES = frozenset(
    """nav navbar navigation menu menubar megamenu submenu breadcrumb breadcrumbs cookie cookies cookiebar consent gdpr
    share sharing sharebar social socials newsletter subscribe signup ad advert adverts advertisement ads popup
    modal
    lightbox skip skiplink skipnav skiptocontent pagination pager toolbar toc addtoany sharethis feedback survey
    disqus respond usabanner govbanner phasebanner backtotop printbutton login""".split()
)
_ASIDE_NAMES = frozenset("sidebar aside related recommended comments comment promo teaser widget rail".split())
# "related-careers" is what a page on a career says, and no way to other pages.
_TRADES = frozenset("occupation occupations career careers job jobs role roles profession professions skills".split())
_FURNITURE_NAMES = frozenset(("nav", "header", "footer", "aside"))
_TOP_BANNER = frozenset(
    "usa-banner govuk-cookie-banner govuk-phase-banner govuk-skip-link govuk-breadcrumbs cookie-banner "
    "mw-editsection navbox".split()
)
_MAIN_NAMES = (
    "main",
    "main-content",
    "maincontent",
    "main_content",
    "content",
    "primary",
    "wb-cont",
    "article",
    "bodytext",
    "page-content",
    "content-main",
)
_COOKIE_TEXT = re.compile(
    r"^(?:we|this (?:web)?site|our (?:web)?site)\s+(?:also\s+)?uses?\s+(?:\w+\s+){0,3}cookies\b", re.IGNORECASE
)
_OF_THE_SITE = re.compile(r"cookie|privacy|subscribe|newsletter", re.IGNORECASE)
_UPDATED = re.compile(r"last (?:modified|updated|reviewed)[^.]{0,60}|date modified:?\s*[\d-]{8,10}", re.IGNORECASE)
# A part with more than this share of the page's words is no furniture whatever it is called.
_TOO_MUCH = 0.4
# So many words beside readers' comments are what they comment on.
_A_TEXT = 150
_MOST_TOLD = 200
_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "th")


@dataclass(slots=True)
class Pruned:
    """What was taken out as (reason, text), a line that told when the page was last changed, and whom a note about the
    author named."""

    dropped: list[tuple[str, str]] = field(default_factory=list)
    updated: str = ""
    author: str = ""


def prune(root: Tag) -> Pruned:
    """Take furniture out of the tree of a page that holds only what is shown; hand back what went."""
    pruned = Pruned()
    total = max(1, words_in(root))
    for tag in root.all():
        if tag.gone or tag.name in ("html", "body", "main") or not (tag.attrs or tag.name in _FURNITURE_NAMES):
            continue
        reason = _furniture(tag) or beside(tag)
        if reason and (words_in(tag) <= total * _TOO_MUCH or _beside_text(tag, reason, total)):
            _take(tag, reason, pruned)
    most = int(total * _TOO_MUCH)
    for tag in [*teasers(root, most), *cards(root, most)]:
        if not tag.gone:
            _take(tag, "links to elsewhere", pruned)
    for tag in above_title(root):
        if not tag.gone:
            _take(tag, "menu", pruned)
    for form in root.all("form"):
        if not form.gone and not _is_page_form(form, total):
            _take(form, "form", pruned)
    for button in root.all("button"):
        if not button.gone and button.around(*_HEADS) is None:
            _take(button, "page control", pruned)
    main = _main(root, total)
    around = _around_text(root)
    for listing in root.all("ul", "ol", "p", "div", "section"):
        if not listing.gone and (reason := _link_list(listing, main, around)):
            _take(listing, reason, pruned)
    if main is not None:
        _leave_main(main, pruned)
    for tag in captions(root):
        _take(tag, "caption of a picture", pruned)
    for tag in beside_prose(root):
        if not tag.gone:
            _take(tag, "links to elsewhere", pruned)
    return pruned


def _furniture(tag: Tag) -> str:
    """Why an element is furniture by what it is called, "" where it is not."""
    name = tag.name
    if name == "nav":
        return "menu"
    if name == "footer" and tag.around("article", "main", "section", "blockquote") is None:
        return "page footer"
    if name == "header" and tag.around("article", "main", "section") is None and not titled(tag):
        return "page header"
    if not tag.attrs:
        return _by_density(tag) if name == "aside" else ""
    role = tag.attrs.get("role", "").lower()
    called = _called(names_of(tag))
    if called is _NOTHING and not role and name not in _FURNITURE_NAMES:
        return ""
    if role and (role in _MENU_ROLES or (role == "contentinfo") or (role == "banner" and not titled(tag))):
        return "menu"
    if called.banner:
        return "banner"
    if (
        called.menu
        and name not in ("h1", "h2", "h3", "table", "td", "tr", "article", "a", "span")
        and not _has_prose(tag)
    ):
        return "page control"
    if called.footer and name in ("div", "section") and not titled(tag) and not _has_prose(tag):
        return "page footer"
    if name == "footer":
        return _by_density(tag)
    if called.aside and called.trade and name != "aside":
        return ""
    if name == "aside" or (called.aside and name in ("div", "section", "ul")) or role == "complementary":
        return _by_density(tag)
    return ""


def _beside_text(tag: Tag, reason: str, total: int) -> bool:
    """Whether these are comments, of which there may be more than of what they comment on, and that is a text."""
    return reason == "comments of readers" and total - words_in(tag) >= _A_TEXT


@dataclass(frozen=True, slots=True)
class _Called:
    """What the names in class and id of an element say that it is."""

    banner: bool
    menu: bool
    footer: bool
    aside: bool
    trade: bool


_NOTHING = _Called(banner=False, menu=False, footer=False, aside=False, trade=False)


@lru_cache(4_096)
def _called(names: str) -> _Called:
    """Kept, since the elements of a page share few names."""
    words = frozenset(word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", names))
    called = _Called(
        banner=not _TOP_BANNER.isdisjoint(names.lower().split()),
        menu=not _MENU_NAMES.isdisjoint(words),
        footer="footer" in words,
        aside=not _ASIDE_NAMES.isdisjoint(words),
        trade=not _TRADES.isdisjoint(words),
    )
    return _NOTHING if called == _NOTHING else called


def _has_prose(tag: Tag) -> bool:
    """Whether there is a paragraph in it that could answer something: long, and no notice about cookies."""
    return any(
        words_in(p) > 25 and not _OF_THE_SITE.search(line_of(p)) and not _COOKIE_TEXT.match(line_of(p))
        for p in tag.all("p", "li")
    ) or titled(tag)  # fmt: skip


def _by_density(tag: Tag) -> str:
    """An aside goes where it is mostly links, or says next to nothing."""
    words = words_in(tag)
    if words < 4 or (link_share(tag) > 0.5 and not says_something(tag)):
        return "aside of links"
    return ""


def _is_page_form(form: Tag, total: int) -> bool:
    """Whether a form wraps the page itself (as some servers write it) and not just some fields."""
    return (
        form.first("h1", "main", "article", "table") is not None
        or words_in(form) > 0.3 * total
        or len(form.all("p")) > 3
    )


def _link_list(tag: Tag, main: Tag | None, around: frozenset[int]) -> str:
    """Why a list or block of links is a menu, "" where it is not. `around`: as of `_around_text`."""
    links = links_in(tag)[:400]
    if len(links) < 3 or tag.first("table", "dl", "h1") is not None or link_share(tag) < 0.8:
        return ""
    if re.search(r"[$£€]\s?\d|\d\s?%", line_of(tag)):
        return ""
    if all(link.get("href").startswith("#") for link in links):
        return "contents of the page"
    if tag.name in ("ul", "ol") and _introduced(tag):
        return ""
    inside = main is not None and any(parent is main for parent in tag.parents())
    if tag.name not in ("ul", "ol"):
        short = all(len(line_of(link).split()) <= 4 for link in links)
        return "menu" if short and not inside and tag.first("p", "h2", "h3", "ul", "ol") is None else ""
    if inside:
        return ""
    return "menu" if main is not None or id(tag) in around else ""


def _around_text(root: Tag) -> frozenset[int]:
    """The ids of all lists above the title and first paragraph, and of those below the last paragraph."""
    before: set[int] = set()
    after: set[int] = set()
    begun = False
    for tag in root.all("ul", "ol", "p", "h1"):
        if tag.name in ("ul", "ol"):
            after.add(id(tag))
            if not begun:
                before.add(id(tag))
        elif tag.name == "h1" or words_in(tag) > 15:
            begun = True
            if tag.name == "p":
                after.clear()
    return frozenset(before | after)


def _introduced(tag: Tag) -> bool:
    """Whether the words right before a list end in a colon."""
    return tag.text_before().rstrip().endswith(":")


def _main(root: Tag, before: int) -> Tag | None:
    """The element with the page's own content: marked as such, and with most of the page's words in it.

    `before`: the words of the page before anything was taken out. Most of those are most of the words that are left.
    """
    marked = [tag for tag in root.all() if tag.attrs]
    found = root.all("main") + [tag for tag in marked if tag.attrs.get("role") == "main"]
    named = [tag for tag in marked if tag.attrs.get("id") in _MAIN_NAMES]
    found += sorted(named, key=lambda tag: _MAIN_NAMES.index(tag.get("id")))
    articles = root.all("article")
    found += articles if len(articles) == 1 else []
    return next((tag for tag in found if _holds_most(tag, before) or _holds_most(tag, words_in(root))), None)


def _holds_most(tag: Tag, total: int) -> bool:
    return words_in(tag) >= 0.6 * total


def _leave_main(main: Tag, pruned: Pruned) -> None:
    """Take out what stands outside the main content, but for its title and for tables and facts with figures."""
    inside: Tag = main
    while inside.parent is not None and inside.name != "body":
        # Bare text beside it is the page's, too.
        inside.parent.contents = [side for side in inside.parent.contents if isinstance(side, Tag)]
        inside.parent.changed()
        for side in inside.parent.elements():
            if side is not inside and not titled(side):
                _take(side, "outside the main content", pruned)
        inside = inside.parent


def _take(tag: Tag, reason: str, pruned: Pruned) -> None:
    """Out of the tree; tables and facts with figures that stand in it take its place."""
    text = line_of(tag)
    updated = _UPDATED.search(text)
    if updated and not pruned.updated:
        pruned.updated = updated[0]
    if reason == "note about the author" and not pruned.author:
        pruned.author = bio_author(text)
    kept: list[Tag] = []
    if tag.name not in ("nav", "button") and reason not in ("banner", "form", "contents of the page"):
        kept = [data for data in tag.all("table", "dl") if data.around("table", "dl") is None and holds_data(data)]
    if tag.name in ("table", "dl") and holds_data(tag):
        return
    for data in kept:
        data.move_before(tag)
    if not kept and text and len(pruned.dropped) < _MOST_TOLD:
        pruned.dropped.append((reason, text[:300]))
    tag.remove()
