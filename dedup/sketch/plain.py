"""From texts to word hashes, signatures and term counts by numpy, which starts at once.

The kernels (`dedup.sketch.kernels`) have the same functions and give the same bits.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedup.text.spelling import Spelling
from dedup.text.words import (
    MULTIPLIER,
    Hashes,
    Integers,
    asks,
    fold_text,
    mix,
    respell,
    split_folded,
)

Signatures = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]

SHINGLE = 5  # words: the usual width for near-duplicate news, and datasketch users' default
EMPTY = np.uint32(0xFFFFFFFF)  # every position of a signature without shingles
MURMUR_1 = np.uint32(0x85EBCA6B)  # MurmurHash3's 32-bit finaliser, with which
MURMUR_2 = np.uint32(0xC2B2AE35)  # datasketch mixes every hash before permuting it
# Shingles that are permuted in one go: a kilobyte each, and a novel in Chinese has a million.
MAX_SIGNED = 16_384


def hash_texts(texts: Sequence[str]) -> tuple[Hashes, Integers]:
    """The word hashes of all texts end to end, and where each text's begin."""
    whole = "\n".join(texts)
    folded = fold_text(whole)
    if asks(whole, folded):
        texts = [respell(text).text if asks(text, fold_text(text)) else text for text in texts]
        whole = "\n".join(texts)
        folded = fold_text(whole)
    words = split_folded(folded, Spelling(whole))
    bounds = np.cumsum([0, *(len(text) + 1 for text in texts)])
    return words.hashes, np.searchsorted(words.begins, bounds)


def shingles(hashes: Hashes, width: int = SHINGLE) -> Hashes:
    """The hash of every run of `width` words: a polynomial in the word hashes, mixed.

    A shorter text is one shingle; a text without words has none.
    """
    width = min(width, len(hashes))
    if not width:
        return np.empty(0, dtype=np.uint64)
    count = len(hashes) - width + 1
    values = hashes[:count]
    for place in range(1, width):
        values = values * MULTIPLIER + hashes[place : place + count]
    return mix(values)


def sign(hashes: Hashes, starts: Integers, width: int, permutations: Signatures) -> Signatures:
    """Signatures uint32[texts, permutations] of word hashes; `permutations` is (a, b)."""
    factors, addends = permutations[:, :, np.newaxis]
    signed = np.full((len(starts) - 1, permutations.shape[1]), EMPTY, dtype=np.uint32)
    for text, (begin, end) in enumerate(pairwise(starts.tolist())):
        if begin < end:
            values = shingles(hashes[begin:end], width).astype(np.uint32)
            values = (values ^ (values >> np.uint32(16))) * MURMUR_1
            values = (values ^ (values >> np.uint32(13))) * MURMUR_2
            values ^= values >> np.uint32(16)
            for at in range(0, len(values), MAX_SIGNED):
                permuted = values[at : at + MAX_SIGNED] * factors + addends
                np.minimum(signed[text], permuted.min(axis=1), out=signed[text])
    return signed


def sign_texts(texts: Sequence[str], width: int, permutations: Signatures) -> Signatures:
    """As `sign` after `hash_texts`."""
    return sign(*hash_texts(texts), width, permutations)


def count_terms(
    hashes: Hashes, starts: Integers, bits: int
) -> tuple[npt.NDArray[np.int32], Floats, Integers]:
    """Distinct term columns by text, ascending, their counts, and where each text's begin."""
    texts = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    keys, counts = np.unique(
        texts << bits | (hashes >> np.uint64(64 - bits)).astype(np.int64), return_counts=True
    )
    rows = np.searchsorted(keys, np.arange(len(starts), dtype=np.int64) << bits)
    columns = (keys & ((1 << bits) - 1)).astype(np.int32)
    return columns, counts.astype(np.float32), rows
