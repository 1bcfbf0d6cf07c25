"""What an index asks of the place where it is kept.

Comes in: numbers, keys, compressed texts. Goes out: the same again. A store knows no text, no
language and no similarity: it keeps rows and postings, all of a transaction or nothing of it,
and finds postings by their keys. `dedup.index.sqlite` keeps them in a file,
`dedup.index.postgres` in a database that many hosts share; both pass the same tests.

Articles have numbers, given from 1 on in the order of adding, and never given again.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dedup._version import __version__
from dedup.errors import StoreError

# What all parts of an index must agree in: with other settings the same text has other keys.
SETTINGS: Mapping[str, str] = {
    "format": "1",
    "signature": "datasketch affine32, seed 1, 128 positions, word 5-shingles",
    "bands": "25 of 5",
    "terms": "22 bits",
    "common": "50",
}
WRITTEN_BY = f"dedup {__version__}"


def check_settings(place: str, kept: Mapping[str, str]) -> None:
    """Raise `StoreError` where an index was made with other settings than ours."""
    for name, value in SETTINGS.items():
        if kept.get(name) != value:
            raise StoreError(
                f"{place}: has {name} {kept.get(name)!r}, this version of dedup reads "
                f"{value!r} (written by {kept.get('written by')}); open it with that version"
            )


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it is kept, without what it says.

    `published` is in seconds since 1970 (UTC), None where the article has no date. `original`
    is the number of the first article with the same signature, None for that one itself.
    `posted` says whether its rare terms are among the postings.
    """

    number: int
    id: str
    published: float | None
    original: int | None
    posted: bool
    signature: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says: its fields but the text as JSON, its text compressed (None where
    only the signature is known)."""

    fields: str
    text: bytes | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles worth a closer look (by number, a < b), and what was found of them.

    `relation` is None as long as nobody has looked; a `tie` is one report, with the relation
    and the footprints of both as JSON; anything else is "".
    """

    a: int
    b: int
    relation: str | None


@dataclass(frozen=True, slots=True)
class IndexStats:
    """How much a store holds: rows of each kind, and bytes (of texts, and in all)."""

    articles: int
    bands: int
    terms: int
    common: int
    pending: int
    ties: int
    families: int
    text_bytes: int
    bytes: int


class Postings(NamedTuple):
    """The articles that have terms: `terms` int64[n], how many articles each has, `sizes`
    int64[n], and their `numbers`, int64, those of each term end to end."""

    terms: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]


class Store(Protocol):
    """A place for an index. All calls stand within `reading` or `writing`; both nest."""

    place: str
    readonly: bool

    def reading(self) -> AbstractContextManager[None]:
        """One state for all that is read inside, whoever writes meanwhile."""

    def writing(self) -> AbstractContextManager[None]:
        """The only writer meanwhile; at its end all is kept durably, after an error nothing."""

    def changes(self) -> int:
        """A number that is another one after others have written."""

    def close(self) -> None:
        """Let go of the place. Closing twice does nothing."""

    # Articles

    def insert(
        self,
        id: str,
        published: float | None,
        original: int | None,
        posted: bool,
        signature: bytes,
        content: Content,
    ) -> int:
        """Keep an article and give its number."""

    def change(self, number: int, original: int | None, posted: bool) -> None:
        """What an article is to others has changed."""

    def delete(self, number: int) -> None:
        """Forget an article with its pairs and its place in a family."""

    def numbers(self, ids: Sequence[str]) -> dict[str, int]:
        """The numbers of those of `ids` that are here."""

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """The entries with these numbers, ascending."""

    def copies(self, numbers: Sequence[int], most: int) -> list[Entry]:
        """Up to `most` entries of which one of these is the original, ascending."""

    def contents(self, numbers: Sequence[int]) -> dict[int, Content]:
        """What these articles say."""

    def walk(self, after: int, most: int) -> list[tuple[Entry, Content]]:
        """The first `most` articles numbered above `after`, ascending."""

    def count(self) -> int:
        """How many articles there are."""

    def given(self) -> int:
        """The last number given: how many articles there have ever been."""

    # Postings

    def post(self, number: int, bands: Sequence[int], terms: Sequence[int]) -> None:
        """Let an article be found by these keys of bands, and by these terms."""

    def withdraw(self, number: int, bands: Sequence[int], terms: Sequence[int]) -> None:
        """Let an article be found by these no more."""

    def meet(self, bands: Sequence[int], most: int) -> list[int]:
        """The numbers that stand under any of these keys of bands, at most the last `most`
        under each; ascending, each once."""

    def share(self, terms: Sequence[int]) -> Postings:
        """The postings of those of these terms that have any."""

    def common(self) -> list[int]:
        """The terms that too many articles have, whose postings are dropped."""

    def make_common(self, terms: Sequence[int]) -> None:
        """Drop the postings of these terms, for good."""

    # Pairs and families

    def pair(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Remember pairs (a < b) that are worth a look; those known already stay as they are."""

    def pending(self, most: int) -> list[tuple[int, int]]:
        """The first pairs that nobody has looked at, ascending."""

    def settle(self, pairs: Sequence[Pair]) -> None:
        """Keep what was found of pairs, and mark the articles of ties as unsettled."""

    def pairs(self, numbers: Sequence[int]) -> list[Pair]:
        """The settled pairs that have one of these articles, ascending, each once."""

    def partners(self, number: int) -> list[int]:
        """The articles that stand in a pair with this one, looked at or not, ascending."""

    def unsettled(self, most: int) -> list[int]:
        """The first articles whose family must be worked out anew, ascending."""

    def unsettle(self, numbers: Sequence[int]) -> None:
        """Mark articles whose family must be worked out anew."""

    def families(self, numbers: Sequence[int] | None = None) -> list[tuple[int, int]]:
        """(family, number) of these articles, or of all in families, ascending."""

    def members(self, family: int) -> list[int]:
        """The numbers of a family's articles, ascending."""

    def regroup(self, numbers: Sequence[int], families: Sequence[tuple[int, int]]) -> None:
        """Settle these articles: they are in the `families` (family, number) and in no other."""

    def next_family(self) -> int:
        """A number for a family that none has had."""

    # Housekeeping

    def sizes(self) -> IndexStats:
        """How much there is; walks through the tables."""

    def compact(self) -> None:
        """Give back the room of what was deleted."""
