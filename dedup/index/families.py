"""Families of an index: kept up to date as it grows, under ids that stay.

Comes in: the pairs that adding left to be looked at. Goes out: relations, and families of them.
A pair is related once. Then the families that hang together with what is new are worked out
anew from their ties, exactly as `dedup.cluster` does for a whole collection: so it does not
matter in which order the articles came, only which pairs were looked at. Members are numbered
by their ids meanwhile, as in a comparison.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from dedup.cluster import Tie, cluster
from dedup.index.records import article_of
from dedup.index.store import Pair, Store
from dedup.relate import MIN_PROBABILITY, Evidence, Relation, relate
from dedup.text import Text, prepare

NO_TIE = ""
TEXTS_KEPT = 500  # articles taken apart, of about 150 KB each
AT_ONCE = 1_000  # numbers of a query


@dataclass(frozen=True, slots=True)
class IndexCluster:
    """Articles of an index that tell one report.

    `id` is "f1", "f2" … and stays as the family grows. `members` are article ids, ascending.
    `weakest_link` is the relation without which the family falls apart at the least loss.
    """

    id: str
    members: tuple[str, ...]
    weakest_link: Relation


def settle(store: Store, most: int) -> int:
    """Relate up to `most` pairs that nobody has looked at; say how many there were.

    The store is free for others meanwhile: who looks at the same pair finds the same.
    """
    with store.reading():
        pairs = store.pending(most)
        numbers = sorted({number for pair in pairs for number in pair})
        entries = {entry.number: entry for entry in store.entries(numbers)}
        contents = store.contents(numbers)

    @lru_cache(maxsize=TEXTS_KEPT)
    def text(number: int) -> Text:
        return prepare(article_of(entries[number].id, contents[number]))

    found = [Pair(a, b, _looked_at(text(a), text(b))) for a, b in pairs]
    if found:
        with store.writing():
            store.settle(found)
    return len(found)


def _looked_at(one: Text, other: Text) -> str:
    """What is kept of a pair: of a tie the relation and its footprints, of others nothing.
    The first of the two is the one with the lesser id."""
    a, b = sorted((one, other), key=lambda text: text.article.id)
    relation, (forth, back) = relate(a, b)
    if relation.probability < MIN_PROBABILITY:
        return NO_TIE
    kept = {
        "relation": asdict(relation),
        "links": forth.sources,
        "told": [n for n, sources in enumerate(back.sources) if sources],
    }
    return json.dumps(kept, separators=(",", ":"))


def regroup(store: Store) -> None:
    """Work out anew every family that something has happened to."""
    while True:
        with store.writing():
            unsettled = store.unsettled(1)
            if not unsettled:
                return
            _regroup(store, unsettled[0])


def _regroup(store: Store, start: int) -> None:
    """Work out the families among all that hangs together with one article."""
    numbers, pairs = _hanging_together(store, start)
    entries = store.entries(numbers)
    if not entries:  # it was removed
        store.regroup(numbers, [])
        return
    order = {e.number: n for n, e in enumerate(sorted(entries, key=lambda e: e.id))}
    number = {n: article for article, n in order.items()}
    found, _ = cluster(*_examined(pairs, order))
    former = {article: family for family, article in store.families(numbers)}
    free = set(former.values())
    rows = []
    for family in found:
        members = [number[n] for n in family.members]
        had = Counter(former[m] for m in members if former.get(m) in free)
        own = min(had, key=lambda id: (-had[id], id)) if had else store.next_family()
        free.discard(own)
        rows += [(own, member) for member in members]
    store.regroup(numbers, rows)


def _hanging_together(store: Store, start: int) -> tuple[list[int], list[Pair]]:
    """The articles that ties lead to from one, and every settled pair among them."""
    reached, edge = {start}, [start]
    pairs: dict[tuple[int, int], Pair] = {}
    while edge:
        following: set[int] = set()
        for at in range(0, len(edge), AT_ONCE):
            for pair in store.pairs(edge[at : at + AT_ONCE]):
                pairs[pair.a, pair.b] = pair
                if pair.relation:
                    following |= {pair.a, pair.b} - reached
        reached |= following
        edge = sorted(following)
    return sorted(reached), [pairs[key] for key in sorted(pairs)]


def _examined(
    pairs: Iterable[Pair], order: Mapping[int, int]
) -> tuple[list[Tie], list[tuple[int, int]]]:
    """The ties and the pairs that are none among some articles, which have their place in the
    `order` of their ids."""
    ties, apart = [], []
    for pair in pairs:
        if pair.a in order and pair.b in order:
            i, j = sorted((order[pair.a], order[pair.b]))
            if pair.relation:
                ties.append(_tie(i, j, json.loads(pair.relation)))
            else:
                apart.append((i, j))
    return ties, apart


def _tie(i: int, j: int, kept: dict[str, Any]) -> Tie:
    relation, links = kept["relation"], tuple(map(tuple, kept["links"]))
    told = frozenset(n for n, sources in enumerate(links) if sources)
    return Tie(
        i, j, relation["probability"], sum(relation["coverage"]), told,
        frozenset(kept["told"]), links,
    )  # fmt: skip


def read_clusters(store: Store) -> tuple[IndexCluster, ...]:
    """The families of the store, largest first."""
    members: dict[int, list[int]] = {}
    for family, number in store.families():
        members.setdefault(family, []).append(number)
    found = [_family(store, id, numbers) for id, numbers in members.items()]
    return tuple(sorted(found, key=lambda family: (-len(family.members), family.members)))


def _family(store: Store, id: int, numbers: Sequence[int]) -> IndexCluster:
    """A family from the ties of its members, which make it again and say which is the weakest."""
    entries = sorted(store.entries(numbers), key=lambda entry: entry.id)
    order = {entry.number: n for n, entry in enumerate(entries)}
    pairs = store.pairs(numbers)
    (found, *_), _ = cluster(*_examined(pairs, order))
    ends = {found.weakest.a, found.weakest.b}
    (weakest,) = (p for p in pairs if {order.get(p.a), order.get(p.b)} == ends)
    return IndexCluster(f"f{id}", tuple(entry.id for entry in entries), _relation(weakest))


def _relation(pair: Pair) -> Relation:
    kept: dict[str, Any] = json.loads(pair.relation or "")["relation"]
    kept["evidence"] = tuple(Evidence(**piece) for piece in kept["evidence"])
    for name in ("containment", "coverage"):
        kept[name] = tuple(kept[name])
    return Relation(**kept)
