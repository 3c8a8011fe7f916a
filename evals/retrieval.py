"""Retrieval on a BEIR folder: how well the product's own retriever ranks documents, follow-ups and declining included.

    corpus.jsonl     {"_id", "title", "text"}
    queries.jsonl    {"_id", "text", "history"?, "answerability"?}
    qrels/test.tsv   query-id <tab> corpus-id <tab> score, with a heading line

The corpus becomes a library of its own through the real splitter, embedder and index, kept in the cache folder, so that
a second run is quick. A document ranks by its best passage.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

import corpus
from bot.answer import Question, Turn
from corpus.embedding import Embedder
from corpus.errors import BadQuestionSet, LibraryTorn, QuestionError, UnknownLibrary, UnknownPath
from corpus.library import Library, open_writer
from corpus.models import Block, Document, Hit
from corpus.questions import Line, bad_line, decoded_lines, read_bytes, read_rows
from corpus.reranker import Reranker
from corpus.settings import Settings
from evals.metrics import Unscorable, auroc, hit, mean, mrr, ndcg, recall
from ingest.split import split

K = 10
# Passages asked for: enough that ten documents are among them even where each has several.
PASSAGES = 100
Progress = Callable[[str, int, int], None]  # stage, done, total

# A line from this many characters on may have been wrapped.
WRAPPED = 50
# Seconds after which a library of other code is taken as left behind in the cache.
LEFT_BEHIND = 7 * 24 * 3600
_ITEM = re.compile(r"(?:-|\d{1,4}\.) ")


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")  # public sets carry fields of their own ("metadata")


class _Document(_Row):
    id: str = Field(alias="_id", min_length=1)
    title: str | None = None
    text: str


class _Turn(_Row):
    role: Literal["user", "assistant"]
    content: str


class _Query(_Row):
    id: str = Field(alias="_id", min_length=1)
    text: str = Field(min_length=1)
    history: list[_Turn] | None = None
    answerability: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """`answerable`: True or False where the set says so, None where it does not or says neither ("partial")."""

    id: str
    question: Question
    gains: Mapping[str, float]
    answerable: bool | None


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """`documents`: (id, title, text) in order; `digest`: SHA-256 of the corpus."""

    documents: tuple[tuple[str, str, str], ...]
    queries: tuple[Query, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the retriever gave for one query: document ids best first, each once, and how answerable it takes it to be
    (0 to 1). `trouble` says why a query could not be searched: then nothing is ranked, and it counts as a miss."""

    query: Query
    documents: tuple[str, ...]
    answerable: float
    trouble: str = ""


class Finds(Protocol):
    """What `bot.retriever.Retriever.find` gives."""

    @property
    def hits(self) -> tuple[Hit, ...]: ...
    @property
    def answerable(self) -> float: ...


def read_folder(folder: Path) -> RetrievalSet:
    """Read a BEIR folder. Raises UnknownPath for what is missing; BadQuestionSet, naming file and line."""
    if not folder.is_dir():
        raise UnknownPath(f"There is no folder {folder}; name one with corpus.jsonl, queries.jsonl and qrels/test.tsv.")
    corpus_file, queries_file, qrels_file = (
        folder / name for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")
    )
    documents = read_rows(corpus_file, _Document)
    queries = read_rows(queries_file, _Query)
    _each_once(corpus_file, documents)
    _each_once(queries_file, queries)
    known = {line.row.id for line in queries}
    gains = _qrels(qrels_file, known, {line.row.id for line in documents})
    return RetrievalSet(
        documents=tuple((line.row.id, line.row.title or "", line.row.text) for line in documents),
        queries=tuple(_query(line.row, gains.get(line.row.id, {})) for line in queries),
        digest=hashlib.sha256(read_bytes(corpus_file)).hexdigest(),
    )


def _query(row: _Query, gains: Mapping[str, float]) -> Query:
    history = tuple(Turn(turn.role, turn.content) for turn in row.history or ())
    said = (row.answerability or "").strip().lower()
    answerable = {"answerable": True, "unanswerable": False}.get(said)
    return Query(row.id, Question(row.text, history), gains, answerable)


def _each_once(path: Path, lines: Sequence[Line[_Document]] | Sequence[Line[_Query]]) -> None:
    if not lines:
        raise BadQuestionSet(f"{path} holds nothing; each line must be one object as JSON.")
    seen: dict[str, int] = {}
    for line in lines:
        if line.row.id in seen:
            raise bad_line(path, line.number, f"the _id {line.row.id!r} was used on line {seen[line.row.id]} already")
        seen[line.row.id] = line.number


def _qrels(path: Path, queries: set[str], documents: set[str]) -> dict[str, dict[str, float]]:
    """Query id -> document id -> gain, of what is above 0."""
    gains: dict[str, dict[str, float]] = {}
    for number, text in decoded_lines(path, read_bytes(path)):
        parts = text.split("\t")
        if number == 1 and parts[0] == "query-id":
            continue
        if len(parts) != 3:
            raise bad_line(path, number, f"it has {len(parts)} columns instead of query-id, corpus-id, score")
        query, document, score = parts
        try:
            gain = float(score)
        except ValueError:
            raise bad_line(path, number, f"the score {score!r} is no number") from None
        if not 0 <= gain < float("inf"):
            raise bad_line(path, number, f"the score {score!r} is no amount of relevance")
        if query not in queries:
            raise bad_line(path, number, f"the query {query!r} is not in queries.jsonl")
        if document not in documents:
            raise bad_line(path, number, f"the document {document!r} is not in corpus.jsonl")
        if gain > 0:
            gains.setdefault(query, {})[document] = gain
    return gains


def open_library(
    read: RetrievalSet, settings: Settings, progress: Progress | None = None, embedder: Embedder | None = None
) -> Library:
    """The library of the set's corpus, from the cache or built now.

    Kept under a name made of the corpus, the settings and the code that makes a library, so that none of them can
    change and an old index still be measured. `progress` is told what `Writer.commit` is doing; the embedder is the one
    that the settings name unless one is given. Raises LibraryError, EmbeddingError.
    """
    settings = replace(settings, chroma_url=None)  # a passing library is no guest of a shared server
    shelf = settings.cache / "evals" / f"{read.digest[:16]}-{settings.index_fingerprint()}"
    folder = shelf / _code_digest()
    try:
        return Library.open(folder, settings, embedder)
    except UnknownLibrary:
        pass
    except LibraryTorn:
        shutil.rmtree(folder, ignore_errors=True)
    for older in shelf.iterdir() if shelf.is_dir() else ():
        # Another checkout may be at work on its own at this moment, so only what was left behind is removed.
        with suppress(FileNotFoundError):
            if older != folder and time.time() - older.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(older, ignore_errors=True)
    with open_writer(folder, settings, embedder) as writer:
        for row, (id_, title, text) in enumerate(read.documents):
            document = as_document(row, id_, title, text)
            writer.put(document, split(document), id_, hashlib.sha256(f"{title}\n{text}".encode()).hexdigest())
        writer.commit(progress)
    return Library.open(folder, settings, embedder)


def as_document(row: int, source: str, title: str, text: str) -> Document:
    """A corpus entry as a Document: its text as it stands, a title only where the set gives one.

    A line is a block; one that goes on in lower case after a long unfinished line is taken as wrapped, and joined.
    """
    blocks: list[Block] = []
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        start = at + (line.index(body) if body else 0)
        at += len(line)
        if not body:
            continue
        before = blocks[-1] if blocks else None
        if before is not None and body[0].islower() and _wraps(text, before, start):
            blocks[-1] = replace(before, end=start + len(body))
        else:
            blocks.append(Block("item" if _ITEM.match(body) else "paragraph", start, start + len(body)))
    return Document(f"d{row}", title.strip(), text, source, tuple(blocks))


def _wraps(text: str, before: Block, start: int) -> bool:
    """Whether the line that begins at `start` may go on with the block before it."""
    last = text[before.start : before.end].rsplit("\n", 1)[-1]
    return text.count("\n", before.end, start) == 1 and len(last) >= WRAPPED and last[-1] not in ".!?:;"


def rank(
    read: RetrievalSet,
    library: Library,
    advance: Callable[[], None] = lambda: None,
    reranker: Reranker | None = None,
) -> tuple[Ranked, ...]:
    """Search every query; `advance` is called after each."""
    from bot.retriever import Retriever  # late: LangChain takes a while and reading a folder does not need it

    retriever = Retriever(library=library, reranker=reranker)
    sources = {document.id: document.source for document in library.documents()}
    ranked = []
    for query in read.queries:
        try:
            ranked.append(_ranked(query, retriever.find(query.question, PASSAGES), sources))
        except QuestionError as error:
            ranked.append(Ranked(query, (), 0.0, str(error)))
        advance()
    return tuple(ranked)


def _ranked(query: Query, found: Finds, sources: Mapping[str, str]) -> Ranked:
    documents = dict.fromkeys(sources[hit.passage.document_id] for hit in found.hits)
    return Ranked(query, tuple(documents), found.answerable)


def measures(ranked: Sequence[Ranked]) -> dict[str, Any]:
    """The named measures. `n` and the rank measures go over queries with a relevant document in the judgements; a
    measure that has nothing to go over is null, `auroc_unanswerable` absent where no query tells its answerability."""
    judged = [each for each in ranked if each.query.gains]
    body: dict[str, Any] = {"n": len(judged)}
    for name, measure, k in (("ndcg@10", ndcg, K), ("mrr@10", mrr, K), ("recall@10", recall, K), ("hit@1", hit, 1)):
        values = [measure(each.documents, each.query.gains, k) for each in judged]
        body[name] = _known(lambda values=values: mean(values))  # type: ignore[misc]
    told = [each for each in ranked if each.query.answerable is not None]
    if told:
        scores, positive = [1 - each.answerable for each in told], [each.query.answerable is False for each in told]
        body["auroc_unanswerable"] = _known(lambda: auroc(scores, positive))
    if troubled := sum(bool(each.trouble) for each in ranked):
        body["errored"] = troubled
    return body


def _known(measure: Callable[[], float]) -> float | None:
    """The value rounded for print, or None, JSON's null, for what cannot be measured on this set."""
    try:
        return round(measure(), 6)
    except Unscorable:
        return None


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """Changes with the source of the packages that turn texts into a library."""
    digest = hashlib.sha256()
    root = Path(corpus.__file__).parent
    for path in (*sorted(root.glob("*.py")), *sorted((root.parent / "ingest").glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
