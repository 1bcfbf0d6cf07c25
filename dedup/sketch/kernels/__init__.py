"""Kernels: from UTF-8 bytes to word hashes, signatures, term counts and pairs, compiled by numba.

They give, bit for bit, the columns of the numpy paths in `dedup.sketch` and `dedup.candidates`,
without a Python object per word. Every kernel releases the interpreter's lock and touches only
the arrays it is given, so blocks may run in threads. The first import on a machine compiles
(about 8 s), later ones load the compiled code from numba's cache (.5 s).

One file per step: `reading` (words), `signing`, `counting`, `joining`; `compiling` has the
decorator. Widths, tables and permutations are arguments. Bytes that are no UTF-8 separate words;
nothing is read or written outside the arrays.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dedup.sketch.kernels import counting, joining, reading, signing
from dedup.sketch.plain import Floats, Signatures
from dedup.text.words import MULTIPLIER, Hashes, Integers, fold_table, respell

Block = TypeVar("Block")
Result = TypeVar("Result")

SLICE = 1 << 14  # articles or pairs that a thread takes at a time: some ms of work


def map_in_order(
    function: Callable[[Block], Result], blocks: Iterable[Block], threads: int
) -> Iterator[Result]:
    """`function` of each block, in the order of the blocks, by `threads` threads.

    >>> list(map_in_order(str.upper, ["zdf", "reuters"], threads=2))
    ['ZDF', 'REUTERS']
    """
    if threads == 1:
        yield from map(function, blocks)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        for block in blocks:
            waiting.append(pool.submit(function, block))
            # One block waits for each one at work: no thread is idle, and memory is bounded.
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def encode(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint8], Integers]:
    """The texts' UTF-8 end to end, and where each begins: uint8[bytes], int64[len(texts) + 1].

    Lone surrogates are code points like any other.
    """
    pieces: Sequence[str] | list[bytes] = texts
    if all(map(str.isascii, texts)):  # one call for all: half the time
        data = "".join(texts).encode("ascii")
    else:
        pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
        data = b"".join(pieces)
    return np.frombuffer(data, dtype=np.uint8), np.cumsum([0, *map(len, pieces)], dtype=np.int64)


def hash_texts(texts: Sequence[str]) -> tuple[Hashes, Integers]:
    """The word hashes of all texts end to end, and where each text's begin."""
    return hash_bytes(*encode(texts))


def hash_bytes(data: npt.NDArray[np.uint8], offsets: Integers) -> tuple[Hashes, Integers]:
    """As `hash_texts`, from UTF-8: text i is `data[offsets[i]:offsets[i + 1]]`.

    Raises `ValueError` where the offsets leave the data or run backwards.
    """
    _check_offsets(data, offsets)
    hashes, starts, asked = _read(data, offsets)
    if not len(asked):
        return hashes, starts
    respelled, begins, _ = _read(*encode(_respell(data, offsets, asked)))
    pieces = np.split(hashes, starts[1:-1])
    for text, piece in zip(asked, np.split(respelled, begins[1:-1]), strict=True):
        pieces[text] = piece
    return np.concatenate(pieces), np.cumsum([0, *map(len, pieces)], dtype=np.int64)


def _read(data: npt.NDArray[np.uint8], offsets: Integers) -> tuple[Hashes, Integers, Integers]:
    """Word hashes, where each text's begin, and which texts must be respelled."""
    # Words of one letter need a separator between them, or three bytes each (Thai, Han).
    hashes = np.empty(int(offsets[-1] - offsets[0]) // 2 + len(offsets), dtype=np.uint64)
    starts = np.empty(len(offsets), dtype=np.int64)
    asked = np.empty(len(offsets) - 1, dtype=np.uint32)
    count = reading.read_block(data, offsets, fold_table(), hashes, starts, asked)
    return hashes[:count].copy(), starts, np.flatnonzero(asked)


def _respell(data: npt.NDArray[np.uint8], offsets: Integers, texts: Integers) -> list[str]:
    """Some of the texts, as their words are read."""
    spans = zip(offsets[texts].tolist(), offsets[texts + 1].tolist(), strict=True)
    return [respell(data[a:b].tobytes().decode("utf-8", "replace")).text for a, b in spans]


def sign(hashes: Hashes, starts: Integers, width: int, permutations: Signatures) -> Signatures:
    """Signatures uint32[texts, permutations] of word hashes; `permutations` is (a, b)."""
    _check_starts(hashes, starts)
    signatures = np.empty((len(starts) - 1, permutations.shape[1]), dtype=np.uint32)
    factors, addends = np.ascontiguousarray(permutations)
    signing.sign_words(hashes, starts, _width(width), factors, addends, signatures)
    return signatures


def sign_texts(texts: Sequence[str], width: int, permutations: Signatures) -> Signatures:
    """As `sign` after `hash_texts`, without keeping the word hashes."""
    return sign_bytes(*encode(texts), width, permutations)


def sign_bytes(
    data: npt.NDArray[np.uint8], offsets: Integers, width: int, permutations: Signatures
) -> Signatures:
    """As `sign` after `hash_bytes`, without keeping the word hashes."""
    _check_offsets(data, offsets)
    signatures, asked = _sign(data, offsets, width, permutations)
    if len(asked):
        signatures[asked], _ = _sign(*encode(_respell(data, offsets, asked)), width, permutations)
    return signatures


def _sign(
    data: npt.NDArray[np.uint8], offsets: Integers, width: int, permutations: Signatures
) -> tuple[Signatures, Integers]:
    """Signatures, and which texts must be respelled."""
    signatures = np.empty((len(offsets) - 1, permutations.shape[1]), dtype=np.uint32)
    asked = np.empty(len(offsets) - 1, dtype=np.uint32)
    factors, addends = np.ascontiguousarray(permutations)
    signing.sign_block(
        data, offsets, fold_table(), _width(width), factors, addends, signatures, asked
    )
    return signatures, np.flatnonzero(asked)


def count_terms(
    hashes: Hashes, starts: Integers, bits: int
) -> tuple[npt.NDArray[np.int32], Floats, Integers]:
    """Term columns (the top `bits` of the word hash), their counts, and where rows begin."""
    _check_starts(hashes, starts)
    columns = np.empty(len(hashes), dtype=np.int32)
    counts = np.empty(len(hashes), dtype=np.float32)
    row_starts = np.empty(len(starts), dtype=np.int64)
    filled = counting.count_block(hashes, starts, bits, columns, counts, row_starts)
    return columns[:filled].copy(), counts[:filled].copy(), row_starts


def key_bands(
    signatures: Signatures, bands: int, rows: int, threads: int = 1
) -> tuple[Signatures, Hashes]:
    """A key for each band of each signature, and one for its content.

    uint32[bands, n] and uint64[n]. A band is `rows` positions. Raises `ValueError` where the
    signatures have fewer positions than the bands take.
    """
    count, positions = signatures.shape
    if bands * rows > positions or rows < 1:
        raise ValueError(f"{bands} bands of {rows} rows do not fit {positions} positions")
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.append(np.uint64(1), np.full(positions - 1, MULTIPLIER)))
    powers = powers[::-1].copy()
    keys, contents = np.empty((bands, count), np.uint32), np.empty(count, np.uint64)

    def work(at: slice) -> None:
        joining.key_block(signatures[at], powers, rows, keys[:, at], contents[at])

    _in_slices(work, count, threads)
    return keys, contents


def first_equals(contents: Hashes) -> Integers:
    """For each number the place where it stands first: int64[n]."""
    firsts = np.empty(len(contents), dtype=np.int64)
    joining.find_firsts(contents, firsts)
    return firsts


def pair_bands(
    keys: Signatures, articles: Integers, window: int, threads: int = 1
) -> Iterator[Integers]:
    """Band by band, the pairs of `articles` that share a bucket, as smaller · n + larger number.

    `keys` is uint32[bands, n]. In a bucket of more than `window` + 1, which is sorted by the next
    band and then by the order of `articles`, each is paired with the `window` that follow it.
    """
    bands, count = keys.shape
    _check_numbers("articles", articles, count)

    def work(band: int) -> Integers:
        following = keys[(band + 1) % bands]
        pairs: Integers = joining.pair_band(keys[band], following, articles, window, count)
        return pairs

    return map_in_order(work, range(bands), _worth(threads, len(articles)))


def compare(signatures: Signatures, pairs: Integers, threads: int = 1) -> Floats:
    """The share of equal positions of each pair of signatures: float32[m]."""
    _check_numbers("pairs", pairs, len(signatures))
    shares = np.empty(len(pairs), dtype=np.float32)

    def work(at: slice) -> None:
        joining.compare(signatures, pairs[at], shares[at])

    _in_slices(work, len(pairs), threads)
    return shares


def group(pairs: Integers, count: int) -> Integers:
    """Groups of `count` articles linked by `pairs`: the smallest number of each one's group."""
    _check_numbers("pairs", pairs, count)
    labels = np.arange(count, dtype=np.int64)
    joining.group(pairs, labels)
    return labels


def _in_slices(work: Callable[[slice], None], count: int, threads: int) -> None:
    """Do the work for all of `count` rows, slice by slice."""
    slices = (slice(at, at + SLICE) for at in range(0, count, SLICE))
    deque(map_in_order(work, slices, _worth(threads, count)), maxlen=0)


def _worth(threads: int, count: int) -> int:
    """`threads`, or 1 where to start others takes as long as the work: .2 ms."""
    return threads if count > SLICE else 1


def _width(width: int) -> int:
    if width < 1:
        raise ValueError(f"a shingle of {width} words; give at least 1")
    return width


def _check_offsets(data: npt.NDArray[np.uint8], offsets: Integers) -> None:
    if not _ascends(offsets) or offsets[0] < 0 or offsets[-1] > len(data):
        raise ValueError(f"offsets must ascend within the {len(data)} bytes they point into")


def _check_starts(hashes: Hashes, starts: Integers) -> None:
    if not _ascends(starts) or starts[0] != 0 or starts[-1] != len(hashes):
        raise ValueError(f"starts must ascend from 0 to {len(hashes)}, the number of words")


def _ascends(bounds: Integers) -> bool:
    return len(bounds) > 0 and not np.any(bounds[1:] < bounds[:-1])


def _check_numbers(what: str, numbers: Integers, count: int) -> None:
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < count:
        raise ValueError(f"{what} must be numbers from 0 to {count - 1}")
