"""The model: what ties and signals are worth, together.

Comes in: the `Measures` and relations of a family. Goes out: `Scores`: for every ordered pair
that was examined a row of numbers, symmetrical ones that say how close the two are (`TIES`)
and antisymmetric ones that say which came first (`dedup.derive.signals`), and the log-weight
that the pair has in a tree of derivations: their sum, each by its weight. The probability of
a tree is its weight over that of all trees; the weights, in data/derivation.json, are those
that make the known trees of the fitting half likeliest (`benchmarks/fit_derivation.py`; a
conditional random field over trees: Smith and Smith 2007), drawn to stated priors where
examples are few. An unseen parent has log-weight 0.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.derive.measures import Measures
from dedup.derive.signals import SIGNALS
from dedup.relate import Relation
from dedup.text import same_language

Pair = tuple[int, int]
Floats = npt.NDArray[np.float64]

TIES = (
    "any",  # every edge: against the unseen parent
    "relation",  # log-odds that the two tell one report
    "coverage",  # share of words that the other tells, mean of both ways
    "wording",  # resemblance of their character n-grams
    "phrases",  # resemblance of their 5-word shingles
    "sentences",  # resemblance of their sets of sentences
    "translation",  # they are in two languages, and have no wording to resemble
    "shared-credit",  # both print one agency's report, with its line or without
    "credits-another",  # the derivative has a credit line, of another than the source …
    "names-another",  # … or names a teller that the source neither is nor names
)
CLOSE = TIES[:7]  # how close two articles are, told in one
NAMES = (*TIES, *(signal.name for signal in SIGNALS))
MOST_BY_RELATION = 3.0
# Log-odds of the pair's own signals, half of those between both ways: two to one.
LEAST_SIGN = 0.35


@dataclass(frozen=True, slots=True)
class Scores:
    """Rows of numbers for ordered pairs.

    `pairs` are (source, derivative); `values` float64[m, k] in the order of `NAMES`;
    `weights` float64[k]; `place[pair]` is the row of a pair.
    """

    pairs: tuple[Pair, ...]
    values: Floats
    weights: Floats
    place: Mapping[Pair, int]

    def table(self, count: int, empty: float) -> Floats:
        """The pairs' log-weights as float64[count, count], `empty` where there is none."""
        filled = np.full((count, count), empty)
        if self.pairs:
            rows, columns = np.array(self.pairs).T
            filled[rows, columns] = self.values @ self.weights
        return filled

    def way(self, pair: Pair) -> float:
        """What the signals say of a pair's direction; the negative of the reverse's."""
        signed = slice(len(TIES), None)
        return float(self.values[self.place[pair], signed] @ self.weights[signed])

    def decisive(self, pair: Pair) -> float:
        """The same without the signals that decide nothing: what the articles declare, their
        clocks and credits, and no traces."""
        parts = self.row(pair)
        return sum(parts[signal.name] for signal in SIGNALS if signal.declares)

    def row(self, pair: Pair) -> Mapping[str, float]:
        """What each number adds to the log-weight of `pair`."""
        parts = self.values[self.place[pair]] * self.weights
        return dict(zip(NAMES, parts.tolist(), strict=True))


class Fitted(NamedTuple):
    """data/derivation.json: the weights of `NAMES`, of a second parent's evidence, and how
    probabilities are calibrated, of edges that only traces speak for and of those for which
    more is declared: slope and shift of the log-odds of a tie, slope of those of a direction;
    and the probability from which on that is decided."""

    weights: tuple[float, ...]
    second: tuple[float, ...]
    tie: tuple[tuple[float, float], tuple[float, float]]
    way: tuple[float, float]
    decided: float


@cache
def fitted() -> Fitted:
    """The fitted model, from data/derivation.json."""
    text = resources.files("dedup").joinpath("data/derivation.json").read_text("utf-8")
    data = json.loads(text)
    calibration = data["calibration"]
    return Fitted(
        tuple(float(data["weights"][name]) for name in NAMES),
        tuple(float(weight) for weight in data["second"].values()),
        (_line(calibration["traces"]), _line(calibration["declared"])),
        (float(calibration["traces"]["way"]), float(calibration["declared"]["way"])),
        float(calibration["decided"]),
    )


def _line(data: Mapping[str, float]) -> tuple[float, float]:
    return float(data["tie"]), float(data["shift"])


def second_weights() -> tuple[float, ...]:
    """The weights of the evidence for a second parent (`dedup.derive.second`)."""
    return fitted().second


def certainty(one_way: float, other_way: float, declared: bool) -> tuple[float, float]:
    """How sure an edge is, and its direction alone, from the probabilities of the edge and of
    its reverse over all trees: both are calibrated, a direction so that even stays even.
    `declared`: it rests on more than traces (`Scores.decisive`)."""
    model = fitted()
    tie = min(one_way + other_way, 1.0)
    way = one_way / tie if tie > 0 else 0.5
    slope, shift = model.tie[declared]
    sure = _logistic(slope * _log_odds(tie) + shift)
    direction = _logistic(model.way[declared] * _log_odds(way))
    return sure * direction, direction


def decided(way: float, own: float) -> bool:
    """Whether a direction is called decided: its probability over all trees is high enough,
    and what the pair declares (`Scores.decisive`) points the same way. That an article is like many
    others makes it their likeliest parent, but proves nothing where the true one is unseen, and
    no more do traces of rewriting (docs/decisions/0031)."""
    return way >= fitted().decided and own >= LEAST_SIGN


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def score(
    measures: Measures, relations: Mapping[Pair, Relation], weights: Sequence[float] | None = None
) -> Scores:
    """Score every examined pair both ways; `relations[u, v]` have u < v."""
    pairs: list[Pair] = []
    rows: list[list[float]] = []
    for (u, v), relation in sorted(relations.items()):
        ties = _ties(measures, relation, u, v)
        signed = [signal.value(measures, u, v) for signal in SIGNALS]
        pairs += [(u, v), (v, u)]
        rows += [
            [*ties, *_from_another(measures, u, v), *signed],
            [*ties, *_from_another(measures, v, u), *(-value for value in signed)],
        ]
    return Scores(
        tuple(pairs),
        np.array(rows, dtype=np.float64).reshape(-1, len(NAMES)),
        np.array(fitted().weights if weights is None else weights),
        {pair: row for row, pair in enumerate(pairs)},
    )


def _ties(m: Measures, relation: Relation, u: int, v: int) -> list[float]:
    odds = max(-MOST_BY_RELATION, min(_log_odds(relation.probability), MOST_BY_RELATION))
    shared = m.prints[u] & m.prints[v]
    return [
        1.0,
        odds,
        sum(relation.coverage) / 2,
        m.alike(u, v),
        relation.resemblance,
        m.identical(u, v),
        float(not same_language(m.members[u].text, m.members[v].text)),
        float(bool(shared)),
    ]


def _from_another(m: Measures, u: int, v: int) -> tuple[float, float]:
    """Whether v says that it has its report from another than u: in a credit line; in words."""
    publisher, theirs = m.members[u].publisher, m.named[u]
    if publisher in m.named[v]:
        return 0.0, 0.0
    # Where nobody says who publishes u, it may be whom v credits, unless it names that one too.
    credited = any(publisher is not None or outlet in theirs for outlet in m.prints[v])
    named = any(
        outlet not in theirs and any(place.role == "attributes" for place in places)
        for outlet, places in m.named[v].items()
    )
    return float(credited), float(named and not credited and publisher is not None)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
