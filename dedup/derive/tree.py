"""Tree: the likeliest tree of derivations, and how likely each edge is over all trees.

The first is the maximum spanning arborescence of Chu and Liu (1965) and Edmonds (1967), on a
dense matrix (networkx's takes 17 to 160 s for 400 articles), the second the directed matrix-tree
theorem (Tutte 1948; Koo et al. 2007). A virtual root, which may have several children, stands
for a source that is not among the articles. The theorem's matrix is near singular where two
articles are each other's likeliest source, so small clusters are reduced article by article,
without subtracting weights (Grassmann, Taksar and Heyman 1985), which is always exact.
"""

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float64]

NO_EDGE = -np.inf
# The reduction keeps n³/3 numbers (170 MB for 400 articles) and takes 1 s; a larger cluster is
# inverted, its weights cut to what an inverse in double precision can distinguish.
MAX_REDUCED = 400
MAX_SPAN = 20.0
MIN_ROOT = 1e-280  # of the root's weights, so that every article has some parent


def best_parents(edges: Weights, unseen: Weights) -> list[int | None]:
    """Each article's parent in the heaviest tree; None where that is the root.

    `edges[u, v]` is the log-weight of u being v's parent (`NO_EDGE` for none), `unseen[v]`
    of v's parent being none of them. Of trees of equal weight always the same is taken.
    """
    root = len(unseen)
    weights = np.full((root + 1, root + 1), NO_EDGE)
    weights[:root, :root], weights[root, :root] = edges, unseen
    np.fill_diagonal(weights, NO_EDGE)
    parents = weights.argmax(axis=0)
    parents[root] = root
    contracted = []
    while cycle := _cycle(parents, root):
        # The cycle becomes one article, under the number of its first.
        first = cycle[0]
        gains = weights[:, cycle] - weights[parents[cycle], cycle]
        entries, exits = gains.argmax(axis=1), weights[cycle].argmax(axis=0)
        contracted.append((cycle, parents[cycle], entries, exits))
        weights[first] = weights[cycle].max(axis=0)
        weights[:, first] = gains.max(axis=1)
        weights[cycle, first] = NO_EDGE
        weights[cycle[1:]], weights[:, cycle[1:]] = NO_EDGE, NO_EDGE
        parents[np.isin(parents, cycle)] = first
        parents[first] = weights[:, first].argmax()
        parents[cycle[1:]] = root
    for cycle, within, entries, exits in reversed(contracted):
        above = parents[cycle[0]]
        below = np.flatnonzero(parents == cycle[0])
        parents[below] = np.array(cycle)[exits[below]]
        parents[cycle] = within
        parents[cycle[entries[above]]] = above
    return [None if parent == root else parent for parent in parents[:root].tolist()]


def _cycle(parents: npt.NDArray[np.int64], root: int) -> list[int]:
    """A cycle among the parents; none if they are a tree."""
    above = parents.tolist()
    reached_from = [-1] * len(above)
    reached_from[root] = root
    for start in range(root):
        at = start
        while reached_from[at] < 0:
            reached_from[at] = start
            at = above[at]
        if reached_from[at] == start and at != root:
            cycle = [at]
            while above[cycle[-1]] != at:
                cycle.append(above[cycle[-1]])
            return sorted(cycle)
    return []


def edge_probabilities(edges: Weights, unseen: Weights) -> tuple[Weights, Weights]:
    """The probability of each edge and of each unseen parent: float64[n, n], float64[n].

    Every column of the first plus the second sums to 1.
    """
    weights = np.vstack([edges, unseen])  # the last row is the root's
    np.fill_diagonal(weights, NO_EDGE)
    weights = np.exp(weights - weights.max(axis=0))
    compute = _by_reduction if len(unseen) <= MAX_REDUCED else _by_inversion
    probabilities = np.clip(compute(weights), 0, 1)
    return probabilities[:-1], probabilities[-1]


def _by_reduction(weights: Weights) -> Weights:
    """The edges' probabilities by state reduction: float64[n + 1, n], the root last.

    Taking out article k turns each path u → k → v into an edge u → v. Put back, k shares
    the probability of each edge u → v between the edge itself and the path.
    """
    count = weights.shape[1]
    root = -1
    stages = []
    for k in range(count - 1, -1, -1):
        weights[root] = np.maximum(weights[root], MIN_ROOT)
        weights /= weights.sum(axis=0)
        stages.append(weights)
        keep = [*range(k), root]
        weights = weights[keep, :k] + np.outer(weights[keep, k], weights[k, :k])
        np.fill_diagonal(weights, 0)
    known = np.zeros((1, 0))
    for k, stage in enumerate(reversed(stages)):
        keep = [*range(k), root]
        into, out = stage[keep, k], stage[k, :k]
        paths = np.outer(into, out)
        both = stage[keep, :k] + paths
        paths = known * np.divide(paths, both, out=np.zeros_like(both), where=both > 0)
        whole = np.zeros_like(stage)
        whole[keep, :k] = known - paths
        whole[k, :k] = paths.sum(axis=0)
        whole[keep, k] = into * (1 - paths.sum()) + paths.sum(axis=1)
        known = whole
    return known


def _by_inversion(weights: Weights) -> Weights:
    """The edges' probabilities by the inverse of the theorem's matrix, as `_by_reduction`."""
    edges, root = weights[:-1], np.maximum(weights[-1], np.exp(-MAX_SPAN))
    inverse = np.linalg.inv(np.diag(edges.sum(axis=0) + root) - edges)
    own = np.diag(inverse)
    # The marginal of u → v: its weight times the difference of two entries of the inverse.
    return np.vstack([edges * (own[None, :] - inverse.T), root * own])
