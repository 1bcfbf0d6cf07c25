"""The report that an editor opens in a browser: one file, to read, send, print and keep.

It needs no server and no network. Pages are rendered here, by templates that escape whatever
they print; the script in the file opens views, moves two texts together and sums the shares
again, and makes no markup of its own. Equal input gives equal bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from dedup.align import COUNT_EVERYTHING, Alignment, Counting, align, recount
from dedup.article import Article
from dedup.pipeline import Cluster, Related, Result
from dedup.pipeline.findings import Findings
from dedup.report.html.clusters import MAX_EDGES, add_cluster
from dedup.report.html.comparisons import comparison
from dedup.report.html.drafts import letter, mark_draft, place
from dedup.report.html.heads import Head, distinct, make_heads
from dedup.report.html.overview import (
    card,
    change_entries,
    overview,
    related_entries,
    shown_ids,
    singleton_entries,
    summary_page,
)
from dedup.report.html.page import Entry, Page, Views, document, make_listing, render_template
from dedup.report.html.safe import brief
from dedup.report.names import cluster_headline
from dedup.report.outlets import Publishers
from dedup.report.verdicts import cluster_verdicts
from dedup.report.view import (
    describe_related,
    seconds,
    summarize_findings,
    summarize_source,
    summary,
)
from dedup.text.language import identify
from dedup.text.layout import lay_out

__all__ = [
    "alignment_html", "alignment_page", "findings_html", "findings_page", "report_html",
    "report_page",
]  # fmt: skip

MAX_TITLE = 60  # characters of a name in a page's title
MAX_CHANGES = 5_000  # of meaning, in the list of all
MAX_RELATED_COMPARED = 100  # related pairs that can be opened; `dedup align --in` shows any two
MEMBERS_AT_ONCE = 2_000  # members of clusters whose texts are in memory together


def report_html(
    result: Result,
    ours: Sequence[str] = (),
    *,
    counting: Counting = COUNT_EVERYTHING,
    is_summary: bool = False,
) -> str:
    """The report of a result, ending in a newline; `ours` are the names or domains of one's own
    outlets, `counting` is how the shares of the result were counted. A summary prints on one
    page."""
    return document(report_page(result, ours, counting=counting, is_summary=is_summary))


def report_page(
    result: Result,
    ours: Sequence[str] = (),
    *,
    counting: Counting = COUNT_EVERYTHING,
    is_summary: bool = False,
) -> Page:
    """The same as a page that is not put into a file yet."""
    ids = shown_ids(result)
    heads = make_heads((a for a in result.articles if a.id in ids), result.languages)
    names = {id: head.name for id, head in distinct(heads.values()).items()}
    publishers = Publishers(
        {id: head.publisher for id, head in heads.items()},
        {id: head.outlet_keys for id, head in heads.items()},
    )
    line = summary(result)
    if is_summary:
        headlines = {c.id: cluster_headline(c, articles) for _, c, articles in _with_texts(result)}
        page = summary_page(result, names, publishers, headlines, ours)
        return Page(f"{line} – dedup", line, page, Views())
    views = Views()
    cards: list[Entry] = []
    changes: list[Entry] = []
    for number, cluster, articles in _with_texts(result):
        id = f"c{number}"
        members = distinct(heads[member] for member in cluster.members)
        verdicts = list(
            cluster_verdicts(cluster, {head.id: head.name for head in members.values()})
        )
        headline = cluster_headline(cluster, articles)
        cards.append(card(id, cluster, members, headline, verdicts))
        places = add_cluster(views, id, number, cluster, articles, members, headline, verdicts)
        changes += islice(change_entries(places, cluster, members), MAX_CHANGES - len(changes))
    reuse = [pair for pair in result.related if pair.kind == "partial"]
    apart = [pair for pair in result.related if pair.kind != "partial"]
    opened = _add_related(views, [*reuse, *apart][:MAX_RELATED_COMPARED], result, heads, counting)
    entries = {
        "clusters": cards,
        "changes": changes,
        "reuse": related_entries(reuse, heads, opened),
        "alone": singleton_entries(result.singletons, result.related, heads),
        "related": related_entries(apart, heads, opened),
    }
    lists = {name: make_listing(name, items) for name, items in entries.items()}
    page = overview(result, names, publishers, ours, **lists)
    return Page(f"{line} – dedup", line, page, views, tuple(lists.values()))


def alignment_html(alignment: Alignment, source: Article, derivative: Article) -> str:
    """One alignment as a document of its own, ending in a newline."""
    return document(alignment_page(alignment, source, derivative))


def alignment_page(alignment: Alignment, source: Article, derivative: Article) -> Page:
    """The same as a page that is not put into a file yet."""
    articles = {source.id: source, derivative.id: derivative}
    languages = {id: identify(a.text) for id, a in articles.items() if not a.language}
    heads = distinct(make_heads(articles.values(), languages).values())
    blocks = {article.id: lay_out(article.text, article.title) for article in articles.values()}
    view = comparison("a1", alignment, articles, blocks, heads, [("a1", "Comparison")])
    names = [brief(heads[id].name, MAX_TITLE) for id in (derivative.id, source.id)]
    title = f"{' against '.join(names)} – dedup"
    return Page(title, "Two articles side by side", view, Views())


def findings_html(findings: Findings) -> str:
    """What was found for a draft, ending in a newline."""
    return document(findings_page(findings))


def findings_page(findings: Findings) -> Page:
    """The same as a page that is not put into a file yet."""
    draft = findings.draft
    articles = {source.match.article.id: source.match.article for source in findings.sources}
    heads = distinct(make_heads((draft, *articles.values()), findings.languages).values())
    articles[draft.id] = draft
    blocks = {article.id: lay_out(article.text, article.title) for article in articles.values()}
    compared = [(place(n), source.alignment) for n, source in enumerate(findings.sources)]
    sources = enumerate(findings.sources)
    summaries = {place(n): summarize_source(source, findings) for n, source in sources}
    views = Views()
    for source, (id, alignment) in zip(findings.sources, compared, strict=True):
        trail = [("overview", "Draft"), (id, heads[source.match.article.id].name)]
        views.add(
            id, comparison(id, alignment, articles, blocks, heads, trail, compared, summaries[id])
        )
    view = render_template(
        "draft.html",
        findings=findings,
        summary=summarize_findings(findings),
        sources=[(letter(n), place(n), source) for n, source in enumerate(findings.sources)],
        passages=[sentence.passage for sentence in findings.passages],
        articles=articles,
        heads=heads,
        names={id: head.name for id, head in heads.items()},
        summaries=summaries,
        max_edges=MAX_EDGES,
        text=mark_draft(findings, blocks[draft.id]),
    )
    return Page(f"{heads[draft.id].name} – dedup check", "A draft, checked", view, views)


def _add_related(
    views: Views,
    pairs: Sequence[Related],
    result: Result,
    heads: Mapping[str, Head],
    counting: Counting,
) -> dict[tuple[str, str], str]:
    """Add a view for each of the related pairs, the earlier article as the source; where these
    stand. They are compared by their words: of two languages nothing would be seen."""
    places: dict[tuple[str, str], str] = {}
    found = result.find({id for pair in pairs for id in (pair.a, pair.b)})
    for number, pair in enumerate(pairs, 1):
        articles = {id: found[id] for id in (pair.a, pair.b)}
        both = sorted(
            articles.values(), key=lambda a: (seconds(a.published) or 0.0, a.id != pair.a)
        )
        names = distinct(heads[article.id] for article in both)
        if len({head.language for head in names.values()} - {""}) > 1:
            continue
        blocks = {article.id: lay_out(article.text, article.title) for article in both}
        place = places[pair.a, pair.b] = f"r{number}"
        trail = [("overview", "Overview"), (place, "Related pair")]
        alignment = recount(align(*both, encoder=None), counting)
        kind = describe_related(pair)
        why = f"{kind[0].upper()}{kind[1:]}: {pair.why}."
        views.add(place, comparison(place, alignment, articles, blocks, names, trail, verdict=why))
    return places


def _with_texts(result: Result) -> Iterator[tuple[int, Cluster, dict[str, Article]]]:
    """The clusters, numbered, each with its articles; a part of the texts at a time."""
    waiting: list[tuple[int, Cluster]] = []
    size = 0
    for number, cluster in enumerate(result.clusters, 1):
        waiting.append((number, cluster))
        size += len(cluster.members)
        if size < MEMBERS_AT_ONCE and number < len(result.clusters):
            continue
        articles = result.find({member for _, each in waiting for member in each.members})
        for n, each in waiting:
            yield n, each, {member: articles[member] for member in each.members}
        waiting, size = [], 0
