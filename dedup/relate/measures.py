"""How much of one article the other has, and in which order.

All measures are of sentence links (`dedup.align`); what they are worth says the model.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.align import Links, content_sentences
from dedup.text import Text

# The word after this many counts half as much as the first: news is in the opening, and stories
# of one day share the background at their end. 60 and 150 do equally well (cross-validation).
OPENING = 60


def compute_coverage(text: Text, links: Links) -> float:
    """The share of a text's words that stand in sentences with a link."""
    sizes = [len(s.tokens) for s in content_sentences(text)]
    linked = sum(size for size, sources in zip(sizes, links.sources, strict=False) if sources)
    return linked / sum(sizes) if sizes and links.sources else 0.0


def compute_telling(text: Text, shares: Sequence[float]) -> float:
    """The share of a text's words that the other article has, given the share (or the
    probability) for each of its sentences; the opening counts most."""
    return weigh_opening([len(s.tokens) for s in content_sentences(text)], shares)


def weigh_opening(sizes: npt.ArrayLike, shares: Sequence[float], prior: float = 0.0) -> float:
    """The mean of the shares of sentences that have so many words, the opening counting most, as
    if `prior` words without a counterpart had been seen."""
    words = np.asarray(sizes, dtype=np.float64)[: len(shares)]
    weights = words / (1 + (np.cumsum(words) - words) / OPENING)
    return float(weights @ np.asarray(shares) / (weights.sum() + prior)) if weights.any() else 0.0


def compute_order(text: Text, links: Links) -> float:
    """The share of a text's words that stand in linked sentences in the source's order: in
    those of its heaviest chain that never goes back (Fredman 1975)."""
    total = sum(len(s.tokens) for s in content_sentences(text))
    places: list[int] = []  # where chains end, ascending; of each place, the heaviest
    weights: list[int] = []
    for sentence, sources in zip(content_sentences(text), links.sources, strict=False):
        if sources:
            at = bisect_right(places, sources[0])
            weight = len(sentence.tokens) + (weights[at - 1] if at else 0)
            end = bisect_right(weights, weight, lo=at)
            places[at:end], weights[at:end] = [sources[0]], [weight]
    return weights[-1] / total if weights else 0.0
