"""Derivation: who took it from whom.

Comes in: the members of a family, their relations and sentence links. Goes out:
`Derivation`s with evidence for and against. Ordered pairs are scored by ties and signals with
jointly fitted weights (`model`, `signals`); a virtual root stands for a parent outside the
collection, which is never ruled out; the likeliest tree is kept and each edge has its
probability over all trees (`tree`), calibrated. Copies of one text count as one, versions by
one outlet follow each other in time (`versions`); what a parent does not explain may come
from a second one (`second`); outlets that a text names and that are no member become outside
sources, `external:NAME` (`outside`). Where the direction is near even it says `undecided`.
"No parent found" is not "original": it is a parent unseen.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from dedup.derive.edges import Derivation, derivation
from dedup.derive.measures import measure
from dedup.derive.member import Evidence, LinkTable, Mark, Member, make_member
from dedup.derive.model import LEAST_SIGN, Scores, certainty, score
from dedup.derive.outside import Ancestry, derive_outside, from_outside, lost_credits
from dedup.derive.second import second_parents
from dedup.derive.tree import NO_EDGE, best_parents, edge_probabilities
from dedup.derive.versions import closest, copies, one_after_another, through_one_copy
from dedup.embed import Encoder
from dedup.relate import Relation

__all__ = [
    "Derivation", "Evidence", "Mark", "Member", "derive", "derive_outside", "make_member",
]  # fmt: skip


def derive(
    members: Sequence[Member],
    relations: Mapping[tuple[int, int], Relation],
    links: LinkTable,
    encoder: Encoder | None = None,
) -> tuple[Derivation, ...]:
    """The derivations within a family and from outside it, by derivative, sources first.

    `relations[u, v]` (u < v) are those that were examined; `links[u, v]` the links of u's
    sentences into v, for both orders of the same pairs. An `encoder` tells which of several
    translations the others are nearest to.
    """
    count = len(members)
    texts = copies(members)
    near = closest(relations)
    examined = {pair: links[pair] for u, v in near for pair in ((u, v), (v, u))}
    measures = measure(members, examined, texts, encoder)
    scores = score(measures, near)
    edges = scores.table(count, NO_EDGE)
    one_after_another(edges, members)
    through_one_copy(edges, texts, members)
    unseen = np.zeros(count)
    parents = best_parents(edges, unseen)
    likely, _ = edge_probabilities(edges, unseen)
    for v, u in enumerate(parents):
        # An article put together from two others makes one of them its child, as a tree has
        # no other place for it; what the pair itself speaks against may be a second parent.
        if u is not None and scores.way((u, v)) < -LEAST_SIGN:
            parents[v] = None
    found: list[list[Derivation]] = [[] for _ in members]
    ancestry = Ancestry([{} for _ in members])
    for v, u in enumerate(parents):
        if u is not None:
            confidence, way = certainty(
                float(likely[u, v]), float(likely[v, u]), _declared(scores, (u, v))
            )
            found[v].append(derivation(measures, scores, relations, (u, v), confidence, way))
            ancestry.parents[v][u] = confidence
    for pair, confidence, evidence in second_parents(measures, scores, parents):
        _, way = certainty(*_both_ways(scores, pair), _declared(scores, pair))
        edge = derivation(measures, scores, relations, pair, confidence, way, evidence)
        found[pair[1]].append(edge)
        ancestry.parents[pair[1]][pair[0]] = confidence
    for v, lost in enumerate(lost_credits(members)):
        found[v] += [*from_outside(v, members, ancestry), *lost]
    return tuple(chain.from_iterable(found))


def _declared(scores: Scores, pair: tuple[int, int]) -> bool:
    return abs(scores.decisive(pair)) >= LEAST_SIGN


def _both_ways(scores: Scores, pair: tuple[int, int]) -> tuple[float, float]:
    """The probability of a pair's direction and of its reverse, were there no others."""
    odds = scores.way(pair)
    one = 1 / (1 + float(np.exp(-2 * odds)))
    return one, 1 - one
