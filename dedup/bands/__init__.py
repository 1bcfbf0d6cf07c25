"""Bands: a table of signatures that grows article by article and answers at once.

Comes in: signatures (`dedup.sketch`), one or many. Goes out: the rows of the articles before it
that resemble it. Locality-sensitive hashing by bands of MinHash (Indyk and Motwani 1998;
Leskovec, Rajaraman and Ullman, ch. 3): articles that agree in a whole band meet in a bucket, and
whoever met is verified on all 128 positions. The buckets hash and chain: a slot holds the newest
signature, and each signature links to the one before it. Slots grow by linear hashing (Litwin
1980), one per signature, so that no call waits until everything has been hashed anew.

The table lives in memory and has no file. It knows no text: a rewrite that shares no five words
in a row is not found here.
"""

import math
import threading
from operator import index
from types import ModuleType

import numpy as np

from dedup.bands.columns import (
    GIVEN,
    LIVING,
    NODE,
    REMOVED,
    Int64s,
    Shares,
    Signatures,
    empty,
    make_room,
)
from dedup.errors import InputError
from dedup.sketch import PERMUTATIONS

# Of 200 fillings of one form and edits of them 64 find .995 of all that agree in .7, 32 find .72;
# of 20,000, 8 find each edit's origin, and 64 cost 36 µs an article, 128 cost 67
# (benchmarks/incremental.py). An article that shares no crowded bucket costs 14 µs.
BUCKET = 64
LIMIT = 100  # matches of a query, unless told otherwise: more than anybody reads
BLOCK = 1024  # signatures of a kernel call: half a megabyte; room for as many is made in advance


class BandTable:
    """Signatures that can be asked which of them resemble a new one, and grow by it.

    `threshold` is the least share of equal positions. `bucket` is how many distinct signatures
    that agree in a band are kept there, the last ones added: an article that is pushed out of one
    band is found by another one, or by an identical signature. Rows are numbered from 0 in the
    order of adding, and a number is never given again. An article without words gets a row, and
    matches nothing.

    The same calls give the same answers. Calls from several threads take turns; what a thread
    must do in one step (ask, then add) is one call.

    >>> from dedup.sketch import signatures
    >>> table = BandTable()
    >>> table.add_many(signatures(["Kim sent 4,000 troops to Russia by ship.", "No news today."]))
    array([0, 1])
    >>> rows, similarity = table.query(signatures(["Kim sent 4,000 troops to Russia by ship!"])[0])
    >>> rows, similarity
    (array([0]), array([1.], dtype=float32))
    """

    def __init__(self, threshold: float = 0.7, *, bucket: int = BUCKET) -> None:
        if not 0 < threshold <= 1:
            raise InputError(
                f"threshold is {threshold!r}; give a share above 0 and up to 1, say 0.7"
            )
        self.threshold = threshold
        self.bucket = _positive(bucket, "bucket")
        self._least = math.ceil(threshold * PERMUTATIONS)
        self._lock = threading.Lock()
        self._chains = _chains()
        self._columns = empty()

    def __len__(self) -> int:
        """How many rows the table has: given and not removed."""
        return int(self._columns.state[LIVING])

    @property
    def memory(self) -> int:
        """The bytes that the table takes."""
        return sum(column.nbytes for column in self._columns)

    def add(self, signature: Signatures) -> int:
        """Add one signature, uint32[128], and give its row."""
        return self._pass(_one(signature), 0, adds=True)[0]

    def add_many(self, signatures: Signatures) -> Int64s:
        """Add signatures, uint32[n, 128], in order, and give their rows: int64[n]."""
        given = _many(signatures)
        first = self._pass(given, 0, adds=True)[0]
        return np.arange(first, first + len(given))

    def query(self, signature: Signatures, limit: int = LIMIT) -> tuple[Int64s, Shares]:
        """The rows that resemble one signature, the best first, the oldest first among equals.

        `rows` int64[k] and `similarity` float32[k], the shares of equal positions; k ≤ limit.
        """
        _, _, rows, similarity = self._pass(_one(signature), _positive(limit), adds=False)
        return rows, similarity

    def query_many(
        self, signatures: Signatures, limit: int = LIMIT
    ) -> tuple[Int64s, Int64s, Shares]:
        """As `query`, for n signatures: `starts` int64[n + 1], `rows`, `similarity`.

        The matches of signature i are rows[starts[i]:starts[i + 1]].
        """
        _, starts, rows, similarity = self._pass(_many(signatures), _positive(limit), adds=False)
        return starts, rows, similarity

    def query_and_add(
        self, signature: Signatures, limit: int = LIMIT
    ) -> tuple[int, Int64s, Shares]:
        """Ask and then add, in one step: the new row, and what `query` gives."""
        row, _, rows, similarity = self._pass(_one(signature), _positive(limit), adds=True)
        return row, rows, similarity

    def query_and_add_many(
        self, signatures: Signatures, limit: int = LIMIT
    ) -> tuple[Int64s, Int64s, Int64s, Shares]:
        """Each signature asks and is then added: the new rows, and what `query_many` gives."""
        given = _many(signatures)
        first, starts, rows, similarity = self._pass(given, _positive(limit), adds=True)
        return np.arange(first, first + len(given)), starts, rows, similarity

    def remove(self, row: int) -> None:
        """Forget a row: it is found no more. Its number keeps 12 bytes, its signature none."""
        with self._lock:
            given = int(self._columns.state[GIVEN])
            if not 0 <= index(row) < given:
                raise InputError(f"row {row} is not in the table; it has given {given} rows from 0")
            if self._columns.rows[row, NODE] == REMOVED:
                raise InputError(f"row {row} is not in the table any more; it was removed before")
            self._chains.remove(self._columns, row)

    def _pass(
        self, signatures: Signatures, limit: int, *, adds: bool
    ) -> tuple[int, Int64s, Int64s, Shares]:
        """The first new row, and the matches of each signature (none if `limit` is 0)."""
        parts = []
        with self._lock:
            first = int(self._columns.state[GIVEN])
            for at in range(0, max(len(signatures), 1), BLOCK):
                block = signatures[at : at + BLOCK]
                if adds:
                    make_room(self._columns, len(block))
                parts.append(
                    self._chains.run(self._columns, block, limit, adds, self._least, self.bucket)
                )
        if len(parts) == 1:
            return first, *parts[0]
        shift, starts = 0, [np.zeros(1, np.int64)]
        for ends, rows, _ in parts:
            starts.append(ends[1:] + shift)
            shift += len(rows)
        rows, similarity = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
        return first, np.concatenate(starts), rows, similarity


def _chains() -> ModuleType:
    """The kernels: numba is imported when the first table is made, not before."""
    from dedup.bands import chains

    return chains


def _one(signature: Signatures) -> Signatures:
    """One signature as uint32[1, 128], or an `InputError`."""
    given = np.asarray(signature)
    if given.shape != (PERMUTATIONS,) or given.dtype != np.uint32:
        raise InputError(
            f"the signature is {given.dtype}{list(given.shape)}; give uint32[{PERMUTATIONS}], "
            "one row of sketch.signatures(texts)"
        )
    return np.ascontiguousarray(given[np.newaxis])


def _many(signatures: Signatures) -> Signatures:
    """Signatures as uint32[n, 128] without gaps, or an `InputError`."""
    given = np.asarray(signatures)
    if given.ndim != 2 or given.shape[1] != PERMUTATIONS or given.dtype != np.uint32:
        raise InputError(
            f"the signatures are {given.dtype}{list(given.shape)}; give uint32[n, {PERMUTATIONS}],"
            " as sketch.signatures(texts) makes them"
        )
    return np.ascontiguousarray(given)


def _positive(number: int, name: str = "limit") -> int:
    if index(number) < 1:
        raise InputError(f"{name} is {number!r}; give a whole number from 1 on")
    return number
