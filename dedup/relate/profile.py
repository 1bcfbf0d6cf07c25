"""The profile of an article: what two articles are compared by as a whole.

Its word hashes, its words weighted by how rare they are in the language at large, and its names
and numbers. Made once for each text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from dedup.text import Anchor, Text
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.words import split_words


@dataclass(frozen=True, slots=True)
class Profile:
    """Word hashes in order, how many words the prose has, its words weighted by background
    rarity with the vector's length, and its names and numbers."""

    hashes: npt.NDArray[np.uint64]
    size: int
    vector: Mapping[str, float]
    length: float
    anchors: frozenset[str]


@once_per_text
def profile(text: Text) -> Profile:
    """The profile of a text."""
    counts, language = Counter(token.form for s in text.prose for token in s.tokens), text.language
    vector = {word: (1 + log(n)) * word_rarity(word, language) for word, n in counts.items()}
    return Profile(
        split_words(text.article.text).hashes,
        counts.total(),
        vector,
        sqrt(sum(weight * weight for weight in vector.values())),
        frozenset(anchor_words(text.anchors)),
    )


def anchor_words(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Numbers by value, names word by word."""
    for anchor in anchors:
        yield from (anchor.value,) if anchor.kind == "number" else anchor.value.split()


def numbers(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Numbers by value, without the names."""
    return (anchor.value for anchor in anchors if anchor.kind == "number")


def compute_cosine(a: Text, b: Text) -> float:
    """Cosine of the words of two texts: (1 + ln tf) × background rarity."""
    one, other = profile(a), profile(b)
    small, large = sorted((one.vector, other.vector), key=len)
    dot = sum(weight * large[word] for word, weight in small.items() if word in large)
    return dot / (one.length * other.length) if dot else 0.0


def same_words(a: Text, b: Text) -> bool:
    """Whether two articles are the same word for word, and have words."""
    one, other = profile(a).hashes, profile(b).hashes
    return len(one) > 0 and np.array_equal(one, other)
