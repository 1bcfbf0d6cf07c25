"""Versions: copies of one text, versions by one outlet, and pairs too many to weigh.

Comes in: members, relations, the log-weights of edges. Goes out: the same edges with fewer of
them possible: of several copies of one text only one leads to the articles outside, versions
by one outlet follow each other in time, and each article is weighed against its closest
partners only. It judges nothing by what the articles say.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from dedup.derive.clock import hours_between
from dedup.derive.measures import Floats, columns
from dedup.derive.member import Member
from dedup.derive.tree import NO_EDGE
from dedup.relate import Relation

# An article's parent is among its closest kin; a family of 400 that was examined whole has
# 80,000 pairs, of which this many for each article are weighed.
PARTNERS = 12


def closest(
    relations: Mapping[tuple[int, int], Relation],
) -> dict[tuple[int, int], Relation]:
    """The relations that are among the closest of either article."""
    partners: dict[int, list[tuple[float, float, tuple[int, int]]]] = {}
    for pair, relation in relations.items():
        for article in pair:
            near = (-relation.resemblance, -sum(relation.coverage), pair)
            partners.setdefault(article, []).append(near)
    if all(len(own) <= PARTNERS for own in partners.values()):
        return dict(relations)
    kept = {pair for own in partners.values() for *_, pair in sorted(own)[:PARTNERS]}
    return {pair: relations[pair] for pair in sorted(kept)}


def copies(members: Sequence[Member]) -> list[int]:
    """For each member the number of the text that it is a copy of, word for word."""
    numbers: dict[tuple[str, ...], int] = {}
    return [numbers.setdefault(columns(member.text).forms, len(numbers)) for member in members]


def through_one_copy(edges: Floats, texts: Sequence[int], members: Sequence[Member]) -> None:
    """Leave to each article outside a group of copies one way in and one way out of it: in
    by the oldest that was compared with it, out by the one that weighs most (it is credited,
    or it is the oldest)."""
    groups: dict[int, list[int]] = {}
    for v, text in enumerate(texts):
        groups.setdefault(text, []).append(v)
    for own in groups.values():
        if len(own) < 2:
            continue
        rest = [v for v in range(len(members)) if texts[v] != texts[own[0]]]
        own.sort(key=lambda v: (_age(members[v], [members[w] for w in own]), v))
        for v in rest:
            known = [w for w in own if np.isfinite(edges[v, w])]
            edges[v, known[1:]] = NO_EDGE
            heaviest = max(own, key=lambda w: float(edges[w, v]))
            edges[[w for w in own if w != heaviest], v] = NO_EDGE


def _age(member: Member, others: Sequence[Member]) -> float:
    """Less for the older of some articles; the same for all where no stamp is known."""
    own = member.text.article
    return -sum(hours_between(own, other.text.article) for other in others)


def one_after_another(edges: Floats, members: Sequence[Member]) -> None:
    """Of one outlet's versions each comes from the one before it, and none from a later."""
    outlets: dict[str, list[int]] = {}
    for v, member in enumerate(members):
        if member.publisher is not None:
            outlets.setdefault(member.publisher, []).append(v)
    for versions in outlets.values():
        for v in versions:
            earlier = {
                u: hours
                for u in versions
                if u != v and np.isfinite(edges[u, v])
                and (hours := hours_between(members[u].text.article, members[v].text.article)) > 0
            }  # fmt: skip
            nearest = min(earlier.values(), default=0.0)
            for u, hours in earlier.items():
                edges[v, u] = NO_EDGE
                if hours > nearest:
                    edges[u, v] = NO_EDGE
