"""What this bot hands on to people who know the case, and to whom: visas, law, tax, health, money, crisis."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.answer import HandOn
from bot.places import countries

# Work that carries a topic in its name is not the topic: a tax accountant asks about work.
_TRADE = re.compile(
    r"\b(?:(?:tax|taxation|legal|immigration|visa|medical|employment|mental health|benefits|discrimination)\s+"
    r"(?:software|engineer\w*|analyst\w*|accountan\w+|manager\w*|officer\w*|clerk\w*|cod(?:er|ers|ing)|assistant\w*|"
    r"consult\w+|data|tech|jobs?|careers?|firms?|departments?|teams?|specialists?|researchers?|models?|images?|imaging)"
    r"|(?:work\w*|job|career|background|experience|years?)\s+in\s+(?:tax|law|immigration|therapy)\b(?:\s+and\s+\w+)?)"
)
_CONDITION = r"(?:adhd|autis\w+|dyslexi\w+|disabilit\w+|bipolar|my (?:\w+ )?(?:illness|condition|depression|anxiety))"
_TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("crisis", re.compile(
        r"\b(?:suicid\w*|kill(?:ing)? myself|(?:end|ending|take|taking) my (?:own )?life|end it all|"
        r"want (?:it all|everything|this all) to (?:end|be over|stop)|wan(?:t to|na) die\b(?! for)|"
        r"wish i (?:was|were|wasn'?t|weren'?t) (?:dead|alive|born)|"
        r"don'?t (?:want to|wanna) (?:live|be here|be alive|exist|wake up)|"
        r"self[- ]harm\w*|(?:hurt|harm|cut)(?:ting|ing)? myself|"
        r"(?:no|any) (?:reason|point) (?:to|in|of) (?:live|living|life)\b|"
        r"(?:point|reason) (?:of|in|for) (?:living|being alive)|not worth living|better off dead|better off without me|"
        r"can(?:'?t|not| not) go on (?:like this|any ?more|any longer|living))\b")),
    ("visa", re.compile(
        r"\b(?:visas?|h-?1b|(?:my|on|stem|post-completion) opt|stem extension|green card|blue card|work permits?|"
        r"work authori[sz]ation|permanent residen\w+|express entry|immigration|immigrate|uscis|i-?140|f-?1\b|cpt\b|"
        r"grace period|deport\w*|right to work|(?:allowed|eligible|legally) to work in|skilled worker route|"
        r"sponsor(?:s|ed|ing|ship)? (?:me|a|foreign\w*|international\w*|immigrants?|workers?|employees?|"
        r"candidates?)\b|"
        r"(?:compan\w+|employers?|firms?) (?:that |who |which )?(?:will |would |can |do )?(?:offer )?sponsor\w*)\b")),
    ("legal", re.compile(
        r"\b(?:sue|suing|lawsuit|illegal(?:ly)?|legally|legal (?:rights?|advice|action|help|obligations?|duty|case)|"
        r"(?:is|was) (?:it|this|that|my [\w-]+|the [\w-]+|their [\w-]+) (?:even )?legal|unfair(?:ly)? dismiss\w+|"
        r"wrongful\w*|constructive dismissal|stop(?:s|ping)? me (?:from )?(?:join|work|tak)ing|"
        r"non-?competes?|(?:my|an|the) employment contract|my contract|"
        r"severance (?:agreement|contract)|sign a release|breach\w*|tribunal|labou?r law|employment law|"
        r"(?:need|get|see|hire|ask|find|call|want|afford|without|consult|talk to|speak to) (?:an? |my |the )?(?:\w+ )?"
        r"(?:lawyer|attorney|solicitor))\b")),
    # Whether to tell of a condition at work is a question of rights there, not of health.
    ("discrimination", re.compile(
        rf"\b(?:tell|disclos\w+|mention|hide|reveal)\b.{{0,50}}\b{_CONDITION}|{_CONDITION}\b.{{0,80}}\bdisclos\w+|"
        r"\b(?:discriminat\w+|harass(?:es|ed|ment|ing)?|ageism|racism|sexism|racist|sexist|"
        r"because of my (?:age|race|gender|sex|religion|faith|disability|skin|accent|pregnancy|nationality|name|hijab)|"
        r"(?:fired|rejected|dismissed|passed\b.{0,12} over|not hired|turned down|paid less|denied|demoted|laid off|"
        r"let go)\b.{0,25} "
        r"because i(?:'m| am|m) (?:an? )?(?:\w+ )?"
        r"(?:woman|man|girl|pregnant|black|brown|asian|latin\w|gay|trans|queer|muslim|jewish|christian|hindu|disabled|deaf|blind|autistic|old|older|foreign\w*|immigrant))\b")),
    ("benefits", re.compile(
        r"\b(?:unemployment (?:benefits?|insurance|claims?|pay|checks?)|jobseeker'?s? allowance|universal credit|"
        r"file for unemployment|(?:claim|collect|get|on) unemployment|employment insurance|claim benefits)\b")),
    ("tax", re.compile(
        r"\b(?:tax(?:es|ed|able|ation)?|irs|hmrc|vat|self[- ]assessment|deductibles?|deductions?|withholding|"
        r"deduct (?:my|the|rent|home|expenses?|costs?|equipment|travel))\b")),
    ("mental-health", re.compile(
        r"\b(?:depressed|(?<!great )depression(?! of \d| era)|anxiety|panic attacks?|"
        r"burn(?:ed|t)[- ]?out|burnout|hopeless|"
        r"dread(?:ing)? (?:going (?:in|to work)|opening|work(?! with)|my (?:job|work)|mondays?|every (?:day|morning))|"
        r"can(?:'?t|not) cope|mental(?:ly ill| health|ly exhausted)|"
        r"(?:see|need|find|visit|afford|start|tried|in) (?:an? )?"
        r"(?:therap(?:y|ist)|counsell?or|psychiatrist|psychologist)|my therapist|"
        r"(?:nervous|mental|emotional) breakdown|having a breakdown|"
        r"(?:i|i'm|im|keep) cry(?:ing)?\b|worthless|hate (?:myself|my life)|can'?t sleep)\b")),
    ("medical", re.compile(
        r"\b(?:(?:was|been|got|just|recently|newly|am|i'm|im) diagnosed|my (?:\w+ )?diagnosis|"
        r"diagnosis is|medications?|my (?:pills|meds|dose|dosage)|"
        r"chronic (?:illness|pain|fatigue|condition)|doctor'?s? (?:note|advice)|migraines?|"
        r"my (?:adhd|autism|injury|illness|epilepsy|condition|symptoms))\b")),
    ("health-cover", re.compile(r"\b(?:health (?:insurance|cover(?:age)?|plan)|cobra)\b")),
    ("student-finance", re.compile(
        r"\b(?:student (?:loans?|finance|aid)|federal (?:student )?(?:loans?|aid)|financial aid|fafsa)\b")),
    ("careers-advice", re.compile(
        r"\b(?:careers? (?:advis[eo]rs?|counsel+ors?|counsel+ing|service)|job cent(?:er|re)s?)\b")),
    ("carers", re.compile(r"\b(?:carer'?s'? (?:leave|rights)|rights of carers)\b")),
)  # fmt: skip
# Bias in models is a subject of the field, bias against a person is not.
_IN_MODELS = re.compile(r"\b(?:models?|algorithms?|algorithmic|datasets?|training data|classifiers?|fairness)\b")
_MINE = re.compile(r"\b(?:i|i'm|im|i've|ive|my|me|myself)\b")
# Topics on which the guides' general information is still given; a crisis is answered by people alone.
PEOPLE_ONLY = frozenset({"crisis"})
# What these topics are called by the law that they belong to, where a question names no place.
_IMPLIED = {"US": re.compile(r"\b(?:h-?1b|uscis|irs|f-?1|stem opt|cpt|green card)\b"), "UK": re.compile(r"\bhmrc\b")}


@dataclass(frozen=True, slots=True)
class Contact:
    topic: str
    country: str
    organisation: str
    url: str | None
    phone: str | None
    note: str | None
    checked: str | None


@lru_cache(maxsize=1)
def contacts() -> tuple[Contact, ...]:
    """The directory in corpus/hand_on.toml."""
    table = tomllib.loads((files("corpus") / "hand_on.toml").read_text(encoding="utf-8"))
    return tuple(
        Contact(
            entry["topic"], entry["country"], entry["organisation"],
            *(entry.get(key) for key in ("url", "phone", "note", "checked")),
        )
        for entry in table["contact"]
    )  # fmt: skip


def hand_on(question: str, region: str | None = None) -> HandOn | None:
    """Whom to ask about the question's topic; None where it is no such topic (that is the usual case, not a failure).

    The country is taken from the question, then from `region`, else what the topic itself implies, else any.
    """
    text = question.casefold().replace("’", "'")
    topic = _topic(text)
    if topic is None:
        return None
    country = _country(question) or _country(region or "")
    if country is None:
        country = next((name for name, pattern in _IMPLIED.items() if pattern.search(text)), "any")
    mine = [contact for contact in contacts() if contact.topic == topic]
    for wanted in (country, "any"):
        for contact in mine:
            if contact.country == wanted:
                whom = contact.organisation + (f" ({contact.phone})" if contact.phone else "")
                return HandOn(topic, whom, contact.url)
    return HandOn(topic, "a qualified adviser where you live")


def speaks_of(topic: str, text: str) -> bool:
    """Whether a text of a guide speaks of a topic that is handed on."""
    return dict(_TOPICS)[topic].search(text.casefold().replace("’", "'")) is not None


def distressed(question: str) -> bool:
    """Whether somebody tells of their own distress, who is to hear a kind word before anything else."""
    text = question.casefold().replace("’", "'")
    return _topic(text) == "mental-health" and _MINE.search(text) is not None


@lru_cache(maxsize=16)  # one answer asks this of the same question several times
def _topic(text: str) -> str | None:
    rest = _TRADE.sub(" ", text)
    found = next((name for name, pattern in _TOPICS if pattern.search(rest)), None)
    return None if found == "discrimination" and _IN_MODELS.search(text) else found


def _country(text: str) -> str | None:
    """The code of the first country named that the directory may know."""
    return next((country.code for country in countries(text) if country.code), None)
