"""Derivation: who took it from whom.

Comes in: the members of a family, their relations and sentence links. Goes out:
`Derivation`s with evidence. Ordered pairs are scored by named signals (`signals`); a virtual
root stands for a parent outside the collection, which is never ruled out; the likeliest tree
is kept and each edge has its probability over all trees (`tree`). Outlets that a text names
and that are no member become outside sources, `external:NAME`. Where the direction is near
even it says `undecided`. "No parent found" is not "original": it is a parent unseen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np

from dedup.attribution import Attribution
from dedup.derive.signals import Evidence, LinkTable, Mark, Member, direction, may_be, quoted
from dedup.derive.tree import NO_EDGE, best_parents, edge_probabilities
from dedup.relate import Relation

__all__ = ["Derivation", "Evidence", "Mark", "Member", "derive", "outside_sources"]

# A tie counts for its log-odds, up to this much, and for how much of the derivative it covers.
MOST_BY_TIE = 3.0
COVERED = 3.0
# Log-weight of an unseen parent: what a pair of two articles with an even tie would have. An
# agency's credit line on both says that they have it from there rather than from each other,
# even if they are word for word the same (4.5) and a day apart (3); an explicit credit of the
# other's publisher outweighs that.
UNSEEN = 0.0
SHARED_CREDIT = 8.0
# Direction is decided where one way is at least twice as likely as the other.
DECIDED = 2 / 3

# How sure an attribution makes an outside source: one mention leaves a doubt of a tenth, each
# further one halves it; a single mention past the first third may be about a detail.
DOUBT = 0.1
DETAIL_DOUBT = 0.4
LEDE = 1 / 3


@dataclass(frozen=True, slots=True)
class Derivation:
    """`derivative` was taken from `source`: an article id, or `external:NAME`.

    kind: `derived` (from an article of the collection), `attributed` (the text names an
    outside source), `attributed-via` (named, but reached through another article),
    `revision` (a later version by the same outlet). `confidence` is in [0, 1].
    """

    source: str
    derivative: str
    kind: Literal["derived", "attributed", "attributed-via", "revision"]
    confidence: float
    direction: Literal["decided", "undecided"]
    evidence: tuple[Evidence, ...]


def derive(
    members: Sequence[Member],
    relations: Mapping[tuple[int, int], Relation],
    links: LinkTable,
) -> tuple[Derivation, ...]:
    """The derivations within a family and from outside it, by derivative, sources first.

    `relations[u, v]` (u < v) are those that were examined; `links[u, v]` the links of u's
    sentences into v, for both orders of the same pairs.
    """
    signals = {
        (u, v): direction(u, v, members, links) for pair in relations for u, v in (pair, pair[::-1])
    }
    count = len(members)
    edges = np.full((count, count), NO_EDGE)
    even = edges.copy()  # without what containment says of direction, which is nothing
    for (u, v), evidence in signals.items():
        relation = relations[min(u, v), max(u, v)]
        ties = [_tie(relation, members[w].id) for w in (v, u)]
        directed = sum(e.log_odds for e in evidence)
        edges[u, v], even[u, v] = ties[0] + directed, sum(ties) / 2 + directed
    unseen = np.array([UNSEEN + SHARED_CREDIT * _agency_copy(v, members) for v in range(count)])
    parents = best_parents(edges, unseen)
    likely, _ = edge_probabilities(edges, unseen)
    evenly, _ = edge_probabilities(even, unseen)
    found = []
    for v, parent in enumerate(parents):
        through = 0.0
        if parent is not None:
            through = float(likely[parent, v])
            one_way, either = evenly[parent, v], evenly[parent, v] + evenly[v, parent]
            decided = bool(one_way >= DECIDED * either)
            relation = relations[min(parent, v), max(parent, v)]
            edge = members[parent], members[v]
            found.append(_edge(*edge, relation, signals[parent, v], through, decided))
        found += _from_outside(v, parent, members, through)
    return tuple(found)


def outside_sources(member: Member) -> tuple[Derivation, ...]:
    """The outside sources of an article on its own."""
    return tuple(_from_outside(0, None, (member,), 0.0))


def _tie(relation: Relation, derivative: str) -> float:
    """How much of the derivative the tie explains, as a log-weight."""
    p = min(max(relation.probability, 1e-6), 1 - 1e-6)
    covered = relation.coverage[0] if derivative == relation.a else relation.coverage[1]
    return max(-MOST_BY_TIE, min(log(p / (1 - p)), MOST_BY_TIE)) + COVERED * (covered - 0.5)


def _agency_copy(v: int, members: Sequence[Member]) -> bool:
    """Whether v carries a credit line of an outlet that another member credits as well."""
    own = _credit_lines(members[v])
    return any(own & _credit_lines(other) for w, other in enumerate(members) if w != v)


def _credit_lines(member: Member) -> set[str]:
    return {
        outlet
        for outlet, places in member.named().items()
        if any(place.role == "credits" for place in places)
    }


def _edge(
    source: Member,
    derivative: Member,
    relation: Relation,
    evidence: Sequence[Evidence],
    confidence: float,
    decided: bool,
) -> Derivation:
    covered = relation.coverage[0] if derivative.id == relation.a else relation.coverage[1]
    tie = Evidence(
        "tie",
        round(_tie(relation, derivative.id), 4),
        f"{covered:.0%} of {derivative.id} stands in {source.id}",
    )
    weighed = sorted((*evidence, tie), key=lambda e: (-abs(e.log_odds), e.signal))
    later = any(e.signal == "time" and e.log_odds > 0 for e in weighed)
    same = source.publisher is not None and source.publisher == derivative.publisher
    return Derivation(
        source.id,
        derivative.id,
        "revision" if same and later else "derived",
        confidence,
        "decided" if decided else "undecided",
        tuple(weighed),
    )


def _from_outside(
    v: int, parent: int | None, members: Sequence[Member], through: float
) -> Iterator[Derivation]:
    """The outlets that v names and that are no member of the family."""
    member = members[v]
    publishers = {other.publisher for other in members}
    for outlet, places in sorted(member.named().items()):
        if outlet in publishers:
            continue
        confidence = 1 - _doubt(places, member)
        evidence = [_naming(member, outlet, places)]
        kind: Literal["attributed", "attributed-via"] = "attributed"
        source = members[parent] if parent is not None else None
        if source is not None and outlet in source.named():
            kind = "attributed-via"
            confidence *= through
            evidence.append(
                Evidence("via", log(4), f"{source.id} names {outlet} too, and {member.id} has it")
            )
        elif all(place.role == "attributes-via" for place in places):
            kind = "attributed-via"
        elif source is not None and outlet in may_be(source, member)[:1]:
            evidence.append(
                Evidence(
                    "resolved", log(4), f"{outlet} may be {source.id}, whose publisher is unknown"
                )
            )
        yield Derivation(
            f"external:{outlet}", member.id, kind, confidence, "decided", tuple(evidence)
        )


def _doubt(places: Sequence[Attribution], member: Member) -> float:
    if len(places) == 1 and places[0].role == "attributes":
        late = places[0].begin > LEDE * len(member.text.article.text)
        return DETAIL_DOUBT if late else DOUBT
    return DOUBT * 0.5 ** (len(places) - 1)


def _naming(member: Member, outlet: str, places: Sequence[Attribution]) -> Evidence:
    doubt = _doubt(places, member)
    times = f", {len(places)} times in all" if len(places) > 1 else ""
    return Evidence(
        "named",
        log((1 - doubt) / doubt),
        f"{quoted(member, places[0])}{times}",
        tuple(member.mark(place) for place in places),
    )
