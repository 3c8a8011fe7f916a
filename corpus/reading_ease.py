"""How easily English prose reads: the Flesch Reading Ease. Pure.

R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948): 206.835 - 1.015 x words per sentence
- 84.6 x syllables per word. 60 to 70 is plain English, 30 to 50 for college students, below 30 hard for anybody.
Packages that compute it bring a pronouncing dictionary that is downloaded when it is first used; the count of
syllables by groups of vowels is near enough for a mean over a guide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
# Where the groups of vowels are one more than the syllables, and where they are one fewer.
_FEWER = re.compile(
    r"(?<=[^aeiouy])(?<!^.)(?<!l)e$|(?<=[aeiouy]l)e$|(?<=.[^tdaeiou])(?<![^aeiouy]l)ed$|(?<=[^aeiouysxzcg])(?<!sh)(?<!ch)(?<!l)es$|(?<=[aeiouy]l)es$"
    r"|(?<=[^aeiouy])(?<!l)e(?=ship|less|ful|ment|ly$)|busi(?=n)|every|(?<=[tcsgxnl])i(?=o)|(?<=[tc])i(?=al|an|at)"
)
_MORE = re.compile(
    r"i[ao]|(?<![tcx])ie(?=n)|sci(?=e)|[aeiou]y(?=[aeiou])|[aeou](?=ing$)|ea$|ea(?=te)|eo$|(?<![gq])u(?=a)|(?<!q)iu"
)


def syllables(word: str) -> int:
    """Syllables of an English word, 1 or more, by its groups of vowels; a word in capitals counts its letters."""
    if word.isupper() and 1 < len(word) <= 5:
        return len(word)
    low = word.lower().replace("’", "").replace("'", "")
    return max(1, len(_VOWELS.findall(low)) - len(_FEWER.findall(low)) + len(_MORE.findall(low)))


def reading_ease(sentences: Sequence[str]) -> float:
    """The Flesch Reading Ease of sentences taken together. Raises ValueError where there is no word."""
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        raise ValueError("There is no word to measure.")
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * sum(map(syllables, words)) / len(words)
