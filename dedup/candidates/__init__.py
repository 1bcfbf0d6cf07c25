"""Which pairs of articles are worth a closer look, by their sketches alone.

It is the union of two searches, for each misses what the other finds:

- bands of the signatures (`dedup.candidates.near`): copies and light edits;
- nearest neighbours by tf-idf, proposed by the postings of each article's rarest terms:
  rewrites, which share rare words (names above all) but hardly any five in a row.

No article is compared with all others. `dedup.candidates.crosslingual` finds pairs in two
languages; `dedup.relate` says what a pair is.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedup.candidates.near import (
    NearDuplicates,
    components,
    contents_of,
    distinct,
    keyed_pairs,
    near_duplicates,
    pair_keys,
    resembling_pairs,
)
from dedup.candidates.prefilter import MAX_ARTICLES_OF_RARE_TERM
from dedup.sketch import Sketches, resemblance
from dedup.sketch.plain import Floats
from dedup.text.words import Hashes, Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "Candidates",
    "NearDuplicates",
    "candidates",
    "cosines",
    "near_duplicates",
    "spanning_pairs",
]

# Where the bands stop finding pairs anyway: on Reuters .04 pairs an article reach .3 or .4.
MIN_RESEMBLANCE = 0.4

# Measured on the same-language pairs of families.jsonl (160 articles), alone and among 2,000 and
# 17,035 Reuters stories; on three versions each of 509 WMT stories, alone and among 2,000; and
# on the seeds alone, among 500 Reuters and 117 BASIL articles and among 17,035. All true groups
# are connected from 4 neighbours on. Pairs of families found: .90 with 4, .96 with 6, .99 with 8
# (WMT, seeds: all); pairs proposed per article of 2,000 from Reuters: 1.7, 2.2 and 2.6.
MAX_NEIGHBOURS = 8
# The least cosine of a true pair was .246; a floor of .15 proposes half as many pairs again.
MIN_COSINE = 0.2
# An article's rarest terms that propose its neighbours: 20 lose a pair of WMT in 1,000, 80 find no
# more true pairs.
MAX_RARE_TERMS = 40
# Exact cosines are computed for this many proposals per neighbour, the best by rare terms alone;
# all of them propose .2 pairs more an article, none of them true, in 3 times the time.
SHORTLIST = 4
# Articles linked from this resemblance on are copies; this many of them take part in the search.
MIN_COPY_RESEMBLANCE = 0.8
REPRESENTATIVES = 4
# Articles; its proposals are at most BLOCK · MAX_RARE_TERMS · MAX_ARTICLES_OF_RARE_TERM.
BLOCK = 1024
BLOCK_OF_TERMS = 1 << 15  # articles whose terms are looked at at a time: some 100 MB


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth a closer look, in columns.

    pairs: int64[m, 2], i < j, ascending, each once. resemblance: float32[m], the share of equal
    signature positions. cosine: float32[m], of the tf-idf rows.
    """

    pairs: Integers
    resemblance: Floats
    cosine: Floats

    def __len__(self) -> int:
        return len(self.pairs)


def candidates(
    sketches: Sketches,
    *,
    min_resemblance: float = MIN_RESEMBLANCE,
    max_neighbours: int = MAX_NEIGHBOURS,
    min_cosine: float = MIN_COSINE,
) -> Candidates:
    """The pairs of articles that may share a source text.

    These are the pairs whose signatures agree in at least `min_resemblance` of their positions,
    and each article with its `max_neighbours` nearest by tf-idf, down to a cosine of
    `min_cosine`. Of many identical articles each is paired with the first only.
    """
    near, shares = resembling_pairs(sketches.signatures, min_resemblance)
    far = neighbour_pairs(sketches, near, shares, max_neighbours, min_cosine)
    count = len(sketches)
    keys = distinct(np.append(pair_keys(near, count), pair_keys(far, count)))
    pairs = keyed_pairs(keys, count)
    shares = resemblance(sketches.signatures, pairs)
    return Candidates(pairs, shares, cosines(sketches.terms, pairs))


def spanning_pairs(pairs: Integers, resemblance: Floats) -> npt.NDArray[np.bool_]:
    """Which pairs suffice to link all that `pairs` link, the most alike first: bool[m].

    A maximum spanning forest: of a thousand copies it keeps 999 pairs.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    if not len(pairs):
        return np.zeros(0, dtype=np.bool_)
    count = int(pairs.max()) + 1
    distance = (2 - resemblance).astype(np.float64)
    ends = pairs.T.astype(np.int32)  # before scipy 1.17 a spanning tree takes no other type
    forest = minimum_spanning_tree(coo_array((distance, ends), shape=(count, count))).tocoo()
    kept = np.stack((forest.row, forest.col), axis=1).astype(np.int64)
    return np.isin(pair_keys(pairs, count), pair_keys(kept, count))


def cosines(terms: "csr_array", pairs: Integers) -> Floats:
    """The exact cosine of each pair of tf-idf rows: float32[m]."""
    values = np.empty(len(pairs), dtype=np.float32)
    for at in range(0, len(pairs), 8192):
        left, right = pairs[at : at + 8192].T
        values[at : at + 8192] = terms[left].multiply(terms[right]).sum(axis=1)
    return values


def neighbour_pairs(
    sketches: Sketches, near: Integers, shares: Floats, max_neighbours: int, min_cosine: float
) -> Integers:
    """Each article's nearest others by tf-idf cosine, apart from the pairs in `near`.

    In a story that a hundred sites carry word for word no word is rare, and its copies would be
    each other's nearest: so only `REPRESENTATIVES` of a group of copies take part, and the pairs
    in `near`, whose resemblances are `shares`, count as no neighbours.
    """
    count = len(sketches)
    known, contents = pair_keys(near, count), contents_of(sketches.signatures)
    rows = np.flatnonzero(sketches.words)
    copies = components(near[shares >= MIN_COPY_RESEMBLANCE], count)[rows]
    rows = np.sort(rows[_best(copies, np.zeros_like(rows), REPRESENTATIVES, contents[rows])])
    rarest, postings = _rare_terms(sketches.terms, rows)
    nearest = [np.empty(0, dtype=np.int64)]
    for at in range(0, len(rows), BLOCK):
        proposed = (rarest[at : at + BLOCK] @ postings).tocoo()
        pairs, value = rows[np.stack((proposed.row + at, proposed.col), axis=1)], proposed.data
        fresh = (pairs[:, 0] != pairs[:, 1]) & ~np.isin(pair_keys(pairs, count), known)
        pairs, value = pairs[fresh], value[fresh]
        tie = contents[pairs[:, 1]]
        pairs = pairs[_best(pairs[:, 0], value, SHORTLIST * max_neighbours, tie)]
        value = cosines(sketches.terms, pairs)
        pairs, value = pairs[value >= min_cosine], value[value >= min_cosine]
        tie = contents[pairs[:, 1]]
        nearest.append(pair_keys(pairs[_best(pairs[:, 0], value, max_neighbours, tie)], count))
    return keyed_pairs(distinct(np.concatenate(nearest)), count)


def _rare_terms(terms: "csr_array", rows: Integers) -> tuple["csr_array", "csr_array"]:
    """The rarest terms of each of these articles that others have too, and the postings of all
    rare terms. Block by block, for all terms of a large collection do not fit in memory.

    CSR [n, columns] and CSR [columns, n]: their product proposes neighbours.
    """
    from scipy.sparse import csr_array

    count, width = len(rows), terms.shape[1]
    frequency = np.zeros(width, dtype=np.int64)
    for at in range(0, count, BLOCK_OF_TERMS):
        frequency += np.bincount(terms[rows[at : at + BLOCK_OF_TERMS]].indices, minlength=width)
    rare = (frequency >= 2) & (frequency <= MAX_ARTICLES_OF_RARE_TERM)
    articles, found, weights = [np.empty(0, np.int64)], [terms.indices[:0]], [terms.data[:0]]
    for at in range(0, count, BLOCK_OF_TERMS):
        block = terms[rows[at : at + BLOCK_OF_TERMS]]
        kept = rare[block.indices]
        owners = np.repeat(np.arange(at, at + block.shape[0]), np.diff(block.indptr))
        articles.append(owners[kept])
        found.append(block.indices[kept])
        weights.append(block.data[kept])
    article, term, weight = map(np.concatenate, (articles, found, weights))
    column, shape = (np.cumsum(rare) - 1)[term], (count, int(rare.sum()))
    postings = csr_array((weight, (article, column)), shape=shape).T.tocsr()
    top = _best(article, -frequency[term], MAX_RARE_TERMS, term)
    return csr_array((weight[top], (article[top], column[top])), shape=shape), postings


def _best(
    owner: Integers, value: Floats | Integers, limit: int, tie: Hashes | npt.NDArray[np.int32]
) -> Integers:
    """The indices of the `limit` largest values of each owner, the owners ascending.

    `tie` decides among equals, by content, so that the order of the articles does not.
    """
    order = np.lexsort((tie, -value, owner))
    ranked = owner[order]
    rank = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    return np.asarray(order[rank < limit], dtype=np.int64)
