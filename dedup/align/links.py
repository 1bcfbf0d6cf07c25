"""Links: which sentences of the source a sentence of the derivative tells.

Comes in: a `Likeness`. Goes out: for every derivative sentence, the source sentences it is
linked to, with a probability. Two small logistic models, fitted by `benchmarks/fit_alignment.py`
on open data and kept as readable numbers in data/alignment.json, read the evidence: one says
whether the best source sentence is a source indeed, the other (the gate) whether the texts as
a whole are a retelling or tell the same facts independently. Further sources are added by
greedy cover: as long as one explains a good part of what is still unexplained, it is one.
Order is soft evidence only, so moved passages are found.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.likeness import Likeness, Matrix

EVIDENCE = (
    "in_source",  # share of the derivative sentence's weight found in the source sentence
    "in_derivative",  # and the other way round
    "both",  # their geometric mean
    "shared",  # log of the shared weight: one rare word proves less than five
    "mass",  # log of the derivative sentence's weight
    "best_source",  # lead over the next-best source sentence
    "best_taker",  # lead over the next-best derivative sentence for the same source
    "neighbours",  # likeness of the sentences around, in order
)
GATE = ("derivative", "source", "best")

# Chosen on the fitting half of remix (merged sentences), judged on the other half:
# `python -m benchmarks.fit_alignment` prints both.
ACCEPT = 0.4  # probability from which on the best source sentence is linked
GAIN = 0.25  # part of the sentence's weight that a further source must explain
SHARED_PARAGRAPH = 4.0  # log-odds a link needs on top where the texts are independent


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model in readable numbers: log-odds = intercept + Σ weight · evidence."""

    intercept: float
    weights: npt.NDArray[np.float64]

    def log_odds(self, evidence: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        odds: npt.NDArray[np.float64] = evidence @ self.weights + self.intercept
        return odds


@dataclass(frozen=True, slots=True)
class Links:
    """For each derivative sentence: its source sentences (best first) and the probability.

    `retelling` is the probability that the derivative as a whole retells the source.
    """

    sources: tuple[tuple[int, ...], ...]
    scores: tuple[float, ...]
    retelling: float


@cache
def models() -> tuple[Logistic, Logistic]:
    """The link model and the gate, from data/alignment.json."""
    text = resources.files("dedup").joinpath("data/alignment.json").read_text("utf-8")
    data = json.loads(text)
    return _logistic(data["link"], EVIDENCE), _logistic(data["gate"], GATE)


def _logistic(data: Mapping[str, Any], names: tuple[str, ...]) -> Logistic:
    weights = np.array([data["weights"][name] for name in names], dtype=np.float64)
    return Logistic(float(data["intercept"]), weights)


def link(likeness: Likeness) -> Links:
    """Link each derivative sentence to the source sentences it tells."""
    model, gate = models()
    retelling = float(_logit(gate.log_odds(gate_evidence(likeness))))
    odds = model.log_odds(link_evidence(likeness))
    probability = retelling * _logit(odds) + (1 - retelling) * _logit(odds - SHARED_PARAGRAPH)
    sources, scores = [], []
    for i, row in enumerate(probability):
        best = int(row.argmax())
        linked = row[best] >= ACCEPT
        sources.append(_cover(likeness, i, best) if linked else ())
        scores.append(float(row[best]))
    return Links(tuple(sources), tuple(scores), retelling)


def _cover(likeness: Likeness, i: int, best: int) -> tuple[int, ...]:
    """The best source and whatever others explain enough of what is still unexplained."""
    weights, matches = likeness.cover[i]
    chosen = [best]
    explained = matches[:, best]
    while len(chosen) < matches.shape[1]:
        gains = weights @ np.maximum(matches - explained[:, None], 0) / max(weights.sum(), 1e-6)
        further = int(gains.argmax())
        if gains[further] < GAIN:
            break
        chosen.append(further)
        explained = np.maximum(explained, matches[:, further])
    return tuple(chosen)


def link_evidence(likeness: Likeness) -> Matrix:
    """What speaks for each link, in the order of `EVIDENCE`: float32[n, m, 8]."""
    ours, theirs = likeness.in_source, likeness.in_derivative
    mean = (ours + theirs) / 2
    return np.stack(
        [
            ours,
            theirs,
            np.sqrt(ours * theirs),
            np.log1p(likeness.shared),
            np.broadcast_to(np.log1p(likeness.mass)[:, None], ours.shape),
            _lead(mean),
            _lead(mean.T).T,
            _neighbours(mean),
        ],
        axis=-1,
    )


def gate_evidence(likeness: Likeness) -> npt.NDArray[np.float64]:
    """What speaks for a retelling, in the order of `GATE`: how well the derivative's
    sentences are found in the source, the source's in the derivative, and the derivative's
    best quarter in the source."""
    both = np.sqrt(likeness.in_source * likeness.in_derivative)
    rows = np.sort(both.max(axis=1))
    best = rows[-max(1, len(rows) // 4) :]
    return np.array([rows.mean(), both.max(axis=0).mean(), best.mean()], dtype=np.float64)


def _lead(matrix: Matrix) -> Matrix:
    """Each entry minus the best other entry of its row."""
    if matrix.shape[1] == 1:
        return matrix
    ordered = np.partition(matrix, -2, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    return np.where(matrix >= best, matrix - second, matrix - best)


def _neighbours(matrix: Matrix) -> Matrix:
    """Mean of the best entries just before and just after, within two source sentences."""
    n, m = matrix.shape
    padded = np.zeros((n + 2, m + 4), dtype=np.float32)
    padded[1:-1, 2:-2] = matrix
    before = np.maximum.reduce([padded[:-2, k : k + m] for k in (0, 1, 2)])
    after = np.maximum.reduce([padded[2:, k : k + m] for k in (2, 3, 4)])
    mean: Matrix = (before + after) / 2
    return mean


def _logit(odds: Any) -> Any:
    return 1 / (1 + np.exp(-odds))
