"""The language-model answer: a draft streamed in sentences, each checked. The one importer of chat models.

A model proposes; the guides decide. Each sentence must be carried by words of the passages given: by those that it
cites, or else by others, and then its mark is moved. What nothing carries is taken out. If the model is refused, slow,
broken or empty, the extractive answer comes instead, with a notice.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import phrases, prompts
from bot.answer import Answer, Citation, Claim, ClaimEvent, DoneEvent, Event, NoticeEvent, Question, Turn
from bot.draft import cite, renumber
from bot.questions import Facet
from bot.render import Line, answer_text, piece
from bot.retriever import Found
from bot.verify import verify
from corpus.errors import BadSetting, ModelError
from corpus.index import Index
from corpus.models import Passage
from corpus.settings import Settings
from corpus.words import term_set

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

TEMPERATURE = 0
PASSAGES = 8
WORDS = 180
# A draft beyond this is not read further: nobody asked for a book, and memory is finite.
MOST_CHARACTERS = 20_000
# Completing a follow-up may take this share of the deadline, and give a question of so many characters.
REWRITE_SHARE, LONGEST_REWRITE = 0.3, 400
# After so many failures in a row the model is left alone for a while.
BREAKER_FAILURES = 3
BREAKER_SECONDS = 60.0
# Sentences of one passage that may carry a claim together.
MOST_QUOTED = 3

_MARK = re.compile(r"\s*[\[(]\s*(k\d+(?:\s*[,;]\s*k\d+)*)\s*[\])]", re.IGNORECASE)
_OTHER_MARK = re.compile(r"\s*\[\^?\d+\](?!\()")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"https?://|www\.|javascript:|data:", re.IGNORECASE)
# A sentence is done when its marks are: at a line's end, or where the next sentence begins.
_END = re.compile(
    r"\n+|(?<=[.!?])((?:\s*[\[(]\s*k\d+[^\])]*[\])])+)\.?\s+|(?<=\])\.?\s+(?=[A-Z\"“])|(?<=[.!?])\s+(?=[A-Z\"“])"
)


class Breaker:
    """Opens after repeated failures, so that people need not wait for a model that is down."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def open(self) -> bool:
        with self._lock:
            return time.monotonic() < self._until

    def record(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= BREAKER_FAILURES:
                self._until = time.monotonic() + BREAKER_SECONDS
                self._failures = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the model is given: passages by key."""

    passages: tuple[tuple[str, Passage], ...]

    def cited(self, keys: Sequence[str]) -> list[Passage]:
        named = dict(self.passages)
        return [named[key] for key in keys if key in named]


class Generator:
    """One chat model with its deadline and breaker; safe for many threads."""

    def __init__(self, model: BaseChatModel, name: str, deadline: float) -> None:
        self.model = model
        self.name = name
        self.deadline = deadline
        self.breaker = Breaker()

    def events(
        self,
        question: Question,
        found: Sequence[tuple[Facet, Found]],
        index: Index,
        extractive: Answer,
        before: str,
        spent: float = 0.0,
    ) -> Iterator[Event]:
        """Checked claims as they come, then the whole answer; the extractive answer where the model fails.

        `before` is the frame sentence that an answer of this question begins with, "" for none; `spent` are the seconds
        of the deadline that are gone.
        """
        offer = _offer(found)
        started = time.perf_counter()
        kept: list[Line] = []
        citations: list[Citation] = []
        removed: list[Claim] = []
        try:
            for sentence in self._sentences(question, offer, self.deadline - spent):
                line = _checked(sentence, offer, index, citations)
                if line.claim.verdict == "unsupported":
                    removed.append(line.claim)
                    continue
                fresh = bool(kept) and (line.shape == "item") != (kept[-1].shape == "item")
                line = replace(line, fresh=fresh)
                kept.append(line)
                mine = tuple(c for c in citations if c.number in line.claim.citations)
                lead = f"{before}\n\n" if before and len(kept) == 1 else ""
                yield ClaimEvent(line.claim, mine, lead + piece(line, first=len(kept) == 1))
            if not kept:
                raise ModelError("no sentence of the model's draft is carried by the guides", retryable=False)
        except ModelError:
            self.breaker.record(failed=True)
            notices = (*extractive.notices, phrases.MODEL_FAILED)
            fallback = replace(extractive, notices=notices, timings_ms=_with_model(extractive, started))
            yield NoticeEvent(phrases.MODEL_FAILED)
            yield DoneEvent(fallback)
            return
        self.breaker.record(failed=False)
        yield DoneEvent(self._answer(extractive, kept, citations, removed, started, before))

    def _answer(
        self,
        extractive: Answer,
        kept: Sequence[Line],
        citations: Sequence[Citation],
        removed: Sequence[Claim],
        started: float,
        before: str,
    ) -> Answer:
        lines, numbered = renumber(kept, citations)
        notices = (*extractive.notices, *((phrases.SENTENCES_REMOVED,) if removed else ()))
        return replace(
            extractive,
            answer=answer_text(lines, before),
            claims=(*(line.claim for line in lines), *removed),
            citations=numbered,
            notices=notices,
            mode="generated",
            model=self.name,
            timings_ms=_with_model(extractive, started),
        )

    def rewrite(self, question: Question) -> str | None:
        """A follow-up completed by the model so that it stands alone; None where the model fails, or says anything
        but one question in the words of the conversation: the rules then do it (see `bot.conversation`)."""
        if self.breaker.open():
            return None
        said = _turns(question.history)
        messages = [
            ("system", prompts.REWRITE),
            ("user", prompts.fill(prompts.TURNS, history=said, question=question.text)),
        ]
        try:
            written = " ".join(self.reply(messages, self.deadline * REWRITE_SHARE).split())
        except ModelError:
            return None
        known = term_set(f"{said} {question.text}")
        faithful = 0 < len(written) <= LONGEST_REWRITE and term_set(written) <= known and "[" not in written
        return written if faithful else None

    def reply(self, messages: list[tuple[str, str]], seconds: float) -> str:
        """What the model says to (role, text) messages, whole; raises ModelError. Past the breaker."""
        return "".join(self._stream(messages, seconds))

    def _sentences(self, question: Question, offer: _Offer, seconds: float) -> Iterator[str]:
        """The draft's sentences with their marks, each as soon as it is whole."""
        if self.breaker.open():
            raise ModelError("the language model failed repeatedly and is left alone for a minute", retryable=True)
        pending = ""
        for piece_ in self._stream(_messages(question, offer), seconds):
            pending += piece_
            while match := _END.search(pending):
                # The marks right behind a sentence belong to it.
                end = match.end(1) if match[1] else match.start()
                sentence, pending = pending[:end], pending[match.end() :]
                if sentence.strip():
                    yield sentence
        if pending.strip():
            yield pending

    def _stream(self, messages: list[tuple[str, str]], seconds: float) -> Iterator[str]:
        """Text pieces of the model until it ends or `seconds` have passed; raises ModelError.

        The model is read in a thread of its own, so that one that stalls in mid-stream cannot hold the answer.
        """
        pieces: queue.Queue[str | ModelError | None] = queue.Queue(maxsize=1024)
        stop = threading.Event()

        def read() -> None:
            ended: ModelError | None = None
            try:
                for chunk in self.model.stream(messages):
                    if stop.is_set():
                        return
                    pieces.put(chunk.text, timeout=self.deadline)
            except Exception as error:  # noqa: BLE001 - the edge to any provider's package: each raises its own errors
                ended = ModelError(f"the language model failed: {type(error).__name__}", retryable=True)
            if not stop.is_set():
                pieces.put(ended, timeout=self.deadline)

        threading.Thread(target=read, name="waymark-model", daemon=True).start()
        ends = time.monotonic() + seconds
        length = 0
        try:
            while length < MOST_CHARACTERS:
                left = ends - time.monotonic()
                if left <= 0:
                    raise ModelError("the language model took too long", retryable=True)
                try:
                    piece_ = pieces.get(timeout=left)
                except queue.Empty:
                    raise ModelError("the language model took too long", retryable=True) from None
                if piece_ is None:
                    return
                if isinstance(piece_, ModelError):
                    raise piece_
                length += len(piece_)
                yield piece_.replace("\0", "")
        finally:
            stop.set()


def generator_of(settings: Settings, named_by: str = "WAYMARK_MODEL=") -> Generator | None:
    """The model that WAYMARK_MODEL names, by `init_chat_model`; None where none is named: answers are then extractive.

    With WAYMARK_MODEL_URL the name is taken as it stands and the address as an OpenAI-compatible server's. `named_by`
    is what a person wrote before the name, for the error.
    Raises BadSetting where the provider's package is missing or refuses the name.
    """
    if not settings.model:
        return None
    from langchain.chat_models import init_chat_model

    options: dict[str, object] = {"temperature": TEMPERATURE, "timeout": settings.model_deadline, "max_retries": 1}
    key = settings.model_key.get_secret_value() if settings.model_key else None
    if settings.model_url:
        name = settings.model.removeprefix("openai:")
        # Local servers want no key, but the client insists on one.
        options |= {"model_provider": "openai", "base_url": settings.model_url, "api_key": key or "none"}
    else:
        name = settings.model
        options |= {"api_key": key} if key else {}
    try:
        model = init_chat_model(name, **options)  # type: ignore[call-overload]
        if (model.profile or {}).get("temperature") is False:
            # Newer models choose their own, and refuse a request that names one.
            del options["temperature"]
            model = init_chat_model(name, **options)  # type: ignore[call-overload]
    except (ImportError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BadSetting(
            f"{named_by}{settings.model} cannot be used: {reason} Name it as provider:name, with the provider's "
            "package installed, or give the address of an OpenAI-compatible server in WAYMARK_MODEL_URL."
        ) from None
    return Generator(model, settings.model, settings.model_deadline)


def _with_model(extractive: Answer, started: float) -> dict[str, float]:
    """The times of the extractive answer and, on top, what the model has taken since `started`, in milliseconds."""
    spent = round((time.perf_counter() - started) * 1e3, 3)
    return {**extractive.timings_ms, "model": spent, "total": round(extractive.timings_ms["total"] + spent, 3)}


def _offer(found: Sequence[tuple[Facet, Found]]) -> _Offer:
    """The best passages of every facet, in turn, each once."""
    passages: dict[str, Passage] = {}
    for rank in range(PASSAGES):
        for _, each in found:
            if rank < len(each.hits) and len(passages) < PASSAGES:
                passages.setdefault(each.hits[rank].passage.id, each.hits[rank].passage)
    return _Offer(tuple((f"k{place}", passage) for place, passage in enumerate(passages.values(), 1)))


def _turns(history: Sequence[Turn]) -> str:
    """The last turns, a line each, without what could close their frame."""
    return "".join(f"{turn.role}: {prompts.flat(turn.content[:600])}\n" for turn in history[-4:])


def _messages(question: Question, offer: _Offer) -> list[tuple[str, str]]:
    told = {
        "background": question.situation.background,
        "region": question.situation.region,
        "goal": question.situation.goal,
    }
    situation = "".join(f"The person's {name}: {value}\n" for name, value in told.items() if value)
    history = _turns(question.history)
    content = prompts.fill(
        prompts.QUESTION,
        situation=situation,
        history=f"<conversation>\n{history}</conversation>\n" if history else "",
        passages=prompts.passages_block(offer.passages),
        question=question.text,
    )
    return [("system", prompts.fill(prompts.SYSTEM, words=str(WORDS))), ("user", content)]


def _checked(sentence: str, offer: _Offer, index: Index, citations: list[Citation]) -> Line:
    """One sentence of the draft as a line: supported with its citations (added to `citations`), or unsupported."""
    keys = [key.strip().lower() for match in _MARK.finditer(sentence) for key in re.split(r"[,;]", match[1])]
    text = _LINK.sub(r"\1", _OTHER_MARK.sub("", _MARK.sub("", sentence)))
    bullet = re.match(r"\s*(?:[-*•]|\d+[.)])\s+", text)
    text = " ".join(
        re.sub(r"[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", text[bullet.end() :] if bullet else text).split()
    )
    if _URL.search(text):
        return Line(Claim(text, (), "unsupported", ("it gives an address that no guide gives",)))
    reasons: tuple[str, ...] = ("it names no passage that carries it",)
    given = [passage for _, passage in offer.passages]
    # Its own marks first; then, for a misplaced mark, every passage that was given.
    for passages in (offer.cited(keys), given):
        for passage in passages:
            span = _carrying(text, passage)
            judged = verify(text, [passage.text[start - passage.start : end - passage.start] for start, end in [span]])
            if judged.verdict == "supported":
                number = _number(index, passage, span, citations)
                return Line(Claim(text, (number,), "supported"), "item" if bullet else "sentence")
            reasons = judged.reasons if passages is not given else reasons
    return Line(Claim(text, (), "unsupported", reasons))


def _carrying(text: str, passage: Passage) -> tuple[int, int]:
    """The span of up to MOST_QUOTED neighbouring sentences that carries `text` best; shorter spans win ties."""
    usable = [s for s in passage.sentences if not s.promotional] or list(passage.sentences)
    best, span = -1.0, (passage.start, passage.end)
    for count in range(1, MOST_QUOTED + 1):
        for place in range(len(usable) - count + 1):
            start, end = usable[place].start, usable[place + count - 1].end
            judged = verify(text, [passage.text[start - passage.start : end - passage.start]])
            value = judged.score + (1.0 if judged.verdict == "supported" else 0.0)
            if value > best + 0.02:
                best, span = value, (start, end)
    return span


def _number(index: Index, passage: Passage, span: tuple[int, int], citations: list[Citation]) -> int:
    for citation in citations:
        if (citation.document_id, citation.start, citation.end) == (passage.document_id, *span):
            return citation.number
    citations.append(cite(index, passage.document_id, passage.section, *span, len(citations) + 1))
    return citations[-1].number
