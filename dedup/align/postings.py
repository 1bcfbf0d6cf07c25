"""Postings: which row has which code, so that two texts' rows meet where they have the same.

Comes in: rows (sentences, words) and the codes that they have. Goes out: `Postings`, in the
order of the codes; of two of them, how many codes each two rows have in common. It is what
databases call a merge join. A code is any number that stands for a thing; what for is known
to those who made them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.integer[Any]]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """Row `rows[i]` has the code `codes[i]`: each once, in ascending order of the codes."""

    codes: Codes
    rows: Rows

    def sizes(self, count: int) -> npt.NDArray[np.float32]:
        """How many codes each of `count` rows has."""
        return np.bincount(self.rows, minlength=count).astype(np.float32)

    def common(self, other: "Postings", shape: tuple[int, int]) -> npt.NDArray[np.float32]:
        """How many codes each of our n rows has in common with each of m others:
        float32[n, m]."""
        i, j = join(self.codes, other.codes)
        cells = self.rows[i] * shape[1] + other.rows[j]
        return np.bincount(cells, minlength=shape[0] * shape[1]).astype(np.float32).reshape(shape)


def postings(rows: Rows, codes: Codes) -> Postings:
    """Postings of rows and codes in any order, with repetitions."""
    order = np.lexsort((rows, codes))
    rows, codes = rows[order], codes[order]
    new = np.append(True, (codes[1:] != codes[:-1]) | (rows[1:] != rows[:-1]))[: len(codes)]
    return Postings(codes[new], rows[new])


def join(ours: Codes, theirs: Codes) -> tuple[Rows, Rows]:
    """All pairs of places (i, j) with `ours[i] == theirs[j]`; `theirs` is in ascending order.

    >>> [places.tolist() for places in join(np.array([7, 5, 6]), np.array([4, 5, 5, 7]))]
    [[0, 1, 1], [3, 1, 2]]
    """
    first = theirs.searchsorted(ours)
    counts = theirs.searchsorted(ours, side="right") - first
    i = np.repeat(np.arange(len(ours)), counts)
    before = counts.cumsum() - counts
    return i, np.arange(len(i)) + (first - before)[i]
