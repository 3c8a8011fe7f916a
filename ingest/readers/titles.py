"""A title for a text that marks none: from what it says of itself, its file's name, or its opening words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

_KIND = r"(?:guide|article|post|tutorial|handbook|page|overview|roadmap|piece|report|blog post|series|chapter|course)"
_ABOUT_ITSELF = re.compile(
    rf"\b(?:(?:this|the following|our)\s+(?:[\w-]+\s+){{0,4}}?{_KIND}|in this\s+(?:[\w-]+\s+){{0,3}}?{_KIND},?|"
    r"here[’']?s|here is|read on to learn|you(?:[’']ll| will) learn)\b(?P<rest>[^.!?\n]{5,240})",
    re.IGNORECASE,
)
_TOPIC = (
    re.compile(r"\beverything (?:that )?you need to know (?P<how>to|about)\s+(?P<topic>.+)", re.IGNORECASE),
    re.compile(r"\b(?P<how>how to)\s+(?P<topic>.+)", re.IGNORECASE),
    re.compile(
        r"\b(?:walk(?:s)? you through|guide(?:s)? you through|explain(?:s)?|cover(?:s)?|describe(?:s)?|outline(?:s)?|"
        r"introduce(?:s)?|explore(?:s)?|look(?:s)? at|is about)(?P<how>)\s+(?P<topic>.+)",
        re.IGNORECASE,
    ),
)
_TOPIC_END = re.compile(r"[,;:—–(]|\s+(?:so that|because|which|while|whether)\s|\s-{1,2}\s")
_NO_NAME = re.compile(
    r"^(?:[0-9a-f]{6,}|\d+|index|page|document|article|text|file|untitled|new|copy|final|draft|v\d+|tmp\w*)$",
    re.IGNORECASE,
)
_LONGEST = 80


def readable_name(name: str) -> str:
    """A file's name as words: `how-to_become_an-analyst.txt` -> `How to become an analyst`; "" where none is left."""
    stem = PurePosixPath(unquote(name.split("?")[0].rstrip("/"))).name
    stem = re.sub(r"\.(?:md|markdown|txt|html?|xhtml|php|aspx?|pdf|docx|epub)$", "", stem, flags=re.IGNORECASE)
    tokens = [token for token in re.split(r"[\s_\-+.]+", stem) if token and not _NO_NAME.match(token)]
    words = [token for token in tokens if re.search(r"[^\W\d]", token)]
    if not words or max(map(len, words)) < 3:
        return ""
    text = " ".join(tokens)
    return text[0].upper() + text[1:]


def made_title(name: str, paragraphs: Sequence[str], headings: Sequence[str]) -> str:
    """An honest title where the source has none; never empty.

    In this order: a file name of several words, what the text says that it is about, a shorter file name, the opening
    words, the first heading.
    """
    from_name = readable_name(name)
    if len(from_name.split()) >= 3:
        return from_name
    for paragraph in paragraphs[:4]:
        if topic := _own_topic(paragraph):
            return topic
    if from_name:
        return from_name
    if paragraphs:
        return opening(paragraphs[0])
    return headings[0] if headings else "Untitled text"


def opening(paragraph: str) -> str:
    """The first sentence of a paragraph where that is short, else its first words and an ellipsis."""
    sentence = re.split(r"(?<=[.!?])\s", paragraph.strip(), maxsplit=1)[0].rstrip(".:;,")
    if len(sentence) <= _LONGEST:
        return sentence
    return re.sub(r"[\s,;:–—-]+\S*$", "", sentence[:_LONGEST]) + "…"


def _own_topic(paragraph: str) -> str:
    """What a text says that it is about ("this guide will show you how to ..."), as a title; "" where it does not."""
    for own in _ABOUT_ITSELF.finditer(paragraph[:2000]):
        for pattern in _TOPIC:
            match = pattern.search(own["rest"])
            if match is None:
                continue
            topic = _TOPIC_END.split(match["topic"], maxsplit=1)[0].strip()
            if not 2 <= len(topic.split()) <= 12:
                continue
            how = match["how"].lower()
            text = f"How to {topic}" if how in ("to", "how to") else topic
            return text[0].upper() + text[1:]
    return ""
