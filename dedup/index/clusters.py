"""The clusters of an index: kept up to date as it grows, under ids that stay.

A pair is related once. Then the clusters that ties connect with a new article are worked out anew,
exactly as `dedup.cluster` does for a whole collection, with members numbered by their ids: so the
result depends on which pairs were related, not on the order in which the articles came.
"""

import json
import operator
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from dedup.cluster import Tie, cluster
from dedup.embed import Encoder
from dedup.index.records import IndexPair, article_of, damaged
from dedup.index.store import Store
from dedup.relate import MIN_PROBABILITY, Relation, relate
from dedup.relate.model import Evidence
from dedup.text import Text, prepare, same_language

# Of texts that stay prepared, for an article has pairs with several others, and to prepare it takes
# longer than to relate it: 1,300 articles, some 300 MB.
MAX_CHARACTERS = 4_000_000
MAX_RELATED = 64  # pairs related between two commits, a second's work


@dataclass(frozen=True, slots=True)
class IndexCluster:
    """Articles of an index that share a source text.

    `id` is "c1", "c2" … and stays as the cluster grows. `members` are article ids, ascending.
    `weakest_link` is the least certain of the relations that hold the cluster together.
    """

    id: str
    members: tuple[str, ...]
    weakest_link: Relation


def relate_pending(store: Store, limit: int | None, encoder: Encoder | None) -> Iterator[int]:
    """Relate pairs that are pending, at most `limit`; gives after each commit how many there were.
    The store is not locked meanwhile: another process that relates the same pair gets the same
    result."""
    done, texts = 0, OrderedDict[int, Text]()
    while limit is None or done < limit:
        most = MAX_RELATED if limit is None else min(MAX_RELATED, limit - done)
        related = relate_some(store, most, encoder, texts)
        if not related:
            return
        done += related
        yield done


def relate_some(
    store: Store, limit: int, encoder: Encoder | None, texts: OrderedDict[int, Text]
) -> int:
    """Relate up to `limit` pairs that are pending; say how many there were. `texts` are those that
    were prepared before, by number; of them and the new ones the last are kept."""
    with store.reading():
        pairs = store.pending_pairs(limit)
        numbers = {number for pair in pairs for number in pair}
        entries = store.read_entries(sorted(numbers - texts.keys()))
        contents = store.read_contents([entry.number for entry in entries])
    ids = {entry.number: entry.id for entry in entries}
    related: list[IndexPair] = []
    size = 0
    for a, b in pairs:
        for number in (a, b):
            if number not in texts:
                if number not in ids:
                    raise damaged(f"a pair has the article number {number}, which is not there")
                texts[number] = prepare(article_of(ids[number], contents[number]))
                size += len(texts[number].article.text)
            texts.move_to_end(number)
        related.append(IndexPair(a, b, relate_pair(texts[a], texts[b], encoder)))
        if size > MAX_CHARACTERS:
            break
    size = sum(len(text.article.text) for text in texts.values())
    while size > MAX_CHARACTERS:
        size -= len(texts.popitem(last=False)[1].article.text)
    if related:
        with store.writing():
            store.save_relations(related)
    return len(related)


def relate_pair(a: Text, b: Text, encoder: Encoder | None) -> str:
    """What is kept of a pair: of a tie the relation and its footprints, of others the probability
    alone; nothing, without an encoder, of two articles in two languages."""
    if encoder is None and not same_language(a, b):
        return ""
    a, b = sorted((a, b), key=lambda text: text.article.id)
    relation, (links, back) = relate(a, b, encoder)
    if relation.probability < MIN_PROBABILITY:
        return repr(relation.probability)
    kept = {
        "relation": asdict(relation),
        "links": links.sources,
        "footprint": [n for n, sources in enumerate(back.sources) if sources],
    }
    return json.dumps(kept, separators=(",", ":"))


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
    own = frozenset(n for n, sources in enumerate(links) if sources)
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
