"""Reading: from UTF-8 to word hashes.

Comes in: the texts of a block as one array of bytes with int64 offsets. Goes out: the hash of
every word, bit for bit that of `dedup.text.words`, and where each text's words begin.

64 bytes at a time are classified into a bit mask of what may stand in a word; where the mask
changes, a run begins or ends (Langdale and Lemire, "Parsing Gigabytes of JSON per Second",
2019). A run of up to 16 ASCII letters and digits is a word as it stands: two loads, masked,
and one bit that folds case. All others (long ones, those with a byte beyond ASCII) are decoded
character by character. Reading never leaves the array: its last bytes take the slow way.
"""

import numpy as np
from numba import types

from dedup.sketch.kernels.compiling import kernel
from dedup.sketch.kernels.vectors import (
    COMPRESSES,
    LITTLE,
    STEP,
    count_bits,
    eight_bytes,
    first_bit,
    letter_bits,
    list_bits,
)
from dedup.text.words import ALONE, CHUNK, MIX_1, MIX_2, MULTIPLIER, SEPARATOR, SILENT

# Bytes whose runs are listed before they are read: their list stays in the first-level cache,
# and most articles are one stretch. 1,024 takes 5 % longer, 16,384 no less.
STRETCH = 4096
ROOM = STRETCH + 2 * STEP  # runs of one letter: as many bounds as bytes; 64 are written at once

BEYOND_ASCII = np.uint64(0x8080808080808080)
LOWER = np.uint64(0x2020202020202020)  # the bit in which "A" and "a" differ, and digits have it
# The bytes of a word of so many that stand in its first and in its second chunk.
FIRST = np.array([256 ** min(size, 8) - 1 for size in range(17)], dtype=np.uint64)
SECOND = np.array([256 ** max(size - 8, 0) - 1 for size in range(17)], dtype=np.uint64)
# What the first chunk is multiplied by: nothing where there is no second one. A branch on the
# size takes 5 % longer.
FACTOR = np.array([1] * 9 + [MULTIPLIER] * 8, dtype=np.uint64)

# Inputs are declared read-only, which admits writable arrays as well: one compiled version.
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
FOLDS = types.Array(types.uint32, 1, "C", readonly=True)
INT64S = types.Array(types.int64, 1, "C", readonly=True)
HASHES = types.Array(types.uint64, 1, "C", readonly=True)


@kernel(inline="always")
def mix(value):  # type: ignore[no-untyped-def]
    """splitmix64's finaliser, as `dedup.text.words.mix`."""
    value = (value ^ (value >> np.uint64(30))) * MIX_1
    value = (value ^ (value >> np.uint64(27))) * MIX_2
    return value ^ (value >> np.uint64(31))


@kernel(inline="always")
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


@kernel(inline="always")
def _encode(point):  # type: ignore[no-untyped-def]
    """A code point in UTF-8 as one number, the first byte lowest, and how many bytes it takes."""
    if point < 0x80:
        return point, 1
    last = np.uint64(0x80) | point & np.uint64(0x3F)
    point >>= np.uint64(6)
    if point < 0x20:
        return np.uint64(0xC0) | point | last << np.uint64(8), 2
    last = np.uint64(0x80) | point & np.uint64(0x3F) | last << np.uint64(8)
    point >>= np.uint64(6)
    if point < 0x10:
        return np.uint64(0xE0) | point | last << np.uint64(8), 3
    last = np.uint64(0x80) | point & np.uint64(0x3F) | last << np.uint64(8)
    return np.uint64(0xF0) | point >> np.uint64(6) | last << np.uint64(8), 4


@kernel()
def _read_run(data, at, end, folds, values, count):  # type: ignore[no-untyped-def]
    """Write the unmixed hash of each word in a run, character by character; how many there are.

    At most (`end` - `at` + 1) // 2 words stand in it: two of one letter have a separator
    between them, or take three bytes each (Thai, Han).
    """
    value, chunk, filled, spelled = np.uint64(0), np.uint64(0), 0, False
    while at <= end:
        fold = SEPARATOR  # the end of the run ends its last word
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
        if spelled and (fold == SEPARATOR or alone):
            values[count] = value * MULTIPLIER + chunk if filled else value
            count += 1
            value, chunk, filled, spelled = np.uint64(0), np.uint64(0), 0, False
        if alone:
            values[count] = _encode(np.uint64(fold & ~ALONE))[0]
            count += 1
        elif fold != SEPARATOR:
            letter, size = _encode(np.uint64(fold))
            chunk |= letter << np.uint64(8 * filled)
            filled += size
            spelled = True
            if filled >= CHUNK:
                value = value * MULTIPLIER + chunk
                filled -= CHUNK
                chunk = letter >> np.uint64(8 * (size - filled)) if filled else np.uint64(0)
    return count


@kernel()
def _classify(data, at, end):  # type: ignore[no-untyped-def]
    """As `letter_bits`, byte by byte; those from `end` on count as separators."""
    bits = np.uint64(0)
    for place in range(at, min(at + STEP, end)):
        byte = data[place]
        small = byte | 0x20
        if byte >= 0x80 or 0x61 <= small <= 0x7A or 0x30 <= byte <= 0x39:
            bits |= np.uint64(1) << np.uint64(place - at)
    return bits


@kernel(inline="always")
def _list_bounds(data, begin, end, inside, bounds):  # type: ignore[no-untyped-def]
    """Where runs begin and end in a stretch, counted from its begin; how many bounds there are.

    `inside` is 1 where a run is open at the begin, else 0. What is open at the end stays open.
    """
    found = 0
    for at in range(begin, end, STEP):
        if LITTLE and at + STEP <= len(data):
            bits = letter_bits(data, at)
            if end - at < STEP:
                bits &= (np.uint64(1) << np.uint64(end - at)) - np.uint64(1)
        else:
            bits = _classify(data, at, end)
        edges = bits ^ (bits << np.uint64(1) | inside)
        inside = bits >> np.uint64(STEP - 1)
        if COMPRESSES:
            list_bits(edges, at - begin, bounds, found)
            found += count_bits(edges)
        else:
            while edges:
                bounds[np.uint64(found)] = at - begin + first_bit(edges)
                found += 1
                edges &= edges - np.uint64(1)
    return found


@kernel(inline="always")
def read_text(data, begin, end, folds, bounds, values, count):  # type: ignore[no-untyped-def]
    """Write the unmixed word hashes of one text from `count` on; the number there are then.

    `bounds` int16[ROOM] is working space; `values` has room for (`end` - `begin` + 1) // 2 more.
    """
    open_at = np.int64(-1)
    # Indices are unsigned where it matters: signed ones would be asked whether they are negative.
    for stretch in range(begin, end, STRETCH):
        upto = min(stretch + STRETCH, end)
        found = _list_bounds(data, stretch, upto, np.uint64(open_at >= 0), bounds)
        first = 0
        if open_at >= 0:
            if not found:
                continue
            count = _read_run(data, open_at, stretch + bounds[0], folds, values, count)
            first, open_at = 1, np.int64(-1)
        if (found - first) & 1:
            found -= 1
            open_at = stretch + bounds[found]
        for place in range(first, found, 2):
            at = stretch + bounds[np.uint64(place)]
            end_at = stretch + bounds[np.uint64(place + 1)]
            size = np.uint64(end_at - at)
            if LITTLE and size <= 2 * CHUNK and at + 2 * CHUNK <= len(data):
                high = eight_bytes(data, at) & FIRST[size]
                low = eight_bytes(data, at + CHUNK) & SECOND[size]
                if not (high | low) & BEYOND_ASCII:
                    high |= LOWER & FIRST[size]
                    low |= LOWER & SECOND[size]
                    values[np.uint64(count)] = high * FACTOR[size] + low
                    count += 1
                    continue
            count = _read_run(data, at, end_at, folds, values, count)
    if open_at >= 0:
        count = _read_run(data, open_at, end, folds, values, count)
    return count


@kernel(inline="always")
def mix_all(values):  # type: ignore[no-untyped-def]
    """Mix in place; from 0 on, so that the compiler makes vectors of it."""
    for place in range(len(values)):
        values[place] = mix(values[place])


@kernel(
    types.int64(
        BYTES, INT64S, FOLDS, types.Array(types.uint64, 1, "C"), types.Array(types.int64, 1, "C")
    ),
)
def read_block(data, offsets, folds, hashes, starts):  # type: ignore[no-untyped-def]
    """Write each word's hash and where each text's begin; the number of words."""
    bounds = np.empty(ROOM, dtype=np.int16)
    count = 0
    starts[0] = 0
    for text in range(len(offsets) - 1):
        first = count
        count = read_text(data, offsets[text], offsets[text + 1], folds, bounds, hashes, count)
        mix_all(hashes[first:count])
        starts[text + 1] = count
    return count
