"""Signing: from word hashes to signatures.

Comes in: word hashes and where each text's begin, or the texts' bytes themselves, which are
then read text by text, so that nothing leaves the first-level cache on the way. Goes out: one
signature each: MinHash (Broder 1997) over the hashes of all runs of `width` words, with
datasketch 2's "affine32" permutations a·h + b mod 2^32.
"""

import numpy as np
from numba import types

from dedup.sketch.kernels.compiling import kernel
from dedup.sketch.kernels.reading import BYTES, FOLDS, HASHES, INT64S, ROOM, mix, mix_all, read_text
from dedup.sketch.kernels.vectors import LANES, least_products
from dedup.text.words import MULTIPLIER

EMPTY = np.uint32(0xFFFFFFFF)  # the minimum over no shingles

# MurmurHash3's 32-bit finaliser: datasketch mixes every hash with it before permuting.
FMIX_1 = np.uint32(0x85EBCA6B)
FMIX_2 = np.uint32(0xC2B2AE35)

SIGNATURES = types.Array(types.uint32, 2, "C")


@kernel(inline="always")
def _shingle(hashes, taken, sums, shingles):  # type: ignore[no-untyped-def]
    """Write the hash of every run of `taken` words; how many there are.

    Word by word of the run over all runs at once: each pass is a plain loop for vectors.
    """
    count = len(hashes) - taken + 1
    for place in range(count):
        sums[place] = hashes[place]
    for word in range(1, taken):
        following = hashes[word:]
        for place in range(count):
            sums[place] = sums[place] * MULTIPLIER + following[place]
    for place in range(count):
        low = np.uint32(mix(sums[place]))
        low = np.uint32((low ^ (low >> np.uint32(16))) * FMIX_1)
        low = np.uint32((low ^ (low >> np.uint32(13))) * FMIX_2)
        shingles[place] = low ^ (low >> np.uint32(16))
    return count


@kernel(inline="always")
def _sign_text(hashes, width, factors, addends, sums, shingles, signature):  # type: ignore[no-untyped-def]
    """Write one signature: the least value of the text's shingles per permutation."""
    count = 0
    if len(hashes):
        count = _shingle(hashes, min(len(hashes), width), sums, shingles)
    whole = len(factors) - len(factors) % LANES
    for lane in range(0, whole, LANES):
        least_products(shingles, count, factors, addends, signature, lane)
    for lane in range(whole, len(factors)):
        least = EMPTY
        for place in range(count):
            least = min(least, np.uint32(shingles[place] * factors[lane] + addends[lane]))
        signature[lane] = least


@kernel(
    types.void(HASHES, INT64S, types.int64, FOLDS, FOLDS, SIGNATURES),
)
def sign_words(hashes, starts, width, factors, addends, signatures):  # type: ignore[no-untyped-def]
    """Write the signature of each text, from its word hashes."""
    longest = 1
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    sums, shingles = np.empty(longest, dtype=np.uint64), np.empty(longest, dtype=np.uint32)
    for text in range(len(starts) - 1):
        words = hashes[starts[text] : starts[text + 1]]
        _sign_text(words, width, factors, addends, sums, shingles, signatures[text])


@kernel(
    types.void(BYTES, INT64S, FOLDS, types.int64, FOLDS, FOLDS, SIGNATURES),
)
def sign_block(data, offsets, folds, width, factors, addends, signatures):  # type: ignore[no-untyped-def]
    """Write the signature of each text, from its bytes."""
    longest = 0
    for text in range(len(offsets) - 1):
        longest = max(longest, offsets[text + 1] - offsets[text])
    most = longest // 2 + 1  # words of one letter and a separator
    hashes, sums = np.empty(most, dtype=np.uint64), np.empty(most, dtype=np.uint64)
    shingles = np.empty(most, dtype=np.uint32)
    bounds = np.empty(ROOM, dtype=np.int16)
    for text in range(len(offsets) - 1):
        count = read_text(data, offsets[text], offsets[text + 1], folds, bounds, hashes, 0)
        words = hashes[:count]
        mix_all(words)
        _sign_text(words, width, factors, addends, sums, shingles, signatures[text])
