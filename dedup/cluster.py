"""Cluster: group articles that share one source text, without chaining unrelated stories.

Ties between articles are taken from the surest to the least sure (Kruskal's algorithm for
spanning trees). Plain single linkage would chain stories: an article that quotes two stories, a
digest of the day, or a page full of boilerplate is tied to articles of both. So every tie has
footprints, the sentences of either article that the other one covers, and it joins two clusters
only where it rests on the same passages as the ties that are there already; otherwise it is
returned as refused. And two clusters are one only if all the pairs examined between them say so
together: their log-odds, bounded, add up to no less than nothing (correlation clustering:
Bansal, Blum & Chawla 2004), so that one doubtful tie does not outweigh five pairs that speak
against it. The work is near-linear in the ties. Who copied from whom is not decided here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import fsum

from dedup.align import Links
from dedup.attribution import is_release
from dedup.relate.model import logit
from dedup.text import Text

# How much of the smaller footprint must lie in the larger for two ties to rest on one story.
MIN_OVERLAP = 0.25
# A footprint that has this much of each of two disjoint others comes from a page with two stories.
MIN_SPANNED = 0.5
# What one pair says at most for one cluster of two, as much as p = .95: who is right 19 times in 20
# does not overrule everybody. What one says against it, and what all those of an article say (as
# much as p = .73): versions of one text may be unlike each other, as thirty articles on one press
# release are. Real families come out alike from .4 to .8 and from 1 to 1.6; the more is allowed,
# the fewer articles stay with the release that they drew on.
MAX_FOR, MAX_AGAINST, MAX_AGAINST_ARTICLE = 3.0, 0.5, 1.0
# Footprints of an article that are kept for comparison, the surest; real articles have a few.
MAX_FOOTPRINTS = 20


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles (by index, a < b) that share a source text with `probability`.

    `footprint_a` are the numbers of a's sentences that b covers, `footprint_b` of b's that a
    covers (`find_footprints`); `links` has for each sentence of a those of b, if known, which a
    covers too; `weight` (coverage, say) decides between equal probabilities.
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
        if article == self.a:
            return self.footprint_a
        return self.footprint_b.union(*self.links)


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
    ties: Iterable[Tie], unrelated: Iterable[tuple[int, int, float]] = ()
) -> tuple[tuple[Group, ...], tuple[Tie, ...]]:
    """The clusters that `ties` make, largest first, and the ties that were refused.

    `unrelated` are pairs that were examined and are not tied, with the probability that they
    share a source text all the same. An article without a tie is in no cluster. Equal input in
    any order gives equal output.
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


class Clustering:
    """Clusters as they grow: of each article the members of its cluster, what the pairs examined
    say, the footprints of its ties within the cluster, and the ties that joined it (under the
    lesser article)."""

    def __init__(self, ties: Iterable[Tie], unrelated: Iterable[tuple[int, int, float]]) -> None:
        self.ties = sorted(ties, key=lambda t: (-t.probability, -t.weight, t.a, t.b))
        self.ties_of = defaultdict[int, list[Tie]](list)
        for tie in self.ties:
            self.ties_of[tie.a].append(tie)
            self.ties_of[tie.b].append(tie)
        self.log_odds = defaultdict[int, dict[int, float]](dict)
        examined = [(tie.a, tie.b, tie.probability) for tie in self.ties]
        for a, b, probability in (*examined, *unrelated):
            if a in self.ties_of and b in self.ties_of:
                odds = min(max(logit(probability), -MAX_AGAINST), MAX_FOR)
                self.log_odds[a][b] = self.log_odds[b][a] = odds
        self.cluster = {article: [article] for article in self.ties_of}
        self.footprints = defaultdict[int, dict[frozenset[int], None]](dict)
        self.joining = defaultdict[int, list[Tie]](list)

    def joined(self, tie: Tie) -> bool:
        """Whether both articles are in one cluster."""
        return self.cluster[tie.a] is self.cluster[tie.b]

    def is_supported(self, tie: Tie) -> bool:
        """Whether a tie rests on what either cluster is about, and on the same part of it.

        A tie without footprints rests on a credit and on names: it says nothing of any part."""
        footprint_a, footprint_b = tie.footprint(tie.a), tie.footprint(tie.b)
        if not footprint_a and not footprint_b:
            return self.is_likely(tie)
        own = find_common_ground(footprint_a, self.footprints[tie.a])
        others = find_common_ground(footprint_b, self.footprints[tie.b])
        if not own or not others:
            return False
        linked = sum(not others.isdisjoint(tie.links[n]) for n in own if n < len(tie.links))
        if tie.links and linked < MIN_OVERLAP * min(len(own), len(others)):
            return False
        return self.is_likely(tie)

    def is_likely(self, tie: Tie) -> bool:
        """Whether the pairs examined between the clusters of a tie say that they are one."""
        small, large = self.by_size(tie)
        total = 0.0
        for member in small:
            examined = self.log_odds[member].items()
            said = [odds for other, odds in examined if self.cluster[other] is large]
            against = fsum(odds for odds in said if odds < 0)
            total += fsum(odds for odds in said if odds > 0) + max(against, -MAX_AGAINST_ARTICLE)
        return total >= 0

    def join(self, tie: Tie) -> None:
        """Make one cluster of two. The smaller one moves, so an article moves rarely."""
        small, large = self.by_size(tie)
        for member in small:
            for known in self.ties_of[member]:
                if self.cluster[known.a] is large or self.cluster[known.b] is large:
                    self.remember(known)
        large += small
        for member in small:
            self.cluster[member] = large
        self.joining[tie.a].append(tie)

    def remember(self, tie: Tie) -> None:
        """Keep the footprints of a tie within a cluster."""
        for article in (tie.a, tie.b):
            if len(self.footprints[article]) < MAX_FOOTPRINTS:
                self.footprints[article].setdefault(tie.footprint(article))

    def by_size(self, tie: Tie) -> list[list[int]]:
        """The clusters of both articles, the smaller first; of two equal ones, b's."""
        return sorted((self.cluster[tie.b], self.cluster[tie.a]), key=len)

    def groups(self) -> tuple[Group, ...]:
        """The clusters of two and more members, largest first."""
        groups = []
        for growing in {id(cluster): cluster for cluster in self.cluster.values()}.values():
            members = tuple(sorted(growing))
            if len(members) > 1:
                groups.append(Group(members, tuple(t for n in members for t in self.joining[n])))
        return tuple(sorted(groups, key=lambda group: (-len(group.members), group.members)))


def find_footprints(
    a: Text, b: Text, links: tuple[Links, Links]
) -> tuple[frozenset[int], frozenset[int]]:
    """The sentences of either article that the other one covers, given their links.

    Of a release, against an article that has any of its sentences, it is all: a release has one
    story, and each article on it takes other parts."""
    linked = any(any(side.sources) for side in links)
    of_a, of_b = (linked and is_release(text) for text in (a, b))
    own, others = (
        frozenset(n for n, sources in enumerate(side.sources) if sources or whole)
        for side, whole in zip(links, (of_a > of_b, of_b > of_a), strict=True)
    )
    return own, others


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
