"""The first view of a result: a card for each cluster, the other articles, the related pairs.

Each entry carries what a reader can sort and search it by. No article's text is needed.
"""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from dedup.align import Alignment, taken_share
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.report.html.filters import outlet_name
from dedup.report.html.heads import Head, distinct, publishers
from dedup.report.html.page import Entry, Listing, render_template
from dedup.report.view import is_external, seconds, spell_span, uncredited_mentions

MAX_SINGLETONS = 20_000
MAX_RELATED = 5_000
MAX_PROBLEMS = 1_000
MAX_OUTLETS = 6  # that a card or an entry lists
MAX_BARS = 3  # articles of a cluster whose shares its card shows
MAX_SEARCHED = 1_500  # characters of an entry that a search looks through
LAST = float(1 << 40)  # sorts behind every date

SORTS = (  # what clusters can be sorted by, as in `card`; the first is how they come
    "largest first", "most taken first", "newest first", "oldest first", "most publishers first",
    "weakest link first",
)  # fmt: skip


def overview(result: Result, clusters: Listing, alone: Listing, related: Listing) -> Markup:
    """The overview of a result with its lists."""
    return render_template(
        "overview.html",
        result=result,
        clusters=clusters,
        alone=alone,
        related=related,
        sorts=SORTS,
        max_problems=MAX_PROBLEMS,
    )


def shown_ids(result: Result) -> set[str]:
    """The articles that a page names."""
    ids = {id for cluster in result.clusters for id in cluster.members}
    ids |= {singleton.id for singleton in result.singletons[:MAX_SINGLETONS]}
    return ids | {id for pair in result.related[:MAX_RELATED] for id in (pair.a, pair.b)}


def card(id: str, cluster: Cluster, heads: Mapping[str, Head]) -> Entry:
    """A cluster's card."""
    members = [heads[member] for member in cluster.members]
    best: dict[str, Alignment] = {}
    for alignment in sorted(cluster.alignments, key=lambda a: -taken_share(a)):
        best.setdefault(alignment.derivative, alignment)
    taken = list(best.values())
    dates = [when for head in members if (when := seconds(head.published)) is not None]
    keys = (
        -len(members),
        -round(taken_share(taken[0]), 4) if taken else 0,
        -max(dates, default=0),
        min(dates, default=LAST),
        -len(publishers(members)),
        round(cluster.weakest_link.probability, 4),
    )
    edges = sorted(cluster.derivations, key=lambda edge: -edge.confidence)
    item = render_template(
        "card.html",
        id=id,
        keys=keys,
        cluster=cluster,
        heads=heads,
        first=members[0],
        publishers=publishers(members),
        dates=spell_span(head.published for head in members),
        outlets=list(dict.fromkeys(outlet_name(e.source) for e in edges if is_external(e.source))),
        taken=taken,
        max_outlets=MAX_OUTLETS,
        max_bars=MAX_BARS,
    )
    return Entry(
        keys, _search(words for head in members for words in (head.name, head.opening)), item
    )


def singleton_entries(singletons: Sequence[Singleton], heads: Mapping[str, Head]) -> list[Entry]:
    """The articles in no cluster: whom they credit, and whom else they name."""
    entries = []
    for singleton in singletons[:MAX_SINGLETONS]:
        head = heads[singleton.id]
        mentions = list(uncredited_mentions(singleton))[:MAX_OUTLETS]
        credited = [outlet_name(edge.source) for edge in singleton.derivations]
        item = render_template("alone.html", singleton=singleton, head=head, mentions=mentions)
        search = _search((head.name, head.opening, head.publisher, *credited, *mentions))
        entries.append(Entry((), search, item))
    return entries


def related_entries(related: Sequence[Related], heads: Mapping[str, Head]) -> list[Entry]:
    """The pairs on one topic that are in no common cluster."""
    entries = []
    for pair in related[:MAX_RELATED]:
        both = list(distinct((heads[pair.a], heads[pair.b])).values())
        item = render_template("pair.html", pair=pair, both=both)
        search = _search(words for head in both for words in (head.name, head.opening))
        entries.append(Entry((), search, item))
    return entries


def _search(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(texts))[:MAX_SEARCHED].casefold()
