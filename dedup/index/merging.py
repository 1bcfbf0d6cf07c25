"""A store in which the postings of new articles wait until those of thousands are put together.

A table that is sorted by key is the best place to look up a key, and the worst to write to: each
of an article's two hundred keys lies on another page. So an article's keys come first, with its
commit, as one row of the table `recent`, and whoever looks something up keeps these rows in memory
(`dedup.index.recent`). Articles wait in generations. While one grows, the one before it is merged
into the tables, one part of all keys after the other, so that a page is written once for thousands
of articles and no commit takes long. This is a log-structured merge tree (O'Neil et al. 1996) of
two levels.

Which part is merged when follows from the numbers of the articles alone, so that nothing has to be
remembered, and it does not matter who adds. A posting stands in both places for a while. What is
found does not depend on any of it (decision 62).
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from dedup.index.postings import (
    MAX_NUMBER,
    NUMBER_BITS,
    POSTED_BYTES,
    Numbers,
    Postings,
    add_postings,
    join_postings,
    merge_postings,
    pack_postings,
    pack_rows,
    read_postings,
)
from dedup.index.recent import RecentPostings
from dedup.index.records import Content, IndexStats, damaged
from dedup.index.store import Keys, Store

# Articles of a generation, part of the format. In an index of 100,000 an article of 490 words
# changes 21 pages of 4 KB, 13 of them where postings are merged; where nothing waits it is 170.
# Twice as many would save 6, but memory has up to two generations, 13 MB, which are read when the
# index is first asked: 50 ms.
GENERATION = 4096
PARTS = 256  # of all keys, one of which is merged with each `STEP` articles, in 3 ms
STEP = GENERATION // PARTS
KEY = np.dtype("<i4")
# The least key of each kind, and how many keys a part has.
KINDS = {"bands": (-(2**31), 2**32 // PARTS), "runs": (-(2**31), 2**32 // PARTS),
         "terms": (0, 2**22 // PARTS)}  # fmt: skip


class MergingStore(Store):
    """A store with the table `recent`: the keys of each article that was added lately."""

    def __init__(self, place: str, readonly: bool) -> None:
        super().__init__(place, readonly)
        self._is_current = False  # whether memory is as the transaction sees the table
        self._seen = 0, 0  # the removals and the undone transactions that memory knows of
        self._inserted = 0  # an article that has been inserted, and has no postings yet
        self._last_first = 0  # `_first` when memory was last updated
        self._empty_memory()

    def insert(
        self, id: str, published: float | None, original: int | None, posted: bool,
        signature: bytes, content: Content,
    ) -> int:  # fmt: skip
        number = super().insert(id, published, original, posted, signature, content)
        # A copy has no postings. If it gets some later, these do not wait: others may have read on.
        self._inserted = number if original is None else 0
        if number % STEP == 0:
            self._merge_part(number)
        return number

    def add_postings(self, number: int, bands: Keys, terms: Keys, runs: Keys = ()) -> None:
        if number != self._inserted:  # it takes the place of another
            super().add_postings(number, bands, terms, runs)
            return
        self._update_memory()
        blobs = []
        for kind, keys in zip(KINDS, (bands, runs, terms), strict=True):
            own = np.array(keys, np.int64)
            self._recent[kind].add(pack_postings(own, number))
            blobs.append(own.astype(KEY).tobytes())
        query = "INSERT INTO recent (number, bands, runs, terms) VALUES (?, ?, ?, ?)"
        self._write(query, number, *blobs)
        self._inserted, self._last_read = 0, number

    def delete_postings(self, number: int, bands: Keys, terms: Keys, runs: Keys = ()) -> None:
        self._update_memory()
        self._write("DELETE FROM recent WHERE number = ?", number)
        if number >= self._first():
            self._note_removal()
            for postings in self._recent.values():
                postings.drop(number)
        super().delete_postings(number, bands, terms, runs)

    def lookup_bands(self, bands: Sequence[int], limit: int) -> list[int]:
        self._update_memory()
        kept = pack_rows(self._read_bands(bands, limit))
        found = join_postings(kept, self._recent["bands"].find(bands, limit), limit)
        return sorted(set((found & MAX_NUMBER).tolist()))

    def lookup_runs(self, runs: Sequence[int]) -> Numbers:
        self._update_memory()
        kept = pack_rows(self._read_runs(runs))
        return join_postings(kept, self._recent["runs"].find(runs))

    def lookup_terms(self, terms: Sequence[int]) -> Postings:
        self._update_memory()
        found, rows = self._recent["terms"].find(terms), self._read_terms(terms)
        return add_postings(rows, found) if len(found) else read_postings(rows)

    def stats(self) -> IndexStats:
        self._update_memory()
        stats = super().stats()
        waiting = {kind: len(self._waiting(kind)) for kind in ("bands", "runs")}
        packed = self._waiting("terms")
        terms, numbers = packed >> NUMBER_BITS, packed & MAX_NUMBER
        rows = self._read_terms(np.unique(terms).tolist())
        merged = dict(merge_postings(rows, terms, numbers))
        sizes = [(len(merged[term]), len(blob)) for term, blob in rows if term in merged]
        sizes += [(len(merged[term]), 0) for term in merged.keys() - dict(rows).keys()]
        return replace(
            stats,
            bands=stats.bands + waiting["bands"],
            runs=stats.runs + waiting["runs"],
            terms=stats.terms + sum(now - then for now, then in sizes) // KEY.itemsize,
            common=stats.common + sum(now >= POSTED_BYTES > then for now, then in sizes),
        )

    def merge_recent(self) -> None:
        """Merge all postings that wait."""
        with self.writing():
            self._update_memory()
            for kind in KINDS:
                self._merge(kind, self._waiting(kind))
            self._write("DELETE FROM recent")
            self._note_removal()
            self._empty_memory()

    def _merge_part(self, number: int) -> None:
        """Merge what is due when an article gets this number: a part of the generation before its
        own. Rows of the one before that are deleted, which are merged."""
        self._update_memory()
        begin = number // GENERATION * GENERATION
        part = (number - begin) // STEP
        for kind, (least, size) in KINDS.items():
            postings = self._recent[kind]
            if part == 0:
                postings.drop_before(self._first())
            first = least + part * size
            self._merge(kind, postings.within(first, first + size, begin))
        done = number - 2 * GENERATION
        self._write("DELETE FROM recent WHERE number >= ? AND number < ?", done, done + STEP)

    def _merge(self, kind: str, postings: Numbers) -> None:
        """Put postings into their table."""
        keys, numbers = postings >> NUMBER_BITS, postings & MAX_NUMBER
        if kind == "terms":
            self.post_terms(keys, numbers)
        else:
            rows = list(zip(keys.tolist(), numbers.tolist(), strict=True))
            self._insert_numbers(f"{kind} (key, number)", rows)

    def _waiting(self, kind: str) -> Numbers:
        """The postings in memory that are not in their table yet."""
        begin = self._articles // GENERATION * GENERATION
        parts = (self._articles - begin) // STEP + 1  # of the generation before that are merged
        least, size = KINDS[kind]
        postings = self._recent[kind].within(least, least + PARTS * size, self._articles + 1)
        is_merged = (postings & MAX_NUMBER < begin) & (
            postings >> NUMBER_BITS < least + parts * size
        )
        return postings[~is_merged]

    # Memory

    def _first(self) -> int:
        """The number of the first article that may be in memory."""
        return max(self._articles // GENERATION - 1, 0) * GENERATION

    def _empty_memory(self) -> None:
        self._recent = {kind: RecentPostings() for kind in KINDS}
        self._last_read = 0

    def _see_removals(self) -> None:
        self._seen = self._removals(), self.undone

    def _note_removal(self) -> None:
        """Count one of this process, of which memory knows."""
        self._count_removal()
        self._see_removals()

    def _update_memory(self) -> None:
        """Read what others have written, once in a transaction."""
        if self._is_current:
            return
        seen = self._seen
        self._see_removals()
        if seen != self._seen:
            self._empty_memory()
        first = self._first()
        if first > self._last_first:
            for postings in self._recent.values():
                postings.drop_before(first)
        self._last_first = first
        query = "SELECT number, bands, runs, terms FROM recent WHERE number > ? ORDER BY number"
        self._read(self._rows(query, max(self._last_read, first - 1)))
        self._is_current = True

    def _read(self, rows: Sequence[Any]) -> None:
        """Take rows of the table into memory."""
        if not rows:
            return
        numbers, *columns = zip(*rows, strict=True)
        for blob in chain.from_iterable(columns):
            if not isinstance(blob, bytes) or len(blob) % KEY.itemsize:
                raise damaged("the keys of a recent article are no numbers")
        if not self._last_read < numbers[0] <= numbers[-1] <= self._articles:
            raise damaged(f"it has keys of an article numbered {numbers[-1]}, but no such article")
        for postings, blobs in zip(self._recent.values(), columns, strict=True):
            sizes = [len(blob) // KEY.itemsize for blob in blobs]
            keys = np.frombuffer(b"".join(blobs), KEY).astype(np.int64)
            owners = np.repeat(np.array(numbers, np.int64), sizes)
            postings.add(pack_postings(keys, owners))
        self._last_read = numbers[-1]

    @abstractmethod
    def _read_bands(self, bands: Sequence[int], limit: int) -> list[tuple[int, int]]:
        """(key, number) of the last `limit` articles under each of these keys of bands."""

    @abstractmethod
    def _read_runs(self, runs: Sequence[int]) -> list[tuple[int, int]]:
        """(key, number) of the articles with these runs."""

    @abstractmethod
    def _removals(self) -> int:
        """How often a row of `recent` that others may have read was deleted."""

    @abstractmethod
    def _count_removal(self) -> None:
        """Count one more."""
