"""What a command reads and writes: data on stdout or in a file, everything else on stderr.

A file is replaced only when its new content is complete and on the disk, and never if it is
something that the command reads. Messages are lines that begin with "dedup: "; a progress bar
shows on a terminal only, and goes away.
"""

import os
import re
import shutil
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from secrets import token_hex
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

import typer

from dedup.errors import DedupError, InputError

if TYPE_CHECKING:
    from typing import TypeGuard

    from dedup.article import Article
    from dedup.readers import Reading

Format = TypeVar("Format", bound=StrEnum)

ERROR, REUSE_FOUND = 1, 3
_unfinished: set[Path] = set()  # files that are being written beside those they replace

MAX_WIDTH = 120  # columns; longer lines are hard to read
FILE_WIDTH = 100
MAX_PROBLEMS = 100  # that are printed one by one

# Controls but tab and line feed, and what turns text around.
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

SUFFIXES = {"": "terminal", ".txt": "terminal", ".json": "json", ".jsonl": "jsonl",
            ".ndjson": "jsonl", ".csv": "csv", ".html": "html", ".htm": "html",
            ".graphml": "graphml", ".svg": "svg", ".png": "png"}  # fmt: skip


class Stopped(KeyboardInterrupt):
    """A signal asks the command to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextmanager
def handle_errors() -> Iterator[None]:
    """One line and an exit code in place of a traceback, for a `DedupError`, Ctrl-C and SIGTERM.

    Within the block these signals raise `Stopped`, so that an index is closed properly, but
    not while a module is loading, where extensions swallow exceptions or print them: there, as
    outside of the block, the handler that was there before decides (see `dedup.__main__`).
    """
    befores = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: FrameType | None) -> None:
        before, outer = befores[signal.Signals(number)], frame
        while outer:
            if callable(before) and outer.f_code.co_filename.startswith("<frozen importlib"):
                for unfinished in _unfinished:
                    unfinished.unlink(missing_ok=True)
                before(number, frame)
            outer = outer.f_back
        raise Stopped(number)

    try:
        try:
            for number, before in befores.items():
                if callable(before):  # it is not where the signal is ignored, as after `nohup`
                    signal.signal(number, stop)
            yield
        finally:
            for number, before in befores.items():
                signal.signal(number, before)
    except DedupError as error:
        say(str(error))
        raise typer.Exit(ERROR) from None
    except KeyboardInterrupt as interrupt:
        number = getattr(interrupt, "number", signal.SIGINT)
        say("terminated" if number == signal.SIGTERM else "interrupted")
        raise typer.Exit(128 + number) from None


def say(message: str) -> None:
    """One line on stderr, with nothing in it that a terminal obeys."""
    from dedup.phrasing import sanitise

    print(f"dedup: {sanitise(message)}", file=sys.stderr)


def say_problems(problems: Sequence[object], more: str = "") -> None:
    """Problems, line by line, up to a hundred, and how many more; `more` says where those are."""
    for problem in problems[:MAX_PROBLEMS]:
        say(str(problem))
        for line in getattr(problem, "trace", "").splitlines():
            say(line)
    if len(problems) > MAX_PROBLEMS:
        say(f"and {len(problems) - MAX_PROBLEMS:,} more problems{more}")


def say_what_was_read(
    reading: "Reading",
    more: str = "; --format json lists them",
    *,
    listed: bool = False,
    quiet: bool = False,
) -> None:
    """Notes, problems, paths without an article, and the number of problems if there are many.

    Problems that are `listed` on a page on the same screen are only counted; `quiet` leaves out
    what is no problem.
    """
    from dedup.phrasing import pluralize

    for note in () if quiet else reading.notes:
        say(f"{note.path}: {note.what}")
    if not listed:
        say_problems(reading.problems, more)
    explained = {problem.path for problem in reading.problems}
    for path in reading.failed:
        if path not in explained:
            say(f"{path}: no article in it")
    problems = len(reading.problems)
    if not quiet and (problems > 1 or (listed and problems)):
        say(f"{pluralize(reading.count, 'article')} read, {pluralize(problems, 'problem')}")


@contextmanager
def progress(shows: bool = True) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar for the stages of a comparison, with the time left; None where stderr is no
    terminal."""
    if not shows or not sys.stderr.isatty():
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
def rate(verb: str, noun: str = "articles", shows: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar that counts what nobody knows the number of, where stderr is a terminal."""
    if not shows or not sys.stderr.isatty():
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

        def update(done: int) -> None:
            seconds = time.monotonic() - begin
            speed = f"{done / seconds:,.0f}/s" if seconds > 0.5 else ""
            bar.update(task, completed=done, speed=speed)

        yield update


def only_article(reading: "Reading", path: str) -> "Article":
    """The article of a file that has just one."""
    articles = list(islice(reading, 2))
    say_problems(reading.problems)
    if not articles and reading.problems:
        raise typer.Exit(ERROR)
    if len(articles) != 1:
        number = "more than one article" if articles else "no article"
        raise InputError(f"{path}: has {number}; give a file with one")
    return articles[0]


def choose_format(given: Format | None, output: Path | None, formats: type[Format]) -> Format:
    """The format that was asked for, or else the one that the name of the output stands for."""
    if given:
        return given
    known = {suffix: name for suffix, name in SUFFIXES.items() if name in list(formats)}
    suffix = output.suffix.lower() if output else ""
    if suffix in known:
        return formats(known[suffix])
    names = ", ".join(filter(None, known))
    raise typer.BadParameter(f"{output}: which format? Give --format, or a name in {names}")


def protect(outputs: Iterable[Path | None], inputs: Iterable[str]) -> None:
    """Refuse, before any work, an output that would replace an input or an index.

    `inputs` are files, folders and indexes; what is no path, such as "-" or the address of a
    database, is no output either.
    """
    from dedup.index import is_index_address

    files = [output for output in outputs if is_file(output)]
    if len(files) > len({os.path.realpath(file) for file in files}):
        raise typer.BadParameter(f"{files[0]} would be written twice; name two files")
    known = list(inputs) if files else []
    for file in files:
        if any(is_same(file, path) for path in known):
            raise typer.BadParameter(f"{file} is an input and would be overwritten; name another")
        for suffix in ("-wal", "-shm", "-journal", ""):  # SQLite has these beside an index
            if is_index_address(str(file).removesuffix(suffix)):
                raise typer.BadParameter(f"{file} belongs to an index; name another file")


def is_same(file: Path, path: str) -> bool:
    """Whether two paths lead to one file, or would if it were there."""
    with suppress(OSError, ValueError):
        if file.exists():
            return os.path.samefile(file, path)
        return not os.path.exists(path) and os.path.realpath(file) == os.path.realpath(path)
    return False


def is_file(output: Path | None) -> "TypeGuard[Path]":
    """Whether the output is a file and not stdout."""
    return output is not None and str(output) != "-"


def is_on_screen(output: Path | None) -> bool:
    """Whether the output is read on the same screen as the messages."""
    streams = (sys.stdout, sys.stderr)
    return not is_file(output) and all(stream and stream.isatty() for stream in streams)


def page_size(output: Path | None) -> tuple[int, bool]:
    """Columns, and whether to colour: as the terminal has it, plain and fixed for a file."""
    if is_file(output):
        return FILE_WIDTH, False
    from rich.console import Console

    columns = shutil.get_terminal_size((FILE_WIDTH, 50)).columns
    return min(columns, MAX_WIDTH), Console(file=sys.stdout).is_terminal


def write(
    render: Callable[..., str], format: str | None, output: Path | None, html: Path | None
) -> None:
    """Print or save what `render` makes in the format, after the HTML page that may go with it."""
    if html:
        from dedup.phrasing import format_size

        page = render("html").encode("utf-8", "replace")
        save([page], html)
        say(f"{html}: {format_size(len(page))}")
    if format == "terminal":
        width, color = page_size(output)
        deliver(render(format, width=width, color=color), output, is_page=True)
    elif format:
        deliver(render(format), output)


def deliver(data: str | bytes, output: Path | None, *, is_page: bool = False) -> None:
    """Write bytes as they are, data as UTF-8, a page as the terminal can show it.

    What a terminal obeys is replaced in data that go to one: they are other people's text.
    """
    encoding = "utf-8"
    if sys.stdout is not None and not is_file(output):
        if is_page:
            encoding = sys.stdout.encoding
        elif isinstance(data, str) and sys.stdout.isatty():
            data = OBEYED.sub("\ufffd", data)
    encoded = data if isinstance(data, bytes) else data.encode(encoding, "replace")
    if is_file(output):
        save([encoded], output)
        return
    if sys.stdout is None:
        raise InputError("standard output is closed; give -o FILE")
    try:
        sys.stdout.buffer.write(encoded)
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered goes nowhere, so that the interpreter's own flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # `dedup … | head` has seen enough
            raise InputError(f"standard output: {error.strerror}") from None


def deliver_lines(lines: Iterable[str], output: Path | None) -> None:
    """Write lines: each at once to stdout, all together to a file."""
    if is_file(output):
        save((line.encode("utf-8", "replace") for line in lines), output)
        return
    for line in lines:
        deliver(line, None)


def save(parts: Iterable[bytes], output: Path) -> None:
    """Make the file anew, or leave it as it was.

    The parts go to a temporary file beside it, which takes its place once it is on the disk. A
    link keeps leading where it led, and a file its mode. What is no ordinary file, such as
    /dev/stdout or a named pipe, is written to as it is.
    """
    target = output.resolve()
    try:
        mode = output.stat().st_mode if output.exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            with output.open("wb") as device:
                device.writelines(parts)
            return
        if mode is not None and not os.access(target, os.W_OK):
            raise PermissionError(None, "Permission denied")
        permissions = 0o666 if mode is None else stat.S_IMODE(mode)
        temporary = target.with_name(f".{target.name}.{token_hex(4)}")
        _unfinished.add(temporary)
        try:
            with open(temporary, "xb", opener=partial(os.open, mode=permissions)) as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                temporary.chmod(permissions)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            _unfinished.discard(temporary)
    except OSError as error:
        raise InputError(f"{output}: {error.strerror or error}") from None
