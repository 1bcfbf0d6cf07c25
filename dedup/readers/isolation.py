"""Formats of strangers are read by a process of their own, and pages by several at once.

A damaged PDF, mail or page can crash the package that reads it, take all memory or all time. So
what is not plain text, JSON or CSV is read by a process (`isolated`) that limits itself. If it
dies, its file becomes a problem and a new process reads the next; of a web archive only the page
is lost that was being parsed. A process takes 0.3 s to start and is kept for the next file.

Where a system cannot hand open files to a process (Windows), all is read in this one.
"""

import atexit
import os
import pickle
import socket
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, Any, TypeVar, cast

from dedup.article import Article
from dedup.processes import explain_end, receive_bytes, send, start_process
from dedup.readers.deferred import Deferred, Unresolved
from dedup.readers.isolated import Begun, End, FileTask
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem

K = TypeVar("K")


MIN_PAGES = 100  # read one by one before several processes are started
MAX_AHEAD = 4  # pages under way for each process
MAX_DEATHS = 2  # of processes over the pages of one file, after which the rest of it is not read
MAX_SILENCE = 600  # seconds without a word, by the clock: a process that waits for nothing
MAX_MESSAGE = 100_000_000  # bytes of an article with all that belongs to it
MESSAGES = (Article, Problem, Note, Deferred, Begun, End, type(None))  # None: nothing to read
START = "from dedup.readers.isolated import serve; serve()"
# What an answer may consist of: a process that a file has taken over can send anything.
SENT = {
    "dedup.article": ("Article",),
    "dedup.readers.problem": ("Problem", "Note"),
    "dedup.readers.deferred": ("Deferred",),
    "dedup.readers.isolated": ("Begun", "End"),
    "dedup.readers.html": ("parse_page",),
    "dedup.readers.options": ("Options",),
    "datetime": ("date", "datetime", "time", "timedelta", "timezone"),
    "decimal": ("Decimal",),
}


class Died(Exception):
    """The process ended while it read; the message says how."""


class Answers(pickle.Unpickler):
    """Unpickles what a process may send and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """A class or function by its name; refused if no answer consists of such."""
        if name not in SENT.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)


class Worker:
    """A process that reads files and pages, one after the other.

    One that `is_spent` ends by itself and gets no more to do.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.said = tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            self.process = start_process(
                START,
                [str(theirs.fileno())],
                [theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.said,
            )
        ours.settimeout(MAX_SILENCE)
        self.socket, self.reads, self.writes = ours, ours.makefile("rb"), ours.makefile("wb")
        self.is_spent = False

    def ask(self, task: FileTask | Deferred, file: int | None = None) -> Iterator[Any]:
        """What comes for a task, which a file may belong to. Raises `Died`."""
        try:
            socket.send_fds(self.socket, [b"-"], [] if file is None else [file])
            send(self.writes, task)
            while True:
                message = self._receive()
                if isinstance(message, End):
                    self.is_spent = message.is_last
                    return
                yield message
        except (EOFError, OSError):
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
            raise Died(explain_end(self.process.wait(), self.said)) from None

    def _receive(self) -> Any:
        """The next message, if it is one that a process may send. Raises `Died`."""
        try:
            data = receive_bytes(self.reads, MAX_MESSAGE)
            message = Answers(BytesIO(data)).load()
            if not isinstance(message, MESSAGES):
                raise TypeError(f"a {type(message).__name__}")
        except (EOFError, OSError):
            raise
        except Exception as error:  # whatever becomes of it when it is unpickled
            what = f"the process that reads it sends what it should not: {error!s:.200}"
            raise Died(what) from None
        return message

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.close()
        self.process.wait()

    def close(self) -> None:
        """Give back what belongs to it in this process."""
        for stream in (self.reads, self.writes, self.socket, self.said):
            with suppress(OSError):
                stream.close()


_idle: list[Worker] = []


def take_worker() -> Worker:
    """A process that waits for work, or a new one."""
    while _idle:
        with suppress(IndexError):  # another thread was quicker
            worker = _idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.end()
    return Worker()


@contextmanager
def borrow_worker(at_work: set[Worker]) -> Iterator[Worker]:
    """A process for one task, kept for the next one if it comes to its end; meanwhile `at_work` has
    it."""
    worker = take_worker()
    at_work.add(worker)
    is_done = False
    try:
        yield worker
        is_done = not worker.is_spent
    finally:
        at_work.discard(worker)
        if is_done:
            _idle.append(worker)
        else:
            worker.end()


def end_idle_workers() -> None:
    """End the processes that wait for work."""
    while _idle:
        _idle.pop().end()


def forget_workers() -> None:
    """Leave them to the process that this one was forked from."""
    for worker in _idle:
        worker.close()
    _idle.clear()


atexit.register(end_idle_workers)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget_workers)


class Isolation:
    """What one reading has other processes do: `processes` for its pages, of which the first are
    parsed where their file is read."""

    is_possible = hasattr(socket, "send_fds")

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pages = MIN_PAGES if processes > 1 else None  # still to be parsed one by one
        self._at_work: set[Worker] = set()

    def read(self, file: IO[bytes], path: str, name: str, options: Options) -> Iterator[Unresolved]:
        """What is in a file."""
        skip = 0
        for _ in range(MAX_DEATHS):
            begun: Begun | None = None
            try:
                with borrow_worker(self._at_work) as worker:
                    task = FileTask(path, name, options, skip, self._pages)
                    for message in worker.ask(task, file.fileno()):
                        if isinstance(message, Begun):
                            begun = message
                            self._pages = self._pages and self._pages - 1
                            continue
                        skip, begun = skip + 1, None
                        yield message
                return
            except Died as death:
                if begun is None:
                    rest = "; the rest of it is not read" if skip else ""
                    yield Problem(path, f"{death}{rest}")
                    return
                yield Problem(begun.path, f"{death}{begun.place}")
                skip += 1
        yield Problem(path, "page after page takes too much; the rest of it is not read")

    def resolve_in_order(
        self, outcomes: Iterator[tuple[K, Unresolved | None]]
    ) -> Iterator[tuple[K, Outcome | None]]:
        """The outcomes (None: nothing), each with its key, in order and with nothing deferred.

        Pages are parsed by several processes, a few of them ahead of their turn.
        """
        pool: ThreadPoolExecutor | None = None
        waiting: deque[tuple[K, Outcome | None, Future[Outcome] | None]] = deque()

        def take_first() -> tuple[K, Outcome | None]:
            key, outcome, future = waiting.popleft()
            return key, future.result() if future else outcome

        try:
            for key, outcome in outcomes:
                if isinstance(outcome, Deferred):
                    pool = pool or ThreadPoolExecutor(self._processes)
                    waiting.append((key, None, pool.submit(self._resolve, outcome)))
                elif waiting:
                    waiting.append((key, outcome, None))
                else:
                    yield key, outcome
                while waiting and (
                    len(waiting) > MAX_AHEAD * self._processes or waiting[0][2] is None
                ):
                    yield take_first()
            while waiting:
                yield take_first()
        finally:
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)
                for worker in list(self._at_work):  # so that no thread waits for an answer
                    worker.process.kill()
                pool.shutdown()

    def _resolve(self, page: Deferred) -> Outcome:
        """The article in a page or the problem with it."""
        if not self.is_possible:
            return page.resolve()
        try:
            with borrow_worker(self._at_work) as worker:
                answers = [one for one in worker.ask(page) if not isinstance(one, Begun)]
                if len(answers) != 1 or isinstance(answers[0], Deferred):
                    raise Died("the process that reads it sends no answer, or more than one")
        except Died as death:
            return Problem(page.path, f"{death}{page.place}")
        return cast(Outcome, answers[0])
