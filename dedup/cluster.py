"""Families: which articles tell one report, without chaining.

Comes in: ties between articles, each with a probability and its footprint: which sentences of
either article the other one tells. Goes out: `Family`s. Ties are taken from the surest to the
least sure (Kruskal); a tie joins two families only where it rests on the same passages as the
ties that are there already. An article that quotes two stories, a digest of the day, a page
full of boilerplate touches each story with other sentences, so it goes where its evidence is
strongest and the other tie is reported as `refused`. Deterministic, near-linear in the ties.
It does not say who took it from whom.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

# How much of the smaller footprint must lie in the other for two ties to rest on one story.
SAME_PASSAGES = 0.25


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles (by index, a < b) that are one report with `probability`.

    `footprint_a` are the numbers of a's sentences that b tells, `footprint_b` of b's that a
    tells; `weight` decides between equal probabilities (coverage, say).
    """

    a: int
    b: int
    probability: float
    weight: float
    footprint_a: frozenset[int]
    footprint_b: frozenset[int]

    def footprint(self, article: int) -> frozenset[int]:
        """The sentences of `article`, one of the two, that the other one tells."""
        return self.footprint_a if article == self.a else self.footprint_b


@dataclass(frozen=True, slots=True)
class Family:
    """Articles (indices, ascending) of one report, and the ties that hold them together."""

    members: tuple[int, ...]
    ties: tuple[Tie, ...]

    @property
    def weakest(self) -> Tie:
        """The tie without which the family falls in two at the least loss."""
        return min(self.ties, key=lambda tie: (tie.probability, tie.weight, tie.a, tie.b))


def cluster(ties: Iterable[Tie]) -> tuple[tuple[Family, ...], tuple[Tie, ...]]:
    """The families that `ties` make, largest first, and the ties that were refused.

    Articles without a tie are in no family. Equal input in any order gives equal output.
    """
    families: dict[int, list[int]] = {}
    kept: dict[int, list[Tie]] = {}  # by article
    grounds: dict[int, set[frozenset[int]]] = {}  # the footprints of what is kept
    refused: list[Tie] = []
    for tie in sorted(ties, key=lambda t: (-t.probability, -t.weight, t.a, t.b)):
        one, other = families.get(tie.a, [tie.a]), families.get(tie.b, [tie.b])
        if one is other:
            continue
        if not all(_agrees(tie.footprint(n), grounds.get(n, ())) for n in (tie.a, tie.b)):
            refused.append(tie)
            continue
        large, small = (one, other) if len(one) >= len(other) else (other, one)
        large += small
        for member in (*small, tie.a, tie.b):
            families[member] = large
        for article in (tie.a, tie.b):
            kept.setdefault(article, []).append(tie)
            grounds.setdefault(article, set()).add(tie.footprint(article))
    return _collected(families, kept), tuple(
        tie for tie in refused if families.get(tie.a) is not families.get(tie.b)
    )


def _agrees(footprint: frozenset[int], others: Collection[frozenset[int]]) -> bool:
    """Whether a tie rests on passages of an article that one of its other ties rests on too."""
    return not others or any(
        len(footprint & other) >= SAME_PASSAGES * min(len(footprint), len(other))
        for other in others
    )


def _collected(families: dict[int, list[int]], kept: dict[int, list[Tie]]) -> tuple[Family, ...]:
    found = []
    for members in {id(members): members for members in families.values()}.values():
        ties = [tie for member in members for tie in kept[member] if tie.a == member]
        found.append(Family(tuple(sorted(members)), tuple(ties)))
    return tuple(sorted(found, key=lambda family: (-len(family.members), family.members)))
