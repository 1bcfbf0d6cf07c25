"""Sketches: what is kept of each article so that similar ones can be found without rereading.

A sketch has three columns. The signature is 128 minima over word-5-shingles (MinHash, Broder 1997),
bit for bit `datasketch.MinHash(num_perm=128, seed=1, hashfunc=shingle_hash)`: two signatures agree
in as large a share of their positions as the articles share of their shingles. The terms are hashed
words (Korean ones without the particles written to them), weighted by scikit-learn's tf-idf: they
still match in a rewrite that shares no five words in a row. The runs are winnowed hashes of eight
words in a row (`winnow`): they find a single paragraph in two articles that have nothing else in
common.

Two paths give the same bits: numpy (`plain`) starts at once and serves a few thousand articles;
beyond that, numba's `kernels` work from bytes. Texts pass block by block, and no Python object
is made per word, Korean apart. Pairs are not compared here, and no language is known.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain
from operator import length_hint
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dedup.errors import check_count
from dedup.sketch import plain
from dedup.sketch.columns import PERMUTATIONS as PERMUTATIONS
from dedup.sketch.columns import TERM_BITS as TERM_BITS
from dedup.sketch.columns import RawSketches as RawSketches
from dedup.sketch.columns import Sketches as Sketches
from dedup.sketch.plain import EMPTY as EMPTY
from dedup.sketch.plain import SHINGLE as SHINGLE
from dedup.sketch.plain import Floats, Signatures
from dedup.sketch.plain import shingles as shingles
from dedup.sketch.weights import assemble
from dedup.sketch.winnow import winnow
from dedup.text.rarity import HANGUL, listed_stem
from dedup.text.words import Hashes, Integers, code_points, hash_words, split_words

SEED = 1

# Numpy takes .035 s per million characters, the kernels .001 s, .5 s to import and 8 s to compile
# once per machine: from here they win where they are compiled or soon will be, and who compares
# fewer never waits for a compiler.
MIN_FOR_KERNELS = 10_000_000  # characters; 3,000 articles of 490 words
TEXT = 300  # characters that a text costs by numpy however short it is: 12 µs
# Characters of a block. Numpy is a fifth slower from 2^18 on. The kernels lose a tenth with 2^16
# (with two threads, with 2^17), and up to half with 2^22, whose memory is new each time.
BLOCK = 1 << 16
KERNEL_BLOCK = 1 << 19
MAX_SEARCHED = 1_000  # characters, in which a Korean article has some of its script

Result = TypeVar("Result")


def sketch(
    texts: Iterable[str], *, compiled: bool | None = None, threads: int | None = None
) -> Sketches:
    """The sketches of `texts`, row i for text i.

    `compiled` chooses the path (default: by size), `threads` how many work (default: as many as
    there are processors; numpy's path uses one); all give the same, to the last bit.

    >>> sketches = sketch(["North Korea has sent 4,000 troops.", ""])
    >>> sketches.signatures.shape, sketches.words.tolist()
    ((2, 128), [7, 0])
    """
    raw = raw_sketch(texts, compiled=compiled, threads=threads)
    return assemble(raw, range(len(raw.sizes)))


def raw_sketch(
    texts: Iterable[str], *, compiled: bool | None = None, threads: int | None = None
) -> RawSketches:
    """The sketches of `texts` before their terms are weighted by how rare they are in all texts.

    `compiled` and `threads` as for `sketch`.
    """

    def work(path: Any, block: Sequence[str]) -> RawSketches:
        hashes, starts = path.hash_texts(block)
        signed = path.sign(hashes, starts, SHINGLE, permutations())
        terms = hash_terms(block, hashes, starts)
        columns, counts, rows = path.count_terms(terms, starts, TERM_BITS)
        runs = winnow(hashes, starts)
        return RawSketches(signed, np.diff(starts), columns, counts, np.diff(rows), *runs)

    blocks = map_blocks(work, *choose_path(texts, compiled), threads)
    return RawSketches(*map(np.concatenate, zip(*blocks, strict=True)))


def hash_terms(texts: Sequence[str], hashes: Hashes, starts: Integers) -> Hashes:
    """The hashes by which terms are counted: those of the words, and in Korean texts of what is
    left of each without the particles written to it, or a retelling has hardly a word in common."""
    korean = [n for n, text in enumerate(texts) if HANGUL.search(text, 0, MAX_SEARCHED)]
    terms = hashes.copy() if korean else hashes
    for n in korean:
        stems = (listed_stem(form, "ko") for form in split_words(texts[n]).forms())
        own = split_words(" ".join(stems)).hashes
        if len(own) == starts[n + 1] - starts[n]:
            terms[starts[n] : starts[n + 1]] = own
    return terms


def signatures(
    texts: Iterable[str], *, compiled: bool | None = None, threads: int | None = None
) -> Signatures:
    """The signatures of `texts` alone: uint32[n, 128], all `EMPTY` where there are no words.

    `compiled` and `threads` as for `sketch`. The texts are read once and not kept.
    """
    texts, compiled = choose_path(texts, compiled)

    def work(path: Any, block: Sequence[str]) -> Signatures:
        signed: Signatures = path.sign_texts(block, SHINGLE, permutations())
        return signed

    # Grown in place: two copies would be all the memory there is at some millions of articles.
    table, filled = np.empty((length_hint(texts), PERMUTATIONS), dtype=np.uint32), 0
    for rows in map_blocks(work, texts, compiled, threads):
        if filled + len(rows) > len(table):
            room = max(filled + len(rows), len(table) + len(table) // 8)
            table.resize((room, PERMUTATIONS), refcheck=False)
        table[filled : filled + len(rows)] = rows
        filled += len(rows)
    table.resize((filled, PERMUTATIONS), refcheck=False)
    return table


def choose_path(texts: Iterable[str], compiled: bool | None) -> tuple[Iterable[str], bool]:
    """The same texts, and whether the kernels serve them (default: where there are many).

    Only as many texts as it takes are read ahead, so that `texts` may be a stream.
    """
    if compiled is not None:
        return texts, compiled
    ahead, rest, size = list[str](), iter(texts), 0
    for text in rest:
        ahead.append(text)
        size += len(text) + TEXT
        if size >= MIN_FOR_KERNELS:
            return texts if isinstance(texts, Sequence) else chain(ahead, rest), True
    return ahead, False


def usable_threads(threads: int | None) -> int:
    """How many threads to use (default: as many as this process may run at once)."""
    if threads is not None:
        check_count("threads", threads)
    if threads is None and hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return threads or os.cpu_count() or 1


def is_empty(signatures: Signatures) -> npt.NDArray[np.bool_]:
    """Which signatures belong to texts without words: bool[n]."""
    return np.asarray((signatures == EMPTY).all(axis=1))


def resemblance(signatures: Signatures, pairs: Integers) -> Floats:
    """The estimated Jaccard resemblance of each pair: the share of equal positions, float32[m].

    The standard error is at most .044. A text without words resembles nothing, itself included.
    """
    shares = np.empty(len(pairs), dtype=np.float32)
    for at in range(0, len(pairs), 8192):  # 8192 · 128 · 4 bytes a side
        left, right = signatures[pairs[at : at + 8192].T]
        shares[at : at + 8192] = (left == right).mean(axis=1, dtype=np.float32)
        shares[at : at + 8192][is_empty(left)] = 0
    return shares


def shingle_containment(
    a_hashes: Hashes, b_hashes: Hashes, width: int = SHINGLE
) -> tuple[float, float]:
    """Which share of a's distinct word shingles stands in b, and which of b's in a.

    The arguments are word hashes in order (`split_words(text).hashes`); 0 for a text without words.

    >>> from dedup.text.words import split_words
    >>> a, b = split_words("troops sent to Russia by ship"), split_words("troops sent to Russia")
    >>> shingle_containment(a.hashes, b.hashes, width=3)
    (0.5, 1.0)
    """
    a, b = np.unique(shingles(a_hashes, width)), np.unique(shingles(b_hashes, width))
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(len(a), 1), shared / max(len(b), 1)


def shingle_hash(shingle: bytes) -> int:
    """The 32-bit hash of a shingle given as folded words, joined by spaces, in UTF-8.

    It is the `hashfunc` with which datasketch makes the signatures that `sketch` makes, so
    that they can be looked up in a datasketch index and the other way round.
    """
    forms = shingle.decode("utf-8", "surrogatepass").split(" ")
    starts = np.cumsum([0, *map(len, forms)])
    hashes = shingles(hash_words(code_points("".join(forms)), starts), len(forms))
    return int(hashes[0].astype(np.uint32))


@cache
def permutations() -> Signatures:
    """datasketch's 128 permutations, read-only: uint32[2, 128], rows a and b of a·h + b.

    Drawn as datasketch draws them for its scheme "affine32" (each a odd, so that no two hashes
    become one), because to import it takes .7 s.
    """
    chance = np.random.RandomState(SEED)  # numpy keeps its stream for good
    factors = 2 * chance.randint(1 << 31, size=PERMUTATIONS, dtype=np.uint32) + np.uint32(1)
    made = np.array([factors, chance.randint(1 << 32, size=PERMUTATIONS, dtype=np.uint32)])
    made.flags.writeable = False
    return made


def map_blocks(
    work: Callable[[Any, Sequence[str]], Result],
    texts: Iterable[str],
    compiled: bool,
    threads: int | None,
) -> Iterator[Result]:
    """The result of `work` for each block of texts, in order.

    `work` is also given the module that makes the columns: the kernels, or `plain`, which has the
    same functions.
    """
    threads = usable_threads(threads)
    if not compiled:
        return map(partial(work, plain), split_blocks(texts, BLOCK))
    from dedup.sketch import kernels  # numba takes half a second to import

    return kernels.map_in_order(partial(work, kernels), split_blocks(texts, KERNEL_BLOCK), threads)


def split_blocks(texts: Iterable[str], characters: int) -> Iterator[Sequence[str]]:
    """Runs of texts of about `characters`; one empty run where there are no texts."""
    block, size = list[str](), 0
    for text in texts:
        if size and size + len(text) > characters:
            yield block
            block, size = [], 0
        block.append(text)
        size += len(text) + TEXT
    yield block
