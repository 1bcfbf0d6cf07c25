"""Candidate pairs across languages: articles whose openings, or names and figures, are alike.

Names and figures stay the same across languages once they are spelled in one alphabet, and what
an opening means can be compared by vectors. By both together, each article is paired with its
likeliest counterparts in every other language. Every article is compared with all others, block
by block: 10,000 articles in ten languages take 4 seconds, 50,000 some 100, less than to read them.
It does not say what a pair is.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.sketch.plain import Floats
from dedup.text.words import Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# On the judged half of ntrex (35 stories in 20 languages) among 300 other articles, 987 of 1,000
# true pairs are found so with 11 pairs an article; by the openings and by the names apart (of .15
# and .08 and more) 985 with 15.
MIN_LIKENESS = 0.2  # cosine of the openings and twice that of the names
NAMES_WEIGHT = 2.0
MAX_FURTHER = 4  # counterparts of an article in any language, besides the nearest in each
BLOCK = 512  # articles
# So many articles without any of the names are imagined beside the collection: what both of two
# articles have is not common yet. In a thousand articles it makes no difference.
UNSEEN = 50


def crosslingual_pairs(
    languages: Sequence[str],
    openings: Floats,
    names: Sequence[Mapping[str, int]],
    min_cosine: float = 0.0,
) -> Integers:
    """Pairs of articles in two languages worth a closer look: int64[m, 2], sorted.

    `openings` float32[n, d], of length 1, or 0 where there is none, d 0 where nobody has one; a
    cosine below `min_cosine` counts for nothing. `names[i]` counts the names and numbers of
    each, in one alphabet.
    """
    _, numbers = np.unique(np.array(languages), return_inverse=True)
    found = _nearest(openings, _weigh(names), numbers, min_cosine)
    pairs = {(min(i, j), max(i, j)) for i, j in found}
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _nearest(
    openings: Floats, names: Any, languages: Integers, min_cosine: float
) -> Iterator[tuple[int, int]]:
    """Each article's nearest in each other language, and some more in any."""
    order = np.argsort(languages, kind="stable")
    openings, names, own = openings[order], names[order], languages[order]
    starts = np.flatnonzero(np.diff(own, prepend=-1))
    parts = list(pairwise((*starts.tolist(), len(own))))  # the articles of each language
    further = min(MAX_FURTHER, len(own) - 1)
    for at in range(0, len(own), BLOCK):
        likeness = NAMES_WEIGHT * (names[at : at + BLOCK] @ names.T).toarray()
        if openings.size:
            cosine = openings[at : at + BLOCK] @ openings.T
            likeness += np.where(cosine < min_cosine, 0, cosine)
        for begin, end in parts:
            likeness[max(begin - at, 0) : max(end - at, 0), begin:end] = -1
        columns = [likeness[:, begin:end].argmax(axis=1) + begin for begin, end in parts]
        best = np.stack(columns, axis=1)
        if further:
            best = np.hstack((best, np.argpartition(-likeness, further - 1)[:, :further]))
        rows, places = np.nonzero(np.take_along_axis(likeness, best, axis=1) >= MIN_LIKENESS)
        ends = order[at + rows].tolist(), order[best[rows, places]].tolist()
        yield from zip(*ends, strict=True)


def _weigh(names: Sequence[Mapping[str, int]]) -> "csr_array":
    """The names of each article as a row of length 1, weighed by the log of their number and
    by their rarity in the collection and `UNSEEN` articles: sparse float32[n, v]."""
    from scipy.sparse import csr_array, diags_array

    vocabulary: dict[str, int] = {}
    columns = [vocabulary.setdefault(name, len(vocabulary)) for name in chain.from_iterable(names)]
    counts = np.array([count for own in names for count in own.values()], dtype=np.float32)
    starts = np.cumsum([0, *map(len, names)])
    spread = np.bincount(np.array(columns, dtype=np.int64), minlength=len(vocabulary))
    rarity = np.log((len(names) + UNSEEN) / np.maximum(spread, 1)).astype(np.float32)
    values = (1 + np.log(counts)) * rarity[columns]
    table = csr_array((values, columns, starts), shape=(len(names), len(vocabulary)))
    norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    unit: csr_array = diags_array(1 / np.maximum(norms, 1e-9)) @ table
    return unit
