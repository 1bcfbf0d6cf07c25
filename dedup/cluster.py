"""Cluster: group articles that share one source text, without chaining unrelated stories.

Ties between articles are taken from the surest to the least sure (Kruskal's algorithm for
spanning trees). Plain single linkage would chain stories: an article that quotes two stories, a
digest of the day, or a page full of boilerplate is tied to articles of both. So every tie has
footprints, the sentences of either article that the other one covers, and it joins two clusters
only where it rests on the same passages as the ties that are there already; otherwise it is
returned as refused. To join two clusters of several members takes more than a few ties, and the
more, the denser they are. The work is near-linear in the ties. Who copied from whom is not
decided here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

# How much of the smaller footprint must lie in the larger for two ties to rest on one story.
MIN_OVERLAP = 0.25
# A footprint that has this much of each of two disjoint others comes from a page with two stories.
MIN_SPANNED = 0.5
# The share of the pairs examined between two clusters (of several members each) that must be
# ties: at least this, and at least this part of the density within them. Versions that resemble
# each other little have few ties between the clusters, but then few within them, too.
MIN_TIED = 0.2
MIN_OF_DENSITY = 0.5
# Every cluster's density starts as if a few pairs had been seen, two in five of them ties.
PRIOR_PAIRS, PRIOR_TIES = 3, 1.2
# Footprints of an article that are kept for comparison, the surest; real articles have a few.
MAX_FOOTPRINTS = 20


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles (by index, a < b) that share a source text with `probability`.

    `footprint_a` are the numbers of a's sentences that b covers, `footprint_b` of b's that a
    covers; `links` has for each sentence of a those of b, if known; `weight` (coverage, say)
    decides between equal probabilities.
    """

    a: int
    b: int
    probability: float
    weight: float
    footprint_a: frozenset[int]
    footprint_b: frozenset[int]
    links: tuple[tuple[int, ...], ...] = ()

    def footprint(self, article: int) -> frozenset[int]:
        """The sentences of `article`, one of the two, that the other one covers."""
        return self.footprint_a if article == self.a else self.footprint_b


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of one cluster (indices, ascending), and the ties that hold them together."""

    members: tuple[int, ...]
    ties: tuple[Tie, ...]

    @property
    def weakest(self) -> Tie:
        """The least sure of the ties that hold the cluster together."""
        return min(self.ties, key=lambda tie: (tie.probability, tie.weight, tie.a, tie.b))


def cluster(
    ties: Iterable[Tie], unrelated: Iterable[tuple[int, int]] = ()
) -> tuple[tuple[Group, ...], tuple[Tie, ...]]:
    """The clusters that `ties` make, largest first, and the ties that were refused.

    `unrelated` are pairs that were examined and are not tied. An article without a tie is in no
    cluster. Equal input in any order gives equal output.
    """
    growing = Clustering(ties, unrelated)
    refused: list[Tie] = []
    for tie in growing.ties:
        if growing.joined(tie):
            continue
        if growing.is_supported(tie):
            growing.join(tie)
        else:
            refused.append(tie)
    return growing.groups(), tuple(tie for tie in refused if not growing.joined(tie))


@dataclass(eq=False, slots=True)
class GrowingCluster:
    """Its members, and how many of its examined pairs are ties or not."""

    members: list[int]
    ties: int = 0
    unrelated: int = 0

    def density(self) -> float:
        """The share of its pairs that are ties, without those that were needed to join them."""
        spare = self.ties - (len(self.members) - 1)
        return (spare + PRIOR_TIES) / (spare + self.unrelated + PRIOR_PAIRS)


class Clustering:
    """Clusters as they grow: of each article the cluster, the footprints of all its ties within
    the cluster, and the ties that joined it (under the lesser article)."""

    def __init__(self, ties: Iterable[Tie], unrelated: Iterable[tuple[int, int]]) -> None:
        self.ties = sorted(ties, key=lambda t: (-t.probability, -t.weight, t.a, t.b))
        self.ties_of = defaultdict[int, list[Tie]](list)
        for tie in self.ties:
            self.ties_of[tie.a].append(tie)
            self.ties_of[tie.b].append(tie)
        self.unrelated = defaultdict[int, set[int]](set)
        for a, b in unrelated:
            if a in self.ties_of and b in self.ties_of:
                self.unrelated[a].add(b)
                self.unrelated[b].add(a)
        self.cluster = {article: GrowingCluster([article]) for article in self.ties_of}
        self.footprints = defaultdict[int, dict[frozenset[int], None]](dict)
        self.joining = defaultdict[int, list[Tie]](list)

    def joined(self, tie: Tie) -> bool:
        """Whether both articles are in one cluster."""
        return self.cluster[tie.a] is self.cluster[tie.b]

    def is_supported(self, tie: Tie) -> bool:
        """Whether a tie rests on what either cluster is about, and on the same part of it.

        A tie without footprints rests on a credit and on names: it says nothing of any part."""
        if not tie.footprint_a and not tie.footprint_b:
            return self.is_cohesive(tie)
        own = find_common_ground(tie.footprint_a, self.footprints[tie.a])
        others = find_common_ground(tie.footprint_b, self.footprints[tie.b])
        if not own or not others:
            return False
        linked = sum(not others.isdisjoint(tie.links[n]) for n in own if n < len(tie.links))
        if tie.links and linked < MIN_OVERLAP * min(len(own), len(others)):
            return False
        return self.is_cohesive(tie)

    def is_cohesive(self, tie: Tie) -> bool:
        """Whether enough of the pairs examined between the clusters of a tie are ties."""
        small, large = self.by_size(tie)
        if not (unrelated := self.count_unrelated(small, large)):
            return True
        ties = len(self.ties_between(small, large))
        share = max(MIN_TIED, MIN_OF_DENSITY * min(small.density(), large.density()))
        return ties >= share * (ties + unrelated)

    def join(self, tie: Tie) -> None:
        """Make one cluster of two. The smaller one moves, so an article moves rarely."""
        small, large = self.by_size(tie)
        between = self.ties_between(small, large)
        for known in between:
            for article in (known.a, known.b):
                if len(self.footprints[article]) < MAX_FOOTPRINTS:
                    self.footprints[article].setdefault(known.footprint(article))
        large.ties += small.ties + len(between)
        large.unrelated += small.unrelated + self.count_unrelated(small, large)
        large.members += small.members
        for member in small.members:
            self.cluster[member] = large
        self.joining[tie.a].append(tie)

    def by_size(self, tie: Tie) -> list[GrowingCluster]:
        """The clusters of both articles, the smaller first; of two equal ones, b's."""
        clusters = self.cluster[tie.b], self.cluster[tie.a]
        return sorted(clusters, key=lambda cluster: len(cluster.members))

    def ties_between(self, small: GrowingCluster, large: GrowingCluster) -> list[Tie]:
        """The ties of two clusters with each other."""
        ties = (tie for member in small.members for tie in self.ties_of[member])
        return [tie for tie in ties if large in (self.cluster[tie.a], self.cluster[tie.b])]

    def count_unrelated(self, small: GrowingCluster, large: GrowingCluster) -> int:
        """How many pairs of two clusters were examined and are not tied."""
        return sum(self.cluster[n] is large for m in small.members for n in self.unrelated[m])

    def groups(self) -> tuple[Group, ...]:
        """The clusters of two and more members, largest first."""
        groups = []
        for growing in dict.fromkeys(self.cluster.values()):
            members = tuple(sorted(growing.members))
            if len(members) > 1:
                groups.append(Group(members, tuple(t for n in members for t in self.joining[n])))
        return tuple(sorted(groups, key=lambda group: (-len(group.members), group.members)))


def find_common_ground(
    footprint: frozenset[int], known: Collection[frozenset[int]]
) -> frozenset[int]:
    """The sentences of an article that a new tie rests on and that its cluster is about.

    `footprint` are the article's sentences that the new tie covers, `known` the footprints of
    its ties within the cluster. A page has a story on a bank and one on an election. It is in
    the bank's cluster by reports on the bank, and with it the page's second edition:

    >>> bank, election = frozenset({0, 1, 2}), frozenset({3, 4, 5})
    >>> known = [bank, bank | election]
    >>> sorted(find_common_ground(bank, known))
    [0, 1, 2]

    A tie by the election story does not count, though the second edition has it: the cluster is
    about the bank. For the same reason only the bank story of a third edition counts:

    >>> [sorted(find_common_ground(new, known)) for new in (election, bank | election)]
    [[], [0, 1, 2]]
    """
    if not known:
        return footprint
    near = [k for k in known if len(footprint & k) >= MIN_OVERLAP * min(len(footprint), len(k))]
    elsewhere = [k for k in known if k not in near]
    one_story = [k for k in near if not any(spans(k, footprint, other) for other in elsewhere)]
    narrow = [k for k in one_story if not any(exceeds(k, other) for other in one_story)]
    return footprint.intersection(frozenset().union(*narrow))


def spans(known: frozenset[int], footprint: frozenset[int], elsewhere: frozenset[int]) -> bool:
    """Whether a known footprint covers both a new one and one that lies elsewhere."""
    here, there = len(known & footprint), len(known & elsewhere)
    both = here >= MIN_SPANNED * len(footprint) and there >= MIN_SPANNED * len(elsewhere)
    return both or there >= here


def exceeds(known: frozenset[int], other: frozenset[int]) -> bool:
    """Whether a footprint covers most of another, and is at least twice as large."""
    return len(known) >= 2 * len(other) and len(known & other) >= MIN_SPANNED * len(other)
