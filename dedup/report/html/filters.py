"""The filters with which the templates put results into words, numbers and bars.

They restate what a result says. Nothing is weighed or summed here except places in a drawing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dedup.align import Kind, Passage
from dedup.derive import Evidence as DerivationEvidence
from dedup.phrasing import percent, pluralize
from dedup.relate.model import Evidence as RelationEvidence
from dedup.report.html.safe import brief
from dedup.report.view import (
    ALL_KINDS,
    KIND_NAMES,
    describe_changes,
    describe_drift,
    describe_related,
    describe_shares,
    edge_certainty,
    edge_direction,
    edge_phrase,
    is_external,
    iso_date,
    rank_drifts,
    reason,
    replace_ids,
    source_name,
    spell_date,
)

Evidence = DerivationEvidence | RelationEvidence


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of evidence as a bar that begins where the one before it ended."""

    evidence: Evidence
    begin: float
    width: float

    @property
    def speaks(self) -> str:
        """Whether it speaks "for" or "against"."""
        return "for" if self.evidence.log_odds >= 0 else "against"


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Evidence added up, in percent of the drawing's width. `zero` is where even odds stand."""

    steps: tuple[Step, ...]
    zero: float
    end: float
    total: float


def waterfall(evidence: Sequence[Evidence]) -> Waterfall:
    """The pieces in their order, each from where the sum stood to where it brings it."""
    sums = [0.0]
    for piece in evidence:
        sums.append(sums[-1] + piece.log_odds)
    low = min(sums)
    width = (max(sums) - low) or 1.0
    places = [round(100 * (value - low) / width, 2) for value in sums]
    steps = tuple(
        Step(piece, min(places[n : n + 2]), round(abs(places[n + 1] - places[n]), 2))
        for n, piece in enumerate(evidence)
    )
    return Waterfall(steps, places[0], places[-1], sums[-1])


def share_bar(shares: Mapping[Kind, float]) -> Iterator[tuple[Kind, float, float, float]]:
    """Each kind, its part, and where in a bar of 100 it begins and how wide it is.

    All five kinds, because the page may count boilerplate later.
    """
    begin = 0.0
    for kind in ALL_KINDS:
        part = shares.get(kind, 0.0)
        yield kind, part, round(100 * begin, 3), round(100 * part, 3)
        begin += part


def passage_words(passages: Iterable[Passage]) -> str:
    """[kind, words, quoted, linked] of every passage as JSON, from which the page sums again
    as `align.compute_shares` does."""
    words = [[p.kind[0], p.words, p.quoted, int(bool(p.sources))] for p in passages]
    return json.dumps(words, separators=(",", ":"))


def signed(value: float) -> str:
    """A number with its sign, two decimals.

    >>> signed(1.386), signed(-0.834), signed(-0.001)
    ('+1.39', '−0.83', '0.00')
    """
    digits = f"{abs(value):.2f}"
    if float(digits) == 0:
        return digits
    return f"+{digits}" if value > 0 else f"−{digits}"


def outlet_name(source: str) -> str:
    """An outside source without the brackets of one that has no name."""
    return source_name(source, {}).strip("()")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "bar": share_bar,
    "brief": brief,
    "count": lambda number: f"{number:,}",
    "decimals": lambda value: f"{value:.2f}",
    "date": spell_date,
    "drift": describe_drift,
    "edits": describe_changes,
    "ranked": rank_drifts,
    "external": is_external,
    "iso": iso_date,
    "kind": lambda kind: KIND_NAMES[kind],
    "name": source_name,
    "outlet": outlet_name,
    "percent": percent,
    "phrase": edge_phrase,
    "certainty": edge_certainty,
    "direction": edge_direction,
    "plural": pluralize,
    "reason": reason,
    "related": describe_related,
    "replace_ids": replace_ids,
    "shares": describe_shares,
    "signed": signed,
    "waterfall": waterfall,
    "words": passage_words,
}
