"""What a person tells of their own situation: background, region, hours a week, goal; read from their words, pure.

Only plain statements about oneself are read ("I'm a nurse in Toronto"), never a question's subject ("how much does a
nurse earn in Canada?"), and only what helps to advise: age, sex, origin, belief, family and health are left alone.
Nothing is kept; the caller sends back what it wants remembered.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from bot.answer import Question, Situation
from bot.places import Place, places
from corpus.words import STOPWORDS, stem, words

_SENTENCE = re.compile(r"(?<=[?!;])\s+|(?<=[^\W\d_]{2}\.)\s+|\n+")
_I = r"(?:i\s*am|i'?m|im|i\s+was|i'?ve\s+been|i\s+have\s+been|ive\s+been|i'?d\s+been)"
_NOW = r"(?:\s+(?:currently|now|still|actually|already|also|just|really|presently|originally|a bit of))*"
# What leads to an occupation: "I'm a ...", "I work as a ...", "As a ..., I ...", "my job is ...".
_AS = re.compile(
    rf"(?:\b{_I}{_NOW}\s+(?:an?\s+|working\s+as\s+an?\s+|employed\s+as\s+an?\s+)"
    rf"|\bi\s+(?:{_NOW}\s*)(?:work|worked|serve|served|trained|qualified)\s+as\s+an?\s+"
    r"|^as\s+an?\s+(?=[^,]{2,40},\s*(?:i|how|what|which|can|should|where|is|do)\b)"
    r"|\bmy\s+(?:job|profession|background)\s+is\s+(?:as\s+)?(?:an?\s+)?|\bi\s+used\s+to\s+be\s+an?\s+)"
)
# "teacher here", "RN, 12 years", at the beginning.
_HERE = re.compile(r"^(?:hi|hey|hello)?[\s,!]*(?P<title>(?:[\w+#/-]+\s+){0,3}[\w+#/-]+)\s+here\b(?!\s+(?:is|are|to)\b)")
_FINISHING = re.compile(
    rf"\b{_I}\s+(?:finishing|doing|completing|starting|studying\s+for|in\s+the\s+middle\s+of)\s+(?:an?|my|the)\s+"
    r"(?P<what>(?:[\w-]+\s+){0,3}(?:phd|doctorate|degree|master'?s|masters|bachelor'?s|msc|bsc))\b"
)
_FIELD = re.compile(
    rf"\b(?:i\s+(?:{_NOW}\s*)(?:work|worked|work(?:ed)?\s+mostly)\s+(?:in|for|at)\s+|{_I}\s+(?:working\s+)?(?:in|with)\s+"
    r"|i'?ve\s+(?:worked|spent\s+[\w\s]{1,20}\s+(?:working\s+)?)\s*(?:in\s+)?|i\s+have\s+worked\s+(?:in\s+)?"
    r"|(?:my\s+background\s+is|i\s+have\s+a\s+background|i\s+come\s+from\s+a\s+background)\s+(?:in\s+)?"
    r"|i\s+come\s+from\s+|i\s+(?:studied|study|majored\s+in|did\s+a\s+degree\s+in)\s+"
    r"|i(?:'?ve|\s+have|'?ve\s+got)\s+(?:an?|my)\s+(?:[\w']+\s+)?(?:degree|ba|bsc|ma|msc|phd|master'?s|bachelor'?s)\s+in\s+)"
)
_DEGREE = re.compile(
    r"\bi(?:'?ve|\s+have|'?ve\s+got|\s+hold)\s+an?\s+(?P<what>(?:[\w-]+\s+){1,3}(?:degree|phd|doctorate|master'?s|masters|bachelor'?s))\b"
)
# "Can I work as a nurse?" tells nothing of oneself; nor does what one would be, if.
_ASKS = re.compile(
    r"\b(?:can|could|should|do|did|does|would|may|might|must|will|shall|if|when|once|until|am|was)\s+(?:i\s*)?$"
)
_NOT_TIME = re.compile(r"\b(?:not|never|n't|no longer|isn't|wasn't)\b")

_LIVES = re.compile(
    rf"(?:\b{_I}{_NOW}(?:\s+(?:based|living|located|residing|staying|working|a\s+resident|here|back))?(?:\s+over)?\s+(?:in|of|at|near|around|outside)\s+"
    rf"|\bi\s+(?:{_NOW}\s*)(?:live|reside|work)\s+(?:here\s+)?(?:in|near|around|outside)\s+"
    r"|\b(?:moving|relocating|relocated|moved|emigrating|emigrated|(?:want|plan|planning|hope|going|about|like|need|have)\s+to\s+(?:move|relocate))"
    r"\s+(?:back\s+)?to\s+"
    r"|^(?:from|in|based\s+in|here\s+in|living\s+in)\s+(?=[\w\s.,]{2,40}$)"
    r"|\b(?:here|based)\s+in\s+)(?:(?:the|rural|north(?:ern)?|south(?:ern)?|east(?:ern)?|west(?:ern)?|central)\s+)*$"
)
_SHIFT = re.compile(
    r"\b(?:actually|instead|correction|now|moved|i meant|i mean|meanwhile|no longer|not|isn't|changed|sorry)\b"
)
_NOT_PLACE = re.compile(
    r"\b(?:not|no longer|n't|never)\s+(?:(?:living|based|working)\s+)?(?:in\s+|from\s+)?(?:the\s+)?$"
)
_LEFT = re.compile(
    r"\b(?:i\s+used\s+to|i\s+was|i\s+grew\s+up|i\s+lived|i\s+had|born|raised|friend|brother|sister|parents?|husband|wife)\b"
)

_SMALL = {
    word: count
    for count, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        1,
    )
} | {"thirty": 30, "forty": 40}
_SMALL_WORDS = "|".join(sorted(_SMALL, key=len, reverse=True))
_COUNT = r"(?P<from>\d{1,3}(?:\.\d)?|" + _SMALL_WORDS + r"|an?|a couple of)"
_HOURS = re.compile(
    rf"\b{_COUNT}(?:\s*(?:-|–|to|or)\s*(?P<to>\d{{1,3}}|{_SMALL_WORDS}))?\s*"
    r"(?:\+\s*)?(?:free\s+|spare\s+)?(?:hours?|hrs?|h)\b\s*(?:of\s+\w+\s+)?(?:time\s+)?"
    r"(?P<per>a|per|each|every|/)\s*(?P<unit>week|wk|day|evening|night|weekday|weekend)\b"
)
_SPARES = re.compile(
    r"\b(?:have|'ve|got|spare|free|spend|study|studying|learn|learning|put in|commit|manage|find|dedicate|devote|with|"
    r"only|afford|maybe|invest|give|available|can do)\b"
)
_WORKS = re.compile(r"\b(?:work|works|working|job|shifts?|shift|paid|contract|teach|teaching)\b[^,;]*$")

_GOAL = re.compile(
    r"\b(?:i\s*(?:'?d|\s+would|would)?\s*(?:really\s+|also\s+|just\s+)?(?:want|wanna|like|love|hope|plan|aim|intend|wish|dream)"
    r"(?:\s+to)?|i'?m\s+(?:hoping|trying|planning|looking|aiming|aspiring|thinking)(?:\s+(?:to|of|about))?|and\s+(?:want|hope|plan|would\s+like)\s+to|"
    r"my\s+(?:goal|aim|dream|plan)\s+is(?:\s+to)?|(?:^|[,;]\s*)(?:want|wanna|would\s+like)(?:\s+to)?|\b(?:hoping|looking|planning|trying|aiming)\s+to)\s+(?:one\s+day\s+|eventually\s+|someday\s+|ultimately\s+)?"
    r"(?:(?:become|becoming|be|being|turn\s+into)\s+(?:an?\s+|the\s+)?|(?:work|working)\s+as\s+(?:an?\s+)?|"
    r"(?:get|getting|move|moving|go|going|switch|switching|break|breaking|transition|transitioning|change|changing|pivot|pivoting)"
    r"(?:\s+over)?(?:\s+(?:in\s*to|to|towards?))\s+(?:an?\s+|being\s+an?\s+|becoming\s+an?\s+)?|work\s+(?:in|with)\s+|do\s+)"
    r"(?P<what>[^\W\d_][\w+#/&'-]*(?:\s+[\w+#/&'-]+){0,5})"
)
# Where a goal ends: what follows is no longer its name.
_GOAL_END = re.compile(
    r"\s+(?:and|but|so|because|as|since|while|when|within|in|at|by|from|with|without|for|one\s+day|eventually|someday|"
    r"later|after|before|or\s+(?:not|should|do)|how|what|which|where|if|that|who|now|next|this|soon|please|instead|too|here|there|"
    r"some)\b.*$"
)
# Names that tell too little of somebody's work to set one person apart from another.
_ANYBODY = frozenset("worker graduat grad student intern apprentic specialist associ assist offic manag agent".split())
_BEHIND = frozenset("in at with who and from for of but to on looking i or here".split())
_NO_GOAL = frozenset("sure honest clear fair it that this something anything better rich happy able ready".split())


@dataclass(frozen=True, slots=True)
class _Words:
    heads: frozenset[str]
    fields: frozenset[str]
    never: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = tomllib.loads((files("corpus") / "backgrounds.toml").read_text(encoding="utf-8"))
    return _Words(*(frozenset(table[name]) for name in ("heads", "fields", "never")))


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    return frozenset(stem(head.split()[-1]) for head in _words().heads) - _ANYBODY


@lru_cache(maxsize=8192)
def people(text: str) -> tuple[frozenset[str], ...]:
    """Whom a text names by work or study ("nurse", "data scientist"): the stem of each name, with the stem of the word
    right before it where that tells something."""
    said = [(word, stem(word)) for word in words(text)]
    named = []
    for at, (_, head) in enumerate(said):
        if head in _people():
            before = said[at - 1] if at else None
            named.append(frozenset({head, before[1]} if before and before[0] not in STOPWORDS else {head}))
    return tuple(named)


# Before a name, that it is somebody who goes somewhere; in the heading, that there is a going.
_COMES = re.compile(
    r"(?:from|as|i'm|am|can|could|should|do|does|may|must)\s+(?:an?\s+|the\s+)?"
    r"(?:(?:[\w'-]+\s+){1,2}(?:or|and)\s+(?:other\s+)?)?(?:[\w'-]+\s+)?$"
)
# What somebody has studied, where a heading asks what can be done with it.
_STUDIED = re.compile(
    r"\bwith an? (?:(?P<field>\w+) degree\b|(?:degree|bachelor's|master's|phd|doctorate|background) in (?P<of>\w+))"
)
_GOES = re.compile(
    r"\b(?:mov\w+|get into|go|becom\w+|switch\w*|learn|start|enter|work (?:in|with)|chang\w+|turn|transition|lead|"
    r"into|towards?)\b"
)


@lru_cache(maxsize=8192)
def movers(text: str) -> tuple[frozenset[str], ...]:
    """Those of `people` whom a heading speaks to as coming from their work to another ("from a physics PhD to ...",
    "Can a teacher move into ...", "I'm a nurse."), not those that somebody wants to become."""
    plain = text.lower().replace("’", "'")
    if not _GOES.search(plain):
        return ()
    comes = {stem(m[0]) for m in re.finditer(r"[\w'+#&-]+", plain) if _COMES.search(plain[: m.start()])}
    return tuple(name for name in people(text) if any(head in comes for head in name & _people()))


@lru_cache(maxsize=8192)
def graduates(text: str) -> bool:
    """Whether a heading speaks to whoever has studied one field ("with a humanities degree")."""
    studied = [match["field"] or match["of"] for match in _STUDIED.finditer(text.lower().replace("’", "'"))]
    return any(field in _words().fields for field in studied)


@lru_cache(maxsize=1)
def field_terms() -> frozenset[str]:
    """The stems of what people study or work in, as far as one word names it."""
    return frozenset(stem(field) for field in _words().fields if " " not in field)


def understand(question: Question) -> Situation:
    """The situation as it is understood: what the person said in turn, then what the request gives, then corrections.

    The request wins over earlier words. What the question itself corrects ("actually I'm in Canada now", "not the
    US") wins over both.
    """
    said = Situation()
    for turn in question.history:
        if turn.role == "user":
            said = _taken(said, turn.content)
    now = _taken(said, question.text)
    given = question.situation
    merged = Situation(
        background=given.background or now.background,
        region=given.region or now.region,
        hours_per_week=given.hours_per_week if given.hours_per_week is not None else now.hours_per_week,
        goal=given.goal or now.goal,
    )
    return _taken(merged, question.text) if _SHIFT.search(_plain(question.text)) else merged


def _taken(before: Situation, text: str) -> Situation:
    """`before` with what one message tells."""
    after = before
    for sentence in _SENTENCE.split(text[:4000]):
        after = replace(
            after,
            background=_background(sentence) or after.background,
            hours_per_week=_hours(sentence) or after.hours_per_week,
            goal=_goal(sentence) or after.goal,
            region=_region(sentence, after.region),
        )
    return after


def _plain(text: str) -> str:
    # One character for one, so that offsets of places stay true.
    small = text.lower()
    return (small if len(small) == len(text) else text).replace("’", "'")


def _background(sentence: str) -> str | None:
    plain = _plain(sentence)
    for match in _AS.finditer(plain):
        if not _doubted(plain, match) and (title := _title(sentence[match.end() :])):
            return title
    here = _HERE.match(plain)
    if here and (title := _title(sentence[here.start("title") : here.end("title")], whole=True)):
        return title
    for pattern in (_FINISHING, _DEGREE):
        degree = pattern.search(plain)
        if degree and (told := _degree(sentence[degree.start("what") : degree.end("what")])):
            return told
    for match in _FIELD.finditer(plain):
        if not _doubted(plain, match) and (field := _field(sentence[match.end() :])):
            return field
    return None


def _doubted(plain: str, match: re.Match[str]) -> bool:
    """Whether a statement is negated, asked or supposed."""
    return bool(_NOT_TIME.search(match[0]) or _ASKS.search(plain[: match.start()]))


def _title(text: str, *, whole: bool = False) -> str | None:
    """The name of an occupation at the beginning of `text`, up to three words before its head; None where none is."""
    known = _words()
    tokens = re.match(r"(?:[\w+#/-]+(?:'s)?[\s]*){0,7}", text)
    said = tokens[0].split() if tokens else []
    best: list[str] = []
    for place, word in enumerate(said):
        pair = " ".join(said[max(0, place - 1) : place + 1]).lower()
        if word.lower() in _BEHIND:
            break
        if (word.lower() in known.heads or pair in known.heads) and place <= 5:
            best = said[: place + 1]
    if not best or (whole and len(best) != len(said)):
        return None
    kept = [word for word in best if _tellable(word)]
    return " ".join(kept[-4:]) if kept else None


def _tellable(word: str) -> bool:
    """Whether a word before an occupation says something of the work, and not of the person."""
    small = word.lower().strip("'")
    return not (
        small in _words().never
        or small[0].isdigit()
        or small.endswith(("-old", "yo"))
        or re.search(r"year|aged", small)
        or places(word)
        or re.fullmatch(r"[a-z]+(?:ish|ese)", small)
    )


def _degree(text: str) -> str | None:
    """ "physics PhD", where the field is one."""
    said = [word for word in text.split() if _tellable(word)]
    known = _words().fields | frozenset(("science", "stem", "art", "arts", "humanities", "english", "lit", "cs"))
    return " ".join(said) if any(word.lower() in known for word in said) else None


_JOINS = re.compile(r"[\w-]")


def _field(text: str) -> str | None:
    plain = _plain(text)
    fields = [field for field in _words().fields if plain.startswith(field) and not _JOINS.match(plain, len(field))]
    longest = max(fields, key=len, default=None)
    return re.sub(r"^(?:an?|the)\s+", "", text[: len(longest)]) if longest else None


def _region(sentence: str, before: str | None) -> str | None:
    """The region that a sentence tells of the person; `before` where it tells none, None where it takes it back."""
    plain = _plain(sentence)
    found = places(sentence)
    told: Place | None = None
    for place in found:
        lead = plain[: place.start]
        if _NOT_PLACE.search(lead):
            if before and any(place.country == each.country for each in places(before)):
                before = None
            continue
        if told is None and _about_me(lead):
            told = place
    if told is None:
        return before
    # "Toronto, Canada" and "Canada, in Toronto" tell one place, the narrower.
    if told.country and told.name == told.country.name:
        inside = [place for place in found if place.country == told.country and place.name != told.name]
        told = (inside or [told])[0]
    return told.shown


def _about_me(lead: str) -> bool:
    """Whether the words before a place say that the person is or goes there."""
    match = _LIVES.search(lead)
    if match:
        return not (_LEFT.search(lead[max(0, match.start() - 25) :]) or _ASKS.search(lead[: match.start()]))
    # "I'm a nurse in Toronto": the place stands right behind the occupation.
    title = [match for match in _AS.finditer(lead) if not _doubted(lead, match)]
    if not title or not re.search(r"\b(?:in|from|near|at)\s+(?:the\s+)?$", lead):
        return False
    behind = lead[title[-1].end() :]
    return _title(behind) is not None and not re.search(r"[,;?]|\b(?:want|become|how|like|hope)\b", behind)


def _hours(sentence: str) -> float | None:
    plain = _plain(sentence)
    match = _HOURS.search(plain)
    if match is None:
        return None
    lead, alone = plain[: match.start()], len(plain.split()) <= 6 and not plain.rstrip().endswith("?")
    mine = re.search(r"\b(?:i|i'm|im|i've|i'd|my|me)\b", plain)
    if _WORKS.search(lead) or not (alone or (mine and (_SPARES.search(lead) or "available" in plain))):
        return None
    count = _number(match["from"])
    per = {"day": 7.0, "evening": 7.0, "night": 7.0, "weekday": 5.0}.get(match["unit"], 1.0)
    hours = count * per
    return hours if 0 < hours <= 100 else None


def _number(text: str) -> float:
    if text in ("a", "an"):
        return 1.0
    return 2.0 if text.startswith("a ") else float(_SMALL[text]) if text in _SMALL else float(text)


def _goal(sentence: str) -> str | None:
    plain = _plain(sentence)
    for match in _GOAL.finditer(plain):
        if _NOT_TIME.search(plain[: match.start("what")][-35:]):
            continue
        what = sentence[match.start("what") : match.end("what")]
        end = _GOAL_END.search(_plain(f" {what}"))
        what = (f" {what}"[: end.start()] if end else what).strip()
        if what and what.lower().split()[0] not in _NO_GOAL and len(what) > 1:
            return what
    return None


# What is told of the person and must not change the advice: sex, age, origin. They stay where they are asked about.
_SEX = r"(?:wo)?m[ae]n|males?|females?|guys?|girls?|boys?|lad(?:y|ies)|mums?|moms?|mothers?|dads?|fathers?"
_PERSONAL = re.compile(
    rf"(?:\b(?:i\s*am|i'?m|im)\s+)?(?:an?\s+)?\b\d{{1,2}}[-\s]?(?:year|yr)s?[-\s]olds?(?:\s+(?:{_SEX}|person))?\b"
    rf"|\b(?:i\s*am|i'?m|im)\s+(?:an?\s+)?(?:(?:young|old|older|middle-aged|single|married)\s+)*(?:{_SEX})\b"
    r"|\b(?:i\s*am|i'?m|im)\s+(?:aged\s+)?\d{2}\b(?!\s*(?:hours?|hrs?|weeks?|months?|years?|days?|%|percent|credits?))"
    r"(?:\s+years\s+old)?|\baged\s+\d{2}\b"
    r"|\b(?:i\s+)?(?:was|were)?\s*(?:born|raised|grew\s+up)(?:\s+and\s+(?:raised|grew\s+up))?\s+in\s+"
    r"(?:the\s+)?[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?"
    r"|\b(?:i\s*am|i'?m|im|i\s+come)\s+originally\s+from\s+(?:the\s+)?[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?",
    re.IGNORECASE,
)
_ASKED_ABOUT = re.compile(
    r"\b(?:too\s+(?:old|late|young)|(?:kidding|fooling|deluding)\s+myself|(?:have|stand)\s+(?:a|any)\s+chance|my\s+age|at\s+\d{2}\b|over\s+\d{2}\b|age(?:s|d|ism|ing)?\b(?!\s+\d)|older|retire\w*|"
    r"visas?|green\s+card|citizen\w*|passport|immigra\w+|sponsor\w*|nationality|discriminat\w*|bias\w*|sexis[mt]|racis[mt]|"
    r"women\s+in|maternity|pregnan\w+)\b",
    re.IGNORECASE,
)


def impersonal(text: str) -> str:
    """A question without what it tells of the person's sex, age and origin, so that everybody is told the same.

    Unchanged where that is what is asked about ("am I too old?"), and where nothing else would be left.
    """
    if _ASKED_ABOUT.search(text) or not _PERSONAL.search(text):
        return text
    cut = _PERSONAL.sub(" ", text)
    cut = re.sub(r"^[\s,.;]*(?:and|but|so|who)?\b[\s,.;]*|(?<=[.?!])\s*(?:[,.;]|\band\b[\s,.;]*(?=[.?!]|$))+", " ", cut)
    cut = re.sub(r"\s+([,.;?!])", r"\1", " ".join(cut.split())).strip(" ,;.")
    cut = re.sub(r"^(?:and|but|so)\s+", "", cut, flags=re.IGNORECASE)
    # "I'm 46 and was a driver" leaves "was a driver", which would read as a question.
    cut = re.sub(r"^(?=(?:am|was|had|have)\s+(?!(?:i|we|you|it|there|my)\b))", "I ", cut, flags=re.IGNORECASE)
    return cut if len(cut.split()) >= 3 else text
