"""The first view of a result: a card for each cluster, the changed meanings, the other articles,
the related pairs.

Each entry carries what a reader can sort, search and filter it by. No article's text is needed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

from markupsafe import Markup

from dedup.align import Alignment, taken_share
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.relate.kinds import OtherKind, VersionKind
from dedup.report.html.comparisons import number_matches
from dedup.report.html.heads import Head, distinct, publishers
from dedup.report.html.page import Entry, Listing, render_template
from dedup.report.outlets import Publishers, find_ours, outlet_flows, table_of_flows
from dedup.report.verdicts import (
    ArticleVerdict,
    article_verdicts,
    flag_first,
    singleton_verdicts,
    sum_up,
)
from dedup.report.view import describe_drift, seconds, spell_span, uncredited_mentions

MAX_SINGLETONS = 20_000
MAX_RELATED = 5_000
MAX_PROBLEMS = 1_000
MAX_PATHS = 20  # with one and the same problem
MAX_ROWS = 16  # clusters on a page that prints on one sheet
MAX_LINES = 5  # of each list on it
MAX_OURS = 500  # articles of one's own outlets
MAX_OUTLETS = 6  # that a card or an entry lists
MAX_BARS = 3  # articles of a cluster whose shares its card shows
MAX_SEARCHED = 1_500  # characters of an entry that a search looks through
LAST = float(1 << 40)  # sorts behind every date

SORTS = (  # what clusters can be sorted by, as in `card`; the first is how they come
    "largest first", "most taken first", "newest first", "oldest first", "most publishers first",
    "weakest link first", "uncredited first",
)  # fmt: skip


RELATION_KINDS = (*get_args(VersionKind), *get_args(OtherKind))
# What everything can be filtered by: the mark that an entry bears, and the words for it.
FILTERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "Credit": (
        ("", "any"), ("¦not credited", "not credited"), ("¦credited", "credited"),
        ("¦at second hand", "at second hand"), ("¦credit unknown", "unknown"),
    ),
    "Order": (
        ("", "any"), ("¦certain", "certain"), ("¦likely", "likely"), ("¦unknown", "unknown"),
    ),
    "Kind": (
        ("", "any"),
        *((f"¦{kind}", kind.replace("-", " ")) for kind in RELATION_KINDS if kind != "unrelated"),
    ),
}  # fmt: skip


def overview(
    result: Result,
    names: Mapping[str, str],
    publishers: Publishers,
    ours: Sequence[str],
    **listings: Listing,
) -> Markup:
    """The overview of a result with its lists."""
    verdicts = article_verdicts(result, names)
    sources, takers = table_of_flows(outlet_flows(verdicts, publishers))
    clusters = {id: n for n, c in enumerate(result.clusters, 1) for id in c.members}
    problems: dict[str, list[str]] = {}
    for problem in result.problems:
        problems.setdefault(problem.what, []).append(problem.path)
    return render_template(
        "overview.html",
        result=result,
        **listings,
        sources=sources,
        takers=takers,
        ours=find_ours(verdicts, publishers, ours) if ours else None,
        names=names,
        cluster_of=clusters,
        problems=problems,
        sorts=SORTS,
        filters=FILTERS,
        max_problems=MAX_PROBLEMS,
        max_paths=MAX_PATHS,
        max_ours=MAX_OURS,
    )


def summary_page(
    result: Result,
    names: Mapping[str, str],
    publishers: Publishers,
    headlines: Mapping[str, str],
    ours: Sequence[str],
) -> Markup:
    """A page that prints on one sheet: the largest clusters, what to look at first, and who took
    from one's own outlets."""
    verdicts = article_verdicts(result, names)
    by_id = {verdict.id: verdict for verdict in verdicts}
    rows = [
        (
            cluster,
            headlines[cluster.id],
            sum_up(cluster, [by_id[m] for m in cluster.members], names),
        )
        for cluster in result.clusters[:MAX_ROWS]
    ]
    flagged = flag_first(verdicts)
    missing = [verdict for verdict in flagged if verdict.credited == "not credited"]
    changed = [verdict for verdict in flagged if verdict.credited != "not credited"]
    lists = [("Not credited", missing), ("Credited, but with a changed meaning", changed)]
    if ours:
        own = find_ours(verdicts, publishers, ours)
        lists.insert(0, (f"Taken from {', '.join(own.names)}", list(own.from_us)))
    return render_template(
        "summary.html", result=result, clusters=rows, lists=lists, names=names, max_lines=MAX_LINES
    )


def shown_ids(result: Result) -> set[str]:
    """The articles that a page names."""
    ids = {id for cluster in result.clusters for id in cluster.members}
    ids |= {singleton.id for singleton in result.singletons[:MAX_SINGLETONS]}
    return ids | {id for pair in result.related[:MAX_RELATED] for id in (pair.a, pair.b)}


def card(
    id: str,
    cluster: Cluster,
    heads: Mapping[str, Head],
    headline: str,
    verdicts: Sequence[ArticleVerdict],
) -> Entry:
    """A cluster's card, from the verdicts on its members."""
    members = [heads[member] for member in cluster.members]
    best: dict[str, Alignment] = {}
    for alignment in sorted(cluster.alignments, key=lambda a: -taken_share(a)):
        best.setdefault(alignment.derivative, alignment)
    taken = list(best.values())
    dates = [when for head in members if (when := seconds(head.published)) is not None]
    whole = sum_up(cluster, verdicts, {head.id: head.name for head in members})
    marks = _marks(
        *(_credit_mark(verdict) for verdict in verdicts),
        whole.order,
        *(relation.kind for relation in cluster.relations),
    )
    keys = (
        -len(members),
        -round(taken_share(taken[0]), 4) if taken else 0,
        -max(dates, default=0),
        min(dates, default=LAST),
        -len(publishers(members)),
        round(cluster.weakest_link.probability, 4),
        -whole.uncredited,
    )
    item = render_template(
        "card.html",
        id=id,
        keys=keys,
        cluster=cluster,
        heads=heads,
        marks=marks,
        headline=headline,
        whole=whole,
        publishers=publishers(members),
        dates=spell_span(head.published for head in members),
        taken=taken,
        max_outlets=MAX_OUTLETS,
        max_bars=MAX_BARS,
    )
    words = (words for head in members for words in (head.name, head.publisher, head.opening))
    return Entry(keys, _search((whole.source, *words)) + marks, item)


def change_entries(
    places: Mapping[tuple[str, str], str],
    cluster: Cluster,
    heads: Mapping[str, Head],
) -> Iterator[Entry]:
    """Every change of meaning in a cluster; `places` are where its comparisons stand."""
    for alignment in cluster.alignments:
        pair = alignment.source, alignment.derivative
        if pair not in places:
            continue
        ours, theirs = heads[alignment.derivative].name, heads[alignment.source].name
        numbers = number_matches(alignment.passages)
        for number, passage in zip(numbers, alignment.passages, strict=True):
            for drift in passage.drift:
                if drift.severity == "meaning" and number:
                    place = f"{places[pair]}.d{number}"
                    item = render_template(
                        "change.html", place=place, ours=ours, theirs=theirs, drift=drift,
                        marks=_marks(drift.kind),
                    )  # fmt: skip
                    yield Entry((), _search((ours, theirs, describe_drift(drift))), item)


def singleton_entries(
    singletons: Sequence[Singleton], related: Sequence[Related], heads: Mapping[str, Head]
) -> list[Entry]:
    """The articles in no cluster: the verdict on each, and whom else they name."""
    entries = []
    shown = singletons[:MAX_SINGLETONS]
    names = {id: head.name for id, head in heads.items()}
    for singleton, verdict in zip(shown, singleton_verdicts(shown, related, names), strict=True):
        head = heads[singleton.id]
        mentions = list(uncredited_mentions(singleton))[:MAX_OUTLETS]
        marks = _marks(_credit_mark(verdict))
        item = render_template(
            "alone.html", verdict=verdict, head=head, mentions=mentions, marks=marks
        )
        search = _search((head.name, head.opening, head.publisher, verdict.source, *mentions))
        entries.append(Entry((), search + marks, item))
    return entries


def related_entries(
    related: Sequence[Related], heads: Mapping[str, Head], places: Mapping[tuple[str, str], str]
) -> list[Entry]:
    """The pairs that are in no common cluster; `places` are where the comparisons of some
    stand."""
    entries = []
    for pair in related[:MAX_RELATED]:
        both = list(distinct((heads[pair.a], heads[pair.b])).values())
        marks = _marks(pair.kind)
        item = render_template(
            "pair.html", pair=pair, both=both, marks=marks, place=places.get((pair.a, pair.b))
        )
        search = _search(words for head in both for words in (head.name, head.opening))
        entries.append(Entry((), search + marks, item))
    return entries


def _credit_mark(verdict: ArticleVerdict) -> str:
    return "credit unknown" if verdict.credited == "unknown" else verdict.credited


def _marks(*marks: str) -> str:
    """What an entry can be filtered by, as its search text ends with it."""
    return "".join(sorted({f" ¦{mark}" for mark in marks if mark}))


def _search(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(texts))[:MAX_SEARCHED].casefold()
