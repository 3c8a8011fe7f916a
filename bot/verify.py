"""Does the evidence carry the claim? A verdict with its reasons, decided from words, numbers, names, polarity, meaning.

Overlap alone lets a changed figure pass and strict rules alone reject honest paraphrases, so both work together: hard
rules refuse what no wording can excuse (a number or name that does not stand in the evidence, a sentence turned around:
`bot.polarity`, `bot.negation`), and a small logistic regression weighs how near the claim's words come to those of the
evidence (`bot.signals`). The embedding model reads only claims that the rules pass, that have words of their own, and
that these words alone do not decide (`bot.meaning`). One quote and a whole article are different cases with weights of
their own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.amounts import UNIT_NAMES
from bot.names import own_name
from bot.negation import misreadings
from bot.numbers import implied, numbers, rates
from bot.order import substituted
from bot.polarity import contradictions
from bot.signals import (
    DocumentSignals,
    best_sentences,
    document_signals,
    lone_signals,
    open_words,
    overlap,
    quote_signals,
    read,
    strange_words,
)
from bot.signed import reading
from bot.wording import demonyms
from corpus.words import STOPWORDS, fold, is_common, rarity, stem, words

# Up to this many evidence sentences the evidence is a quote; beyond it, a document.
QUOTE_SENTENCES = 6
THRESHOLD = 0.5
# A claim of which the quote's own words, and others for them, cover less is not read further.
OVERLAP = 0.3
# Up to the one score of its words alone, and from the other on, a claim is not read further.
FAR, PLAIN = 0.175, 0.821

# Begins with the capital, so that the pattern is tried at capitals alone.
_NAME = re.compile(r"[A-Z](?<!\w[A-Z])(?<![.!?:]\s[A-Z])(?<!^[A-Z])[\w&’'-]*\w\b")
_FIRST = re.compile(r"\W*([A-Z][\w&’'-]*)")
# Words right before a part of the evidence that take back what it says.
_TAKEN_BACK = re.compile(
    r"(?:\bnot|n't|\bnever|\bno|\bnor|\bneither|\bwithout|\bhardly|\brarely|\bseldom|\bif|\bunless)(?: [\w']+){0,2} $"
)
# Words right behind it that take something out of it.
_EXCEPT = re.compile(r" (?:except|unless|apart from|but not|other than|excluding)\b")
_WORDY = re.compile(r"\w")
# Never names, even where they are written large.
_NAMELESS = STOPWORDS | UNIT_NAMES
# Month names that are everyday words too are names only where they are written large.
_TWO_FACED = frozenset({"may", "march", "will", "mark"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """`score` is the probability, 0 to 1, that the claim is carried; `reasons` say what spoke against it."""

    verdict: Literal["supported", "unsupported"]
    score: float
    reasons: tuple[str, ...] = ()


# Weights of the signals in their order, then the intercept. Fitted by `python -m evals.fit`: the quote case on the
# tuning half of the project's claim set, the document case on long articles (WiCE, development part).
_ALONE = ((2.31, 8.69, 5.92), -4.63)
_QUOTE = ((1.48, 4.21, 10.42), -5.15)
_DOCUMENT = ((0.29, 1.72, 3.88, -0.11, -0.00, -0.97, -3.07, -0.43), -3.09)


def verify(claim: str, evidence: Sequence[str]) -> Judgement:
    """Judge one claim against the sentences given as its evidence. Deterministic; well under a millisecond for a quote,
    some milliseconds where the model has to read it. Raises EmbeddingError where it must and cannot be opened.

    A claim that stands word for word (case, white space and punctuation aside) in the evidence is supported at 1.0.
    Empty claims and empty evidence are unsupported at 0.0.
    """
    body = [sentence for sentence in evidence if sentence.strip()]
    quote, said = " ".join(body), _plain(claim)
    if not body or not any(map(str.isalnum, said)):
        return Judgement("unsupported", 0.0, ("there is no evidence",))
    if _verbatim(said, _plain(quote)):
        return Judgement("supported", 1.0)
    if is_document(body):
        score = _logistic(measure_document(claim, body), *_DOCUMENT)
        reasons = () if score >= THRESHOLD else absent(claim, quote)
    else:
        reasons, told = objections(claim, quote), overlap(claim, quote)
        # The model reads only what the words leave open.
        if reasons or told < OVERLAP:
            score = THRESHOLD * 0.5 * told
        else:
            score, reasons = _weighed(claim, quote, told)
    if score < THRESHOLD and not reasons:
        reasons = ("the cited words cover too little of it",)
    return Judgement("supported" if score >= THRESHOLD else "unsupported", round(score, 4), reasons)


def is_document(evidence: Sequence[str]) -> bool:
    """Whether evidence is judged as a document rather than as one quote."""
    return len(evidence) > QUOTE_SENTENCES


def objections(claim: str, quote: str) -> tuple[str, ...]:
    """What refuses a claim by itself, however well the quote covers its words; what is absent comes before the rest."""
    return absent(claim, quote) or contradictions(claim, quote)


def measure_document(claim: str, evidence: Sequence[str]) -> DocumentSignals:
    """The signals of a claim against the sentences of a document, at least one."""
    sentences = [read(sentence) for sentence in evidence]
    chosen = best_sentences(claim, sentences, 4)
    wanted = [number for number in numbers(claim) if number.required]
    given = tuple(number for sentence in evidence for number in numbers(sentence)) if wanted else ()
    names = _names(claim)
    found = frozenset().union(*(sentence.found for sentence in sentences))
    best = " ".join(evidence[i] for i in chosen)
    lost = sum(not _named(name, found, best) for name in names)
    return document_signals(
        claim,
        sentences,
        chosen,
        names_missing=lost / len(names) if names else 0.0,
        numbers_missing=sum(not n.stands_in(given) for n in wanted) / len(wanted) if wanted else 0.0,
    )


def absent(claim: str, text: str) -> tuple[str, ...]:
    """The claim's numbers, stretches of time and names that do not stand in the text."""
    reasons: list[str] = []
    if wanted := tuple([number for number in numbers(claim) if number.required]):
        given = numbers(text) + implied(text, wanted)
        reasons += [f"the number {n.text} does not stand in the cited words" for n in wanted if not n.stands_in(given)]
    counted = rates(claim)
    if counted and (theirs := rates(text)) and (others := counted - theirs):
        reasons.append(f"the cited words do not count by the {min(others)}")
    if names := _names(claim):
        found = read(text).found
        reasons += [
            f"the name {name} does not stand in the cited words" for name in names if not _named(name, found, text)
        ]
    return tuple(reasons)


def alone(claim: str, quote: str) -> float | None:
    """The score of a claim that no rule refuses, where its own words come so near to those of the quote, or stay so far
    from them, that the model need not read them in place; None where it must."""
    if not strange_words(claim, quote):
        return None
    score = _logistic(lone_signals(claim, quote), *_ALONE)
    # A word in the place of another is of its kind, and only its sentence tells whether it says the same.
    if FAR < score < PLAIN or (score >= PLAIN and substituted(reading(claim), reading(quote))):
        return None
    return score


def _weighed(claim: str, quote: str, told: float) -> tuple[float, tuple[str, ...]]:
    """Score and reasons of a claim that no rule on words refuses, and of which the quote covers the share `told`.

    What words alone tell comes first, since the model's run takes ten times as long as all the rest.
    """
    if reasons := misreadings(claim, quote, alone=True):
        return THRESHOLD * 0.5 * told, reasons
    rough = alone(claim, quote)
    if rough is not None:
        return rough, ()
    score = _logistic(quote_signals(claim, quote), *_QUOTE)
    reasons = misreadings(claim, quote) if score >= THRESHOLD and open_words(claim, quote) else ()
    return (THRESHOLD * 0.5 * score if reasons else score), reasons


def _logistic(values: Sequence[float], weights: Sequence[float], intercept: float) -> float:
    return 1 / (1 + math.exp(-intercept - sum(w * value for w, value in zip(weights, values, strict=True))))


def _verbatim(said: str, plain: str) -> bool:
    """Whether the claim stands in the text as it is, and nothing right before or behind it takes it back."""
    # Searched without a pattern: one made for each claim takes longer than all the rest of the check.
    at = plain.find(said)
    while at >= 0:
        end = at + len(said)
        whole = not (at and _WORDY.match(plain, at - 1)) and not _WORDY.match(plain, end)
        if whole and not _TAKEN_BACK.search(plain, max(0, at - 40), at) and not _EXCEPT.match(plain, end):
            return True
        at = plain.find(said, at + 1)
    return False


def _plain(text: str) -> str:
    """Case, white space and the marks at either end aside; signs such as "$" and "%" stay."""
    return " ".join(fold(text).split()).strip(" .,;:!?\"'“”‘’()")


@lru_cache(maxsize=8192)
def _names(text: str) -> tuple[str, ...]:
    """Capitalised words inside sentences, and capitalised or upper-case first words that are no common word."""
    found = dict.fromkeys(_NAME.findall(text))
    if (match := _FIRST.match(text)) and not is_common(first := fold(match[1])) and rarity(stem(first)) == 1:
        found[match[1]] = None  # "Forecasters" is no name: its stem is a word
    return tuple([name for name in found if len(name) > 1 and fold(name) not in _NAMELESS])


def _stand(name: str, found: frozenset[str]) -> bool:
    return all(stem(word) in found for word in words(name) if word not in STOPWORDS)


def _named(name: str, found: frozenset[str], text: str) -> bool:
    """A name is there when its stems are, its other name is ("PhD", a doctorate), or its initials stand together."""
    if fold(name) in _TWO_FACED:
        return re.search(rf"\b{re.escape(name)}\b", text) is not None
    if _stand(name, found) or not demonyms().get(stem(fold(name)), frozenset()).isdisjoint(found):
        return True
    if (other := own_name(name)) != name and _stand(other, found):
        return True
    letters = re.sub(r"[^A-Za-z]", "", name).lower()
    if not (2 <= len(letters) <= 5 and name.isupper()):
        return False
    initials = "".join(word[0] for word in words(text))
    return letters in initials
