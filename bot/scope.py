"""What this bot hands on to people who know the case, and to whom: visas, law, tax, health, crisis."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.answer import HandOn
from bot.places import countries

_TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("crisis", re.compile(
        r"\b(?:suicid\w*|kill(?:ing)? myself|end (?:my life|it all)|want to die|don'?t want to (?:live|be here)|"
        r"self[- ]harm\w*|hurt(?:ing)? myself|no reason to live|better off dead)\b")),
    ("visa", re.compile(
        r"\b(?:visas?|h-?1b|(?:my|on|stem|post-completion) opt|stem extension|green card|work permit|immigration|"
        r"immigrate|sponsor(?:ship|ed|s)?|"
        r"uscis|i-?140|f-?1\b|cpt\b|grace period|deport\w*|right to work|skilled worker route)\b")),
    ("legal", re.compile(
        r"\b(?:sue|suing|lawsuit|legal(?:ly)?|illegal|lawyer|attorney|unfair dismissal|wrongful\w*|non-?compete|"
        r"my contract|severance agreement|sign a release|breach|labou?r law|employment law)\b")),
    ("discrimination", re.compile(r"\b(?:discriminat\w+|harass(?:ed|ment|ing)?|ageism|racism|sexism)\b")),
    ("benefits", re.compile(
        r"\b(?:unemployment (?:benefits?|insurance|claims?|pay)|jobseeker'?s? allowance|universal credit|"
        r"file for unemployment|employment insurance)\b")),
    ("tax", re.compile(r"\b(?:tax(?:es|ed|able|ation)?|irs|hmrc|self[- ]assessment|deduct(?:ion|ible)s?|vat)\b")),
    ("mental-health", re.compile(
        r"\b(?:depress(?:ed|ion)|anxiety|panic attacks?|burn(?:ed|t)[- ]?out|burnout|hopeless|can'?t cope|"
        r"mental(?:ly| health)|therap(?:y|ist)|breakdown)\b")),
    ("medical", re.compile(
        r"\b(?:diagnos(?:is|ed)|medication|chronic (?:illness|pain)|doctor'?s? (?:note|advice)|"
        r"my (?:adhd|autism|injury|illness))\b")),
)  # fmt: skip
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
    topic = next((name for name, pattern in _TOPICS if pattern.search(text)), None)
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


def _country(text: str) -> str | None:
    """The code of the first country named that the directory may know."""
    return next((country.code for country in countries(text) if country.code), None)
