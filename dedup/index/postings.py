"""Postings of terms: the articles that have each, as an index keeps them.

Under a term stand the last `MAX_POSTED` articles that were posted, by number, ascending. How far
back the first of them lies says how common the term is by now, so that nothing is counted and
nothing has to be forgotten: a name that was in every report of one week is rare again later.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.index.records import damaged

NUMBER = np.dtype("<u4")  # of an article, in postings: 4 billion are enough for one index
MAX_NUMBER = int(np.iinfo(NUMBER).max)
# With more a term finds nothing: `MAX_ARTICLES_OF_RARE_TERM` of `dedup.candidates.prefilter`, but
# part of the format of an index.
MAX_POSTED = 50
POSTED_BYTES = MAX_POSTED * NUMBER.itemsize
Numbers = npt.NDArray[np.int64]
Blobs = Sequence[tuple[int, bytes]]  # terms with their numbers, as they are kept


class Postings(NamedTuple):
    """The articles that have terms: `terms` int64[n], how many articles each has, `sizes`
    int64[n], and their `numbers`, int64, those of each term end to end."""

    terms: Numbers
    sizes: Numbers
    numbers: Numbers

    def reach(self, last: int) -> Numbers:
        """How many articles, up to the one numbered `last`, have passed since the first under
        each term was added."""
        firsts = self.numbers[np.cumsum(self.sizes) - self.sizes]
        return np.asarray(np.maximum(last - firsts + 1, 1))

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Postings":
        """Those of the chosen terms."""
        numbers = self.numbers[np.repeat(chosen, self.sizes)]
        return Postings(self.terms[chosen], self.sizes[chosen], numbers)


def read_postings(rows: Blobs) -> Postings:
    """Postings from terms and their numbers as they are kept."""
    for term, blob in rows:
        if not isinstance(blob, bytes) or not blob or len(blob) % NUMBER.itemsize:
            raise damaged(f"the postings of the term {term!r:.40} are no numbers")
    sizes = np.array([len(blob) // NUMBER.itemsize for _, blob in rows], np.int64)
    numbers = np.frombuffer(b"".join(blob for _, blob in rows), NUMBER).astype(np.int64)
    return Postings(np.array([term for term, _ in rows], np.int64), sizes, numbers)


def merge_postings(rows: Blobs, terms: Numbers, numbers: Numbers) -> list[tuple[int, bytes]]:
    """The rows that change where each of `terms` gets the article beside it in `numbers`."""
    kept = read_postings(rows)
    have = np.repeat(kept.terms, kept.sizes) << 32 | kept.numbers
    both = np.unique(np.concatenate([have, terms << 32 | numbers]))
    own = both >> 32
    behind = np.searchsorted(own, own, side="right") - np.arange(len(own))
    both, own = both[behind <= MAX_POSTED], own[behind <= MAX_POSTED]
    blob = (both & MAX_NUMBER).astype(NUMBER).tobytes()
    distinct, sizes = np.unique(own, return_counts=True)
    ends = np.cumsum(sizes) * NUMBER.itemsize
    begins = ends - sizes * NUMBER.itemsize
    spans = zip(distinct.tolist(), begins.tolist(), ends.tolist(), strict=True)
    before = dict(rows)
    merged = ((term, blob[begin:end]) for term, begin, end in spans)
    return [row for row in merged if before.get(row[0]) != row[1]]
