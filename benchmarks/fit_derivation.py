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
from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from benchmarks.phylogenies import Trial, simulated
from dedup.derive.edges import number_texts
from dedup.derive.measures import Measures, measure
from dedup.derive.member import recognize_publishers
from dedup.derive.model import NAMES, TIES, Scores, score
from dedup.derive.second import SECOND, best_further
from dedup.derive.tree import NO_EDGE, best_parents, edge_probabilities
from dedup.embed import load_encoder
from dedup.relate.model import logit

TARGET = ROOT / "dedup" / "data" / "derivation.json"
PER_SHAPE = 40  # simulated families
# Families are few and real; remix is one relation many times over, ntrex's stories are all English.
WEIGHT = {
    "families": 4.0,
    "wmt19": 1.0,
    "porsimples": 1.0,
    "remix": 0.5,
    "ntrex": 0.5,
    "newstest": 1.0,
    "simulated": 1.0,
}
# Mean and spread of each weight before anything was seen, in log-odds per unit, and its sign.
# Narrow spreads are beliefs: an explicit credit is right 9 times in 10 and more, a link as
# often, a spelling that only one has was made in copying rather than mended 3 times in 4. A weak
# mark of a press release leaves 16 to 1 between it and an article on it (insciout). An excerpt is
# the derivative 7 times in 8 (insciout and the real families), and half the time in the simulation,
# which does not cut from the bottom.
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
    "excerpt": (1, 0.05, 1),
    "corroboration": (1, 0.25, 1),
    "depth": (1, 0.2, 1),
    "description": (1, 0.2, 1),
    "specifics": (0.5, 0.5, 1),
    "cuts": (1, 0.25, 1),
    "plainness": (0, 1, 1),
    "artefacts": (1, 0.25, 1),
    "home": (0.5, 0.5, 1),
    "centre": (1, 1, 1),
    "growth": (0.5, 0.25, 1),
}

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Table(NamedTuple):
    """A trial in numbers, as `derive` counts them: `values` float64[n, n, k], nan where no pair
    was examined."""

    trial: Trial
    measures: Measures
    scores: Scores
    values: Floats


def table(examined: Examined) -> Table:
    members = recognize_publishers(examined.members)
    measures = measure(members, examined.links, number_texts(members), load_encoder())
    scores = score(measures, examined.relations)
    values = np.full((len(members), len(members), len(NAMES)), np.nan)
    for (u, v), row in zip(scores.edges, scores.values, strict=True):
        values[u, v] = row
    return Table(examined.trial, measures, scores, values)


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
            for v, parents in enumerate(one.trial.parents):
                if parents is None:
                    known[b, :, v] = possible[b, :, v]
                else:
                    known[b, list(parents) or [count], v] = True
        known &= possible
        weights = np.array([WEIGHT[one.trial.set] for one in group])
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


def calibrate(tables: Sequence[Table], weights: Floats) -> dict[str, float]:
    """Slope and shift of the log-odds of a tie (Platt 1999), of the edges of the likeliest trees
    where the articles declare which of the two was first."""
    from sklearn.linear_model import LogisticRegression

    odds, right, counts = [], [], []
    for one in tables:
        gold, scores = one.trial.parents, replace(one.scores, weights=weights)
        edges, unseen = scores.table(len(gold), NO_EDGE), np.zeros(len(gold))
        likely, _ = edge_probabilities(edges, unseen)
        for v, u in enumerate(best_parents(edges, unseen)):
            own = gold[v]
            if u is not None and own is not None and scores.is_declared((u, v)):
                odds.append([logit(min(float(likely[u, v] + likely[v, u]), 1.0))])
                right.append(u in own or v in (gold[u] or ()))
                counts.append(WEIGHT[one.trial.set])
    model = LogisticRegression(C=1e6).fit(np.array(odds), np.array(right), np.array(counts))
    slope, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    return {"slope": round(slope, 3), "shift": round(shift, 3)}


def fit_second(tables: Sequence[Table], weights: Floats) -> dict[str, float]:
    """The logistic model of second parents, on the simulated: given the right parent."""
    from sklearn.linear_model import LogisticRegression

    rows, labels = [], []
    for one in tables:
        trial, scores = one.trial, replace(one.scores, weights=weights)
        if trial.set != "simulated":
            continue
        for v, own in enumerate(trial.parents):
            if not own:
                continue
            below = descendants(trial.parents, v)
            free = [u for u in range(len(trial.parents)) if u not in below and u != own[0]]
            best = best_further(one.measures, scores, free, v, own[:1])
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
    weights = fit(tables)
    data: dict[str, Any] = {
        "about": (
            "Fitted by benchmarks/fit_derivation.py. weights: log-weight of an edge in a tree of "
            "derivations = sum of weight x value (dedup.derive.model), an unseen parent has 0. "
            "second: log-odds of a second parent (dedup.derive.second). declared: slope and shift "
            "of the log-odds of a tie whose direction is declared (dedup.derive.model.calibrate)."
        ),
        "ties": list(TIES),
        "weights": {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True)},
        "second": fit_second(tables, weights),
        "declared": calibrate(tables, weights),
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
