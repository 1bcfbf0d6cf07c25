"""The pieces of many articles, their lines and sentences, as hashes in columns.

What stands word for word in several articles is found by them: a quarter of a kilobyte for each
article, whatever else of it has gone by.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from dedup.article import Span
from dedup.candidates.near import repeated
from dedup.text.words import Hashes, Integers, mix

# Where a piece ends: at the end of a line, and of a sentence. All that begins an end is one set of
# characters, which is searched in half of the time.
PIECE_END = re.compile(
    r"[\n\r\u2028\u2029.!?…。！？।]"
    r"(?:(?<![.!?…])\s*|(?<=[.!?…])[\"'”’»)\]]*\s+)"
)
MIN_PIECE = 20  # bytes; "He declined." stands in many stories, and says nothing in any


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of many articles, as hashes: of article `n` those from `starts[n]` on."""

    hashes: Hashes
    starts: Integers

    def shared(self) -> Iterator[tuple[Integers, set[int]]]:
        """Each set of two articles or more (ascending) that share pieces no others have, and
        these pieces."""
        places = repeated(self.hashes)
        hashes = np.asarray(self.hashes)[places]
        articles = np.searchsorted(self.starts, places, side="right") - 1
        order = np.lexsort((articles, hashes))
        hashes, articles = hashes[order], articles[order]
        fresh = np.ones(len(hashes), np.bool_)
        fresh[1:] = (hashes[1:] != hashes[:-1]) | (articles[1:] != articles[:-1])
        hashes, articles = hashes[fresh], articles[fresh]
        firsts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)])
        sizes = np.diff(np.append(firsts, len(hashes)))
        if not len(hashes):
            return
        # The mix of 0 is 0, so articles are counted from 1: article 0 must make another set, too.
        keys = np.add.reduceat(mix(articles.astype(np.uint64) + np.uint64(1)), firsts)
        several = sizes > 1
        pieces: defaultdict[int, set[int]] = defaultdict(set)
        members: dict[int, Integers] = {}
        for key, first, size in zip(
            keys[several].tolist(), firsts[several].tolist(), sizes[several].tolist(), strict=True
        ):
            pieces[key].add(int(hashes[first]))
            members.setdefault(key, articles[first : first + size])
        yield from ((members[key], pieces[key]) for key in pieces)

    def contents(self) -> Hashes:
        """A number for each article's pieces, whatever their order: uint64[n]."""
        sums = np.append(np.uint64(0), np.cumsum(self.hashes))
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]], dtype=np.uint64)

    def of(self, n: int) -> Hashes:
        """Those of article `n`, in their order."""
        return np.asarray(self.hashes[self.starts[n] : self.starts[n + 1]])


def normalize_pieces(text: str) -> Iterator[tuple[bytes, Span]]:
    """The lines and sentences of a text, each as it is compared; short ones left out."""
    begin = 0
    for match in (*PIECE_END.finditer(text), None):
        stop = resume = len(text)
        if match:
            stop, resume = begin + len(text[begin : match.start() + 1].rstrip()), match.end()
        piece = " ".join(text[begin:stop].split()).casefold().encode("utf-8", "surrogatepass")
        if len(piece) >= MIN_PIECE:
            yield piece, Span(begin, stop)
        begin = resume


def split_pieces(text: str) -> list[Span]:
    """Where the lines and sentences of a text are; short ones left out."""
    return [span for _, span in normalize_pieces(text)]


def hash_pieces(texts: Iterable[str]) -> Pieces:
    """The pieces of texts, in their order."""
    hashes, starts = array("Q"), array("q", [0])
    for text in texts:
        for piece, _ in normalize_pieces(text):
            hashes.append(int.from_bytes(blake2b(piece, digest_size=8).digest(), "little"))
        starts.append(len(hashes))
    return Pieces(np.frombuffer(hashes, np.uint64), np.frombuffer(starts, np.int64))
