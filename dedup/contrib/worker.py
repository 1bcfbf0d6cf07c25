"""A worker: an index in a thread of its own, for programs that must not wait for it.

Comes in: articles, one by one, from an event loop. Goes out: a future for each, done once the
article is kept for good. What comes in within a moment is kept in one commit, so that a hundred
articles cost one wait for the disk, not a hundred. It opens the index, and closes it at the end
with nothing left over. An error is that of the article it happened to, not of its neighbours.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from os import PathLike
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

from dedup.article import Article
from dedup.errors import StoreError
from dedup.index import Index, Store
from dedup.pipeline import Verdict

T = TypeVar("T")

COMMIT_EVERY = 100  # articles; a tenth of a second's work
COMMIT_SECONDS = 0.2
LIMIT = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """An article that is kept now, and the verdict on it against those before it.

    `known`: it was there already, word for word. `changed`: its id stood for another text, which
    it has replaced.
    """

    verdict: Verdict
    known: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """An article that waits, and what waits for it."""

    article: Article
    since: date | None
    until: date | None
    answer: "Future[T]"


class Worker(Generic[T]):
    """Checks articles against the index at `place`, adds them, and judges what was found.

    `judge(seen)` runs in the worker's thread too, when the article is kept: there is the place
    for what takes long, such as looking at a verdict's matches. Raises `StoreError` where the
    index cannot be opened.

    >>> worker = Worker(":memory:", lambda seen: len(seen.verdict.matches))
    >>> wire = "The minister resigned on Friday over the missing millions."
    >>> [worker.ask(Article(id, wire)).result() for id in ("wire", "copy")]
    [0, 1]
    >>> worker.close()
    """

    def __init__(
        self,
        place: str | PathLike[str] | Store,
        judge: Callable[[Seen], T],
        *,
        commit_every: int = COMMIT_EVERY,
        commit_seconds: float = COMMIT_SECONDS,
        limit: int = LIMIT,
    ) -> None:
        self._place, self._judge = place, judge
        self._every, self._seconds, self._limit = commit_every, commit_seconds, limit
        self._waiting: SimpleQueue[Asked[T] | None] = SimpleQueue()  # None: it is over
        self._over = False
        self.commits = 0
        opened: Future[None] = Future()
        self._thread = Thread(target=self._run, args=(opened,), name="dedup", daemon=True)
        self._thread.start()
        opened.result()

    def ask(
        self, article: Article, since: date | None = None, until: date | None = None
    ) -> "Future[T]":
        """What `judge` makes of the article; `since` and `until` as in `Index.check`."""
        answer: Future[T] = Future()
        if self._over:
            answer.set_exception(StoreError(f"{self._place}: the worker has been closed"))
        else:
            self._waiting.put(Asked(article, since, until, answer))
        return answer

    def close(self) -> None:
        """Answer what waits, and close the index. Closing twice does nothing."""
        self._over = True
        self._waiting.put(None)
        self._thread.join()

    def _run(self, opened: "Future[None]") -> None:
        try:
            index = Index(self._place)
        except BaseException as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        with index:
            going = True
            while going:
                batch, going = self._batch()
                if batch:
                    self._answer(index, batch)

    def _batch(self) -> tuple[list[Asked[T]], bool]:
        """What came in since the first of them, and whether more may come."""
        batch: list[Asked[T]] = []
        until = None
        while len(batch) < self._every:
            try:
                wait = None if until is None else max(until - monotonic(), 0)
                one = self._waiting.get(timeout=wait)
            except Empty:
                break
            if one is None:
                return batch, False
            if one.answer.set_running_or_notify_cancel():
                batch.append(one)
            until = until or monotonic() + self._seconds
        return batch, True

    def _answer(self, index: Index, batch: Sequence[Asked[T]]) -> None:
        """Keep a batch in one commit, then judge; where that fails, each article by itself."""
        try:
            with index.batch():
                found = [self._keep(index, asked) for asked in batch]
        except BaseException as error:
            if len(batch) == 1 or isinstance(error, StoreError):
                for asked in batch:
                    asked.answer.set_exception(error)
            else:
                for asked in batch:
                    self._answer(index, [asked])
            return
        self.commits += 1
        for asked, seen in zip(batch, found, strict=True):
            try:
                judged = self._judge(seen)
            except BaseException as error:
                asked.answer.set_exception(error)
            else:
                asked.answer.set_result(judged)

    def _keep(self, index: Index, asked: Asked[T]) -> Seen:
        article = asked.article
        there = index.get(article.id)
        if there is None:
            verdict = index.check_and_add(
                article, limit=self._limit, since=asked.since, until=asked.until
            )
            return Seen(verdict)
        verdict = index.check(article, limit=self._limit, since=asked.since, until=asked.until)
        if there.text == article.text:
            return Seen(verdict, known=True)
        index.update(article)
        return Seen(verdict, changed=True)
