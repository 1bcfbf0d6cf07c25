"""Derive: who copied from whom, with the evidence for and against.

Ordered pairs of a cluster's articles are scored by how close they are and by signals of
direction, with jointly fitted weights (`model`, `signals`). The likeliest tree is kept, and each
of its edges has its probability over all trees (`tree`). What the main source does
not explain may come from a second one (`second`), whoever has none hangs on its closest version
(`siblings`), and credited outlets that are no member become outside sources (`outside`). An
article without a source here need not be the original. How sure a tie is and which of the two
was first are said apart.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from dedup.derive.edges import (
    Derivation,
    closest,
    enforce_version_order,
    explain_edge,
    explain_sibling,
    keep_one_edge_per_copy_group,
    number_texts,
)
from dedup.derive.measures import measure
from dedup.derive.member import (
    Evidence,
    LinkTable,
    Mark,
    Member,
    make_member,
    recognize_publishers,
)
from dedup.derive.model import MIN_CLOSEST, MIN_TIE, Edge, calibrate, score
from dedup.derive.outside import credited_sources, derive_outside, inherited_sources
from dedup.derive.second import second_sources
from dedup.derive.siblings import closeness, closest_versions
from dedup.derive.tree import NO_EDGE, best_parents, edge_probabilities
from dedup.embed import Encoder
from dedup.relate import Relation
from dedup.relate.model import logistic

EVEN = 0.499  # of a direction, but for rounding

__all__ = [
    "Derivation", "Evidence", "Mark", "Member", "derive", "derive_outside", "make_member",
]  # fmt: skip


def derive(
    members: Sequence[Member],
    relations: Mapping[tuple[int, int], Relation],
    links: LinkTable,
    encoder: Encoder | None = None,
) -> tuple[Derivation, ...]:
    """The derivations within a cluster and from outside it, by derivative, main sources first.

    `relations[u, v]` (u < v) are those that were examined; `links[u, v]` the links of u's
    sentences into v, for both orders of the same pairs. With an `encoder`, translations are
    compared by meaning.
    """
    members = recognize_publishers(members)
    texts = number_texts(members)
    near = closest(relations)
    examined = {edge: links[edge] for u, v in near for edge in ((u, v), (v, u))}
    measures = measure(members, examined, texts, encoder)
    scores = score(measures, near)
    edges = enforce_version_order(scores.table(len(members), NO_EDGE), members)
    edges = keep_one_edge_per_copy_group(edges, texts, members)
    unseen = np.zeros(len(members))
    probabilities, _ = edge_probabilities(edges, unseen)
    derivations: list[list[Derivation]] = [[] for _ in members]
    confidences: list[dict[int, float]] = [{} for _ in members]

    def tie(edge: Edge, derived: float = 0.0) -> float:
        """How sure it is that the two have it from one another, or from one source."""
        u, v = sorted(edge)
        return max(derived, near[u, v].probability)

    def add(edge: Edge, derived: float, direction: float, *further: Evidence) -> None:
        u, v = edge
        confidences[v][u] = tie(edge, derived)
        derivations[v].append(
            explain_edge(measures, scores, edge, confidences[v][u], derived, direction, further)
        )

    alike = closeness(scores, len(members)).argmax(axis=0)
    parents: list[int | None] = [None] * len(members)
    for v, u in enumerate(best_parents(edges, unseen)):
        if u is None:
            continue
        edge = u, v
        there, back = float(probabilities[u, v]), float(probabilities[v, u])
        derived, direction = calibrate(there, back, scores.is_declared(edge))
        # An article put together from two others makes one of them its child, as a tree has no
        # other place for it: by all trees together the two are then likelier turned.
        if direction >= EVEN and derived >= (MIN_CLOSEST if alike[v] == u else MIN_TIE):
            parents[v] = u
            add(edge, derived, direction)
    for edge, derived, evidence in second_sources(measures, scores, parents):
        there = logistic(2 * scores.direction(edge))  # were there no others
        _, direction = calibrate(there, 1 - there, scores.is_declared(edge))
        add(edge, derived, direction, evidence)
    for v, u in enumerate(closest_versions(measures, scores, parents)):
        if u is not None:
            derivations[v].append(explain_sibling(measures, scores, (u, v), tie((u, v))))
    for v, inherited in enumerate(inherited_sources(members)):
        derivations[v] += [*credited_sources(v, members, confidences), *inherited]
    return tuple(chain.from_iterable(derivations))
