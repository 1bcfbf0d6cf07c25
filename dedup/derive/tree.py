"""The likeliest tree of derivations, and how likely each edge is over all trees.

Comes in: the log-weight of every possible edge between n articles, and of each article having
no parent among them. Goes out: each article's parent in the tree of greatest weight (Edmonds'
maximum spanning arborescence, by networkx) and every edge's marginal probability over all
trees (the directed matrix-tree theorem: Tutte 1948; Koo et al. 2007). A virtual root stands
for the parent that nobody has seen; it may have several children.
"""

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float64]

NO_EDGE = -np.inf
# Weights this far below the best change no probability that would be printed.
SPAN = 40.0


def best_parents(edges: Weights, unseen: Weights) -> list[int | None]:
    """Each article's parent in the heaviest tree; None where that is unseen.

    `edges[u, v]` is the log-weight of u being v's parent (`NO_EDGE` for none), `unseen[v]`
    of v's parent being none of them.
    """
    import networkx

    count = len(unseen)
    graph = networkx.DiGraph()
    for v in range(count):
        graph.add_edge(count, v, weight=float(unseen[v]))
        for u in range(count):
            if u != v and np.isfinite(edges[u, v]):
                graph.add_edge(u, v, weight=float(edges[u, v]))
    tree = networkx.maximum_spanning_arborescence(graph, preserve_attrs=False)
    parents: list[int | None] = [None] * count
    for u, v in tree.edges:
        if u != count:
            parents[v] = int(u)
    return parents


def edge_probabilities(edges: Weights, unseen: Weights) -> tuple[Weights, Weights]:
    """The probability of each edge and of each unseen parent: float64[n, n], float64[n].

    Every column of the first plus the second sums to 1.
    """
    top = max(float(np.max(edges, initial=NO_EDGE)), float(unseen.max()))
    weight = np.exp(np.maximum(edges - top, -SPAN)) * np.isfinite(edges)
    root = np.exp(np.maximum(unseen - top, -SPAN))
    np.fill_diagonal(weight, 0)
    laplacian = np.diag(weight.sum(axis=0) + root) - weight
    inverse = np.linalg.inv(laplacian)
    own = np.diag(inverse)
    # The marginal of u → v: its weight times the difference of two entries of the inverse.
    probabilities = weight * (own[None, :] - inverse.T)
    return np.clip(probabilities, 0, 1), np.clip(root * own, 0, 1)
