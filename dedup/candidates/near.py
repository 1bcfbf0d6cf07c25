"""Near-duplicates: the pairs of texts whose signatures agree, found by their bands.

Locality-sensitive hashing (Indyk and Motwani 1998; Leskovec, Rajaraman and Ullman, ch. 3): only
texts that share a band are compared, so the time is linear in the articles, however many share
one. The pairs depend neither on the order of the texts nor on the threads or the path (numpy, or
the kernels). It reads signatures only, so it misses rewrites.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.errors import InputError
from dedup.sketch import EMPTY, choose_path, is_empty, resemblance, signatures, usable_threads
from dedup.sketch.plain import Floats, Signatures
from dedup.text.words import MULTIPLIER, Hashes, Integers, mix

# 25 bands of 5 use 125 of the 128 positions. Of the pairs with a resemblance of .53 half share a
# band, of those with .7 99 in 100.
BANDS = 25
ROWS = 5
# Each member of a bucket is paired with this many that follow it: all pairs of a bucket of up to
# 9 are found, and the work is linear in larger ones.
WINDOW = 8
# Numpy takes 3 µs an article, the kernels .5 and half a second to import.
MIN_FOR_KERNELS = 200_000  # articles
# A pair that shares several bands is kept as often, until there are so many (128 MB).
MAX_REPEATED = 1 << 24
MAX_LOOKED_UP = 1 << 20  # numbers at a time


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Texts that are nearly the same.

    pairs: int64[m, 2], i < j, ascending. similarity: float32[m], the estimated resemblance,
    at least the threshold. labels: int64[n], the smallest index of each text's group.
    """

    pairs: Integers
    similarity: Floats
    labels: Integers


def near_duplicates(
    texts: Iterable[str],
    threshold: float = 0.7,
    *,
    threads: int | None = None,
    compiled: bool | None = None,
) -> NearDuplicates:
    """Which of `texts` are nearly the same: those whose word-5-shingles resemble each other.

    A pair counts from an estimated resemblance of `threshold` on; below about .5 ever more pairs
    are missed. `texts` are read once and not kept, so they may come from a generator: 700 bytes an
    article stay in memory. Groups are the connected components of the pairs; of many identical
    texts each is paired with the first only. A text without words matches nothing. `threads`
    (default: as many as the processors) and `compiled` (default: from some thousand articles on)
    change the time, never the answer. Raises `InputError` where the threshold is not above 0 and
    at most 1, or `texts` is one string.

    >>> wire = "North Korea has sent four thousand more troops to Russia, ZDF reported."
    >>> near_duplicates([wire, "Stocks fell in early trade.", wire.upper()]).labels.tolist()
    [0, 1, 0]
    """
    check_threshold(threshold)
    threads = usable_threads(threads)
    texts, compiled = choose_path(expect_texts(texts), compiled)
    signed = signatures(texts, compiled=compiled, threads=threads)
    pairs, similarity = resembling_pairs(signed, threshold, compiled=compiled, threads=threads)
    group = components
    if compiled:
        from dedup.sketch.kernels import group
    return NearDuplicates(pairs, similarity, group(pairs, len(signed)))


def check_threshold(threshold: float) -> None:
    """Raise `InputError` where no resemblance can be the least of a pair."""
    if not isinstance(threshold, Real) or not 0 < threshold <= 1:
        raise InputError(f"threshold is {threshold!r}; give a share above 0 and up to 1, say 0.7")


def expect_texts(texts: Iterable[str]) -> Iterable[str]:
    """The texts, each checked to be one; `InputError` says which is none."""
    if isinstance(texts, str | bytes):
        raise InputError(f"texts is one string, {texts[:40]!r}…; give a list of texts")
    if not isinstance(texts, Iterable) or isinstance(texts, Set):
        raise InputError(f"texts is {texts!r:.40}; give a list of texts, which has an order")
    if isinstance(texts, Mapping) or hasattr(texts, "columns"):
        raise InputError(f"texts is a {type(texts).__name__}; give the column that holds the texts")

    def check() -> Iterator[str]:
        for place, text in enumerate(texts):
            if not isinstance(text, str):
                raise InputError(f"text {place} is {text!r:.40}, and no string; leave it out")
            yield text

    if not isinstance(texts, Sequence):
        return check()
    deque(check(), maxlen=0)  # a sequence stays one, of which nothing is copied
    return texts


def resembling_pairs(
    signatures: Signatures,
    threshold: float,
    *,
    compiled: bool | None = None,
    threads: int | None = None,
) -> tuple[Integers, Floats]:
    """Pairs whose signatures agree in at least `threshold` of their positions, and the share.

    Identical signatures are represented by the first of them, so that 20,000 copies of a text
    cost 19,999 pairs and are compared once. A bucket of more than `WINDOW` + 1 is sorted by the
    next band, which brings the most alike together, and each is paired with those that follow.
    """
    threads = usable_threads(threads)
    if compiled or (compiled is None and len(signatures) >= MIN_FOR_KERNELS):
        from dedup.sketch import kernels

        pairs = keyed_pairs(_pairs_numba(signatures, threads), len(signatures))
        shares = kernels.compare(signatures, pairs, threads)
    else:
        pairs = keyed_pairs(_pairs_numpy(signatures), len(signatures))
        shares = resemblance(signatures, pairs)
    verified = shares >= threshold
    return pairs[verified], shares[verified]


def components(pairs: Integers, count: int) -> Integers:
    """Groups of `count` articles linked by `pairs`: the smallest index of each one's group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = pairs.T.astype(np.int32)  # the type that every version of scipy takes
    links = coo_array((np.ones(len(pairs), np.int8), ends), shape=(count, count))
    _, label = connected_components(links, directed=False)
    _, first, group = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(first[group], dtype=np.int64)


def _pairs_numpy(signatures: Signatures) -> Integers:
    """The keys of the pairs that may resemble each other, ascending, each once."""
    count = len(signatures)
    contents = contents_of(signatures)
    worded = np.flatnonzero(~is_empty(signatures))
    _, first, group = np.unique(contents[worded], return_index=True, return_inverse=True)
    firsts = worded[first]  # in the order of their contents
    repeats = np.stack((firsts[group], worded), axis=1)
    bands = (band_contents(signatures[firsts]) >> np.uint64(32)).astype(np.uint32).T
    keys = pair_keys(repeats[repeats[:, 0] < repeats[:, 1]], count)
    for number, band in enumerate(bands):
        order = np.argsort(band, kind="stable")
        if np.any(band[order[WINDOW + 1 :]] == band[order[: -WINDOW - 1]]):
            order = np.lexsort((bands[(number + 1) % BANDS], band))
        fresh = pair_keys(window_pairs(band[order], firsts[order]), count)
        keys = distinct(np.append(keys, fresh))
    return keys


def window_pairs(buckets: npt.NDArray[Any], items: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each of the items with the `WINDOW` that follow it in the same bucket; buckets lie together.

    >>> window_pairs(np.array([1, 1, 2]), np.array([7, 8, 9])).tolist()
    [[7, 8]]
    """
    parts = []
    for step in range(1, WINDOW + 1):
        together = buckets[step:] == buckets[:-step]
        parts.append(np.stack((items[:-step][together], items[step:][together]), axis=1))
    return np.concatenate(parts)


def band_contents(signatures: Signatures) -> Hashes:
    """A hash of each band of each row, equal where all its numbers are: uint64[n, 25]."""
    bands = [contents_of(signatures[:, at : at + ROWS]) for at in range(0, BANDS * ROWS, ROWS)]
    return np.stack(bands, axis=1)


def _pairs_numba(signatures: Signatures, threads: int) -> Integers:
    """The same as `_pairs_numpy`, by the kernels."""
    from dedup.sketch import kernels

    count = len(signatures)
    keys, contents = kernels.key_bands(signatures, BANDS, ROWS, threads)
    firsts = kernels.first_equals(contents)
    worded = np.flatnonzero(contents != contents_of(np.full((1, signatures.shape[1]), EMPTY)))
    repeats = np.stack((firsts[worded], worded), axis=1)
    repeated = repeats[:, 0] < repeats[:, 1]
    articles = worded[~repeated]
    articles = articles[np.argsort(contents[articles])]
    parts = [pair_keys(repeats[repeated], count)]
    for part in kernels.pair_bands(keys, articles, WINDOW, threads):
        parts.append(part)
        if sum(map(len, parts)) > max(MAX_REPEATED, 2 * len(parts[0])):
            parts = [distinct(np.concatenate(parts))]
    return distinct(np.concatenate(parts))


def contents_of(signatures: Signatures) -> Hashes:
    """A 64-bit hash of each row, equal where all its numbers are: uint64[n]."""
    value = np.zeros(len(signatures), dtype=np.uint64)
    for column in signatures.T:
        value = value * MULTIPLIER + column
    return mix(value)


def pair_keys(pairs: Integers, count: int) -> Integers:
    """A pair as one number that sorts like the pair, whichever end comes first."""
    left, right = pairs.T
    return np.asarray(np.minimum(left, right) * count + np.maximum(left, right), dtype=np.int64)


def keyed_pairs(keys: Integers, count: int) -> Integers:
    """The pairs of such numbers: int64[m, 2]."""
    return np.stack(np.divmod(keys, max(count, 1)), axis=1)


def distinct(keys: Integers) -> Integers:
    """The distinct keys, ascending; on many keys a plain sort is 10 times as fast as np.unique."""
    keys = np.sort(keys)
    fresh = np.ones(len(keys), dtype=np.bool_)
    fresh[1:] = keys[1:] != keys[:-1]
    return keys[fresh]


def repeated(hashes: Hashes) -> Integers:
    """The places of the numbers that stand more than once, ascending; of many millions, few are
    in memory at a time.

    >>> repeated(np.array([7, 5, 7, 1], dtype=np.uint64)).tolist()
    [0, 2]
    """
    ordered = np.sort(hashes)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered  # as large as all of them, of which few are left
    places = [np.empty(0, dtype=np.int64)]
    for at in range(0, len(hashes) if len(again) else 0, MAX_LOOKED_UP):
        block = hashes[at : at + MAX_LOOKED_UP]
        found = np.minimum(np.searchsorted(again, block), len(again) - 1)
        places.append(np.flatnonzero(again[found] == block) + at)
    return np.concatenate(places)
