"""Model: what the closeness of two articles and the signals of direction are worth together.

Every examined pair has, both ways, numbers for how close the two are (`TIES`, symmetrical) and
for which came first (`signals`, antisymmetric). Their weighted sum is the log-weight of an edge
in a tree of derivations; a source that is not among the articles has log-weight 0. The weights
make the known trees of the fitting half likeliest (`benchmarks/fit_derivation.py`; a conditional
random field over trees: Smith and Smith 2007), drawn to stated priors where examples are few.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from dedup.derive.measures import Floats, Measures, Pair
from dedup.derive.signals import SIGNALS
from dedup.relate import Relation
from dedup.relate.model import logistic, logit

Edge = tuple[int, int]  # source, derivative

TIES = (
    "any",  # every edge: against a source that is not among the articles
    "relation",  # log-odds that the two share a source text
    "coverage",  # share of words that the other covers, mean of both ways
    "wording",  # resemblance of their character n-grams
    "phrases",  # resemblance of their 5-word shingles
    "sentences",  # resemblance of their sets of sentences
    "translation",  # they are in two languages, and have no wording to resemble
    "shared-credit",  # both print one agency's report, with its line or without
    "credits-another",  # the derivative has a credit line, of another than the source …
    "names-another",  # … or credits an outlet that the source neither is nor names
)
CLOSE = TIES[:7]  # how close two articles are; one piece of evidence, "tie"
NAMES = (*TIES, *(signal.name for signal in SIGNALS))
MAX_RELATION = 3.0  # log-odds
# Log-odds of the pair's own signals, half of those between both ways: two to one.
MIN_SIGN = 0.35
# An article has a parent where one of the two is likelier from the other than not. Where that is
# its closest version less is enough: half of the F measure that can be had makes it the greatest
# (Lipton, Elkan and Naryanaswamy 2014), which is .6 to .8. With .35 for all edges 16 of 75 real
# pages whose sources are elsewhere have a member as their source, in place of 12.
MIN_TIE, MIN_CLOSEST = 0.5, 0.35
# Slope of the log-odds of a direction that only traces speak for: with it the expected calibration
# error of the 73 directions on real pages (families, -b, -c) is .09, without .12.
TRACES = 0.5


@dataclass(frozen=True, slots=True)
class Scores:
    """Rows of numbers for ordered pairs.

    `edges` are (source, derivative); `values` float64[m, k] in the order of `NAMES`;
    `weights` float64[k]; `row_of[edge]` is the row of an edge.
    """

    edges: tuple[Edge, ...]
    values: Floats
    weights: Floats
    row_of: Mapping[Edge, int]

    def table(self, count: int, empty: float) -> Floats:
        """The edges' log-weights as float64[count, count], `empty` where there is none."""
        filled = np.full((count, count), empty)
        if self.edges:
            rows, columns = np.array(self.edges).T
            filled[rows, columns] = self.values @ self.weights
        return filled

    def direction(self, edge: Edge) -> float:
        """What the signals say of an edge's direction; the negative of the reverse's."""
        signed = slice(len(TIES), None)
        return float(self.values[self.row_of[edge], signed] @ self.weights[signed])

    def declared_direction(self, edge: Edge) -> float:
        """The same by what the articles declare, their dates and credits, without the traces."""
        parts = self.contributions(edge)
        return sum(parts[signal.name] for signal in SIGNALS if signal.declares)

    def is_declared(self, edge: Edge) -> bool:
        """Whether what the articles declare says which of the two came first."""
        return abs(self.declared_direction(edge)) >= MIN_SIGN

    def contributions(self, edge: Edge) -> Mapping[str, float]:
        """What each number adds to the log-weight of an edge."""
        parts = self.values[self.row_of[edge]] * self.weights
        return dict(zip(NAMES, parts.tolist(), strict=True))


class Model(NamedTuple):
    """data/derivation.json: the weights of `NAMES`, and of the evidence for a second source; slope
    and shift of the log-odds of a tie where the articles declare which of the two was first."""

    weights: tuple[float, ...]
    second: tuple[float, ...]
    declared: tuple[float, ...]


@cache
def load_model() -> Model:
    """The fitted model."""
    text = resources.files("dedup").joinpath("data/derivation.json").read_text("utf-8")
    data = json.loads(text)
    return Model(
        tuple(data["weights"][name] for name in NAMES),
        tuple(data["second"].values()),
        tuple(data["declared"].values()),
    )


def calibrate(there: float, back: float, declared: bool) -> tuple[float, float]:
    """How sure it is that one of two articles is from the other, and that it is the second, by
    the probabilities of the edge and of its reverse over all trees. `declared`: they say
    themselves which of them was first (`Scores.is_declared`).

    Of ties trees say too little where a direction is declared: several versions of one source
    share what it has. Of directions they say too much where only traces of rewriting speak, as
    simulations leave plainer ones than newsrooms. The rest is right as it is; even stays even.
    """
    tie = min(there + back, 1.0)
    direction = there / tie if tie > 0 else 0.5
    if declared:
        slope, shift = load_model().declared
        return logistic(slope * logit(tie) + shift), direction
    return tie, logistic(TRACES * logit(direction))


def score(
    measures: Measures, relations: Mapping[Edge, Relation], weights: Sequence[float] | None = None
) -> Scores:
    """Score every examined pair both ways; `relations[u, v]` have u < v."""
    edges: list[Edge] = []
    rows: list[list[float]] = []
    for (u, v), relation in sorted(relations.items()):
        pair = Pair(measures, u, v)
        ties = [
            1.0,
            max(-MAX_RELATION, min(logit(relation.probability), MAX_RELATION)),
            sum(relation.coverage) / 2,
            pair.alike,
            relation.resemblance,
            pair.identical,
            float(pair.crosslingual),
            float(bool(pair.source.prints & pair.derivative.prints)),
        ]
        signed = [signal.explain(pair).value for signal in SIGNALS]
        edges += [(u, v), (v, u)]
        rows += [
            [*ties, *_from_another(pair), *signed],
            [*ties, *_from_another(pair.reversed()), *(-value for value in signed)],
        ]
    return Scores(
        tuple(edges),
        np.array(rows, dtype=np.float64).reshape(-1, len(NAMES)),
        np.array(load_model().weights if weights is None else weights),
        {edge: row for row, edge in enumerate(edges)},
    )


def _from_another(pair: Pair) -> tuple[float, float]:
    """Whether the derivative says that it comes from another than the source: in a credit line;
    in words."""
    publisher, known = pair.source.member.publisher, pair.source.named
    if publisher in pair.derivative.named:
        return 0.0, 0.0
    # An unknown publisher may be whom the derivative credits, unless the source names it too.
    by_line = any(publisher is not None or outlet in known for outlet in pair.derivative.prints)
    in_words = publisher is not None and not by_line and bool(other_outlets(pair))
    return float(by_line), float(in_words)


def other_outlets(pair: Pair) -> list[str]:
    """The outlets that the derivative credits in words and that the source does not name."""
    return [
        outlet
        for outlet, places in pair.derivative.named.items()
        if outlet not in pair.source.named and any(place.in_words for place in places)
    ]
