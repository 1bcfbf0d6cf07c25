"""An index in a thread of its own, for programs that must not wait for it.

An event loop hands over what is to be done and gets a future for each, done once it is committed.
What arrives within a moment, or while the disk is busy, is committed together, so that a hundred
articles cost one wait for the disk, not a hundred. An error belongs to the operation that caused
it, not to those committed with it.
"""

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from dedup.errors import DedupError, StoreError
from dedup.index import Index

T = TypeVar("T")


class Operation(NamedTuple):
    """What is to be done with the index, what is then made of it, and the future that waits."""

    work: Callable[[Index], Any]
    judge: Callable[[Any], Any] | None
    answer: "Future[Any]"


class IndexThread:
    """A thread that opens an index by `make` and does what is submitted, in that order.

    Up to `together` operations that arrive within `seconds` of the first are committed together;
    then `written` is called, in the thread. After `close` every operation is the `StoreError` that
    says `closed`. Raises what `make` raises.

    >>> from dedup.article import Article
    >>> thread = IndexThread(lambda: Index(":memory:"), "it is closed", together=100)
    >>> wire = Article("wire", "The minister resigned on Friday over the missing millions.")
    >>> thread.submit(lambda index: index.add(wire)).result()
    True
    >>> thread.close()
    """

    def __init__(
        self,
        make: Callable[[], Index],
        closed: str,
        together: int,
        seconds: float = 0.0,
        written: Callable[[], None] = lambda: None,
    ) -> None:
        self._make, self._why_closed = make, closed
        self._together, self._seconds, self._written = together, seconds, written
        self._waiting: SimpleQueue[Operation | None] = SimpleQueue()  # None ends it
        self._closing, self._closed = Lock(), False
        opened: Future[None] = Future()
        self._thread = Thread(target=self._run, args=(opened,), name="dedup", daemon=True)
        self._thread.start()
        opened.result()

    def submit(
        self, work: Callable[[Index], T], judge: Callable[[T], Any] | None = None
    ) -> "Future[Any]":
        """What `work` makes of the index, once it is on the disk; with `judge` what that makes of
        it then, in the thread: the place for slow work, such as looking at a verdict's matches.

        A `DedupError` of `work` must come before it has written anything.
        """
        answer: Future[Any] = Future()
        with self._closing:
            if self._closed:
                answer.set_exception(StoreError(self._why_closed))
            else:
                self._waiting.put(Operation(work, judge, answer))
        return answer

    def close(self) -> None:
        """Do what waits, and close the index. Closing twice does nothing."""
        with self._closing:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()

    def _run(self, opened: "Future[None]") -> None:
        try:
            index = self._make()
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
        """The operations that arrived since the first of them, and whether more may come."""
        batch: list[Operation] = []
        until = None
        while len(batch) < self._together:
            try:
                wait = None if until is None else max(until - monotonic(), 0)
                operation = self._waiting.get(timeout=wait)
            except Empty:
                break
            if operation is None:
                return batch, False
            if operation.answer.set_running_or_notify_cancel():
                batch.append(operation)
            until = until or monotonic() + self._seconds
        return batch, True

    def _commit(self, index: Index, batch: list[Operation]) -> None:
        """Do a batch in one commit, then judge; where that fails, each operation by itself."""
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
            try:
                if failed is not None:
                    raise failed
                operation.answer.set_result(operation.judge(result) if operation.judge else result)
            except BaseException as error:
                operation.answer.set_exception(error)
