"""Near-duplicates as a scikit-learn clusterer: `fit`, `fit_predict`, `labels_`.

It is `dedup.near_duplicates` for pipelines, grid searches and people who know `DBSCAN`. Not to be
confused with `dedup.candidates.NearDuplicates`, the result of that function: this one is an
estimator. There is no `predict`: a new text may join two clusters, and `dedup.Index` is for
collections that grow.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClusterMixin

from dedup.candidates import near_duplicates
from dedup.errors import InputError

if TYPE_CHECKING:
    from sklearn.utils import Tags

__all__ = ["NearDuplicates"]

ALONE = -1


class NearDuplicates(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Clusters of texts that are nearly the same, word for word.

    Two texts are linked where they have at least `threshold` of their word-5-shingles in common
    (Jaccard, estimated from MinHash signatures; see `dedup.near_duplicates`), and a cluster is
    what links hold together. Rewrites and translations are not found: that is for
    `dedup.compare`. The same texts give the same clusters in any order and with any number of
    threads.

    Parameters
    ----------
    threshold : float, default=0.7
        The least resemblance of linked texts, above 0 and up to 1. Below about .5 ever more
        pairs are missed.
    threads : int, default=None
        None: as many as there are processors. It changes the time, never the answer.

    Attributes
    ----------
    labels_ : int64[n]
        The cluster of each text, numbered from 0 on in the order of their first texts; -1 where
        a text is in none.
    n_clusters_ : int
        How many clusters there are.
    pairs_ : int64[m, 2]
        The linked texts, i < j, ascending. Of identical texts each is linked with the first only.
    similarity_ : float32[m]
        The resemblance of each pair.

    >>> wire = "North Korea has sent four thousand more troops to Russia, ZDF reported."
    >>> texts = [wire, "Stocks fell in early trade in London.", wire.upper()]
    >>> NearDuplicates(threshold=0.8).fit_predict(texts).tolist()
    [0, -1, 0]
    """

    def __init__(self, threshold: float = 0.7, *, threads: int | None = None) -> None:
        self.threshold = threshold
        self.threads = threads

    def fit(self, X: Iterable[str], y: object = None) -> Self:
        """Find the clusters of `X`, texts that are read once and not kept: a list, an array, a
        column of a data frame, a generator. Raises `InputError` where something is no text."""
        if isinstance(X, str | bytes):
            raise InputError(f"X is one text, {X[:40]!r}…; give a list of texts")
        result = near_duplicates(map(checked_text, X), self.threshold, threads=self.threads)
        self.labels_ = numbered(result.labels)
        self.n_clusters_ = int(self.labels_.max(initial=ALONE)) + 1
        self.pairs_, self.similarity_ = result.pairs, result.similarity
        return self

    def __sklearn_tags__(self) -> "Tags":
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def checked_text(value: Any) -> str:
    if not isinstance(value, str):
        kind = type(value).__name__
        raise InputError(f"X has {str(value)[:40]!r}, which is of type {kind}; give texts (str)")
    return value


def numbered(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Groups by their first texts as labels from 0 on; those of one text are alone."""
    firsts, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    number = np.where(sizes > 1, np.cumsum(sizes > 1) - 1, ALONE)
    return np.asarray(number[group] if len(firsts) else groups, dtype=np.int64)
