"""The pages of a library that a question names by their titles, where each page is on a job; pure but for its memory.

A handbook has one page a job, and a page may be on several: "Veterinary Technologists and Technicians" is the page of
veterinary technicians, "Heavy and Tractor-Trailer Truck Drivers" that of heavy truck drivers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bot.subject import LOOSE, is_doer
from corpus.index import Index
from corpus.words import STOPWORDS, stem, words

_LONGEST_TITLE = 14
_PARTS = re.compile(r"\s*(?:,|;|/)\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)")
# Words before a name that are no part of it.
_BEFORE = frozenset(
    "become becoming earn earns pay pays salary salaries wage wages outlook growth demand jobs job employment openings "
    "number education degree training license licence experience hire versus vs compare year annual required".split()
)


@dataclass(frozen=True, slots=True)
class Named:
    """A job that a question names: the stems of its name as asked, the pages (document ids) that are on it, and which
    words of the question (as `words` counts them) the name takes."""

    stems: tuple[str, ...]
    documents: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Titles:
    """Names of jobs (stems in order) with the pages on them; `longest` in stems."""

    pages: Mapping[tuple[str, ...], tuple[str, ...]]
    longest: int


_known: WeakKeyDictionary[Index, Titles] = WeakKeyDictionary()


def titles_of(index: Index) -> Titles:
    """The names that the titles of a generation give; made once for each generation."""
    known = _known.get(index)
    if known is None:
        known = titles((info.id, name) for info in index.documents() for name in (info.title, *info.about))
        _known[index] = known
    return known


def titles(documents: Iterable[tuple[str, str]]) -> Titles:
    """The names that titles give, of (document id, title) pairs; a document may have several."""
    pages: dict[tuple[str, ...], dict[str, bool]] = {}
    for document_id, title in documents:
        for name in names_in(title):
            pages.setdefault(name, {})[document_id] = True
    return Titles({name: tuple(ids) for name, ids in pages.items()}, max(map(len, pages), default=0))


def names_in(title: str) -> tuple[tuple[str, ...], ...]:
    """The names of jobs, as stems in order, that a title consists of; () where it names none.

    The whole title is one of them. Modifiers are shared as in "Airline and Commercial Pilots" (airline pilots) and in
    "Veterinary Technologists and Technicians" (veterinary technicians).
    """
    plain = _ASIDE.sub(" ", title)
    if not 0 < len(plain.split()) <= _LONGEST_TITLE:
        return ()
    parts = [words(part) for part in _PARTS.split(plain)]
    parts = [part for part in parts if part]
    if not any(_is_head(part) for part in parts):
        return ()
    found = [words(plain)]
    modifiers: list[str] = []
    for place, part in enumerate(parts):
        if part[0] == "including":
            part, modifiers = part[1:], []
        head = next((at for at in range(place + 1, len(parts)) if is_doer(parts[at][-1])), None)
        if head is not None and part and not is_doer(part[-1]):
            # "Advertising, Promotions, and Marketing Managers": each alone, and those side by side together.
            for end in range(place + 1, head + 1):
                joined = [word for each in parts[place:end] for word in each]
                found += [[*joined, *parts[head][at:]] for at in range(len(parts[head]))]
        if not part or not _is_head(part):
            continue
        if len(part) == 1 and modifiers:
            found += [[*modifiers, *part], [modifiers[0], *part]]
        else:
            found.append(part)
            modifiers = part[:-1]
    stems = [tuple(stem(word) for word in name if word not in STOPWORDS) for name in found]
    return tuple(dict.fromkeys(name for name in stems if name))


def _is_head(part: list[str]) -> bool:
    """Whether a part of a title names somebody: it ends in a plural, or as the name of a job does."""
    return (part[-1].endswith("s") and not part[-1].endswith(("ss", "ics", "sis"))) or is_doer(part[-1])


def named(text: str, known: Titles) -> tuple[Named, ...]:
    """The jobs with a page that a text names, in its order; a name inside a longer one is not taken for itself."""
    said = words(text)
    content = [(place, stem(word)) for place, word in enumerate(said) if word not in STOPWORDS]
    found: list[Named] = []
    at = 0
    while at < len(content):
        for size in range(min(known.longest, len(content) - at), 0, -1):
            name = tuple(word for _, word in content[at : at + size])
            first, last = content[at][0], content[at + size - 1][0]
            if name in known.pages and _stands_alone(said, first, last):
                found.append(Named(name, known.pages[name], first, last + 1))
                at += size
                break
        else:
            at += 1
    return tuple(found)


def without_names(text: str, jobs: Iterable[Named]) -> str:
    """The words of a text but for the names in it: "special education teachers" are not asked for their education."""
    taken = {place for job in jobs for place in range(job.start, job.end)}
    return " ".join(word for place, word in enumerate(words(text)) if place not in taken)


def _stands_alone(said: list[str], first: int, last: int) -> bool:
    """Whether the words around a name are no part of it: "wind technicians" are not just technicians."""
    before = said[first - 1] if first else ""
    after = said[last + 1] if last + 1 < len(said) else ""
    free = not before or before in STOPWORDS or before in LOOSE or before in _BEFORE or before[0].isdigit()
    return free and not (after and after not in STOPWORDS and is_doer(after))
