"""One line an article: whom it has its report from, whether it says so, how much, and how sure.

The same words stand in the terminal, on the pages, in JSON and in the tables, so that no two of
them can disagree: "NY Times ← AP, credited, direction certain, 96% copied".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dedup.align import KINDS, TAKEN, Alignment, Kind
from dedup.derive import Derivation
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.report.view import (
    KIND_NAMES,
    NO_NAMES,
    derivations_by_article,
    edge_direction,
    is_external,
    is_meaning_changed,
    source_name,
)

# Whether an article credits what it is derived from. "" where there is no source to credit.
Credited = Literal["credited", "at second hand", "not credited", "unknown", "same outlet", ""]

CREDITED: Mapping[str, Credited] = {
    "credited": "credited",
    "likely": "credited",
    "named": "not credited",
    "uncredited": "not credited",
    "unknown": "unknown",
    "own": "same outlet",
}
CREDIT_WORDS: Mapping[Credited, str] = {
    "credited": "credited",
    "at second hand": "credited at second hand",
    "not credited": "not credited",
    "unknown": "credit unknown",
    "same outlet": "same outlet",
    "": "",
}
RELATED_WORDS: Mapping[str, str] = {
    "partial": "Shares {words} with {name}, otherwise another report",
    "common-source": "Independent reporting (shares a statement or source with {name})",
    "same-event": "Independent reporting (same event as {name})",
    "same-form": "The same form as {name}, filled anew",
}
# Which of the related pairs of an article its verdict names: what an editor must look at first.
RELATED_RANK = ("partial", "common-source", "same-event", "same-form")
MIN_SAME_TEXT = 0.9  # share of copied words from which two articles are called one text
MAX_NAME = 48
ORDERS = ("", "certain", "likely", "unknown")  # from the best to the worst
MAX_NAMED = 2  # derivatives that a source's verdict names


@dataclass(frozen=True, slots=True)
class ArticleVerdict:
    """What there is to say of one article.

    `line` is the verdict without the article's own name; `source` what the article is from,
    empty where no source was found; `credited` whether it says so. `edge` is its main
    derivation, `alignment` the comparison with its source or closest version.
    """

    id: str
    line: str
    source: str
    credited: Credited
    edge: Derivation | None = None
    alignment: Alignment | None = None


def article_verdicts(result: Result, names: Mapping[str, str] = NO_NAMES) -> list[ArticleVerdict]:
    """The verdicts on all articles of a result: clusters in their order, then the others."""
    verdicts = [v for cluster in result.clusters for v in cluster_verdicts(cluster, names)]
    return verdicts + list(singleton_verdicts(result.singletons, result.related, names))


def cluster_verdicts(cluster: Cluster, names: Mapping[str, str]) -> Iterator[ArticleVerdict]:
    """The verdicts on the members of a cluster, in its order."""
    edges = derivations_by_article(cluster.derivations)
    aligned = {(a.source, a.derivative): a for a in cluster.alignments}
    below: dict[str, list[str]] = {}
    beside: dict[str, list[str]] = {}  # copies of which nobody knows which was first
    for member in cluster.members:
        for edge in edges.get(member, ())[:1]:
            if edge.kind in ("derived", "revision"):
                known = below if edge.direction != "unknown" else beside
                known.setdefault(edge.source, []).append(member)
    for member in cluster.members:
        own = edges.get(member, [])
        main = own[0] if own else None
        alignment = next(filter(None, (aligned.get((e.source, member)) for e in own)), None)
        parts = _describe_source(own, alignment, names)
        if main is None or is_external(main.source):
            if member in below:
                parts.append(f"source of {_list(below[member], names)}")
            if member in beside:
                same = _same(aligned.get((member, beside[member][0])))
                parts = [part for part in parts if part != "order unknown"]
                parts += [f"{same} as {_list(beside[member], names)}", "order unknown"]
        yield ArticleVerdict(
            member,
            _sentence(parts or ["no source found"]),
            source_name(main.source, names) if main and main.kind != "sibling" else "",
            credited(main),
            main,
            alignment,
        )


def singleton_verdicts(
    singletons: Iterable[Singleton], related: Iterable[Related], names: Mapping[str, str]
) -> Iterator[ArticleVerdict]:
    """The verdicts on articles in no cluster: whom they credit, or what they are related to."""
    nearest: dict[str, tuple[Related, str]] = {}
    for pair in sorted(related, key=_rank):
        nearest.setdefault(pair.a, (pair, pair.b))
        nearest.setdefault(pair.b, (pair, pair.a))
    for singleton in singletons:
        main = next(iter(singleton.derivations), None)
        parts = []
        if singleton.id in nearest:
            pair, other = nearest[singleton.id]
            if words := RELATED_WORDS.get(pair.kind):
                name = shorten(names.get(other, other), MAX_NAME)
                taken = pluralize(pair.taken_words, "word")
                parts = [words.format(name=name, words=taken)]
        if main:
            parts.insert(0, _sentence(_describe_source([main], None, names)))
        line = "; ".join(parts) or "No source found"
        source = source_name(main.source, names) if main else ""
        yield ArticleVerdict(singleton.id, line, source, credited(main), main)


def credited(edge: Derivation | None) -> Credited:
    """Whether the derivative of an edge credits its source."""
    if edge is None or edge.kind == "sibling":
        return ""
    if edge.credit:
        standing = CREDITED[edge.credit.standing]
        # Where nobody knows which was first, the missing credit is nobody's fault.
        is_open = standing == "not credited" and edge.direction == "unknown"
        return "unknown" if is_open else standing
    if any(piece.signal == "carried" for piece in edge.evidence):
        return "not credited"
    return "at second hand" if edge.kind == "attributed-via" else "credited"


def describe_verdict(verdict: ArticleVerdict, names: Mapping[str, str] = NO_NAMES) -> str:
    """A verdict with the article's name: "NY Times ← AP, credited, 96% copied"."""
    name = shorten(names.get(verdict.id, verdict.id), MAX_NAME)
    return f"{name}{' ' if verdict.line[:1] in '←⇄' else ': '}{verdict.line}"


def describe_taken(shares: Mapping[Kind, float]) -> str:
    """What of an article comes from its source: "62% copied, 30% paraphrased"."""
    taken = [f"{percent(shares[k])} {KIND_NAMES[k]}" for k in TAKEN if shares.get(k, 0) >= 0.005]
    return ", ".join(taken) or "nothing taken"


def flag_first(verdicts: Iterable[ArticleVerdict]) -> list[ArticleVerdict]:
    """What an editor must look at first: articles that do not credit their source, then those
    whose meaning changed; of each those that took most first."""
    flagged = [v for v in verdicts if v.credited == "not credited" or count_changed(v.alignment)]
    return sorted(flagged, key=lambda v: (v.credited != "not credited", -_taken(v)))


def _taken(verdict: ArticleVerdict) -> float:
    shares = verdict.alignment.shares if verdict.alignment else {}
    return sum(shares.get(kind, 0) for kind in TAKEN)


def count_changed(alignment: Alignment | None) -> int:
    """In how many passages of a derivative the meaning changed."""
    return sum(map(is_meaning_changed, alignment.passages)) if alignment else 0


def _describe_source(
    edges: Sequence[Derivation], alignment: Alignment | None, names: Mapping[str, str]
) -> list[str]:
    """The parts of a verdict: source, credit, what was taken, what changed, and the order."""
    if not edges:
        return []
    main = edges[0]
    parts, order = [], ""
    if main.kind != "sibling":
        is_open = main.direction == "unknown" and not is_external(main.source)
        words = CREDIT_WORDS[credited(main)]
        if main.kind == "revision":
            words = "a later version"
        elif main.credit and main.credit.standing == "likely":
            words = f"probably credited (as {shorten(main.credit.publisher or '', MAX_NAME)})"
        elif main.credit and main.credit.also_credits and credited(main) != "credited":
            others = ", ".join(main.credit.also_credits[:MAX_NAMED])
            words += f" (credits {shorten(others, MAX_NAME)})"
        parts = [f"{'⇄' if is_open else '←'} {_name(main.source, names)}", words]
        direction = edge_direction(main)
        order = "order unknown" if is_open else direction and f"direction {direction}"
    sibling = next((edge for edge in edges if edge.kind == "sibling"), None)
    if sibling:
        closest = shorten(names.get(sibling.source, sibling.source), MAX_NAME)
        parts.append(f"{_same(alignment)} as {closest}")
        order = "order unknown" if main.kind != "sibling" else "source and order unknown"
    parts.append(describe_taken(alignment.shares) if alignment else "")
    if changed := count_changed(alignment):
        parts.append(f"meaning changed in {pluralize(changed, 'sentence')}")
    return [*filter(None, parts), *filter(None, [order])]


def _same(alignment: Alignment | None) -> str:
    """What two articles have in common of which neither is known to be the first."""
    copied = alignment.shares.get("copied", 0) if alignment else 0
    return "same text" if copied >= MIN_SAME_TEXT else "same source"


def _name(source: str, names: Mapping[str, str]) -> str:
    """What to call a source, and that it is not among the articles where that is so."""
    name = shorten(source_name(source, names), MAX_NAME)
    if not is_external(source):
        return name
    return name.strip("()") if name.startswith("(") else f"{name} (not among these)"


def _list(ids: Sequence[str], names: Mapping[str, str]) -> str:
    """The first of several articles by name, and how many more there are."""
    first = " and ".join(shorten(names.get(id, id), MAX_NAME) for id in ids[:MAX_NAMED])
    return f"{first} and {len(ids) - MAX_NAMED} more" if len(ids) > MAX_NAMED else first


def _sentence(parts: Sequence[str]) -> str:
    """The parts as one line that begins with a capital."""
    line = ", ".join(parts)
    return line[:1].upper() + line[1:]


def _rank(pair: Related) -> tuple[int, float, str, str]:
    known = pair.kind in RELATED_RANK
    place = RELATED_RANK.index(pair.kind) if known else len(RELATED_RANK)
    return place, -pair.probability, pair.a, pair.b


@dataclass(frozen=True, slots=True)
class ClusterVerdict:
    """A cluster in a row: its source, how many credit theirs, what was taken on average.

    `credited` counts the articles that credit their source, `uncredited` those that do not.
    `source` is empty where none is known; `shares` are means over the articles compared. `order`
    is the worst of the directions within: `certain`, `likely` or `unknown`, "" where none is.
    """

    source: str
    credited: int
    uncredited: int
    shares: Mapping[Kind, float]
    changed: int
    order: str

    @property
    def reworded(self) -> float:
        """The share that was paraphrased or translated."""
        return sum(self.shares.get(kind, 0) for kind in TAKEN if kind != "copied")


def sum_up(
    cluster: Cluster, verdicts: Sequence[ArticleVerdict], names: Mapping[str, str]
) -> ClusterVerdict:
    """The verdicts on the members of a cluster, in its order, in one."""
    counts = Counter(verdict.credited for verdict in verdicts)
    compared = [verdict.alignment for verdict in verdicts if verdict.alignment]
    means = {
        kind: sum(a.shares.get(kind, 0) for a in compared) / len(compared)
        for kind in KINDS
        if compared
    }
    edges = [verdict.edge for verdict in verdicts if verdict.edge]
    inside = [edge for edge in cluster.derivations if not is_external(edge.source)]
    orders = ["unknown" if edge.kind == "sibling" else edge.direction for edge in inside]
    roots = {verdict.id for verdict in verdicts if not verdict.edge}
    root = next((e.source for e in edges if e.source in roots and e.direction != "unknown"), None)
    if root:
        source = shorten(names.get(root, root), MAX_NAME)
    else:
        outside = Counter(edge.source for edge in edges if is_external(edge.source))
        source = source_name(outside.most_common(1)[0][0], names).strip("()") if outside else ""
    return ClusterVerdict(
        source,
        counts["credited"] + counts["at second hand"],
        counts["not credited"],
        means,
        sum(map(count_changed, compared)),
        max(orders, key=ORDERS.index, default=""),
    )
