"""A worker: an index in a thread of its own, for programs that must not wait for it.

An event loop hands over articles one by one and gets a future for each, done once the article is
committed. What arrives within a moment is committed together, so that a hundred articles cost one
wait for the disk, not a hundred. An error belongs to the article that caused it, not to those
committed with it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from os import PathLike
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, Generic, TypeVar

from dedup.article import Article
from dedup.errors import StoreError
from dedup.index import MAX_COMPARED, Index, Store
from dedup.pipeline import Verdict

T = TypeVar("T")

COMMIT_EVERY = 100  # articles; a tenth of a second's work
COMMIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Seen:
    """An article that is committed, and the verdict on it against those before it.

    `known`: it was there already, word for word. `changed`: its id stood for another text, which
    it has replaced.
    """

    verdict: Verdict
    known: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """An article that waits, and the future that waits for it."""

    article: Article
    options: dict[str, Any]  # of `Index.check`
    answer: "Future[T]"


class Worker(Generic[T]):
    """Checks articles against the index at `place`, adds them, and judges the verdicts.

    `judge(seen)` runs in the worker's thread too, when the article is committed: it is the place
    for slow work such as looking at a verdict's matches. Raises `StoreError` where the
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
        limit: int = MAX_COMPARED,
    ) -> None:
        self._place, self._judge = place, judge
        self._every, self._seconds, self._limit = commit_every, commit_seconds, limit
        self._waiting: SimpleQueue[Request[T] | None] = SimpleQueue()  # None ends it
        self._closed = False
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
        if self._closed:
            answer.set_exception(StoreError(f"{self._place}: the worker has been closed"))
        else:
            options = {"limit": self._limit, "since": since, "until": until}
            self._waiting.put(Request(article, options, answer))
        return answer

    def close(self) -> None:
        """Answer what waits, and close the index. Closing twice does nothing."""
        self._closed = True
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

    def _batch(self) -> tuple[list[Request[T]], bool]:
        """The requests that arrived since the first of them, and whether more may come."""
        batch: list[Request[T]] = []
        until = None
        while len(batch) < self._every:
            try:
                wait = None if until is None else max(until - monotonic(), 0)
                request = self._waiting.get(timeout=wait)
            except Empty:
                break
            if request is None:
                return batch, False
            if request.answer.set_running_or_notify_cancel():
                batch.append(request)
            until = until or monotonic() + self._seconds
        return batch, True

    def _answer(self, index: Index, batch: Sequence[Request[T]]) -> None:
        """Commit a batch together, then judge; where that fails, each article by itself."""
        try:
            with index.batch():
                results = [check_and_keep(index, r.article, r.options) for r in batch]
        except BaseException as error:
            alone = len(batch) == 1 or isinstance(error, StoreError)
            for request in batch:
                if alone:
                    request.answer.set_exception(error)
                else:
                    self._answer(index, [request])
            return
        self.commits += 1
        for request, seen in zip(batch, results, strict=True):
            try:
                request.answer.set_result(self._judge(seen))
            except BaseException as error:
                request.answer.set_exception(error)


def check_and_keep(index: Index, article: Article, options: dict[str, Any]) -> Seen:
    """Check an article, then add it or replace the one with its id."""
    known = index.get(article.id)
    if known is None:
        return Seen(index.check_and_add(article, **options))
    verdict = index.check(article, **options)
    if known.text == article.text:
        return Seen(verdict, known=True)
    index.update(article)
    return Seen(verdict, changed=True)
