"""Front matter: the block between two `---` lines at the head of a file, read as YAML or, where it is none, by line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from typing import Any

import yaml

from corpus.errors import SourceError
from ingest.clean import tidy
from ingest.readers.dates import iso_date
from ingest.readers.parts import Meta

# More than this is not what a guide says of itself: characters, and values where some are named again (YAML's aliases).
LARGEST, MOST_VALUES = 64 * 1024, 10_000

_BLOCK = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<inside>.*?)\n?^(?P=fence)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_INDENTED = re.compile(r"\A(?:[ \t]*\n)*(?P<indent>[ \t]+)(?P<fence>---|\+\+\+)[ \t]*\n")
# Without a closing fence: keys and what they hold up to the first empty line.
_UNCLOSED = re.compile(
    r"\A\s*---[ \t]*\n(?P<inside>(?:[A-Za-z][\w-]*:[ \t][^\n]*\n|[ \t]+[^\n]+\n|-[ \t][^\n]*\n)+)(?=\n)"
)
_PAIR = re.compile(r"^(?P<key>[A-Za-z][\w -]{0,40}?)[ \t]*[:=](?:[ \t]+(?P<value>.*))?$")
_ALIAS = re.compile(r"(?:^|[\s\[{,])\*[A-Za-z0-9_]", re.MULTILINE)
_LIST_LINE = re.compile(r"^\s*-\s+(?P<value>.+)$")
_REMARK = re.compile(r"\s+#\s.*$")

_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "by", "byline", "writer"),
    "publisher": ("publisher", "site", "site_name", "organisation", "organization"),
    "published": ("publish_date", "published", "date", "published_at", "date_published", "pubdate", "publishdate"),
    "region": ("region", "country", "place"),
    "language": ("language", "lang"),
    "url": ("canonical", "canonical_url", "url", "source_url", "link", "permalink"),
    "summary": ("description", "summary", "excerpt", "abstract", "subtitle"),
    "about": ("about", "aliases", "also_known_as", "alternate_names"),
    "questions": ("questions",),
    "asked": ("asked", "asked_as"),
}  # fmt: skip


def split_front_matter(text: str) -> tuple[str | None, str]:
    """(what stands between the fences, the rest); (None, the text) where there is no front matter.

    A rule `---` at the head of a text is not taken for it: the first line inside must be a key or a remark.
    """
    outdented = _outdented(text)
    head = outdented[: LARGEST + 10]
    block = _BLOCK.match(head) or _UNCLOSED.match(head)
    if block is None:
        return None, text
    inside = block["inside"]
    first = next((line for line in inside.splitlines() if line.strip()), "")
    if first and not (_PAIR.match(first) or first.startswith("#")):
        return None, text
    return inside, outdented[block.end() :]


def _outdented(text: str) -> str:
    """Front matter that stands behind spaces moved to the margin, with all below it where that is indented too, as in
    what was cut out of a program."""
    opening = _INDENTED.match(text)
    if opening is None:
        return text
    indent, lines = opening["indent"], text.split("\n")
    fences = [at for at, line in enumerate(lines) if line.rstrip() == indent + opening["fence"]]
    if len(fences) < 2:
        return text
    below = all(line.startswith(indent) or not line.strip() for line in lines[fences[1] :])
    end = len(lines) if below else fences[1] + 1
    return "\n".join([line.removeprefix(indent) for line in lines[:end]] + lines[end:])


def read_front_matter(inside: str) -> Meta:
    """What front matter says, whatever state it is in: it is never lost.

    Raises SourceError for a YAML bomb alone.
    """
    values = {key.strip().lower().replace("-", "_").replace(" ", "_"): value for key, value in _values(inside).items()}

    def first(field: str) -> Any:
        return next((values[name] for name in _NAMES[field] if _filled(values.get(name))), None)

    url = _line(first("url"))
    return Meta(
        title=_line(first("title")),
        author=_people(first("author")),
        publisher=_line(first("publisher")),
        published=_date(first("published")),
        region=_line(first("region")),
        language=_line(first("language")),
        url=url if url and re.match(r"https?://[^\s]+$", url) else None,
        summary=_line(first("summary")),
        about=tuple(name for entry in _entries(first("about")) for name in _unquoted_split(entry)),
        questions=tuple(_entries(first("questions"))),
        asked=_asked(first("asked")),
    )


def _values(inside: str) -> dict[str, Any]:
    """As YAML where that gives a mapping, else by line. Raises SourceError for what would grow out of all bounds."""
    try:
        if _ALIAS.search(inside):
            _check_size(yaml.compose(inside, yaml.SafeLoader))
        loaded = yaml.safe_load(inside)
    except (yaml.YAMLError, ValueError, RecursionError):
        loaded = None
    if isinstance(loaded, dict):
        return {str(key): value for key, value in loaded.items()}
    return _by_line(inside)


def _check_size(root: yaml.Node | None) -> None:
    """Raises SourceError where aliases make more of a few lines than anybody writes: ten that name the one before ten
    times each stand for ten billion values."""
    sizes: dict[int, float] = {}

    def size(node: yaml.Node) -> float:
        """How many values it stands for, itself among them."""
        if not isinstance(node, yaml.CollectionNode):
            return 1
        if id(node) not in sizes:
            sizes[id(node)] = math.inf  # until it is known: what stands in itself has no end
            pairs = isinstance(node, yaml.MappingNode)
            sizes[id(node)] = 1 + sum(map(size, chain.from_iterable(node.value) if pairs else node.value))
        return sizes[id(node)]

    if root is not None and size(root) > MOST_VALUES:
        raise SourceError(
            f"The front matter names its own values so often that they become more than {MOST_VALUES:,} (a YAML "
            "bomb?); write out what you mean."
        )


def _by_line(inside: str) -> dict[str, Any]:
    """`key: value` at line starts; indented lines continue it, "- " lines make a list; outer quotes are taken off."""
    found: dict[str, Any] = {}
    key = ""
    open_quote = False
    for line in inside.splitlines():
        pair = _PAIR.match(line.lstrip("\t"))
        entry = _LIST_LINE.match(line)
        if pair:
            key = pair["key"]
            # Of two equal keys the first stands, as a person reads it.
            if key in found:
                key = ""
                continue
            value = _unquoted(pair["value"] or "")
            quote = (pair["value"] or "").strip()[:1]
            open_quote = quote in ("'", '"') and not (pair["value"] or "").strip()[1:].endswith(quote)
            found[key] = "" if value in {"|", ">", "|-", ">-"} else value
        elif key and entry:
            before = found[key]
            found[key] = [
                *(before if isinstance(before, list) else [before] if before else []),
                _unquoted(entry["value"]),
            ]
        elif key and line.strip() and isinstance(found[key], str) and (line[0].isspace() or open_quote):
            found[key] = f"{found[key]} {_unquoted(line)}".strip()
    return found


def _unquoted(value: str) -> str:
    """Without outer quotes; inside single quotes a doubled one means one, inside double ones a backslash escapes."""
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        inner = value[1:-1]
        return inner.replace("''", "'") if value[0] == "'" else re.sub(r'\\(["\\])', r"\1", inner)
    if value[:1] in {"'", '"'} and value.count(value[0]) == 1:
        return value[1:]
    return _REMARK.sub("", value)


def _filled(value: Any) -> bool:
    return value is not None and value != "" and value != []


def _line(value: Any) -> str | None:
    if isinstance(value, list | tuple | set):
        value = ", ".join(_entries(value))
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return (tidy(str(value)) or None) if value is not None and not isinstance(value, bool) else None


def _people(value: Any) -> str | None:
    return ", ".join(_entries(value)) or None


def _entries(value: Any) -> list[str]:
    """One value or many, as lines of text; of a mapping its name."""
    if value is None or isinstance(value, bool):
        return []
    several: Iterable[Any] = value if isinstance(value, list | tuple | set) else [value]
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        several = [_unquoted(entry) for entry in value[1:-1].split(",")]
    return [line for line in map(_line, several) if line]


def _asked(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Phrases by the heading that answers them; what is no mapping of headings tells nothing."""
    if not isinstance(value, dict):
        return ()
    told = ((_line(heading), tuple(dict.fromkeys(_entries(phrases)))) for heading, phrases in value.items())
    return tuple((heading, phrases) for heading, phrases in told if heading and phrases)


def _unquoted_split(entry: str) -> list[str]:
    return [name.strip() for name in entry.split(",") if name.strip()]


def _date(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return iso_date(str(value)) if value is not None else None
