"""Reports: what `compare` and `align` found, told to people and to programs.

Comes in: a `Result`, an `Alignment` with its two articles, or a `Verdict` on a draft. Goes out:
one string:
`terminal` (a page to read), `json` and `jsonl` (`data/report.schema.json`), `csv` (a table
of articles), `graphml` (a graph of articles and sources). Equal input gives equal text. It
decides nothing: what is not in the result is not in the report. Pictures of one family are
drawn in `report.pictures`.
"""

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from dedup.align import COUNT_EVERYTHING, Alignment, Counting, recount
from dedup.article import Article
from dedup.pipeline import Result, Verdict
from dedup.report import documents, graphml, tables

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Format", "PairFormat", "printed", "render", "render_alignment", "render_verdict"]

Format = Literal["terminal", "json", "jsonl", "csv", "graphml", "html"]
PairFormat = Literal["terminal", "json", "html"]

WIDTH = 100  # columns of a page that is written to a file
NARROWEST = 40  # columns below which nothing can stand side by side


def render(
    result: Result,
    format: Format = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
    counting: Counting = COUNT_EVERYTHING,
) -> str:
    """The report of `result`, ending in a newline.

    `width` (in columns) and `color` (ANSI escapes, unless NO_COLOR is set) concern the
    terminal's page alone; `counting` says what the shares count.
    """
    if counting != COUNT_EVERYTHING:
        result = _recounted(result, counting)
    match format:
        case "json":
            return documents.report_json(result)
        case "jsonl":
            return documents.report_lines(result)
        case "csv":
            return tables.report_table(result)
        case "graphml":
            return graphml.report_graph(result)
        case "html":
            from dedup.report.html import report_html

            return report_html(result)
        case "terminal":
            from dedup.report.terminal import report_page

            return printed(report_page(result), width, color)


def render_alignment(
    alignment: Alignment,
    source: Article,
    derivative: Article,
    format: PairFormat = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
) -> str:
    """The report of one alignment of `derivative` with `source`, ending in a newline."""
    if format == "json":
        return documents.alignment_json(alignment)
    if format == "html":
        from dedup.report.html import alignment_html

        return alignment_html(alignment, source, derivative)
    from dedup.report.passages import alignment_page
    from dedup.report.view import article_names

    called = article_names((source, derivative))
    pair = (called[source.id], called[derivative.id])
    return printed(alignment_page(alignment, source, derivative, pair), width, color)


def render_verdict(
    verdict: Verdict,
    format: PairFormat = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
    counting: Counting = COUNT_EVERYTHING,
) -> str:
    """The report of what was found for a draft, ending in a newline."""
    from dedup.report.findings import findings

    if format == "html":
        from dedup.report.html import verdict_html

        return verdict_html(verdict, counting)
    found = findings(verdict, counting)
    if format == "json":
        return documents.findings_json(found)
    from dedup.report.draft_pages import draft_page

    return printed(draft_page(found), width, color)


def _recounted(result: Result, counting: Counting) -> Result:
    """The result with every alignment's shares counted anew."""
    clusters = tuple(
        replace(cluster, alignments=tuple(recount(a, counting) for a in cluster.alignments))
        for cluster in result.clusters
    )
    return replace(result, clusters=clusters)


def printed(page: "RenderableType", width: int, color: bool) -> str:
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
