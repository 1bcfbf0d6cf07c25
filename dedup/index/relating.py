"""Relate the pairs of an index that are pending, in one process or in several.

A pair is related once, and the answer is the same wherever that is done: what a process gets are
the articles. Only the one that has the index open writes.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict
from typing import NamedTuple

import numpy as np

from dedup.article import Article
from dedup.cluster import find_footprints
from dedup.embed import Encoder, resolve_encoder
from dedup.index.records import IndexPair, article_of, damaged
from dedup.index.store import Store
from dedup.pipeline.tasks import Setup
from dedup.processes.workers import Workers, can_send, serve
from dedup.relate import MIN_PROBABILITY, relate
from dedup.text import Text, prepare, same_language

# Of texts that stay prepared, for an article has pairs with several others, and to prepare it takes
# longer than to relate it: 1,300 articles, some 300 MB in each process.
MAX_CHARACTERS = 4_000_000
MAX_RELATED = 64  # pairs related between two commits, a second's work
MAX_SENT = 2_000_000  # bytes of their texts, as they are kept
MAX_LISTED = 4_096  # pairs that are looked up at once
MIN_FOR_WORKERS = 400  # pairs; a process takes 2 s of CPU to start

START = "from dedup.index.relating import work; work()"


class RelateTask(NamedTuple):
    """Relate these pairs of articles, which are there by number."""

    articles: dict[int, Article]
    pairs: Sequence[tuple[int, int]]

    @property
    def ids(self) -> list[str]:
        """The articles that it is about."""
        return [article.id for article in self.articles.values()]

    @property
    def stays(self) -> bool:
        """No: an article of an index was read from there, and can be sent."""
        return False


class Relater:
    """Relates pairs of articles, and keeps the texts prepared that it had last."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._texts = OrderedDict[int, Text]()
        self._characters = 0  # of these

    def relate(self, task: RelateTask) -> list[IndexPair]:
        """The pairs with what is kept of each."""
        related = []
        for a, b in task.pairs:
            first, second = (self._prepare(n, task.articles[n]) for n in (a, b))
            related.append(IndexPair(a, b, relate_pair(first, second, self._encoder)))
        return related

    def _prepare(self, number: int, article: Article) -> Text:
        text = self._texts.get(number)
        if text is None:
            text = self._texts[number] = prepare(article)
            self._characters += len(article.text)
        self._texts.move_to_end(number)
        while self._characters > MAX_CHARACTERS and len(self._texts) > 1:
            _, former = self._texts.popitem(last=False)
            self._characters -= len(former.article.text)
        return text


def relate_pending(
    store: Store,
    limit: int | None,
    encoder: Encoder | None,
    named: Encoder | str | None,
    threads: int,
) -> Iterator[int]:
    """Relate pairs that are pending, at most `limit`, in up to `threads` processes, which get the
    encoder as `named`; gives after each commit how many there were. The store is not locked
    meanwhile: another process that relates the same pair gets the same result."""
    with store.reading():
        many = len(store.pending_pairs(MIN_FOR_WORKERS)) == MIN_FOR_WORKERS
    several = many and threads > 1 and can_send(named)
    relater, done = Relater(encoder), 0
    with closing(Workers(threads, START)) if several else nullcontext() as workers:
        if workers:
            workers.setup = Setup(named)
        while True:
            before = done
            tasks = list_tasks(store, None if limit is None else limit - done)
            for related in (
                workers.map(tasks, relater.relate) if workers else map(relater.relate, tasks)
            ):
                save_relations(store, related)
                done += len(related)
                yield done
            if done == before:  # nor have others added any meanwhile
                return


def list_tasks(store: Store, limit: int | None) -> Iterator[RelateTask]:
    """The pairs that are pending, at most `limit`, with their articles, some at a time: those that
    hang together one after the other, so that few articles are prepared by two processes."""
    last = (0, 0)
    while limit is None or limit > 0:
        with store.reading():
            most = MAX_LISTED if limit is None else min(MAX_LISTED, limit)
            pairs = store.pending_pairs(most, last)
        if not pairs:
            return
        last = pairs[-1]
        limit = None if limit is None else limit - len(pairs)
        pairs = gather_pairs(pairs)
        while pairs:
            with store.reading():
                chosen = choose_pairs(store, pairs[:MAX_RELATED])
                articles = read_articles(store, chosen)
            there = [pair for pair in chosen if articles.keys() >= set(pair)]
            yield RelateTask(articles, there)
            pairs = pairs[len(chosen) :]


def gather_pairs(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs in the order in which they hang together."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    numbers, places = np.unique(np.array(pairs), return_inverse=True)
    a, b = places.reshape(-1, 2).T
    graph = csr_matrix((np.ones(len(a), bool), (a, b)), shape=(len(numbers), len(numbers)))
    _, group = connected_components(graph, directed=False)
    return [pairs[n] for n in np.argsort(group[a], kind="stable")]


def choose_pairs(store: Store, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first of these pairs, as many as have texts of `MAX_SENT` bytes; one at least."""
    sizes = store.read_sizes(sorted({number for pair in pairs for number in pair}))
    sent = 0
    for n, pair in enumerate(pairs):
        sent += sum(sizes.pop(number, 0) for number in pair)
        if sent > MAX_SENT:
            return pairs[: n + 1]
    return pairs


def read_articles(store: Store, pairs: list[tuple[int, int]]) -> dict[int, Article]:
    """The articles of these pairs by number, without those that have been removed meanwhile."""
    numbers = sorted({number for pair in pairs for number in pair})
    ids = {entry.number: entry.id for entry in store.read_entries(numbers)}
    for a, b in pairs:
        if not {a, b} <= ids.keys() and (a, b) in store.pending_pairs(1, (a, b - 1)):
            raise damaged(f"the pair {a}, {b} has an article that is not there")
    contents = store.read_contents(list(ids))
    return {number: article_of(id, contents[number]) for number, id in ids.items()}


def save_relations(store: Store, related: list[IndexPair]) -> None:
    """Keep the relations of pairs whose articles have not been removed meanwhile."""
    with store.writing():
        numbers = sorted({number for pair in related for number in (pair.a, pair.b)})
        there = {entry.number for entry in store.read_entries(numbers)}
        store.save_relations([pair for pair in related if {pair.a, pair.b} <= there])


def relate_pair(a: Text, b: Text, encoder: Encoder | None) -> str:
    """What is kept of a pair: of a tie the relation and its footprints, of others the probability
    alone; nothing, without an encoder, of two articles in two languages."""
    if encoder is None and not same_language(a, b):
        return ""
    a, b = sorted((a, b), key=lambda text: text.article.id)
    relation, links = relate(a, b, encoder)
    if relation.probability < MIN_PROBABILITY:
        return repr(relation.probability)
    own, others = find_footprints(a, b, links)
    kept = {
        "relation": asdict(relation),
        "links": links[0].sources,
        "own_footprint": sorted(own),
        "footprint": sorted(others),
    }
    return json.dumps(kept, separators=(",", ":"))


def work() -> None:
    """Do the tasks that come from standard input until it ends."""
    relater = Relater(None)

    def answer(task: RelateTask | Setup) -> list[IndexPair] | None:
        nonlocal relater
        if isinstance(task, RelateTask):
            return relater.relate(task)
        relater = Relater(resolve_encoder(task.encoder))
        return None

    serve(answer)
