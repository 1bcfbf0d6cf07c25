"""Chains: the kernels that ask, fill and empty the columns of a table of bands, compiled.

Comes in: the columns (`dedup.bands.columns`) and signatures. Goes out: matches; the columns are
changed in place. A chain holds, newest first, the nodes whose key falls into one slot; what
counts is that they agree in the band, not that their hashes do, so answers do not depend on how
far the table has grown. The kernels release the interpreter's lock and take no other: whoever
calls sees to it that nobody else does.
"""

import numpy as np
from numba import njit, types

from dedup.bands.columns import (
    BANDS,
    COUNT,
    FIRST,
    FREE,
    GIVEN,
    KEYS,
    LAST,
    LIVING,
    MASK,
    NEXT,
    NODE,
    NODES,
    NONE,
    PLACES,
    PREVIOUS,
    REMOVED,
    ROWS,
    WHOLE,
    WORDLESS,
    Columns,
)
from dedup.sketch import EMPTY, PERMUTATIONS
from dedup.text.words import MIX_1, MULTIPLIER

LOW = 0xFFFFFFFF  # of a pair of numbers in one: the node or the row, under what orders them

# As numba writes types: contiguous arrays of two dimensions and of one.
_int64s, _int32s, _table = types.int64[::1], types.int32[::1], types.int32[:, ::1]
_columns = types.NamedTuple(  # type: ignore[no-untyped-call]
    (types.uint32[:, ::1], _int32s, _table, _table, _int64s), Columns
)
_given = types.Array(types.uint32, 2, "C", readonly=True)  # admits writable arrays as well
_matches = types.Tuple((_int64s, _int64s, types.float32[::1]))  # type: ignore[no-untyped-call]


@njit(nogil=True, cache=True)
def _key(signatures, number, band):  # type: ignore[no-untyped-def]
    """The hash of a band of a signature, or of the whole."""
    begin, end = (0, PERMUTATIONS) if band == WHOLE else (band * ROWS, band * ROWS + ROWS)
    key = np.uint64(0)
    for place in range(begin, end):
        key = key * MULTIPLIER + np.uint64(signatures[number, place])
    key = (key ^ (key >> np.uint64(32))) * MIX_1
    return key ^ (key >> np.uint64(32))


@njit(nogil=True, cache=True)
def _same(signatures, node, others, number, band):  # type: ignore[no-untyped-def]
    """Whether two signatures agree in a band, or in the whole."""
    begin, end = (0, PERMUTATIONS) if band == WHOLE else (band * ROWS, band * ROWS + ROWS)
    for place in range(begin, end):  # noqa: SIM110 -- numba has no `all`
        if signatures[node, place] != others[number, place]:
            return False
    return True


@njit(nogil=True, cache=True)
def _head(columns, key, band):  # type: ignore[no-untyped-def]
    """The place that has the first node of a key's chain."""
    slot = np.int64(key & np.uint64(columns.state[MASK]))
    if slot >= columns.state[NODES]:
        slot &= columns.state[MASK] >> 1
    return slot * PLACES + band


@njit(nogil=True, cache=True)
def _after(node, band):  # type: ignore[no-untyped-def]
    """The place that has the node that follows `node`."""
    return np.int64(node) * PLACES + KEYS + band


@njit(nogil=True, cache=True)
def _meet(columns, given, number, keys, met, crowd, walk):  # type: ignore[no-untyped-def]
    """Write the nodes that agree with a signature in a band, once for each; how many, and its own.

    Also how many in each band. All chains are walked at once, a step each and then the next:
    the processor fetches from memory for all of them together, which takes half of the time.
    """
    chains, count, own, walks = columns.chains, 0, np.int64(NONE), 0
    crowd[:] = 0
    for band in range(KEYS):
        node = chains[_head(columns, keys[band], band)]
        walk[0, walks], walk[1, walks] = band, node
        walks += node != NONE
    while walks > 0:
        walked, walks = walks, 0
        for place in range(walked):
            band, node = walk[0, place], walk[1, place]
            if _same(columns.signatures, node, given, number, band) and count < len(met):
                met[count] = node
                count += 1
                crowd[band] += 1
                own = node if band == WHOLE else own
            node = chains[_after(node, band)]
            walk[0, walks], walk[1, walks] = band, node
            walks += node != NONE
    return count, own


@njit(nogil=True, cache=True)
def _rank(columns, given, number, met, least, limit):  # type: ignore[no-untyped-def]
    """The rows of those who were met and are verified: unequal positions << 32 | row, ascending."""
    met.sort()
    kept, total, last = 0, 0, NONE
    for place in range(len(met)):
        node = met[place]
        if node == last:
            continue
        last, equal = node, 0
        for position in range(PERMUTATIONS):
            equal += columns.signatures[node, position] == given[number, position]
        if equal >= least:
            met[kept] = (PERMUTATIONS - equal) << 32 | node
            kept += 1
            total += min(limit, columns.owners[node, COUNT])
    ranked = np.empty(total, np.int64)
    total = 0
    for place in range(kept):
        node, unequal = met[place] & LOW, met[place] >> 32
        row = np.int64(columns.owners[node, FIRST])
        for _ in range(min(limit, columns.owners[node, COUNT])):
            ranked[total] = unequal << 32 | row
            total += 1
            row = np.int64(columns.rows[row, NEXT])
    ranked.sort()
    return ranked[:limit]


@njit(nogil=True, cache=True)
def _make(columns, walk):  # type: ignore[no-untyped-def]
    """A node that nobody has: a freed one, or a new one and with it a new slot."""
    state, chains = columns.state, columns.chains
    node = state[FREE]
    if node != NONE:
        state[FREE] = chains[_after(node, 0)]
        return node
    node = state[NODES]
    state[NODES] += 1
    if node > state[MASK]:
        state[MASK] = 2 * state[MASK] + 1
    _split(columns, node, walk)
    return node


@njit(nogil=True, cache=True)
def _split(columns, slot, walk):  # type: ignore[no-untyped-def]
    """Move into a new slot what belongs there; all chains keep their order."""
    chains, mask, walks = columns.chains, columns.state[MASK], 0
    for band in range(KEYS):
        stayed, moved = (slot & (mask >> 1)) * PLACES + band, slot * PLACES + band
        node = chains[stayed] if slot > 0 else NONE
        chains[stayed] = chains[moved] = NONE
        walk[0, walks], walk[1, walks], walk[2, walks], walk[3, walks] = band, node, stayed, moved
        walks += node != NONE
    while walks > 0:
        walked, walks = walks, 0
        for place in range(walked):
            band, node = walk[0, place], walk[1, place]
            stayed, moved = walk[2, place], walk[3, place]
            after = _after(node, band)
            following = chains[after]
            chains[after] = NONE
            # Selected, not branched on, for no processor guesses which half will move.
            moves = np.int64(_key(columns.signatures, node, band) & np.uint64(mask)) == slot
            chains[moved if moves else stayed] = node
            walk[0, walks], walk[1, walks] = band, following
            walk[2, walks] = stayed if moves else after
            walk[3, walks] = after if moves else moved
            walks += following != NONE


@njit(nogil=True, cache=True)
def _weed(columns, node, band, place, bucket):  # type: ignore[no-untyped-def]
    """Take a node out of a chain, and the oldest that agree with it beyond `bucket` - 1."""
    chains, signatures, members = columns.chains, columns.signatures, 1
    at = np.int64(chains[place])
    while at != NONE:
        after = _after(at, band)
        out = at == node
        if not out and _same(signatures, at, signatures, node, band):
            members += 1
            out = members > bucket
        at = np.int64(chains[after])
        if out:
            chains[place] = at
        else:
            place = after


@njit(nogil=True, cache=True)
def _add(columns, given, number, keys, row, node, crowd, bucket, walk):  # type: ignore[no-untyped-def]
    """Put a row last in the list of its node, if it has one, and the node first in its chains."""
    rows, owners = columns.rows, columns.owners
    if node == NONE:
        node = _make(columns, walk)
        columns.signatures[node] = given[number]
        owners[node, FIRST], owners[node, COUNT] = row, 0
    else:
        rows[owners[node, LAST], NEXT] = row
        rows[row, PREVIOUS] = owners[node, LAST]
    rows[row, NODE] = node
    owners[node, LAST] = row
    owners[node, COUNT] += 1
    for band in range(KEYS):
        head = _head(columns, keys[band], band)
        if crowd[band] > 0:
            _weed(columns, node, band, head, bucket)
        columns.chains[_after(node, band)] = columns.chains[head]
        columns.chains[head] = node


@njit(
    _matches(_columns, _given, types.int64, types.boolean, types.int64, types.int64),
    nogil=True,
    cache=True,
)
def run(columns, given, limit, adds, least, bucket):  # type: ignore[no-untyped-def]
    """Each signature asks, if `limit` is positive, and is then added, if `adds`.

    There must be room for them. `least` is the least number of equal positions of a match.
    """
    keys = np.empty(KEYS, np.uint64)
    met = np.empty(BANDS * bucket + 1, np.int64)
    crowd, walk = np.zeros(KEYS, np.int64), np.empty((4, KEYS), np.int64)
    starts = np.zeros(len(given) + 1, np.int64)
    rows, similarity = np.empty(len(given), np.int64), np.empty(len(given), np.float32)
    for number in range(len(given)):
        begin = end = starts[number]
        wordless = given[number, 0] == EMPTY and given[number].min() == EMPTY  # the greatest number
        count, own = 0, np.int64(NONE)
        if not wordless:
            for band in range(KEYS):
                keys[band] = _key(given, number, band)
            if columns.state[NODES] > 0:
                count, own = _meet(columns, given, number, keys, met, crowd, walk)
        if limit > 0 and count > 0:
            ranked = _rank(columns, given, number, met[:count], least, limit)
            end = begin + len(ranked)
            if end > len(rows):
                rows = np.concatenate((rows, np.empty(end, np.int64)))
                similarity = np.concatenate((similarity, np.empty(end, np.float32)))
            for place in range(len(ranked)):
                unequal = np.float32(ranked[place] >> 32)
                rows[begin + place] = ranked[place] & LOW
                similarity[begin + place] = np.float32(1) - unequal / np.float32(PERMUTATIONS)
        starts[number + 1] = end
        if adds:
            row = columns.state[GIVEN]
            columns.state[GIVEN] += 1
            columns.state[LIVING] += 1
            columns.rows[row] = WORDLESS, NONE, NONE
            if not wordless:
                _add(columns, given, number, keys, row, own, crowd, bucket, walk)
    return starts, rows[: starts[-1]].copy(), similarity[: starts[-1]].copy()


@njit(types.void(_columns, types.int64), nogil=True, cache=True)
def remove(columns, row):  # type: ignore[no-untyped-def]
    """Take a row out of its node's list, and the node out of its chains if it was the last."""
    rows, owners, state = columns.rows, columns.owners, columns.state
    node, following, previous = rows[row, NODE], rows[row, NEXT], rows[row, PREVIOUS]
    rows[row, NODE] = REMOVED
    state[LIVING] -= 1
    if node == WORDLESS:
        return
    if previous == NONE:
        owners[node, FIRST] = following
    else:
        rows[previous, NEXT] = following
    if following == NONE:
        owners[node, LAST] = previous
    else:
        rows[following, PREVIOUS] = previous
    owners[node, COUNT] -= 1
    if owners[node, COUNT] > 0:
        return
    chains = columns.chains
    for band in range(KEYS):
        place = _head(columns, _key(columns.signatures, node, band), band)
        while chains[place] != NONE and chains[place] != node:
            place = _after(chains[place], band)
        if chains[place] == node:
            chains[place] = chains[_after(node, band)]
    chains[_after(node, 0)] = state[FREE]
    state[FREE] = node
