"""A process that reads what strangers wrote, so that no file can take more than that process.

It gets open files and pages through a socket and sends back articles, problems and notes. Before
each of them it limits its own memory and time by the size of the file: what asks for more ends it
or becomes a problem. It knows neither the caller's articles nor its files; when the socket closes,
it ends, also in the middle of a page.
"""

import math
import os
import select
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from threading import Thread
from typing import NamedTuple

from dedup.processes import TOO_MUCH, receive, send, set_limit
from dedup.readers.deferred import Deferred
from dedup.readers.detect import read_stream
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem

# Address space: the packages of all readers take 320 MB of it. News in the form of a mail, a feed
# or a spreadsheet takes up to 20 times its size when it is read as a whole.
MIN_MEMORY, MEMORY_PER_BYTE, MAX_MEMORY = 900_000_000, 20, 4_000_000_000
# Seconds of CPU for what is between two articles, for a page, and for a file. Mails and XML take
# less than 0.2 s a MB, pages 0.5, PDF up to 10; what is packed takes ten times its size.
MIN_SECONDS, BYTES_PER_SECOND, MAX_SECONDS = 12, 1_000_000, 120
MIN_PAGE_SECONDS = 8
FILE_BYTES_PER_SECOND = 50_000
MAX_RETAINED = 500_000  # KB that a process may have had in memory and still read another file


class FileTask(NamedTuple):
    """Read the file that comes with this, without its first outcomes. Of its pages so many are
    parsed on the spot, the others come back as they are; None: all."""

    path: str
    name: str
    options: Options
    skip: int = 0
    pages: int | None = None


class Begun(NamedTuple):
    """A page is parsed from now on: if this is the last word, it is the page's fault."""

    path: str
    place: str


class End(NamedTuple):
    """The task is done, and perhaps the process has had enough."""

    is_last: bool


def serve() -> None:
    """Do what comes through the socket, whose number is the only argument, until it closes."""
    set_limit("RLIMIT_CORE", 0)
    parent = socket.socket(fileno=int(sys.argv[1]))
    Thread(target=end_with, args=(parent,), daemon=True).start()
    with parent.makefile("rb") as tasks, parent.makefile("wb") as answers:
        while True:
            file = receive_file(parent)
            try:
                task = receive(tasks)
            except (EOFError, OSError):
                return
            size = os.fstat(file).st_size if file is not None else 0
            limit_memory(size)
            is_last = False
            outcomes = parse(task) if isinstance(task, Deferred) else read_file(task, file, size)
            try:
                for message in outcomes:
                    send(answers, message)
            except MemoryError:
                del outcomes
                limit_memory(MAX_MEMORY)
                send(answers, Problem(task.path, TOO_MUCH))
                is_last = True
            is_last = is_last or peak_memory() > MAX_RETAINED
            send(answers, End(is_last))
            if is_last:
                return


def receive_file(parent: socket.socket) -> int | None:
    """The open file that comes with the next task, if one does."""
    _, files, _, _ = socket.recv_fds(parent, 1, 1)
    return files[0] if files else None


def end_with(parent: socket.socket) -> None:
    """End this process when the other one closes the socket or dies, whatever is being read."""
    poll = select.poll()
    poll.register(parent, 0)  # no event but its end
    poll.poll()
    os._exit(0)


def read_file(task: FileTask, file: int | None, size: int) -> Iterator[Outcome | Deferred | Begun]:
    """What is in a file; word of each page before it is parsed."""
    assert file is not None
    seconds = min(MIN_SECONDS + size / BYTES_PER_SECOND, MAX_SECONDS)
    end = time.process_time() + MIN_SECONDS + size / FILE_BYTES_PER_SECOND
    pages = 0
    with os.fdopen(file, "rb") as stream:
        stream.seek(0)
        outcomes = read_stream(stream, task.path, task.name, task.options)
        for number in count():
            limit_time(seconds, end)
            outcome = next(outcomes, None)
            if outcome is None:
                return
            if number < task.skip:
                continue
            if not isinstance(outcome, Deferred) or pages == task.pages:
                yield outcome
                continue
            pages += 1
            yield from parse(outcome)


def parse(page: Deferred) -> Iterator[Outcome | Begun]:
    """Word that a page is parsed, then the article in it or the problem with it."""
    yield Begun(page.path, page.place)
    limit_time(MIN_PAGE_SECONDS + len(page.arguments[0]) / BYTES_PER_SECOND)
    try:
        yield page.resolve()
    except MemoryError:
        yield Problem(page.path, TOO_MUCH + page.place)


def limit_time(seconds: float, end: float = math.inf) -> None:
    """Allow so many more seconds of CPU, up to an end."""
    now = time.process_time()
    set_limit("RLIMIT_CPU", math.ceil(max(min(now + seconds, end), now)))


def limit_memory(size: int) -> None:
    """Allow the memory that a file of this size needs."""
    set_limit("RLIMIT_AS", min(MIN_MEMORY + MEMORY_PER_BYTE * size, MAX_MEMORY))


def peak_memory() -> int:
    """The KB that this process has had in memory at most.

    Not `ru_maxrss` where /proc can be had: on Linux it begins with what the process had that
    started this one.
    """
    with suppress(OSError), open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1_000 if sys.platform == "darwin" else peak
