"""Workers: processes that share the work of a comparison.

Tasks and answers pass through the standard input and output of a worker (`dedup.processes`); the
texts it reads itself from the spool's file, which it inherits.
It ends when its input ends, so none outlives the comparison, however that ends.
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
from typing import IO, Any, NamedTuple, TypeVar

from dedup.article import Span
from dedup.embed import Encoder, load_encoder
from dedup.errors import DedupError
from dedup.pipeline.groups import STEPS, CandidateGroup, Step
from dedup.pipeline.reading import read_chunk
from dedup.pipeline.spool import Place, read_article
from dedup.pipeline.texts import PreparedTexts, Record
from dedup.processes import receive, send, start_process

# Whether processes can share a file that has no name.
CAN_SHARE = hasattr(os, "pread")
MAX_NAMED = 12  # ids in a message
MAX_WAITING = 8  # tasks and answers for each process

START = "from dedup.pipeline.workers import serve; serve()"


class ReadTask(NamedTuple):
    """Read these articles; `compiled` as for `dedup.sketch.sketch`."""

    ids: tuple[str, ...]
    places: tuple[Place | None, ...]
    compiled: bool | None


class GroupTask(NamedTuple):
    """Do a step with a group, whose articles are at these places, and have these languages and
    this boilerplate."""

    ids: tuple[str, ...]
    places: tuple[Place | None, ...]
    group: CandidateGroup
    languages: tuple[str, ...]
    boilerplate: tuple[tuple[Span, ...], ...]
    step: Step


class Setup(NamedTuple):
    """What a process needs before it works out groups."""

    encoder: str | Encoder | None


Task = TypeVar("Task", ReadTask, GroupTask)


class Workers:
    """`count` worker processes, which start when they are first needed.

    `spool` is the descriptor of the file that they read articles from, `encoder` what they get
    for groups.
    """

    def __init__(self, count: int, spool: int) -> None:
        self.encoder: str | Encoder | None = None
        self._count, self._spool = count, spool
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

    def map(self, tasks: Iterable[Task], here: Callable[[Task], Any]) -> Iterator[Any]:
        """The answers to the tasks, in order. `here` does a task in this process, where there is
        no place for one of its articles."""
        pool = ThreadPoolExecutor(self._count)
        waiting: deque[Future[Any]] = deque()

        def ask(task: Task) -> Any:
            with naming(lambda: task.ids):
                return here(task) if None in task.places else self._ask(task)

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

    def _ask(self, task: ReadTask | GroupTask) -> Any:
        process = self._take()
        try:
            if isinstance(task, GroupTask) and process.pid not in self._set_up:
                send(process.stdin, Setup(self.encoder))
                self._set_up.add(process.pid)
            send(process.stdin, task)
            error, answer = receive(process.stdout)
        except (OSError, EOFError):
            code = process.wait()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise DedupError(
                f"a worker process died ({how}) while it worked on {name_ids(task.ids)}; if memory "
                "ran out, use fewer processes (--jobs 1)"
            ) from None
        finally:
            self._idle.put(process)  # also a dead one, so that no thread waits for it
        if error is not None:
            error.add_note(f"in a worker process:\n{answer}")
            raise error
        return answer

    def _take(self) -> "subprocess.Popen[bytes]":
        """A process without work; a new one while there are fewer than `count`."""
        process = self._idle.get()
        if process is None:
            process = start(self._spool)
            self._processes.append(process)
        if self._closed:
            process.kill()
        return process


def start(spool: int) -> "subprocess.Popen[bytes]":
    """A new worker process."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return start_process(START, [str(spool)], [spool], **pipes)


def serve() -> None:
    """Do the tasks that come from standard input until it ends."""
    tasks, answers = open_pipes()
    spool, encoder = int(sys.argv[1]), None
    while True:
        task = tasks.get()
        if isinstance(task, Setup):
            named = task.encoder
            encoder = load_encoder(named) if isinstance(named, str) else named
            continue
        answer: tuple[Exception | None, Any]
        try:
            answer = (None, do(task, encoder, spool))
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


def do(task: ReadTask | GroupTask, encoder: Encoder | None, spool: int) -> Any:
    """The answer to a task."""
    places = [place for place in task.places if place is not None]  # those without stay at home
    if isinstance(task, ReadTask):
        texts = [read_article(spool, place).text for place in places]
        return read_chunk(texts, compiled=task.compiled, threads=1)
    known = zip(places, task.languages, task.boilerplate, strict=True)
    records = dict(zip(task.group.articles, known, strict=True))

    def load(i: int) -> Record:
        place, language, boilerplate = records[i]
        return Record(read_article(spool, place), language, boilerplate)

    return STEPS[task.step](task.group, PreparedTexts(load), encoder)


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
