"""Edges: a derivation in words.

Comes in: a pair, its scores and how sure the tree is of it. Goes out: a `Derivation` whose
evidence adds up to the pair's log-weight: the tie, and every signal for or against with what
it counted and where that stands. It decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dedup.derive.clock import hours_between
from dedup.derive.measures import Measures
from dedup.derive.member import Evidence
from dedup.derive.model import CLOSE, TIES, Scores, decided
from dedup.derive.signals import SIGNALS
from dedup.relate import Relation

LABELS = {
    "tie": "Similarity of the two texts",
    "shared-credit": "Both print one agency's report",
    "credits-another": "Prints another outlet's report",
    "names-another": "Credits another source",
}
SLIGHT = 0.005  # log-odds that are not worth a line
MOST_MARKS = 5  # spans of one piece of evidence


@dataclass(frozen=True, slots=True)
class Derivation:
    """`derivative` was taken from `source`: an article id, or `external:NAME`.

    kind: `derived` (from an article of the collection), `attributed` (the text names an
    outside source), `attributed-via` (named, but reached through another article),
    `revision` (a later version by the same outlet). `confidence` is in [0, 1]. An article may
    have several: the first is its parent, others of kind `derived` are second parents.
    """

    source: str
    derivative: str
    kind: Literal["derived", "attributed", "attributed-via", "revision"]
    confidence: float
    direction: Literal["decided", "undecided"]
    evidence: tuple[Evidence, ...]


def derivation(
    measures: Measures,
    scores: Scores,
    relations: Mapping[tuple[int, int], Relation],
    pair: tuple[int, int],
    confidence: float,
    way: float,
    further: Sequence[Evidence] = (),
) -> Derivation:
    """The edge `pair`, its evidence weightiest first. `way` is the probability of its direction."""
    u, v = pair
    source, derivative = measures.members[u], measures.members[v]
    evidence = [_tie(measures, scores, pair), *further]
    parts = scores.row(pair)
    evidence += [_named(measures, name, parts[name], pair) for name in TIES if name not in CLOSE]
    for signal in SIGNALS:
        if abs(parts[signal.name]) >= SLIGHT:
            detail, spans = signal.told(measures, u, v)
            log_odds = round(parts[signal.name], 4)
            evidence.append(Evidence(signal.name, signal.label, log_odds, detail, spans))
    weighed = [e for e in evidence if abs(e.log_odds) >= SLIGHT or e.signal == "tie"]
    weighed.sort(key=lambda e: (-abs(e.log_odds), e.signal))
    same = source.publisher is not None and source.publisher == derivative.publisher
    later = hours_between(source.text.article, derivative.text.article) > 0
    return Derivation(
        source.id,
        derivative.id,
        "revision" if same and later else "derived",
        confidence,
        "decided" if decided(way, scores.decisive(pair)) else "undecided",
        tuple(weighed),
    )


def _tie(m: Measures, scores: Scores, pair: tuple[int, int]) -> Evidence:
    u, v = pair
    parts = scores.row(pair)
    detail = f"{m.covered(v, u):.0%} of {m.members[v].id} stands in {m.members[u].id}, "
    if parts["translation"]:
        detail += "in another language"
    else:
        detail += f"the wording is {m.alike(u, v):.0%} alike"
    return Evidence("tie", LABELS["tie"], round(sum(parts[name] for name in CLOSE), 4), detail)


def _named(m: Measures, name: str, log_odds: float, pair: tuple[int, int]) -> Evidence:
    """That both, or the derivative, say whom else they have it from."""
    u, v = pair
    source, derivative = m.members[u], m.members[v]
    role, sayers = "credits", [v]
    if name == "shared-credit":
        outlets, sayers = sorted(m.prints[u] & m.prints[v]), [v, u]
        detail = f"both print a report of {', '.join(outlets)}: they may have it from there"
    elif name == "credits-another":
        outlets = sorted(m.prints[v])
        detail = f"{derivative.id} prints a report of {', '.join(outlets)}, not of {source.id}"
    else:
        role = "attributes"
        outlets = [
            outlet
            for outlet, places in m.named[v].items()
            if outlet not in m.named[u] and any(p.role == role for p in places)
        ]
        detail = f"{derivative.id} names {', '.join(outlets)} as its source, not {source.id}"
    spans = [
        m.members[w].mark(place)
        for w in sayers
        for outlet in outlets
        for place in m.named[w].get(outlet, ())
        if place.role == role
    ]
    return Evidence(name, LABELS[name], round(log_odds, 4), detail, tuple(spans[:MOST_MARKS]))
