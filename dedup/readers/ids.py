"""Ids: every article gets one of its own, however many are read.

Of each id that was given out only a digest of 8 bytes is kept. Among 10 million ids two share a
digest with a probability of 3 in a million; then one article gets a number it did not need.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b


class Ids:
    """The ids given out so far; those `reserved` go to the files of that name only."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._reserved = set(reserved)
        self._copies: Counter[str] = Counter()
        self._taken: set[bytes] = set()

    def claim(self, wanted: str, name: str) -> str:
        """`wanted`, if it is free or is the name of the file it comes from; else ``wanted#2``."""
        claimed = wanted
        while True:
            digest = blake2b(claimed.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            free = claimed == name or claimed not in self._reserved
            if free and digest not in self._taken:
                self._taken.add(digest)
                return claimed
            self._copies[wanted] += 1
            claimed = f"{wanted}#{self._copies[wanted] + 1}"
