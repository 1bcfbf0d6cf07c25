"""Workers: fresh processes that share the work of one.

Tasks and answers pass through the standard input and output of a worker (`dedup.processes`). It
ends when its input ends, so none outlives the process that started it, however that ends.
"""

import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Protocol, TypeVar

from dedup.errors import DedupError
from dedup.processes import receive, send, start_process

MAX_NAMED = 12  # ids in a message
MAX_WAITING = 8  # tasks and answers for each process


class Task(Protocol):
    """What can be done elsewhere."""

    @property
    def ids(self) -> Sequence[str]:
        """The articles that it is about."""

    @property
    def stays(self) -> bool:
        """Whether only this process has all that it takes."""


T = TypeVar("T", bound=Task)


class Workers:
    """`count` processes that run `code` with these arguments and open files; each starts when it is
    first needed. With a `setup`, each gets it before its next task, once.
    """

    def __init__(
        self, count: int, code: str, arguments: Sequence[str] = (), descriptors: Sequence[int] = ()
    ) -> None:
        self.setup: Any = None
        self._start = code, arguments, descriptors
        self._count = count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)
        self._set_up: set[int] = set()
        self._closed = False

    def close(self) -> None:
        """End all processes at once, whatever they are doing."""
        self._closed = True
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe and pipe.close()

    def map(self, tasks: Iterable[T], here: Callable[[T], Any]) -> Iterator[Any]:
        """The answers to the tasks, in order. `here` does a task that stays in this process."""
        pool = ThreadPoolExecutor(self._count)
        waiting: deque[Future[Any]] = deque()

        def ask(task: T) -> Any:
            with naming(lambda: task.ids):
                return here(task) if task.stays else self._ask(task)

        try:
            for task in tasks:
                waiting.append(pool.submit(ask, task))
                # Some wait for each one at work, so that a long task holds up no other, and yet
                # what waits to be taken stays little.
                if len(waiting) > MAX_WAITING * self._count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            self.close()  # so that no thread waits for an answer
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _ask(self, task: Task) -> Any:
        process = self._take()
        messages = [task]
        if self.setup is not None and process.pid not in self._set_up:
            self._set_up.add(process.pid)
            messages.insert(0, self.setup)
        try:
            for message in messages:
                send(process.stdin, message)
                error, answer = receive(process.stdout)
                if error is not None:
                    error.add_note(f"in a worker process:\n{answer}")
                    raise error
        except (OSError, EOFError):
            code = process.wait()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise DedupError(
                f"a worker process died ({how}) while it worked on {name_ids(task.ids)}; if memory "
                "ran out, use fewer processes (--jobs 1)"
            ) from None
        finally:
            self._idle.put(process)  # also a dead one, so that no thread waits for it
        return answer

    def _take(self) -> "subprocess.Popen[bytes]":
        """A process without work; a new one while there are fewer than `count`."""
        process = self._idle.get()
        if process is None:
            pipe = subprocess.PIPE
            process = start_process(*self._start, stdin=pipe, stdout=pipe)
            self._processes.append(process)
        if self._closed:
            process.kill()
        return process


def serve(do: Callable[[Any], Any]) -> None:
    """In a worker: answer the messages that come from standard input until it ends, each by what
    `do` makes of it."""
    messages, answers = open_pipes()
    while True:
        message = messages.get()
        answer: tuple[Exception | None, Any]
        try:
            answer = (None, do(message))
        except Exception as error:
            told = error if can_send(error) else RuntimeError(f"{type(error).__name__}: {error}")
            answer = (told, traceback.format_exc())
        send(answers, answer)


def open_pipes() -> tuple["SimpleQueue[Any]", IO[bytes]]:
    """The messages that come from the process which started this one, and where answers go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    messages: SimpleQueue[Any] = SimpleQueue()
    Thread(target=listen, args=(sys.stdin.buffer, messages), daemon=True).start()
    return messages, answers


def listen(stream: IO[bytes], tasks: "SimpleQueue[Any]") -> None:
    """Hand on the tasks; end the process with the stream, also in the middle of a task."""
    try:
        while True:
            tasks.put(receive(stream))
    except (EOFError, OSError):
        os._exit(0)


def can_send(value: Any) -> bool:
    """Whether a value reaches another process whole."""
    try:
        pickle.loads(pickle.dumps(value))
    except Exception:  # whatever the objects in it raise
        return False
    return True


@contextmanager
def naming(ids: Callable[[], Iterable[str]]) -> Iterator[None]:
    """Add to an error which articles were worked on."""
    try:
        yield
    except Exception as error:
        error.add_note(f"while working on {name_ids(list(ids()))}")
        raise


def name_ids(ids: Sequence[str]) -> str:
    """Some ids in words."""
    more = f" and {len(ids) - MAX_NAMED:,} more" if len(ids) > MAX_NAMED else ""
    return f"the articles {', '.join(ids[:MAX_NAMED])}{more}"
