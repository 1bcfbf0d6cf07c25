"""GraphML is read back here with networkx, which is what its readers will do."""

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
from families import credit, made, relation, result, taken
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dedup.article import Article
from dedup.cli import app
from dedup.pipeline import Cluster, Result
from dedup.report import render
from dedup.report.graphml import graph_lines
from seeds import SEEDS


def read(found: Result) -> nx.MultiDiGraph:
    """The graph of a result, as networkx reads it."""
    return nx.read_graphml(io.BytesIO(render(found, "graphml").encode()), force_multigraph=True)


def derivations(graph: nx.MultiDiGraph) -> dict[tuple[str, str], dict]:
    """The edges from sources to derivatives, by the ids of the articles."""
    ids = nx.get_node_attributes(graph, "article")
    return {(ids[u], ids[v]): edge for u, v, edge in graph.edges(data=True)
            if edge["type"] == "derivation"}  # fmt: skip


def test_every_derivation_comes_back() -> None:
    """With its ends, kind, direction and reason, and its confidence to four decimals."""
    cluster, articles = made(60, copies=10)
    graph = read(result((cluster, articles)))
    found = derivations(graph)
    expected = {(edge.source, edge.derivative): edge for edge in cluster.derivations}
    assert found.keys() == expected.keys()
    for ends, edge in expected.items():
        attributes = found[ends]
        assert (attributes["kind"], attributes["direction"]) == (edge.kind, edge.direction)
        assert abs(attributes["confidence"] - edge.confidence) <= 0.00005
        assert attributes["weight"] == attributes["confidence"]
        assert attributes["evidence"] == edge.evidence[0].detail


def test_every_article_comes_back() -> None:
    """Clusters, articles in no cluster, and the sources outside."""
    cluster, articles = made(9)
    alone = Article(
        "alone", "The only one.", title="Alone", url="https://example.org/", language="en"
    )
    found = result((cluster, articles), alone=((alone, (credit("ZDF", "alone", 0.9),)),))
    graph = read(found)
    nodes = {node["article"]: node for _, node in graph.nodes(data=True)}
    assert set(articles) | {"alone"} == {i for i, n in nodes.items() if n["type"] == "article"}
    assert nodes["a001"]["cluster"] == "c1"
    assert nodes["a001"]["title"] == articles["a001"].title
    assert nodes["a001"]["publisher"] == articles["a001"].publisher
    assert nodes["alone"] | {"label": ""} == {
        "type": "article", "label": "", "article": "alone", "title": "Alone",
        "url": "https://example.org/", "language": "en",
    }  # fmt: skip
    assert ("external:ZDF", "alone") in derivations(graph)


def test_relations_are_edges_of_their_own_type() -> None:
    """So that they can be filtered away, and two articles may have both."""
    cluster, articles = made(5)
    graph = read(result((cluster, articles)))
    relations = [edge for *_, edge in graph.edges(data=True) if edge["type"] == "relation"]
    assert len(relations) == len(cluster.relations)
    assert relations[0]["kind"] == "rewrite"
    assert relations[0]["probability"] == 0.9
    assert relations[0]["coverage"] == 0.8


def test_an_outlet_outside_is_one_node_and_the_unnamed_are_many() -> None:
    """ZDF is ZDF in every cluster; the "unnamed media" of two clusters are not one medium."""
    clusters = []
    for number, (one, other) in enumerate(("ab", "xy"), 1):
        edges = taken(one, other, 0.9), credit("ZDF", one, 0.9), credit("(unnamed media)", one, 0.5)
        weakest = relation(one, other)
        cluster = Cluster(f"c{number}", (one, other), (weakest,), edges, (), weakest)
        clusters.append((cluster, {id: Article(id, "") for id in (one, other)}))
    graph = read(result(*clusters))
    outside = [n["article"] for _, n in graph.nodes(data=True) if n["type"] == "outside"]
    assert sorted(outside) == ["external:(unnamed media)"] * 2 + ["external:ZDF"]


@given(st.lists(st.text(st.characters(codec=None), max_size=30), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_hostile_text_stays_text(texts: list[str]) -> None:
    """Ids, titles, names, evidence: whatever they are, the graph can be read."""
    a, b = f"a{texts[0]}", f"b{texts[1]}"
    articles = {
        a: Article(a, texts[2], title=texts[3], publisher=texts[4]),
        b: Article(b, texts[3]),
    }
    why = taken(a, b, 0.7).evidence[0]
    edge = replace(taken(a, b, 0.7), evidence=(replace(why, detail=texts[5]),))
    weakest = relation(a, b)
    cluster = Cluster("c1", (a, b), (weakest,), (edge, credit(texts[5], a, 0.6)), (), weakest)
    graph = read(result((cluster, articles)))
    assert len(graph) == 3
    assert graph.number_of_edges() == 3


def test_ids_are_what_the_schema_allows() -> None:
    """Names without blanks and slashes, none twice; edges end at nodes that stand before them."""
    found = "\n".join(graph_lines(result(made(30))))
    seen: set[str] = set()
    for one in ElementTree.fromstring(found).iter():
        tag, id = one.tag.partition("}")[2], one.get("id", "")
        if tag in ("node", "edge", "key", "graph"):
            assert re.fullmatch(r"[A-Za-z][\w-]*", id)
            assert id not in seen
            seen.add(id)
        if tag == "edge":
            assert {one.get("source"), one.get("target")} <= seen
        if tag == "data":
            assert one.get("key") in seen


def test_equal_results_give_equal_bytes() -> None:
    """No clock, no set on the way."""
    assert render(result(made(40)), "graphml") == render(result(made(40)), "graphml")


def test_an_empty_result_is_an_empty_graph() -> None:
    """And still GraphML."""
    assert len(read(result())) == 0


def test_the_seeds_graph(tmp_path: Path) -> None:
    """The suffix picks the format; five articles, three outside sources, seven derivations."""
    path = tmp_path / "seeds.graphml"
    done = CliRunner().invoke(app, ["report", str(SEEDS), "-o", str(path)])
    assert done.exit_code == 0
    graph = nx.read_graphml(path)
    kinds = [node["type"] for _, node in graph.nodes(data=True)]
    assert (kinds.count("article"), kinds.count("outside")) == (5, 3)
    assert len(derivations(graph)) == 7
