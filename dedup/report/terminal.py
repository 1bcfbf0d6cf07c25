"""Terminal: a result as one reads it on a screen.

Comes in: a `Result`. Goes out: a page that rich can print: a line that sums it up; each
family as a tree from its source, with the reason for every edge; what each article took, as
bars; the plainest passages side by side; who stands alone and whom they name; who tells the
same story and why they were kept apart; what could not be read.

It shows the most telling part of a large result and says how much it leaves out; JSON has
everything. Articles are other people's text: it goes through `plain` before it is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dedup.article import Article
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Cluster, Result, Singleton
from dedup.report.passages import bar, legend, side_by_side, strongest
from dedup.report.tree import edge_line, family_tree, heading_lines
from dedup.report.view import (
    article_names,
    best_derivations,
    describe_counting,
    describe_shares,
    find_alignment,
    source_name,
    summary,
    uncredited_mentions,
)

# How much of a large result is shown. A screen has 50 lines, and a reader's patience few.
FAMILIES = 20
ALIGNMENTS = 6
PASSAGES = 3
ALONE = 20
RELATED = 12
PROBLEMS = 20
PHRASES = 3

NAME = 48
WHY = 240


def report_page(result: Result) -> RenderableType:
    """The whole result as a page."""
    return Group(*_sections(result))


@dataclass(frozen=True, slots=True)
class _Shown:
    """The articles that the page shows, by id, and what to call them."""

    articles: dict[str, Article]
    called: dict[str, str]


def _shown(result: Result) -> _Shown:
    ids = {id for cluster in result.clusters[:FAMILIES] for id in cluster.members}
    ids |= {singleton.id for singleton in result.singletons[:ALONE]}
    ids |= {id for pair in result.related[:RELATED] for id in (pair.a, pair.b)}
    articles = result.find(ids)
    return _Shown(articles, article_names(articles.values()))


def _sections(result: Result) -> Iterator[RenderableType]:
    shown = _shown(result)
    yield Text(summary(result), "bold")
    if len(result.articles) == 0:
        yield Text("Nothing that was given had an article in it; name files or folders of news.")
    elif len(result.articles) == 1:
        yield Text("Give a second article to learn whether they are one report.")
    for cluster in result.clusters[:FAMILIES]:
        yield from _family(cluster, result, shown)
    yield from _more(len(result.clusters) - FAMILIES, "family", "families")
    if result.singletons:
        yield from _title("On their own")
        for singleton in result.singletons[:ALONE]:
            yield from _alone(singleton, shown)
        yield from _more(len(result.singletons) - ALONE, "article")
    if result.related:
        yield from _title("Same story, own work")
        called = shown.called
        for pair in result.related[:RELATED]:
            yield _pair(called.get(pair.a, pair.a), called.get(pair.b, pair.b), pair.probability)
            yield Padding(Text(shorten(pair.why, WHY)), (0, 0, 0, 2))
        yield from _more(len(result.related) - RELATED, "pair")
    if result.problems:
        yield from _title("Not read")
        for problem in result.problems[:PROBLEMS]:
            path, what = shorten(problem.path, WHY), shorten(problem.what, WHY)
            yield Text.assemble((path, "bold"), ": ", what)
        yield from _more(len(result.problems) - PROBLEMS, "problem")


def _title(title: str) -> Iterator[RenderableType]:
    yield Text()
    yield Rule(Text(title, "bold"), align="left", style="dim")


def _more(number: int, noun: str, plural: str = "") -> Iterator[RenderableType]:
    if number > 0:
        yield Text(f"… and {pluralize(number, noun, plural)} more; --format json has all.", "dim")


def _family(cluster: Cluster, result: Result, shown: _Shown) -> Iterator[RenderableType]:
    called = shown.called
    weakest = cluster.weakest_link
    yield from _title(f"Family {cluster.id}: {pluralize(len(cluster.members), 'article')}")
    yield family_tree(cluster, shown.articles, called)
    yield Text()
    yield Text.assemble(
        "Weakest link: ",
        _pair(called.get(weakest.a, weakest.a), called.get(weakest.b, weakest.b),
              weakest.probability),
        f" ({weakest.kind})",
    )  # fmt: skip
    yield from _taken(cluster, result, shown)


def _taken(cluster: Cluster, result: Result, shown: _Shown) -> Iterator[RenderableType]:
    """What each article of a family took: bars first, then the plainest passages."""
    articles, called = shown.articles, shown.called
    best = best_derivations(result)
    edges = [best[member] for member in cluster.members if member in best]
    found = [(edge, find_alignment(edge, cluster)) for edge in edges]
    behind = [(edge, alignment) for edge, alignment in found if alignment]
    if not behind:
        return
    taken = behind[:ALIGNMENTS]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=NAME, overflow="fold")
    for edge, alignment in taken:
        told = shorten(called.get(edge.derivative, edge.derivative), NAME)
        table.add_row(Text(told), bar(alignment.shares), describe_shares(alignment.shares))
    yield Text()
    yield Text("What each took from its source", "bold")
    yield table
    counting = taken[0][1].counting
    yield legend(counting.boilerplate)
    if told_apart := describe_counting(counting):
        yield Text(f"Shares are counted {told_apart}.", "dim")
    for edge, alignment in taken:
        pair = articles.get(edge.source), articles.get(edge.derivative)
        passages = strongest(alignment, PASSAGES)
        if not pair[0] or not pair[1] or not passages:
            continue
        heads = (
            f"{shorten(source_name(edge.source, called), NAME)} →",
            f"→ {shorten(called[edge.derivative], NAME)}",
        )
        yield Text()
        yield side_by_side(passages, pair[0], pair[1], heads)
    yield from _more(len(behind) - len(taken), "derivative")


def _alone(singleton: Singleton, shown: _Shown) -> Iterator[RenderableType]:
    called = shown.called
    article = shown.articles.get(singleton.id, Article(singleton.id, ""))
    lines = [*heading_lines(article, called)]
    lines += [edge_line(edge, called) for edge in singleton.derivations]
    mentions = uncredited_mentions(singleton)
    for outlet, phrase in list(mentions.items())[:PHRASES]:
        words = article.text[phrase.begin : phrase.end]
        lines.append(Text(f"names {shorten(outlet, NAME)}: “{shorten(words, WHY)}”"))
    if not singleton.derivations:
        lines.append(Text("parent unseen" if mentions else "parent unseen; names no outlet"))
    yield lines[0]
    yield Padding(Group(*lines[1:]), (0, 0, 0, 2))


def _pair(a: str, b: str, probability: float) -> Text:
    return Text.assemble(
        (shorten(a, NAME), "bold"), " – ", (shorten(b, NAME), "bold"),
        f", {percent(probability)}",
    )  # fmt: skip
