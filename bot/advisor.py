"""The chain from question to Answer, as a LangChain Runnable: read | retrieve | draft | check."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from bot import phrases
from bot.aim import compared, has_page
from bot.answer import Answer, ClaimEvent, DoneEvent, Event, NoticeEvent, Question, Turn
from bot.clarify import LEAST_OPTIONS, MOST_OPTIONS, asked_back, readings, subjectless, unclear
from bot.compose import Composed, compose
from bot.conversation import asks_more, choice, flat, is_bare, last_asked, leans, points_back, shown
from bot.draft import FRAME_SHARE, check, draft_of
from bot.ellipsis import compared as compared_before
from bot.ellipsis import for_job, of_another
from bot.generate import Generator, generator_of
from bot.language import is_foreign
from bot.names import rename
from bot.narrow import on_rules, on_work, together
from bot.places import country_of, located, places, without
from bot.questions import Facet, Read, follow, is_greeting, premise_of, read, tidy
from bot.render import Line, piece
from bot.retriever import Found, Retriever
from bot.scope import PEOPLE_ONLY, distressed, hand_on
from bot.sides import Sides
from bot.situation import impersonal, understand
from bot.spelling import respell
from bot.subject import names, only_names, subject_of
from bot.suggest import suggestions
from bot.units import DEPTH, FIGURES, names_of
from bot.verify import verify
from corpus.index import Index
from corpus.library import Library
from corpus.reranker import open_reranker
from corpus.search import query_terms
from corpus.settings import Settings
from corpus.words import stem, term_set, words

# What pays how much, and how jobs grow, is different in each country; what a course costs or a word means is not.
_LOCAL = re.compile(
    r"\b(?:earn\w*|salar\w+|pay|pays|paid|wages?|make|makes|income|compensation|jobs?|outlook|demand|growth|growing|"
    r"openings|unemploy\w+|employment|redundan\w+|notice|minimum|hired?|hiring|market)\b",
    re.IGNORECASE,
)


_SMALL = frozenset(
    "a an the to of in on for from at is are was were be been has have had that this as by with it".split()
)
# Share of the best score that what was not shown yet must reach, to be given to somebody who asks for more, and to be
# given instead of what was shown.
STILL_NEAR, AS_NEAR = 0.6, 0.8


@dataclass(frozen=True, slots=True)
class Reading:
    """A question read, with the generation that its whole answer comes from. `said` is the message as it came;
    `question` differs from it where a message that names nothing ("what else?") takes an earlier question up again."""

    said: Question
    question: Question
    read: Read
    index: Index
    started: float
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Retrieved:
    reading: Reading
    query: str
    found: tuple[tuple[Facet, Found], ...]
    searched: float


class Advisor(Runnable[Any, Answer]):
    """`invoke` takes a Question, a request body as a mapping, or a string; `events` gives the answer as it comes.

    Raises QuestionError for an empty or overlong question. One advisor serves many threads.
    """

    def __init__(self, library: Library, settings: Settings, generator: Generator | None = None) -> None:
        self.library = library
        self.settings = settings
        self.retriever = Retriever(library=library, reranker=open_reranker(settings))
        self.generator = generator
        self.chain: Runnable[Question, Answer] = (
            RunnableLambda(self._read) | RunnableLambda(self._retrieve) | RunnableLambda(self._answer)
        )

    def invoke(
        self, input: Question | Mapping[str, Any] | str, config: RunnableConfig | None = None, **_: Any
    ) -> Answer:
        """One answer, whole."""
        return self.chain.invoke(Question.of(input), config)

    def answer(self, question: Question) -> Answer:
        """The same without LangChain's callbacks around each step, which take a tenth of the time: for the server."""
        return self._answer(self._retrieve(self._read(question)))

    def events(self, question: Question | Mapping[str, Any] | str) -> Iterator[Event]:
        """Claims as soon as each is checked, notices, and the whole answer last."""
        question = Question.of(question)
        retrieved = self._retrieve(self._read(question))
        if back := self._asked_back(retrieved):
            yield DoneEvent(back)
            return
        if self.generator is not None and question.mode != "extractive":
            yield from self._generated_events(self.generator, retrieved)
            return
        yield from _events_of(*self._extractive(retrieved))

    def _read(self, question: Question) -> Reading:
        started = time.perf_counter()
        text = tidy(question.text)
        said = replace(question, text=text, situation=understand(replace(question, text=text)))
        question = self._completed(said) or self._resumed(said)
        text = impersonal(tidy(question.text))
        if text != question.text:
            question = replace(question, text=text)
        if question.situation.goal and not question.history and subjectless(text):
            # "How long does it take?" is asked about what the person wants to become.
            question = replace(question, history=(Turn("user", question.situation.goal),))
        index = self.library.current()
        vocabulary = index.vocabulary()
        foreign = is_foreign(said.text, vocabulary, index.count)
        own = text if foreign else _own_words(text, index)
        asked = read(own)
        at = last_asked(question.history)
        if at is not None and len(asked.facets) == 1 and asked.facets[0].kind == "broad" and leans(text):
            # "And in Canada?" wants what was wanted before.
            kind = read(question.history[at].content).facets[0].kind
            asked = replace(asked, facets=(replace(asked.facets[0], kind=kind),))
        if at is not None:
            asked = follow(asked, tidy(question.history[at].content))
        return Reading(said, question, asked, index, started, foreign)

    def _completed(self, said: Question) -> Question | None:
        """A follow-up as the language model completes it; None where the rules are to do it."""
        if self.generator is None or said.mode == "extractive" or not leans(said.text) or not said.history:
            return None
        if is_greeting(said.text) or asks_more(said.text) or asked_back(said.history) or hand_on(said.text):
            return None
        written = self.generator.rewrite(said)
        return replace(said, text=written, history=()) if written else None

    def _resumed(self, said: Question) -> Question:
        """The question that a message which names nothing goes on with, or the option that it chooses; else itself."""
        at = last_asked(said.history)
        there = places(said.text)
        before = [tidy(turn.content) for turn in said.history if turn.role == "user" and words(turn.content)]
        if sides := compared_before(said.text, before):
            return replace(said, text=sides, history=())
        if step := self._step(said, before):
            return step
        if at is not None and only_names(without(said.text)):
            earlier = self._resumed(replace(said, text=tidy(said.history[at].content), history=said.history[:at]))
            if other := of_another(without(said.text), earlier.text):
                return replace(earlier, text=located(without(other), there[0].name) if there else other)
        if at is None or not is_bare(without(said.text)) or is_greeting(said.text) or hand_on(said.text):
            return said
        earlier = self._resumed(replace(said, text=tidy(said.history[at].content), history=said.history[:at]))
        if there:
            # "And in Canada?" asks the same of another place.
            return replace(earlier, text=located(without(earlier.text), there[0].name))
        chosen = choice(said.text)
        if chosen is not None and asked_back(said.history):
            back = self._asked_back(self._retrieve(self._read(earlier)))
            if back is not None and chosen < len(back.options):
                return replace(earlier, text=back.options[chosen])
        return earlier

    def _step(self, said: Question, before: Sequence[str]) -> Question | None:
        """A message that asks for a step, asked of the way to the job spoken of; None where what is found for that is
        not of that job, or does not tell of the step."""
        whole = for_job(said.text, before)
        if whole is None:
            return None
        asked = replace(said, text=whole, history=())
        index = self.library.current()
        best = self.retriever.find(asked, k=1, index=index).hits[:1]
        told = any(
            names(subject_of(whole), (hit.passage.text, *names_of(index, hit.passage)))
            and set(query_terms(said.text)) & term_set(f"{hit.passage.context} {hit.passage.text}")
            for hit in best
        )
        return asked if told else None

    def _retrieve(self, reading: Reading) -> Retrieved:
        facets = reading.read.facets
        found: list[tuple[Facet, Found]] = []
        query = reading.read.text
        for facet in facets:
            part = facet.text if len(facets) > 1 or reading.read.background else None
            facet, whole = self._at_home(reading, facet, part)
            query = whole.query
            if each := compared(reading.index, facet.text):
                found += [self._alone(reading, one) for one in each]
            elif facet.sides and whole.answered:
                found += together(facet, facet.sides, whole) or self._apart(reading, facet, facet.sides, whole)
            else:
                found.append((facet, on_work(whole, facet.text)))
        handed = hand_on(reading.said.text)
        if handed is not None:
            found = [(facet, on_rules(each, handed.topic)) for facet, each in found]
        return Retrieved(reading, query, tuple(found), time.perf_counter())

    def _at_home(self, reading: Reading, facet: Facet, part: str | None) -> tuple[Facet, Found]:
        """What is found for one facet; a figure that hangs on a place is looked for where the person is."""
        question, alone = reading.question, len(reading.read.facets) == 1
        country = country_of(question.situation.region)
        if country is not None and _hangs_on_place(facet) and not places(facet.text):
            facet = replace(facet, text=located(facet.text, country.name))
            asked = question if part else replace(question, text=facet.text)
            here = self.retriever.find(asked, part=part and facet.text, index=reading.index, alone=alone)
            if here.answered:
                return facet, here
        return facet, self.retriever.find(question, part=part, index=reading.index, alone=alone)

    def _alone(self, reading: Reading, text: str) -> tuple[Facet, Found]:
        """What is found for one of two jobs that are compared."""
        own = read(_own_words(text, reading.index)).facets[0]
        return own, self.retriever.find(Question(text), index=reading.index)

    def _apart(self, reading: Reading, facet: Facet, sides: Sides, whole: Found) -> list[tuple[Facet, Found]]:
        """What is found for each side of a comparison, where no guide sets the two side by side; what they are compared
        by stays open where neither tells it ("harder")."""
        there = places(facet.text)
        asked = [located(each, there[0].name) if there else each for each in sides.questions()]
        open_ = [(facet, replace(whole, answered=False))] if sides.by == "other" else []
        return [*(self._alone(reading, each) for each in asked), *open_]

    def _asked_back(self, retrieved: Retrieved) -> Answer | None:
        """The question asked back, with readings that the library answers; None where it is answered as it stands."""
        reading = retrieved.reading
        question, facets = reading.question, reading.read.facets
        found = retrieved.found[0][1]
        if (
            is_greeting(reading.said.text)
            or reading.said is not question
            or reading.foreign
            or hand_on(reading.said.text) is not None
            or not unclear(question, facets, reading.read.background, found, reading.index)
        ):
            return None
        options: list[str] = []
        for option in readings(question, found):
            asked = replace(question, text=option, history=())
            if (
                self._extractive(self._retrieve(replace(reading, question=asked, read=read(option))))[0].status
                == "answered"
            ):
                options.append(option)
            if len(options) == MOST_OPTIONS:
                break
        if len(options) < LEAST_OPTIONS:
            return None
        return Answer(
            status="clarify",
            answer=phrases.CLARIFY,
            options=tuple(options),
            situation=question.situation,
            standalone_question=retrieved.query,
            generation=reading.index.generation,
            timings_ms={"total": round((time.perf_counter() - reading.started) * 1e3, 3)},
        )

    def _answer(self, retrieved: Retrieved) -> Answer:
        if back := self._asked_back(retrieved):
            return back
        if self.generator is not None and retrieved.reading.question.mode != "extractive":
            done = [
                event.answer
                for event in self._generated_events(self.generator, retrieved)
                if isinstance(event, DoneEvent)
            ]
            return done[-1]
        return self._extractive(retrieved)[0]

    def _extractive(self, retrieved: Retrieved) -> tuple[Answer, tuple[Line, ...]]:
        """The answer of the guides' own sentences, and its lines."""
        notices: tuple[str, ...] = ()
        reading = retrieved.reading
        if reading.question.mode == "generated" and self.generator is None:
            notices += (phrases.NO_MODEL,)
        if self.library.status == "degraded":
            notices += (phrases.OUTDATED_LIBRARY,)
        if any(found.respelled for _, found in retrieved.found) and not reading.foreign:
            notices += (phrases.SPELLING,)
        if self._presumes(reading):
            notices += (phrases.PREMISE,)
        region = reading.said.situation.region
        handed = hand_on(reading.said.text, region) or hand_on(reading.read.text, region)
        greeting = is_greeting(reading.said.text)
        silent = greeting or reading.foreign or (handed is not None and handed.topic in PEOPLE_ONLY)
        draft = draft_of(reading.index, () if silent else self._units(retrieved), retrieved.found, handed)
        checked = check(reading.index, draft)
        more = bool(reading.said.history) and asks_more(reading.said.text)
        exhausted = more and not checked.lines and any(f.answered for _, f in retrieved.found)
        ended = time.perf_counter()
        text = checked.text
        if greeting:
            text = phrases.GREETING
        elif reading.foreign and handed is None:
            text = phrases.OTHER_LANGUAGE
        elif exhausted:
            text = phrases.NOTHING_MORE
        elif distressed(reading.said.text):
            text = _kindly(text, answered=bool(checked.lines))
        answer = Answer(
            status=checked.status,
            answer=text,
            claims=checked.claims,
            citations=checked.citations,
            missing=checked.missing,
            hand_on=handed,
            situation=reading.question.situation,
            standalone_question=reading.said.text if reading.foreign else retrieved.query,
            suggestions=suggestions([found for _, found in retrieved.found], checked.citations),
            notices=notices,
            mode="extractive",
            model="",
            generation=reading.index.generation,
            timings_ms={
                "search": round((retrieved.searched - reading.started) * 1e3, 3),
                "answer": round((ended - retrieved.searched) * 1e3, 3),
                "total": round((ended - reading.started) * 1e3, 3),
            },
        )
        return answer, checked.lines

    def _presumes(self, reading: Reading) -> bool:
        """Whether the question takes for granted what no sentence of the guides that are nearest to it carries."""
        premise = premise_of(reading.read.text)
        if premise is None or reading.foreign:
            return False
        hits = self.retriever.find(Question(premise), index=reading.index).hits[:DEPTH]
        sentences = (hit.passage.quote(sentence) for hit in hits for sentence in hit.passage.sentences)
        # The check alone lets a small verb pass ("needs", "guarantee"), and a premise hangs on it.
        wanted = {stem(word) for word in words(premise) if word not in _SMALL}
        return not any(
            wanted <= {stem(word) for word in words(sentence)} and verify(premise, [sentence]).verdict == "supported"
            for sentence in sentences
        )

    def _units(self, retrieved: Retrieved) -> tuple[tuple[Facet, Found, Composed], ...]:
        index = retrieved.reading.index
        return tuple((facet, found, self._fresh(retrieved, index, facet, found)) for facet, found in retrieved.found)

    def _fresh(self, retrieved: Retrieved, index: Index, facet: Facet, found: Found) -> Composed:
        """What answers one facet. A follow-up is given what was not shown before, unless it points back to that."""
        composed = compose(index, facet, found)
        said = retrieved.reading.said
        more = asks_more(said.text)
        if not composed.units or not said.history or points_back(said.text) or not (more or leans(said.text)):
            return composed
        seen = _seen(said.history, found)
        if not seen:
            return composed
        others = compose(index, facet, replace(found, shown=seen))
        best = max(unit.score for unit in composed.units)
        if max((unit.score for unit in others.units), default=0.0) >= (STILL_NEAR if more else AS_NEAR) * best:
            return others
        return Composed(()) if more else composed

    def _generated_events(self, generator: Generator, retrieved: Retrieved) -> Iterator[Event]:
        """The model's answer, checked sentence by sentence; the extractive one, with a notice, where it fails."""
        extractive, lines = self._extractive(retrieved)
        if extractive.status == "abstained" or (extractive.hand_on and extractive.hand_on.topic in PEOPLE_ONLY):
            # What the guides do not hold, a model is not asked to make up.
            yield from _events_of(extractive, lines)
            return
        before = ""
        if extractive.status == "partial":
            # The guides hold only what is near, and a model's words for it must not pass for what was asked.
            before = phrases.PARTIAL if all(line.near for line in lines) else phrases.PARTIAL_FACET
        reading = retrieved.reading
        spent = time.perf_counter() - reading.started
        yield from generator.events(reading.said, retrieved.found, reading.index, extractive, before, spent)


def _own_words(text: str, index: Index) -> str:
    """A question in the library's own names and spelling."""
    vocabulary = index.vocabulary()
    named = rename(text, vocabulary, partial(has_page, index))
    return respell(named, vocabulary, index.document_frequency)[0]


def _kindly(text: str, *, answered: bool) -> str:
    """An answer to somebody in distress: a kind word stands first, where the contract leaves room for it."""
    body = text.removesuffix(phrases.HAND_ON).rstrip()
    room = not answered or len(phrases.DISTRESS.split()) <= FRAME_SHARE * len(body.split())
    return f"{phrases.DISTRESS}\n\n{body}" if room else text


def _seen(history: Sequence[Turn], found: Found) -> frozenset[tuple[str, int]]:
    """The sentences of the best hits that stand in the bot's answers, as (document id, start)."""
    said = shown(history)
    return frozenset(
        (hit.passage.document_id, sentence.start)
        for hit in found.hits[:DEPTH]
        for sentence in hit.passage.sentences
        if flat(hit.passage.quote(sentence)) in said
    )


def _hangs_on_place(facet: Facet) -> bool:
    """Whether a facet asks for pay, or for how many jobs there are or will be."""
    return facet.kind in FIGURES and _LOCAL.search(facet.text) is not None


def _events_of(answer: Answer, lines: Sequence[Line]) -> Iterator[Event]:
    """An answer that is known whole, as the events of a stream."""
    for notice in answer.notices:
        yield NoticeEvent(notice)
    by_number = {citation.number: citation for citation in answer.citations}
    for place, line in enumerate(lines):
        cited = tuple(by_number[number] for number in line.claim.citations)
        yield ClaimEvent(line.claim, cited, piece(line, first=place == 0))
    yield DoneEvent(answer)


def open_advisor(library: str | Path | None = None, settings: Settings | None = None) -> Advisor:
    """The advisor of a library folder (default: the settings' own), with the language model that the settings name.

    Raises UnknownLibrary, ModelMismatch, LibraryTorn or EmbeddingError.
    """
    settings = settings or Settings.read()
    opened = Library.open(Path(library) if library is not None else settings.library, settings)
    return Advisor(opened, settings, generator_of(settings))
