"""Second sources: what of an article its main source lacks and another member has.

A small logistic model, fitted with the rest, weighs how much of the article stands word for word
in the other member and not in its known sources, and which of the two was first. The same in
other words proves nothing, as both may have it from elsewhere. A second source is never a
descendant, so derivations make no circle.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dedup.derive.measures import Measures
from dedup.derive.member import Evidence
from dedup.derive.model import Edge, Scores, load_model
from dedup.phrasing import pluralize
from dedup.relate.model import logistic

SECOND = ("any", "copied", "direction")
MIN_PROBABILITY = 0.5  # from which on a second source is reported
MIN_GAIN = 0.05  # share of the article that it must explain; a sentence of twenty
MAX_SECOND = 3  # second sources of one article
MAX_GAIN, MAX_DIRECTION = 0.5, 2.0  # beyond which more says no more
MAX_MARKS = 5  # sentences of the evidence


def second_sources(
    measures: Measures, scores: Scores, parents: Sequence[int | None]
) -> Iterator[tuple[Edge, float, Evidence]]:
    """Further sources, by derivative, with their probability and what they explain."""
    above: list[set[int]] = [set() if u is None else {u} for u in parents]
    partners = defaultdict(list)
    for u, v in scores.edges:
        partners[v].append(u)
    for v, parent in enumerate(parents):
        known = [] if parent is None else [parent]
        while known and len(known) <= MAX_SECOND:
            free = [u for u in partners[v] if u not in known and not _descends(u, v, above)]
            best = best_further(measures, scores, free, v, known)
            if best is None:
                break
            u, values = best
            weights = load_model().second
            odds = sum(w * value for w, value in zip(weights, values, strict=True))
            probability = logistic(odds)
            if probability < MIN_PROBABILITY:
                break
            yield (u, v), probability, _explain(measures, (u, v), known, odds)
            above[v].add(u)
            known.append(u)


def best_further(
    measures: Measures, scores: Scores, free: Sequence[int], v: int, known: Sequence[int]
) -> tuple[int, tuple[float, ...]] | None:
    """The member that has most of what v's known sources lack, and the evidence for it in the
    order of `SECOND`; None where that is too little."""
    length = measures.nodes[v].columns.length
    shares = {u: sum(map(len, _copied(measures, u, v, known))) / length for u in sorted(free)}
    most = max(shares.values(), default=0.0)
    if most < MIN_GAIN:
        return None
    equal = [u for u in shares if shares[u] == most]
    u = max(equal, key=lambda w: scores.direction((w, v)))
    direction = max(-MAX_DIRECTION, min(scores.direction((u, v)), MAX_DIRECTION))
    return u, (1.0, min(most, MAX_GAIN), direction)


def _copied(m: Measures, u: int, v: int, known: Sequence[int]) -> frozenset[tuple[str, ...]]:
    """The sentences that v has in common with u and with none of its known sources."""
    copied = m.nodes[v].columns.said & m.nodes[u].columns.said
    return copied.difference(*(m.nodes[w].columns.said for w in known))


def _descends(u: int, v: int, above: Sequence[set[int]]) -> bool:
    """Whether u comes from v, by whatever path."""
    reached: set[int] = set()
    ahead = {u}
    while ahead:
        reached |= ahead
        ahead = set().union(*(above[w] for w in ahead)) - reached
    return v in reached


def _explain(m: Measures, edge: Edge, known: Sequence[int], log_odds: float) -> Evidence:
    source, derivative = m.nodes[edge[0]], m.nodes[edge[1]]
    copied = _copied(m, *edge, known)
    own = zip(derivative.columns.sentences, derivative.columns.forms, strict=True)
    sentences = [sentence for sentence, forms in own if forms in copied]
    detail = (
        f"{derivative.id} shares {pluralize(len(sentences), 'sentence')} word for word with "
        f"{source.id}, and not with {', '.join(m.nodes[w].id for w in known)}"
    )
    spans = derivative.member.marks(sentences[:MAX_MARKS])
    label = "Further content in common"
    return Evidence("further-content", label, round(log_odds, 4), detail, spans)
