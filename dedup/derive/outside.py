"""Outside sources: the outlets that an article names and that are no member of its family.

Comes in: a member, the family, who descends from whom. Goes out: derivations from
`external:NAME`. An outlet that an ancestor names too is reached through the nearest such
ancestor (`attributed-via`), and one that published an ancestor is not named again: a path
that says it already makes the edge superfluous. An article of the collection whose publisher
is not known may be the one that is named; then it says so (`resolved`). A member that lost its
credit, and shares its text with one that kept it, has the source all the same (`carried`), and
so has one whose metadata name it (`declared`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from dedup.attribution import Attribution, inherited_credits
from dedup.derive.declared import declared_outlets
from dedup.derive.edges import Derivation
from dedup.derive.member import Evidence, Mark, Member, may_be, quoted

# How sure an attribution makes an outside source: one mention leaves a doubt of a tenth, each
# further one halves it; a single mention past the first third may be about a detail.
DOUBT = 0.1
DETAIL_DOUBT = 0.4
LEDE = 1 / 3
MIN_DOUBT = 1e-12  # however often an outlet is named
MIN_LOST_DOUBT = 1e-4  # … or however long the wording that a copy shares
CORROBORATES = log(4)  # what an ancestor that names the same, or fits the name, adds


@dataclass(frozen=True, slots=True)
class Ancestry:
    """`parents[v]`: v's parents and second parents with the confidence of each edge."""

    parents: list[dict[int, float]]

    def above(self, v: int) -> Iterator[tuple[int, float]]:
        """v's ancestors, nearest first, each with the confidence of the surest way there."""
        reached = {v: 1.0}
        level = [v]
        while level:
            following: dict[int, float] = {}
            for w in level:
                for u, sure in self.parents[w].items():
                    if u not in reached:
                        following[u] = max(following.get(u, 0.0), reached[w] * sure)
            reached |= following
            level = sorted(following)
            yield from ((u, following[u]) for u in level)


def derive_outside(member: Member) -> tuple[Derivation, ...]:
    """The outside sources of an article on its own."""
    return tuple(from_outside(0, (member,), Ancestry([{}])))


def from_outside(v: int, members: Sequence[Member], ancestry: Ancestry) -> Iterator[Derivation]:
    """The outlets that v names and that are no member of the family."""
    member = members[v]
    publishers = {other.publisher for other in members}
    above, credited = list(ancestry.above(v)), member.tellers()
    for outlet, places in sorted(member.named().items()):
        if outlet in publishers:
            continue
        confidence = 1 - _doubt(places, member)
        evidence = [_naming(member, outlet, places)]
        kind: Literal["attributed", "attributed-via"] = "attributed"
        via = next(((u, sure) for u, sure in above if outlet in members[u].named()), None)
        fitting = (members[u] for u, _ in above if outlet in may_be(members[u], credited)[:1])
        resolved = next(fitting, None)
        if via is not None:
            kind = "attributed-via"
            confidence *= via[1]
            through = members[via[0]].id
            detail = f"{through} names {outlet} too, and {member.id} has it from there"
            evidence.append(Evidence("via", "Credit inherited", CORROBORATES, detail))
        elif all(place.role == "attributes-via" for place in places):
            kind = "attributed-via"
        elif resolved is not None:
            detail = f"{outlet} may be {resolved.id}, whose publisher is unknown"
            evidence.append(
                Evidence("resolved", "May be an article of the cluster", CORROBORATES, detail)
            )
        yield Derivation(
            f"external:{outlet}", member.id, kind, confidence, "decided", tuple(evidence)
        )
    for outlet in declared_outlets(member):
        if outlet not in publishers and outlet not in member.named():
            log_odds, detail = log((1 - DOUBT) / DOUBT), f"its metadata name {outlet}"
            told = Evidence("declared", "Declared in metadata", log_odds, detail)
            source = f"external:{outlet}"
            yield Derivation(source, member.id, "attributed", 1 - DOUBT, "decided", (told,))


def lost_credits(members: Sequence[Member]) -> tuple[list[Derivation], ...]:
    """For each member, the outside sources whose credit it lost and a relative kept."""
    publishers = {member.publisher for member in members}
    found: tuple[list[Derivation], ...] = tuple([] for _ in members)
    for lost in inherited_credits([m.text for m in members], [m.attributions for m in members]):
        if lost.outlet in publishers:
            continue
        member, source = members[lost.member], members[lost.source]
        evidence = Evidence(
            "carried",
            "Credit found in a copy",
            log(lost.confidence / max(1 - lost.confidence, MIN_LOST_DOUBT)),
            f"credit found in {source.id}, whose text {member.id} shares ({lost.share:.0%}): "
            f"{quoted(source, lost.place)}",
            (source.mark(lost.place), Mark(member.id, lost.begin, lost.end)),
        )
        found[lost.member].append(
            Derivation(
                f"external:{lost.outlet}",
                member.id,
                "attributed",
                lost.confidence,
                "decided",
                (evidence,),
            )
        )
    return found


def _doubt(places: Sequence[Attribution], member: Member) -> float:
    if len(places) == 1 and places[0].role == "attributes":
        late = places[0].begin > LEDE * len(member.text.article.text)
        return DETAIL_DOUBT if late else DOUBT
    return max(DOUBT * 0.5 ** (len(places) - 1), MIN_DOUBT)


def _naming(member: Member, outlet: str, places: Sequence[Attribution]) -> Evidence:
    doubt = _doubt(places, member)
    times = f", {len(places)} times in all" if len(places) > 1 else ""
    return Evidence(
        "named",
        "Credits the source",
        log((1 - doubt) / doubt),
        f"{quoted(member, places[0])}{times}",
        tuple(member.mark(place) for place in places),
    )
