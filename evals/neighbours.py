"""Sentences that stand beside a quote in its own passage: true, on the same subject, and not what the quote says.

A check that weighs words alone is easily too kind to them, since a passage says its words again and again. Three kinds
are drawn by a seed from the project's guides: `neighbour`, another sentence of the passage; `first clause`, how one
begins, as short as a model's own sentence; `addition`, the quote itself with such a sentence joined to it. None is
carried. `python -m evals.neighbours > FILE` writes them as a claim set, which `evals claims FILE` measures by kind.
"""

from __future__ import annotations

import json
import random
import re
import sys
from typing import Literal

from evals.claims import LabelledClaim
from ingest.readers.document import read_document
from ingest.shipped import guides_folder
from ingest.split import split

SEED = 5
# Of each kind, at most.
MOST = 700
# Words of a sentence, and of a first clause, that can stand as a claim.
SENTENCE, CLAUSE = (6, 30), (5, 14)

_JOINT = re.compile(r",(?: (?:because|and|but|while|so|which)\b)?")


def neighbours(half: Literal["tune", "test"], seed: int = SEED, most: int = MOST) -> tuple[LabelledClaim, ...]:
    """Up to `most` claims of each kind, none of them carried, from every other guide: those of the other half are kept
    apart, so that what weights were fitted on does not measure them."""
    drawn = _beside(half)
    random.Random(seed).shuffle(drawn)  # noqa: S311 - a repeatable shuffle, no secret
    rows = {
        "neighbour": drawn,
        "first clause": [(clause, quote) for said, quote in drawn if _stands((clause := _first(said)), CLAUSE)],
        "addition": [(f"{quote.rstrip('.')}, and {said[0].lower()}{said[1:]}", quote) for said, quote in drawn],
    }
    return tuple(
        LabelledClaim(f"{half}-{kind}-{place}", claim, (quote,), supported=False, kind=kind)
        for kind, found in rows.items()
        for place, (claim, quote) in enumerate(found[:most], 1)
    )


def _beside(half: Literal["tune", "test"]) -> list[tuple[str, str]]:
    """Every ordered pair of two sentences of one passage, in the guides of one half."""
    pairs = []
    for path in sorted(guides_folder().glob("*.md"))[0 if half == "tune" else 1 :: 2]:
        for passage in split(read_document(path.read_bytes(), path.name)):
            texts = [passage.quote(each) for each in passage.sentences if each.kind == "sentence"]
            # What announces a list says nothing by itself.
            texts = [text for text in texts if _stands(text, SENTENCE) and not text.endswith(":")]
            pairs += [(said, quote) for said in texts for quote in texts if said != quote]
    return pairs


def _stands(text: str, words: tuple[int, int]) -> bool:
    return words[0] <= len(text.split()) <= words[1]


def _first(sentence: str) -> str:
    return f"{_JOINT.split(sentence)[0].rstrip('.')}."


def main() -> int:
    """Print the claims of the half that no weight was fitted on, one as JSON a line."""
    for each in neighbours("test"):
        row = {"id": each.id, "claim": each.claim, "evidence": list(each.evidence), "label": "not_supported"}
        print(json.dumps({**row, "kind": each.kind}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
