"""HTML: the report that an editor opens: one file, to read, send, print and keep.

Comes in: a `Result`, an `Alignment` with its two articles, or a `Verdict`. Goes out: an HTML
document that needs no server and no network. Pages are rendered here, by templates that escape
whatever they print; the script in the file opens views, moves two texts together and sums the
shares again, and makes no markup of its own. Equal input gives equal bytes.
"""

import json
from collections.abc import Iterator, Sequence

from dedup.align import COUNT_EVERYTHING, Alignment, Counting
from dedup.article import Article
from dedup.pipeline import Cluster, Result, Verdict
from dedup.report.findings import findings
from dedup.report.html.comparisons import comparison
from dedup.report.html.drafts import place, sources, text
from dedup.report.html.families import draft_edges, family_page, what_was_taken
from dedup.report.html.heads import Head, heads, told_apart
from dedup.report.html.overview import (
    MOST_ALONE,
    MOST_RELATED,
    alone,
    card,
    ids_shown,
    overview,
    pair,
)
from dedup.report.html.page import Views, document, listing, rendered
from dedup.report.html.panels import panel
from dedup.report.html.safe import brief
from dedup.report.view import summary
from dedup.text.language import identify

__all__ = ["alignment_html", "report_html", "verdict_html"]

MOST_COMPARED = 500  # pairs of texts of one family; nobody reads more, and a wire story has 1,000
AT_ONCE = 2_000  # members of families whose texts are in memory together


def report_html(result: Result) -> str:
    """The report of a result, ending in a newline."""
    wanted = ids_shown(result)
    known = heads((one for one in result.articles if one.id in wanted), result.languages)
    views = Views()
    cards = []
    for number, cluster, articles in _with_texts(result):
        id = f"c{number}"
        together = told_apart(known[member] for member in cluster.members)
        told = card(id, number, cluster, together)
        cards.append((told.entry, rendered("card.html", card=told, keys=_keys(told.entry.keys))))
        _add_family(views, id, number, cluster, articles, together)
    singles = [alone(one, known) for one in result.singletons[:MOST_ALONE]]
    pairs = [pair(one, known) for one in result.related[:MOST_RELATED]]
    lists = (
        listing("families", cards),
        listing("alone", [(one.entry, rendered("alone.html", one=one)) for one in singles]),
        listing("related", [(one.entry, rendered("pair.html", one=one)) for one in pairs]),
    )
    line = summary(result)
    first = rendered(
        "overview.html",
        overview=overview(result, line),
        families=lists[0],
        alone=lists[1],
        related=lists[2],
        counts_of={
            "families": len(cards),
            "alone": len(result.singletons),
            "related": len(result.related),
        },
    )
    return document(f"{line} – dedup", line, first, views, lists)


def alignment_html(alignment: Alignment, source: Article, derivative: Article) -> str:
    """One alignment as a page of its own, ending in a newline."""
    known = _heads((source, derivative))
    pair_ = known[source.id], known[derivative.id]
    it = comparison("a1", alignment, source, derivative, pair_)
    first = rendered("comparison.html", it=it, trail=[("a1", "Comparison")], others=(), credit="")
    line = f"{brief(pair_[1].name, 60)} against {brief(pair_[0].name, 60)}"
    return document(f"{line} – dedup", "Two articles side by side", first, Views())


def verdict_html(verdict: Verdict, counting: Counting = COUNT_EVERYTHING) -> str:
    """What was found for a draft, ending in a newline."""
    found = findings(verdict, counting)
    articles = {source.match.article.id: source.match.article for source in found.sources}
    texts = [verdict.text, *(match.text for match in verdict.matches)]
    languages = {text.article.id: text.language for text in texts}
    known = told_apart(heads((found.draft, *articles.values()), languages).values())
    head = known[found.draft.id]
    origins = [known[source.match.article.id] for source in found.sources]
    listed = sources(found, origins)
    views = Views()
    for n, (source, origin) in enumerate(zip(found.sources, origins, strict=True)):
        it = comparison(
            place(n), source.alignment, source.match.article, found.draft, (origin, head)
        )
        trail = [("overview", "Draft"), (place(n), origin.name)]
        others = listed if len(listed) > 1 else ()
        views.add(
            place(n),
            rendered("comparison.html", it=it, trail=trail, others=others, credit=source.told),
        )
    first = rendered(
        "draft.html",
        head=head,
        told=found.told,
        panel=panel(found.shares, found.counting, [told.passage for told in found.passages]),
        sources=listed,
        edges=draft_edges(found.derivations, {**articles, found.draft.id: found.draft}, known),
        text=text(found),
    )
    return document(f"{head.name} – dedup check", "A draft, checked", first, views)


def _heads(articles: Sequence[Article]) -> dict[str, Head]:
    """The heads of a few articles, whose languages are told from their words."""
    spoken = {one.id: identify(one.text) for one in articles if not one.language}
    return told_apart(heads(articles, spoken).values())


def _add_family(
    views: Views,
    id: str,
    number: int,
    cluster: Cluster,
    articles: dict[str, Article],
    known: dict[str, Head],
) -> None:
    """The view of a family and one for each of its alignments."""
    shown = {
        (alignment.source, alignment.derivative): f"{id}-{n}"
        for n, alignment in enumerate(cluster.alignments[:MOST_COMPARED], 1)
    }
    page = family_page(id, number, cluster, articles, known, shown)
    views.add(id, rendered("family.html", family=page))
    taken = what_was_taken(cluster, known, shown)
    beside: dict[str, list[object]] = {}
    for one in taken:
        beside.setdefault(one.derivative.id, []).append(one)
    for alignment in cluster.alignments[:MOST_COMPARED]:
        name = shown[alignment.source, alignment.derivative]
        source, derivative = articles[alignment.source], articles[alignment.derivative]
        it = comparison(
            name, alignment, source, derivative, (known[source.id], known[derivative.id])
        )
        trail = [("overview", "Overview"), (id, f"Family {number}"), (name, it.derivative.name)]
        others = beside[derivative.id] if len(beside[derivative.id]) > 1 else ()
        views.add(name, rendered("comparison.html", it=it, trail=trail, others=others, credit=""))


def _with_texts(result: Result) -> Iterator[tuple[int, Cluster, dict[str, Article]]]:
    """The families, numbered, each with its articles; a part of the texts at a time."""
    waiting: list[tuple[int, Cluster]] = []
    size = 0
    for number, cluster in enumerate(result.clusters, 1):
        waiting.append((number, cluster))
        size += len(cluster.members)
        if size < AT_ONCE and number < len(result.clusters):
            continue
        found = result.find({member for _, one in waiting for member in one.members})
        for n, one in waiting:
            yield n, one, {member: found[member] for member in one.members}
        waiting, size = [], 0


def _keys(keys: Sequence[float]) -> str:
    return json.dumps(keys, separators=(",", ":"))
