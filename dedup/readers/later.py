"""Work put off: pages wait to be taken apart, and several processes take them apart at once.

Comes in: what readers find, in order, with `Later` in place of what takes long (25 ms for the
text of a page, 100 times what reading its bytes takes). Goes out: the same with every `Later`
done, in the same order. With one process each is done when its turn comes. With more, a few
are under way ahead of their turn; processes are started afresh (`spawn`), because threads of
the sketch may be running, and only after a number of pages that is worth it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeVar

from dedup.readers.problem import Found, Problem

K = TypeVar("K")

WORTH_IT = 100  # pages that are read before processes are started, which takes a second of each
AHEAD = 4  # pages under way for each process


class Deferred(NamedTuple):
    """`work(*arguments)` gives what was found at `path`; it runs in whatever process."""

    path: str
    work: Callable[..., Found]
    arguments: tuple[Any, ...]

    def now(self) -> Found:
        return self.work(*self.arguments)


def resolve_in_order(
    found: Iterator[tuple[K, Found | Deferred | None]], processes: int
) -> Iterator[tuple[K, Found | None]]:
    """What was found (None: nothing), each with its key, in order and with the work done."""
    if processes == 1:
        for key, one in found:
            yield key, one.now() if isinstance(one, Deferred) else one
        return
    workers = _Workers(processes)
    waiting: deque[tuple[K, Found | Deferred | None, Future[Found] | None]] = deque()
    try:
        for key, one in found:
            waiting.append((key, one, workers.begin(one) if isinstance(one, Deferred) else None))
            while waiting and (len(waiting) > AHEAD * processes or waiting[0][2] is None):
                yield _done(*waiting.popleft(), workers)
        while waiting:
            yield _done(*waiting.popleft(), workers)
    finally:
        workers.stop()


def _done(
    key: K, one: Found | Deferred | None, future: Future[Found] | None, workers: "_Workers"
) -> tuple[K, Found | None]:
    if not isinstance(one, Deferred):
        return key, one
    if future is None:
        return key, one.now()
    try:
        return key, future.result()
    except BrokenProcessPool:
        workers.stop()
        return key, Problem(one.path, "the process that read it, or one beside it, died")


class _Workers:
    """Processes that do work, once there is enough of it."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._seen = 0
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, work: Deferred) -> Future[Found] | None:
        """The work under way elsewhere; None where it is better done here."""
        self._seen += 1
        if self._seen <= WORTH_IT:
            return None
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"))
        with suppress(BrokenProcessPool):
            return self._pool.submit(work.work, *work.arguments)
        self.stop()
        return None

    def stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
