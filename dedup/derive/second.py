"""Second parents: what of an article its parent does not explain and another member does.

Comes in: the measures of a family, its scores and each article's parent. Goes out: further
(source, derivative) pairs, how likely each is, and the words of the derivative that only this
source explains. A small logistic model, fitted with the rest (data/derivation.json, `second`),
weighs how much of the article stands word for word in the other member and not in its parent,
and which of the two was first; that the other tells a thing in other words proves nothing, as
both may have it from elsewhere. A second parent is never a descendant, so that sources and
derivatives make no circle.
"""

from collections.abc import Iterator, Sequence
from math import exp

from dedup.derive.measures import Measures
from dedup.derive.member import Evidence
from dedup.derive.model import Pair, Scores, second_weights

SECOND = ("any", "copied", "way")
LIKELY = 0.5  # probability from which on a second parent is reported
LEAST_GAIN = 0.05  # share of the article that it must explain; a sentence of twenty
MOST_FURTHER = 3  # second parents of one article
MOST_GAIN, MOST_BY_WAY = 0.5, 2.0  # beyond which more says no more
MOST_SHOWN = 5  # sentences of the evidence


def second_parents(
    m: Measures, scores: Scores, parents: Sequence[int | None]
) -> Iterator[tuple[Pair, float, tuple[Evidence, ...]]]:
    """Further parents, by derivative, with their probability and what they explain."""
    above: list[set[int]] = [{u} if u is not None else set() for u in parents]
    near: dict[int, list[int]] = {}
    for u, v in scores.pairs:
        near.setdefault(v, []).append(u)
    for v, parent in enumerate(parents):
        known = [] if parent is None else [parent]
        while known and len(known) <= MOST_FURTHER:
            free = [u for u in near.get(v, ()) if u not in known and not _descends(u, v, above)]
            best = best_further(m, scores, free, v, known)
            if best is None:
                break
            u, values = best
            odds = sum(w * value for w, value in zip(second_weights(), values, strict=True))
            likely = 1 / (1 + exp(-max(-30.0, min(odds, 30.0))))
            if likely < LIKELY:
                break
            yield (u, v), likely, (_explained(m, (u, v), known, odds),)
            above[v].add(u)
            known.append(u)


def best_further(
    m: Measures, scores: Scores, free: Sequence[int], v: int, known: Sequence[int]
) -> tuple[int, tuple[float, ...]] | None:
    """The member that has most of what v's known parents lack, and the evidence for it in the
    order of `SECOND`; None where that is too little."""
    shares = {u: sum(map(len, _copied(m, u, v, known))) / m.own[v].length for u in sorted(free)}
    if not shares or max(shares.values()) < LEAST_GAIN:
        return None
    most = max(shares.values())
    equal = [u for u in shares if shares[u] == most]
    u = max(equal, key=lambda w: scores.way((w, v)))
    way = max(-MOST_BY_WAY, min(scores.way((u, v)), MOST_BY_WAY))
    return u, (1.0, min(most, MOST_GAIN), way)


def _copied(m: Measures, u: int, v: int, known: Sequence[int]) -> frozenset[tuple[str, ...]]:
    """The sentences that v has in common with u and with none of its known parents."""
    copied = m.own[v].said & m.own[u].said
    return copied.difference(*(m.own[w].said for w in known))


def _descends(u: int, v: int, above: Sequence[set[int]]) -> bool:
    """Whether u comes from v, by whatever path."""
    seen, ahead = {u}, [u]
    while ahead:
        at = ahead.pop()
        if at == v:
            return True
        ahead += [w for w in above[at] if w not in seen]
        seen |= above[at]
    return False


def _explained(m: Measures, pair: Pair, known: Sequence[int], log_odds: float) -> Evidence:
    u, v = pair
    copied = _copied(m, u, v, known)
    sentences = [s for s in m.own[v].sentences if tuple(t.form for t in s.tokens) in copied]
    count = len(sentences)
    detail = (
        f"{count} sentence{'s' * (count != 1)} of {m.members[v].id} "
        f"{'stand' if count != 1 else 'stands'} word for word in {m.members[u].id} "
        f"and not in {', '.join(m.members[w].id for w in known)}"
    )
    spans = tuple(m.members[v].mark(s) for s in sentences[:MOST_SHOWN])
    return Evidence("further-content", "Further shared content", round(log_odds, 4), detail, spans)
