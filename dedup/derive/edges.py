"""Edges: which pairs may be edges of the tree, and what a derivation says in words.

Each article is weighed against its closest partners only; of copies of one text only one leads
to the articles outside, and versions by one outlet follow each other in time. An edge of the tree
becomes a `Derivation`, whose evidence adds up to the edge's log-weight.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Literal

import numpy as np

from dedup.candidates import spanning_pairs
from dedup.derive.clock import hours_between, version_hours
from dedup.derive.credited import Credit, find_credit
from dedup.derive.measures import Floats, Measures, Pair, columns
from dedup.derive.member import Evidence, Member, share_address
from dedup.derive.model import CLOSE, MIN_SIGN, Edge, Scores, other_outlets
from dedup.derive.signals import SIGNALS
from dedup.derive.tree import NO_EDGE
from dedup.relate import Relation
from dedup.relate.subject import miss_subject

# An article's source is among its closest partners; a cluster of 400 that was examined whole has
# 80,000 pairs, of which this many for each article are weighed.
MAX_PARTNERS = 12
# From which probability on a direction is said to be certain, and likely; the rest is unknown.
# Certain takes a declaration besides; nothing is said where neither is likelier than not from the
# other. Of one language and in pages that no weight was fitted on (families-b, -c), with .8 for
# likely 2 of 110 pages whose sources are elsewhere have a member as likely source, with .7 six.
MIN_CERTAIN, MIN_LIKELY, MIN_DERIVED = 0.95, 0.75, 0.5
MIN_LOG_ODDS = 0.005  # less is not worth a line
MIN_KEPT = 0.5  # share of an outlet's earlier report that its later version still tells
MAX_MARKS = 5  # spans of one piece of evidence
LABELS = {
    "tie": "Similarity of the two texts",
    "shared-credit": "Both print one agency's report",
    "credits-another": "Prints another outlet's report",
    "names-another": "Credits another source",
}


Kind = Literal["derived", "sibling", "attributed", "attributed-via", "revision"]
Direction = Literal["certain", "likely", "unknown"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """`derivative` was taken from `source`: an article id, or `external:NAME`.

    kind: `derived` (from an article of the collection), `sibling` (beside it from a source that
    is not among the articles: its closest version), `attributed` (the text credits an outside
    source), `attributed-via` (credited, but reached through another article), `revision` (a
    later version by the same outlet). `confidence` in [0, 1] is how sure it is that the two have
    it from one another, or both from one source. Which of the two came first is said apart:
    `direction` is `certain` (by dates, credits or links), `likely` or `unknown`, and
    `direction_probability` how probable it is. An article may have several derivations: the
    first is its main source, others of kind `derived` are second sources. `credit` says whether
    it credits an article that it derives from; outside sources and siblings have none.
    `resolves_to` is the member that an outside source is likely to be.
    """

    source: str
    derivative: str
    kind: Kind
    confidence: float
    direction: Direction
    direction_probability: float
    evidence: tuple[Evidence, ...]
    credit: Credit | None = None
    resolves_to: str | None = None


def closest(relations: Mapping[Edge, Relation]) -> dict[Edge, Relation]:
    """The relations that are among the closest of either article."""
    partners: defaultdict[int, list[tuple[float, float, Edge]]] = defaultdict(list)
    for pair, relation in relations.items():
        for article in pair:
            partners[article].append((-relation.resemblance, -sum(relation.coverage), pair))
    kept = {pair for own in partners.values() for *_, pair in sorted(own)[:MAX_PARTNERS]}
    if len(kept) < len(relations):  # whatever joins two articles is kept
        pairs = sorted(relations)
        alike = np.array([relations[pair].resemblance for pair in pairs], dtype=np.float32)
        kept.update(compress(pairs, spanning_pairs(np.array(pairs), alike)))
    return {pair: relations[pair] for pair in sorted(kept)}


def number_texts(members: Sequence[Member]) -> list[int]:
    """For each member the number of its text; word-for-word copies have the same."""
    numbers: dict[tuple[str, ...], int] = {}
    words = (tuple(chain.from_iterable(columns(member.text).forms)) for member in members)
    return [numbers.setdefault(text, len(numbers)) for text in words]


def enforce_version_order(edges: Floats, members: Sequence[Member]) -> Floats:
    """The edges where, of one outlet's versions, each comes from the one before it only."""
    articles = [member.text.article for member in members]
    kept = edges.copy()
    for v, later in enumerate(members):
        earlier = {
            u: hours
            for u, member in enumerate(members)
            if is_same_outlet(member, later) and np.isfinite(edges[u, v])
            and (hours := version_hours(articles[u], articles[v])) > 0
        }  # fmt: skip
        for u, hours in earlier.items():
            kept[v, u] = NO_EDGE
            if hours > min(earlier.values()):
                kept[u, v] = NO_EDGE
    return kept


def is_same_outlet(one: Member, other: Member) -> bool:
    """Whether one outlet published both, or both are one page."""
    same = one.publisher is not None and one.publisher == other.publisher
    return same or share_address(one, other)


def is_revision(pair: Pair) -> bool:
    """Whether the derivative is the outlet's later version of its report: the page changed, or
    it is later, keeps most of the other's story and has its subject."""
    source, derivative = pair.source.member, pair.derivative.member
    if share_address(source, derivative):
        return version_hours(source.text.article, derivative.text.article) >= 0
    same = source.publisher is not None and source.publisher == derivative.publisher
    later = hours_between(source.text.article, derivative.text.article) > 0
    if not (same and later and pair.reversed().covered >= MIN_KEPT):
        return False
    return not miss_subject(source.text, derivative.text)


def keep_one_edge_per_copy_group(
    edges: Floats, texts: Sequence[int], members: Sequence[Member]
) -> Floats:
    """The edges that leave each article outside a group of copies one way in and one way out
    of it: in by the oldest copy that was compared with it, out by the one that weighs most (it
    is credited, or it is the oldest). `texts` are those of `number_texts`."""
    kept = edges.copy()
    articles = [member.text.article for member in members]
    for text in [text for text, count in Counter(texts).items() if count > 1]:
        own = [v for v in range(len(members)) if texts[v] == text]
        age = {v: sum(hours_between(articles[v], articles[w]) for w in own) for v in own}
        own.sort(key=lambda v: (-age[v], v))
        for v in range(len(members)):
            if texts[v] != text:
                compared = [w for w in own if np.isfinite(kept[v, w])]
                kept[v, compared[1:]] = NO_EDGE
                heaviest = max(own, key=lambda w: float(kept[w, v]))
                kept[[w for w in own if w != heaviest], v] = NO_EDGE
    return kept


def explain_edge(
    measures: Measures,
    scores: Scores,
    edge: Edge,
    tie: float,
    derived: float,
    direction: float,
    further: Sequence[Evidence] = (),
) -> Derivation:
    """The derivation of an edge, its evidence weightiest first. `derived` is the probability that
    one of the two is from the other, `direction` that it is the second."""
    pair = Pair(measures, *edge)
    parts = scores.contributions(edge)
    evidence = [_explain_tie(pair, parts), *further]
    evidence += [_explain_credits(pair, name, parts[name]) for name in LABELS if name in parts]
    for signal in SIGNALS:
        if abs(parts[signal.name]) >= MIN_LOG_ODDS:
            detail, spans = signal.explain(pair).describe()
            log_odds = round(parts[signal.name], 4)
            evidence.append(Evidence(signal.name, signal.label, log_odds, detail, spans))
    evidence = [e for e in evidence if abs(e.log_odds) >= MIN_LOG_ODDS or e.signal == "tie"]
    source, derivative = pair.source.member, pair.derivative.member
    return Derivation(
        source.id,
        derivative.id,
        "revision" if is_revision(pair) else "derived",
        tie,
        name_direction(scores, edge, derived, direction),
        direction,
        tuple(sorted(evidence, key=lambda e: (-abs(e.log_odds), e.signal))),
        find_credit(source, derivative),
    )


def name_direction(scores: Scores, edge: Edge, derived: float, probability: float) -> Direction:
    """What may be said of a direction. Its probability over all trees does not prove it alone:
    an article that is like many others is their likeliest source, which proves nothing where
    the true one is not among them, and no more do traces of rewriting. To be certain, what the
    pair declares has to point the same way (docs/decisions/0031)."""
    if derived < MIN_DERIVED:
        return "unknown"
    if probability >= MIN_CERTAIN and scores.declared_direction(edge) >= MIN_SIGN:
        return "certain"
    signed = scores.direction(edge) >= MIN_SIGN
    return "likely" if probability >= MIN_LIKELY and signed else "unknown"


def explain_sibling(measures: Measures, scores: Scores, edge: Edge, tie: float) -> Derivation:
    """What ties an article to its closest version, where neither is known to be from the
    other."""
    pair = Pair(measures, *edge)
    parts = scores.contributions(edge)
    evidence = [_explain_tie(pair, parts)]
    if parts["shared-credit"]:
        evidence.append(_explain_credits(pair, "shared-credit", -parts["shared-credit"]))
    ids = pair.source.id, pair.derivative.id
    return Derivation(*ids, "sibling", tie, "unknown", 0.5, tuple(evidence))


def _explain_tie(pair: Pair, parts: Mapping[str, float]) -> Evidence:
    tie = f"{pair.covered:.0%} of {pair.derivative.id} is found in {pair.source.id}, "
    tie += "in another language" if pair.crosslingual else f"wording {pair.alike:.0%} alike"
    return Evidence("tie", LABELS["tie"], round(sum(parts[name] for name in CLOSE), 4), tie)


def _explain_credits(pair: Pair, name: str, log_odds: float) -> Evidence:
    """That both, or the derivative, credit another source."""
    source, derivative = pair.source, pair.derivative
    in_words, nodes = False, [derivative]
    if name == "shared-credit":
        outlets, nodes = sorted(source.prints & derivative.prints), [derivative, source]
        detail = f"both print a report of {', '.join(outlets)} and may have it from there"
    elif name == "credits-another":
        outlets = sorted(derivative.prints)
        detail = f"{derivative.id} prints a report of {', '.join(outlets)}, not of {source.id}"
    else:
        in_words, outlets = True, other_outlets(pair)
        detail = f"{derivative.id} credits {', '.join(outlets)} as its source, not {source.id}"
    spans = [
        mark
        for node in nodes
        for outlet in outlets
        for mark in node.member.marks(
            p for p in node.named.get(outlet, ()) if (p.in_words if in_words else p.form == "line")
        )
    ]
    return Evidence(name, LABELS[name], round(log_odds, 4), detail, tuple(spans[:MAX_MARKS]))
