"""Families: a cluster as a page shows it.

Comes in: a `Cluster`, its articles and the heads of all articles. Goes out: a `FamilyPage` for
the templates: two pictures and their tables, the edges with their evidence as waterfalls, what
each member took from which source, the weakest link. It decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dedup.align import Alignment
from dedup.article import Article
from dedup.derive import Derivation, Mark
from dedup.phrasing import percent, pluralize
from dedup.pipeline import Cluster
from dedup.relate import INTERCEPT, Relation
from dedup.report.html.heads import Head, span_of
from dedup.report.html.panels import Panel, Piece, Quote, Waterfall, panel, taken, waterfall
from dedup.report.html.safe import brief
from dedup.report.pictures import timeline_svg, tree_svg
from dedup.report.view import (
    EDGE_PHRASES,
    derivations_of,
    is_external,
    reason,
    replace_ids,
    source_name,
)

DETAIL = 400  # characters of what a piece of evidence says
QUOTE = 200  # … of the words it rests on
MOST_QUOTES = 5
MOST_EDGES = 150  # with their evidence on one page, which opens at once; JSON has all
MOST_RELATIONS = 200
MOST_MEMBERS = 300  # in the table: as many as the eye may follow, and as open at once


@dataclass(frozen=True, slots=True)
class Edge:
    """A derivation: whence, how sure, why. `shows` is the place of its comparison, if any."""

    anchor: str
    source: str
    derivative: str
    outside: bool
    phrase: str
    also: bool
    sure: str
    confidence: float
    decided: bool
    reason: str
    evidence: Waterfall
    shows: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What one article took from one source."""

    derivative: Head
    source: Head
    panel: Panel
    share: float
    shows: str
    matches: str


@dataclass(frozen=True, slots=True)
class Link:
    """A relation in words and numbers."""

    a: str
    b: str
    kind: str
    sure: str
    coverage: str
    cosine: str
    anchors: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """All that a page shows of one family."""

    id: str
    number: int
    size: str
    span: str
    publishers: tuple[str, ...]
    tree: Markup
    timeline: Markup
    members: tuple[Head, ...]
    members_left_out: int
    edges: tuple[Edge, ...]
    edges_left_out: int
    unseen: tuple[str, ...]
    taken: tuple[Taken, ...]
    taken_left_out: int
    weakest: Link
    weakest_evidence: Waterfall | None
    relations: tuple[Link, ...]
    relations_left_out: int


def family_page(
    id: str,
    number: int,
    cluster: Cluster,
    articles: Mapping[str, Article],
    heads: Mapping[str, Head],
    shown: Mapping[tuple[str, str], str],
) -> FamilyPage:
    """A family as a page shows it. `shown` says where the comparison of (source, derivative)
    stands."""
    members = tuple(heads[member] for member in cluster.members)
    called = {head.id: head.name for head in members}
    into: dict[str, list[Derivation]] = {}
    for derivation in cluster.derivations:
        into.setdefault(derivation.derivative, []).append(derivation)
    edges: list[Edge] = []
    unseen: list[str] = []
    for member in cluster.members:
        own = derivations_of(member, into.get(member, ()))
        for place, edge in enumerate(own[: max(MOST_EDGES - len(edges), 0)]):
            anchor = f"{id}.e{len(edges) + 1}"
            edges.append(_edge(anchor, edge, place > 0, articles, called, shown))
        if not own:
            unseen.append(called[member])
    weakest = cluster.weakest_link
    ranked = sorted(cluster.relations, key=lambda r: (-r.probability, r.a, r.b))
    return FamilyPage(
        id,
        number,
        pluralize(len(members), "article"),
        span_of(members),
        publishers(members),
        Markup(tree_svg(cluster, articles)),
        Markup(timeline_svg(cluster, articles)),
        members[:MOST_MEMBERS],
        max(len(members) - MOST_MEMBERS, 0),
        tuple(edges),
        max(len(cluster.derivations) - len(edges), 0),
        tuple(unseen),
        what_was_taken(cluster, heads, shown),
        len(cluster.alignments) - len(shown),
        _link(weakest, called),
        relation_waterfall(weakest),
        tuple(_link(relation, called) for relation in ranked[:MOST_RELATIONS]),
        max(len(ranked) - MOST_RELATIONS, 0),
    )


def publishers(members: Sequence[Head]) -> tuple[str, ...]:
    """Who published the members, each once."""
    return tuple(dict.fromkeys(head.publisher for head in members if head.publisher))


def what_was_taken(
    cluster: Cluster, heads: Mapping[str, Head], shown: Mapping[tuple[str, str], str]
) -> tuple[Taken, ...]:
    """What each member took from each of its sources, where that is `shown`: members in the
    family's order, the sources of one by share."""
    place = {member: n for n, member in enumerate(cluster.members)}
    found = [
        took(alignment, heads, shown[alignment.source, alignment.derivative])
        for alignment in cluster.alignments
        if (alignment.source, alignment.derivative) in shown
    ]
    found.sort(key=lambda one: (place.get(one.derivative.id, 0), -one.share, one.source.id))
    return tuple(found)


def took(alignment: Alignment, heads: Mapping[str, Head], shows: str) -> Taken:
    """What the derivative of one alignment took."""
    return Taken(
        heads[alignment.derivative],
        heads[alignment.source],
        panel(alignment.shares, alignment.counting, ()),
        taken(alignment.shares),
        shows,
        pluralize(sum(bool(p.sources) for p in alignment.passages), "match", "matches"),
    )


def _edge(
    anchor: str,
    edge: Derivation,
    also: bool,
    articles: Mapping[str, Article],
    called: Mapping[str, str],
    shown: Mapping[tuple[str, str], str],
) -> Edge:
    before, after = EDGE_PHRASES[edge.kind]
    return Edge(
        anchor,
        brief(source_name(edge.source, called), DETAIL),
        called.get(edge.derivative, edge.derivative),
        is_external(edge.source),
        f"{before.strip()}|{after.strip()}",
        also,
        percent(edge.confidence),
        round(edge.confidence, 4),
        edge.direction == "decided",
        brief(reason(edge, called), DETAIL),
        edge_waterfall(edge, articles, called),
        shown.get((edge.source, edge.derivative), ""),
    )


def edge_waterfall(
    edge: Derivation, articles: Mapping[str, Article], called: Mapping[str, str]
) -> Waterfall:
    """The evidence of a derivation, with the words that each piece rests on."""
    return waterfall(
        [
            Piece(
                one.label,
                one.log_odds,
                brief(replace_ids(one.detail, called), DETAIL),
                quotes=_quotes(one.spans, articles, called),
            )
            for one in edge.evidence
        ]
    )


def relation_waterfall(relation: Relation) -> Waterfall | None:
    """The evidence that two articles tell one report; None where there is none."""
    if not relation.evidence:
        return None
    return waterfall(
        [
            Piece(
                one.label,
                one.log_odds,
                value="" if one.signal == INTERCEPT else f"{one.value:.2f}",
            )
            for one in relation.evidence
        ]
    )


def _quotes(
    spans: Sequence[Mark], articles: Mapping[str, Article], called: Mapping[str, str]
) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            called.get(mark.article, mark.article),
            brief(articles[mark.article].text[mark.begin : mark.end], QUOTE),
        )
        for mark in spans[:MOST_QUOTES]
        if mark.article in articles
    )


def _link(relation: Relation, called: Mapping[str, str]) -> Link:
    return Link(
        called.get(relation.a, relation.a),
        called.get(relation.b, relation.b),
        relation.kind,
        percent(relation.probability),
        " / ".join(percent(part) for part in relation.coverage),
        f"{relation.cosine:.2f}",
        f"{relation.anchors:.2f}",
    )


def draft_edges(
    derivations: Sequence[Derivation],
    articles: Mapping[str, Article],
    heads: Mapping[str, Head],
) -> tuple[Edge, ...]:
    """Who has it from whom, as far as a draft is one of the two."""
    called = {id: head.name for id, head in heads.items()}
    return tuple(
        _edge(f"overview.e{n}", edge, False, articles, called, {})
        for n, edge in enumerate(derivations[:MOST_EDGES], 1)
    )
