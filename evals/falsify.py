"""True sentences made false by one change of a known kind, by a seed: what a check of claims must catch.

Numbers, units, names, negations and directions are swapped; each change is small, so that nearly all of the words still
stand in the evidence. `python -m evals.falsify FILE` prints a claim set with such rows after its hand-written ones.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

SEED = 11
# What takes the place of a name: made up, and of no sentence in the sets.
_OTHERS = ("Marisport", "Veldenau", "Tarkwell", "Elena Brusk", "Corrigan", "Ostmark Institute", "Pellworth", "Quillon")
_NAME = re.compile(r"(?<=[a-z,;] )(?:[A-Z][a-z]{2,})(?:[ -][A-Z][a-z]{2,})*")
_MONTHS = "January February March April May June July August September October November December".split()
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w.,-]*\d)")
_UNITS = (
    ("minutes", "hours"), ("hours", "days"), ("days", "weeks"), ("weeks", "months"), ("months", "years"),
    ("years", "months"), ("percentage points", "percent"), ("percent", "euros"), ("metres", "kilometres"),
    ("crowns", "pesos"), ("francs", "crowns"), ("million", "billion"), ("thousand", "million"), ("an hour", "a week"),
    ("a year", "a month"),
)  # fmt: skip
_SIGNS = {"$": "£", "£": "€", "€": "$", "%": " euros"}
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|must|may|should|will|has been|have been)\b(?! not| no\b|n't)")
_NEGATED = re.compile(r"\b(is|are|was|were|can|must|may|should|will|do|does|did) not (?=\w)|\bcannot\b")
_DIRECTIONS = (
    ("rose", "fell"), ("rises", "falls"), ("grew", "shrank"), ("grow", "shrink"), ("increased", "decreased"),
    ("raised", "lowered"), ("climbed", "dropped"), ("gained", "lost"), ("more than", "less than"), ("higher", "lower"),
    ("highest", "lowest"), (r"over(?= [$£€]?\d)", r"under(?= [$£€]?\d)"),
    ("before", "after"), ("at least", "at most"), ("easier", "harder"),
    ("better", "worse"), ("up from", "down from"), ("doubled", "halved"), ("accepted", "rejected"),
    ("fewer than", "more than"), ("best", "worst"),
)  # fmt: skip


def falsify(text: str, chance: random.Random) -> dict[str, str]:
    """Kind of change -> `text` with one change of that kind, for every kind that its words allow."""
    changes: dict[str, Callable[[], str | None]] = {
        "number": lambda: _number(text, chance),
        "unit": lambda: _unit(text, chance),
        "name": lambda: _name(text, chance),
        "negation": lambda: _negation(text, chance),
        "direction": lambda: _direction(text, chance),
    }
    made = {kind: change() for kind, change in changes.items()}
    return {kind: false for kind, false in made.items() if false is not None and false != text}


def rows(written: Sequence[dict[str, Any]], seed: int = SEED) -> list[dict[str, Any]]:
    """One falsified row of each possible kind for every first evidence sentence and for every honest paraphrase."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    made: list[dict[str, Any]] = []
    done: set[str] = set()
    for row in written:
        sources = [("e", row["evidence"][0])] if row["evidence"][0] not in done else []
        done.add(row["evidence"][0])
        sources += [("p", row["claim"])] if row["label"] == "supported" else []
        for source, text in sources:
            for kind, false in falsify(text, chance).items():
                made.append(
                    {
                        "id": f"{row['id']}-{source}-{kind}",
                        "claim": false,
                        "evidence": row["evidence"],
                        "label": "not_supported",
                        "kind": kind,
                        "by": "seed",
                    }
                )
    return made


def _number(text: str, chance: random.Random) -> str | None:
    """One number changed in its digits, never to a value that the text holds besides."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    for _ in range(20):
        digits = list(match[0])
        # Of a year the first two digits stay, so that it is still one.
        kept = 2 if re.fullmatch(r"(?:19|20)\d\d", match[0]) else 0
        place = chance.choice([i for i, sign in enumerate(digits) if sign.isdigit() and i >= kept])
        digits[place] = chance.choice([d for d in "123456789" if d != digits[place]])
        changed = "".join(digits)
        if changed not in text:
            return text[: match.start()] + changed + text[match.end() :]
    return None


def _unit(text: str, chance: random.Random) -> str | None:
    options = [(m, new) for old, new in _UNITS for m in re.finditer(rf"\b{old}\b", text)]
    # "percent" inside "percentage points" is no unit of its own; a word is one only behind a number.
    options = [(m, new) for m, new in options if m[0].startswith("a") or _counted(text[: m.start()])]
    options += [(m, new) for sign, new in _SIGNS.items() for m in re.finditer(re.escape(sign), text)]
    if not options:
        return None
    match, new = chance.choice(options)
    return text[: match.start()] + new + text[match.end() :]


def _counted(before: str) -> bool:
    words = before.rsplit(None, 1)
    return bool(words) and bool(re.search(r"\d$|^(?:two|three|four|five|six|seven|eight|nine|ten|twelve)$", words[-1]))


def _name(text: str, chance: random.Random) -> str | None:
    found = list(_NAME.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    months = [month for month in _MONTHS if month not in text]
    return text[: match.start()] + chance.choice(months if match[0] in _MONTHS else _OTHERS) + text[match.end() :]


def _negation(text: str, chance: random.Random) -> str | None:
    negated = list(_NEGATED.finditer(text))
    if negated:
        match = chance.choice(negated)
        kept = "can" if match[0] == "cannot" else f"{match[1]} "
        return text[: match.start()] + kept + text[match.end() :]
    plain = list(_AUXILIARY.finditer(text))
    if not plain:
        return None
    # The first verb carries the sentence's main statement.
    match = plain[0]
    verb = match[1].replace(" been", "")
    rest = " been" if match[1].endswith("been") else ""
    return f"{text[: match.start()]}{verb} not{rest}{text[match.end() :]}"


def _direction(text: str, chance: random.Random) -> str | None:
    options = [
        (match, new)
        for pair in _DIRECTIONS
        for old, new in (pair, pair[::-1])
        for match in re.finditer(rf"\b{old}\b" if old.isalpha() or " " in old[:9] else rf"\b{old}", text)
    ]
    if not options:
        return None
    match, new = chance.choice(options)
    return text[: match.start()] + new.split("(")[0] + text[match.end() :]


def main(arguments: Sequence[str]) -> int:
    """Print the hand-written rows of a claim set, and after them the falsified ones."""
    written = [json.loads(line) for line in Path(arguments[0]).read_text(encoding="utf-8").splitlines()]
    written = [row for row in written if row["by"] == "hand"]
    for row in [*written, *rows(written)]:
        print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
