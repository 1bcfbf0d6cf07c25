"""Candidates: the few pairs of articles that are worth a closer look.

Comes in: `Sketches`. Goes out: pairs, sorted, with the two numbers that the sketches give for
free. It is the union of two searches, for each misses what the other finds:

- bands of the signatures (locality-sensitive hashing, Indyk and Motwani 1998; Leskovec,
  Rajaraman and Ullman, ch. 3): copies and light edits, in time linear in the articles, however
  many share a bucket;
- nearest neighbours by tf-idf, proposed by the postings of each article's rarest terms:
  rewrites, which share rare words (names above all, so shared rare anchors need no search of
  their own while words are folded) but hardly any five in a row.

No article is compared with all others. It does not say what a pair is (`dedup.relate`), and
does not see across languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedup.errors import InputError
from dedup.sketch import Sketches, resemblance, signatures, wordless
from dedup.text.words import MULTIPLIER, mix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# 25 bands of 5 use 125 of the 128 positions: half of the pairs at resemblance .53 meet, .99 at .7.
BANDS = 25
ROWS = 5
# Each member of a bucket meets this many that follow it: buckets of up to 9 are complete, and
# the work is linear in larger ones.
WINDOW = 8
# Where the bands stop finding pairs anyway: on Reuters .04 pairs an article reach .3 or .4.
RESEMBLING = 0.4

# Measured on the same-language pairs of families.jsonl (160 articles), alone and among 2,000 and
# 17,035 Reuters stories; on three versions each of 509 WMT stories, alone and among 2,000; and
# on the seeds alone, among 500 Reuters and 117 BASIL articles and among 17,035. All true groups
# are connected from 4 neighbours on. Pairs of families found: .90 with 4, .96 with 6, .99 with 8
# (WMT, seeds: all); pairs proposed per article of 2,000 from Reuters: 1.7, 2.2 and 2.6.
NEIGHBOURS = 8
# The least cosine of a true pair was .246; a floor of .15 proposes half as many pairs again.
COSINE = 0.2
# An article's rarest terms that propose its neighbours, and how many articles may have a rare
# term. 20 lose a pair of WMT in 1,000; 80, or 1,000 articles, find no more true pairs, and the
# latter takes 4 times as long.
RAREST = 40
COMMON = 50
# Exact cosines are computed for this many proposals per neighbour, the best by rare terms alone;
# all of them propose .2 pairs more an article, none of them true, in 3 times the time.
SHORTLIST = 4
# Articles linked from this resemblance on are copies; this many of them take part in the search.
COPIED = 0.8
SPEAKERS = 4
BLOCK = 1024  # articles; its proposals are at most BLOCK · RAREST · COMMON


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth a closer look, in columns.

    pairs: int64[m, 2], i < j, ascending, each once. resemblance: float32[m], the share of equal
    signature positions. cosine: float32[m], of the tf-idf rows.
    """

    pairs: npt.NDArray[np.int64]
    resemblance: npt.NDArray[np.float32]
    cosine: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Texts that are nearly the same.

    pairs: int64[m, 2], i < j, ascending. similarity: float32[m], the estimated resemblance,
    at least the threshold. labels: int64[n], the smallest index of each text's group.
    """

    pairs: npt.NDArray[np.int64]
    similarity: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]


def candidates(
    sketches: Sketches,
    *,
    resembling: float = RESEMBLING,
    neighbours: int = NEIGHBOURS,
    cosine: float = COSINE,
) -> Candidates:
    """The pairs of articles that may be one report.

    Pairs whose signatures agree in at least `resembling` of their positions, and each
    article's `neighbours` nearest others by tf-idf, from a cosine of `cosine` on. Of many
    identical articles each is paired with the first only.
    """
    near, shares = resembling_pairs(sketches.signatures, resembling)
    far = neighbour_pairs(sketches, near, shares, neighbours, cosine)
    count = len(sketches)
    pairs = _unkey(_distinct(np.concatenate((_key(near, count), _key(far, count)))), count)
    return Candidates(
        pairs, resemblance(sketches.signatures, pairs), cosines(sketches.terms, pairs)
    )


def near_duplicates(texts: Sequence[str], threshold: float = 0.7) -> NearDuplicates:
    """Which of `texts` are nearly the same: word-5-shingle resemblance from `threshold` on.

    Every pair is verified on its signatures. Groups are the connected components of the pairs;
    of many identical texts each is paired with the first only. A text without words matches
    nothing. Below a threshold of about .5 ever more pairs are missed. Raises `InputError`
    where the threshold is not above 0 and at most 1.

    >>> wire = "North Korea has sent four thousand more troops to Russia, ZDF reported."
    >>> near_duplicates([wire, "Stocks fell in early trade.", wire.upper()]).labels.tolist()
    [0, 1, 0]
    """
    if not 0 < threshold <= 1:
        raise InputError(f"threshold is {threshold!r}; give a share above 0 and up to 1, say 0.7")
    signed = signatures(texts)
    pairs, similarity = resembling_pairs(signed, threshold)
    return NearDuplicates(pairs, similarity, components(pairs, len(signed)))


def resembling_pairs(
    signatures: npt.NDArray[np.uint32], threshold: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Pairs whose signatures agree in at least `threshold` of their positions, and the share.

    Identical signatures are represented by the first of them, so that a text that stands
    20,000 times costs 19,999 pairs and is compared once.
    """
    count = len(signatures)
    contents = _contents(signatures)
    spoken = np.flatnonzero(~wordless(signatures))
    _, first, group = np.unique(contents[spoken], return_index=True, return_inverse=True)
    repeats = np.stack((spoken[first][group], spoken), axis=1)
    repeats = repeats[repeats[:, 0] < repeats[:, 1]]
    firsts = np.sort(spoken[first])
    pairs = firsts[_band_pairs(signatures[firsts], contents[firsts])]
    pairs = _unkey(np.sort(_key(np.concatenate((repeats, pairs)), count)), count)
    shares = resemblance(signatures, pairs)
    verified = shares >= threshold
    return pairs[verified], shares[verified]


def components(pairs: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """Groups of `count` articles linked by `pairs`: the smallest index of each one's group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(pairs), np.int8), pairs.T), shape=(count, count))
    _, label = connected_components(links, directed=False)
    _, first, group = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(first[group], dtype=np.int64)


def cosines(terms: "csr_array", pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The exact cosine of each pair of tf-idf rows: float32[m]."""
    found = np.empty(len(pairs), dtype=np.float32)
    for at in range(0, len(pairs), 8192):
        left, right = pairs[at : at + 8192].T
        found[at : at + 8192] = terms[left].multiply(terms[right]).sum(axis=1)
    return found


def neighbour_pairs(
    sketches: Sketches,
    near: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float32],
    neighbours: int,
    cosine: float,
) -> npt.NDArray[np.int64]:
    """Each article's nearest others by tf-idf cosine, apart from the pairs in `near`.

    A story that a hundred sites carry word for word has no rare words left, and its copies
    would be each other's nearest: so only `SPEAKERS` of a group of copies take part, and pairs
    already found take nobody's place.
    """
    count = len(sketches)
    rows = _speakers(sketches, near[shares >= COPIED])
    rarest, postings = _rare_terms(sketches.terms[rows])
    known, contents = _key(near, count), _contents(sketches.signatures)
    found = [np.empty(0, dtype=np.int64)]
    for at in range(0, len(rows), BLOCK):
        proposed = (rarest[at : at + BLOCK] @ postings).tocoo()
        left, right, value = rows[proposed.row + at], rows[proposed.col], proposed.data
        other = left != right
        pairs = np.stack((left[other], right[other]), axis=1)
        fresh = ~np.isin(_key(pairs, count), known)
        pairs, value = pairs[fresh], value[other][fresh]
        tie = contents[pairs[:, 1]]
        pairs = pairs[_best(pairs[:, 0], value, SHORTLIST * neighbours, tie)]
        value = cosines(sketches.terms, pairs)
        pairs, value = pairs[value >= cosine], value[value >= cosine]
        tie = contents[pairs[:, 1]]
        found.append(_key(pairs[_best(pairs[:, 0], value, neighbours, tie)], count))
    return _unkey(_distinct(np.concatenate(found)), count)


def _speakers(sketches: Sketches, copies: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The articles that speak for their group of copies, ascending; no text without words."""
    label = components(copies, len(sketches))
    label[sketches.words == 0] = -1
    order = np.lexsort((_contents(sketches.signatures), label))
    rank = np.arange(len(order)) - np.searchsorted(label[order], label[order])
    return np.sort(order[(rank < SPEAKERS) & (label[order] >= 0)])


def _rare_terms(terms: "csr_array") -> tuple["csr_array", "csr_array"]:
    """Each article's rarest terms that others have too, and the postings of all rare terms.

    CSR [n, columns] and CSR [columns, n]: their product proposes neighbours.
    """
    from scipy.sparse import csr_array

    count, width = terms.shape
    frequency = np.bincount(terms.indices, minlength=width)
    rare = (frequency >= 2) & (frequency <= COMMON)
    renumbered = np.cumsum(rare) - 1
    kept = rare[terms.indices]
    article = np.repeat(np.arange(count), np.diff(terms.indptr))[kept]
    column, weight = terms.indices[kept], terms.data[kept]
    shape = (count, int(rare.sum()))
    postings = csr_array((weight, (article, renumbered[column])), shape=shape).T.tocsr()
    top = _best(article, -frequency[column], RAREST, column)
    rarest = csr_array((weight[top], (article[top], renumbered[column[top]])), shape=shape)
    return rarest, postings


def _best(
    owner: npt.NDArray[np.int64],
    value: npt.NDArray[np.float32] | npt.NDArray[np.int64],
    most: int,
    tie: npt.NDArray[np.uint64] | npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:
    """Where the `most` largest values of each owner stand, the owners ascending.

    `tie` decides among equals, by content, so that the order of the articles does not.
    """
    order = np.lexsort((tie, -value, owner))
    ranked = owner[order]
    rank = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    return np.asarray(order[rank < most], dtype=np.int64)


def _band_pairs(
    signatures: npt.NDArray[np.uint32], contents: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64]:
    """Pairs that share a bucket in some band, each once: int64[m, 2] of row numbers.

    In a bucket of more than `WINDOW` + 1 each meets only those that follow it when the bucket
    is sorted by the next band: those most alike stand together there.
    """
    count = len(signatures)
    bands = [_polynomial(signatures[:, at : at + ROWS]) for at in range(0, BANDS * ROWS, ROWS)]
    found = np.empty(0, dtype=np.int64)
    for number, band in enumerate(bands):
        order = np.argsort(band, kind="stable")
        if np.any(band[order[WINDOW + 1 :]] == band[order[: -WINDOW - 1]]):
            order = np.lexsort((contents, bands[(number + 1) % BANDS], band))
        bucket, met = band[order], [found]
        for step in range(1, WINDOW + 1):
            together = bucket[step:] == bucket[:-step]
            pairs = np.stack((order[:-step][together], order[step:][together]), axis=1)
            met.append(_key(pairs, count))
        found = _distinct(np.concatenate(met))
    return _unkey(found, count)


def _contents(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """One number for each signature's content: uint64[n]."""
    return _polynomial(signatures)


def _polynomial(columns: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each row."""
    value = np.zeros(len(columns), dtype=np.uint64)
    for column in columns.T:
        value = value * MULTIPLIER + column
    return mix(value)


def _key(pairs: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """A pair as one number that sorts like the pair, whichever end comes first."""
    left, right = pairs.T
    return np.asarray(np.minimum(left, right) * count + np.maximum(left, right), dtype=np.int64)


def _unkey(keys: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    return np.stack(np.divmod(keys, max(count, 1)), axis=1)


def _distinct(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The distinct keys, ascending; on many keys a plain sort is 10 times as fast as np.unique."""
    keys = np.sort(keys)
    fresh = np.ones(len(keys), dtype=np.bool_)
    fresh[1:] = keys[1:] != keys[:-1]
    return keys[fresh]
