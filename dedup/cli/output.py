"""Output: where a command's data go, in which format, how wide and in which colours.

Comes in: what was asked for with --format and -o. Goes out: text or bytes, in a file or on
stdout. It knows no article.
"""

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path

import typer

from dedup.cli.speech import tell
from dedup.errors import InputError

WIDEST = 120  # columns; longer lines are hard to read
FILE_WIDTH = 100

SUFFIXES = {"": "terminal", ".txt": "terminal", ".json": "json", ".jsonl": "jsonl",
            ".ndjson": "jsonl", ".csv": "csv", ".html": "html", ".htm": "html",
            ".graphml": "graphml", ".svg": "svg", ".png": "png"}  # fmt: skip


def format_for(output: Path | None, formats: type[StrEnum]) -> str:
    """The format that the name of the output asks for."""
    suffix = output.suffix.lower() if output else ""
    if (format := SUFFIXES.get(suffix)) in list(formats):
        return str(format)
    known = ", ".join(name for name, format in SUFFIXES.items() if name and format in list(formats))
    raise typer.BadParameter(f"{output}: which format? Give --format, or a name in {known}")


def page_size(output: Path | None) -> tuple[int, bool]:
    """Columns, and whether to colour: as the terminal has it, plain and fixed for a file."""
    if to_file(output):
        return FILE_WIDTH, False
    from rich.console import Console

    columns = shutil.get_terminal_size((FILE_WIDTH, 50)).columns
    return min(columns, WIDEST), Console(file=sys.stdout).is_terminal


def to_file(output: Path | None) -> bool:
    """Whether the output is a file and not stdout."""
    return output is not None and str(output) != "-"


def refuse_terminal(output: Path | None) -> None:
    """Say at once, not after the work, that a terminal cannot show what is no text."""
    if not to_file(output) and sys.stdout is not None and sys.stdout.isatty():
        raise typer.BadParameter("a terminal shows no picture; give -o FILE")


def deliver_page(page: str, file: Path) -> None:
    """Write a page for a browser, and say how large it is."""
    deliver(page, file, page=False)
    from dedup.report.html.page import in_bytes

    tell(f"{file}: {in_bytes(len(page.encode('utf-8', 'replace')))}")


def deliver(data: str | bytes, output: Path | None, page: bool) -> None:
    """Write bytes as they are, data as UTF-8, a page as the terminal can show it."""
    encoding = sys.stdout.encoding if page and sys.stdout and not to_file(output) else "utf-8"
    written = data if isinstance(data, bytes) else data.encode(encoding, "replace")
    if output is not None and to_file(output):
        try:
            output.write_bytes(written)
        except OSError as error:
            raise InputError(f"{output}: {error.strerror}") from None
        return
    if sys.stdout is None:
        raise InputError("standard output is closed; give -o FILE")
    try:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered goes nowhere, so that the interpreter's own flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # `dedup … | head` has seen enough
            raise InputError(f"standard output: {error.strerror}") from None
