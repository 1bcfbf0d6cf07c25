"""Wording: what a text tells, in columns, ready to be compared with any other.

Comes in: a `Text`. Goes out: a `Wording`: its sentences as sets of units, which are words and
numbers by value, each with its rarity in the language at large and its character trigrams.
It compares nothing: see `dedup.align.likeness`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import chain

import numpy as np
import numpy.typing as npt

from dedup.align.acronyms import acronyms, long_forms
from dedup.align.postings import Postings, postings
from dedup.text import Sentence, Text
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.romanize import romanize

NUMBER = "#"  # begins a number's unit of meaning, which no word can
# A number is as telling as a word of one in 100,000 (Zipf 2 to 2.5) …
NUMBER_RARITY = 5.0
# … beyond one in a million, rarity says more about spelling than about meaning.
RAREST = 6.0
SHORTEST_SOFT = 4  # letters; shorter words match exactly or not
PAIRING = np.uint64(0x9E3779B97F4A7C15)  # an odd number: tells "a b" from "b a"


@dataclass(frozen=True)
class SentenceFeatures:
    """What a text tells, in columns, ready to be compared with any other.

    `sentences` are those that tell something (no furniture, at least one word). `units`: the
    distinct words, and numbers by value ("#11000"), of all of them, sorted; `rarity`
    float32[k] how rare each is at large. `columns`: the numbers of each sentence's units, end
    to end, sentence j's from `starts[j]` on. `grams` uint64: the hashed character trigrams of
    each unit, end to end, with `sizes[k]` of them each. `acronyms` are units that are written
    in capitals, `long_forms` the units that initials may stand for. All that can be known of a
    text before it meets another is worked out once, when it is first asked for.
    """

    sentences: tuple[Sentence, ...]
    units: tuple[str, ...]
    rarity: npt.NDArray[np.float32]
    columns: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    grams: npt.NDArray[np.uint64]
    sizes: npt.NDArray[np.int64]
    acronyms: frozenset[str] = frozenset()
    long_forms: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def sentence(self, j: int) -> npt.NDArray[np.int64]:
        """The numbers of sentence j's units."""
        end = self.starts[j + 1] if j + 1 < len(self.starts) else None
        return self.columns[self.starts[j] : end]

    def sentences_with(self, unit: str) -> frozenset[int]:
        """The sentences that have a unit."""
        if unit not in self.spread:
            return frozenset()
        return frozenset(self.sentence_of_column[self.columns == self.units.index(unit)].tolist())

    @cached_property
    def length(self) -> npt.NDArray[np.float32]:
        """How many words each sentence has: float32[n]."""
        return np.array([len(sentence.tokens) for sentence in self.sentences], np.float32)

    @cached_property
    def sentence_of_column(self) -> npt.NDArray[np.int64]:
        """The sentence that each of `columns` belongs to."""
        sizes = np.diff(self.starts, append=len(self.columns))
        return np.repeat(np.arange(len(self.starts)), sizes)

    @cached_property
    def spread(self) -> dict[str, int]:
        """In how many of the sentences each unit stands."""
        return dict(zip(self.units, np.bincount(self.columns).tolist(), strict=True))

    @cached_property
    def places(self) -> Postings:
        """The sentences that have each unit."""
        return postings(self.sentence_of_column, self.columns)

    @cached_property
    def figures(self) -> Postings:
        """The sentences that have each number, which its only gram stands for."""
        figure = np.array([unit.startswith(NUMBER) for unit in self.units], dtype=np.bool_)
        own = figure[self.columns]
        gram = np.cumsum(self.sizes) - self.sizes
        return postings(self.sentence_of_column[own], self.grams[gram[self.columns[own]]])

    @cached_property
    def pairs(self) -> Postings:
        """The sentences that have each pair of neighbouring words, hashed."""
        sentence = np.repeat(np.arange(len(self.sentences)), self.length.astype(np.int64))
        tokens = chain.from_iterable(sentence.tokens for sentence in self.sentences)
        words = np.array([_hashed(token.form) for token in tokens], dtype=np.uint64)
        inside = sentence[1:] == sentence[:-1]
        return postings(sentence[1:][inside], (words[:-1] * PAIRING + words[1:])[inside])

    @cached_property
    def vocabulary(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        """The distinct grams, in ascending order, and the number of each of `grams` among
        them."""
        vocabulary, numbers = np.unique(self.grams, return_inverse=True)
        return vocabulary, numbers.astype(np.int32)

    @cached_property
    def sentence_grams(self) -> tuple[npt.NDArray[np.int32], ...]:
        """The grams of the sentences: sentence, gram (its number in `vocabulary`), and how
        many of the sentence's units have it."""
        begins = np.cumsum(self.sizes) - self.sizes
        sizes = self.sizes[self.columns]
        before = np.cumsum(sizes) - sizes
        at = np.arange(sizes.sum()) + np.repeat(begins[self.columns] - before, sizes)
        grams, numbers = self.vocabulary
        cells = np.repeat(self.sentence_of_column, sizes) * len(grams) + numbers[at]
        cells, counts = np.unique(cells, return_counts=True)
        found = (cells // len(grams), cells % len(grams), counts)
        return tuple(column.astype(np.int32) for column in found)


@once_per_text
def extract_features(text: Text) -> SentenceFeatures:
    """The wording of `text`; its last few thousand answers are kept."""
    sentences = tuple(s for s in text.prose if s.tokens)
    told = [frozenset(units_of(sentence)) for sentence in sentences]
    units = tuple(sorted(frozenset().union(*told)))
    index = {unit: i for i, unit in enumerate(units)}
    columns = [sorted(index[unit] for unit in units_) for units_ in told]
    grams = [_grams(unit) for unit in units]
    return SentenceFeatures(
        sentences,
        units,
        np.array([_rarity(unit, text.language) for unit in units], dtype=np.float32),
        np.array(list(chain.from_iterable(columns)), dtype=np.int64),
        np.cumsum([0, *map(len, columns[:-1])]),
        np.array(list(chain.from_iterable(grams)), dtype=np.uint64),
        np.array(list(map(len, grams)), dtype=np.int64),
        acronyms(sentences, text),
        long_forms(sentences, text),
    )


def units_of(sentence: Sentence) -> list[str]:
    """The unit that each word of a sentence is, or is part of: itself, or its number by value."""
    numbers = iter([anchor for anchor in sentence.anchors if anchor.kind == "number"])
    number = next(numbers, None)
    units = []
    for token in sentence.tokens:
        while number is not None and number.end <= token.begin:
            number = next(numbers, None)
        inside = number is not None and number.begin < token.end
        units.append(NUMBER + number.value if number is not None and inside else token.form)
    return units


def _rarity(unit: str, language: str) -> float:
    return NUMBER_RARITY if unit.startswith(NUMBER) else min(word_rarity(unit, language), RAREST)


@lru_cache(maxsize=100_000)
def _grams(unit: str) -> tuple[int, ...]:
    """The character trigrams of a word, its first four letters counted once more, hashed.

    They are those of the word in Latin letters, so that names meet across alphabets. A number
    or a short word has one, itself: it matches its like or nothing.
    """
    grams = {unit}
    if len(unit) >= SHORTEST_SOFT and not unit.startswith(NUMBER):
        spelled = romanize(unit)
        edged = f"<{spelled if len(spelled) >= SHORTEST_SOFT else unit}>"
        grams = {edged[i : i + 3] for i in range(len(edged) - 2)} | {"^" + edged[1:5]}
    return tuple(map(_hashed, sorted(grams)))


@lru_cache(maxsize=100_000)
def _hashed(text: str) -> int:
    """64 bits that stand for `text`."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
