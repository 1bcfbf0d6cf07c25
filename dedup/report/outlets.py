"""Who takes from whom, outlet by outlet: a table of all, and the articles of one's own.

Counted are main derivations of which the order is known, and outside sources; of two copies in
unknown order neither took from the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.article import Article
from dedup.attribution.outlets import outlet_key, outlet_keys
from dedup.report.names import publisher_name
from dedup.report.verdicts import ArticleVerdict
from dedup.report.view import is_external, source_name

MAX_OUTLETS = 12  # in a row and in a column of the table


@dataclass(frozen=True, slots=True)
class Publishers:
    """The outlets of articles by id: their names, and the keys by which each may be called."""

    names: Mapping[str, str]
    keys: Mapping[str, frozenset[str]]

    def name(self, source: str) -> str:
        """The outlet of a source: of an article, or the outside source itself; "" if unknown."""
        return outside_name(source) if is_external(source) else self.names.get(source, "")

    def is_one_of(self, source: str, outlets: frozenset[str]) -> bool:
        """Whether a source is, or was published by, one of the outlets with these keys."""
        if is_external(source):
            return outlet_key(outside_name(source)) in outlets
        return not outlets.isdisjoint(self.keys.get(source, ()))


@dataclass(frozen=True, slots=True)
class Flow:
    """How many articles of one outlet were taken from another, and how many do not say so."""

    taker: str
    source: str
    articles: int
    uncredited: int


@dataclass(frozen=True, slots=True)
class Ours:
    """The verdicts that concern one's own outlets: who took from them, and what they took."""

    names: tuple[str, ...]
    from_us: tuple[ArticleVerdict, ...]
    by_us: tuple[ArticleVerdict, ...]


def list_publishers(articles: Iterable[Article]) -> Publishers:
    """The outlets of the articles that have a known one."""
    names: dict[str, str] = {}
    keys: dict[str, frozenset[str]] = {}
    for article in articles:
        if name := publisher_name(article):
            names[article.id], keys[article.id] = name, outlet_keys(article)
    return Publishers(names, keys)


def outlet_flows(verdicts: Iterable[ArticleVerdict], publishers: Publishers) -> list[Flow]:
    """Who took from whom, the most first."""
    articles: Counter[tuple[str, str]] = Counter()
    uncredited: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        taker = publishers.names.get(verdict.id, "")
        source = publishers.name(_taken_from(verdict))
        if taker and source and taker != source:
            articles[taker, source] += 1
            uncredited[taker, source] += verdict.credited == "not credited"
    flows = [Flow(*pair, number, uncredited[pair]) for pair, number in articles.items()]
    return sorted(flows, key=lambda flow: (-flow.articles, flow.taker, flow.source))


def table_of_flows(
    flows: Sequence[Flow],
) -> tuple[list[str], list[tuple[str, list[Flow | None]]]]:
    """The flows as a table: the outlets that were taken from most, and a row for each of those
    that took most from them."""
    taken: Counter[str] = Counter()
    took: Counter[str] = Counter()
    for flow in flows:
        taken[flow.source] += flow.articles
    sources = sorted(taken, key=lambda name: (-taken[name], name))[:MAX_OUTLETS]
    for flow in flows:
        if flow.source in sources:
            took[flow.taker] += flow.articles
    takers = sorted(took, key=lambda name: (-took[name], name))[:MAX_OUTLETS]
    cells = {(flow.taker, flow.source): flow for flow in flows}
    return sources, [(taker, [cells.get((taker, s)) for s in sources]) for taker in takers]


def find_ours(
    verdicts: Sequence[ArticleVerdict], publishers: Publishers, names: Sequence[str]
) -> Ours:
    """What concerns the outlets called `names`, by name or domain: uncredited articles first."""
    keys = frozenset(map(outlet_key, names))

    def chosen(is_source_ours: bool) -> tuple[ArticleVerdict, ...]:
        found = []
        for verdict in verdicts:
            source = _taken_from(verdict)
            if not source or publishers.is_one_of(verdict.id, keys) == is_source_ours:
                continue
            if publishers.is_one_of(source, keys) == is_source_ours:
                found.append(verdict)
        return tuple(sorted(found, key=lambda verdict: verdict.credited != "not credited"))

    return Ours(tuple(names), chosen(True), chosen(False))


def outside_name(source: str) -> str:
    """The name of an outside source; empty where it has none, as "(unnamed media)"."""
    name = source_name(source, {})
    return "" if name.startswith("(") else name


def _taken_from(verdict: ArticleVerdict) -> str:
    """The source of an article as far as the order is known; else empty."""
    edge = verdict.edge
    if edge is None or edge.kind in ("sibling", "revision"):
        return ""
    return edge.source if is_external(edge.source) or edge.direction != "unknown" else ""
