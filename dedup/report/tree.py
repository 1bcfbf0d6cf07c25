"""Tree: a family drawn from its source down, with the reason for each edge.

Comes in: a `Cluster`, its articles and their names. Goes out: a rich tree whose roots are
outside sources, or articles whose parent is unseen. Second parents stand as lines of text,
so that each article is drawn once.
"""

from collections.abc import Iterable, Mapping

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Cluster
from dedup.report.view import (
    EDGE_PHRASES,
    derivations_of,
    is_external,
    opening,
    reason,
    source_name,
    spell_date,
)

DEPTH = 8  # deeper, the indentation would eat the page
CHILDREN = 24
NAME = 60
DETAIL = 200


def family_tree(
    cluster: Cluster, articles: Mapping[str, Article], called: Mapping[str, str]
) -> Group:
    """The family as trees, one for each outside source or unseen parent."""
    edges = {member: derivations_of(member, cluster.derivations) for member in cluster.members}
    children: dict[str, list[str]] = {}
    for member in cluster.members:
        parent = edges[member][0].source if edges[member] else ""
        children.setdefault(parent, []).append(member)
    drawn: set[str] = set()

    def node(member: str) -> Group:
        lines = [*heading_lines(articles.get(member, Article(member, "")), called)]
        lines += [edge_line(edge, called, also=number > 0)
                  for number, edge in enumerate(edges[member])]  # fmt: skip
        if not edges[member]:
            lines.append(Text("parent unseen", "dim"))
        return Group(*lines)

    def grow(branch: Tree, parent: str, depth: int) -> None:
        below = [child for child in children.get(parent, ()) if child not in drawn]
        shown = below[:CHILDREN] if depth < DEPTH else []
        for child in shown:
            drawn.add(child)
            grow(branch.add(node(child)), child, depth + 1)
        if len(below) > len(shown):
            hidden = _pass_over(below[len(shown) :], children, drawn)
            branch.add(Text(f"… and {pluralize(hidden, 'article')} more", "dim"))

    trees = []
    for outside in (source for source in children if is_external(source)):
        root = Tree(_outside(outside), guide_style="dim")
        grow(root, outside, 1)
        trees.append(root)
    # What no outside source leads to: a parent unseen, or a circle without a beginning.
    for member in (*children.get("", ()), *cluster.members):
        if member not in drawn:
            drawn.add(member)
            root = Tree(node(member), guide_style="dim")
            grow(root, member, 1)
            trees.append(root)
    return Group(*trees)


def heading_lines(article: Article, called: Mapping[str, str]) -> list[Text]:
    """An article in two lines: what it is called and when it appeared; how it begins."""
    name = called.get(article.id, article.id)
    first = Text(shorten(name, NAME), "bold")
    if article.id not in name:
        first.append(f" · {shorten(article.id, NAME)}", "dim not bold")
    if date := spell_date(article.published):
        first.append(f" · {date}", "dim not bold")
    first_line = opening(article)
    if not first_line or first_line == name:
        return [first]
    return [first, Text(first_line, "dim", no_wrap=True, overflow="ellipsis")]


def edge_line(edge: Derivation, called: Mapping[str, str], also: bool = False) -> Text:
    """An edge in a line: whence, how sure, and the strongest reason."""
    before, after = EDGE_PHRASES[edge.kind]
    line = Text(f"also {before}" if also else before)
    line.append(shorten(source_name(edge.source, called), NAME), "bold")
    line.append(f"{after}, {percent(edge.confidence)}")
    if edge.direction == "undecided":
        line.append(" ⇄ direction undecided", "bold")
    if why := reason(edge, called):
        line.append(f": {shorten(why, DETAIL)}")
    return line


def _outside(source: str) -> Text:
    name = Text(shorten(source_name(source, {}), NAME), "bold")
    return name.append(" · named as the source, not among these articles", "dim not bold")


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
