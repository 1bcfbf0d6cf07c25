"""Pages that are parsed later, by several processes at once, and still come out in order.

To take the text out of a page takes 25 ms, a hundred times as long as to read its bytes. So the
readers of pages yield a `Deferred` instead of an article, and `resolve_in_order` replaces each
by its result, a few of them ahead of their turn where there are several processes. These are
started afresh (`spawn`), because threads of the sketch may be running, and only after a number
of pages that makes up for it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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
        """The article, or the problem with it."""
        try:
            return self.work(*self.arguments)
        except Exception as error:
            return problem_from(error, self.path, self.reader, self.place)


Unresolved = Outcome | Deferred  # as readers yield it


def resolve_in_order(
    outcomes: Iterator[tuple[K, Unresolved | None]], processes: int
) -> Iterator[tuple[K, Outcome | None]]:
    """The outcomes (None: nothing), each with its key, in order and with nothing deferred."""
    pool: ProcessPoolExecutor | None = None
    pages = 0
    waiting: deque[tuple[K, Unresolved | None, Future[Outcome] | None]] = deque()

    def submit(outcome: Unresolved | None) -> Future[Outcome] | None:
        nonlocal pool, pages
        pages += isinstance(outcome, Deferred)
        if not isinstance(outcome, Deferred) or processes == 1 or pages <= MIN_PAGES:
            return None
        pool = pool or ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
        try:
            return pool.submit(outcome.resolve)
        except BrokenProcessPool:
            stop()
            return None

    def take_first() -> tuple[K, Outcome | None]:
        key, outcome, future = waiting.popleft()
        if not isinstance(outcome, Deferred):
            return key, outcome
        try:
            return key, future.result() if future else outcome.resolve()
        except BrokenProcessPool:
            stop()
            what = "the process that read it was killed, perhaps for lack of memory; read it alone"
            return key, Problem(outcome.path, what)

    def stop() -> None:
        nonlocal pool
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
            pool = None

    try:
        for key, outcome in outcomes:
            if not waiting and not isinstance(outcome, Deferred):
                yield key, outcome
                continue
            waiting.append((key, outcome, submit(outcome)))
            while waiting and (len(waiting) > MAX_AHEAD * processes or waiting[0][2] is None):
                yield take_first()
        while waiting:
            yield take_first()
    finally:
        stop()
