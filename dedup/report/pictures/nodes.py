"""What a picture of a cluster shows, before anything has a place: its tree of nodes.

A node is one article together with its exact copies, or one outside source. As in the tables,
an article's parent is the first of its derivations; where that would close a circle, the next.
Its other sources are `further`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import pluralize, shorten
from dedup.pipeline import Cluster
from dedup.report.names import article_names, opening
from dedup.report.pictures.svg import isolate, one_line
from dedup.report.view import (
    derivations_by_article,
    edge_certainty,
    edge_phrase,
    is_external,
    reason,
    seconds,
    source_name,
    spell_date,
)

MAX_NODES = 500  # in one picture
MIN_COPIES = 3  # copies of one text from which on they share a node
MAX_LABEL = 120  # characters of a name with what tells it from others
MAX_SOURCE = 48  # … where the source of an article is named
MAX_DETAIL = 200  # characters of a reason
MAX_DESCRIBED = 60  # nodes in the text alternative; the table has all
NAMELESS = "(no name)"


@dataclass(frozen=True, slots=True)
class TreeNode:
    """An article with its copies, or an outside source; `depth` counts the steps to its root.

    `headline` is the title or how the text begins, unless that is the name already.
    """

    id: str
    name: str
    headline: str
    article: Article | None
    parent: str | None
    edge: Derivation | None  # from the parent
    further: tuple[Derivation, ...]
    copies: tuple[str, ...]
    depth: int

    @property
    def date(self) -> str:
        """When it appeared, in words."""
        return spell_date(self.article.published) if self.article else ""

    @property
    def label(self) -> str:
        """The name, and how many copies share the node."""
        copies = pluralize(len(self.copies), "copy", "copies")
        return f"{self.name} and {copies}" if self.copies else self.name


def tree_nodes(
    cluster: Cluster, articles: Mapping[str, Article]
) -> tuple[list[TreeNode], dict[str, str]]:
    """The nodes, each after its parent, outside sources first; and the names of all sources."""
    by_id = {id: articles.get(id) or Article(id, "") for id in cluster.members}
    external = (
        e.source for e in cluster.derivations if is_external(e.source) and e.resolves_to is None
    )
    outside = {source: source_name(source, {}) for source in external}
    names = article_names(by_id.values()) | outside
    names = {id: one_line(shorten(name, MAX_LABEL)) or NAMELESS for id, name in names.items()}
    edges = derivations_by_article(
        edge
        for edge in cluster.derivations
        if edge.derivative in by_id and (edge.source in by_id or is_external(edge.source))
    )
    parents = choose_parents(cluster.members, edges)
    homes = choose_homes(cluster, parents)
    homes |= {source: source for source in outside}
    copies: dict[str, list[str]] = {home: [] for home in homes.values()}
    children: dict[str | None, list[str]] = {home: [] for home in (None, *copies)}
    sizes: Counter[str] = Counter()  # of the tree below each root
    for id, home in homes.items():
        edge = parents.get(id)
        if home != id:
            copies[home].append(id)
        else:
            children[homes[edge.source] if edge else None].append(id)
        top = id
        while top in parents:
            top = parents[top].source
        sizes[homes[top]] += 1

    def by_date(id: str) -> tuple[bool, float, str]:
        when = seconds(by_id[id].published) if id in by_id else None
        return when is None, when or 0.0, id

    def node(id: str, depth: int) -> TreeNode:
        edge = parents.get(id)
        parent = homes[edge.source] if edge else None
        own = [each for member in (id, *copies[id]) for each in edges.get(member, ())]
        best: dict[str, Derivation] = {}
        for each in sorted(own, key=lambda each: -each.confidence):
            best.setdefault(homes[each.source], each)
        further = tuple(each for source, each in best.items() if source not in (id, parent))
        article, name = by_id.get(id), names[id]
        headline = one_line(opening(article)) if article else ""
        return TreeNode(id, name, "" if headline == name else headline, article, parent, edge,
                        further, tuple(copies[id]), depth)  # fmt: skip

    nodes: list[TreeNode] = []
    roots = sorted(children[None], key=lambda id: (not is_external(id), -sizes[id], by_date(id)))
    waiting = [(id, 0) for id in reversed(roots)]
    while waiting:  # not by recursion: a chain of revisions may be long
        id, depth = waiting.pop()
        nodes.append(node(id, depth))
        below = sorted(children[id], key=by_date, reverse=True)
        waiting += [(child, depth + 1) for child in below]
    return nodes, names


def edge_words(edge: Derivation, names: Mapping[str, str], *, why: bool = False) -> str:
    """A derivation in words: "derived from Reuters, 83% sure, direction unknown"; with the reason
    if `why`."""
    before, after = edge_phrase(edge)
    source = isolate(shorten(names.get(edge.source, edge.source), MAX_SOURCE))
    words = f"{before}{source}{after}, {edge_certainty(edge)}"
    because = reason(edge, names) if why else ""
    return f"{words}: {shorten(because, MAX_DETAIL)}" if because else words


def node_lines(node: TreeNode, names: Mapping[str, str]) -> Iterator[str]:
    """All that a picture knows of a node, for its tooltip."""
    yield node.name
    if node.article is None:
        yield "outside source, not among these articles"
        return
    yield node.headline
    yield node.date or "no date"
    yield edge_words(node.edge, names, why=True) if node.edge else "no source found"
    for edge in node.further:
        yield f"also {edge_words(edge, names, why=True)}"
    if node.copies:
        yield "exact copies: " + ", ".join(names[id] for id in node.copies)


def describe(nodes: Iterable[TreeNode], names: Mapping[str, str]) -> str:
    """The picture in words, for whoever does not see it."""
    written = [node for node in nodes if node.article]
    parts = [f"{pluralize(sum(1 + len(node.copies) for node in written), 'article')}."]
    outside = [name for id, name in names.items() if is_external(id)]
    if outside:
        parts.append(f"Outside sources: {', '.join(outside)}.")
    for node in written[:MAX_DESCRIBED]:
        edges = [edge for edge in (node.edge, *node.further) if edge]
        sources = "; ".join(edge_words(edge, names, why=True) for edge in edges)
        parts.append(f"{node.label}, {node.date or 'no date'}: {sources or 'no source found'}.")
    if len(written) > MAX_DESCRIBED:
        parts.append("The table has the rest.")
    return " ".join(parts)


def choose_parents(
    members: Iterable[str], edges: Mapping[str, list[Derivation]]
) -> dict[str, Derivation]:
    """The best derivation of each member that closes no circle."""
    parents: dict[str, Derivation] = {}
    for member in members:
        for edge in edges.get(member, ()):
            above: str | None = edge.source
            while above is not None and above != member:
                above = parents[above].source if above in parents else None
            if above is None:
                parents[member] = edge
                break
    return parents


def choose_homes(cluster: Cluster, parents: Mapping[str, Derivation]) -> dict[str, str]:
    """The member in whose node each member is drawn: itself, or an exact copy of it.

    Copies share a node if their chains of copies begin at one and the same source: 37 papers
    that print one agency text word for word are one node below the agency.
    """
    same = {member: member for member in cluster.members}

    def text_of(member: str) -> str:
        while same[member] != member:
            same[member] = same[same[member]]
            member = same[member]
        return member

    for relation in cluster.relations:
        if relation.kind == "duplicate" and relation.a in same and relation.b in same:
            same[text_of(relation.b)] = text_of(relation.a)
    groups: dict[tuple[str, str | None], list[tuple[bool, str]]] = {}
    for member in cluster.members:
        first, edge = member, parents.get(member)
        while edge and edge.source in same and text_of(edge.source) == text_of(member):
            first, edge = edge.source, parents.get(edge.source)
        key = text_of(member), edge.source if edge else None
        groups.setdefault(key, []).append((first != member, member))
    homes = {member: member for member in cluster.members}
    for group in groups.values():
        if len(group) >= MIN_COPIES:
            _, home = min(group, key=lambda pair: pair[0])
            homes.update((member, home) for _, member in group)
    return homes
