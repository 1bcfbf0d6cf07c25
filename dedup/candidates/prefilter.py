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

    def table(values: Floats) -> "csr_array":
        return csr_array((values, terms.indices, terms.indptr), shape=terms.shape)

    terms = sketches.terms
    frequency = np.bincount(terms.indices, minlength=terms.shape[1])
    present = table(np.ones(terms.nnz, np.float32))
    rare = table((frequency[terms.indices] <= MAX_ARTICLES_OF_RARE_TERM).astype(np.float32))
    size = present.sum(axis=1)
    columns = np.empty((len(pairs), len(EVIDENCE)))
    for at in range(0, len(pairs), BLOCK):
        left, right = pairs[at : at + BLOCK].T
        fewer = np.maximum(np.minimum(size[left], size[right]), 1)
        columns[at : at + BLOCK] = np.column_stack(
            (
                terms[left].multiply(terms[right]).sum(axis=1),
                np.log1p(rare[left].multiply(present[right]).sum(axis=1)),
                present[left].multiply(present[right]).sum(axis=1) / fewer,
                np.log(fewer),
            )
        )
    return columns
