"""A Document becomes passages of whole sentences. Pure.

Passages follow sections and never cross a heading; within a section they are cut where it costs least: between
paragraphs rather than inside one, never between a list and its lead-in where both fit. Every sentence outside title,
byline and headings is in exactly one passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.models import Block, Document, Passage, Sentence, SentenceKind
from corpus.prose import sentence_spans
from ingest.clean import heading_key
from ingest.promotion import is_promotional

# The embedder's window is 256 word pieces; what is left of it for a passage is this less its title and headings.
WINDOW = 224
_LEAST_ROOM = 110
_BEST_WORDS = 120
_MOST_WORDS = 200
_LONGEST_ROW = 2_000  # characters of a row or fact that is one sentence

_BULLET = re.compile(r"(?:-|\d{1,4}\.) ")
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_WIDE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A sentence without a colon that nevertheless announces the list below it.
_ANNOUNCES = re.compile(
    r"\b(?:there are|here are|here[’']s|the following|as follows|listed below|these are|follow(?:ing)? these)\b",
    re.IGNORECASE,
)
# Words of a line without a full stop that names the list below it.
_LONGEST_LABEL = 10
_STOPS = ".!?…\"'”’»"


class _Unit(NamedTuple):
    """A sentence with what packing needs to know. `cost`: of beginning a new passage with it.

    A tuple, since one is made for each sentence: that takes a third of the time of a frozen dataclass.
    """

    sentence: Sentence
    begin: int
    words: int
    pieces: int
    cost: float


def split(document: Document) -> tuple[Passage, ...]:
    """The passages of a document in order; their ids are `{document.id}-0001` and so on."""
    made: list[Passage] = []
    for section, units in _sections(document):
        context = word_pieces(" > ".join((document.title, *section))) + 4
        room = max(_LEAST_ROOM, WINDOW - context)
        for run in _packed(units, room):
            made.append(_passage(document, section, run, len(made) + 1))
    return tuple(made)


def word_pieces(text: str) -> int:
    """About how many word pieces an embedder's tokenizer makes of a text; rather a few too many."""
    return _pieces(text.split())


def _pieces(words: Sequence[str]) -> int:
    """The word pieces of what stands between white space."""
    return sum(map(_PIECES.__getitem__, words))


class _Pieces(dict[str, int]):
    """Word -> its number of word pieces, filled as words are met: few words make up most of a text.

    Of figures only the look is kept (`$00,000;`), since each is another word and all that look alike have as many.
    """

    def __missing__(self, word: str) -> int:
        look = word.translate(_LOOK)
        if look != word:
            return self[look]
        pieces = 0 if word.isascii() else len(_WIDE.findall(word))
        for piece in _PIECE.findall(word):
            pieces += (len(piece) + 1) // 2 if piece[0].isdigit() else 1 + max(0, len(piece) - 8) // 5
        if len(self) >= _MOST_KNOWN:
            self.clear()
        if len(word) <= _LONGEST_KNOWN:
            self[word] = pieces
        return pieces


_PIECES = _Pieces()
_LOOK = str.maketrans("123456789", "000000000")
_MOST_KNOWN, _LONGEST_KNOWN = 50_000, 60


def _passage(document: Document, section: tuple[str, ...], run: Sequence[_Unit], number: int) -> Passage:
    sentences = tuple(unit.sentence for unit in run)
    start, end = run[0].begin, sentences[-1].end
    return Passage(
        id=f"{document.id}-{number:04d}",
        document_id=document.id,
        title=document.title,
        section=section,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=sentences,
        leads=tuple([document.text[s.lead[0] : s.lead[1]] if s.lead else "" for s in sentences]),
        asked=asked_of(document, section),
    )


def asked_of(document: Document, section: Sequence[str]) -> tuple[str, ...]:
    """The words in which people ask for what stands under these headings, those of every heading on the path."""
    if not document.asked:
        return ()
    path = {heading_key(heading) for heading in section}
    said = (phrase for heading, phrases in document.asked if heading_key(heading) in path for phrase in phrases)
    return tuple(dict.fromkeys(said))


def _sections(document: Document) -> list[tuple[tuple[str, ...], list[_Unit]]]:
    """(heading path, units) of each run of blocks under one heading, empty ones left out."""
    sections: list[tuple[tuple[str, ...], list[_Unit]]] = []
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []

    def close() -> None:
        units = _units(document, blocks)
        if units:
            sections.append((tuple(text for _, text in path), units))
        blocks.clear()

    for block in document.blocks:
        if block.kind == "heading":
            close()
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, document.text[block.start : block.end]))
        elif block.kind not in ("title", "byline"):
            blocks.append(block)
    close()
    return sections


def _units(document: Document, blocks: Sequence[Block]) -> list[_Unit]:
    """The sentences of one section's blocks, with lead-ins and lists told."""
    text = document.text
    found: list[tuple[Block, list[Sentence]]] = []
    lists = _Lists()
    for block in blocks:
        before = found[-1][1][-1] if found else None
        spans = _spans(text, block)
        kind: SentenceKind = "sentence"
        list_id, level = None, block.level
        if block.kind == "item":
            kind = "item"
            lead, list_id = lists.item(block, spans, before, text)
        elif block.kind in ("row", "fact"):
            kind, level = "row", 0
            lists.close()
            lead = _row_lead(found, text)
        else:
            lead = lists.under(block)
        if spans:
            found.append(
                (
                    block,
                    [
                        Sentence(
                            start, end, kind, lead, list_id, level, kind != "row" and is_promotional(text[start:end])
                        )
                        for start, end in spans
                    ],
                )
            )
    return _priced(text, found)


def _spans(text: str, block: Block) -> list[tuple[int, int]]:
    """The sentences of a block: of an item without its bullet, a row or fact whole unless it is beyond all measure."""
    start, end = block.start, block.end
    if block.kind == "item" and (bullet := _BULLET.match(text, start, end)):
        start = bullet.end()
    said = text[start:end]
    if block.kind in ("row", "fact"):
        said = said.rstrip()
        if len(said) <= _LONGEST_ROW:
            return [(start, start + len(said))]
    return [(start + a, start + b) for a, b in sentence_spans(said)]


class _Lists:
    """Which list an item belongs to and what leads it in, as items come by."""

    def __init__(self) -> None:
        # By depth: (start of the list's first item, its lead); and the label of the last item at each depth.
        self._open: list[tuple[int, tuple[int, int] | None]] = []
        self._labels: list[tuple[int, int]] = []
        self._number: list[int | None] = []
        self._interrupted = False

    def close(self) -> None:
        self._open.clear()
        self._labels.clear()
        self._number.clear()

    def item(
        self, block: Block, spans: Sequence[tuple[int, int]], before: Sentence | None, text: str
    ) -> tuple[tuple[int, int] | None, int]:
        """(lead, list id) of an item; the label of the item is its first sentence."""
        level = min(block.level, len(self._open))
        number = int(text[block.start : text.index(".", block.start)]) if text[block.start].isdigit() else None
        if level < len(self._open) and self._begins_anew(level, number):
            del self._open[level:]
        del self._open[level + 1 :], self._labels[level:], self._number[level + 1 :]
        if level == len(self._open):
            self._open.append((block.start, self._lead(level, before, text)))
            self._number = [*self._number[:level], None]
        self._number[level] = number
        if spans:
            self._labels.append(spans[0])
        self._interrupted = False
        list_id, lead = self._open[level][0], self._open[level][1]
        return lead, list_id

    def under(self, block: Block) -> tuple[int, int] | None:
        """The lead of a paragraph: the item that it stands under. At the margin it ends the list."""
        if block.level == 0 or not self._labels:
            self.close()
            return None
        depth = min(block.level, len(self._labels))
        del self._open[depth:], self._labels[depth:], self._number[depth:]
        self._interrupted = True
        return self._labels[depth - 1]

    def _begins_anew(self, level: int, number: int | None) -> bool:
        """Whether a number that does not go on, or another kind of mark, begins a list of its own."""
        last = self._number[level]
        if (last is None) != (number is None):
            return True
        return number is not None and number == 1 and (last or 0) >= 1

    def _lead(self, level: int, before: Sentence | None, text: str) -> tuple[int, int] | None:
        said = text[before.start : before.end] if before else ""
        if (
            before is not None
            and before.kind == "sentence"
            and (said.endswith(":") or (level == 0 and (_ANNOUNCES.search(said) or _is_label(said))))
        ):
            return before.start, before.end
        if before is not None and level > 0 and before.kind == "item" and said.endswith(":"):
            return before.start, before.end
        return self._labels[level - 1] if 0 < level <= len(self._labels) else None


def _is_label(said: str) -> bool:
    """Whether words name what stands below them: a few, and no full stop ("CompTIA Security+ ($381)")."""
    return said[-1] not in _STOPS and len(said.split()) <= _LONGEST_LABEL


def _row_lead(found: Sequence[tuple[Block, list[Sentence]]], text: str) -> tuple[int, int] | None:
    """What introduces a table: the sentence right above its first row, where that ends in a colon or not at all."""
    for block, sentences in reversed(found):
        if block.kind in ("row", "fact"):
            return sentences[-1].lead
        last = sentences[-1]
        introduces = text[last.end - 1] == ":" or (last.kind == "sentence" and text[last.end - 1].isalnum())
        return (last.start, last.end) if introduces else None
    return None


def _priced(text: str, found: Sequence[tuple[Block, list[Sentence]]]) -> list[_Unit]:
    """Units with the cost of a cut before each: small between paragraphs, high behind a lead-in or a label."""
    units: list[_Unit] = []
    before: Sentence | None = None
    for block, sentences in found:
        for place, sentence in enumerate(sentences):
            begin = block.start if place == 0 else sentence.start
            words = text[begin : sentence.end].split()
            cost = 0.0 if before is None else _cut_cost(text, before, sentence, first_of_block=place == 0)
            units.append(_Unit(sentence, begin, len(words), _pieces(words), cost))
            before = sentence
    return units


def _cut_cost(text: str, before: Sentence, sentence: Sentence, *, first_of_block: bool) -> float:
    """Of a cut between a sentence and the one before it, which may be what introduces it."""
    if text[before.end - 1] == ":" or sentence.lead == (before.start, before.end):
        return 6.0
    if not first_of_block:
        return 1.5
    if sentence.list_id is not None and before.list_id is not None:
        return 1.2 + 0.6 * sentence.level
    if sentence.level > 0 or before.level > sentence.level > 0:
        return 3.0
    if sentence.kind == "row" and before.kind == "row":
        return 0.5
    return 0.2


def _packed(units: Sequence[_Unit], room: int) -> list[list[_Unit]]:
    """The units cut into runs of the least cost: sizes near the best one, cuts where they hurt least.

    Optimal over all ways to cut (dynamic programming); runs stay under `room` word pieces and `_MOST_WORDS` words,
    but for a single sentence that is longer by itself.
    """
    best = 0.0
    begun: list[float] = []  # the least cost of all before a unit, and of beginning a run with it
    where: list[int] = []  # by the unit that ends a run, where that run begins
    words_of, pieces_of = [unit.words for unit in units], [unit.pieces for unit in units]
    for end, last in enumerate(units):
        begun.append(best + last.cost)
        words, pieces = last.words, last.pieces
        best, choice = begun[end] + _size_cost(words), end
        for begin in range(end - 1, -1, -1):
            words += words_of[begin]
            pieces += pieces_of[begin]
            if words > _MOST_WORDS or pieces > room:
                break
            cost = begun[begin] + _SIZE_COSTS[words]
            if cost < best:
                best, choice = cost, begin
        where.append(choice)
    runs: list[list[_Unit]] = []
    end = len(units)
    while end > 0:
        begin = where[end - 1]
        runs.append(list(units[begin:end]))
        end = begin
    return runs[::-1]


def _size_cost(words: int) -> float:
    """0 at the best size; rising to both sides, and each passage costs something."""
    away = (words - _BEST_WORDS) / 60
    return 0.3 + away * away


_SIZE_COSTS = [_size_cost(words) for words in range(_MOST_WORDS + 1)]
