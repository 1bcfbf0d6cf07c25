"""The words of a collection by number, and how rare each is in a language.

What is asked of the same words again and again is asked of numbers in columns: they take a tenth of
the memory, and the words that two articles share are found a hundred at a time.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.text.rarity import word_rarity

MIN_RARITY = 1.0  # of a word that says something: "after", "over", "says" are commoner

Numbers = npt.NDArray[np.int32]  # of words


class Vocabulary(dict[str, int]):
    """The words of a collection by number, and how rare each is in a language."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._rarities: dict[str, npt.NDArray[np.float64]] = {}
        self._marked = np.zeros(0, dtype=np.bool_)

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        self._words.append(word)
        return number

    def number(self, words: Sequence[str]) -> Numbers:
        """The numbers of these words."""
        return np.fromiter(map(self.__getitem__, words), np.int32, len(words))

    def rarities(self, words: Numbers, language: str) -> npt.NDArray[np.float64]:
        """How rare each word is: float64[n]."""
        table = self._rarities.get(language)
        if table is None or len(table) < len(self):
            known = np.empty(0) if table is None else table
            table = np.full(2 * len(self), np.nan)
            table[: len(known)] = known
            self._rarities[language] = table
        found = table[words]
        unknown = np.isnan(found)
        if unknown.any():
            for word in words[unknown].tolist():
                table[word] = word_rarity(self._words[word], language)
            found = table[words]
        return found

    def weigh(self, words: Numbers, language: str) -> float:
        """The squares of the rarities of different words, as far as they say something; exact, so
        that it does not depend on their order."""
        weights = self.rarities(words, language)
        weights = weights[weights >= MIN_RARITY]
        return math.fsum((weights * weights).tolist())

    def sum_rarities(self, words: Numbers, language: str) -> float:
        """The rarities of different words; exact."""
        return math.fsum(self.rarities(words, language).tolist())

    def shared(self, one: Numbers, other: Numbers) -> Numbers:
        """Those of the other words that are among the first ones, as often as they stand there."""
        if len(self._marked) < len(self):
            self._marked = np.zeros(2 * len(self), dtype=np.bool_)
        self._marked[one] = True
        found = other[self._marked[other]]
        self._marked[one] = False
        return found
