"""Which candidate pairs of a large collection are worth an alignment, by their sketches.

An alignment costs a thousand times as much, and most neighbours in a large collection share only
a topic. A small logistic model, fitted by `benchmarks/fit_candidates.py` on open data and kept in
data/candidates.json, weighs shared rare words, cosine and containment; its cut keeps 997 of 1,000
true pairs. It is for large collections only: in a small one every word is rare.
"""

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedup.sketch import Sketches
from dedup.sketch.plain import Floats
from dedup.text.words import Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EVIDENCE = (
    "cosine",  # of the tf-idf rows
    "rare",  # log of how many shared words few articles have
    "words",  # the shared words, as a share of the words of the article that has fewer
    "length",  # log of the number of distinct words of the article that has fewer
)
# Articles that may have a rare word. In the search for neighbours 1,000 find no more true pairs and
# take 4 times as long.
MAX_ARTICLES_OF_RARE_TERM = 50
# As good as certain: of 32,505 candidate pairs among 6,447 versions of WMT stories and basil, 22
# of the false ones reach this cosine. Where every character is a word none is rare.
MIN_CERTAIN_COSINE = 0.5
BLOCK = 8192  # pairs
BLOCK_OF_TERMS = 1 << 24  # terms that are counted at a time


@cache
def load_model() -> tuple[float, npt.NDArray[np.float64], float]:
    """Intercept, weights in the order of `EVIDENCE`, and the cut."""
    data = json.loads(resources.files("dedup").joinpath("data/candidates.json").read_text("utf-8"))
    return data["intercept"], np.array([data["weights"][name] for name in EVIDENCE]), data["cut"]


def prefilter(sketches: Sketches, pairs: Integers) -> npt.NDArray[np.bool_]:
    """Which pairs are worth an alignment: bool[m]."""
    intercept, weights, cut = load_model()
    columns = evidence(sketches, pairs)
    likely = columns @ weights + intercept >= cut
    return np.asarray(likely | (columns[:, 0] >= MIN_CERTAIN_COSINE))


def evidence(sketches: Sketches, pairs: Integers) -> npt.NDArray[np.float64]:
    """The evidence for each pair, in the order of `EVIDENCE`: float64[m, 4]."""
    from scipy.sparse import csr_array

    def table(like: "csr_array", values: Floats) -> "csr_array":
        return csr_array((values, like.indices, like.indptr), shape=like.shape)

    terms = sketches.terms
    frequency = np.zeros(terms.shape[1], dtype=np.int64)
    for at in range(0, terms.nnz, BLOCK_OF_TERMS):
        columns = terms.indices[at : at + BLOCK_OF_TERMS]
        frequency += np.bincount(columns, minlength=len(frequency))
    size = np.diff(terms.indptr).astype(np.float32)
    values = np.empty((len(pairs), len(EVIDENCE)))
    for at in range(0, len(pairs), BLOCK):
        left, right = pairs[at : at + BLOCK].T
        own, other = terms[left], terms[right]
        have, others_have = (table(rows, np.ones(rows.nnz, np.float32)) for rows in (own, other))
        is_rare = frequency[own.indices] <= MAX_ARTICLES_OF_RARE_TERM
        fewer = np.maximum(np.minimum(size[left], size[right]), 1)
        values[at : at + BLOCK] = np.column_stack(
            (
                own.multiply(other).sum(axis=1),
                np.log1p(table(own, is_rare.astype(np.float32)).multiply(others_have).sum(axis=1)),
                have.multiply(others_have).sum(axis=1) / fewer,
                np.log(fewer),
            )
        )
    return values
