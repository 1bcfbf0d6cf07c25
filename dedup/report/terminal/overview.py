"""The first screen of a report: a row for each cluster, and a verdict for each article.

A small result has the verdicts of all its articles. Of a large one those come first that an
editor must see: articles that do not credit their source, and those whose meaning changed.
"""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dedup.article import Article
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Cluster, Result
from dedup.report.names import cluster_headline
from dedup.report.verdicts import (
    ArticleVerdict,
    ClusterVerdict,
    cluster_verdicts,
    flag_first,
    sum_up,
)

MAX_ROWS = 40  # clusters in the table
MAX_ALL = 60  # articles in clusters up to which each has its line
MAX_FIRST = 16  # lines of what to look at first
MAX_HEADLINE = 200
MAX_NAME = 40
MAX_SOURCE = 16


def cluster_table(
    clusters: Sequence[Cluster], articles: Mapping[str, Article], names: Mapping[str, str]
) -> Table:
    """A row for each cluster: what it is about, its source, whether that is credited, what was
    copied, reworded and added on average, how sure its weakest connection is."""
    table = Table(box=None, expand=True, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("headline", ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("source", max_width=MAX_SOURCE, no_wrap=True, overflow="ellipsis")
    table.add_column("credited", no_wrap=True)
    for share in ("copied", "reworded", "new"):
        table.add_column(share, justify="right", no_wrap=True)
    table.add_column("order", no_wrap=True)
    table.add_column("sure", justify="right", no_wrap=True)
    for cluster in clusters[:MAX_ROWS]:
        whole = sum_up(cluster, list(cluster_verdicts(cluster, names)), names)
        shares = whole.shares
        parts = [shares["copied"], whole.reworded, shares["added"]] if shares else []
        table.add_row(
            Text(cluster.id, "bold"),
            f"{len(cluster.members):,}",
            Text(shorten(cluster_headline(cluster, articles), MAX_HEADLINE)),
            Text(whole.source or "unknown", "" if whole.source else "dim"),
            credited_cell(whole),
            *([percent(part) for part in parts] or ["", "", ""]),
            whole.order,
            percent(cluster.weakest_link.probability),
        )
    return table


def credited_cell(whole: ClusterVerdict) -> Text:
    """How many of the articles whose credit is known credit their source."""
    known = whole.credited + whole.uncredited
    if not known:
        return Text("unknown", "dim")
    return Text(f"{whole.credited} of {known}", "bold red" if whole.uncredited else "")


def verdict_lines(
    result: Result, articles: Mapping[str, Article], names: Mapping[str, str]
) -> Iterator[RenderableType]:
    """The verdicts on the articles in clusters: all of them, or what to look at first."""
    clusters = [(cluster, list(cluster_verdicts(cluster, names))) for cluster in result.clusters]
    if sum(len(verdicts) for _, verdicts in clusters) <= MAX_ALL:
        for cluster, verdicts in clusters:
            headline = shorten(cluster_headline(cluster, articles), MAX_HEADLINE)
            yield Text()
            yield Text(f"{cluster.id}  {headline}", "bold", no_wrap=True, overflow="ellipsis")
            yield from (verdict_line(verdict, names) for verdict in verdicts)
        return
    flagged = flag_first(verdict for _, verdicts in clusters for verdict in verdicts)
    home = {id: cluster.id for cluster in result.clusters for id in cluster.members}
    yield Text()
    uncredited = sum(verdict.credited == "not credited" for verdict in flagged)
    title = f"To look at first: {pluralize(uncredited, 'article')} without a credit, "
    title += f"{pluralize(len(flagged) - uncredited, 'other')} with a changed meaning"
    yield Text(title, "bold")
    for verdict in flagged[:MAX_FIRST]:
        yield verdict_line(verdict, names, home[verdict.id])
    if len(flagged) > MAX_FIRST:
        yield Text(f"… and {len(flagged) - MAX_FIRST:,} more; --verbose has all.", "dim")


def verdict_line(verdict: ArticleVerdict, names: Mapping[str, str], cluster: str = "") -> Padding:
    """An article's name and its verdict, what is not credited in red."""
    name = shorten(names.get(verdict.id, verdict.id), MAX_NAME)
    line = Text.assemble((f"{cluster}  " if cluster else "", "dim"), (name, "bold"), "  ")
    line.append(verdict.line)
    line.highlight_words(["not credited"], "bold red")
    return Padding(line, (0, 0, 0, 2))
