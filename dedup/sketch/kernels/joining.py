"""Joining: from signatures to the pairs that share a band, their resemblance and their groups.

It gives, bit for bit, what numpy's path in `dedup.candidates` gives, in time linear in the
articles: equal contents by a hash table, buckets by a radix sort, groups by union-find (Tarjan
1975). Articles take part in the order of their contents, so no result depends on their order.
"""

import numpy as np
from numba import types

from dedup.sketch.kernels.compiling import kernel
from dedup.sketch.kernels.reading import INT64S, UINT32S, UINT64S, mix

DIGIT = 11  # bits of one pass of the radix sort: 3 passes over 32
# A bucket of up to so many is sorted by insertion, a larger one digit by digit. On 500,000 articles
# in groups of 40, 16 takes twice the time; in groups of 100, 256 takes a fourth more.
MAX_INSERTION = 64

SIGNATURES = types.Array(types.uint32, 2, "C", readonly=True)
PAIRS = types.Array(types.int64, 2, "C", readonly=True)
TABLE = types.Array(types.uint32, 2, "A")  # columns of a wider table


@kernel(types.void(SIGNATURES, UINT64S, types.int64, TABLE, types.uint64[::1]))
def key_block(signatures, powers, rows, keys, contents):  # type: ignore[no-untyped-def]
    """Write one number for each signature's content and each of its bands.

    `powers` uint64[positions] of the multiplier descend to 1; `keys` is uint32[bands, articles].
    """
    positions = len(powers)
    last = powers[positions - rows :]
    for article in range(len(signatures)):
        signature = signatures[article]
        value = np.uint64(0)
        for position in range(positions):
            value += signature[position] * powers[position]
        contents[article] = mix(value)
        for band in range(len(keys)):
            value = np.uint64(0)
            for row in range(rows):
                value += signature[band * rows + row] * last[row]
            keys[band, article] = np.uint32(mix(value) >> np.uint64(32))


@kernel(types.void(UINT64S, types.int64[::1]))
def find_firsts(contents, firsts):  # type: ignore[no-untyped-def]
    """Write for each article the first with the same content."""
    size = 16
    while size < 2 * len(contents):
        size *= 2
    table = np.full(size, -1, dtype=np.int64)

    for article in range(len(contents)):
        slot = np.int64(contents[article] & np.uint64(size - 1))
        while table[slot] >= 0 and contents[table[slot]] != contents[article]:
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot] = article
        firsts[article] = table[slot]


@kernel()
def _sort(items, spare, count):  # type: ignore[no-untyped-def]
    """Sort the first `count` items by their upper 32 bits; equal ones keep their order."""
    if count <= MAX_INSERTION:
        for place in range(1, count):
            item, hole = items[place], place
            while hole and items[hole - 1] >> np.uint64(32) > item >> np.uint64(32):
                items[hole] = items[hole - 1]
                hole -= 1
            items[hole] = item
        return
    tallies = np.zeros((3, 1 << DIGIT), dtype=np.int64)
    mask = np.uint64((1 << DIGIT) - 1)
    for place in range(count):
        key = items[place] >> np.uint64(32)
        tallies[0, key & mask] += 1
        tallies[1, key >> np.uint64(DIGIT) & mask] += 1
        tallies[2, key >> np.uint64(2 * DIGIT)] += 1
    source, target = items, spare
    for digit in range(3):
        shift, places, total = np.uint64(32 + digit * DIGIT), tallies[digit], 0
        for value in range(1 << DIGIT):
            places[value], total = total, total + places[value]
        for place in range(count):
            item = source[place]
            value = item >> shift & mask
            target[np.uint64(places[value])] = item
            places[value] += 1
        source, target = target, source
    items[:count] = spare[:count]


@kernel(types.int64[::1](UINT32S, UINT32S, INT64S, types.int64, types.int64))
def pair_band(keys, following, rows, window, count):  # type: ignore[no-untyped-def]
    """The pairs of one band, as `dedup.sketch.kernels.pair_bands` explains.

    `keys` and `following` uint32[count]: this band's and the next one's. `rows` int64[m]: the
    articles that take part, by content.
    """
    items, spare = np.empty(len(rows), np.uint64), np.empty(len(rows), np.uint64)
    for row in range(len(rows)):
        items[row] = np.uint64(keys[rows[row]]) << np.uint64(32) | np.uint64(row)
    _sort(items, spare, len(rows))
    low = np.uint64(0xFFFFFFFF)
    total, begin = 0, 0
    while begin < len(items):
        bucket, end = items[begin] >> np.uint64(32), begin + 1
        while end < len(items) and items[end] >> np.uint64(32) == bucket:
            end += 1
        size = end - begin
        for place in range(begin, end):
            total += min(window, end - 1 - place)
        if size > window + 1:
            inside = items[begin:end]
            for place in range(size):
                row = inside[place] & low
                inside[place] = np.uint64(following[rows[row]]) << np.uint64(32) | row
            _sort(inside, spare, size)
            for place in range(size):
                inside[place] = bucket << np.uint64(32) | inside[place] & low
        begin = end
    pairs = np.empty(total, dtype=np.int64)
    total = 0
    for place in range(len(items)):
        bucket, left = items[place] >> np.uint64(32), rows[items[place] & low]
        for other in range(place + 1, min(place + 1 + window, len(items))):
            if items[other] >> np.uint64(32) != bucket:
                break
            right = rows[items[other] & low]
            pairs[total] = min(left, right) * count + max(left, right)
            total += 1
    return pairs


@kernel(types.void(SIGNATURES, PAIRS, types.float32[::1]))
def compare(signatures, pairs, shares):  # type: ignore[no-untyped-def]
    """Write the share of equal positions of each pair of signatures."""
    positions = signatures.shape[1]
    for pair in range(len(pairs)):
        left, right = signatures[pairs[pair, 0]], signatures[pairs[pair, 1]]
        equal = np.uint32(0)
        for position in range(positions):
            equal += np.uint32(left[position] == right[position])
        shares[pair] = np.float32(equal) / np.float32(positions)


@kernel(inline="always")
def _root(labels, article):  # type: ignore[no-untyped-def]
    while labels[article] != article:
        labels[article] = labels[labels[article]]
        article = labels[article]
    return article


@kernel(types.void(PAIRS, types.int64[::1]))
def group(pairs, labels):  # type: ignore[no-untyped-def]
    """Write the smallest article number of each one's group; `labels` begins as 0, 1, 2, …"""
    for pair in range(len(pairs)):
        left, right = _root(labels, pairs[pair, 0]), _root(labels, pairs[pair, 1])
        labels[max(left, right)] = min(left, right)
    for article in range(len(labels)):
        labels[article] = _root(labels, article)
