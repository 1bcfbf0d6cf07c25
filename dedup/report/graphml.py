"""Write a result as a graph for Gephi, networkx, yEd and igraph (GraphML).

The format is that of Brandes et al. 2002, "GraphML Progress Report". Nodes are articles and the
sources outside the collection. Edges of type `derivation` go from source to derivative; edges of
type `relation` join two compared articles of a cluster (the direction means nothing there; GraphML
has mixed graphs, its readers do not). Ids are n1, n2 …, as GraphML allows no others: an article's
own id is its attribute `article`. An outside outlet is one node for all clusters; a source without
a name ("unnamed media") is one node for each. Texts, passages and single pieces of evidence are
not here: JSON has them.
"""

from collections.abc import Iterator, Mapping

from dedup.derive import Derivation
from dedup.phrasing import sanitise
from dedup.pipeline import Cluster, Result
from dedup.relate import Relation
from dedup.report.markup import element, escape
from dedup.report.names import article_names, opening
from dedup.report.view import is_external, iso_date, reason, source_name

Values = Mapping[str, str | float | None]

NODE_KEYS = {
    "type": "string",  # article, outside
    "label": "string",  # what Gephi writes beside the node
    "article": "string",  # the article's id; external:NAME of an outside source
    "cluster": "string",
    "title": "string",
    "url": "string",
    "publisher": "string",
    "published": "string",
    "language": "string",
    "path": "string",
}
EDGE_KEYS = {
    "type": "string",  # derivation, relation
    "cluster": "string",
    "kind": "string",
    "confidence": "double",  # of a derivation
    "probability": "double",  # of a relation
    "weight": "double",  # either of them, under the name that layouts look for
    "direction": "string",  # certain, likely, unknown
    "direction_probability": "double",
    "evidence": "string",  # the strongest piece, in words
    "resemblance": "double",
    "cosine": "double",
    "anchors": "double",
    "coverage": "double",
}
UNNAMED = "("  # begins the name of a source that a text does not name
DECIMALS = 4
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
SCHEMA = f"{NAMESPACE} {NAMESPACE}/1.0/graphml.xsd"


def report_graph(result: Result) -> str:
    """The result as a GraphML document."""
    return "".join(f"{line}\n" for line in graph_lines(result))


def graph_lines(result: Result) -> Iterator[str]:
    """The document line by line, in time and memory linear in the result."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<graphml xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{SCHEMA}">'
    )
    for domain, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name, kind in keys.items():
            yield " " + element("key", id=f"{domain}-{name}", for_=domain,
                                **{"attr.name": name, "attr.type": kind})  # fmt: skip
    yield ' <graph id="dedup" edgedefault="directed">'
    graph = _Graph()
    yield from graph.articles(result)
    for cluster in result.clusters:
        yield from graph.cluster(cluster)
    for singleton in result.singletons:
        for edge in singleton.derivations:
            yield from graph.derivation(edge, "")
    yield " </graph>"
    yield "</graphml>"


class _Graph:
    """The nodes that have been written, and how many edges."""

    def __init__(self) -> None:
        self.nodes: dict[str, str] = {}
        self.edges = 0

    def articles(self, result: Result) -> Iterator[str]:
        clusters = {member: cluster.id for cluster in result.clusters for member in cluster.members}
        names = article_names(result.articles)
        for article in result.articles:
            yield self._node(article.id, {
                "type": "article",
                "label": sanitise(names[article.id]),
                "article": article.id,
                "cluster": clusters.get(article.id),
                "title": article.title or opening(article) or None,
                "url": article.url,
                "publisher": article.publisher,
                "published": iso_date(article.published),
                "language": result.languages.get(article.id, article.language),
                "path": None if article.extra.get("path") is None else str(article.extra["path"]),
            })  # fmt: skip

    def cluster(self, cluster: Cluster) -> Iterator[str]:
        for edge in cluster.derivations:
            yield from self.derivation(edge, cluster.id)
        for relation in cluster.relations:
            yield from self.relation(relation, cluster.id)

    def derivation(self, edge: Derivation, cluster: str) -> Iterator[str]:
        """The edge, after the node of its outside source if that is new."""
        source = edge.source
        if is_external(source):
            name = source_name(source, {})
            unnamed = name.startswith(UNNAMED)
            source = f"{source}\0{cluster or edge.derivative}" if unnamed else source
            if source not in self.nodes:
                yield self._node(source, {
                    "type": "outside",
                    "label": sanitise(name),
                    "article": edge.source,
                    "cluster": cluster if unnamed else None,
                })  # fmt: skip
        yield from self._edge(source, edge.derivative, {
            "type": "derivation",
            "cluster": cluster or None,
            "kind": edge.kind,
            "confidence": edge.confidence,
            "weight": edge.confidence,
            "direction": edge.direction,
            "direction_probability": edge.direction_probability,
            "evidence": reason(edge) or None,
        })  # fmt: skip

    def relation(self, relation: Relation, cluster: str) -> Iterator[str]:
        yield from self._edge(relation.a, relation.b, {
            "type": "relation",
            "cluster": cluster,
            "kind": relation.kind,
            "probability": relation.probability,
            "weight": relation.probability,
            "resemblance": relation.resemblance,
            "cosine": relation.cosine,
            "anchors": relation.anchors,
            "coverage": max(relation.coverage),
        })  # fmt: skip

    def _node(self, key: str, values: Values) -> str:
        self.nodes[key] = f"n{len(self.nodes) + 1}"
        return "  " + element("node", *_data("node", values), id=self.nodes[key])

    def _edge(self, source: str, target: str, values: Values) -> Iterator[str]:
        if source in self.nodes and target in self.nodes:
            self.edges += 1
            yield "  " + element("edge", *_data("edge", values), id=f"e{self.edges}",
                                 source=self.nodes[source], target=self.nodes[target])  # fmt: skip


def _data(domain: str, values: Values) -> Iterator[str]:
    """What is known of a node or an edge; what is not known is left out."""
    for name, value in values.items():
        if value is not None:
            text = value if isinstance(value, str) else f"{round(value, DECIMALS) + 0.0}"
            yield f'<data key="{domain}-{name}">{escape(text)}</data>'
