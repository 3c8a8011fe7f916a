"""Places: which countries a text speaks of, and how far a source's region fits the country of a person; pure."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from corpus.words import fold

# How far a region fits: the country itself, no country named, the Union for a member state, another country.
OWN, ANYWHERE, UNION, ELSEWHERE = 1.0, 0.6, 0.5, 0.0


@dataclass(frozen=True, slots=True)
class Country:
    """`code` is what the directory of contacts calls it ("EU" for member states without an entry of their own)."""

    name: str
    code: str | None
    in_union: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is shown ("Toronto"), and its country; a country is its own place. `start` and `end` are offsets
    into the text that it was found in."""

    name: str
    country: Country | None
    start: int
    end: int

    @property
    def shown(self) -> str:
        """`Toronto, Canada`; a country alone."""
        if self.country is None or self.country.name == self.name:
            return self.name
        return f"{self.name}, {self.country.name}"


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("corpus") / "places.toml").read_text(encoding="utf-8"))


def counts_in_dollars(country: Country) -> bool:
    """Whether a country's own money is called dollars, whichever they are."""
    return country.name in _data()["dollars"]


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, Country | None]]:
    """Folded name -> (name as shown, country)."""
    data = _data()
    table: dict[str, tuple[str, Country | None]] = {
        fold(name): (name, Country(name, None, in_union=False)) for name in data["countries"]
    }
    table |= {name: (_shown(name), None) for name in data["unclear"]}
    for entry in data["country"]:
        union = bool(entry.get("eu"))
        country = Country(entry["name"], entry.get("code") or ("EU" if union else None), union)
        table |= {name: (_shown(name), country) for name in entry.get("places", ())}
        table |= dict.fromkeys(entry["names"], (country.name, country))
    return table


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = sorted(_table(), key=lambda name: (-len(name), name))
    # "us" is a pronoun in small letters, unless an article or a preposition says otherwise.
    return re.compile(
        r"(?<![\w-])(?:(?P<name>" + "|".join(re.escape(name) for name in names) + r")(?![\w-])"
        r"|(?P<us>(?<=\bthe )us|(?<=\bin )us)(?![\w-]))",
    )


_CAPITAL_US = re.compile(r"(?<![\w-])U\.?S\b\.?(?![\w-])")


@lru_cache(maxsize=4096)
def places(text: str) -> tuple[Place, ...]:
    """The places that a text names, in order."""
    small = text.replace("’", "'").lower()
    plain = small if len(small) == len(text) else text  # a letter that grows in lower case would shift the offsets
    found = []
    for match in _pattern().finditer(_unaccented(plain)):
        name, country = _table()[match["name"] or "usa"]
        found.append(Place(name, country, match.start(), match.end()))
    america = _table()["usa"][1]
    for match in _CAPITAL_US.finditer(text):
        if not any(place.start < match.end() and match.start() < place.end for place in found):
            found.append(Place("United States", america, match.start(), match.end()))
    return tuple(sorted(found, key=lambda place: place.start))


def countries(text: str) -> tuple[Country, ...]:
    """The countries that a text speaks of, by their own names or by places in them, each once, in order."""
    return tuple(dict.fromkeys(place.country for place in places(text) if place.country is not None))


def country_of(region: str | None) -> Country | None:
    """The one country that a person's region lies in; None where it names none or several."""
    found = countries(region or "")
    return found[0] if len(found) == 1 else None


def home(regions: Iterable[str | None]) -> Country | None:
    """The country that a library is mostly about, told by the regions of its documents; None where none has more than
    half of those that name any."""
    named = [countries(region) for region in regions if region]
    counted = Counter(country for each in named for country in each).most_common(1)
    return counted[0][0] if counted and 2 * counted[0][1] > sum(map(bool, named)) else None


def fit(mine: Country, region: str | None, *said: str) -> float:
    """How far words fit a person in the country `mine`, 0 to 1.

    The narrowest text that names a country decides: `said` are sentence and headings from the innermost out, `region`
    is the document's. A text that names the person's country among others fits; one that names none may be for all.
    """
    for text in (*said, region or ""):
        named = countries(text)
        if not named:
            continue
        if any(country.name == mine.name for country in named):
            return OWN
        if mine.in_union and any(country.name == "European Union" for country in named):
            return UNION
        return ELSEWHERE
    return ANYWHERE


def _shown(name: str) -> str:
    small = {"of", "de", "and", "the"}
    return " ".join(
        word.upper() if word in ("nyc", "dc") else word if word in small else word.capitalize() for word in name.split()
    )


_ACCENTS = str.maketrans("áàâäãåçéèêëíìîïñóòôöõøúùûüýłńśźż", "aaaaaaceeeeiiiinoooooouuuuylnszz")


def _unaccented(text: str) -> str:
    return text.translate(_ACCENTS)


def amiss(asked: Sequence[Place], region: str | None, *said: str) -> tuple[Place, ...]:
    """Those of the asked places for which words of this region do not speak; `said` as for `fit`.

    A country is met by words about it and by words that name no place; a town only by words that name it. The narrowest
    words that name a place decide: in a guide on three countries, a section on one speaks of that one.
    """
    named = next(({place.name for place in found} for text in said if (found := places(text))), set())
    return tuple(
        place
        for place in asked
        if place.country is not None
        and place.name not in named
        and (place.name != place.country.name or fit(place.country, region, *said) < ANYWHERE)
    )


_LEAD = re.compile(r"\s*(?:\b(?:in|for|from|at|of|to)\s+)?(?:\bthe\s+)?$", re.IGNORECASE)


def without(text: str) -> str:
    """A text with its places cut out, and the prepositions that led to them."""
    for place in reversed(places(text)):
        lead = re.sub(
            r"\s*(?:\b(?:in|for|from|at|of|to)\s+)?(?:\bthe\s+)?$", "", text[: place.start], flags=re.IGNORECASE
        )
        text = f"{lead} {text[place.end :].lstrip()}"
    return re.sub(r"\s+([?.!,])", r"\1", text).strip()


def located(text: str, name: str) -> str:
    """A question with a place put to its end."""
    article = "the " if name.startswith(("United", "European", "Netherlands", "Philippines")) else ""
    return f"{text.rstrip(' ?.!')} in {article}{name}?"
