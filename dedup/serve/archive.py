"""The archive of a server: one thread writes, others read, and neither waits for the other.

What arrives while the disk is busy is committed together, so that a hundred articles cost one
wait for the disk, not a hundred. An answer comes when its article is on the disk. An error belongs
to the operation that caused it, not to those committed with it.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple, TypeVar

from dedup.article import Article
from dedup.embed import load_encoder
from dedup.errors import DedupError, MissingExtra, StoreError
from dedup.index import Index
from dedup.index.clusters import IndexCluster, read_cluster
from dedup.index.places import open_store
from dedup.index.records import IndexStats, article_of, is_storable

T = TypeVar("T")

MAX_TOGETHER = 64  # operations in one commit


class Operation(NamedTuple):
    """What is to be done with the index, and the future that waits for it."""

    work: Callable[[Index], Any]
    answer: "Future[Any]"


class Archive:
    """The index at a place, to write to; made where there is none."""

    def __init__(
        self, place: str, encoder: str | None, written: Callable[[], None] = lambda: None
    ) -> None:
        self.place = place
        self._written = written
        self._waiting: SimpleQueue[Operation | None] = SimpleQueue()  # None ends it
        self._closing = Lock()
        self._closed = False
        opened: Future[None] = Future()
        self._thread = Thread(target=self._run, args=(place, encoder, opened), daemon=True)
        self._thread.start()
        opened.result()
        self.reader = Reader(place)

    def submit(self, work: Callable[[Index], T]) -> "Future[T]":
        """What `work` makes of the index, once it is on the disk."""
        answer: Future[T] = Future()
        with self._closing:
            if self._closed:
                answer.set_exception(StoreError(f"{self.place}: the server is stopping"))
            else:
                self._waiting.put(Operation(work, answer))
        return answer

    def close(self) -> None:
        """Do what waits, and close the index."""
        with self._closing:
            self._closed = True
        self._waiting.put(None)
        self._thread.join()
        self.reader.close()

    def _run(self, place: str, encoder: str | None, opened: "Future[None]") -> None:
        try:
            index = Index(place, encoder=usable_encoder(encoder))
        except BaseException as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        with index:
            going = True
            while going:
                batch, going = self._batch()
                if batch:
                    self._commit(index, batch)

    def _batch(self) -> tuple[list[Operation], bool]:
        """The operations that wait, at least one, and whether more may come."""
        batch: list[Operation] = []
        wait = True
        while len(batch) < MAX_TOGETHER:
            try:
                operation = self._waiting.get(block=wait)
            except Empty:
                break
            if operation is None:
                return batch, False
            if operation.answer.set_running_or_notify_cancel():
                batch.append(operation)
                wait = False
        return batch, True

    def _commit(self, index: Index, batch: list[Operation]) -> None:
        results: list[tuple[Operation, Any, DedupError | None]] = []
        try:
            with index.batch():
                for operation in batch:
                    try:
                        results.append((operation, operation.work(index), None))
                    except StoreError:
                        raise
                    except DedupError as error:  # raised before anything was written
                        results.append((operation, None, error))
        except BaseException as error:
            if len(batch) > 1 and not isinstance(error, StoreError):
                for operation in batch:  # find the one that cannot be done
                    self._commit(index, [operation])
                return
            for operation in batch:
                operation.answer.set_exception(error)
            return
        self._written()
        for operation, result, failed in results:
            if failed is not None:
                operation.answer.set_exception(failed)
            else:
                operation.answer.set_result(result)


class Reader:
    """The index at a place, to read from while others write."""

    def __init__(self, place: str) -> None:
        self._store = open_store(place, readonly=True)

    def get(self, id: str) -> Article | None:
        """The article called `id`, or None."""
        if not is_storable(id):
            return None
        with self._store.reading():
            number = self._store.find_numbers([id]).get(id)
            if number is None:
                return None
            return article_of(id, self._store.read_contents([number])[number])

    def page(self, after: int, limit: int) -> list[tuple[int, Article]]:
        """The first `limit` articles numbered above `after`, with their numbers."""
        with self._store.reading():
            rows = self._store.read_articles(after, limit)
        return [(entry.number, article_of(entry.id, content)) for entry, content in rows]

    def find(self, numbers: list[int]) -> dict[int, Article]:
        """Those of these articles that are still there, by number."""
        with self._store.reading():
            entries = self._store.read_entries(numbers)
            contents = self._store.read_contents([entry.number for entry in entries])
        return {e.number: article_of(e.id, contents[e.number]) for e in entries}

    def count(self) -> int:
        """How many articles there are."""
        with self._store.reading():
            return self._store.count()

    def stats(self) -> IndexStats:
        """How much there is; walks through the tables."""
        with self._store.reading():
            return self._store.stats()

    def changes(self) -> int:
        """A number that differs after something has been written."""
        with self._store.reading():
            return self._store.changes()

    def cluster_of(self, id: str) -> str | None:
        """The cluster that an article is in, as far as it is worked out."""
        if not is_storable(id):
            return None
        with self._store.reading():
            numbers = list(self._store.find_numbers([id]).values())
            rows = self._store.read_clusters(numbers) if numbers else []
        return f"c{rows[0][0]}" if rows else None

    def clusters(self) -> dict[str, tuple[int, ...]]:
        """The numbers of the articles of each cluster, ascending."""
        with self._store.reading():
            rows = self._store.read_clusters()
        clusters: dict[str, list[int]] = {}
        for cluster, number in rows:
            clusters.setdefault(f"c{cluster}", []).append(number)
        return {id: tuple(numbers) for id, numbers in clusters.items()}

    def is_pending(self) -> bool:
        """Whether there are pairs of articles that have still to be related."""
        with self._store.reading():
            return bool(self._store.pending_pairs(1))

    def cluster_ids(self, after: int, limit: int) -> list[int]:
        """The numbers of the first `limit` clusters above `after`, ascending."""
        with self._store.reading():
            return self._store.cluster_ids(after, limit)

    def count_clusters(self) -> int:
        """How many clusters there are."""
        with self._store.reading():
            return self._store.count_clusters()

    def cluster(self, id: str) -> IndexCluster | None:
        """The cluster called "c1", "c2" …, or None."""
        number = cluster_number(id)
        with self._store.reading():
            members = self._store.read_members(number)
            return read_cluster(self._store, number, members) if members else None

    def articles_of(self, id: str, limit: int) -> list[Article]:
        """The first `limit` articles of a cluster, by their ids; none where there is no such
        cluster."""
        with self._store.reading():
            entries = self._store.read_entries(self._store.read_members(cluster_number(id)))
            entries = sorted(entries, key=lambda entry: entry.id)[:limit]
            contents = self._store.read_contents([entry.number for entry in entries])
        return [article_of(entry.id, contents[entry.number]) for entry in entries]

    def close(self) -> None:
        """Close the index."""
        self._store.close()


def cluster_number(id: str) -> int:
    """The number of the cluster called "c1", "c2" …; 0, which none has, where that is no name.

    >>> cluster_number("c12"), cluster_number("c1e9"), cluster_number("12")
    (12, 0, 0)
    """
    number = id.removeprefix("c")
    is_name = id.startswith("c") and number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if is_name else 0


def usable_encoder(name: str | None) -> Any:
    """The encoder of that name; None where the default is asked for and not installed."""
    if name is None:
        return None
    if name == "auto":
        with suppress(MissingExtra):
            return load_encoder(name)
        return None
    return load_encoder(name)
