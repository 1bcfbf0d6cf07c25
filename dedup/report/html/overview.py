"""Overview: what a page shows of a whole result before any family is opened.

Comes in: a `Result` and the heads of its articles. Goes out: a card for each family, an entry
for each article on its own and for each pair of related ones, problems, settings. Each carries
what a reader can sort and search it by. It holds no article's text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dedup.phrasing import percent, pluralize
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.report.html.families import Taken, publishers, took
from dedup.report.html.heads import Head, span_of, told_apart
from dedup.report.html.panels import Panel
from dedup.report.html.safe import brief
from dedup.report.view import is_external, source_name

MOST_ALONE = 20_000
MOST_RELATED = 5_000
MOST_PROBLEMS = 1_000
MOST_PUBLISHERS = 6
MOST_BARS = 3
WHY = 400
SEARCHED = 1_500  # characters of a card that a search looks through


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be sorted and searched. `keys` are in the order of `SORTS`."""

    keys: tuple[float, ...]
    search: str


SORTS = (  # what families can be sorted by; the first is how they come
    ("size", "largest first"), ("taken", "most taken first"), ("newest", "newest first"),
    ("oldest", "oldest first"), ("publishers", "most publishers first"),
    ("weak", "weakest link first"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """What one article of a family took, in a line."""

    name: str
    panel: Panel


@dataclass(frozen=True, slots=True)
class Card:
    """A family in the overview."""

    entry: Entry
    id: str
    number: int
    size: str
    title: str
    span: str
    publishers: tuple[str, ...]
    more_publishers: int
    outside: tuple[str, ...]
    bars: tuple[Bar, ...]
    more_bars: int
    weakest: str
    undecided: int


@dataclass(frozen=True, slots=True)
class Alone:
    """An article of no family."""

    entry: Entry
    head: Head
    credits: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles on one story that are each their own work."""

    entry: Entry
    a: Head
    b: Head
    sure: str
    why: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the first view shows, but for the cards."""

    summary: str
    sorts: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, str], ...]
    more_alone: int
    more_related: int
    more_problems: int


def overview(result: Result, summary: str) -> Overview:
    """The overview of a result."""
    return Overview(
        summary,
        SORTS,
        tuple((brief(p.path, WHY), brief(p.what, WHY)) for p in result.problems[:MOST_PROBLEMS]),
        tuple((name.replace("_", " "), str(value)) for name, value in result.settings.items()),
        tuple((name.replace("_", " "), f"{count:,}") for name, count in result.counts.items()),
        max(len(result.singletons) - MOST_ALONE, 0),
        max(len(result.related) - MOST_RELATED, 0),
        max(len(result.problems) - MOST_PROBLEMS, 0),
    )


def ids_shown(result: Result) -> set[str]:
    """The articles that a page names."""
    ids = {id for cluster in result.clusters for id in cluster.members}
    ids |= {singleton.id for singleton in result.singletons[:MOST_ALONE]}
    return ids | {id for pair in result.related[:MOST_RELATED] for id in (pair.a, pair.b)}


def card(id: str, number: int, cluster: Cluster, heads: Mapping[str, Head]) -> Card:
    """A family's card."""
    members = [heads[member] for member in cluster.members]
    named = publishers(members)
    outside = dict.fromkeys(
        brief(source_name(edge.source, {}), WHY)
        for edge in sorted(cluster.derivations, key=lambda edge: -edge.confidence)
        if is_external(edge.source)
    )
    best: dict[str, Taken] = {}
    for one in (took(alignment, heads, "") for alignment in cluster.alignments):
        if one.derivative.id not in best or one.share > best[one.derivative.id].share:
            best[one.derivative.id] = one
    bars = sorted(best.values(), key=lambda one: -one.share)
    moments = [head.moment for head in members if head.moment is not None]
    first = members[0]
    return Card(
        Entry(
            (
                -len(members),
                -round(bars[0].share, 4) if bars else 0,
                -max(moments, default=0),
                min(moments, default=float(1 << 40)),
                -len(named),
                round(cluster.weakest_link.probability, 4),
            ),
            _searched(text for head in members for text in (head.name, head.opening)),
        ),
        id,
        number,
        pluralize(len(members), "article"),
        first.opening or first.name,
        span_of(members),
        named[:MOST_PUBLISHERS],
        max(len(named) - MOST_PUBLISHERS, 0),
        tuple(outside)[:MOST_PUBLISHERS],
        tuple(Bar(one.derivative.name, one.panel) for one in bars[:MOST_BARS]),
        max(len(bars) - MOST_BARS, 0),
        percent(cluster.weakest_link.probability),
        sum(edge.direction == "undecided" for edge in cluster.derivations),
    )


def alone(singleton: Singleton, heads: Mapping[str, Head]) -> Alone:
    """An article on its own: whom it credits, and whom else it names."""
    head = heads[singleton.id]
    credits = tuple(
        (brief(source_name(edge.source, {}), WHY), percent(edge.confidence))
        for edge in singleton.derivations
    )
    known = {name for name, _ in credits}
    named = dict.fromkeys(
        brief(phrase.outlet, WHY)
        for phrase in singleton.attributions
        if phrase.kind == "outlet" and phrase.role != "self"
    )
    names = tuple(name for name in named if name not in known)[:MOST_PUBLISHERS]
    searched = (head.name, head.opening, head.publisher, *known, *names)
    return Alone(Entry((), _searched(searched)), head, credits, names)


def pair(related: Related, heads: Mapping[str, Head]) -> Pair:
    """Two related articles."""
    together = told_apart((heads[related.a], heads[related.b]))
    a, b = together[related.a], together[related.b]
    searched = _searched((a.name, a.opening, b.name, b.opening))
    why = brief(related.why, WHY)
    return Pair(Entry((), searched), a, b, percent(related.probability), why)


def _searched(texts: Iterable[str]) -> str:
    told: list[str] = []
    room = SEARCHED
    for text in texts:
        if room <= 0:
            break
        told.append(text[:room])
        room -= len(text)
    return " ".join(dict.fromkeys(told)).casefold()
