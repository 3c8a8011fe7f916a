"""Which documents say the same: a page saved twice, a guide under another footer. Pure.

Likeness of the words alone (shingles, MinHash) cannot tell a page saved twice from two pages of a series that differ
in a name and two figures: both pairs are alike in nearly all of their words. So likeness is the containment of Broder
("On the resemblance and containment of documents", 1997), the share of a text's words that stand in the other, but
counted on whole sentences in their order, from the first on: under the same title, one text must run along the other,
and may leave it only for a few last lines that look like a footer. One other word above these, and both stay.

A document's outline holds what is needed for that, and is kept with it, so that no text is read again to compare.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from rapidfuzz.fuzz import token_sort_ratio

from corpus.models import Document, Passage, Sentence
from corpus.store import Join
from ingest.furniture import furniture

CONTAINED = 0.9  # of a text's words must stand in the one that answers for it
FEWEST_WORDS = 40  # that two texts must share where they are not the same to the end
FOOTER_WORDS = 30  # at most, of last lines that only their place tells for a footer
SAME_STATEMENT = 50  # token sort ratio from which two last lines state the same of two things
NEIGHBOURS = 64  # texts that are looked at on either side: bounds the work where thousands begin alike

SAME = "the same text"
CONTAINS = "its text stands whole in the other"
OTHER_FOOTER = "the same text but for its last lines"

# What a publisher says of a page or of itself, at its foot. Narrow: a line that may be advice is none.
_IMPRINT = re.compile(
    r"©|\(c\) ?\d|\bcopyright\b|\ball rights reserved\b"
    r"|\b(?:contact|e-?mail|call|write to|follow|find|visit|join|tell|support|about) us\b"
    r"|^(?:this (?:page|article|guide|text|copy|document|edition|version|file)\b.{0,20}? )?(?:was |is |has been )?"
    r"(?:published|hosted|printed|reprinted|republished|powered|maintained|reproduced|distributed|brought to you|"
    r"provided|sponsored|archived|last (?:updated|reviewed|modified|changed)|updated|reviewed|retrieved|accessed|"
    r"saved|posted) (?:by|with|from|for|on|in|at|under|courtesy|:|\d|january|february|march|april|may|june|july|"
    r"august|september|october|november|december)\b"
    r"|^(?:first|originally) (?:published|appeared)\b|^last (?:updated|reviewed|modified|changed)\b"
    r"|\b(?:newsletter|mailing list|privacy (?:policy|notice)|cookie (?:policy|notice)|terms of (?:use|service)|"
    r"disclaimer|site ?map)\b"
    r"|^(?:read|find|see) more\b|^more (?:from|guides|articles|like this)\b|^thanks? (?:you )?for reading\b",
    re.IGNORECASE,
)
_ALIKE = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
})  # fmt: skip
# A name that a file gets when it is saved once more.
_COPY = re.compile(r"\bcop(?:y|ies)\b|\(\d+\)|\bsaved\b|\bduplicate\b", re.IGNORECASE)
_DIGEST = 16  # hex digits of a sentence's hash


@dataclass(frozen=True, slots=True)
class _Text:
    """An outline as it is compared (see `outline`); `words` is the number of words of each sentence."""

    id: str
    subject: str
    sentences: tuple[str, ...]
    words: tuple[int, ...]
    foot: tuple[str, ...]
    last: tuple[tuple[str, bool], ...]
    rank: tuple[int, bool, int, str]

    @property
    def length(self) -> int:
        return sum(self.words)


def outline(document: Document, passages: Sequence[Passage]) -> str:
    """What a document is compared by, as JSON; "" for one without sentences, which is never joined.

    `subject` is a hash of what it says it is about, `sentences` hash and number of words of each heading and sentence
    in order, advertising and page furniture left out, `foot` what stands under these that a publisher says of itself,
    `last` the text of the last sentences and whether each begins a block of its own, `rank` what decides which of two
    like documents answers.
    """
    lines = list(_lines(document, passages))
    if not lines:
        return ""
    foot: list[str] = []
    while len(lines) > 1 and _IMPRINT.search(lines[-1][0]):
        foot.insert(0, lines.pop()[0])
    last: list[tuple[str, bool]] = []
    for text, own in reversed(lines):
        if sum(_count(kept) for kept, _ in last) + _count(text) > FOOTER_WORDS:
            break
        last.insert(0, (text, own))
    told = [document.url, document.author, document.publisher, document.published, document.region]
    about = [document.title, document.region or "", document.language or "", *document.about]
    return json.dumps(
        {
            "subject": _hash("\n".join(map(_alike, about))),
            "sentences": [[_hash(text), _count(text)] for text, _ in lines],
            "foot": foot,
            "last": last,
            "rank": [
                -sum(value is not None for value in told),
                bool(_COPY.search(document.source)),
                len(document.source),
                document.source,
            ],
        },
        ensure_ascii=True,
        separators=(",", ":"),
    )


def find_joins(outlines: Mapping[str, str]) -> tuple[Join, ...]:
    """Document id -> outline to the documents that another one answers for; the rest answer for themselves.

    The longest text is kept, of equals the one that tells most of itself. The result depends on what there is alone,
    not on its order; a document that answers for others is itself joined with none.
    """
    same: dict[tuple[str, tuple[str, ...]], list[_Text]] = {}
    for text in sorted(_read(outlines), key=lambda text: (text.rank, text.id)):
        same.setdefault((text.subject, text.sentences), []).append(text)
    joins = {join.document_id: join for join in _joins([copies[0] for copies in same.values()])}
    for first, *copies in same.values():
        for copy in copies:
            joins[copy.id] = replace(joins[first.id], document_id=copy.id) if first.id in joins else _same(copy, first)
    return tuple(joins[id_] for id_ in sorted(joins))


def _joins(texts: Sequence[_Text]) -> list[Join]:
    """The joins among texts of which no two are the same."""
    texts = sorted(texts, key=lambda text: (text.subject, text.sentences))
    near = {text.id: [*_near(texts, place, 1), *_near(texts, place, -1)] for place, text in enumerate(texts)}
    kept: set[str] = set()
    joins: list[Join] = []
    for text in sorted(texts, key=lambda text: (-text.length, text.rank, text.id)):
        found = [_join(text, other, shared) for other, shared in near[text.id] if other.id in kept]
        best = min((join for join in found if join), key=lambda join: (-join.likeness, join.kept_id), default=None)
        if best is None:
            kept.add(text.id)
        else:
            joins.append(best)
    return joins


def _near(texts: Sequence[_Text], place: int, step: int) -> Iterator[tuple[_Text, int]]:
    """Texts that begin like the one at `place`, and how many sentences they share with it from the first on.

    Among sorted texts what two share is the least that neighbours between them share.
    """
    text = texts[place]
    shared = len(text.sentences)
    for at in range(place + step, place + step * (NEIGHBOURS + 1), step):
        if not 0 <= at < len(texts) or texts[at].subject != text.subject:
            return
        shared = min(shared, _shared(texts[at - step], texts[at]))
        if sum(text.words[:shared]) < CONTAINED * text.length:
            return
        yield texts[at], shared


def _shared(one: _Text, other: _Text) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one.sentences, other.sentences, strict=False)))


def _join(text: _Text, other: _Text, shared: int) -> Join | None:
    """`text` joined to `other`, of which it shares that many sentences; None where it says something else."""
    if shared == len(text.sentences):
        return Join(text.id, other.id, CONTAINS, 1.0) if text.length >= FEWEST_WORDS else None
    common = sum(text.words[:shared])
    left = len(text.sentences) - shared
    if common < FEWEST_WORDS or left > len(text.last):
        return None
    own = text.last[-left:]
    others = other.last[-min(len(other.last), len(other.sentences) - shared) :] if len(other.sentences) > shared else ()
    if not _may_be_footer(own, [line for line, _ in others]):
        return None
    return Join(text.id, other.id, OTHER_FOOTER, round(common / text.length, 3))


def _same(copy: _Text, first: _Text) -> Join:
    """A text joined to one that has the same sentences."""
    if copy.foot == first.foot:
        return Join(copy.id, first.id, SAME, 1.0)
    likeness = copy.length / (copy.length + sum(map(_count, copy.foot)))
    return Join(copy.id, first.id, OTHER_FOOTER, round(likeness, 3))


def _may_be_footer(lines: Sequence[tuple[str, bool]], others: Sequence[str]) -> bool:
    """Whether last lines look like no statement: short, apart, without a figure, and unlike any of the others'."""
    return sum(_count(line) for line, _ in lines) <= FOOTER_WORDS and all(
        own
        and not any(letter.isdigit() for letter in line)
        and all(token_sort_ratio(line, other) < SAME_STATEMENT for other in others)
        for line, own in lines
    )


def _lines(document: Document, passages: Sequence[Passage]) -> Iterator[tuple[str, bool]]:
    """Headings and sentences in order, and whether each is a paragraph's first; no advertising, no furniture."""
    begins = {block.start for block in document.blocks if block.kind == "paragraph"}
    section: tuple[str, ...] = ()
    for passage in passages:
        if passage.section != section:
            section = passage.section
            yield _alike(" > ".join(section)), False
        for sentence in passage.sentences:
            text = _alike(passage.quote(sentence))
            if text and not sentence.promotional and not _is_furniture(text, sentence):
                yield text, sentence.start in begins


def _is_furniture(text: str, sentence: Sentence) -> bool:
    return sentence.kind != "row" and bool(furniture(text))


def _alike(text: str) -> str:
    """A text without the differences that typesetting makes; what may carry a meaning stays ("C++" is not "C")."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


def _count(text: str) -> int:
    return len(text.split())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def _read(outlines: Mapping[str, str]) -> Iterator[_Text]:
    for id_, text in outlines.items():
        values = json.loads(text)
        yield _Text(
            id_,
            values["subject"],
            tuple(hash_ for hash_, _ in values["sentences"]),
            tuple(words for _, words in values["sentences"]),
            tuple(values["foot"]),
            tuple((line, own) for line, own in values["last"]),
            (values["rank"][0], values["rank"][1], values["rank"][2], values["rank"][3]),
        )
