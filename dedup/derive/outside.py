"""Outside sources: the outlets that an article has its report from and that are no member of its
cluster. Outlets that it only cites are none.

Each becomes a derivation from `external:NAME`. An outlet that an ancestor credits too is reached
through the nearest such ancestor (`attributed-via`); one that published an ancestor is not named
again, as the path says it already. Sources are also found in metadata, and in a copy of the text
that has kept a credit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import log

from dedup.attribution import inherited_credits
from dedup.derive.edges import Derivation
from dedup.derive.member import Evidence, Mark, Member, possible_publishers
from dedup.phrasing import pluralize

# How sure an attribution makes an outside source: one mention leaves a doubt of a tenth, each
# further one halves it; a single mention past the first third may be about a detail.
DOUBT = 0.1
DETAIL_DOUBT = 0.4
LEDE = 1 / 3
MIN_DOUBT = 1e-12  # however often an outlet is named
MIN_INHERITED_DOUBT = 1e-4  # … or however long the wording that a copy shares
CONFIRMED = log(4)  # what an ancestor that credits the same, or fits the name, adds

# Of each member its sources and second sources, with the confidence of each.
Parents = Sequence[Mapping[int, float]]


def derive_outside(member: Member) -> tuple[Derivation, ...]:
    """The outside sources of an article that is in no cluster."""
    return tuple(credited_sources(0, (member,), [{}]))


def ancestors(v: int, parents: Parents) -> Iterator[tuple[int, float]]:
    """v's ancestors, nearest first, each with the confidence of the surest way there."""
    reached = {v: 1.0}
    level = [v]
    while level:
        following: dict[int, float] = {}
        for w in level:
            for u, confidence in parents[w].items():
                if u not in reached:
                    following[u] = max(following.get(u, 0.0), reached[w] * confidence)
        reached |= following
        level = sorted(following)
        yield from ((u, following[u]) for u in level)


def credited_sources(v: int, members: Sequence[Member], parents: Parents) -> Iterator[Derivation]:
    """The outside sources that v credits, in its text or its metadata."""
    member, named = members[v], members[v].origins()
    publishers = {other.publisher for other in members}
    above, credited = list(ancestors(v, parents)), member.credited_outlets()
    # What it merely cites and an ancestor has its report from, it has from that ancestor.
    handed_down = {outlet for u, _ in above for outlet in members[u].origins()}
    named |= {o: places for o, places in member.named().items() if o in handed_down}
    for outlet, places in sorted(named.items()):
        if outlet in publishers:
            continue
        doubt = max(DOUBT * 0.5 ** (len(places) - 1), MIN_DOUBT)
        late = places[0].begin > LEDE * len(member.text.article.text)
        if late and len(places) == 1 and places[0].in_words:
            doubt = DETAIL_DOUBT
        mentions = f"; {pluralize(len(places), 'mention')}" if len(places) > 1 else ""
        evidence = Evidence(
            "named",
            "Credits the source",
            log((1 - doubt) / doubt),
            f"{member.quote(places[0])}{mentions}",
            member.marks(places),
        )
        confidence, further, member_id = 1 - doubt, [], None
        via = next(((u, sure) for u, sure in above if outlet in members[u].named()), None)
        fitting = (
            members[u] for u, _ in above if outlet in possible_publishers(members[u], credited)[:1]
        )
        reached = via is not None or all(place.form == "second-hand" for place in places)
        if via is not None:
            confidence *= via[1]
            detail = f"credit inherited from {members[via[0]].id}, which credits {outlet} too"
            further = [Evidence("via", "Credit inherited", CONFIRMED, detail)]
        elif not reached and (resolved := next(fitting, None)) is not None:
            detail = f"{outlet} may be {resolved.id}, whose publisher is unknown"
            further = [Evidence("resolved", "May be an article of the cluster", CONFIRMED, detail)]
            member_id = resolved.id
        edge = _outside(outlet, member, confidence, evidence, *further, via=reached)
        yield replace(edge, resolves_to=member_id)
    for outlet in member.declared_outlets():
        if outlet not in publishers and outlet not in named:
            log_odds, detail = log((1 - DOUBT) / DOUBT), f"credited in metadata: {outlet}"
            evidence = Evidence("declared", "Credited in metadata", log_odds, detail)
            yield _outside(outlet, member, 1 - DOUBT, evidence)


def inherited_sources(members: Sequence[Member]) -> tuple[list[Derivation], ...]:
    """For each member, the outside sources whose credit it lost and a copy kept."""
    publishers = {member.publisher for member in members}
    sources: tuple[list[Derivation], ...] = tuple([] for _ in members)
    for lost in inherited_credits([m.text for m in members], [m.attributions for m in members]):
        if lost.outlet in publishers:
            continue
        member, source = members[lost.member], members[lost.source]
        evidence = Evidence(
            "carried",
            "Credit found in a copy",
            log(lost.confidence / max(1 - lost.confidence, MIN_INHERITED_DOUBT)),
            f"credit inherited from {source.id}, which has {lost.share:.0%} of the wording of "
            f"{member.id}: {source.quote(lost.place)}",
            (*source.marks([lost.place]), Mark(member.id, lost.begin, lost.end)),
        )
        sources[lost.member].append(_outside(lost.outlet, member, lost.confidence, evidence))
    return sources


def _outside(
    outlet: str, member: Member, confidence: float, *evidence: Evidence, via: bool = False
) -> Derivation:
    return Derivation(
        f"external:{outlet}", member.id, "attributed-via" if via else "attributed", confidence,
        "certain", 1.0, evidence,
    )  # fmt: skip
