"""The views of one cluster: its own, and one for each of its comparisons."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dedup.align import Alignment, taken_share
from dedup.article import Article
from dedup.pipeline import Cluster
from dedup.report.html.comparisons import comparison
from dedup.report.html.heads import Head, publishers
from dedup.report.html.page import Views, render_template
from dedup.report.pictures import timeline_svg, tree_svg
from dedup.report.pictures.nodes import tree_nodes
from dedup.report.verdicts import ArticleVerdict, describe_verdict
from dedup.report.view import derivations_by_article, describe_credit, spell_span
from dedup.text.layout import lay_out

MAX_COMPARISONS = 500  # of one cluster; nobody reads more, and a wire story has 1,000
MAX_EDGES = 150  # with their evidence on one page, which opens at once; JSON has all
MAX_RELATIONS = 200
MAX_MEMBERS = 300  # in the table: as many as the eye may follow, and as open at once

MAX_DEPTH = 8  # of the list; deeper, its lines say what they come from

Place = str  # what stands behind # in the address of a view


def add_cluster(
    views: Views,
    id: Place,
    number: int,
    cluster: Cluster,
    articles: Mapping[str, Article],
    heads: Mapping[str, Head],
    headline: str,
    verdicts: Sequence[ArticleVerdict],
) -> Mapping[tuple[str, str], Place]:
    """Add the view of a cluster and one for each of its alignments; where these stand."""
    places = {
        (alignment.source, alignment.derivative): f"{id}-{n}"
        for n, alignment in enumerate(cluster.alignments[:MAX_COMPARISONS], 1)
    }
    taken = _by_share(cluster, places)
    views.add(
        id,
        _cluster_view(
            id, number, cluster, articles, heads, places, taken, headline=headline,
            lines=list(_by_tree(cluster, articles, verdicts)),
        ),
    )  # fmt: skip
    beside: dict[str, list[tuple[Place, Alignment]]] = {}
    for place, alignment in taken:
        beside.setdefault(alignment.derivative, []).append((place, alignment))
    compared = {article for pair in places for article in pair}
    blocks = {one: lay_out(articles[one].text, articles[one].title) for one in compared}
    names = {head.id: head.name for head in heads.values()}
    lines = {verdict.id: verdict for verdict in verdicts}
    credits = {(edge.source, edge.derivative): edge.credit for edge in cluster.derivations}
    for alignment in cluster.alignments[:MAX_COMPARISONS]:
        pair = alignment.source, alignment.derivative
        place, credit = places[pair], credits.get(pair)
        words = describe_credit(credit, articles[alignment.derivative]) if credit else ""
        words = words and f"{words[0].upper()}{words[1:]}."
        verdict = lines[alignment.derivative]
        name = heads[alignment.derivative].name
        trail = [("overview", "Overview"), (id, f"Cluster {number}"), (place, name)]
        others = beside[alignment.derivative]
        views.add(
            place,
            comparison(
                place, alignment, articles, blocks, heads, trail, others, words,
                describe_verdict(verdict, names) if verdict.alignment is alignment else "",
            ),
        )  # fmt: skip
    return places


def _cluster_view(
    id: Place,
    number: int,
    cluster: Cluster,
    articles: Mapping[str, Article],
    heads: Mapping[str, Head],
    places: Mapping[tuple[str, str], Place],
    taken: Sequence[tuple[Place, Alignment]],
    **more: Any,
) -> Markup:
    members = [heads[member] for member in cluster.members]
    sources = derivations_by_article(cluster.derivations)
    edges = [
        (at > 0, edge)
        for member in cluster.members
        for at, edge in enumerate(sources.get(member, ()))
    ]
    siblings = {(e.source, e.derivative) for e in cluster.derivations if e.kind == "sibling"}
    return render_template(
        "cluster.html",
        id=id,
        number=number,
        cluster=cluster,
        siblings=siblings,
        articles=articles,
        heads=heads,
        names={head.id: head.name for head in members},
        members=members,
        publishers=publishers(members),
        dates=spell_span(head.published for head in members),
        max_members=MAX_MEMBERS,
        tree=Markup(tree_svg(cluster, articles)),
        timeline=Markup(timeline_svg(cluster, articles)),
        edges=[(f"{id}.e{n}", also, e) for n, (also, e) in enumerate(edges[:MAX_EDGES], 1)],
        edges_left_out=len(edges[MAX_EDGES:]),
        roots=[heads[member].name for member in cluster.members if member not in sources],
        places=places,
        pairs=[[*pair, place] for pair, place in places.items()],
        taken=taken,
        taken_left_out=len(cluster.alignments) - len(places),
        relations=sorted(cluster.relations, key=lambda r: (-r.probability, r.a, r.b)),
        max_relations=MAX_RELATIONS,
        **more,
    )


def _by_tree(
    cluster: Cluster, articles: Mapping[str, Article], verdicts: Sequence[ArticleVerdict]
) -> Iterator[tuple[int, ArticleVerdict | None, str]]:
    """The verdicts as an indented list: depth and verdict, or the name of an outside source."""
    lines = {verdict.id: verdict for verdict in verdicts}
    nodes, _ = tree_nodes(cluster, articles)
    sources = {node.parent for node in nodes}
    for node in nodes:
        depth = min(node.depth, MAX_DEPTH)
        if node.article is None:
            if node.id in sources:  # else it is but one more source of an article
                yield depth, None, node.name
            continue
        for id in (node.id, *node.copies):
            yield depth, lines[id], ""


def _by_share(
    cluster: Cluster, places: Mapping[tuple[str, str], Place]
) -> list[tuple[Place, Alignment]]:
    """The comparisons with their places: members in the cluster's order, the sources of one by
    share."""
    order = {member: n for n, member in enumerate(cluster.members)}
    compared = [(places[a.source, a.derivative], a) for a in cluster.alignments
                if (a.source, a.derivative) in places]  # fmt: skip
    return sorted(compared, key=lambda p: (order[p[1].derivative], -taken_share(p[1]), p[1].source))
