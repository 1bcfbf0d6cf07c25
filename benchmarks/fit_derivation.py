"""Fit the derivation model: `python -m benchmarks.fit_derivation [--write]`.

Known derivations of the fitting half of the stories: simulated families of every shape under
clean, noisy and no clocks (`benchmarks.phylogenies`), wmt19's paraphrases, PorSimples chains
with and without clocks, remix, ntrex's and newstest's translations with and without their source,
the real families. The weights of all ties and signals are
fitted together: those under which the known trees are likeliest among all trees (a conditional
random field; gradient by the matrix-tree theorem), where a parent is not known any will do.

Each weight has a prior, a mean and a spread, and a sign that it keeps. What no open set has
enough cases of gets a narrow one: links, descriptions, artefacts, growth of revisions, whose
weight is then nearly the stated belief. Explicit credits are fitted on simulated attributions
in the phrases of real ones, some of them wrong, and on the families' fitting half; shared
credit lines on simulated clients of a wire and the families' agency copies. Then, on the same
half: a logistic model of second parents (simulated), and the calibration of ties and directions;
that of directions which only traces speak for on the real pages alone. Judged on the other half by
`benchmarks.derivation`. With --write, dedup/data/derivation.json is replaced.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.data import ROOT, fitted_on
from benchmarks.derivation.trials import (
    Examined,
    examine,
    newstest,
    ntrex,
    porsimples,
    real_families,
    remix,
    wmt19,
)
from benchmarks.phylogenies import simulated
from dedup.derive.measures import measure
from dedup.derive.model import MIN_SIGN, NAMES, TIES, score
from dedup.derive.second import SECOND, best_further
from dedup.derive.signals import SIGNALS
from dedup.derive.tree import NO_EDGE, best_parents, edge_probabilities
from dedup.embed import load_encoder

TARGET = ROOT / "dedup" / "data" / "derivation.json"
PER_SHAPE = 40  # simulated families
# Families are few and real; remix is one relation many times over, ntrex's stories are all English.
WEIGHT = {
    "families": 4.0,
    "wmt19": 1.0,
    "porsimples": 1.0,
    "remix": 0.5,
    "ntrex": 0.25,
    "newstest": 1.0,
    "simulated": 1.0,
}
# From which probability on a direction is said to be certain, and likely; the rest is unknown.
# Certain takes a declaration besides: of 61 such edges of the three real sets all are right, of
# 29 that are likely 26.
CERTAIN, LIKELY = 0.95, 0.7

# Mean and spread of each weight before anything was seen, in log-odds per unit, and its sign.
# Narrow spreads are beliefs: an explicit credit is right 9 times in 10 and more, a link as
# often, a spelling that only one has was made in copying rather than mended 3 times in 4. A weak
# mark of a press release leaves 16 to 1 between it and an article on it (insciout).
# Derivatives cut a little more than they add, sentences and within them. The simulation rewords
# whole sentences, which newsrooms do not, so that identical sentences must not outweigh phrases
# and wording.
PRIORS: dict[str, tuple[float, float, int]] = {
    "any": (0, 3, 0),
    "relation": (0.5, 0.5, 1),
    "coverage": (2, 2, 1),
    "wording": (3, 1.5, 1),
    "phrases": (4, 0.5, 1),
    "sentences": (5, 0.5, 1),
    "translation": (2, 1, 1),
    "shared-credit": (-8, 0.5, -1),
    "credits-another": (-2, 1, -1),
    "names-another": (-0.5, 0.25, -1),
    "time": (1, 0.5, 1),
    "clock-doubt": (-0.5, 0.5, -1),
    "credit": (3, 0.5, 1),
    "likely-credit": (1.5, 0.1, 1),
    "chain": (2.5, 0.5, 1),
    "link": (5, 0.5, 1),
    "release": (5, 0.5, 1),
    "release-style": (1.3, 0.1, 1),
    "excerpt": (0.6, 0.2, 1),
    "corroboration": (1, 0.25, 1),
    "depth": (1, 0.2, 1),
    "description": (1, 0.2, 1),
    "containment": (1, 0.25, 1),
    "specifics": (0.5, 0.5, 1),
    "cuts": (1, 0.25, 1),
    "plainness": (0, 1, 1),
    "artefacts": (1, 0.25, 1),
    "home": (0.5, 0.5, 1),
    "centre": (1, 1, 1),
    "growth": (0.5, 0.25, 1),
}

DECLARED = np.isin(NAMES, [signal.name for signal in SIGNALS if signal.declares])

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Table(NamedTuple):
    """A trial in numbers: `values` float64[n, n, k], nan where no pair was examined."""

    examined: Examined
    values: Floats

    def edges(self, weights: Floats) -> Floats:
        made = self.values @ weights
        return np.where(np.isnan(made), NO_EDGE, made)


def table(examined: Examined) -> Table:
    count = len(examined.members)
    scores = score(
        measure(examined.members, examined.links, encoder=load_encoder()),
        examined.relations,
        (0.0,),
    )
    values = np.full((count, count, len(NAMES)), np.nan)
    for (u, v), row in zip(scores.edges, scores.values, strict=True):
        values[u, v] = row
    return Table(examined, values)


def trials(fitting: bool) -> Iterator[Examined]:
    """Every trial of one half of the stories."""
    real = chain(real_families(), wmt19(), porsimples(), remix(), ntrex(), newstest())
    yield from examine(trial for trial in real if fitted_on(trial.story) == fitting)
    yield from examine(simulated(PER_SHAPE, fitting))


class Batch(NamedTuple):
    """Trials of one size: values [b, n + 1, n, k], what is possible, what is known."""

    values: Floats
    possible: Flags
    known: Flags
    weights: Floats


def batches(tables: Sequence[Table]) -> list[Batch]:
    by_size: dict[int, list[Table]] = {}
    for one in tables:
        by_size.setdefault(len(one.values), []).append(one)
    made = []
    for count, group in by_size.items():
        values = np.zeros((len(group), count + 1, count, len(NAMES)))
        possible = np.zeros(values.shape[:3], dtype=np.bool_)
        known = np.zeros_like(possible)
        for b, one in enumerate(group):
            examined = ~np.isnan(one.values[:, :, 0])
            values[b, :count] = np.where(examined[:, :, None], one.values, 0)
            possible[b, :count], possible[b, count] = examined, True
            for v, parents in enumerate(one.examined.trial.parents):
                if parents is None:
                    known[b, :, v] = possible[b, :, v]
                else:
                    known[b, list(parents) or [count], v] = True
        known &= possible
        weights = np.array([WEIGHT[one.examined.trial.set] for one in group])
        made.append(Batch(values, possible, known, weights))
    return made


def all_trees(weights: Floats, allowed: Flags) -> tuple[Floats, Floats]:
    """The log of the weight of all trees, [b], and every edge's probability, [b, n + 1, n]."""
    count = weights.shape[2]
    diagonal = np.arange(count)
    allowed = allowed.copy()
    allowed[:, diagonal, diagonal] = False
    weights = np.where(allowed, weights, -np.inf)
    most = weights.max(axis=1, keepdims=True)
    scaled = np.exp(weights - most)
    edges, root = scaled[:, :count], scaled[:, count]
    matrix = -edges.copy()
    matrix[:, diagonal, diagonal] = edges.sum(axis=1) + root
    inverse = np.linalg.inv(matrix)
    own = inverse[:, diagonal, diagonal]
    inside = edges * (own[:, None, :] - inverse.transpose(0, 2, 1))
    probabilities = np.concatenate((inside, (root * own)[:, None]), axis=1)
    total = np.linalg.slogdet(matrix)[1] + most[:, 0].sum(axis=1)
    return total, probabilities


def fit(tables: Sequence[Table]) -> Floats:
    """The weights of `NAMES`."""
    groups = batches(tables)
    mean, spread = (np.array([PRIORS[name][i] for name in NAMES], dtype=float) for i in (0, 1))

    def loss(w: Floats) -> tuple[float, Floats]:
        total = float((((w - mean) / spread) ** 2).sum() / 2)
        gradient = (w - mean) / spread**2
        for batch in groups:
            made = batch.values @ w
            free, likely = all_trees(made, batch.possible)
            bound, right = all_trees(made, batch.known)
            total += float(batch.weights @ (free - bound))
            rest = batch.weights[:, None, None] * (likely - right)
            gradient = gradient + np.tensordot(rest, batch.values, axes=3)
        return total, gradient

    signs = {1: (0, None), -1: (None, 0), 0: (None, None)}
    bounds = [signs[PRIORS[name][2]] for name in NAMES]
    found = minimize(loss, mean, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, dtype=np.float64)


class Answer(NamedTuple):
    """An edge of the likeliest tree, raw: probability both ways, and whether tie and
    direction are right. `declared`: more than traces speak of the direction."""

    set: str
    declared: bool
    one_way: float
    other_way: float
    tie_right: bool
    right: bool


def answers(tables: Sequence[Table], weights: Floats) -> Iterator[Answer]:
    """The edges that the model gives, where the truth is known."""
    for one in tables:
        gold = one.examined.trial.parents
        edges, unseen = one.edges(weights), np.zeros(len(gold))
        likely, _ = edge_probabilities(edges, unseen)
        for v, u in enumerate(best_parents(edges, unseen)):
            own = gold[v]
            if u is not None and own is not None:
                right = u in own
                tie = right or v in (gold[u] or ())
                yield Answer(
                    one.examined.trial.set,
                    bool(abs(one.values[u, v] @ np.where(DECLARED, weights, 0)) >= MIN_SIGN),
                    float(likely[u, v]), float(likely[v, u]), tie, right,
                )  # fmt: skip


def calibrate(found: Sequence[Answer], real: Sequence[Answer]) -> dict[str, Any]:
    """Slope and shift of the ties' log-odds and slope of the directions', for edges that only
    traces speak for and for those that more is declared of; and what is called certain and
    likely. Among the former sets count alike, however many their edges: the simulated would
    speak for all, and know no page that was copied from one nobody has. The directions that
    only traces speak for are calibrated on `real` pages: what was rewritten on purpose, as the
    rest was, has plainer traces than newsrooms leave."""
    traces, declared = ([a for a in found if a.declared == more] for more in (False, True))
    calibrated = _calibrated(traces, _alike)
    return {
        "traces": calibrated
        | {"direction": _direction_slope([a for a in real if not a.declared], _alike)},
        "declared": _calibrated(declared, _weights),
        "certain": CERTAIN,
        "likely": LIKELY,
    }


def _calibrated(
    found: Sequence[Answer], weigh: Callable[[Sequence[Answer]], Floats]
) -> dict[str, float]:
    ties = np.array([min(a.one_way + a.other_way, 1.0) for a in found])
    right = np.array([a.tie_right for a in found])
    slope, shift = _platt(_odds(ties), right, weigh(found), shifted=True)
    way = _direction_slope(found, weigh)
    return {"tie": round(slope, 3), "shift": round(shift, 3), "direction": way}


def _direction_slope(found: Sequence[Answer], weigh: Callable[[Sequence[Answer]], Floats]) -> float:
    known = [a for a in found if a.tie_right]
    right = np.array([a.right for a in known])
    return round(_platt(_odds(_ways(known)), right, weigh(known), shifted=False)[0], 3)


def _weights(found: Sequence[Answer]) -> Floats:
    return np.array([WEIGHT[answer.set] for answer in found])


def _alike(found: Sequence[Answer]) -> Floats:
    """Weights under which every set has the same."""
    edges = Counter(answer.set for answer in found)
    return np.array([len(found) / len(edges) / edges[answer.set] for answer in found])


def _ways(known: Sequence[Answer]) -> Floats:
    """The probability of each direction, given that the tie is right."""
    return np.array([a.one_way / (a.one_way + a.other_way) for a in known])


def _odds(probability: Floats) -> Floats:
    bounded = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _platt(odds: Floats, right: Flags, weights: Floats, shifted: bool) -> tuple[float, float]:
    """Platt (1999): the logistic line through log-odds that fits what was right."""
    sign = np.where(right, 1.0, -1.0)

    def loss(w: Floats) -> float:
        margin = sign * (w[0] * odds + (w[1] if shifted else 0.0))
        return float(weights @ np.logaddexp(0, -margin))

    best = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(best[0]), float(best[1]) if shifted else 0.0


def fit_second(tables: Sequence[Table], weights: Floats) -> dict[str, float]:
    """The logistic model of second parents, on the simulated: given the right parent."""
    from sklearn.linear_model import LogisticRegression

    rows, labels = [], []
    for one in tables:
        trial = one.examined.trial
        if trial.set != "simulated":
            continue
        measures = measure(one.examined.members, one.examined.links, encoder=load_encoder())
        scores = score(measures, one.examined.relations, weights.tolist())
        for v, own in enumerate(trial.parents):
            if not own:
                continue
            below = descendants(trial.parents, v)
            free = [u for u in range(len(trial.parents)) if u not in below and u != own[0]]
            best = best_further(measures, scores, free, v, own[:1])
            if best is not None:
                rows.append(best[1])
                labels.append(best[0] in own)
    model = LogisticRegression(fit_intercept=False, C=10.0).fit(np.array(rows), np.array(labels))
    return dict(zip(SECOND, (round(float(w), 3) for w in model.coef_[0]), strict=True))


def descendants(parents: Sequence[tuple[int, ...] | None], v: int) -> set[int]:
    """v and whatever comes from it."""
    found = {v}
    while more := {w for w, own in enumerate(parents) if found & set(own or ())} - found:
        found |= more
    return found


def main(argv: Sequence[str]) -> None:
    tables = [table(one) for one in trials(fitting=True)]
    pages = [table(one) for one in examine(real_families())]
    weights = fit(tables)
    data: dict[str, Any] = {
        "about": (
            "Fitted by benchmarks/fit_derivation.py. weights: log-weight of an edge in a tree of "
            "derivations = sum of weight x value (dedup.derive.model), an unseen parent has 0. "
            "second: log-odds of a second parent (dedup.derive.second)."
        ),
        "ties": list(TIES),
        "weights": {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True)},
        "second": fit_second(tables, weights),
        "calibration": calibrate(list(answers(tables, weights)), list(answers(pages, weights))),
    }
    print(json.dumps(data, indent=1))
    print(f"{'':<18}prior          fitted")
    for name, weight in data["weights"].items():
        mean, spread, _ = PRIORS[name]
        print(f"{name:<18}{mean:5.1f} ± {spread:<5.2f} {weight:8.2f}")
    if "--write" in argv:
        TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
