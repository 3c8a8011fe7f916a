"""Misspelt words of a question read as words of the library; pure.

Only a word that neither the library nor the embedder's vocabulary knows is touched, and only where one word of the
library is clearly the nearest: "enrty" becomes "entry", "vet" and "berlin" stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.names import known_words
from corpus.vocabulary import Vocabulary
from corpus.words import fold, is_begun, is_common, stem, words

_MOST_WORDS = 60


def respell(text: str, vocabulary: Vocabulary, knows: Callable[[str], int] = lambda _: 0) -> tuple[str, dict[str, str]]:
    """`text` with its misspellings replaced, and what was replaced by what.

    `vocabulary` maps the library's folded words to the number of passages that hold them; `knows` tells that number
    for a stem, so that another form of a word that the library has is no misspelling.
    """
    changed: dict[str, str] = {}
    # What stands in capitals in a text that does not is a name ("CUDA").
    capitals = set() if text.isupper() else {fold(word) for word in re.findall(r"\b[A-Z]{2,}\b", text)}
    for word in dict.fromkeys(words(text)[:_MOST_WORDS]):
        if (
            len(word) < 4
            or len(word) > 24
            or not word.isalpha()
            or word in vocabulary
            or _is_word(word)
            or knows(stem(word))
            or word in capitals
        ):
            continue
        nearest = _nearest(word, vocabulary)
        # What a longer word begins with is short for that ("mech", "chem"), and no misspelling of "much" and "chef".
        if nearest and (nearest.startswith(word) or not is_begun(word)):
            changed[word] = nearest
    if not changed:
        return text, {}
    pattern = re.compile(r"[^\W\d_]+", re.UNICODE)
    return pattern.sub(lambda m: changed.get(fold(m[0]), m[0]), text), changed


def _is_word(word: str) -> bool:
    return is_common(word) or word in known_words()


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    """The library word within one edit (two from seven letters on), the commonest of equals; None if none is near."""
    most = 2 if len(word) >= 7 else 1
    near = process.extract(
        word, vocabulary.of_length(max(4, len(word) - most), len(word) + most),
        scorer=OSA.distance, score_cutoff=most, limit=8,
    )  # fmt: skip
    ranked = sorted(near, key=lambda match: (match[1], match[0][0] != word[0], -vocabulary[match[0]], match[0]))
    if not ranked:
        return None
    best = ranked[0]
    # Two edits and another first letter is another word more often than a misspelling, and so is another letter in the
    # place of one of four ("hype" for "hope"), unless two of them changed places.
    another = best[1] == 2 and best[0][0] != word[0]
    swapped = len(word) == len(best[0]) == 4 and sorted(word) != sorted(best[0])
    return None if another or swapped else best[0]
