"""Pages that are parsed later, by several processes at once, and still come out in order.

To take the text out of a page takes 25 ms, a hundred times as long as to read its bytes. So
the readers of pages yield a `Deferred` instead of an article, and `resolve_in_order` replaces
each by its result. With one process that happens when its turn comes; with more, a few are
under way ahead of their turn. Processes are started afresh (`spawn`), because threads of the
sketch may be running, and only after a number of pages that makes up for it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeVar

from dedup.readers.problem import Outcome, Problem, problem_from

K = TypeVar("K")

MIN_PAGES = 100  # read before processes are started, which takes a second for each
MAX_AHEAD = 4  # pages under way for each process


class Deferred(NamedTuple):
    """An article still to be made: `work(*arguments)` gives it, in whatever process.

    If that fails, the problem is one of `path`, and `place` is added to the message.
    """

    path: str
    reader: str
    work: Callable[..., Outcome]
    arguments: tuple[Any, ...]
    place: str = ""

    def resolve(self) -> Outcome:
        try:
            return self.work(*self.arguments)
        except Exception as error:
            return problem_from(error, self.path, self.reader, self.place)


def resolve_in_order(
    outcomes: Iterator[tuple[K, Outcome | Deferred | None]], processes: int
) -> Iterator[tuple[K, Outcome | None]]:
    """The outcomes (None: nothing), each with its key, in order and with nothing deferred."""
    if processes == 1:
        for key, outcome in outcomes:
            yield key, outcome.resolve() if isinstance(outcome, Deferred) else outcome
        return
    workers = Workers(processes)
    waiting: deque[tuple[K, Outcome | Deferred | None, Future[Outcome] | None]] = deque()

    def take_first() -> tuple[K, Outcome | None]:
        key, outcome, future = waiting.popleft()
        if not isinstance(outcome, Deferred):
            return key, outcome
        try:
            return key, future.result() if future else outcome.resolve()
        except BrokenProcessPool:
            workers.stop()
            what = "the process that read it was killed, perhaps for lack of memory; read it alone"
            return key, Problem(outcome.path, what)

    try:
        for key, outcome in outcomes:
            future = workers.submit(outcome) if isinstance(outcome, Deferred) else None
            waiting.append((key, outcome, future))
            while waiting and (len(waiting) > MAX_AHEAD * processes or waiting[0][2] is None):
                yield take_first()
        while waiting:
            yield take_first()
    finally:
        workers.stop()


class Workers:
    """Processes that resolve what is deferred, once there is enough of it."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pages = 0
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, deferred: Deferred) -> "Future[Outcome] | None":
        """The work under way in another process; None where it is better done here."""
        self._pages += 1
        if self._pages <= MIN_PAGES:
            return None
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"))
        with suppress(BrokenProcessPool):
            return self._pool.submit(deferred.resolve)
        self.stop()
        return None

    def stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
