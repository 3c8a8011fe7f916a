"""What stands beside an article and is no part of it: teasers of others, readers' comments, notes about authors.

Known by what pages call it (class and id), by the heading over it, or by a line that only sends the reader elsewhere.
A part that holds data, an amount of money or the page's title is never taken for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest import furniture_patterns as known
from ingest.readers.html_hidden import names_of
from ingest.readers.html_inline import line_of
from ingest.readers.html_tree import Tag
from ingest.readers.html_weigh import TITLE_MARK, link_share, links_in, says_something, titled, words_in

_BOXES = frozenset("div section aside ul ol li p article footer figure".split())
_COMMENTS = re.compile(
    r"(?:^| )(?:comments?-(?:area|section|wrap(?:per)?|container|block|list|thread|box|holder|content|respond|form|"
    r"template|feed|module)|comments|commentlist|(?:post|article|reader|user|story|facebook|fb|wp)-comments?|"
    r"(?:li-)?comment-\d+|disqus-thread|kommentare|kommentarliste|comentarios|commentaires|respond)(?= |$)"
)
_AUTHOR = re.compile(
    r"(?:^|[ -])(?:about-(?:the-)?authors?|authors?-(?:bio|box|card|desc|description|info|intro|profile|container|list|"
    r"block|details|about)|author(?:list|bio|box|info)|bio-?box)(?=[ -]|$)"
)
_ELSEWHERE = re.compile(
    r"(?:^|[ -])(?:related(?!-(?:occupation|career|job|role|profession|skill|course|program|field|title|degree|major))|"
    r"relatedposts|relatedarticles|also-like|more-(?:stories|articles|posts|"
    r"news|from)|read-(?:next|also)|up-next|(?:next|prev|previous)-?(?:story|post|article)s?|post-nav(?:igation)?|"
    r"nav-(?:links|previous|next|below|above|single)|popular-posts|most-(?:read|popular|viewed)|taboola|outbrain)"
    r"(?=[ -]|$)"
)
# What a shop or an index page calls its own text as well.
_PRAISED = re.compile(r"(?:^|[ -])(?:recommended|recommendations?|trending|teasers?)(?=[ -]|$)")
_TAGS = re.compile(
    r"(?:^|[ -])(?:tags|tag-?(?:list|links|cloud)|cat-?links|categories|(?:article|post|entry)-(?:footer|tags|"
    r"copyright|tools|social|share|sharing)|sharedaddy|sharing|social-(?:links|icons|media)|copyright)(?=[ -]|$)"
)
_CAPTION = re.compile(
    r"(?:^|[ -])(?:(?:wp-)?captions?(?:-(?:text|wrap(?:per)?|full|body))?|"
    r"(?:photo|image|img|picture|media)-?(?:captions?|credits?|desc(?:ription)?|info)(?:-(?:text|wrap(?:per)?))?|"
    r"photo-?by(?:line)?)(?=[ -]|$)"
)
# A caption that tells what a drawing shows, and does not only say who is on a photograph.
_DRAWN = re.compile(
    r"^(?:fig(?:ure|\.)|table|charts?|graphs?|diagrams?|maps?|exhibit|infographic|source)\b|\d\s?%|[$£€¥₹]\s?\d|"
    r"\b(?:per ?cent|wages?|pay|salar(?:y|ies)|earnings|income|median|average|employment|growth|projected|rates?|jobs|"
    r"openings|costs?|fees?)\b",
    re.IGNORECASE,
)
_LONGEST_CAPTION, _BESIDE_CAPTION = 70, 3
_HEADED = re.compile(r"title|head|label|caption", re.IGNORECASE)
_LONGEST_BYLINE, _LONGEST_NOTE = 12, 160
# A box with less than this share of links in it says something of its own.
_FEWEST_LINKS = 0.2
_WORDS_OF_TEASER = 45
_FEWEST_IN_CARD = 8


@dataclass(frozen=True, slots=True)
class Named:
    """What class and id of an element say that it is."""

    comments: bool
    author: bool
    elsewhere: bool
    praised: bool
    tags: bool


_NOTHING = Named(comments=False, author=False, elsewhere=False, praised=False, tags=False)


@lru_cache(4_096)
def _named(names: str) -> Named:
    """Kept, since the elements of a page share few names."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]+", "-", names).lower()
    named = Named(
        comments=bool(_COMMENTS.search(plain)),
        author=bool(_AUTHOR.search(plain)),
        elsewhere=bool(_ELSEWHERE.search(plain)),
        praised=bool(_PRAISED.search(plain)),
        tags=bool(_TAGS.search(plain)),
    )
    return _NOTHING if named == _NOTHING else named


def beside(tag: Tag) -> str:
    """Why an element with a name is no part of the article, "" where nothing says so."""
    if tag.name not in _BOXES or not (names := names_of(tag)):
        return ""
    named = _named(names)
    if named is _NOTHING or titled(tag):
        return ""
    if named.comments:
        return "comments of readers"
    if named.author:
        # A few words are a line that names the author and the day, which is read as such.
        return "note about the author" if _LONGEST_BYLINE < words_in(tag) <= _LONGEST_NOTE else ""
    if says_something(tag):
        return ""
    if named.elsewhere or named.praised:
        if named.elsewhere:
            return "links to elsewhere" if _are_teasers(tag) or words_in(tag) <= 4 else ""
        return "links to elsewhere" if link_share(tag) >= 0.5 else ""
    short = words_in(tag) <= 60 and not any(words_in(p) > 20 for p in tag.all("p"))
    return "tags" if short and link_share(tag) >= _FEWEST_LINKS else ""


def teasers(root: Tag, most: int) -> list[Tag]:
    """The boxes of links to other articles that a heading announces, and lines like `Read more: Knots that hold`.

    `most`: the words of a box that is too much of the page to be one.
    """
    found: list[Tag] = []
    for tag in root.all("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "b", "strong", "div", "span"):
        if tag.gone or (tag.name in ("div", "span") and not _HEADED.search(tag.get("class"))):
            continue
        line = line_of(tag)
        if not 3 < len(line) <= 250 or line.partition(" ")[0].rstrip(":|").lower() not in known.OPENERS:
            continue
        if len(line) <= 60 and known.ELSEWHERE.match(line):
            found += _announced(tag, most)
        elif known.SENDS_ELSEWHERE.match(line) and links_in(tag) and link_share(tag) >= 0.5 and not says_something(tag):
            found.append(tag)
    return found


def cards(root: Tag, most: int) -> list[Tag]:
    """Links that are boxes with a heading or paragraph in them: each tells of another page. None where they are more
    than `most` words, since the page is a list of them then."""
    found = [
        link
        for link in links_in(root)
        if link.first("h2", "h3", "h4", "h5", "h6", "p", "div") is not None
        and not link.gone
        and not link.get("href").startswith("#")
        and words_in(link) >= _FEWEST_IN_CARD
        and link.around("table", "dl") is None
        and not titled(link)
        and not says_something(link)
    ]
    return found if sum(map(words_in, found)) <= most else []


def captions(root: Tag) -> list[Tag]:
    """What stands under photographs: who is on them and who took them. What a drawing shows is no such line."""
    found: list[Tag] = []
    for tag in root.all("figcaption", "p", "div", "span", "dd", "small", "em", "cite"):
        if tag.gone or not (tag.name == "figcaption" or (tag.attrs and _is_caption(names_of(tag)))):
            continue
        words = words_in(tag)
        if 0 < words <= _LONGEST_CAPTION and _of_photograph(line_of(tag)) and _under_picture(tag, words):
            found.append(tag)
    return found


@lru_cache(4_096)
def _is_caption(names: str) -> bool:
    """Kept, since the elements of a page share few names."""
    return bool(_CAPTION.search(re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]+", "-", names).lower()))


def _of_photograph(line: str) -> bool:
    """Whether a caption says who took the picture, or is no sentence; what a sentence tells may stand nowhere else."""
    return not _DRAWN.search(line) and bool(known.CREDITED.search(line) or line[-1] not in ".!?:;")


def _under_picture(tag: Tag, words: int) -> bool:
    """Whether a picture stands with it in a frame that says hardly anything else."""
    frame = tag.parent
    for _ in range(3):
        if frame is None or words_in(frame) > words + _BESIDE_CAPTION or titled(frame):
            return False
        if frame.first("table", "dl", "blockquote", "pre", "ul", "ol") is not None:
            return False
        if frame.first("img") is not None:
            return True
        frame = frame.parent
    return False


def above_title(root: Tag) -> list[Tag]:
    """Lists of links above the page's title: where the page stands in its site, and what it is filed under."""
    found: list[Tag] = []
    for tag in root.all():
        if TITLE_MARK in tag.attrs:
            return found
        if tag.name == "p" and words_in(tag) > 15:
            return []
        if tag.name in ("ul", "ol") and words_in(tag) <= 40 and link_share(tag) >= 0.8:
            found.append(tag)
    return []


def _are_teasers(tag: Tag) -> bool:
    """Whether a box is links in good part, or has one with every few lines."""
    count = len(links_in(tag))
    return link_share(tag) >= _FEWEST_LINKS or (count > 1 and words_in(tag) <= _WORDS_OF_TEASER * count)


def _announced(heading: Tag, most: int) -> list[Tag]:
    """What a heading over links announces: the box that it opens, or the links right below it."""
    words = words_in(heading)
    inner = heading
    while inner.parent is not None and words_in(inner.parent) == words:
        inner = inner.parent
    box = inner.parent
    if box is None:
        return []
    opens = line_of(box).startswith(line_of(heading)) and box.name not in ("body", "html", "main", "article", "")
    if opens and not titled(box) and words_in(box) <= most:
        return [box] if _are_teasers(box) and not says_something(box) else []
    taken: list[Tag] = []
    beyond = box.elements()
    for side in beyond[next(at for at, one in enumerate(beyond) if one is inner) + 1 :]:
        if words_in(side) and (link_share(side) < 0.5 or says_something(side) or words_in(side) > most):
            break
        taken.append(side)
    return [inner, *taken] if any(map(words_in, taken)) else []
