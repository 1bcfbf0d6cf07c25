"""Coverage: how much of an article's words another one tells, as its sentence links say.

Comes in: a text and the links of its sentences. Goes out: shares of its words. What they prove
is for `dedup.relate`.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from dedup.align import Links, content_sentences
from dedup.text import Text

# The word after this many counts half as much as the first: a report is in its opening, and
# stories of one day share the background that ends them. 60 and 150 do alike (cross-validation).
OPENING = 60


def coverage(text: Text, links: Links) -> float:
    """The share of a text's words that stand in sentences with a link."""
    sizes = [len(s.tokens) for s in content_sentences(text)]
    linked = sum(size for size, sources in zip(sizes, links.sources, strict=False) if sources)
    return linked / sum(sizes) if sizes and links.sources else 0.0


def telling(text: Text, shares: Sequence[float]) -> float:
    """The share of a text's words that the other article has, given the share (or the
    probability) for each of its sentences; the opening counts most."""
    sizes = np.array(
        [len(s.tokens) for s in content_sentences(text)][: len(shares)], dtype=np.float64
    )
    weights = sizes / (1 + (np.cumsum(sizes) - sizes) / OPENING)
    return float(weights @ np.array(shares) / weights.sum()) if len(sizes) else 0.0


def in_order(text: Text, links: Links) -> float:
    """The share of a text's words that stand in linked sentences in the source's order: in
    those of its heaviest chain that never goes back (Fredman 1975)."""
    total = sum(len(s.tokens) for s in content_sentences(text))
    places: list[int] = []  # where chains end, ascending; of each place, the heaviest
    weights: list[int] = []
    for sentence, sources in zip(content_sentences(text), links.sources, strict=False):
        if not sources:
            continue
        at = bisect_right(places, sources[0])
        weight = len(sentence.tokens) + (weights[at - 1] if at else 0)
        end = at
        while end < len(weights) and weights[end] <= weight:
            end += 1
        places[at:end], weights[at:end] = [sources[0]], [weight]
    return weights[-1] / total if weights else 0.0
