"""Siblings: which version is closest to an article that none of the others is known to be from.

Members of a cluster share a source text, so whoever has no parent there hangs, beside the others,
on a source that is not among them; what can be shown is the closest version. These ties join the
trees of derivations into one: a maximum spanning tree (Chu and Liu 1965), whose root is the
article that most of the others lean on. Articles that print one agency's report are compared with
the fullest copy of it, so that what each cut or changed can be seen. Which of two siblings
came first is not said.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dedup.derive.measures import Floats, Measures
from dedup.derive.model import CLOSE, NAMES, Scores
from dedup.derive.tree import NO_EDGE, best_parents

# How close two versions are; that they go back to one source, which they do, is no part of it.
ALIKE = [name for name in CLOSE if name != "relation"]
LAST = 1_000.0  # log-weight against a root, so that there are no more than there must be
REFERENCE = 30.0  # log-weight for the fullest copy of an agency's report


def closeness(scores: Scores, count: int) -> Floats:
    """How close the versions of each pair are, as log-weights: float64[count, count]."""
    weights = np.isin(NAMES, ALIKE) * scores.weights
    return replace(scores, weights=weights).table(count, NO_EDGE)


def closest_versions(
    measures: Measures, scores: Scores, parents: Sequence[int | None]
) -> list[int | None]:
    """For each member without a parent its closest version in another tree; None for one
    member, and for those that were compared with none."""
    count = len(parents)
    ties = closeness(scores, count)
    for fullest, copies in fullest_copies(measures, ties):
        for v in copies:
            if np.isfinite(ties[fullest, v]):
                ties[fullest, v] += REFERENCE
    root = np.full(count, -LAST)
    # The root is what most lean on, above all what others derive from.
    root += np.where(np.isfinite(ties), np.exp(np.minimum(ties, 0)), 0).sum(axis=1) / (count + 1)
    for v, u in enumerate(parents):
        if u is not None:
            ties[:, v] = NO_EDGE
            ties[u, v] = 0.0
            root[v] = -2 * LAST
    best = best_parents(ties, root)
    return [u if parents[v] is None else None for v, u in enumerate(best)]


def fullest_copies(measures: Measures, ties: Floats) -> list[tuple[int, tuple[int, ...]]]:
    """For each agency whose report several members print, the one that has most of the others,
    and the others."""
    printing: defaultdict[str, list[int]] = defaultdict(list)
    for v, node in enumerate(measures.nodes):
        for agency in node.prints:
            printing[agency].append(v)
    found = []
    for _, copies in sorted(printing.items()):
        if len(copies) > 2:
            has = {u: _share_of_others(measures, u, copies) for u in copies}
            fullest = max(copies, key=lambda u: (has[u], -u))
            found.append((fullest, tuple(v for v in copies if v != fullest)))
    return found


def _share_of_others(measures: Measures, u: int, others: Sequence[int]) -> float:
    """How much of the others u has, in articles."""
    total = 0.0
    for v in others:
        flags = measures.covers.get((v, u))
        if flags is not None:
            own = measures.nodes[v].columns
            total += float(own.sizes @ flags) / own.length
    return total
