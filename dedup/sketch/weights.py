"""Weigh the terms of sketches by how rare they are in all of them: tf-idf.

(1 + ln tf) · idf, smoothed, each row of length 1, bit for bit as scikit-learn's `TfidfTransformer`
has it, which takes a second to load. A block of rows at a time is weighed, so that a collection
whose columns lie in files needs no copy of them in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dedup.sketch.columns import TERM_BITS, RawSketches, Sketches
from dedup.text.words import Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK = 1 << 15  # rows; some 100 MB of terms

# Makes a table by name, type and shape.
Make = Callable[[str, Any, tuple[int, ...]], npt.NDArray[Any]]


def make_in_memory(name: str, dtype: Any, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """A table in memory, to be filled."""
    return np.empty(shape, dtype)


def assemble(
    raw: RawSketches,
    order: Sequence[int],
    rows: Sequence[int] = (),
    fresh: RawSketches | None = None,
    make: Make = make_in_memory,
) -> Sketches:
    """The sketches of the texts `order` of `raw`, where those of `fresh` take the place of the
    given rows (ascending). The tables that this needs are made by `make`."""
    chosen = np.array(order, dtype=np.int64)
    in_order = len(chosen) == len(raw.sizes) and bool((np.diff(chosen) == 1).all())
    signatures, words = raw.signatures, raw.words
    fresh = fresh if rows else None
    if fresh is not None:
        signatures[rows], words[rows] = fresh.signatures, fresh.words
    if not in_order:
        signatures = make("sorted_signatures", np.uint32, (len(chosen), signatures.shape[1]))
        for at in range(0, len(chosen), BLOCK):
            signatures[at : at + BLOCK] = raw.signatures[chosen[at : at + BLOCK]]
        words = words[chosen]
    runs, run_sizes = raw.runs, raw.run_sizes
    if fresh is not None or not in_order:
        run_sizes, begins = _locate(raw.run_sizes, fresh and fresh.run_sizes, rows, len(runs))
        run_sizes, begins = run_sizes[chosen], begins[chosen]
        runs = make("sorted_runs", np.uint64, (int(run_sizes.sum()),))
        for at, end, places in _blocks(run_sizes, begins):
            runs[at:end] = _take(raw.runs, fresh and fresh.runs, places)
    sizes, begins = _locate(raw.sizes, fresh and fresh.sizes, rows, len(raw.terms))
    terms = weigh(raw, fresh, sizes[chosen], begins[chosen], make)
    return Sketches(signatures, terms, words, runs, run_sizes)


def weigh(
    raw: RawSketches,
    fresh: RawSketches | None,
    sizes: Integers,
    begins: Integers,
    make: Make = make_in_memory,
) -> "csr_array":
    """Rows of weighted terms: row i has `sizes[i]` terms from `begins[i]` on, in the terms of
    `raw` and, behind them, of `fresh`."""
    from scipy.sparse import csr_array

    shape = (len(sizes), 1 << TERM_BITS)
    bounds = np.append(0, np.cumsum(sizes))
    if bounds[-1] < 2**31:  # scipy widens the columns to the type of `bounds`: half the memory
        bounds = bounds.astype(np.int32)
    columns = make("columns", np.int32, (int(bounds[-1]),))
    weights = make("weights", np.float32, (int(bounds[-1]),))
    frequency = np.zeros(1 << TERM_BITS, dtype=np.int64)
    for at, end, places in _blocks(sizes, begins):
        columns[at:end] = _take(raw.terms, fresh and fresh.terms, places)
        frequency += np.bincount(columns[at:end], minlength=1 << TERM_BITS)
    if not len(sizes):
        return csr_array((weights, columns, bounds), shape=shape)
    rarity = inverse_frequency(frequency, len(sizes))
    row = 0
    for at, end, places in _blocks(sizes, begins):
        values = np.log(_take(raw.counts, fresh and fresh.counts, places))
        values += np.float32(1)
        values *= rarity[columns[at:end]]
        own = sizes[row : row + BLOCK]
        # Each square is added to the sum of those before it, in double precision.
        squares = np.bincount(np.repeat(np.arange(len(own)), own), values * values, len(own))
        weights[at:end] = values / np.repeat(np.sqrt(squares), own)
        row += BLOCK
    return csr_array((weights, columns, bounds), shape=shape)


def inverse_frequency(frequency: Integers, count: int) -> npt.NDArray[np.float32]:
    """ln((1 + n) / (1 + df)) + 1 for each term, in the steps of scikit-learn."""
    frequencies = frequency.astype(np.float32) + np.float32(1)
    values = np.full_like(frequencies, count + 1)
    values /= frequencies
    np.log(values, out=values)
    values += np.float32(1)
    return values


def _locate(
    sizes: Integers, fresh: Integers | None, rows: Sequence[int], end: int
) -> tuple[Integers, Integers]:
    """How long each row is and where it begins; fresh ones take the place of some `rows` and
    stand from `end` on."""
    sizes, begins = sizes.copy(), np.cumsum(sizes) - sizes
    if fresh is not None:
        sizes[rows] = fresh
        begins[rows] = end + np.cumsum(fresh) - fresh
    return sizes, begins


def _blocks(sizes: Integers, begins: Integers) -> Iterator[tuple[int, int, slice | Integers]]:
    """For each block of rows where its values go, and where they come from."""
    at = 0
    for row in range(0, len(sizes), BLOCK):
        own, first = sizes[row : row + BLOCK], begins[row : row + BLOCK]
        end = at + int(own.sum())
        if (first[1:] == first[:-1] + own[:-1]).all():
            yield at, end, slice(int(first[0]), int(first[0]) + end - at)
        else:
            yield at, end, np.repeat(first - (np.cumsum(own) - own), own) + np.arange(end - at)
        at = end


def _take(
    column: npt.NDArray[Any], extra: npt.NDArray[Any] | None, places: slice | Integers
) -> npt.NDArray[Any]:
    """The values at these places, in the column and behind it in `extra`; a copy."""
    if isinstance(places, slice):
        own = column[places]
        if extra is None or places.stop <= len(column):
            return own.copy()
        begin, end = max(places.start - len(column), 0), places.stop - len(column)
        return np.concatenate((own, extra[begin:end]))
    taken = np.empty(len(places), column.dtype)
    own = places < len(column)
    taken[own] = column[places[own]]
    if extra is not None:
        taken[~own] = extra[places[~own] - len(column)]
    return taken
