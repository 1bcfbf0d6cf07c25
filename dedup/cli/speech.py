"""Speech: what a command says beside its data, all of it on stderr.

Comes in: errors, notes and problems. Goes out: lines that begin with "dedup: ", a bar while
the work goes on, an exit code. It writes no data.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import typer

from dedup.errors import DedupError

if TYPE_CHECKING:
    from dedup.readers import Reading

FINE, ERROR, REUSE_FOUND, INTERRUPTED = 0, 1, 3, 130

SHOWN = 100  # problems that are told one by one
JSON_LISTS = "; --format json lists them"


@contextmanager
def handle_errors() -> Iterator[None]:
    """One line and an exit code in place of a traceback, for a `DedupError` and for Ctrl-C.

    Within the block Ctrl-C raises `KeyboardInterrupt`, so that an index is closed properly, but
    not while a module is loading, where extensions swallow exceptions or print them: there, as
    outside of the block, the handler that was there before decides (see `dedup.__main__`).
    """
    before = signal.getsignal(signal.SIGINT)

    def interrupt(number: int, frame: FrameType | None) -> None:
        outer = frame
        while outer:
            if callable(before) and outer.f_code.co_filename.startswith("<frozen importlib"):
                before(number, frame)
            outer = outer.f_back
        raise KeyboardInterrupt

    try:
        try:
            if callable(before):  # it is not where the signal is ignored, as after `nohup`
                signal.signal(signal.SIGINT, interrupt)
            yield
        finally:
            signal.signal(signal.SIGINT, before)
    except DedupError as error:
        tell(str(error))
        raise typer.Exit(ERROR) from None
    except KeyboardInterrupt:
        tell("interrupted")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on stderr that goes away when it is done; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda stage, done, total: bar.update(
            task, description=stage, completed=done, total=total or None
        )


@contextmanager
def rate(verb: str, noun: str = "articles", shown: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, where that is a terminal, that counts what nobody knows the number of."""
    if not shown or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(verb), BarColumn(), TextColumn("{task.completed:,.0f} " + noun),
        TextColumn("{task.fields[speed]}"), TimeElapsedColumn(),
    )  # fmt: skip
    begin = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None, speed="")

        def moved(done: int) -> None:
            seconds = time.monotonic() - begin
            speed = f"{done / seconds:,.0f}/s" if seconds > 0.5 else ""
            bar.update(task, completed=done, speed=speed)

        yield moved


def tell_reading(reading: "Reading", more: str = JSON_LISTS) -> None:
    """Notes, problems, paths without an article unless their problem was told, and, where
    there are several problems, how many."""
    for note in reading.notes:
        tell(f"{note.path}: {note.what}")
    tell_problems(reading, more)
    told = {problem.path for problem in reading.problems}
    for path in reading.failed:
        if path not in told:
            tell(f"{path}: no article in it")
    if len(reading.problems) > 1:
        articles = "1 article" if reading.count == 1 else f"{reading.count:,} articles"
        tell(f"{articles} read, {len(reading.problems):,} problems")


def tell_problems(reading: "Reading", more: str = JSON_LISTS) -> None:
    """What could not be read, line by line, up to a hundred; `more` says where the rest is."""
    tell_some([str(problem) for problem in reading.problems], more)


def tell_some(problems: Sequence[str], more: str = "") -> None:
    """Problems, line by line, up to a hundred, and how many more there are."""
    for problem in problems[:SHOWN]:
        tell(problem)
    if len(problems) > SHOWN:
        tell(f"and {len(problems) - SHOWN:,} more problems{more}")


def tell(message: str) -> None:
    """One line on stderr, with nothing in it that a terminal obeys."""
    from dedup.phrasing import sanitise

    print(f"dedup: {sanitise(message)}", file=sys.stderr)
