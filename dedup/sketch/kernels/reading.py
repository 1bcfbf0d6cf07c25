"""Reading: from the UTF-8 of a block of texts to the hash of every word.

The hashes are those of `dedup.text.words`, bit for bit. Each stretch of a text is read twice. The
first pass lists where runs of letters begin and end, without a branch: a processor that guesses
wrong at each word takes four times as long (Langdale and Lemire, "Parsing Gigabytes of JSON per
Second", 2019). In the second, a run of up to 16 ASCII letters and digits is a word as it stands:
two loads, masked, and one bit that folds case. All other runs (long ones, those with a byte
beyond ASCII) are decoded character by character.

A text in which a word may be written in a way that no table of code points can tell (Hangul in
parts, words broken at line ends) is marked, so that it can be respelled and read again.

Nothing outside the array is read: the runs in its last 16 bytes are decoded too.
"""

import numpy as np
from numba import types

from dedup.sketch.kernels.compiling import kernel
from dedup.text.words import (
    ALONE,
    ALPHABET,
    ASKS,
    CHUNK,
    CODE_POINTS,
    LETTER,
    MIX_1,
    MIX_2,
    MULTIPLIER,
    SEPARATOR,
    SILENT,
    TWO,
)

# Bytes whose runs are listed before they are read: their list stays in the first-level cache,
# and most articles are one stretch.
STRETCH = 4096
STEP = 256  # bytes that are looked at together for a broken word
ROOM = STRETCH + 1  # for the bounds of a stretch, and one of a run that was open before it

# 1 for each byte that may stand in a word: ASCII letters, digits, and all beyond ASCII.
LETTERS = np.array([byte >= 0x80 or chr(byte).isalnum() for byte in range(256)], dtype=np.uint8)
BEYOND_ASCII = np.uint64(0x8080808080808080)
LOWER = np.uint64(0x2020202020202020)  # the bit in which "A" and "a" differ, and digits have it
# The bytes of a word of so many that stand in its first and in its second chunk.
FIRST = np.array([256 ** min(size, 8) - 1 for size in range(17)], dtype=np.uint64)
SECOND = np.array([256 ** max(size - 8, 0) - 1 for size in range(17)], dtype=np.uint64)
# What the first chunk is multiplied by: nothing where there is no second one. A branch on the
# size takes 5 % longer.
FACTOR = np.array([1] * 9 + [MULTIPLIER] * 8, dtype=np.uint64)

# Inputs are declared read-only, which admits writable arrays as well: one compiled version.
UINT8S = types.Array(types.uint8, 1, "C", readonly=True)
UINT32S = types.Array(types.uint32, 1, "C", readonly=True)
INT64S = types.Array(types.int64, 1, "C", readonly=True)
UINT64S = types.Array(types.uint64, 1, "C", readonly=True)


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
def _encode_two(folds, place):  # type: ignore[no-untyped-def]
    """As `_encode`, of the two letters that stand in the table from `place` on."""
    letter, size = _encode(np.uint64(folds[place]))
    second, more = _encode(np.uint64(folds[place + 1]))
    return letter | second << np.uint64(8 * size), size + more


@kernel()
def _read_run(data, at, end, folds, values, count):  # type: ignore[no-untyped-def]
    """Write the unmixed hash of each word in a run, character by character.

    Returns how many there are, and whether the text must be respelled (0: no). At
    most (`end` - `at` + 1) // 2 words stand in it: two of one letter have a separator between them,
    or take three bytes each (Thai, Han).
    """
    value, chunk, filled, spelled = np.uint64(0), np.uint64(0), 0, False
    bits, asked = np.uint32(0), np.uint32(0)
    while at <= end:
        fold = SEPARATOR  # the end of the run ends its last word
        if at < end:
            point, length = _decode(data, at, end)
            at += length
            if point < CODE_POINTS:
                fold = folds[point]
        else:
            at += 1
        if fold == SILENT:
            continue
        bits |= fold
        alone = fold & ALONE != 0
        if spelled and (fold == SEPARATOR or alone):
            values[count] = value * MULTIPLIER + chunk if filled else value
            count += 1
            value, chunk, filled, spelled = np.uint64(0), np.uint64(0), 0, False
            alphabets = bits & ALPHABET
            asked |= bits & ASKS | alphabets & (alphabets - np.uint32(1))
            bits = np.uint32(0)
        if alone:
            asked |= fold & ASKS
            values[count] = _encode(np.uint64(fold & LETTER))[0]
            count += 1
        elif fold != SEPARATOR:
            letter, size = _encode(np.uint64(fold & LETTER))
            if fold & TWO:
                letter, size = _encode_two(folds, fold & LETTER)
            chunk |= letter << np.uint64(8 * filled)
            filled += size
            spelled = True
            if filled >= CHUNK:
                value = value * MULTIPLIER + chunk
                filled -= CHUNK
                chunk = letter >> np.uint64(8 * (size - filled)) if filled else np.uint64(0)
    return count, asked


@kernel(inline="always")
def _ends_line(data, at):  # type: ignore[no-untyped-def]
    """Whether a line may end in a hyphen here, by its last byte (soft and U+2010 too): 1 or 0."""
    byte, following = data[at], data[at + np.uint64(1)]
    hyphen = (byte == 0x2D) | (byte == 0xAD) | (byte == 0x90)
    return np.uint8(hyphen & ((following == 0x0A) | (following == 0x0D)))


@kernel(inline="always")
def _is_letter(byte):  # type: ignore[no-untyped-def]
    """Whether a byte may be of a letter: an ASCII one, or any beyond ASCII."""
    return byte >= 0x80 or 0x61 <= byte | 0x20 <= 0x7A


@kernel()
def mark_broken_words(data, offsets, asked):  # type: ignore[no-untyped-def]
    """Mark the texts in which a word may be broken by a hyphen at the end of a line.

    All texts are passed as one, in steps of equal size, of which the compiler makes vectors; where
    a step has a hyphen before a line end, each is looked at. Text by text takes twice the time.
    """
    asked[:] = 0
    text, last = 0, offsets[len(offsets) - 1]
    for step in range(offsets[0] + 1, last - 1, STEP):
        stop = min(step + STEP, last - 1)
        found = np.uint8(0)
        if stop - step == STEP:
            for at in range(step, step + STEP):
                found |= _ends_line(data, np.uint64(at))
        for at in range(step, stop if found or stop - step < STEP else step):
            if _ends_line(data, np.uint64(at)):
                following = at + 2
                while following < last and data[following] <= 0x20:
                    following += 1
                lower = following < last and (data[following] >= 0x61)
                before = at - 1 if data[at] < 0x80 else at - 2
                if lower and before >= 0 and _is_letter(data[before]):
                    while offsets[text + 1] <= at:
                        text += 1
                    asked[text] = 1


@kernel(inline="always")
def _list_bounds(data, begin, end, bounds, count):  # type: ignore[no-untyped-def]
    """List where runs begin and end in a stretch, after the `count` bounds already listed.

    Returns how many there are then; an odd number where a run is open at the end. Every place
    is written, and overwritten by the next unless a run begins or ends there.
    """
    before = np.uint8(count & 1)
    for at in range(begin, end):
        bounds[np.uint64(count)] = at
        letter = LETTERS[data[np.uint64(at)]]
        count += letter ^ before
        before = letter
    return count


@kernel(inline="always")
def _eight_bytes(data, at):  # type: ignore[no-untyped-def]
    """The bytes from `at` on as one number, the first lowest; the compiler makes it one load."""
    value = np.uint64(0)
    for place in range(8):
        value |= np.uint64(data[np.uint64(at + place)]) << np.uint64(8 * place)
    return value


@kernel(inline="always")
def read_text(data, begin, end, folds, bounds, values, count):  # type: ignore[no-untyped-def]
    """Write the unmixed word hashes of one text from `count` on.

    Returns the number there are then, and whether the text must be respelled (0: no).
    `bounds` int64[ROOM] is working space; `values` has room for (`end` - `begin` + 1) // 2 more.
    """
    listed, asked = 0, np.uint32(0)
    # Indices are unsigned where it matters: signed ones would be asked whether they are negative.
    for stretch in range(begin, end, STRETCH):
        listed = _list_bounds(data, stretch, min(stretch + STRETCH, end), bounds, listed)
        for place in range(0, listed - 1, 2):
            at, stop = bounds[np.uint64(place)], bounds[np.uint64(place + 1)]
            size = np.uint64(stop - at)
            if size <= 2 * CHUNK and at + 2 * CHUNK <= len(data):
                high = _eight_bytes(data, at) & FIRST[size]
                low = _eight_bytes(data, at + CHUNK) & SECOND[size]
                if not (high | low) & BEYOND_ASCII:
                    high |= LOWER & FIRST[size]
                    low |= LOWER & SECOND[size]
                    values[np.uint64(count)] = high * FACTOR[size] + low
                    count += 1
                    continue
            count, asks = _read_run(data, at, stop, folds, values, count)
            asked |= asks
        if listed & 1:
            bounds[0], listed = bounds[listed - 1], 1
        else:
            listed = 0
    if listed:
        count, asks = _read_run(data, bounds[0], end, folds, values, count)
        asked |= asks
    return count, asked


@kernel(inline="always")
def mix_all(values):  # type: ignore[no-untyped-def]
    """Mix in place; from 0 on, so that the compiler makes vectors of it."""
    for place in range(len(values)):
        values[place] = mix(values[place])


@kernel(
    types.int64(UINT8S, INT64S, UINT32S, types.uint64[::1], types.int64[::1], types.uint32[::1])
)
def read_block(data, offsets, folds, hashes, starts, asked):  # type: ignore[no-untyped-def]
    """Write each word's hash, where each text's begin, and which texts must be respelled; the
    number of words."""
    bounds = np.empty(ROOM, dtype=np.int64)
    count = 0
    starts[0] = 0
    mark_broken_words(data, offsets, asked)
    for text in range(len(offsets) - 1):
        first = count
        begin, end = offsets[text], offsets[text + 1]
        count, asks = read_text(data, begin, end, folds, bounds, hashes, count)
        asked[text] |= asks
        mix_all(hashes[first:count])
        starts[text + 1] = count
    return count
