"""Reports: what `compare`, `check` and `align` return, for people and for programs.

`terminal` is a page to read, `html` a page to open in a browser, `json` and `jsonl` are described
by `data/report.schema.json`, `csv` is a table of articles, `graphml` a graph of articles and
sources. Equal input gives equal text. Nothing is decided here: what is not in the result is not
in the report. Pictures of one cluster are drawn in `dedup.report.pictures`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from dedup.align import COUNT_EVERYTHING, Alignment, Counting, recount
from dedup.article import Article
from dedup.pipeline import Cluster, Comparison, Result, Verdict
from dedup.pipeline.findings import add_up
from dedup.pipeline.result import ClusterTable
from dedup.report.csv import report_table
from dedup.report.graphml import report_graph
from dedup.report.json import (
    alignment_json,
    cluster_line,
    findings_json,
    report_json,
    report_lines,
    rest_lines,
)  # fmt: skip

__all__ = [
    "Detail", "Format", "PairFormat", "render", "render_alignment", "render_parts",
    "render_verdict", "stream_lines",
]  # fmt: skip

Detail = Literal["summary", "verdicts", "full"]
Format = Literal["terminal", "json", "jsonl", "csv", "graphml", "html"]
PairFormat = Literal["terminal", "json", "html"]

WIDTH = 100  # columns of a page that is written to a file


def render(
    result: Result,
    format: Format = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
    detail: Detail = "verdicts",
    cluster: str | None = None,
    ours: Sequence[str] = (),
    counting: Counting = COUNT_EVERYTHING,
) -> str:
    """The report of `result`, ending in a newline.

    `counting` says what the shares count; `ours` are the names or domains of one's own outlets:
    pages then say who took from them, and from whom they took. `detail` is for the terminal (a
    row for each cluster, a line for each article too, or everything) and for HTML, whose summary
    prints on one page. The others concern the terminal's page alone: `width` (in columns),
    `color` (ANSI escapes, unless NO_COLOR is set) and `cluster`, the only one to show in full;
    raises `InputError` if there is none of that name.
    """
    parts = render_parts(
        result,
        format,
        width=width,
        color=color,
        counting=counting,
        detail=detail,
        cluster=cluster,
        ours=ours,
    )
    return "".join(parts)


def render_parts(
    result: Result,
    format: Format = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
    detail: Detail = "verdicts",
    cluster: str | None = None,
    ours: Sequence[str] = (),
    counting: Counting = COUNT_EVERYTHING,
) -> Iterable[str]:
    """The same in parts, which need not be in memory together: articles, clusters or lines of
    JSON and CSV; other formats are one part."""
    result = recount_result(result, counting)
    match format:
        case "json":
            return report_json(result)
        case "jsonl":
            return report_lines(result)
        case "csv":
            return report_table(result)
        case "graphml":
            return (report_graph(result),)
        case "html":
            from dedup.report.html import report_html

            is_summary = detail == "summary"
            return (report_html(result, ours, counting=counting, is_summary=is_summary),)
        case "terminal":
            from dedup.report.terminal import to_text
            from dedup.report.terminal.report import report_page

            return (to_text(report_page(result, detail, cluster, ours), width, color),)


def stream_lines(comparison: Comparison, counting: Counting = COUNT_EVERYTHING) -> Iterator[str]:
    """The report of a comparison under way as JSON lines: each cluster as soon as its number is
    known."""
    for cluster in comparison:
        yield cluster_line(recount_cluster(cluster, counting))
    yield from rest_lines(comparison.run())


def recount_result(result: Result, counting: Counting) -> Result:
    """The result with shares that count as `counting` says, worked out as they are asked for."""
    if counting == COUNT_EVERYTHING:
        return result
    clusters = result.clusters

    def load(n: int) -> Cluster:
        return recount_cluster(clusters[n], counting)

    return replace(result, clusters=ClusterTable(len(clusters), load))


def recount_cluster(cluster: Cluster, counting: Counting) -> Cluster:
    """A cluster with shares that count as `counting` says."""
    if counting == COUNT_EVERYTHING:
        return cluster
    return replace(cluster, alignments=tuple(recount(a, counting) for a in cluster.alignments))


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
    match format:
        case "json":
            return alignment_json(alignment)
        case "html":
            from dedup.report.html import alignment_html

            return alignment_html(alignment, source, derivative)
        case "terminal":
            from dedup.report.terminal import to_text
            from dedup.report.terminal.passages import alignment_page

            return to_text(alignment_page(alignment, source, derivative), width, color)


def render_verdict(
    verdict: Verdict,
    format: PairFormat = "terminal",
    *,
    width: int = WIDTH,
    color: bool = False,
    counting: Counting = COUNT_EVERYTHING,
) -> str:
    """The report of a checked draft, ending in a newline."""
    findings = add_up(verdict, counting)
    match format:
        case "json":
            return findings_json(findings)
        case "html":
            from dedup.report.html import findings_html

            return findings_html(findings)
        case "terminal":
            from dedup.report.terminal import to_text
            from dedup.report.terminal.draft import draft_page

            return to_text(draft_page(findings), width, color)
