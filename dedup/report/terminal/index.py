"""Pages of an index: what it has of articles, its clusters, its size.

Articles without a match are counted, not listed, and of a long list the first are shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType, group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dedup.article import Article
from dedup.index import IndexCluster, IndexStats
from dedup.index.survey import IndexSurvey
from dedup.phrasing import format_size, percent, pluralize, shorten
from dedup.pipeline import Match, Verdict
from dedup.pipeline.findings import find_role
from dedup.report.names import article_names
from dedup.report.terminal.passages import bar, legend
from dedup.report.terminal.report import more_line
from dedup.report.terminal.tree import edge_line, heading_lines
from dedup.report.view import Answer, derivations_by_article, describe_shares

MAX_ANSWERS = 20  # articles with matches that are shown
MAX_MATCHES = 8
MAX_CLUSTERS = 20
MAX_MEMBERS = 12
MAX_PLACE = 240  # characters of the index' address

ROLES = {
    "source": "likely the source",
    "derivative": "likely derived from this article",
    "undecided": "one derives from the other, direction unknown",
    "sibling": "both from one source that is not here",
    "unknown": "no derivation between the two found",
}


@group()
def check_page(index: str, answers: Iterable[Answer]) -> Iterator[RenderableType]:
    """The articles that the index has a match for, each with its matches."""
    place = shorten(index, MAX_PLACE)
    verdicts: list[Verdict] = []
    checked = matched = too_short = 0
    for answer in answers:
        checked += 1
        matched += bool(answer.verdict.matches)
        too_short += answer.verdict.is_too_short
        if answer.verdict.matches and len(verdicts) < MAX_ANSWERS:
            verdicts.append(answer.verdict)
    if not checked:
        yield Text("No article to check.", "bold")
        return
    if not matched:
        which = "this article" if checked == 1 else f"these {checked:,} articles"
        short = "" if not too_short else f"; {pluralize(too_short, 'article')} too short to judge"
        yield Text(f"No match for {which} in {place}{short}.", "bold")
        return
    has = "has" if matched == 1 else "have"
    yield Text(f"{matched:,} of {pluralize(checked, 'article')} {has} a match in {place}", "bold")
    for verdict in verdicts:
        yield Text()
        yield Rule(style="dim")
        yield from _verdict(verdict)
    yield from more_line(matched - len(verdicts), "article")
    yield Text()
    yield legend()


@group()
def clusters_page(
    index: str, clusters: Sequence[IndexCluster], articles: Mapping[str, Article]
) -> Iterator[RenderableType]:
    """The clusters, and those members that `articles` knows by name."""
    place = shorten(index, MAX_PLACE)
    if not clusters:
        yield Text(f"No two articles in {place} share a source text.", "bold")
        return
    members = pluralize(sum(len(cluster.members) for cluster in clusters), "article")
    yield Text(f"{pluralize(len(clusters), 'cluster')} of {members} in {place}", "bold")
    names = article_names(articles.values())
    for cluster in clusters[:MAX_CLUSTERS]:
        weakest = cluster.weakest_link
        title = Text(f"{cluster.id}: {pluralize(len(cluster.members), 'article')}", "bold")
        sure = f" · weakest connection {percent(weakest.probability)} ({weakest.kind})"
        yield Text()
        yield title.append(sure, "dim")
        for member in cluster.members[:MAX_MEMBERS]:
            article = articles.get(member, Article(member, ""))
            yield Padding(Group(*heading_lines(article, names)), (0, 0, 0, 2))
        yield from more_line(len(cluster.members) - MAX_MEMBERS, "article")
    yield from more_line(len(clusters) - MAX_CLUSTERS, "cluster")


def listed_members(clusters: Sequence[IndexCluster]) -> list[str]:
    """The ids of the articles that a page of these clusters names."""
    return [id for cluster in clusters[:MAX_CLUSTERS] for id in cluster.members[:MAX_MEMBERS]]


def stats_page(index: str, stats: IndexStats, surveyed: IndexSurvey) -> RenderableType:
    """How much the index holds, in rows and bytes, and what its last articles are like."""
    last = sum(surveyed.languages.values())
    shares = [f"{code} {percent(n / last)}" for code, n in surveyed.languages.items()]
    speed = f"opened in {surveyed.open_seconds * 1000:.1f} ms"
    if surveyed.check_seconds is not None:
        speed += f"; candidates of an article found in {surveyed.check_seconds * 1000:.1f} ms"
    each = f", {stats.bytes / stats.articles:,.0f} an article" if stats.articles else ""
    rows = [
        ("articles", f"{stats.articles:,}"),
        ("clusters", f"{stats.clusters:,}"),
        ("pairs that share a source text", f"{stats.relations:,}"),
        ("pairs not compared yet", f"{stats.pending:,}"),
        (
            "postings",
            f"{stats.bands:,} of bands, {stats.terms:,} of rare terms, {stats.runs:,} of runs",
        ),
        ("terms of 50 articles or more", f"{stats.common:,}"),
        ("passages", "found" if surveyed.finds_passages else "not found: this index keeps no runs"),
        ("published", " to ".join(filter(None, (stats.oldest, stats.newest))) or "no dates"),
        (f"languages of the last {last:,}", ", ".join(shares) or "no text"),
        ("speed", speed),
        ("size", f"{format_size(stats.bytes)}{each}; {format_size(stats.text_bytes)} of it texts"),
    ]
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in rows:
        table.add_row(Text(name, "dim"), Text(value))
    return Group(Text(shorten(index, MAX_PLACE), "bold"), table)


def _verdict(verdict: Verdict) -> Iterator[RenderableType]:
    draft = verdict.draft
    names = article_names([draft, *(match.article for match in verdict.matches)])
    yield from heading_lines(draft, names)
    for edge in derivations_by_article(verdict.derivations).get(draft.id, ()):
        yield edge_line(edge, names)
    for match in verdict.matches[:MAX_MATCHES]:
        yield Padding(_match(match, verdict, names), (1, 0, 0, 2))
    yield from more_line(len(verdict.matches) - MAX_MATCHES, "match", "matches")


def _match(match: Match, verdict: Verdict, names: Mapping[str, str]) -> RenderableType:
    relation, shares = match.relation, match.alignment.shares
    if match.is_partial:
        words = pluralize(match.taken_words, "word")
        line = Text.assemble(
            ("partial reuse", "bold"), f"; {words} taken, otherwise another report"
        )
    else:
        line = Text(f"{relation.kind}, {percent(relation.probability)}", "bold")
        line.append(f"; {percent(relation.resemblance)} of the phrases shared", "not bold")
        line.append(f"; {ROLES[find_role(match, verdict)]}", "not bold")
    taken = Table.grid(padding=(0, 2, 0, 0))
    taken.add_row(bar(shares), describe_shares(shares))
    return Group(*heading_lines(match.article, names), line, taken)
