"""Postings of terms: the articles that have each, as an index keeps them.

Under a term stand the last `MAX_POSTED` articles that were posted, by number, ascending. How far
back the first of them lies says how common the term is by now, so that nothing is counted and
nothing has to be forgotten: a name that was in every report of one week is rare again later.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.index.records import damaged, expect_numbers

NUMBER = np.dtype("<u4")  # of an article, in postings: 4 billion are enough for one index
MAX_NUMBER = int(np.iinfo(NUMBER).max)
NUMBER_BITS = 32  # behind a key, where a posting is one number
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
    blobs = [blob for _, blob in rows]
    if set(map(type, blobs)) <= {bytes}:
        sizes = np.fromiter(map(len, blobs), np.int64, len(blobs))
        if not ((sizes == 0) | (sizes % NUMBER.itemsize > 0)).any():
            numbers = np.frombuffer(b"".join(blobs), NUMBER).astype(np.int64)
            terms = np.array([term for term, _ in rows], np.int64)
            return Postings(terms, sizes // NUMBER.itemsize, numbers)
    raise damaged("the postings of a term are no numbers")


def pack_postings(keys: Numbers, numbers: Numbers | int) -> Numbers:
    """Each posting as one number, its key in front of the number of its article."""
    return keys << NUMBER_BITS | numbers


def pack_rows(rows: list[Any]) -> Numbers:
    """Postings from rows of keys and numbers."""
    columns = np.fromiter(chain.from_iterable(expect_numbers(rows)), np.int64, 2 * len(rows))
    return pack_postings(columns[::2], columns[1::2])


def join_postings(postings: Numbers, others: Numbers, limit: int | None = None) -> Numbers:
    """Postings that are packed, ascending, each once: at most the last `limit` of each key."""
    both = np.concatenate([postings, others])
    both.sort()
    both = both[is_first(both)]
    if limit is not None and len(both) > limit:
        own = both >> NUMBER_BITS
        is_kept = np.ones(len(both), bool)
        is_kept[:-limit] = own[:-limit] != own[limit:]
        both = both[is_kept]
    return both


def is_first(keys: Numbers) -> npt.NDArray[np.bool_]:
    """Which of these numbers, ascending, are the first of their value."""
    is_first = np.ones(len(keys), bool)
    is_first[1:] = keys[1:] != keys[:-1]
    return is_first


def count_equal(keys: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct ones of these numbers, ascending, and how often each is there."""
    begins = np.flatnonzero(is_first(keys))
    return keys[begins], np.diff(begins, append=len(keys))


def add_postings(rows: Blobs, postings: Numbers) -> Postings:
    """The postings of terms as they are kept, and others that are packed, of which the last are
    kept."""
    kept = read_postings(rows)
    have = pack_postings(np.repeat(kept.terms, kept.sizes), kept.numbers)
    both = join_postings(have, postings, MAX_POSTED)
    return Postings(*count_equal(both >> NUMBER_BITS), both & MAX_NUMBER)


def merge_postings(rows: Blobs, terms: Numbers, numbers: Numbers) -> list[tuple[int, bytes]]:
    """The rows that change where each of `terms` gets the article beside it in `numbers`."""
    both = add_postings(rows, pack_postings(terms, numbers))
    blob = both.numbers.astype(NUMBER).tobytes()
    ends = np.cumsum(both.sizes) * NUMBER.itemsize
    begins = ends - both.sizes * NUMBER.itemsize
    spans = zip(both.terms.tolist(), begins.tolist(), ends.tolist(), strict=True)
    before = dict(rows)
    merged = ((term, blob[begin:end]) for term, begin, end in spans)
    return [row for row in merged if before.get(row[0]) != row[1]]
