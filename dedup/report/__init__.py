"""Reports: what `compare` and `align` found, told to people and to programs.

Comes in: a `Result`, or an `Alignment` with its two articles. Goes out: one string:
`terminal` (a page to read), `json` and `jsonl` (`data/report.schema.json`), `csv` (a table
of articles). Equal input gives equal text. It decides nothing: what is not in the result is
not in the report.
"""

import io
from typing import TYPE_CHECKING, Literal

from dedup.align import Alignment
from dedup.article import Article
from dedup.pipeline import Result
from dedup.report import documents, tables

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Format", "render", "render_alignment"]

Format = Literal["terminal", "json", "jsonl", "csv"]

WIDTH = 100  # columns of a page that is written to a file
NARROWEST = 40  # columns below which nothing can stand side by side


def render(
    result: Result, format: Format = "terminal", *, width: int = WIDTH, color: bool = False
) -> str:
    """The report of `result`, ending in a newline.

    `width` (in columns) and `color` (ANSI escapes, unless NO_COLOR is set) concern the
    terminal's page alone.
    """
    match format:
        case "json":
            return documents.report_json(result)
        case "jsonl":
            return documents.report_lines(result)
        case "csv":
            return tables.report_table(result)
        case "terminal":
            from dedup.report.terminal import report_page

            return _printed(report_page(result), width, color)


def render_alignment(
    alignment: Alignment,
    source: Article,
    derivative: Article,
    format: Literal["terminal", "json"] = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
) -> str:
    """The report of one alignment of `derivative` with `source`, ending in a newline."""
    if format == "json":
        return documents.alignment_json(alignment)
    from dedup.report.lineage import names
    from dedup.report.passages import alignment_page

    called = names((source, derivative))
    pair = (called[source.id], called[derivative.id])
    return _printed(alignment_page(alignment, source, derivative, pair), width, color)


def _printed(page: "RenderableType", width: int, color: bool) -> str:
    """The page as text: without trailing blanks, and without ANSI escapes unless `color`."""
    from rich.console import Console

    console = Console(
        file=io.StringIO(),
        width=max(width, NARROWEST),
        force_terminal=color,
        color_system="auto" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as printed:
        console.print(page)
    return "".join(line.rstrip() + "\n" for line in printed.get().split("\n")).rstrip("\n") + "\n"
