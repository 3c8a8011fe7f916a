"""The words of a library as they are written, with how common each is."""

from __future__ import annotations


class Vocabulary(dict[str, int]):
    """Surface words (folded, stop words too) and the number of passages that hold each. Not to be changed."""

    def __init__(self, counted: dict[str, int]) -> None:
        super().__init__(counted)
        self._of: dict[tuple[int, int], list[str]] = {}

    def of_length(self, least: int, most: int) -> list[str]:
        """The words made of letters alone, `least` to `most` of them, in the vocabulary's own order; remembered."""
        words = self._of.get((least, most))
        if words is None:
            words = [word for word in self if least <= len(word) <= most and word.isalpha()]
            self._of[least, most] = words  # threads that come at once make the same list
        return words
