"""What a page holds but does not show, taken out of the tree: hidden elements, comments, scripts, invisible text.

Style sheets are read as far as simple selectors go. What a click opens (tab panels, accordions) counts as shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.readers.html_tree import Tag

_NEVER_SHOWN = frozenset(
    """script style template noscript svg canvas iframe object embed video audio map select datalist textarea input
    option progress meter link meta""".split()
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)|"
    r"opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)|(?:left|top|text-indent|right)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*(?:0|1px)|"
    r"(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*;[^}]*overflow\s*:\s*hidden|"
    r"overflow\s*:\s*hidden\s*;[^}]*(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255|transparent\b|rgba\([^)]*,\s*0\s*\))",
    re.IGNORECASE,
)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*(?P<ground>[^;]+)", re.IGNORECASE)
_LIGHT_GROUND = re.compile(
    r"^(?:#fff(?:fff)?\b|white\b|none|transparent|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)|inherit|initial)", re.IGNORECASE
)
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_SIMPLE = re.compile(r"^(?P<tag>[a-zA-Z][\w-]*)?(?P<sign>[.#])(?P<name>[\w-]+)$")
# The text that opens over a word; the word itself often bears the bare name.
_TOOLTIP = re.compile(
    r"^(?:tooltip-?_?(?:content|text|inner|body)|popover(?:-content|-body)?|helptext)$", re.IGNORECASE
)
# Names of parts that a click opens.
_OPENED = re.compile(r"tab|accordion|collaps|expand|panel|toggle|more|details|drawer|slide|carousel|faq", re.IGNORECASE)
_NEARLY_ALL = 0.9
# Attributes that say whether an element is shown, and elements that are asked more than these and their names.
_TELLING = frozenset(("hidden", "aria-hidden", "role", "style"))
_OPENING = frozenset(("dialog", "details", "summary"))
_SCREEN_READER = frozenset(
    {
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "usa-sr-only",
        "govuk-visually-hidden",
        "wb-inv",
        "element-invisible",
        "hide-text",
    }
)


def remove_hidden(root: Tag) -> None:
    """Take everything out of the tree that a person looking at the page would not see."""
    hidden = _hiding_names(root)
    every = root.all()
    for tag in every:
        if tag.gone or not (tag.name in _NEVER_SHOWN or _is_hidden(tag, hidden)):
            continue
        if tag.name not in _NEVER_SHOWN and 3 * len(tag.all()) >= len(every) and _is_the_page(tag, root):
            continue
        tag.remove()


def _is_the_page(tag: Tag, root: Tag) -> bool:
    """Whether an element holds nearly all that a page says: it is hidden until a script shows it, for a page shows
    something."""
    return _said(tag) >= _NEARLY_ALL * sum(map(_said, root.all("body")))


def _said(tag: Tag) -> int:
    """How many words stand below an element, scripts and the like aside."""
    unseen = [part for part in tag.all(*_NEVER_SHOWN) if part.around(*_NEVER_SHOWN) is None]
    return len(tag.text().split()) - sum(len(part.text().split()) for part in unseen)


def names_of(tag: Tag) -> str:
    """Class and id of an element as one string; memoised, since whoever takes something out of a page asks for it."""
    names = tag.names
    if names is None:
        own, name = tag.attrs.get("class", ""), tag.attrs.get("id", "")
        tag.names = names = f"{own} {name}".strip() if own and name else (own or name).strip()
    return names


@dataclass(frozen=True, slots=True)
class _Told:
    """What class and id of an element say of it."""

    own: tuple[str, ...]
    opened: bool
    tooltip: bool
    screen_reader: bool
    nothing: bool


@lru_cache(4_096)
def _told(names: str) -> _Told:
    """Kept, since the elements of a page share few names."""
    own = tuple(names.split())
    opened = bool(_OPENED.search(names))
    tooltip = any(_TOOLTIP.match(name) for name in own)
    screen_reader = any(name in _SCREEN_READER for name in own)
    return _Told(own, opened, tooltip, screen_reader, nothing=not (opened or tooltip or screen_reader))


def _is_hidden(tag: Tag, hidden: frozenset[str]) -> bool:
    attrs = tag.attrs
    if not attrs:
        return tag.name == "dialog"
    told = _told(names_of(tag))
    if told.nothing and _TELLING.isdisjoint(attrs) and tag.name not in _OPENING:
        # Most elements have a class, an address or the like and nothing else.
        return bool(hidden) and not hidden.isdisjoint(told.own)
    if told.opened or attrs.get("role") == "tabpanel" or tag.name in ("details", "summary"):
        return False
    if "hidden" in attrs and attrs["hidden"].lower() != "until-found":
        return True
    if "aria-hidden" in attrs and attrs["aria-hidden"].lower() == "true" and tag.name not in ("main", "body", "html"):
        return True
    if tag.name == "dialog" and "open" not in attrs:
        return True
    if told.tooltip or attrs.get("role") == "tooltip":
        return True
    if told.screen_reader and tag.name not in (
        "caption",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "legend",
    ):
        return True
    if hidden and not hidden.isdisjoint(told.own):
        return True
    style = attrs.get("style")
    return style is not None and (bool(_HIDING.search(style)) or _is_white_on_white(tag, style))


def _is_white_on_white(tag: Tag, style: str) -> bool:
    """White letters, and no other ground told inline here or around; a white heading stands on a picture as a rule."""
    if not _WHITE.search(style) or tag.name in ("h1", "h2", "a", "button"):
        return False
    around: Tag | None = tag
    while around is not None:
        ground = _GROUND.search(around.get("style")) if around.attrs else None
        if ground:
            return bool(_LIGHT_GROUND.match(ground["ground"].strip()))
        if around.attrs and (
            "bgcolor" in around.attrs or re.search(r"hero|banner|dark|\bbg-|header|masthead", names_of(around))
        ):
            return False
        around = around.parent
    return True


def _hiding_names(root: Tag) -> frozenset[str]:
    """The classes and ids that the page's own style sheets hide for every reader, on every screen."""
    names: set[str] = set()
    for sheet in root.all("style"):
        media = (sheet.get("media") or "all").lower()
        if "all" not in media and "screen" not in media:
            continue
        for rule in _RULE.finditer(_without_conditions(sheet.text()[:500_000])):
            white = bool(_WHITE.search(rule["body"])) and not _GROUND.search(rule["body"])
            if not (_HIDING.search(rule["body"]) or white):
                continue
            for selector in rule["selectors"].split(","):
                simple = _SIMPLE.match(selector.strip())
                if (
                    simple
                    and not _OPENED.search(simple["name"])
                    and not (white and simple["sign"] == "." and _on_dark(simple["name"]))
                ):
                    names.add(simple["name"])
    return frozenset(names)


def _on_dark(name: str) -> bool:
    return bool(
        re.search(r"btn|button|hero|banner|header|badge|tag|label|nav|footer|dark|white|light", name, re.IGNORECASE)
    )


def _without_conditions(sheet: str) -> str:
    """A style sheet without comments and without blocks under a condition (@media print and the like)."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    out: list[str] = []
    depth, skipping, start = 0, 0, 0
    for match in re.finditer(r"[{}]", sheet):
        if match[0] == "{":
            depth += 1
            if not skipping and sheet[start : match.start()].strip().startswith("@"):
                skipping = depth
        else:
            depth = max(0, depth - 1)
            if skipping and depth < skipping:
                skipping = 0
                start = match.end()
            elif not skipping and depth == 0:
                out.append(sheet[start : match.end()])
                start = match.end()
    return "".join(out)
