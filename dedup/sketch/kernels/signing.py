"""Signing: from word hashes to one signature for each text.

MinHash (Broder 1997) over the hashes of all runs of `width` words, with datasketch 2's "affine32"
permutations a·h + b mod 2^32. The word hashes are given, or made here from the texts' bytes, text
by text, so that nothing leaves the first-level cache on the way.
"""

import numpy as np
from numba import types

from dedup.sketch.kernels.compiling import kernel
from dedup.sketch.kernels.reading import (
    INT64S,
    ROOM,
    UINT8S,
    UINT32S,
    UINT64S,
    mark_broken_words,
    mix,
    mix_all,
    read_text,
)
from dedup.sketch.plain import EMPTY, MURMUR_1, MURMUR_2
from dedup.text.words import MULTIPLIER

STEP = 64  # shingles that the compiler takes together in the widest registers

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
        low = np.uint32((low ^ (low >> np.uint32(16))) * MURMUR_1)
        low = np.uint32((low ^ (low >> np.uint32(13))) * MURMUR_2)
        shingles[place] = low ^ (low >> np.uint32(16))
    return count


@kernel(inline="always")
def _sign_text(hashes, width, factors, addends, sums, shingles, signature):  # type: ignore[no-untyped-def]
    """Write one signature: the least value of the text's shingles under each permutation."""
    count = 0
    if len(hashes):
        count = _shingle(hashes, min(len(hashes), width), sums, shingles)
    # Whole steps: what is left over would be taken one by one, for each permutation again.
    steps = (count + STEP - 1) // STEP
    shingles[count : STEP * steps] = shingles[0]
    for permutation in range(len(factors)):
        least, factor, addend = EMPTY, factors[permutation], addends[permutation]
        for place in range(STEP * steps):
            least = min(least, np.uint32(shingles[place] * factor + addend))
        signature[permutation] = least


@kernel(types.void(UINT64S, INT64S, types.int64, UINT32S, UINT32S, SIGNATURES))
def sign_words(hashes, starts, width, factors, addends, signatures):  # type: ignore[no-untyped-def]
    """Write the signature of each text, from its word hashes."""
    longest = 1
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    sums, shingles = np.empty(longest, np.uint64), np.empty(longest + STEP, np.uint32)
    for text in range(len(starts) - 1):
        words = hashes[starts[text] : starts[text + 1]]
        _sign_text(words, width, factors, addends, sums, shingles, signatures[text])


@kernel(
    types.void(
        UINT8S, INT64S, UINT32S, types.int64, UINT32S, UINT32S, SIGNATURES, types.uint32[::1]
    )
)
def sign_block(data, offsets, folds, width, factors, addends, signatures, asked):  # type: ignore[no-untyped-def]
    """Write the signature of each text, from its bytes, and which texts must be respelled."""
    longest = 0
    for text in range(len(offsets) - 1):
        longest = max(longest, offsets[text + 1] - offsets[text])
    most = longest // 2 + 1  # words of one letter and a separator
    hashes, sums = np.empty(most, dtype=np.uint64), np.empty(most, dtype=np.uint64)
    shingles = np.empty(most + STEP, dtype=np.uint32)
    bounds = np.empty(ROOM, dtype=np.int64)
    mark_broken_words(data, offsets, asked)
    for text in range(len(offsets) - 1):
        begin, end = offsets[text], offsets[text + 1]
        count, asks = read_text(data, begin, end, folds, bounds, hashes, 0)
        asked[text] |= asks
        words = hashes[:count]
        mix_all(words)
        _sign_text(words, width, factors, addends, sums, shingles, signatures[text])
