"""Gather what is found in groups, and say which clusters are sure of their place.

Clusters are numbered by size. Groups come with the largest first, and none has a cluster larger
than itself: so a cluster's number is known once only smaller groups are to come, and it need not
wait for the end. Where there is a journal, clusters stay there and not in memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heappop, heappush

from dedup.attribution import Attribution
from dedup.pipeline.groups import (
    MAX_DERIVED,
    SIDE_PASSAGE,
    Apart,
    CandidateGroup,
    GroupFindings,
    find_related,
)
from dedup.pipeline.result import Cluster, ClusterTable, Related, Singleton
from dedup.pipeline.storage import Journal
from dedup.readers import Problem

FIRST = 1  # record of the journal that is of a group; the one before says what the work is on


class Gathering:
    """What is found, step by step: in the groups, in their order, and then in pairs that share
    passages. The first steps in a journal are those of an earlier run."""

    def __init__(self, groups: Sequence[CandidateGroup], journal: Journal | None) -> None:
        self._groups, self._journal = groups, journal
        self._waiting: list[tuple[int, tuple[int, ...], int, int]] = []
        self._kept: dict[tuple[int, int], Cluster] = {}
        self._ranked: list[Cluster | tuple[int, int]] = []  # or its place in the journal
        self._large: list[tuple[int, int, Problem]] = []
        self._apart: dict[tuple[int, int], Apart] = {}
        self._refused: dict[tuple[int, int], Apart] = {}
        self._done = 0
        self.members: list[tuple[int, ...]] = []
        self.singletons: dict[str, Singleton] = {}
        self.languages: dict[str, str] = {}
        self.attributions: dict[str, tuple[Attribution, ...]] = {}

    def recall(self) -> GroupFindings | None:
        """The findings of the next step, if an earlier run had them."""
        if self._journal is None or self._done + FIRST >= len(self._journal):
            return None
        findings: GroupFindings = self._journal[self._done + FIRST]
        return findings

    def add(self, findings: GroupFindings, *, known: bool = False) -> Iterator[Cluster]:
        """Keep the findings of the next group; the clusters whose number is sure now."""
        n = self._done
        self._keep(findings, known)
        for k, (members, cluster) in enumerate(findings.clusters):
            if len(members) > MAX_DERIVED:
                what = (
                    f"is in a cluster of {len(members):,} articles; derivations are worked out "
                    f"among the {MAX_DERIVED} that have most relations"
                )
                problem = Problem(min(cluster.members), what)
                self._large.append((self._groups[n].articles[0], k, problem))
            self.members.append(members)
            heappush(self._waiting, (-len(members), members, n, k))
            self._kept[n, k] = cluster
        limit: tuple[int, tuple[int, ...]] = (0, ())
        if self._done < len(self._groups):
            following = self._groups[self._done].articles
            limit = (-len(following), following[:1])
        while self._waiting and self._waiting[0][:2] < limit:
            *_, n, k = heappop(self._waiting)
            cluster = replace(self._kept.pop((n, k)), id=f"c{len(self._ranked) + 1}")
            self._ranked.append(cluster if self._journal is None else (n, k))
            yield cluster

    def add_passages(self, findings: GroupFindings, *, known: bool = False) -> None:
        """Keep the findings of the next pairs that share passages."""
        self._keep(findings, known)
        for found in findings.apart:
            if found.pair in self._refused:
                self._refused[found.pair] = found._replace(
                    related=replace(found.related, why=SIDE_PASSAGE)
                )

    def _keep(self, findings: GroupFindings, known: bool) -> None:
        if self._journal is not None and not known:
            self._journal.append(findings)
        self._done += 1
        self._apart.update((found.pair, found) for found in findings.apart)
        self._refused.update((found.pair, found) for found in findings.refused)
        self.singletons.update((single.id, single) for single in findings.singletons)
        self.languages.update(findings.languages)
        self.attributions.update(findings.attributions)

    @property
    def refused(self) -> list[tuple[int, int]]:
        """The ties that were refused."""
        return sorted(self._refused)

    @property
    def clusters(self) -> Sequence[Cluster]:
        """All clusters, by number."""
        journal = self._journal
        if journal is None:
            return tuple(cluster for cluster in self._ranked if isinstance(cluster, Cluster))
        places = [place for place in self._ranked if isinstance(place, tuple)]

        def load(number: int) -> Cluster:
            n, k = places[number]
            findings: GroupFindings = journal[n + FIRST]
            return replace(findings.clusters[k][1], id=f"c{number + 1}")

        return ClusterTable(len(places), load)

    @property
    def related(self) -> tuple[Related, ...]:
        """All pairs that are related, the closest first."""
        cluster_of = {i: n for n, members in enumerate(self.members) for i in members}
        return tuple(find_related(self._apart, self._refused, cluster_of))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is said of clusters that are too large."""
        return tuple(problem for *_, problem in sorted(self._large, key=lambda item: item[:2]))
