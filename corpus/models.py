"""The values that flow: Document -> Passage (with Sentence spans) -> Hit. Frozen, standard library only.

Every `start` and `end` is an offset into `Document.text` (the reading text) in Unicode code points, end exclusive,
so `document.text[start:end]` is what a person sees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

BlockKind = Literal["title", "byline", "heading", "paragraph", "item", "row", "fact"]
SentenceKind = Literal["sentence", "item", "row"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A primary work behind a statement of a guide (a footnote of the guide)."""

    title: str
    publisher: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote mark that stood in the source right behind `text[:at]`; the mark itself is not in the text."""

    at: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph of the reading text.

    `level`: for a heading 1 to 6 (the document's title is kind `title`); for an item its nesting depth from 0; for a
    paragraph inside a list item the depth of that item plus 1, else 0. An item's span includes its "- " or "1. ".
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it is read: plain text with its blocks, and what the source tells of itself.

    `source` is the path relative to the folder given to ingest, or the address. `dropped` lists what was left out as
    (reason, text) so that nothing goes silently. `about` are other names of the thing that the document is about;
    `asked`, by heading, the words in which people ask for what stands under it.
    """

    id: str
    title: str
    text: str
    source: str
    blocks: tuple[Block, ...]
    url: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    region: str | None = None
    language: str | None = None
    summary: str | None = None
    about: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()

    def references(self, start: int, end: int) -> tuple[Reference, ...]:
        """References of the footnotes that stood inside `text[start:end]` or right behind it, in order, each once."""
        found = [note.reference for note in self.footnotes if start < note.at <= end + 1]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span that can be quoted and shown alone: a sentence, a list item (without its bullet) or a table row.

    `lead` is the span of the sentence that introduces the list (or the label of the item that a paragraph stands
    under); `list_id` is the start of the first item of the same list, None outside lists; `level` the nesting depth.
    `promotional` marks advertising: searched like the rest, never cited.
    """

    start: int
    end: int
    kind: SentenceKind = "sentence"
    lead: tuple[int, int] | None = None
    list_id: int | None = None
    level: int = 0
    promotional: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section: the unit of retrieval.

    `section` is the heading path from the outermost heading in, without the document's title. `leads` holds, for each
    sentence, the text of its lead-in ("" where it has none), so that a passage can be embedded without its document.
    `asked` are words in which people ask for what its section tells: searched, never shown as the guide's.
    """

    id: str
    document_id: str
    title: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    leads: tuple[str, ...] = field(default=())
    asked: tuple[str, ...] = ()

    @property
    def context(self) -> str:
        """What the passage is about: `Title > Heading > Subheading`; "" where nothing is known."""
        return " > ".join(part for part in (self.title, *self.section) if part)

    @property
    def search_text(self) -> str:
        """The text that is embedded for the whole passage."""
        return self._under_context(self.text)

    def quote(self, sentence: Sentence) -> str:
        """The sentence's own words."""
        return self.text[sentence.start - self.start : sentence.end - self.start]

    def sentence_search_texts(self) -> tuple[str, ...]:
        """For each sentence the text that is embedded for it: context, lead-in, words."""
        leads = self.leads or ("",) * len(self.sentences)
        return tuple(
            self._under_context(f"{lead} {self.quote(sentence)}" if lead else self.quote(sentence))
            for sentence, lead in zip(self.sentences, leads, strict=True)
        )

    def search_spans(self) -> tuple[tuple[int, int], ...]:
        """For each sentence its span in `search_text`."""
        before = len(self.search_text) - len(self.text) - self.start
        return tuple((sentence.start + before, sentence.end + before) for sentence in self.sentences)

    def lead_spans(self) -> tuple[tuple[int, int], ...]:
        """For each sentence the span of its lead-in in `search_text`; (0, 0) where it has none in the passage."""
        before = len(self.search_text) - len(self.text) - self.start
        return tuple(
            (sentence.lead[0] + before, sentence.lead[1] + before)
            if sentence.lead is not None and self.start <= sentence.lead[0] and sentence.lead[1] <= self.end
            else (0, 0)
            for sentence in self.sentences
        )

    def _under_context(self, text: str) -> str:
        context = self.context
        return f"{context}: {text}" if context else text


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query.

    `score` is the blended score that ranks it (comparable within one search only); `dense` the passage's cosine to
    the query (-1 to 1); `lexical` its BM25 score (0 and up); `sentence_scores` the cosine of each sentence to the
    blended queries; `asked` the best cosine of the words in which people ask for it, 0 where it has none.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float
    sentence_scores: tuple[float, ...]
    asked: float = 0.0


def values_of(record: Any) -> dict[str, Any]:
    """The fields of one of the values above by name, as they are: what `json.dumps` asks as its `default`.

    `dataclasses.asdict` copies all that is below as well, in ten times the time.
    """
    return {name: getattr(record, name) for name in record.__slots__}
