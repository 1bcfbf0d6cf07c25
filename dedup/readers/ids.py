"""Ids: every article is called by its own, however many there are.

Comes in: the ids that articles want. Goes out: distinct ones. Of those given out 8 bytes each
are kept (about 20 with the room between them; a set of strings takes 100), so that memory
stays flat over millions of articles; by chance two of 10 million ids are taken for one with a
probability of 3 in a million, and then one is called by a number more.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

SMALLEST = 1 << 12  # places


class Ids:
    """The ids given out so far, and those kept for files that are still to come."""

    def __init__(self, kept: Iterable[str]) -> None:
        self._kept = set(kept)
        self._copies: Counter[str] = Counter()
        self._places = array("Q", bytes(8 * SMALLEST))
        self._count = 0

    def claim(self, wanted: str, name: str) -> str:
        """`wanted` if it is free or is the name of the file that it comes from, else ``…#2``."""
        claimed = wanted
        while (claimed in self._kept and claimed != name) or not self._take(claimed):
            self._copies[wanted] += 1
            claimed = f"{wanted}#{self._copies[wanted] + 1}"
        return claimed

    def _take(self, id: str) -> bool:
        """Whether `id` was free; it no longer is. Places are tried one after the other (linear
        probing), and half of them are always free."""
        digest = blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        mark = int.from_bytes(digest, "little") or 1  # 0 is a free place
        if not _put(self._places, mark):
            return False
        self._count += 1
        if 2 * self._count > len(self._places):
            grown = array("Q", bytes(16 * len(self._places)))
            for old in self._places:
                if old:
                    _put(grown, old)
            self._places = grown
        return True


def _put(places: "array[int]", mark: int) -> bool:
    last = len(places) - 1
    place = mark & last
    while places[place]:
        if places[place] == mark:
            return False
        place = (place + 1) & last
    places[place] = mark
    return True
