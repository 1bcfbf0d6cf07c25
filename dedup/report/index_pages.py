"""Index pages: what an index answers, to be read on a screen.

Comes in: answers, families, sizes. Goes out: pages that rich can print. Articles that nothing
in the index tells are counted, not listed, and of a long list the first are shown; JSON has
everything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dedup.article import Article
from dedup.index import IndexCluster, IndexStats
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Match, Verdict
from dedup.report.findings import role
from dedup.report.index_documents import Answer
from dedup.report.passages import bar, legend
from dedup.report.tree import edge_line, heading_lines
from dedup.report.view import article_names, derivations_of, describe_shares

ANSWERS = 20  # articles with matches that are shown
MATCHES = 8
FAMILIES = 20
MEMBERS = 12
NAME = 60

ROLES = {
    "source": "this was taken from it",
    "derivative": "it was taken from this",
    "undecided": "one was taken from the other, undecided which",
    "unknown": "neither was plainly taken from the other",
}


def check_page(index: str, answers: Iterable[Answer]) -> RenderableType:
    """The articles that something in the index tells, each with what that is."""
    shown: list[Verdict] = []
    articles = found = 0
    for answer in answers:
        articles += 1
        if answer.verdict.matches:
            found += 1
            if len(shown) < ANSWERS:
                shown.append(answer.verdict)
    return Group(*_check(index, shown, articles, found))


def clusters_page(
    index: str, families: Sequence[IndexCluster], articles: Mapping[str, Article]
) -> RenderableType:
    """The families, and the members that `articles` knows by name."""
    return Group(*_clusters(index, families, articles))


def told_of(families: Sequence[IndexCluster]) -> list[str]:
    """The ids of the articles that a page of these families names."""
    return [id for family in families[:FAMILIES] for id in family.members[:MEMBERS]]


def stats_page(index: str, sizes: IndexStats) -> RenderableType:
    """What there is, in rows and bytes."""
    per = f", {sizes.bytes / sizes.articles:,.0f} an article" if sizes.articles else ""
    rows = [
        ("articles", f"{sizes.articles:,}"),
        ("clusters", f"{sizes.clusters:,}"),
        ("pairs that share a source text", f"{sizes.relations:,}"),
        ("pairs still to be related", f"{sizes.pending:,}"),
        ("postings", f"{sizes.bands:,} of bands, {sizes.terms:,} of rare terms"),
        ("terms too common to post", f"{sizes.common:,}"),
        ("size", f"{size(sizes.bytes)}{per}; texts {size(sizes.text_bytes)} of it"),
    ]
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in rows:
        table.add_row(Text(name, "dim"), Text(value))
    return Group(Text(shorten(index, 4 * NAME), "bold"), table)


def size(number: int) -> str:
    """Bytes as a person reads them.

    >>> size(999), size(1_204_000), size(3_400_000_000)
    ('999 bytes', '1.2 MB', '3.4 GB')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= unit:
            return f"{number / unit:,.1f} {name}"
    return pluralize(number, "byte")


def _check(
    index: str, shown: Sequence[Verdict], articles: int, found: int
) -> Iterator[RenderableType]:
    index = shorten(index, 4 * NAME)
    if not articles:
        yield Text("No article to check.", "bold")
        return
    have = "has" if found == 1 else "have"
    told = f"{found:,} of {pluralize(articles, 'article')} {have} a counterpart in {index}"
    yield Text(told if found else f"Nothing in {index} tells what {_these(articles)}.", "bold")
    for verdict in shown:
        yield Text()
        yield Rule(style="dim")
        yield from _verdict(verdict)
    yield from _more(found - len(shown), "article")
    if shown:
        yield Text()
        yield legend()


def _these(articles: int) -> str:
    return "this article tells" if articles == 1 else f"these {articles:,} articles tell"


def _verdict(verdict: Verdict) -> Iterator[RenderableType]:
    draft = verdict.draft
    called = article_names([draft, *(match.article for match in verdict.matches)])
    yield from heading_lines(draft, called)
    for edge in derivations_of(draft.id, verdict.derivations):
        yield edge_line(edge, called)
    for match in verdict.matches[:MATCHES]:
        yield Padding(_match(match, verdict, called), (1, 0, 0, 2))
    yield from _more(len(verdict.matches) - MATCHES, "match", "matches")


def _match(match: Match, verdict: Verdict, called: Mapping[str, str]) -> RenderableType:
    relation, shares = match.relation, match.alignment.shares
    judged = Text(f"{relation.kind}, {percent(relation.probability)}", "bold")
    judged.append(f"; {percent(relation.resemblance)} of the phrases shared", "not bold")
    judged.append(f"; {ROLES[role(match, verdict)]}", "not bold")
    taken = Table.grid(padding=(0, 2, 0, 0))
    taken.add_row(bar(shares), describe_shares(shares))
    return Group(*heading_lines(match.article, called), judged, taken)


def _clusters(
    index: str, families: Sequence[IndexCluster], articles: Mapping[str, Article]
) -> Iterator[RenderableType]:
    index = shorten(index, 4 * NAME)
    if not families:
        yield Text(f"No two articles in {index} tell one report.", "bold")
        return
    members = pluralize(sum(len(family.members) for family in families), "article")
    yield Text(f"{pluralize(len(families), 'family', 'families')} of {members} in {index}", "bold")
    called = article_names(articles.values())
    for family in families[:FAMILIES]:
        weakest = family.weakest_link
        yield Text()
        title = Text(f"{family.id}: {pluralize(len(family.members), 'article')}", "bold")
        title.append(f" · weakest link {percent(weakest.probability)} ({weakest.kind})", "dim")
        yield title
        for member in family.members[:MEMBERS]:
            article = articles.get(member, Article(member, ""))
            yield Padding(Group(*heading_lines(article, called)), (0, 0, 0, 2))
        yield from _more(len(family.members) - MEMBERS, "article")
    yield from _more(len(families) - FAMILIES, "family", "families")


def _more(number: int, noun: str, plural: str = "") -> Iterator[RenderableType]:
    if number > 0:
        yield Text(f"… and {pluralize(number, noun, plural)} more; --format json has all.", "dim")
