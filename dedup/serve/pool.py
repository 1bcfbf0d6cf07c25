"""Processes that read and compare texts, so that no request waits for another one's draft.

There are few, and few may wait for them: beyond that a request is refused at once. A task that
takes too long is ended with its process, and a hostile file that kills one takes nothing else
with it. Each is a fresh Python process that ends with this one, however this one ends.
"""

import asyncio
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

from dedup.errors import DedupError
from dedup.processes import receive, send, start_process
from dedup.serve.settings import Settings

MAX_TASKS = 2_000  # of one process: what a library keeps for good is given back then
START = "from dedup.serve.tasks import main; main()"


class Busy(DedupError):
    """All processes work, and enough requests wait for them."""


class TimedOut(DedupError):
    """A task took longer than it may."""


class Died(DedupError):
    """The process that worked on a task is gone: killed, or out of memory."""


class Task(NamedTuple):
    """The name of a function of `dedup.serve.tasks`, and its arguments."""

    name: str
    arguments: Mapping[str, Any]


class Pool:
    """`settings.processes` processes; each starts when it is first needed, or by `warm_up`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.processes, "pool")
        self._idle: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        for _ in range(settings.processes):
            self._idle.put_nowait(None)
        self._all: set[Process] = set()
        self._closed = False
        self.waiting = 0
        self.working = 0

    async def run(self, name: str, *, seconds: float | None = None, **arguments: Any) -> Any:
        """What the task gives. Raises `Busy`, `TimedOut` or `Died`, or what the task raises."""
        limit = self._settings.max_seconds if seconds is None else seconds
        if self.waiting >= self._settings.max_waiting:
            raise Busy("too many requests wait already; ask again in a moment")
        loop = asyncio.get_running_loop()
        until = loop.time() + limit
        self.waiting += 1
        try:
            process = await asyncio.wait_for(self._idle.get(), limit)
        except TimeoutError:
            raise Busy(f"no process was free for {limit:.0f} seconds; ask again later") from None
        finally:
            self.waiting -= 1
        self.working += 1
        try:
            if process is None or not process.is_alive():
                process = await loop.run_in_executor(self._threads, self._start)
            killed = loop.call_at(until, process.kill)
            task = Task(name, arguments)
            try:
                error, answer = await loop.run_in_executor(self._threads, process.ask, task)
            except (OSError, EOFError):
                if loop.time() >= until:
                    what = f"this takes more than the {limit:.0f} seconds that a request may take"
                    raise TimedOut(what) from None
                raise Died("the process that worked on this ended; it may need too much") from None
            except asyncio.CancelledError:  # the next task would wait for this one's answer
                process.kill()
                raise
            finally:
                killed.cancel()
        finally:
            self.working -= 1
            if process is not None and (process.done >= MAX_TASKS or not process.is_alive()):
                process.kill()
                self._all.discard(process)
                process = None
            self._idle.put_nowait(process)
        if error is not None:
            raise error
        return answer

    async def warm_up(self) -> None:
        """Start all processes and let them load what they need."""
        tasks = [self.run("warm_up") for _ in range(self._settings.processes)]
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self) -> "Process":
        process = Process(self._settings)
        self._all.add(process)
        if self._closed:
            process.kill()
        return process

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        self._closed = True
        for process in tuple(self._all):
            process.kill()
        self._threads.shutdown()


class Process:
    """A fresh process that does one task at a time."""

    def __init__(self, settings: Settings) -> None:
        self.done = 0
        self._process = start_process(START, (), (), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        send(self._process.stdin, settings)

    def is_alive(self) -> bool:
        """Whether it can still work."""
        return self._process.poll() is None

    def ask(self, task: Task) -> tuple[Exception | None, Any]:
        """The error that the task raises, or what it gives; `EOFError` without a process."""
        self.done += 1
        send(self._process.stdin, task)
        error, answer = receive(self._process.stdout)
        return error, answer

    def kill(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        if self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()
