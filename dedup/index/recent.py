"""Postings of the articles that were added last, in memory.

Two hundred keys of an article lie on as many pages of tables that are sorted by key. So they wait
until those of thousands of articles are put there together (`dedup.index.merging`), and are found
here meanwhile. A posting is one number, its key in front of that of its article. They are sorted,
those of the very last articles apart from the others, so that to add an article moves few.
"""

from collections.abc import Sequence

import numpy as np

from dedup.index.postings import MAX_NUMBER, NUMBER, NUMBER_BITS, Numbers

MAX_APART = 10_000  # postings; to sort these in among a million others takes 3 ms
NONE: Numbers = np.empty(0, np.int64)


class RecentPostings:
    """The postings of one kind of keys."""

    def __init__(self) -> None:
        self._most, self._last = NONE, NONE

    def add(self, postings: Numbers) -> None:
        """Add postings, in any order."""
        # Two that are sorted are only merged, which takes a fifth of the time.
        self._last = np.concatenate([self._last, np.sort(postings)])
        self._last.sort(kind="stable")
        if len(self._last) > MAX_APART:
            self._unite()

    def find(self, keys: Sequence[int], limit: int = MAX_NUMBER) -> Numbers:
        """The postings of distinct keys, in any order; the last `limit` of each, and maybe more."""
        asked = np.array(keys, np.int64) << NUMBER_BITS
        parts = []
        for postings in (self._most, self._last):
            ends = np.searchsorted(postings, asked | MAX_NUMBER, side="right")
            sizes = np.minimum(ends - np.searchsorted(postings, asked), limit)
            before = np.cumsum(sizes)
            count = before[-1] if len(before) else 0
            if count:
                parts.append(postings[np.repeat(ends - before, sizes) + np.arange(count)])
        return np.concatenate(parts) if parts else NONE

    def within(self, begin: int, end: int, before: int) -> Numbers:
        """The postings of keys from `begin` up to `end`, excluded, of the articles numbered below
        `before`; ascending."""
        least, most = begin << NUMBER_BITS, (end - 1) << NUMBER_BITS | MAX_NUMBER
        parts = []
        for postings in (self._most, self._last):
            first = np.searchsorted(postings, least)
            inside = postings[first : np.searchsorted(postings, most, side="right")]
            parts.append(inside[(inside & MAX_NUMBER) < before])
        return np.sort(np.concatenate(parts))

    def drop(self, number: int) -> None:
        """Drop the postings of an article."""
        self._unite()
        self._most = self._most[self._most.astype(NUMBER) != number]

    def drop_before(self, number: int) -> None:
        """Drop the postings of the articles numbered below `number`."""
        self._unite()
        self._most = self._most[self._most.astype(NUMBER) >= number]

    def _unite(self) -> None:
        """Sort the last postings in among the others."""
        places = np.searchsorted(self._most, self._last)
        self._most, self._last = np.insert(self._most, places, self._last), NONE
