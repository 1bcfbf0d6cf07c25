"""Sketches: what is kept of each article so that similar ones can be found without rereading.

Comes in: texts. Goes out: columns. A signature of 128 minima over word-5-shingles (MinHash,
Broder 1997), bit for bit `datasketch.MinHash(num_perm=128, seed=1, hashfunc=shingle_hash)`,
whose positions agree as often as the articles' shingles do; and hashed words weighted by
scikit-learn's tf-idf, which still see a rewrite that shares no five words in a row.

Two paths give the same bits. Numpy starts at once and serves a few thousand articles; beyond
that, `dedup.sketch.kernels` (numba) works from bytes. Texts pass block by block, and no Python
object is made per word.

It decides nothing about pairs, and knows no language and no meaning.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from operator import length_hint
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from dedup.errors import InputError
from dedup.text.words import MULTIPLIER, code_points, hash_words, mix, split_words

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SHINGLE = 5  # words: the usual width for near-duplicate news, and datasketch users' default
PERMUTATIONS = 128
SEED = 1
EMPTY = np.uint32(0xFFFFFFFF)  # every position of a signature without shingles

# 4 million columns: of the 44,272 words of 17,035 Reuters stories, 1 in 100 shares a column.
TERM_BITS = 22
# Numpy takes .035 s per million characters, the kernels .001 s, .5 s to import and 8 s to compile
# once per machine: from here they win where they are compiled or soon will be, and who compares
# fewer never waits for a compiler.
KERNELS_FROM = 10_000_000  # characters; 3,000 articles of 490 words
TEXT = 300  # characters that a text costs by numpy however short it is: 12 µs
# Characters of a block. Numpy is a fifth slower from 2^18 on. The kernels lose a tenth with 2^16
# (with two threads, with 2^17), and up to half with 2^22, whose memory is new each time.
BLOCK = 1 << 16
KERNEL_BLOCK = 1 << 19

MURMUR_1 = np.uint32(0x85EBCA6B)  # MurmurHash3's 32-bit finaliser, with which
MURMUR_2 = np.uint32(0xC2B2AE35)  # datasketch mixes every hash before permuting it


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of n articles, in columns.

    signatures: uint32[n, 128]; all `EMPTY` for a text without words, which matches nothing.
    terms: float32 CSR [n, 2^22], tf-idf rows of length 1 (0 without words); a term's column
    is the top bits of its word hash. words: int64[n], how many words each text has.
    """

    signatures: npt.NDArray[np.uint32]
    terms: "csr_array"
    words: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.signatures)


class RawSketches(NamedTuple):
    """What n texts show, each by itself, in columns.

    signatures: uint32[n, 128] and words: int64[n], as in `Sketches`. terms: int32, the columns of
    the distinct words of each text, ascending, all texts end to end; counts: float32, how often;
    sizes: int64[n], how many of them each text has.
    """

    signatures: npt.NDArray[np.uint32]
    words: npt.NDArray[np.int64]
    terms: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]
    sizes: npt.NDArray[np.int64]


def sketch(
    texts: Iterable[str], *, compiled: bool | None = None, threads: int | None = None
) -> Sketches:
    """The sketches of `texts`, row i for text i.

    `compiled` picks the path (default: by size), `threads` how many work (default: as many as
    there are processors; numpy's path uses one); all give the same, to the last bit.

    >>> found = sketch(["North Korea has sent 4,000 troops.", ""])
    >>> found.signatures.shape, found.words.tolist()
    ((2, 128), [7, 0])
    """
    found = raw_sketch(texts, compiled=compiled, threads=threads)
    weights = weigh(found.terms, found.counts, found.sizes)
    return Sketches(found.signatures, weights, found.words)


def raw_sketch(
    texts: Iterable[str], *, compiled: bool | None = None, threads: int | None = None
) -> RawSketches:
    """What a text shows by itself: `sketch` before the terms are weighed by all the texts.

    `compiled` and `threads` as for `sketch`.
    """
    texts, compiled = choose_path(texts, compiled)
    path = _path(compiled)

    def work(block: Sequence[str]) -> RawSketches:
        hashes, starts = path.hash_texts(block)
        signed = path.sign(hashes, starts, SHINGLE, permutations())
        columns, counts, rows = path.count_terms(hashes, starts, TERM_BITS)
        return RawSketches(signed, np.diff(starts), columns, counts, np.diff(rows))

    return RawSketches(
        *map(np.concatenate, zip(*_by_block(work, texts, compiled, threads), strict=True))
    )


def signatures(
    texts: Iterable[str], *, compiled: bool | None = None, threads: int | None = None
) -> npt.NDArray[np.uint32]:
    """The signatures of `texts` alone: uint32[n, 128], all `EMPTY` where there are no words.

    `compiled` and `threads` as for `sketch`. The texts are read once and not kept.
    """
    texts, compiled = choose_path(texts, compiled)
    path = _path(compiled)

    def work(block: Sequence[str]) -> npt.NDArray[np.uint32]:
        return path.sign_texts(block, SHINGLE, permutations())

    # Grown in place: two copies would be all the memory there is at some millions of articles.
    table, filled = np.empty((length_hint(texts), PERMUTATIONS), dtype=np.uint32), 0
    for rows in _by_block(work, texts, compiled, threads):
        if filled + len(rows) > len(table):
            room = max(filled + len(rows), len(table) + len(table) // 8)
            table.resize((room, PERMUTATIONS), refcheck=False)
        table[filled : filled + len(rows)] = rows
        filled += len(rows)
    table.resize((filled, PERMUTATIONS), refcheck=False)
    return table


def choose_path(texts: Iterable[str], compiled: bool | None) -> tuple[Iterable[str], bool]:
    """The same texts, and whether the kernels serve them: as told, else where there are many.

    Only as many texts as it takes are read ahead, so that `texts` may be a stream.
    """
    if compiled is not None:
        return texts, compiled
    ahead, rest, size = list[str](), iter(texts), 0
    for text in rest:
        ahead.append(text)
        size += len(text) + TEXT
        if size >= KERNELS_FROM:
            return texts if isinstance(texts, Sequence) else chain(ahead, rest), True
    return ahead, False


def usable_threads(threads: int | None) -> int:
    """How many threads to work with: as told, else as many as this process may run at once."""
    if threads is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    if threads < 1:
        raise InputError(f"threads is {threads!r}; give 1 or more, or leave it out")
    return threads


def weigh(
    columns: npt.NDArray[np.int32],
    counts: npt.NDArray[np.float32],
    sizes: npt.NDArray[np.int64],
) -> "csr_array":
    """tf-idf rows of length 1 from the term counts of all texts end to end.

    `sizes` int64[n] is how many distinct terms each text has. Weights: (1 + ln tf) · idf,
    smoothed, as scikit-learn defines them.
    """
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfTransformer

    rows = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    if rows[-1] < 2**31:  # scipy widens the columns to the type of `rows`: half the memory
        rows = rows.astype(np.int32)
    table = csr_array((counts, columns, rows), shape=(len(sizes), 1 << TERM_BITS))
    if not len(sizes):
        return table
    return csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(table))


def is_empty(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which signatures belong to texts without words: bool[n]."""
    return np.asarray((signatures == EMPTY).all(axis=1))


def resemblance(
    signatures: npt.NDArray[np.uint32], pairs: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """The estimated Jaccard resemblance of each pair: the share of equal positions, float32[m].

    The standard error is at most .044. A text without words resembles nothing, itself included.
    """
    shares = np.empty(len(pairs), dtype=np.float32)
    for at in range(0, len(pairs), 8192):  # 8192 · 128 · 4 bytes a side
        left, right = signatures[pairs[at : at + 8192].T]
        shares[at : at + 8192] = (left == right).mean(axis=1, dtype=np.float32)
        shares[at : at + 8192][is_empty(left)] = 0
    return shares


def shingle_containment(
    a_hashes: npt.NDArray[np.uint64], b_hashes: npt.NDArray[np.uint64], width: int = SHINGLE
) -> tuple[float, float]:
    """How much of a stands in b and of b in a: exact shares of distinct word shingles.

    The arguments are word hashes in order (`split_words(text).hashes`); 0 for a text without words.

    >>> a, b = split_words("troops sent to Russia by ship"), split_words("troops sent to Russia")
    >>> shingle_containment(a.hashes, b.hashes, width=3)
    (0.5, 1.0)
    """
    a, b = np.unique(shingles(a_hashes, width)), np.unique(shingles(b_hashes, width))
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(len(a), 1), shared / max(len(b), 1)


def shingles(hashes: npt.NDArray[np.uint64], width: int = SHINGLE) -> npt.NDArray[np.uint64]:
    """The hash of every run of `width` words: a polynomial in the word hashes, mixed.

    A text shorter than that is one shingle; a text without words has none.
    """
    width = min(width, len(hashes))
    if not width:
        return np.empty(0, dtype=np.uint64)
    count = len(hashes) - width + 1
    found = hashes[:count]
    for place in range(1, width):
        found = found * MULTIPLIER + hashes[place : place + count]
    return mix(found)


def shingle_hash(shingle: bytes) -> int:
    """The 32-bit hash of a shingle given as folded words, joined by spaces, in UTF-8.

    It is the `hashfunc` with which datasketch makes the signatures that `sketch` makes, so
    that they can be looked up in a datasketch index and the other way round.
    """
    forms = shingle.decode("utf-8", "surrogatepass").split(" ")
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum([len(form) for form in forms])))
    return int(shingles(hash_words(code_points("".join(forms)), starts), len(forms))[0]) & int(
        EMPTY
    )


@cache
def permutations() -> npt.NDArray[np.uint32]:
    """datasketch's 128 permutations, read-only: uint32[2, 128], rows a and b of a·h + b."""
    from datasketch import MinHash

    made = np.array(MinHash(num_perm=PERMUTATIONS, seed=SEED).permutations, dtype=np.uint32)
    made.flags.writeable = False
    return made


class _Path(NamedTuple):
    """One way from texts to columns; the kernels' functions and the ones below are twins."""

    hash_texts: Callable[[Sequence[str]], tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]]
    sign: Callable[
        [npt.NDArray[np.uint64], npt.NDArray[np.int64], int, npt.NDArray[np.uint32]],
        npt.NDArray[np.uint32],
    ]
    sign_texts: Callable[
        [Sequence[str], int, npt.NDArray[np.uint32]],
        npt.NDArray[np.uint32],
    ]
    count_terms: Callable[
        [npt.NDArray[np.uint64], npt.NDArray[np.int64], int],
        tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]],
    ]


def _path(compiled: bool) -> _Path:
    if not compiled:
        return _Path(_hash_texts, _sign, _sign_texts, _count_terms)
    from dedup.sketch import kernels

    return _Path(kernels.hash_texts, kernels.sign, kernels.sign_texts, kernels.count_terms)


def _by_block(
    work: Callable[[Sequence[str]], Made], texts: Iterable[str], compiled: bool, threads: int | None
) -> Iterator[Made]:
    """What `work` makes of each block, in order."""
    threads = usable_threads(threads)
    if not compiled:
        return map(work, _blocks(texts, BLOCK))
    from dedup.sketch.kernels import map_in_order

    return map_in_order(work, _blocks(texts, KERNEL_BLOCK), threads)


def _blocks(texts: Iterable[str], most: int) -> Iterator[Sequence[str]]:
    """Runs of texts of about `most` characters; one empty run where there are no texts."""
    block, size, cut = list[str](), 0, False
    for text in texts:
        if size and size + len(text) > most:
            yield block
            block, size, cut = [], 0, True
        block.append(text)
        size += len(text) + TEXT
    if block or not cut:
        yield block


def _hash_texts(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The word hashes of all texts end to end, and where each text's begin."""
    found = split_words("\n".join(texts))
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    starts[1:] = np.searchsorted(found.begins, ends)
    return found.hashes, starts


def _sign(
    hashes: npt.NDArray[np.uint64],
    starts: npt.NDArray[np.int64],
    width: int,
    permutations: npt.NDArray[np.uint32],
) -> npt.NDArray[np.uint32]:
    """Signatures uint32[texts, permutations] of word hashes."""
    factors, addends = permutations[:, :, np.newaxis]
    signed = np.full((len(starts) - 1, permutations.shape[1]), EMPTY, dtype=np.uint32)
    for text, (begin, end) in enumerate(pairwise(starts.tolist())):
        if begin < end:
            values = _murmur(shingles(hashes[begin:end], width).astype(np.uint32))
            signed[text] = (values * factors + addends).min(axis=1)
    return signed


def _sign_texts(
    texts: Sequence[str], width: int, permutations: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    return _sign(*_hash_texts(texts), width, permutations)


def _murmur(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    hashes = (hashes ^ (hashes >> np.uint32(16))) * MURMUR_1
    hashes = (hashes ^ (hashes >> np.uint32(13))) * MURMUR_2
    return hashes ^ (hashes >> np.uint32(16))


def _count_terms(
    hashes: npt.NDArray[np.uint64], starts: npt.NDArray[np.int64], bits: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Distinct term columns by text, ascending, their counts, and where each text's begin."""
    texts = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    keys, counts = np.unique(
        texts << bits | (hashes >> np.uint64(64 - bits)).astype(np.int64), return_counts=True
    )
    rows = np.searchsorted(keys, np.arange(len(starts), dtype=np.int64) << bits)
    columns = (keys & ((1 << bits) - 1)).astype(np.int32)
    return columns, counts.astype(np.float32), rows
