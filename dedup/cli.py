"""The command line: what a person types, turned into calls of the library and back into text.

Comes in: arguments. Goes out: data on stdout, messages and progress on stderr, an exit code:
0 fine, 1 an error, 2 wrong usage, 3 reuse found (only if `--exit-code` asked for it), 130
interrupted. It decides nothing about articles: each command is a verb of the library.

Everything heavy is imported where it is used, so that `dedup --help` answers at once.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import dedup
from dedup.errors import DedupError, InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.pipeline import Result
    from dedup.readers import Problem

FINE, ERROR, REUSE_FOUND, INTERRUPTED = 0, 1, 3, 130

WIDEST = 120  # columns; longer lines are hard to read
FILE_WIDTH = 100
LARGE = 100_000_000  # bytes of input, from which on the memory that it may take is told

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich costs a third of the time that --help may take
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ReportFormat(StrEnum):
    """How a report can be told."""

    terminal = "terminal"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


class AlignmentFormat(StrEnum):
    """How an alignment can be told."""

    terminal = "terminal"
    json = "json"


SUFFIXES = {"": "terminal", ".txt": "terminal", ".json": "json", ".jsonl": "jsonl",
            ".ndjson": "jsonl", ".csv": "csv"}  # fmt: skip


def main() -> None:
    """Run the `dedup` command with the arguments of the process."""
    app(prog_name="dedup")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dedup {dedup.__version__}")
        raise typer.Exit


def _known_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise typer.BadParameter(f"{name!r} is no encoding; try utf-8 or windows-1252") from None
    return name


def _in_a_folder(output: Path | None) -> Path | None:
    """Say at once, not after the work, that there is no place for the output."""
    if output and not output.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(output.parent)!r}; make it first")
    return output


Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="Write to this file; its suffix picks the format.",
        dir_okay=False,
        callback=_in_a_folder,
    ),
]
Encoding = Annotated[
    str,
    typer.Option(help="Encoding of plain text files.", callback=_known_encoding),
]


@app.callback()
def dedup_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Which of these news articles are one report, who took it from whom, and what in each
    was copied, paraphrased, translated or added."""


@app.command()
def report(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, folders, globs; - reads stdin.")
    ],
    format: Annotated[
        ReportFormat | None, typer.Option("--format", help="Default: terminal.")
    ] = None,
    output: Output = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first thing that cannot be read.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3 where reuse was found.")
    ] = False,
    encoding: Encoding = "utf-8",
    threads: Annotated[
        int | None, typer.Option(min=1, help="Default: as many as there are processors.")
    ] = None,
) -> None:
    """Find which articles are one report, and who took what.

    Exit codes: 0 fine, 1 an error (what could be read is still reported), 2 wrong usage.
    """
    chosen = ReportFormat(format or _format_for(output, ReportFormat))
    with _manners():
        result, failed = _compare(paths, strict, encoding, threads)
        _tell_problems(result.problems)
        _tell_failed(failed, result.problems)
        from dedup.report import render

        page = chosen is ReportFormat.terminal
        width, color = _page_size(output) if page else (FILE_WIDTH, False)
        _deliver(render(result, chosen.value, width=width, color=color), output, page)
        if failed or (strict and result.problems):
            raise typer.Exit(ERROR)
        if exit_code and result.clusters:
            raise typer.Exit(REUSE_FOUND)


@app.command()
def align(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="The article that may be the source.")
    ],
    derivative: Annotated[
        str, typer.Argument(metavar="DERIVATIVE", help="The article that may be taken from it.")
    ],
    format: Annotated[
        AlignmentFormat | None, typer.Option("--format", help="Default: terminal.")
    ] = None,
    output: Output = None,
    encoding: Encoding = "utf-8",
) -> None:
    """Lay an article beside its source, passage by passage."""
    if source == derivative == "-":
        raise typer.BadParameter("only one of SOURCE and DERIVATIVE can be stdin")
    chosen = AlignmentFormat(format or _format_for(output, AlignmentFormat))
    with _manners():
        from dedup.align import align as align_articles
        from dedup.report import render_alignment

        origin, taken = _only_article(source, encoding), _only_article(derivative, encoding)
        if origin.id == taken.id:
            origin, taken = replace(origin, id=source), replace(taken, id=derivative)
        alignment = align_articles(origin, taken)
        page = chosen is AlignmentFormat.terminal
        width, color = _page_size(output) if page else (FILE_WIDTH, False)
        told = render_alignment(alignment, origin, taken, chosen.value, width=width, color=color)
        _deliver(told, output, page)


def _compare(
    paths: list[str], strict: bool, encoding: str, threads: int | None
) -> "tuple[Result, list[str]]":
    """The result, and the paths among `paths` that gave no article."""
    from dedup.pipeline import compare, memory_needed
    from dedup.readers import read

    reading = read(paths, strict=strict, encoding=encoding)
    if reading.size > LARGE:
        _tell(
            f"{reading.size / 1e6:,.0f} MB to read; "
            f"this may take {memory_needed(reading.size) / 1e9:.1f} GB of memory"
        )
    try:
        with _progress() as progress:
            result = compare(reading, threads=threads, progress=progress)
    except DedupError:
        _tell_problems(reading.problems)
        raise
    return result, list(reading.failed)


def _only_article(path: str, encoding: str) -> "Article":
    from dedup.readers import read

    reading = read([path], encoding=encoding)
    articles = list(islice(reading, 2))
    _tell_problems(reading.problems)
    if not articles and reading.problems:
        raise typer.Exit(ERROR)
    if len(articles) != 1:
        number = "more than one article" if articles else "no article"
        raise InputError(f"{path}: has {number}; give a file with one")
    return articles[0]


def _format_for(output: Path | None, formats: type[StrEnum]) -> str:
    """The format that the name of the output asks for."""
    suffix = output.suffix.lower() if output else ""
    if (format := SUFFIXES.get(suffix)) in list(formats):
        return str(format)
    known = ", ".join(name for name, format in SUFFIXES.items() if name and format in list(formats))
    raise typer.BadParameter(f"{output}: which format? Give --format, or a name in {known}")


def _page_size(output: Path | None) -> tuple[int, bool]:
    """Columns, and whether to colour: as the terminal has it, plain and fixed for a file."""
    if _to_file(output):
        return FILE_WIDTH, False
    from rich.console import Console

    columns = shutil.get_terminal_size((FILE_WIDTH, 50)).columns
    return min(columns, WIDEST), Console(file=sys.stdout).is_terminal


def _to_file(output: Path | None) -> bool:
    return output is not None and str(output) != "-"


def _deliver(text: str, output: Path | None, page: bool) -> None:
    """Write data as UTF-8, a page as the terminal can show it."""
    if output is not None and _to_file(output):
        try:
            output.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"{output}: {error.strerror}") from None
        return
    if sys.stdout is None:
        raise InputError("standard output is closed; give -o FILE")
    encoding = sys.stdout.encoding if page else "utf-8"
    try:
        sys.stdout.buffer.write(text.encode(encoding, "replace"))
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered goes nowhere, so that the interpreter's own flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # `dedup … | head` has seen enough
            raise InputError(f"standard output: {error.strerror}") from None


@contextmanager
def _manners() -> Iterator[None]:
    """Errors in one line and with their exit code, instead of a traceback."""
    try:
        yield
    except DedupError as error:
        _tell(str(error))
        raise typer.Exit(ERROR) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
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


def _tell_problems(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        _tell(f"{problem.path}: {problem.what}")


def _tell_failed(failed: list[str], problems: "Sequence[Problem]") -> None:
    """Say of each path without an article that it had none, unless its problem was told."""
    told = {problem.path for problem in problems}
    for path in failed:
        if path not in told:
            _tell(f"{path}: no article in it")


def _tell(message: str) -> None:
    from dedup.report.plain import printable

    print(f"dedup: {printable(message)}", file=sys.stderr)
