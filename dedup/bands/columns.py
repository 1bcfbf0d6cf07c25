"""The columns of a table of bands: flat arrays, no object per article.

A *node* is a distinct signature, a *row* an article; identical articles are rows of one node.
Every node stands in one chain for each of its 26 keys: 25 bands and the whole. It decides
nothing; `dedup.bands.chains` reads and writes the columns.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.errors import InputError
from dedup.sketch import PERMUTATIONS

# As in `dedup.candidates`: half of the pairs at resemblance .53 meet, .99 at .7.
BANDS = 25
ROWS = 5
WHOLE = BANDS  # one more key, all positions: it finds the identical without verifying others
KEYS = BANDS + 1
PLACES = 2 * KEYS  # of a slot and a node in `chains`
# Room grows by a sixteenth: at most 50 bytes an article lie idle. Arrays grow where they are if
# the system can move pages; where it has to copy, that is 10 KB, 1 µs, an article in all.
GROWTH = 16
MOST_ROWS = 2**31 - 1  # int32

NONE = -1  # no node, no row: the end of a chain
WORDLESS = -1  # the node of a row without words
REMOVED = -2  # the node of a removed row
FIRST, LAST, COUNT = 0, 1, 2  # in `owners`
NODE, NEXT, PREVIOUS = 0, 1, 2  # in `rows`
GIVEN, LIVING, NODES, FREE, MASK = 0, 1, 2, 3, 4  # in `state`

Signatures: TypeAlias = npt.NDArray[np.uint32]
Int32s: TypeAlias = npt.NDArray[np.int32]
Int64s: TypeAlias = npt.NDArray[np.int64]
Shares: TypeAlias = npt.NDArray[np.float32]


class Columns(NamedTuple):
    """The arrays of a table, as long as there is room.

    signatures: uint32[nodes, 128].
    chains: int32[nodes, 52], in 26 places the first node of a slot's chains (there are as many
    slots as nodes), in 26 the node that follows in each chain; a place is numbered as if flat.
    owners: int32[nodes, 3], the first and last row with the signature, and how many have it.
    rows: int32[rows, 3], the row's node, and the rows after and before it with the same.
    state: int64[5], how many rows were given and how many of them live, how many nodes were made,
    the first free one, and the least 2^k - 1 that reaches the last slot.
    """

    signatures: Signatures
    chains: Int32s
    owners: Int32s
    rows: Int32s
    state: Int64s


def empty() -> Columns:
    """Columns without room."""
    return Columns(
        np.empty((0, PERMUTATIONS), np.uint32),
        np.empty(0, np.int32),
        np.empty((0, 3), np.int32),
        np.empty((0, 3), np.int32),
        np.array([0, 0, 0, NONE, 0]),
    )


def make_room(columns: Columns, more: int) -> None:
    """Enlarge the columns so that `more` rows fit in, whatever they are.

    Nobody else may hold or read the arrays: they can move.
    """
    given, nodes = int(columns.state[GIVEN]), int(columns.state[NODES])
    if given + more > MOST_ROWS:
        raise InputError(f"a table gives {MOST_ROWS:,} rows at most; begin another one")
    for column, used, width in (
        (columns.signatures, nodes, 1),
        (columns.chains, nodes, PLACES),
        (columns.owners, nodes, 1),
        (columns.rows, given, 1),
    ):
        if (used + more) * width > len(column):
            length = (used + max(more, used // GROWTH)) * width
            # Without a check of references, for numpy cannot tell ours from those of others.
            column.resize((length, *column.shape[1:]), refcheck=False)
