"""The page of a result: its clusters, what each article took, and what is in no cluster.

A line sums the result up, a table has a row for each cluster, and each article has a verdict in a
line. In full there follow each cluster as a tree, with the reason for every derivation; what each
article took, as bars, and the clearest passages side by side; articles in no cluster and whom
they mention; articles on one topic that are independent. Last comes what could not be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rich.console import Group, RenderableType, group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dedup.article import Article
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.readers import Problem
from dedup.report.names import article_names
from dedup.report.outlets import find_ours, list_publishers
from dedup.report.terminal.overview import MAX_ROWS, cluster_table, verdict_line, verdict_lines
from dedup.report.terminal.passages import bar, counting_lines, side_by_side, strongest_passages
from dedup.report.terminal.tree import cluster_tree, edge_line, heading_lines
from dedup.report.verdicts import article_verdicts, cluster_verdicts, singleton_verdicts
from dedup.report.view import (
    derivations_by_article,
    describe_related,
    describe_shares,
    is_external,
    summary,
    uncredited_mentions,
)

# How much of a large result is shown. A screen has 50 lines, and a reader's patience few.
MAX_CLUSTERS = 20
MAX_ALIGNMENTS = 6
MAX_PASSAGES = 3
MAX_SINGLETONS = 20
MAX_RELATED = 12
MAX_REUSED = 6
MAX_LINES = 12  # of articles in no cluster, where each has one
MAX_PROBLEMS = 20
MAX_PATHS = 3  # with one and the same problem
MAX_MENTIONS = 3

MAX_NAME = 48
MAX_WHY = 240
Detail = Literal["summary", "verdicts", "full"]
TABLE_EXPLAINED = (
    "A cluster is a group of articles that go back to one source text. Copied, reworded, new: "
    "parts of their words, on average. Order: how sure it is who was first. Sure: that the two "
    "least alike belong together."
)
TREES_EXPLAINED = (
    "Below each article stand those derived from it, how sure that is, reason and credit; ⚠ marks "
    "a change of meaning."
)


@group()
def report_page(
    result: Result,
    detail: Detail = "verdicts",
    cluster: str | None = None,
    ours: Sequence[str] = (),
) -> Iterator[RenderableType]:
    """The result as a page: `summary` has a row for each cluster, `verdicts` a line for each
    article besides, `full` everything; with `cluster` it is that cluster's page alone."""
    if cluster is not None:
        yield from _cluster_page(result, cluster)
        return
    is_full = detail == "full"
    clusters, singletons = result.clusters, result.singletons
    if is_full:
        clusters, singletons = clusters[:MAX_CLUSTERS], singletons[:MAX_SINGLETONS]
    related = result.related[:MAX_RELATED] if is_full else result.related
    ids = {id for each in clusters for id in each.members}
    ids |= {singleton.id for singleton in singletons}
    articles = result.find(ids | {id for pair in related for id in (pair.a, pair.b)})
    names = article_names(articles.values())
    yield Text(summary(result), "bold")
    if len(result.articles) == 0:
        yield Text("Name files or folders that have news articles in them.")
    elif len(result.articles) == 1:
        yield Text("Give a second article to learn whether they share a source text.")
    if clusters:
        yield Text()
        yield cluster_table(result.clusters, articles, names)
        yield Text(TABLE_EXPLAINED, "dim")
        yield from more_line(len(result.clusters) - MAX_ROWS, "cluster")
    if ours:
        yield from _ours(result, articles, names, ours)
    if detail == "summary":
        yield from _problem_section(result.problems)
        return
    if is_full:
        yield from _everything(result, articles, names)
    else:
        yield from verdict_lines(result, articles, names)
        yield from _others(result, names)
    yield from _problem_section(result.problems)


def _ours(
    result: Result,
    articles: Mapping[str, Article],
    names: Mapping[str, str],
    outlets: Sequence[str],
) -> Iterator[RenderableType]:
    """Who took from one's own outlets, and from whom these took."""
    verdicts = article_verdicts(result, names)
    ours = find_ours(verdicts, list_publishers(articles.values()), outlets)
    whose = ", ".join(shorten(name, MAX_NAME) for name in ours.names)
    for title, found in (
        (f"Taken from {whose}: {len(ours.from_us):,}", ours.from_us),
        (f"Taken by {whose} from others: {len(ours.by_us):,}", ours.by_us),
    ):
        yield from section_title(title)
        for verdict in found[:MAX_LINES]:
            yield verdict_line(verdict, names)
        yield from more_line(len(found) - MAX_LINES, "article")


def _everything(
    result: Result, articles: Mapping[str, Article], names: Mapping[str, str]
) -> Iterator[RenderableType]:
    """Each cluster as a tree with its passages, each other article, each related pair."""
    singletons, related = result.singletons[:MAX_SINGLETONS], result.related[:MAX_RELATED]
    if result.clusters:
        yield Text()
        yield Text(TREES_EXPLAINED, "dim")
    for cluster in result.clusters[:MAX_CLUSTERS]:
        yield from _cluster(cluster, articles, names)
    yield from more_line(len(result.clusters) - MAX_CLUSTERS, "cluster")
    if singletons:
        yield from section_title("Not in any cluster")
        for singleton in singletons:
            article = articles.get(singleton.id, Article(singleton.id, ""))
            yield from _singleton(singleton, article, names)
        yield from more_line(len(result.singletons) - MAX_SINGLETONS, "article")
    if related:
        yield from section_title("Related, but in no common cluster")
        for pair in related:
            yield from _related(pair, names)
        yield from more_line(len(result.related) - MAX_RELATED, "pair")


def _others(result: Result, names: Mapping[str, str]) -> Iterator[RenderableType]:
    """Passages in common with articles outside a cluster, and each article in none, in a line."""
    reused = [pair for pair in result.related if pair.kind == "partial"]
    if reused:
        yield from section_title("Possible reuse, please check")
        for pair in reused[:MAX_REUSED]:
            yield from _related(pair, names)
        yield from more_line(len(reused) - MAX_REUSED, "pair")
    if result.singletons:
        yield from section_title(f"Not in any cluster: {len(result.singletons):,}")
        verdicts = list(singleton_verdicts(result.singletons, result.related, names))
        for verdict in verdicts[:MAX_LINES]:
            yield verdict_line(verdict, names)
        yield from more_line(len(verdicts) - MAX_LINES, "article")


def _cluster_page(result: Result, id: str) -> Iterator[RenderableType]:
    """One cluster: its verdicts, its tree, what was taken, and what else is related to it."""
    cluster = result.find_cluster(id)
    members = set(cluster.members)
    related = [pair for pair in result.related if {pair.a, pair.b} & members][:MAX_RELATED]
    articles = result.find(members | {id for pair in related for id in (pair.a, pair.b)})
    names = article_names(articles.values())
    yield cluster_table([cluster], articles, names)
    yield Text()
    yield from (verdict_line(verdict, names) for verdict in cluster_verdicts(cluster, names))
    yield from _cluster(cluster, articles, names)
    if related:
        yield from section_title("Related to an article of this cluster")
        for pair in related:
            yield from _related(pair, names)


def _related(pair: Related, names: Mapping[str, str]) -> Iterator[RenderableType]:
    yield _pair(pair.a, pair.b, f": {describe_related(pair)}", names)
    yield Padding(Text(shorten(pair.why, MAX_WHY)), (0, 0, 0, 2))


def _problem_section(problems: Sequence[Problem]) -> Iterator[RenderableType]:
    if problems:
        yield from section_title("Problems")
        yield from _problems(problems)


def section_title(title: str) -> Iterator[RenderableType]:
    """An empty line and a rule with a title."""
    yield Text()
    yield Rule(Text(title, "bold"), align="left", style="dim")


def more_line(number: int, noun: str, plural: str = "") -> Iterator[RenderableType]:
    """How much is left out; nothing where nothing is."""
    if number > 0:
        yield Text(f"… and {pluralize(number, noun, plural)} more; --format json has all.", "dim")


def _cluster(
    cluster: Cluster, articles: Mapping[str, Article], names: Mapping[str, str]
) -> Iterator[RenderableType]:
    weakest = cluster.weakest_link
    yield from section_title(f"Cluster {cluster.id}: {pluralize(len(cluster.members), 'article')}")
    yield cluster_tree(cluster, articles, names)
    yield Text()
    pair = _pair(weakest.a, weakest.b, f", {percent(weakest.probability)}", names)
    yield Text.assemble("Weakest connection: ", pair, f" ({weakest.kind})")
    yield from _taken(cluster, articles, names)


def _taken(
    cluster: Cluster, articles: Mapping[str, Article], names: Mapping[str, str]
) -> Iterator[RenderableType]:
    """What each article of a cluster took: bars first, then the clearest passages."""
    edges = derivations_by_article(cluster.derivations)
    inside = ([e for e in own if not is_external(e.source)] for own in edges.values())
    main = {(edge.source, edge.derivative) for own in inside for edge in own[:1]}
    order = {member: n for n, member in enumerate(cluster.members)}
    aligned = [a for a in cluster.alignments if (a.source, a.derivative) in main]
    aligned.sort(key=lambda alignment: order[alignment.derivative])
    if not aligned:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=MAX_NAME, overflow="fold")
    for alignment in aligned[:MAX_ALIGNMENTS]:
        name = shorten(names[alignment.derivative], MAX_NAME)
        table.add_row(Text(name), bar(alignment.shares), describe_shares(alignment.shares))
    yield Text()
    yield Text("What each article has from its source or shares with its closest version", "bold")
    yield table
    yield from counting_lines(aligned[0].counting)
    for alignment in aligned[:MAX_ALIGNMENTS]:
        if passages := strongest_passages(alignment, MAX_PASSAGES):
            source, derivative = articles[alignment.source], articles[alignment.derivative]
            yield Text()
            yield side_by_side(passages, source, derivative, names)
    yield from more_line(len(aligned) - MAX_ALIGNMENTS, "derivative")


def _singleton(
    singleton: Singleton, article: Article, names: Mapping[str, str]
) -> Iterator[RenderableType]:
    heading, *lines = heading_lines(article, names)
    lines += [edge_line(edge, names) for edge in singleton.derivations]
    mentions = uncredited_mentions(singleton)
    cites = "also cites" if singleton.derivations else "cites"
    for outlet, phrase in list(mentions.items())[:MAX_MENTIONS]:
        words = shorten(article.text[phrase.begin : phrase.end], MAX_WHY)
        lines.append(Text(f"{cites} {shorten(outlet, MAX_NAME)}: “{words}”"))
    if not singleton.derivations:
        lines.append(Text("No source found" + ("" if mentions else "; no outlet credited")))
    yield heading
    yield Padding(Group(*lines), (0, 0, 0, 2))


def _pair(a: str, b: str, what: str, names: Mapping[str, str]) -> Text:
    first, second = (shorten(names.get(id, id), MAX_NAME) for id in (a, b))
    return Text.assemble((first, "bold"), " – ", (second, "bold"), what)


def _problems(problems: Sequence[Problem]) -> Iterator[RenderableType]:
    """Each problem once, with the first of the paths that have it."""
    paths: dict[str, list[str]] = {}
    for problem in problems:
        paths.setdefault(problem.what, []).append(shorten(problem.path, MAX_WHY))
    for what, where in list(paths.items())[:MAX_PROBLEMS]:
        listed = ", ".join(where[:MAX_PATHS])
        more = f" and {len(where) - MAX_PATHS:,} more" if len(where) > MAX_PATHS else ""
        yield Text.assemble((listed, "bold"), more, ": ", shorten(what, MAX_WHY))
    rest = list(paths.values())[MAX_PROBLEMS:]
    yield from more_line(sum(map(len, rest)), "problem")
