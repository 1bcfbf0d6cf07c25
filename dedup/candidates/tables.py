"""Signatures and pairs as Arrow tables, for work that is shared among machines or kept for later.

`sign` says of each text what near-duplicates are found by; what several machines have signed may
be put together in any order. `pairs` finds those that resemble each other, and `dedup.compare`
relates them (`pairs=`). What `dedup.near_duplicates` does with texts in memory is the same, step
by step.

Each row states its format, so that it outlives whatever writes the file: tables that were made with
other definitions of a word, a shingle or a band cannot be compared, and are refused.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from dedup.candidates.near import (
    BANDS,
    band_contents,
    check_threshold,
    expect_texts,
    resembling_pairs,
)
from dedup.errors import InputError
from dedup.extras import require
from dedup.sketch import PERMUTATIONS, SHINGLE, choose_path, map_blocks, permutations
from dedup.sketch.plain import Signatures
from dedup.text.words import MULTIPLIER, Hashes, Integers, mix

# The definitions behind a row: datasketch's affine32 with seed 1, 128 positions, word 5-shingles;
# 25 bands of 5. Another number stands here as soon as one of them changes.
FORMAT = "dedup/signatures/1"
NUMBERS = np.dtype("<u4")  # of a signature
MIDDLE = np.uint64(1 << 63)
# Rows of a chunk: a column of bytes counts in 32 bits where each row begins, which is enough for
# four million signatures.
MAX_ROWS = 1 << 20


def sign(
    ids: Iterable[str],
    texts: Iterable[str],
    *,
    threads: int | None = None,
    compiled: bool | None = None,
) -> Any:
    """A `pyarrow.Table` of what near-duplicates of `texts` are found by, a row for each: `format`
    (of the row), `id`, `signature` (128 numbers of 32 bits, little-endian, in bytes), `bands` (25
    numbers of 64 bits: articles that have one in common share a band) and `words` (how many the
    text has; without any it has no bands).

    `threads` and `compiled` as for `near_duplicates`. Raises `InputError` where there are more ids
    than texts or fewer, or one is no string.

    >>> table = sign(["wire", "blog"], ["Four thousand more troops were sent to Russia."] * 2)
    >>> table.column("words").to_pylist(), len(table.column("bands")[0])
    ([8, 8], 25)
    """
    checked, compiled = choose_path(expect_texts(texts), compiled)

    def work(path: Any, block: Sequence[str]) -> tuple[Signatures, Integers]:
        hashes, starts = path.hash_texts(block)
        return path.sign(hashes, starts, SHINGLE, permutations()), np.diff(starts)

    blocks = map_blocks(work, checked, compiled, threads)
    signatures, words = map(np.concatenate, zip(*blocks, strict=True))
    names = list(ids)
    wrong = next((id for id in names if not isinstance(id, str)), None)
    if wrong is not None:
        raise InputError(f"the id {wrong!r:.40} is no string; give str(id)")
    if len(names) != len(signatures):
        raise InputError(f"there are {len(names):,} ids and {len(signatures):,} texts")
    arrow = require("pyarrow", "tables")
    slices = [slice(at, at + MAX_ROWS) for at in range(0, len(names) or 1, MAX_ROWS)]
    return arrow.concat_tables(
        table_of_signatures(names[part], signatures[part], words[part]) for part in slices
    )


def table_of_signatures(ids: Sequence[str], signatures: Signatures, words: Integers) -> Any:
    """The table that `sign` makes, of up to `MAX_ROWS` texts."""
    arrow = require("pyarrow", "tables")
    rows = np.ascontiguousarray(signatures, NUMBERS)
    width = rows.shape[1] * NUMBERS.itemsize
    data = arrow.py_buffer(rows)
    places = arrow.py_buffer(np.arange(len(rows) + 1, dtype=np.int32) * np.int32(width))
    has_bands = words > 0
    ends = np.append(0, np.cumsum(has_bands * BANDS)).astype(np.int32)
    bands = band_keys(signatures[has_bands])
    return arrow.table(
        {
            "format": arrow.array([FORMAT] * len(rows), arrow.string()),
            "id": arrow.array(ids, arrow.string()),
            "signature": arrow.Array.from_buffers(arrow.binary(), len(rows), [None, places, data]),
            "bands": arrow.ListArray.from_arrays(ends, arrow.array(bands.ravel())),
            "words": arrow.array(words.astype(np.int32)),
        }
    )


def read_signatures(table: Any) -> tuple[list[str], Signatures]:
    """The ids of a table that `sign` made, or of several put together, and the signatures:
    uint32[n, 128]. `table` is pyarrow's, or any that gives its data as Arrow does. Raises
    `InputError` where it has another format."""
    arrow = require("pyarrow", "tables")
    if not isinstance(table, arrow.Table):
        if not hasattr(table, "__arrow_c_stream__"):
            raise InputError(f"{type(table).__name__} is no table; give what dedup.sign returns")
        table = arrow.table(table)
    missing = [name for name in ("format", "id", "signature") if name not in table.column_names]
    if missing:
        raise InputError(f"the table has no column {missing[0]!r}; give what dedup.sign returns")
    formats = table.column("format").unique().to_pylist()
    if strange := [name for name in formats if name != FORMAT]:
        raise InputError(
            f"the table has the format {strange[0]!r}, this version of dedup reads {FORMAT!r}; "
            "sign the texts again"
        )
    rows = table.column("signature").to_pylist()
    width = PERMUTATIONS * NUMBERS.itemsize
    ids = table.column("id").to_pylist()
    for id, row in zip(ids, rows, strict=True):
        if not isinstance(id, str):
            raise InputError(f"a row has the id {id!r:.40}; each needs a string of its own")
        if not isinstance(row, bytes) or len(row) != width:
            has = f"{len(row)} bytes" if isinstance(row, bytes) else f"{row!r:.40}"
            raise InputError(f"the signature of {id!r} has {has} instead of {width} bytes")
    return ids, unpack_signatures(rows)


def unpack_signatures(rows: Iterable[bytes]) -> Signatures:
    """Signatures as they are in a column of bytes: uint32[n, 128]."""
    signatures = np.frombuffer(b"".join(rows), NUMBERS).reshape(-1, PERMUTATIONS)
    return signatures.astype(np.uint32, copy=False)


def pairs(signed: Any, threshold: float = 0.7, *, threads: int | None = None) -> Any:
    """A `pyarrow.Table` of the articles of `signed` (what `sign` makes, of any number of machines)
    that resemble each other: `a` and `b`, with a < b, ascending, and `resemblance`.

    As `near_duplicates`: a pair counts from `threshold` on, and of identical texts each is
    paired with the first only. `dedup.compare` takes such a table as `pairs`. Raises `InputError`
    where two rows have one id, or the table has another format.

    >>> wire = "Four thousand more troops were sent to Russia by ship, ZDF reported."
    >>> pairs(sign(["b", "a"], [wire, wire.upper()])).to_pylist()
    [{'a': 'a', 'b': 'b', 'resemblance': 1.0}]
    """
    arrow = require("pyarrow", "tables")
    check_threshold(threshold)
    ids, signatures = read_signatures(signed)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    names = [ids[n] for n in order]
    for one, following in pairwise(names):
        if one == following:
            raise InputError(f"two rows have the id {one!r}; sign each article once")
    found, shares = resembling_pairs(signatures[order], threshold, threads=threads)
    left, right = found.T.tolist()
    return arrow.table(
        {
            "a": arrow.array([names[i] for i in left], arrow.string()),
            "b": arrow.array([names[i] for i in right], arrow.string()),
            "resemblance": arrow.array(shares),
        }
    )


def number_pairs(pairs: Any, ids: Sequence[str]) -> Integers:
    """Pairs of ids as the places of both in `ids`: int64[m, 2], i < j, ascending, each once.

    `pairs` is a table with columns `a` and `b`, or gives two ids at a time. Raises `InputError`
    where an id is not among `ids`.
    """
    if hasattr(pairs, "__arrow_c_stream__"):
        arrow = require("pyarrow", "tables")
        table = pairs if isinstance(pairs, arrow.Table) else arrow.table(pairs)
        missing = [name for name in ("a", "b") if name not in table.column_names]
        if missing:
            raise InputError(f"the table of pairs has no column {missing[0]!r}; it needs a and b")
        pairs = zip(*(table.column(name).to_pylist() for name in ("a", "b")), strict=True)
    if not isinstance(pairs, Iterable):
        raise InputError(f"{pairs!r:.80} is no collection of pairs; give two ids at a time")
    places = {id: n for n, id in enumerate(ids)}
    numbered = set[tuple[int, int]]()
    for pair in pairs:
        if isinstance(pair, str) or not isinstance(pair, Collection) or len(pair) != 2:
            raise InputError(f"{pair!r:.80} is no pair of ids; give two at a time")
        unknown = [id for id in pair if not (isinstance(id, str) and id in places)]
        if unknown:
            raise InputError(f"a pair has {unknown[0]!r:.80}, and there is no such article")
        i, j = sorted(map(places.__getitem__, pair))
        if i < j:
            numbered.add((i, j))
    return np.array(sorted(numbered), dtype=np.int64).reshape(-1, 2)


def band_keys(signatures: Signatures) -> Integers:
    """A number for each band of each row, another one for each place: int64[n, 25]."""
    places = np.arange(1, BANDS + 1, dtype=np.uint64)
    return in_order(mix(band_contents(signatures) * MULTIPLIER + places))


def in_order(numbers: Hashes) -> Integers:
    """Numbers from 0 to 2^64 as signed ones in the same order, for tables know no others."""
    return (numbers ^ MIDDLE).view(np.int64)
