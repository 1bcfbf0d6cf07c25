"""Draw a cluster as a tree from its source down, with the reason for each derivation.

The roots are outside sources, and articles of which no source was found. Further sources of an
article stand in it as lines of text, so that each article is drawn once.
"""

from collections.abc import Iterable, Mapping

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import pluralize, shorten
from dedup.pipeline import Cluster
from dedup.report.names import opening
from dedup.report.view import (
    derivations_by_article,
    describe_credit,
    edge_certainty,
    edge_phrase,
    is_external,
    reason,
    source_name,
    spell_date,
)

MAX_DEPTH = 8  # deeper, the indentation would eat the page
MAX_CHILDREN = 24
MAX_NAME = 60
MAX_REASON = 200


def cluster_tree(
    cluster: Cluster, articles: Mapping[str, Article], names: Mapping[str, str]
) -> Group:
    """The cluster as trees, one for each outside source and each article without a source."""
    edges = derivations_by_article(cluster.derivations)
    children: dict[str, list[str]] = {}
    for member in cluster.members:
        source = edges[member][0].source if member in edges else ""
        children.setdefault(source, []).append(member)
    drawn: set[str] = set()

    def node(member: str) -> Group:
        article = articles.get(member, Article(member, ""))
        lines = heading_lines(article, names)
        for number, edge in enumerate(edges.get(member, ())):
            lines.append(edge_line(edge, names, also=number > 0))
            if edge.credit and edge.kind == "derived":
                lines.append(Text(shorten(describe_credit(edge.credit, article), MAX_REASON)))
        if member not in edges:
            lines.append(Text("no source found", "dim"))
        return Group(*lines)

    def grow(branch: Tree, source: str, depth: int) -> None:
        below = [child for child in children.get(source, ()) if child not in drawn]
        first = below[:MAX_CHILDREN] if depth < MAX_DEPTH else []
        for child in first:
            drawn.add(child)
            grow(branch.add(node(child)), child, depth + 1)
        if len(below) > len(first):
            hidden = _pass_over(below[len(first) :], children, drawn)
            branch.add(Text(f"… and {pluralize(hidden, 'article')} more", "dim"))

    trees = []
    for outside in (source for source in children if is_external(source)):
        root = Text(shorten(source_name(outside, {}), MAX_NAME), "bold")
        root.append(" · outside source, not among these articles", "dim not bold")
        trees.append(Tree(root, guide_style="dim"))
        grow(trees[-1], outside, 1)
    # What no outside source leads to: no source was found, or a circle without a beginning.
    for member in (*children.get("", ()), *cluster.members):
        if member not in drawn:
            drawn.add(member)
            trees.append(Tree(node(member), guide_style="dim"))
            grow(trees[-1], member, 1)
    return Group(*trees)


def heading_lines(article: Article, names: Mapping[str, str]) -> list[Text]:
    """An article in two lines: what it is called and when it appeared; how it begins."""
    name = names.get(article.id, article.id)
    heading = Text(shorten(name, MAX_NAME), "bold")
    if article.id not in name:
        heading.append(f" · {shorten(article.id, MAX_NAME)}", "dim not bold")
    if date := spell_date(article.published):
        heading.append(f" · {date}", "dim not bold")
    begins = opening(article)
    if not begins or begins == name:
        return [heading]
    return [heading, Text(begins, "dim", no_wrap=True, overflow="ellipsis")]


def edge_line(edge: Derivation, names: Mapping[str, str], also: bool = False) -> Text:
    """A derivation in a line: from which source, how sure, and the strongest reason."""
    before, after = edge_phrase(edge)
    line = Text(f"also {before}" if also else before)
    line.append(shorten(source_name(edge.source, names), MAX_NAME), "bold")
    line.append(f"{after}, {edge_certainty(edge)}")
    if why := reason(edge, names):
        line.append(f": {shorten(why, MAX_REASON)}")
    return line


def _pass_over(members: Iterable[str], children: Mapping[str, list[str]], drawn: set[str]) -> int:
    """Count `members` and everything below them as drawn; how many they were."""
    before = len(drawn)
    waiting = list(members)
    while waiting:
        member = waiting.pop()
        if member not in drawn:
            drawn.add(member)
            waiting += children.get(member, ())
    return len(drawn) - before
