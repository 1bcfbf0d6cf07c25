"""The clusters of an index: kept up to date as it grows, under ids that stay.

A pair is related once (`dedup.index.relating`). Then the clusters that ties connect with a new
article are worked out anew, exactly as `dedup.cluster` does for a whole collection, with members
numbered by their ids: so the result depends on which pairs were related, not on the order in which
the articles came.
"""

import json
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dedup.cluster import Tie, cluster
from dedup.index.records import IndexPair, damaged
from dedup.index.store import Store
from dedup.relate import Relation
from dedup.relate.model import Evidence


@dataclass(frozen=True, slots=True)
class IndexCluster:
    """Articles of an index that share a source text.

    `id` is "c1", "c2" … and stays as the cluster grows. `members` are article ids, ascending.
    `weakest_link` is the least certain of the relations that hold the cluster together.
    """

    id: str
    members: tuple[str, ...]
    weakest_link: Relation


def update_clusters(store: Store) -> None:
    """Work out anew every cluster that something has happened to."""
    while True:
        with store.writing():
            unsettled = store.unsettled(1)
            if not unsettled:
                return
            update_around(store, unsettled[0])


def update_around(store: Store, start: int) -> None:
    """Work out the clusters among all articles that ties connect with one."""
    numbers, pairs = find_connected(store, start)
    entries = sorted(store.read_entries(numbers), key=lambda entry: entry.id)
    groups, _ = cluster(*split_ties(pairs, {e.number: n for n, e in enumerate(entries)}))
    former = {number: id for id, number in store.read_clusters(numbers)}
    free = set(former.values())
    rows = []
    for group in groups:
        members = [entries[n].number for n in group.members]
        had = Counter(former[number] for number in members if former.get(number) in free)
        own = min(had, key=lambda id: (-had[id], id)) if had else store.next_cluster()
        free.discard(own)
        rows += [(own, number) for number in members]
    store.save_clusters(numbers, rows)


def find_connected(store: Store, start: int) -> tuple[list[int], list[IndexPair]]:
    """The articles that ties lead to from one, and every related pair among them."""
    reached, edge = {start}, [start]
    pairs: dict[tuple[int, int], IndexPair] = {}
    while edge:
        following: set[int] = set()
        for pair in store.read_relations(edge):
            pairs[pair.a, pair.b] = pair
            if pair.tie:
                following |= {pair.a, pair.b} - reached
        reached |= following
        edge = sorted(following)
    return sorted(reached), [pairs[key] for key in sorted(pairs)]


def split_ties(
    pairs: Iterable[IndexPair], order: Mapping[int, int]
) -> tuple[list[Tie], list[tuple[int, int, float]]]:
    """The ties and, with their probability, the unrelated pairs among articles that have their
    place in the `order` of their ids."""
    ties, unrelated = [], []
    for pair in pairs:
        if pair.a in order and pair.b in order:
            i, j = sorted((order[pair.a], order[pair.b]))
            try:
                if pair.tie:
                    ties.append(read_tie(pair.tie, i, j))
                elif pair.relation:
                    unrelated.append((i, j, read_probability(float(pair.relation))))
            except (ValueError, TypeError, LookupError, RecursionError) as error:
                raise damaged(f"the relation of a pair cannot be read: {error!r:.100}") from None
    return ties, unrelated


def read_tie(source: str, i: int, j: int) -> Tie:
    """The tie of two articles as it is kept."""
    kept = json.loads(source)
    relation = kept["relation"]
    links = tuple(tuple(map(operator.index, sources)) for sources in kept["links"])
    linked = [n for n, sources in enumerate(links) if sources]
    own = frozenset(map(operator.index, kept.get("own_footprint", linked)))
    other = frozenset(map(operator.index, kept["footprint"]))
    probability, weight = read_probability(relation["probability"]), sum(relation["coverage"])
    return Tie(i, j, probability, weight, own, other, links)


def read_probability(value: float) -> float:
    """A probability as it is kept; `ValueError` or `TypeError` where it is none."""
    if not 0 <= value <= 1:
        raise ValueError(f"{value!r:.40} is no probability")
    return value


def read_clusters(store: Store) -> tuple[IndexCluster, ...]:
    """The clusters of the store, largest first."""
    clusters = [
        read_cluster(store, id, [number for _, number in rows])
        for id, rows in groupby(store.read_clusters(), key=operator.itemgetter(0))
    ]
    return tuple(sorted(clusters, key=lambda c: (-len(c.members), c.members)))


def read_cluster(store: Store, id: int, numbers: Sequence[int]) -> IndexCluster:
    """A cluster from the ties of its members, which make it again and say which is weakest."""
    entries = sorted(store.read_entries(numbers), key=lambda entry: entry.id)
    order = {entry.number: n for n, entry in enumerate(entries)}
    pairs = store.read_relations(numbers)
    try:
        (group, *_), _ = cluster(*split_ties(pairs, order))
        ends = {group.weakest.a, group.weakest.b}
        (weakest,) = (p for p in pairs if {order.get(p.a), order.get(p.b)} == ends)
        kept: dict[str, Any] = json.loads(weakest.tie)["relation"]
        kept["evidence"] = tuple(Evidence(**piece) for piece in kept["evidence"])
        for name in ("containment", "coverage"):
            kept[name] = tuple(kept[name])
        relation = Relation(**kept)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise damaged(f"the cluster c{id} does not hold together: {error!r:.100}") from None
    return IndexCluster(f"c{id}", tuple(entry.id for entry in entries), relation)
