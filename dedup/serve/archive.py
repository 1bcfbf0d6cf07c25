"""The archive of a server: one thread writes, others read, and neither waits for the other.

What arrives while the disk is busy is committed together. An answer comes when its article is on
the disk.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Thread
from typing import TypeVar

from dedup.article import Article
from dedup.embed import find_encoder
from dedup.errors import StoreError
from dedup.index import Index
from dedup.index.clusters import IndexCluster, read_cluster
from dedup.index.places import ADDRESSES, open_store
from dedup.index.records import article_of, is_storable
from dedup.index.sqlite import SQLiteStore
from dedup.index.thread import IndexThread

T = TypeVar("T")

MAX_TOGETHER = 64  # operations in one commit
# Between two checkpoints, which then have so little to do that nobody waits for the disk meanwhile:
# the slowest of a hundred at 50 articles a second for 14 ms (index of 100,000, two cores).
CHECKPOINT_SECONDS = 0.25


class Archive:
    """The index at a place, to write to; made where there is none."""

    def __init__(
        self, place: str, encoder: str | None, written: Callable[[], None] = lambda: None
    ) -> None:
        self._written = written
        self._checkpoints: Checkpoints | None = None
        self._thread = IndexThread(
            lambda: Index(place, encoder=find_encoder(encoder)),
            f"{place}: the server is stopping",
            MAX_TOGETHER,
            written=self._tell,
        )
        if not place.startswith(ADDRESSES):
            self._checkpoints = Checkpoints(place)
        self.reader = Reader(place)

    def _tell(self) -> None:
        """Something was written."""
        if self._checkpoints:
            self._checkpoints.written.set()
        self._written()

    def submit(self, work: Callable[[Index], T]) -> "Future[T]":
        """What `work` makes of the index, once it is on the disk."""
        return self._thread.submit(work)

    def close(self) -> None:
        """Do what waits, and close the index."""
        self._thread.close()
        if self._checkpoints:
            self._checkpoints.close()
        self.reader.close()


class Checkpoints:
    """Puts the log of the index in a file into that file, in a thread of its own, every other
    moment while it is written to: all that arrives while a commit does that has to wait."""

    def __init__(self, place: str) -> None:
        self.written = Event()
        self._store = SQLiteStore(place)
        self._ending = Event()
        self._thread = Thread(target=self._run, name="dedup-checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        self.written.set()
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        while not self._ending.wait(CHECKPOINT_SECONDS):
            self.written.wait()
            self.written.clear()
            with suppress(StoreError):  # the log is as safe; who writes next hears of a full disk
                self._store.checkpoint()


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
