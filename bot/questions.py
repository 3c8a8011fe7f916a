"""Reading a question: tidied text, the parts that ask separate things, and the kind of answer each part wants; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import phrases
from bot.conversation import leans
from bot.pronouns import named
from bot.sides import Sides, sides_of, whole_sides
from bot.subject import subject_of
from corpus.errors import QuestionError
from corpus.words import words

MAX_CHARACTERS = 4_000

Kind = Literal[
    "money", "growth", "duration", "count", "list", "yes_no", "definition", "comparison", "how", "overview", "broad"
]

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_ASKS = r"how|what|which|where|when|who|whom|whose|why|do|does|did|is|are|am|was|can|could|should|shall|would|will|must"
# "..., and how fast is it growing" asks a second thing; "pros and cons" does not.
_SECOND = re.compile(
    rf"(?:,\s*|\s+)(?:and|or|but|also|plus)\s+(?:also\s+)?(?=(?:{_ASKS})\s+\w+)"
    r"|,\s*(?=(?:what's|what (?:is|are|do|does)|how (?:much|many|long|do|does|can|should))\s)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[?!])\s+|(?<=[a-z\d)\"'”]\.)\s+(?=[A-Z\"'“])|(?<=[a-z]{3}\.)\s+|\n+")
# "i hated math in school, can i still do this": what is asked begins behind the comma.
_TURN = re.compile(
    rf"(?:,|\s-|;|\.\.+|…|\bbut)\s*(?:and |so |but )?(?=(?:{_ASKS})\s+(?:i|we|you|u|one|it|the|an?|there|do|does|can|"
    r"should|would|is|are|my|someone|people)\b|any \w+\s*\?)",
    re.IGNORECASE,
)
_QUESTION_START = re.compile(
    rf"^(?:so|and|but|ok(?:ay)?|well|also|then|please|pls|hey|hi|hello|um+|btw|now|or)?[\s,]*(?:{_ASKS}|tell|explain|list|"
    r"describe|give|show|name|compare|help|any|what's|whats|hows|wheres)\b",
    re.IGNORECASE,
)

# "I'm an accountant" in "I'm an accountant, what's the easiest data job?" asks nothing.
_TELLS = re.compile(
    rf"^(?:(?:hi|hello|hey|so|well|ok)[\s,]+)?(?:i|i'm|im|i've|ive|my|we|we're|as an?)\b(?!.*\b(?:{_ASKS})\b)",
    re.IGNORECASE | re.DOTALL,
)

_INDIRECT = re.compile(
    rf"\b(?:know|wonder(?:ing)?|curious|understand|unsure|clear on|figure out|find out)\s+(?:about\s+)?(?:{_ASKS})\b",
    re.IGNORECASE,
)

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("comparison", re.compile(
        r"\b(?:difference|differ|differs|versus|vs|compared?|comparison|better than|rather than)\b"
        # "How do I move into data or AI?" asks for no choice; "should I learn R or Python?" does.
        r"|^(?!(?:so |and |but |ok )?(?:how|what|where|when|who|why|can|could|do|does|did|are there|is there)\b)"
        r"(?:.*\b\w+ or (?:an? |the )?\w+(?: \w+)?|(?:\w+ ){1,3}or (?:an? |the )?(?:\w+ ){2}\w+)$")),
    # "How do I negotiate my salary?" wants a way, and no figure.
    ("how", re.compile(
        r"^(?:so |and |but |ok )?how (?:do|can|could|should|would) (?:i|we|you|one|they)\b"
        r"(?!.*\bhow (?:much|many|long)\b)")),
    ("growth", re.compile(
        r"\b(?:grow|growth|growing|outlook|in demand|demand for|job market|job prospects|projected|"
        r"projection|increase|decline|future of)\b"
        r"|\bhow (?:fast|quickly)\b")),
    ("money", re.compile(
        r"\b(?:earn|earns|earned|earning|earnings|salary|salaries|(?:pay|pays|paid)(?! off)|wage|wages|cost|costs|"
        r"price|prices|fee|fees|tuition|expensive|cheap|money|income|compensation|make per|"
        r"how much (?:do|does|did|is|are|can|could|will|would|money))\b"
        r"|^what (?:do|does|would|could|can) (?:\w+ ){1,5}?make(?:$| in\b| per\b| an?\b)")),
    ("duration", re.compile(
        # How long a letter should be is no time.
        r"\b(?:how long(?! (?:should|does|do|must|can|is|are) (?:my|an?|the|your|our)? ?(?:\w+ )?(?:resume|cv|letter|"
        r"email|message|readme|report|essay|statement|answer|page)s?\b)|"
        r"how many (?:hours|weeks|months|years|days)|how soon|time does|time will|time would)\b"
        r"|^(?:so |and |but )?when\b")),
    ("count", re.compile(
        r"\b(?:how many|what (?:share|percentage|percent|proportion|number)|odds|chance|chances|likely)\b")),
    ("overview", re.compile(
        r"^(?:please |pls |can you |could you |so |hi |hello )*(?:tell me (?:everything |all |more |something )?about|"
        r"everything about|(?:give me )?an? (?:\w+ )?overview|overview|introduction to|info(?:rmation)? (?:on|about)|"
        r"careers? (?:in|as)|working (?:in|as)|what should i know about|what do i need to know about)\b")),
    ("definition", re.compile(
        r"\bwhat(?:'s| is| are| does)? (?:an? |the )?(?:meaning|definition)\b|\bwhat does .* mean\b"
        r"|^what(?:'s| is) (?:an? )?[\w\s-]{2,40}\??$|^define\b"
        r"|\bwhat (?:does|do) (?:an? |the )?[\w\s-]{2,40}? (?:actually |really |exactly )?(?:do|mean)\b")),
    ("list", re.compile(
        r"\bwhat (?:\w+ ){0,2}?(?:would|do|will|must|should|can|could) (?:i|we|you|u|one|they) (?:\w+ )*?"
        r"(?:learn|know|do|need|study|include|put|bring|expect|show|have|read|build|ask|say|write|use|try)\b"
        r"|\b(?:which|what|list|name|any|examples? of|types? of|kinds? of) (?:\w+ ){0,3}?"
        r"(?!does\b|was\b|has\b|this\b|its\b|always\b|perhaps\b)\w{2,}[a-rt-z]s\b")),
    ("how", re.compile(
        r"\bhow (?:do|can|should|to|would|might|did|does|am|are)\b"
        r"|^(?:so |and |but |ok )?where (?:do|should|can) i\b")),
    ("yes_no", re.compile(
        r"^(?:so |and |but |then |well |ok )?"
        r"(?:do|does|did|is|are|am|can|could|should|shall|would|will|must|has|have)\b"
        r"|\b(?:is it|do i|can i|should i|am i|do you|does it|will i)\b")),
)  # fmt: skip

_PREMISE = re.compile(
    r"(?:^|[.!?]\s+)(?:so |but |and )?(?:since|given that|given|now that|because|as|seeing that|considering(?: that)?|"
    rf"knowing that|if it is true that)\s+(?P<premise>[^.?!,]{{12,200}}),\s*(?=(?:{_ASKS})\b)",
    re.IGNORECASE,
)
_MINE = frozenset("i i'm im i've ive i'd my me we we're our us you your".split())

_GREETINGS = frozenset(
    "hi hello hey hiya howdy good morning afternoon evening day there thanks thank you thx ty cheers ok okay great "
    "cool nice bye goodbye much very so lot a lots".split()
)
# What is asked of the bot itself, or for nothing in particular.
_WHAT_IS_THIS = re.compile(
    r"^(?:(?:hi|hello|hey|please|pls|so|ok) )*(?:"
    r"(?:(?:i need|i want|some|can you|could you|please|pls) )*help(?: me| us)?(?: please| pls| out)*"
    r"|(?:who|what) (?:are|r) (?:you|u)|are you (?:an? )?(?:real )?(?:bot|robot|chatbot|human|person|ai|real|machine)"
    r"|what (?:can|do|could) (?:you|u) (?:do|know|answer)(?: for me| here)?|how (?:can|do) (?:you|u) help(?: me)?"
    r"|what (?:can|could|should) i ask(?: you| u| here| about)*)$"
)


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that a question asks, in its own words, and the kind of answer that it wants; `sides`: the two things
    that it compares. `carried` is the job that was spoken of before, for a part that names none."""

    text: str
    kind: Kind
    sides: Sides | None = None
    carried: tuple[str, ...] = ()

    @property
    def subject(self) -> tuple[str, ...]:
        """The stems of the job that is asked about; () where none is named or carried."""
        return subject_of(self.text) or self.carried


@dataclass(frozen=True, slots=True)
class Read:
    """`text`: the question tidied. `facets`: what it asks, one to three; `background`: sentences that ask nothing."""

    text: str
    facets: tuple[Facet, ...]
    background: str


def tidy(text: str) -> str:
    """The question as plain text: NFC, no control, invisible or lone surrogate characters, single spaces.

    Raises QuestionError where nothing is left or more than MAX_CHARACTERS were sent.
    """
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(phrases.LONG_QUESTION.format(length=len(text), limit=MAX_CHARACTERS))
    text = text.encode("utf-8", "ignore").decode("utf-8")
    # A pile of combining marks is cut to three on each letter before normalising, which is quadratic in them.
    text = re.sub(
        r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+",
        r"\1",
        text,
    )
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = "".join(" " if unicodedata.category(ch) in ("Cc", "Cs", "Co", "Cn") and ch != "\n" else ch for ch in text)
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    if not words(text):
        raise QuestionError(phrases.EMPTY_QUESTION)
    return text


def premise_of(text: str) -> str | None:
    """What a question takes for granted of the world ("Since data science needs a PhD, ..."), in its own words.

    None where it takes nothing for granted, or speaks of the person, who knows best.
    """
    match = _PREMISE.search(text)
    told = match["premise"].strip() if match else ""
    return told if len(words(told)) >= 4 and not _MINE.intersection(words(told)) else None


def is_greeting(text: str) -> bool:
    """Whether somebody only says hello or thank you, calls for help, or asks what this is."""
    said = words(text)
    return all(word in _GREETINGS for word in said) or _WHAT_IS_THIS.match(" ".join(said)) is not None


def read(text: str) -> Read:
    """Cut a tidied question into what it asks and what it only tells."""
    parts = [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
    parts = whole_sides([piece for part in parts for piece in _turned(part)])
    asking = [part for part in parts if part.endswith("?") or _QUESTION_START.match(part) or _INDIRECT.search(part)]
    telling = [part for part in parts if part not in asking]
    if not asking:
        return Read(text, (_facet(text),), "")
    pieces = [piece.strip(" ,;") for part in asking for piece in _SECOND.split(part)]
    if len(pieces) > 1:
        told = [piece for piece in pieces if _TELLS.match(piece)]
        pieces, telling = [piece for piece in pieces if piece not in told], telling + told
    whole = [piece for piece in pieces if len(words(piece)) >= 3]
    facets = [_facet(piece) for piece in named(whole)] or [_facet(" ".join(asking))]
    return Read(text, _carrying(facets[:3]), " ".join(telling))


def _carrying(facets: Sequence[Facet], subject: tuple[str, ...] = ()) -> tuple[Facet, ...]:
    """Facets that point back ("and how much do they earn?") with the job of the one before; `subject` stands before
    the first."""
    given = []
    for facet in facets:
        if subject and not facet.subject and leans(facet.text):
            facet = replace(facet, carried=subject)
        subject = facet.subject or subject
        given.append(facet)
    return tuple(given)


def follow(asked: Read, before: str) -> Read:
    """A follow-up read as going on from the question `before` it."""
    earlier = [subject for facet in read(before).facets if (subject := facet.subject)]
    return replace(asked, facets=_carrying(asked.facets, earlier[-1])) if earlier else asked


def _turned(sentence: str) -> list[str]:
    """A sentence that first tells and then asks, cut where it turns; any other whole."""
    turn = None if _QUESTION_START.match(sentence) else _TURN.search(sentence)
    return [sentence[: turn.start()].strip(), sentence[turn.end() :].strip()] if turn else [sentence]


def _facet(text: str) -> Facet:
    kind, sides = kind_of(text), sides_of(text)
    if sides is not None and sides.by == "nature" and kind != "comparison":
        sides = None
    return Facet(text, "comparison" if sides else kind, sides)


def kind_of(text: str) -> Kind:
    """The kind of answer that a question wants; `broad` where nothing tells."""
    plain = " ".join(words(text.rstrip("?! ")))
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            return kind
    return "broad"
