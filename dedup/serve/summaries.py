"""What is known of a cluster: its card, its page, and who took from whom in it."""

from collections.abc import Sequence

from dedup.article import Article
from dedup.attribution.outlets import outlet_keys
from dedup.embed import Encoder
from dedup.pipeline import compare
from dedup.pipeline.result import Cluster, Result
from dedup.report.html import report_page
from dedup.report.names import article_names, cluster_headline
from dedup.report.outlets import find_ours, list_publishers, outlet_flows
from dedup.report.pictures import timeline_svg, tree_svg
from dedup.report.verdicts import article_verdicts, sum_up
from dedup.report.view import seconds, spell_span
from dedup.serve.catalogue import Brief, ClusterRow

MAX_OUTLETS = 12  # that a card may name
MAX_LINES = 200  # verdicts of a card


def summarize_cluster(
    id: str,
    numbers: Sequence[int],
    articles: Sequence[Article],
    ours: Sequence[str],
    encoder: Encoder | None,
) -> ClusterRow:
    """What is known of the cluster called `id`, whose articles have these numbers."""
    result = compare(articles, encoder=encoder, threads=1)
    names = article_names(articles)
    verdicts = article_verdicts(result, names)
    publishers = list_publishers(articles)
    own = find_ours(verdicts, publishers, ours) if ours else None
    dates = [when for article in articles if (when := seconds(article.published)) is not None]
    flows = outlet_flows(verdicts, publishers)
    return ClusterRow(
        id,
        tuple(numbers),
        max(dates, default=None),
        len(own.from_us) if own else 0,
        len(own.by_us) if own else 0,
        frozenset(key for article in articles for key in outlet_keys(article)),
        frozenset(filter(None, map(result.language_of, articles))),
        make_brief(result, articles),
        report_page(result, ours),
        tuple((flow.taker, flow.source, flow.articles, flow.uncredited) for flow in flows),
    )


def make_brief(result: Result, articles: Sequence[Article]) -> Brief:
    """The card of a cluster, whose articles may have fallen apart since they were added."""
    by_id = {article.id: article for article in articles}
    names = article_names(articles)
    verdicts = article_verdicts(result, names)
    lines = tuple((v.id, names[v.id], v.line) for v in verdicts[:MAX_LINES])
    outlets = tuple(dict.fromkeys(list_publishers(articles).names.values()))[:MAX_OUTLETS]
    cluster: Cluster | None = max(result.clusters, key=lambda c: len(c.members), default=None)
    dates = spell_span(article.published for article in articles)
    if cluster is None:
        first = names[articles[0].id]
        return Brief(first, outlets, dates, "", 0, 0, 0, "", {}, "", "", lines, len(articles))
    own = {verdict.id: verdict for verdict in verdicts}
    whole = sum_up(cluster, [own[member] for member in cluster.members], names)
    members = {id: by_id[id] for id in cluster.members}
    return Brief(
        cluster_headline(cluster, by_id),
        outlets,
        dates,
        whole.source,
        whole.credited,
        whole.uncredited,
        whole.changed,
        whole.order,
        {str(kind): share for kind, share in whole.shares.items()},
        tree_svg(cluster, members),
        timeline_svg(cluster, members),
        lines,
        len(articles),
    )
