"""Kernels: from UTF-8 bytes to word hashes, signatures and term counts, compiled.

Comes in: the texts of a block as one array of bytes with int64 offsets. Goes out: columns
(word hashes with the place where each text's begin; signatures; term counts), bit for bit
those of the numpy path in `dedup.sketch`, without a Python object per word. Every kernel
releases the interpreter's lock and touches only the arrays it is given, so blocks may run in
threads. The first import on a machine compiles (about 2.5 s), later ones load the compiled code
from numba's cache (.5 s).

MinHash: Broder 1997; the permutations a·h + b mod 2^32 are datasketch 2's "affine32".

It chooses nothing: widths, tables and permutations are handed in. Bytes that are no UTF-8
separate words; nothing is read or written outside the arrays.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numba import njit, types

from dedup.text.words import ALONE, MIX_1, MIX_2, MULTIPLIER, SEPARATOR, SILENT, fold_table

EMPTY = np.uint32(0xFFFFFFFF)  # the minimum over no shingles

# MurmurHash3's 32-bit finaliser: datasketch mixes every hash with it before permuting.
FMIX_1 = np.uint32(0x85EBCA6B)
FMIX_2 = np.uint32(0xC2B2AE35)

DIGIT = 11  # bits that one pass of the radix sort looks at
DIGIT_MASK = (1 << DIGIT) - 1

# Inputs are declared read-only, which admits writable arrays as well: one compiled version.
_bytes = types.Array(types.uint8, 1, "C", readonly=True)
_folds = types.Array(types.uint32, 1, "C", readonly=True)
_int64s = types.Array(types.int64, 1, "C", readonly=True)
_hashes = types.Array(types.uint64, 1, "C", readonly=True)


@njit(nogil=True, cache=True, inline="always")
def _mix(value):  # type: ignore[no-untyped-def]
    """splitmix64's finaliser, as `dedup.text.words.mix`."""
    value = (value ^ (value >> np.uint64(30))) * MIX_1
    value = (value ^ (value >> np.uint64(27))) * MIX_2
    return value ^ (value >> np.uint64(31))


@njit(nogil=True, cache=True, inline="always")
def _decode(data, at, end):  # type: ignore[no-untyped-def]
    """The code point at `at` and how many bytes it takes; (0, 1) where there is none.

    Surrogates are decoded as the three bytes that "surrogatepass" writes.
    """
    lead = np.int64(data[at])
    if lead < 0x80:
        return lead, 1
    length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if lead < 0xC2 or lead > 0xF4 or at + length > end:
        return np.int64(0), 1
    point = lead & (0x7F >> length)
    for place in range(at + 1, at + length):
        byte = np.int64(data[place])
        if byte & 0xC0 != 0x80:
            return np.int64(0), 1
        point = point << 6 | byte & 0x3F
    if (length == 3 and point < 0x800) or (length == 4 and point < 0x10000):
        return np.int64(0), 1
    return point, length


@njit(
    types.int64(
        _bytes, _int64s, _folds, types.Array(types.uint64, 1, "C"), types.Array(types.int64, 1, "C")
    ),
    nogil=True,
    cache=True,
)
def _hash_words(data, offsets, folds, hashes, starts):  # type: ignore[no-untyped-def]
    """Write each word's hash and where each text's begin; the number of words, -1: no room."""
    count = 0
    starts[0] = 0
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        value, open_word = np.uint64(0), False
        while at <= end:
            fold = SEPARATOR  # the end of the text ends its last word
            if at < end:
                point, length = _decode(data, at, end)
                at += length
                if point < len(folds):
                    fold = folds[point]
            else:
                at += 1
            if fold == SILENT:
                continue
            alone = fold & ALONE != 0
            if open_word and (fold == SEPARATOR or alone):
                if count >= len(hashes):
                    return -1
                hashes[count] = _mix(value)
                count += 1
                open_word = False
            if alone:
                if count >= len(hashes):
                    return -1
                hashes[count] = _mix(np.uint64(fold & ~ALONE))
                count += 1
            elif fold != SEPARATOR:
                value = value * MULTIPLIER + np.uint64(fold) if open_word else np.uint64(fold)
                open_word = True
        starts[text + 1] = count
    return count


@njit(
    types.void(_hashes, _int64s, types.int64, _folds, _folds, types.Array(types.uint32, 2, "C")),
    nogil=True,
    cache=True,
)
def _sign(hashes, starts, width, factors, addends, signatures):  # type: ignore[no-untyped-def]
    """Write the signature of each text: the least value of its shingles per permutation."""
    longest = 1
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    shingles = np.empty(longest, dtype=np.uint32)
    for text in range(len(starts) - 1):
        begin, words = starts[text], starts[text + 1] - starts[text]
        taken = min(words, width)
        count = words - taken + 1 if words else 0
        for shingle in range(count):
            value = np.uint64(0)
            for word in range(begin + shingle, begin + shingle + taken):
                value = value * MULTIPLIER + hashes[word]
            low = np.uint32(_mix(value))
            low = np.uint32((low ^ (low >> np.uint32(16))) * FMIX_1)
            low = np.uint32((low ^ (low >> np.uint32(13))) * FMIX_2)
            shingles[shingle] = low ^ (low >> np.uint32(16))
        # Permutations outside, shingles inside: the inner loop is a plain minimum that the
        # compiler turns into vector instructions on any processor.
        for permutation in range(len(factors)):
            factor, addend, least = factors[permutation], addends[permutation], EMPTY
            for shingle in range(count):
                least = min(least, np.uint32(shingles[shingle] * factor + addend))
            signatures[text, permutation] = least


@njit(nogil=True, cache=True, inline="always")
def _sort_by_digit(terms, into, words, digit, tallies):  # type: ignore[no-untyped-def]
    """One pass of a radix sort: a fourth of the time of a comparing sort on 490 words."""
    tallies[:] = 0
    for word in range(words):
        tallies[terms[word] >> digit & DIGIT_MASK] += 1
    total = 0
    for value in range(len(tallies)):
        tallies[value], total = total, total + tallies[value]
    for word in range(words):
        value = terms[word] >> digit & DIGIT_MASK
        into[tallies[value]] = terms[word]
        tallies[value] += 1


@njit(
    types.int64(
        _hashes,
        _int64s,
        types.int64,
        types.Array(types.int32, 1, "C"),
        types.Array(types.float32, 1, "C"),
        types.Array(types.int64, 1, "C"),
    ),
    nogil=True,
    cache=True,
)
def _count(hashes, starts, bits, columns, counts, row_starts):  # type: ignore[no-untyped-def]
    """Write each text's distinct term columns, ascending, and how often each occurs."""
    shift = np.uint64(64 - bits)
    longest = 1
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    terms, spare = np.empty(longest, dtype=np.int32), np.empty(longest, dtype=np.int32)
    tallies = np.empty(1 << DIGIT, dtype=np.int64)
    filled = 0
    row_starts[0] = 0
    for text in range(len(starts) - 1):
        begin, words, row = starts[text], starts[text + 1] - starts[text], filled
        for word in range(words):
            terms[word] = np.int32(hashes[begin + word] >> shift)
        for digit in range(0, bits, DIGIT):
            _sort_by_digit(terms, spare, words, digit, tallies)
            terms, spare = spare, terms
        for word in range(words):
            term = terms[word]
            if filled > row and columns[filled - 1] == term:
                counts[filled - 1] += np.float32(1)
            else:
                columns[filled] = term
                counts[filled] = np.float32(1)
                filled += 1
        row_starts[text + 1] = filled
    return filled


def hash_texts(
    texts: Sequence[str],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The word hashes of all texts end to end, and where each text's begin.

    uint64[words], int64[len(texts) + 1]. Lone surrogates are code points like any other.
    """
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    return hash_bytes(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)


def hash_bytes(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """As `hash_texts`, from UTF-8: text i is `data[offsets[i]:offsets[i + 1]]`.

    Raises `ValueError` where the offsets leave the data or run backwards.
    """
    if (
        not len(offsets)
        or offsets[0] < 0
        or offsets[-1] > len(data)
        or np.any(np.diff(offsets) < 0)
    ):
        raise ValueError(f"offsets must ascend within the {len(data)} bytes they point into")
    # Words of one letter need a separator between them, or three bytes each (Thai, Han).
    room = int(offsets[-1] - offsets[0]) // 2 + len(offsets)
    hashes = np.empty(room, dtype=np.uint64)
    starts = np.empty(len(offsets), dtype=np.int64)
    count = _hash_words(data, offsets, fold_table(), hashes, starts)
    if count < 0:
        raise ValueError(f"more than {room} words in {len(data)} bytes")
    return hashes[:count].copy(), starts


def sign(
    hashes: npt.NDArray[np.uint64],
    starts: npt.NDArray[np.int64],
    width: int,
    permutations: npt.NDArray[np.uint32],
) -> npt.NDArray[np.uint32]:
    """Signatures uint32[texts, permutations] of word hashes; `permutations` is (a, b)."""
    _check(hashes, starts)
    signatures = np.empty((len(starts) - 1, permutations.shape[1]), dtype=np.uint32)
    factors, addends = np.ascontiguousarray(permutations)
    _sign(hashes, starts, width, factors, addends, signatures)
    return signatures


def count_terms(
    hashes: npt.NDArray[np.uint64], starts: npt.NDArray[np.int64], bits: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Term columns (the top `bits` of the word hash), their counts, and where rows begin."""
    _check(hashes, starts)
    columns = np.empty(len(hashes), dtype=np.int32)
    counts = np.empty(len(hashes), dtype=np.float32)
    row_starts = np.empty(len(starts), dtype=np.int64)
    filled = _count(hashes, starts, bits, columns, counts, row_starts)
    return columns[:filled].copy(), counts[:filled].copy(), row_starts


def _check(hashes: npt.NDArray[np.uint64], starts: npt.NDArray[np.int64]) -> None:
    if (
        not len(starts)
        or starts[0] != 0
        or starts[-1] != len(hashes)
        or np.any(np.diff(starts) < 0)
    ):
        raise ValueError(f"starts must ascend from 0 to {len(hashes)}, the number of words")
