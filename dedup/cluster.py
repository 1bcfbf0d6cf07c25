"""Families: which articles tell one report, without chaining.

Comes in: ties between articles, each with a probability and its footprint: which sentences of
either article the other one tells. Goes out: `Family`s. Ties are taken from the surest to the
least sure (Kruskal); a tie joins two families only where it rests on the same passages as the
ties that are there already. An article that quotes two stories, a digest of the day, a page
full of boilerplate touches each story with other sentences, so it goes where its evidence is
strongest and the other tie is reported as `refused`. A second edition of a digest shares all
of its stories with the first, and speaks for none of them. Two families of several members are
not joined by a few of the pairs that were examined between them; the closer each of them holds
together, the more it takes. Deterministic, near-linear in the ties. It does not say who took it
from whom.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

# How much of the smaller footprint must lie in the other for two ties to rest on one story.
SAME_PASSAGES = 0.25
# A footprint that has this much of each of two others, which have nothing in common, is that of
# a page with two stories.
SPANNED = 0.5
# Part of the pairs examined between two families, of several members each, that must be ties; and
# half of that part within them. One report has fewer ties where its versions do not resemble each
# other: that shows within the families too, or they are joined one by one. What is known of a
# family beforehand counts as much as a few pairs, of which two in five are ties.
COHESION = 0.2
AS_WITHIN = 0.5
PAIRS_BEFOREHAND, TIES_BEFOREHAND = 3, 1.2
# Footprints of an article that are kept to compare with, the surest; real articles have a few.
MOST_GROUNDS = 20


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles (by index, a < b) that are one report with `probability`.

    `footprint_a` are the numbers of a's sentences that b tells, `footprint_b` of b's that a
    tells; `links` says which of b's each sentence of a tells, if known; `weight` decides
    between equal probabilities (coverage, say).
    """

    a: int
    b: int
    probability: float
    weight: float
    footprint_a: frozenset[int]
    footprint_b: frozenset[int]
    links: tuple[tuple[int, ...], ...] = ()

    def footprint(self, article: int) -> frozenset[int]:
        """The sentences of `article`, one of the two, that the other one tells."""
        return self.footprint_a if article == self.a else self.footprint_b


@dataclass(frozen=True, slots=True)
class Group:
    """Articles (indices, ascending) of one report, and the ties that hold them together."""

    members: tuple[int, ...]
    ties: tuple[Tie, ...]

    @property
    def weakest(self) -> Tie:
        """The tie without which the family falls in two at the least loss."""
        return min(self.ties, key=lambda tie: (tie.probability, tie.weight, tie.a, tie.b))


def cluster(
    ties: Iterable[Tie], apart: Iterable[tuple[int, int]] = ()
) -> tuple[tuple[Group, ...], tuple[Tie, ...]]:
    """The families that `ties` make, largest first, and the ties that were refused.

    `apart` are pairs that were examined and are none. Articles without a tie are in no family.
    Equal input in any order gives equal output.
    """
    surest = sorted(ties, key=lambda t: (-t.probability, -t.weight, t.a, t.b))
    growing = _Growing(surest, apart)
    refused: list[Tie] = []
    for tie in growing.ties:
        if growing.family[tie.a] is growing.family[tie.b]:
            continue
        if growing.bears(tie):
            growing.join(tie)
        else:
            refused.append(tie)
    return growing.families(), tuple(
        tie for tie in refused if growing.family[tie.a] is not growing.family[tie.b]
    )


@dataclass(eq=False, slots=True)
class _Group:
    """A family as it grows: its members, and of the pairs of them that were examined how many
    are ties and how many are none."""

    members: list[int]
    ties: int = 0
    apart: int = 0

    def density(self) -> float:
        """The part of its pairs that are ties, without those that were needed to join them."""
        spare = self.ties - (len(self.members) - 1)
        return (spare + TIES_BEFOREHAND) / (spare + self.apart + PAIRS_BEFOREHAND)


class _Growing:
    """Families as they grow: of each article the family, the footprints of all its ties within
    the family (`grounds`), and the ties that joined them."""

    def __init__(self, ties: list[Tie], apart: Iterable[tuple[int, int]]) -> None:
        self.ties = ties
        self.around: dict[int, list[Tie]] = {}
        for tie in ties:
            self.around.setdefault(tie.a, []).append(tie)
            self.around.setdefault(tie.b, []).append(tie)
        self.apart: dict[int, set[int]] = {n: set() for n in self.around}
        for a, b in apart:
            if a in self.around and b in self.around:
                self.apart[a].add(b)
                self.apart[b].add(a)
        self.family = {article: _Group([article]) for article in self.around}
        self.grounds: dict[int, dict[frozenset[int], None]] = {n: {} for n in self.around}
        self.kept: dict[int, list[Tie]] = {n: [] for n in self.around}  # by lesser article

    def bears(self, tie: Tie) -> bool:
        """Whether a tie rests on what either family tells, and on the same of it."""
        own = _common_ground(tie.footprint_a, self.grounds[tie.a])
        others = _common_ground(tie.footprint_b, self.grounds[tie.b])
        if not own or not others:
            return False
        told = [n for n in own if n < len(tie.links)]
        carried = sum(not others.isdisjoint(tie.links[n]) for n in told)
        if tie.links and carried < SAME_PASSAGES * min(len(own), len(others)):
            return False
        return self.coheres(self.family[tie.a], self.family[tie.b])

    def coheres(self, one: _Group, other: _Group) -> bool:
        """Whether enough of the pairs examined between two families are ties."""
        small, large = _by_size(one, other)
        if len(small.members) == 1:
            return True
        against = self._none_between(small, large)
        if not against:
            return True
        ties = sum(1 for _ in self._between(small, large))
        enough = max(COHESION, AS_WITHIN * min(small.density(), large.density()))
        return ties >= enough * (ties + against)

    def join(self, tie: Tie) -> None:
        """Make one family of two. The smaller one moves, so an article moves rarely."""
        small, large = _by_size(self.family[tie.b], self.family[tie.a])
        between = list(self._between(small, large))
        for known in between:
            self._rest(known)
        large.ties += small.ties + len(between)
        large.apart += small.apart + self._none_between(small, large)
        large.members += small.members
        for member in small.members:
            self.family[member] = large
        self.kept[tie.a].append(tie)

    def _between(self, small: _Group, large: _Group) -> Iterator[Tie]:
        """The ties between two families."""
        for member in small.members:
            for tie in self.around[member]:
                if self.family[tie.b if tie.a == member else tie.a] is large:
                    yield tie

    def _none_between(self, small: _Group, large: _Group) -> int:
        """How many pairs of two families were examined and are none."""
        return sum(self.family[n] is large for member in small.members for n in self.apart[member])

    def _rest(self, tie: Tie) -> None:
        for article in (tie.a, tie.b):
            if len(self.grounds[article]) < MOST_GROUNDS:
                self.grounds[article].setdefault(tie.footprint(article))

    def families(self) -> tuple[Group, ...]:
        found = [
            Group(
                tuple(sorted(group.members)),
                tuple(tie for n in sorted(group.members) for tie in self.kept[n]),
            )
            for group in dict.fromkeys(self.family.values())
            if len(group.members) > 1
        ]
        return tuple(sorted(found, key=lambda family: (-len(family.members), family.members)))


def _by_size(one: _Group, other: _Group) -> tuple[_Group, _Group]:
    """The one with fewer members first; of equal ones as they are given."""
    return (one, other) if len(one.members) <= len(other.members) else (other, one)


def _common_ground(
    footprint: frozenset[int], grounds: Collection[frozenset[int]]
) -> frozenset[int]:
    """The passages that a tie rests on and that the family of this article tells too.

    A footprint that spans these passages and others, where the family tells the others, is no
    witness: it is a second edition of a page with two stories. Nor does it say which of them is
    the family's, where a narrower one does.
    """
    if not grounds:
        return footprint
    meeting = [
        g for g in grounds if len(footprint & g) >= SAME_PASSAGES * min(len(footprint), len(g))
    ]
    elsewhere = [ground for ground in grounds if ground not in meeting]
    witnesses = [g for g in meeting if not any(_spans(g, footprint, other) for other in elsewhere)]
    narrow = [g for g in witnesses if not any(_exceeds(g, other) for other in witnesses)]
    return footprint.intersection(frozenset().union(*narrow))


def _spans(ground: frozenset[int], footprint: frozenset[int], elsewhere: frozenset[int]) -> bool:
    here, there = len(ground & footprint), len(ground & elsewhere)
    most = here >= SPANNED * len(footprint) and there >= SPANNED * len(elsewhere)
    return most or there >= here


def _exceeds(ground: frozenset[int], other: frozenset[int]) -> bool:
    """Whether a ground has what another one has, and as much again."""
    return len(ground) >= 2 * len(other) and len(ground & other) >= SPANNED * len(other)
