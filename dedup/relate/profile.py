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
from dedup.text.quotations import quotations_within
from dedup.text.rarity import listed_stem, word_rarity
from dedup.text.words import split_words


@dataclass(frozen=True, slots=True)
class Profile:
    """Word hashes in order, how many words the prose has, the weights of its words, those of the
    words outside quotations, and its names and numbers."""

    hashes: npt.NDArray[np.uint64]
    size: int
    weights: Mapping[str, float]
    own_weights: Mapping[str, float]
    anchors: frozenset[str]


@once_per_text
def profile(text: Text) -> Profile:
    """The profile of a text."""
    counts = Counter(token.form for s in text.prose for token in s.tokens)
    quoted = Counter(
        token.form
        for s in text.prose
        for quotation in quotations_within(s, text)
        for token in s.tokens
        if quotation.begin <= token.begin < quotation.end
    )
    weights = weigh_words(counts, text.language)
    return Profile(
        split_words(text.article.text).hashes,
        counts.total(),
        weights,
        weigh_words(counts - quoted, text.language) if quoted else weights,
        frozenset(anchor_words(text.anchors)),
    )


def weigh_words(counts: Mapping[str, int], language: str) -> dict[str, float]:
    """(1 + ln tf) × background rarity of each word, as a vector of length 1; Korean words without
    what is written to them."""
    if language == "ko":
        counts = Counter(listed_stem(w, language) for w, n in counts.items() for _ in range(n))
    weights = {word: (1 + log(n)) * word_rarity(word, language) for word, n in counts.items()}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def anchor_words(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Numbers by value, names word by word."""
    for anchor in anchors:
        yield from (anchor.value,) if anchor.kind == "number" else anchor.value.split()


def compute_cosine(a: Text, b: Text) -> float:
    """Cosine of the words of two texts: (1 + ln tf) × background rarity."""
    return multiply(profile(a).weights, profile(b).weights)


def compute_own_cosine(a: Text, b: Text) -> float:
    """The same of the words outside quotations."""
    return multiply(profile(a).own_weights, profile(b).own_weights)


def multiply(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The scalar product of two vectors of words."""
    small, large = sorted((one, other), key=len)
    return sum(weight * large[word] for word, weight in small.items() if word in large)


def same_words(a: Text, b: Text) -> bool:
    """Whether two articles are the same word for word, and have words."""
    one, other = profile(a).hashes, profile(b).hashes
    return len(one) > 0 and np.array_equal(one, other)
